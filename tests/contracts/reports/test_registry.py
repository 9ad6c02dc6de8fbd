"""Reports as files."""

import os
import re
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding
from docdouble.contracts.reports import registry
from docdouble.contracts.reports.quotes import quoting
from docdouble.contracts.reports.registry import REPORTS, check_reports, reports, write_reports
from docdouble.contracts.storage.output_files import write_whole
from docdouble.schemas import ConfigError, Evidence, Grade, PluginError, Reply

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]


def own(run: Run) -> bytes:
    return b"own"


def broken(run: Run) -> bytes:
    raise RuntimeError("no idea")


TEXT = "no report"


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Return a function that adds an entry point by name and attribute of this module."""

    def add(name: str, attribute: str) -> None:
        point = EntryPoint(name, f"{__name__}:{attribute}", registry.GROUP)
        monkeypatch.setattr(EntryPoint, "load", lambda self: globals()[attribute])
        monkeypatch.setattr("docdouble.schemas.plugins.entry_points", lambda group: [point])
        reports.cache_clear()

    yield add
    reports.cache_clear()


@pytest.mark.parametrize("command", ["verify", "proxy", "load"])
@pytest.mark.parametrize("kind", ["github", "html", "junit"])
def test_a_heading_names_the_command(kind: str, command: str, make_run: MakeRun) -> None:
    text = REPORTS[kind](make_run(started={"command": command})).decode()
    assert set(re.findall("docdouble (verify|proxy|load)", text)) == {command}


@pytest.mark.parametrize("kind", REPORTS)
def test_every_kind_is_written(kind: str, tmp_path: Path, make_finding: MakeFinding, make_run: MakeRun) -> None:
    file = tmp_path / "report"
    assert write_reports(make_run(make_finding()), [(kind, str(file))]) == []
    assert b"GetBook" in file.read_bytes()
    assert os.listdir(tmp_path) == ["report"]


@pytest.mark.parametrize("check", ["written-read", "repeatable"])
def test_no_kind_shows_a_secret_of_the_server(
    check: str, tmp_path: Path, make_finding: MakeFinding, make_run: MakeRun
) -> None:
    reply = Reply((("Content-Type", "application/json"), ("Set-Cookie", "of-mine")), b'{"AccessToken": "of-mine"}', 200)
    finding = make_finding(check=check, pointer="/AccessToken", rule="value", got="***", reply=reply)
    header = make_finding(check="headers", pointer="", rule="Set-Cookie form", got="***", reply=reply)
    wanted = [(kind, str(tmp_path / kind)) for kind in REPORTS]
    assert write_reports(make_run(finding, header), wanted) == []
    assert [kind for kind, file in wanted if b"of-mine" in Path(file).read_bytes()] == []


def test_a_dash_is_stdout(capfdbinary: pytest.CaptureFixture[bytes], make_run: MakeRun) -> None:
    assert write_reports(make_run(), [("junit", "-")]) == []
    assert capfdbinary.readouterr().out.startswith(b"<?xml")


def test_one_that_cannot_be_written_is_a_line_and_the_others_are(tmp_path: Path, make_run: MakeRun) -> None:
    wanted = [("json", str(tmp_path / "none" / "a.json")), ("html", str(tmp_path / "b.html"))]
    assert write_reports(make_run(), wanted) == [
        f"the report json={tmp_path}/none/a.json can't be written: No such file or directory"
    ]
    assert (tmp_path / "b.html").exists()


def test_a_package_adds_a_kind(tmp_path: Path, make_run: MakeRun, install: Callable[[str, str], None]) -> None:
    install("own", "own")
    check_reports([("own", str(tmp_path / "own"))])
    assert write_reports(make_run(), [("own", str(tmp_path / "own"))]) == []
    assert (tmp_path / "own").read_bytes() == b"own"


def test_a_report_of_a_package_that_fails_is_a_line(
    tmp_path: Path, make_run: MakeRun, install: Callable[[str, str], None]
) -> None:
    install("own", "broken")
    assert write_reports(make_run(), [("own", str(tmp_path / "own"))]) == [
        f"the report own={tmp_path}/own can't be made: RuntimeError: no idea"
    ]
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "attribute", "words"),
    [("own", "TEXT", "expected a function"), ("html", "own", "docdouble has a report of this name")],
)
def test_an_entry_point_that_is_no_report_is_named(
    name: str, attribute: str, words: str, install: Callable[[str, str], None]
) -> None:
    install(name, attribute)
    with pytest.raises(PluginError, match=f"docdouble.reports: '{name}' of package 'an unknown package' .*{words}"):
        reports()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([("htm", "a")], "--report: 'htm' is not a kind of report; did you mean 'html'?"),
        ([("html", "none/a.html")], "'none/a.html' is not a file in a folder that is there and can be written to"),
        ([("html", ".")], "'.' is not a file in a folder"),
        ([("html", "-"), ("json", "-")], "'-' is not a file of its own"),
        ([("html", "a"), ("json", "./a")], "is not a file of its own: several reports go there"),
    ],
)
def test_what_cannot_be_written_at_the_end_is_refused_at_the_beginning(
    wanted: list[tuple[str, str]], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        check_reports(wanted)
    assert words in str(caught.value)


def test_what_can_be_written_is_not_refused(tmp_path: Path) -> None:
    check_reports([("html", str(tmp_path / "a")), ("json", "-"), ("junit", os.devnull), ("sarif", os.devnull)])
    write_whole(Path(os.devnull), b"x")


def test_an_interruption_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "a"
    file.write_text("old")
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(file, b"new")
    assert (file.read_text(), os.listdir(tmp_path)) == ("old", ["a"])


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "a", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_new_file_is_as_readable_as_others(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_whole(tmp_path / "a", b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_line_is_quoted_where_it_can_be_read() -> None:
    asked: list[str] = []

    def lines_of(page: str) -> list[str] | None:
        asked.append(page)
        return ["# Book", "  | Id | int32 |"] if page == "book.md" else None

    quote = quoting(lines_of)
    lines = [("book.md", 2), ("book.md", 3), ("book.md", 0), ("other.md", 1), ("other.md", 2)]
    assert [quote(Evidence(Grade.STATED, *line)) for line in lines] == ["| Id | int32 |", "", "", "", ""]
    assert asked == ["book.md", "other.md"]
