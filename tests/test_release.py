"""The release workflow runs scripts that are there, and needs no rights but those that it names."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def workflow() -> dict[Any, Any]:
    told: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))
    return told


def test_every_script_of_the_workflow_is_there() -> None:
    steps = [step for job in workflow()["jobs"].values() for step in job["steps"]]
    scripts = {word for step in steps for word in step.get("run", "").split() if word.startswith(".ci/")}
    assert scripts == {".ci/lowest", ".ci/release", ".ci/run"}
    assert all(os.access(ROOT / script, os.X_OK) for script in scripts)


def test_only_the_release_itself_may_write() -> None:
    told = workflow()
    assert told["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in told["jobs"].items()} == {
        "lowest": None,
        "release": {"contents": "write"},
    }


def test_every_dependency_has_a_lowest_version() -> None:
    extras = PROJECT["optional-dependencies"]
    named = [*PROJECT["dependencies"], *(one for name in extras if name != "test" for one in extras[name])]
    without = [one for one in named if not re.match(r"[\w-]+>=\d", one)]
    assert without == ["tzdata; platform_system == 'Windows'"]  # its versions are those of the data
