"""Contact pages in a git repository, and changes made by hand."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.diff.comparison import Comparison, ReportedChange, folded
from docdouble.contracts.diff.side import Side
from docdouble.contracts.diff.used import Touched
from docdouble.schemas import Contract, Evidence, Grade
from docdouble.schemas.contract.facts import Fact, FactKind
from docdouble.schemas.diff.change import Change, Judgement

PAGES = Path(__file__).parents[2] / "fakeserver" / "contact"

Git = Callable[..., str]
MakeChange = Callable[..., Change]
MakeComparison = Callable[..., Comparison]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Run git in a new repository, which is the working directory; whoever runs the tests has no say in it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "nobody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "nobody@example.org")
    top = tmp_path / "project"
    top.mkdir()
    monkeypatch.chdir(top)

    def run(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=top, check=True, capture_output=True, text=True).stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def project(git: Git, tmp_path: Path) -> Path:
    """A repository with the contact pages in ``docs``, all of it in the branch main."""
    top = tmp_path / "project"
    shutil.copytree(PAGES, top / "docs")
    git("add", ".")
    git("commit", "-q", "-m", "pages")
    return top


@pytest.fixture
def make_change() -> MakeChange:
    def make(operation: str = "GetBook", **given: Any) -> Change:
        fact = Fact(operation, FactKind.RESPONSE, "200/Id")
        values: dict[str, Any] = {
            "rule": "response-type-changed",
            "judgement": Judgement.BREAKING,
            "fact": fact,
            "message": "/Id of 200 is string, was int32",
            "old": Evidence(Grade.STATED, f"{operation}.md", 7),
            "new": Evidence(Grade.STATED, f"{operation}.md", 8),
            "example": "x",
            **given,
        }
        return Change(**{"concerned": values["fact"], **values})

    return make


@pytest.fixture
def make_comparison() -> MakeComparison:
    def make(*changes: Change, tests: tuple[str, ...] = (), **given: Any) -> Comparison:
        used = {"used": "coverage.json"} if tests else {}
        kept = [ReportedChange(change, Touched("read", tests) if tests else None) for change in changes]
        labels = {change.fact.operation: f"GET /api/{change.fact.operation}" for change in changes}
        return Comparison(side("old"), side("new"), folded(kept), **{**used, "labels": labels, **given})

    return make


def side(name: str, quote: Callable[[Evidence], str] = lambda at: f"| Id | line {at.line} |") -> Side:
    return Side(name, Contract("Books", "1", ()), quote)
