"""Workflows run scripts that are there, and have no rights but those that they need; the package says what it is."""

import os
import re
import runpy
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path: Path) -> dict[Any, Any]:
    workflow: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return workflow


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


@every_workflow
def test_every_script_of_a_workflow_is_there(path: Path) -> None:
    scripts = {word for step in steps(path) for word in step.get("run", "").split() if word.startswith(".ci/")}
    assert scripts
    assert all(os.access(ROOT / script, os.X_OK) for script in scripts)


@every_workflow
def test_a_workflow_may_only_read_by_itself(path: Path) -> None:
    assert read(path)["permissions"] == {"contents": "read"}


def test_each_job_of_a_release_has_the_rights_that_it_needs() -> None:
    attests = {"id-token": "write", "attestations": "write"}
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert {name: job.get("permissions") for name, job in jobs.items()} == {
        "lowest": None,
        "build": {"contents": "read", **attests},
        "publish": {"id-token": "write"},
        "image": {"contents": "read", "packages": "write", **attests},
        "release": {"contents": "write"},
    }


def test_nothing_is_published_with_a_stored_token() -> None:
    (publishing,) = (step for path in WORKFLOWS for step in steps(path) if "pypi-publish" in step.get("uses", ""))
    assert publishing["with"] == {"packages-dir": "packages/", "attestations": True}


@every_workflow
def test_actionlint_finds_nothing(path: Path, lint: Callable[..., None]) -> None:
    lint("actionlint", path)


def test_shellcheck_finds_nothing(lint: Callable[..., None]) -> None:
    scripts = [path for path in (ROOT / ".ci").iterdir() if path.read_text("utf-8").startswith("#!/usr/bin/env bash")]
    assert scripts
    lint("shellcheck", *scripts)


def test_hadolint_finds_nothing(lint: Callable[..., None]) -> None:
    lint("hadolint", ROOT / "Dockerfile")


def test_an_action_has_one_version_in_workflows_templates_and_the_manual() -> None:
    texts = [*WORKFLOWS, *(ROOT / "contracts" / "cli" / "scaffold").glob("*.yml"), *(ROOT / "docs").glob("*.md")]
    used = {action for path in texts for action in re.findall(r"uses: ([\w./-]+@\w+)", path.read_text("utf-8"))}
    versions: dict[str, set[str]] = {}
    for action, _, version in (action.partition("@") for action in used):
        versions.setdefault("/".join(action.split("/")[:2]), set()).add(version)
    assert versions
    assert [action for action, named in versions.items() if len(named) > 1] == []


def test_every_supported_python_is_tested_and_named() -> None:
    matrix = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["systems"]["strategy"]["matrix"]
    named = [
        classifier.rpartition(" ")[2] for classifier in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", classifier)
    ]
    assert matrix["python"] == named
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_the_newest_version_of_the_changelog_is_that_of_the_package() -> None:
    first = next(line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## "))
    assert re.fullmatch(rf"## {re.escape(PROJECT['version'])} \(\d{{4}}-\d\d-\d\d\)", first)


@pytest.mark.parametrize("repository", ["", "harbour/docdouble"])
def test_links_of_the_description_lead_to_the_repository(repository: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    setuptools = SimpleNamespace(find_packages=lambda **_: [], setup=given.update)
    monkeypatch.setitem(sys.modules, "setuptools", setuptools)
    monkeypatch.setenv("GITHUB_REPOSITORY", repository)
    monkeypatch.setenv("GITHUB_REF_NAME", "v1")
    runpy.run_path(str(ROOT / "setup.py"))
    links = re.findall(r"\]\((?!https?:)([^)]*)\)", given["long_description"])
    assert bool(links) == (not repository)
    assert bool(given["project_urls"]) == bool(repository)


def test_the_image_runs_without_rights_and_tells_its_health() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    (user,) = re.findall(r"^USER (\d+)$", text, re.MULTILINE)  # a number, for clusters that refuse root by it
    assert int(user) > 0
    assert text.index("USER ") < text.index("ENTRYPOINT")
    assert "HEALTHCHECK" in text
    built_on, runs_on = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert built_on == runs_on  # what is compiled for one system library doesn't load with another


def test_every_dependency_has_a_lowest_version() -> None:
    extras = PROJECT["optional-dependencies"]
    named = [
        *PROJECT["dependencies"],
        *(requirement for name in extras if name != "test" for requirement in extras[name]),
    ]
    without = [requirement for requirement in named if not re.match(r"[\w-]+>=\d", requirement)]
    assert without == ["tzdata; platform_system == 'Windows'"]  # its versions are those of the data
