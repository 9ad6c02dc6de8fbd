"""The package of the manual that adds a check, a report and rules for data, installed as a package manager would."""

import csv
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .blocks import blocks, named


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the one of the manual in it."""
    folder = tmp_path_factory.mktemp("packages")
    for block in blocks():
        if block.name.startswith("house_rules/"):
            (folder / block.name).parent.mkdir(exist_ok=True)
            (folder / block.name).write_text(block.text, encoding="utf-8")
    metadata = folder / "house_rules-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n", encoding="utf-8")
    groups = tomllib.loads(named("pyproject.toml"))["project"]["entry-points"]
    lines = [line for group, points in groups.items() for line in (f"[{group}]", *map("=".join, points.items()))]
    (metadata / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def docdouble(installed: Path, *words: str) -> str:
    """What a command prints where the package is installed."""
    paths = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-W", "error", "-m", "docdouble", *words]
    environment = {**os.environ, "PYTHONPATH": paths, "COLUMNS": "200"}
    done = subprocess.run(command, cwd=installed, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_its_check_finds_and_its_report_is_written(installed: Path) -> None:
    printed = docdouble(installed, "verify", "superoffice", "--max-examples", "1", "--report", "csv=findings.csv")
    assert "request-id" in printed
    rows = list(csv.reader((installed / "findings.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["severity", "check", "operation", "documentation"]
    assert rows[1][:3] == ["warning", "request-id", "v1AppointmentAgent_AssignTo"]
    assert rows[1][3].startswith("v1AppointmentAgent_AssignTo.md:")


def test_its_rules_are_where_data_comes_from(installed: Path) -> None:
    printed = docdouble(installed, "show", "--sampling", "AssignTo", "superoffice")
    (line,) = (line for line in printed.splitlines() if "/ExtraInfo" in line)
    assert "numerify:Shelf ##" in line
