"""A use as text, as HTML and as numbers."""

import re
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.contracts.coverage.count import count, counts, reaches, shown_percent, total
from docdouble.contracts.coverage.html_page import coverage_page
from docdouble.contracts.coverage.table import table
from docdouble.contracts.coverage.use import How, Use, UsedFact, UsedOperation
from docdouble.schemas.contract.facts import FactKind, Key

A, B = frozenset({"test_a"}), frozenset({"test_b"})
SENT: dict[Key, UsedFact] = {
    (FactKind.OPERATION, ""): UsedFact(How.SENT, A | B),
    (FactKind.PARAMETER, "path/id"): UsedFact(How.SENT, A),
    (FactKind.STATUS, "200"): UsedFact(How.RECEIVED, A),
}
RECEIVED: dict[Key, UsedFact] = {
    (FactKind.RESPONSE, "200"): UsedFact(How.RECEIVED, A),
    (FactKind.RESPONSE, "200/Name"): UsedFact(How.RECEIVED, A),
}
READ: dict[Key, UsedFact] = {**RECEIVED, (FactKind.RESPONSE, "200"): UsedFact(How.READ, B)}
UNTOUCHED = frozenset({(FactKind.PARAMETER, "query/$select"), (FactKind.STATUS, "404"), (FactKind.STATUS, "412")})
GET = UsedOperation("GET /api/v1/guests/{id}", 3, 8, {**SENT, **RECEIVED}, UNTOUCHED, frozenset({"503"}))
READING = UsedOperation("GET /api/v1/rooms", 1, 5, {**SENT, **READ}, frozenset())
NEVER = UsedOperation("DELETE /api/v1/guests/{id}", 0, 7)
USE = Use("hotel.yaml", {"Get": GET, "Rooms": READING, "Delete": NEVER})


def test_what_came_counts_until_something_is_read() -> None:
    assert count(GET).total == (5, 8)
    assert count(READING).total == (4, 5)
    assert total(counts(USE)) == (9, 20)


def test_percent() -> None:
    assert [shown_percent(counts) for counts in ((0, 0), (0, 9), (1, 1000), (1, 2), (999, 1000), (9, 9))] == [
        "0 %",
        "0 %",
        "<1 %",
        "50 %",
        ">99 %",
        "100 %",
    ]
    assert reaches(USE, 45)
    assert not reaches(USE, 45.1)
    assert reaches(Use(), 0)
    assert not reaches(Use(), 1)


def test_the_table() -> None:
    assert list(table(USE, 80)) == [
        "operation                calls  params  body  types  status  read/sent   %",
        "GET /api/v1/guests/{id}      3     1/2     -      -     1/3      0/2/2  62",
        "    404, 412 never received; 503 received, not documented",
        "GET /api/v1/rooms            1     1/1     -      -     1/1      1/2/2  80",
        "touched/documented: parameters, places in the request's body, media types, statuses;",
        "places in answers that were read/sent/documented",
        "never called: 1 operation: DELETE /api/v1/guests/{id}",
        "45 %: 9 of 20 documented facts touched, by 2 tests",
    ]


def test_long_labels_are_cut_at_a_segment() -> None:
    label = "POST /api/v1/" + "x" * 40 + "/Agents/Appointment/AssignTo"
    lines = list(table(Use("", {"Get": UsedOperation(label, 1, 3, SENT)}), 80))
    assert lines[1].startswith("POST …/Appointment/AssignTo ")
    assert max(map(len, lines[:2])) <= 80


def test_a_run_that_called_nothing() -> None:
    assert list(table(Use())) == ["nothing was called"]
    assert next(table(Use("", {"Delete": NEVER}))) == "nothing was called"


class Outline(HTMLParser):
    """Elements that are open, and what is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_whole_and_loads_nothing() -> None:
    outline = Outline()
    outline.feed(coverage_page(USE).decode())
    outline.close()
    assert outline.open == outline.loaded == []


def test_html_tells_facts_with_their_tests() -> None:
    page = re.sub(r"<[^>]*>", "|", coverage_page(USE).decode())
    for text in ("GET /api/v1/guests/{id}", "query/$select|| not touched", "404, 412 never received", "test_b"):
        assert text in page, text
    assert re.search(r"Never called.*DELETE /api/v1/guests/\{id\}", page)


def test_html_shows_what_looks_like_html() -> None:
    fact = {(FactKind.PARAMETER, "query/<b>"): UsedFact(How.SENT, frozenset({"test[<script>]"}))}
    page = coverage_page(Use("<i>", {"x": UsedOperation("GET /<u>", 1, 1, fact)})).decode()
    assert not re.search(r"<(b|i|u|script)>", page)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("use.json").write_bytes(orjson.dumps(USE.as_dict()))
    return "use.json"


def test_the_command_puts_files_together(file: str) -> None:
    written = ("--report", "json=all.json", "--report", "html=all.html")
    result = CliRunner().invoke(main, ("coverage", file, file, *written))
    assert result.exit_code == 0, result.output
    assert "GET /api/v1/guests/{id}      6 " in result.stdout
    assert Use.from_dict(orjson.loads(Path("all.json").read_bytes())).operations["Get"].calls == 6
    assert Path("all.html").read_bytes().startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("use.json", "--fail-under", "46"), 1, "failed: 45.0 % of the documented facts touched, less than 46 %"),
        (("use.json", "--report", "htm=a"), 2, "did you mean 'html'?"),
        (("use.json", "--report", "html=nowhere/a"), 2, "a file in a folder that is there"),
        (("text.txt",), 2, "the JSON of --contract-coverage-report"),
        (("nothing.json",), 2, "does not exist"),
        ((), 2, "Missing argument"),
    ],
)
def test_the_command_says_what_is_wrong(file: str, arguments: tuple[str, ...], code: int, message: str) -> None:
    Path("text.txt").write_text("text", encoding="utf-8")
    result = CliRunner().invoke(main, ("coverage", *arguments))
    assert result.exit_code == code
    assert message in result.stderr
