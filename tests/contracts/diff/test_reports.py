"""What changed, as text, JSON, Markdown, SARIF and annotations, of changes made by hand."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from markdown_it import MarkdownIt

from docdouble.contracts.diff import reports
from docdouble.contracts.diff.comparison import Comparison
from docdouble.contracts.diff.reports.diff_json import diff_json
from docdouble.contracts.diff.reports.diff_markdown import MARK, code, diff_markdown
from docdouble.contracts.diff.reports.diff_sarif import diff_github, diff_sarif
from docdouble.contracts.diff.reports.diff_text import diff_text
from docdouble.schemas import Evidence, Grade
from docdouble.schemas.contract.facts import Fact, FactKind
from docdouble.schemas.diff.change import NO_VALUE, Change, Judgement

MakeChange = Callable[..., Change]
MakeComparison = Callable[..., Comparison]

SCHEMA = json.loads(Path(str(reports.__file__)).with_name("changes.schema.json").read_text())
HOSTILE = "<b>|`x` @octocat #12 https://evil.example [a](b) **c** www.evil.example\n\x1b[31m\u202eend"


def lines(comparison: Comparison, **options: bool) -> list[str]:
    return [click.unstyle(line) for line in diff_text(comparison, **options)]


def of_type(make_change: MakeChange, operation: str, **given: Any) -> Change:
    """A change of a named type that several operations use."""
    named = {"type_name": "Book", "place": "/Id", "summary": "is string, was int32"}
    return make_change(operation, **{"message": f"200/{operation}/Id is string, was int32", **named, **given})


# --- text -----------------------------------------------------------------------------------------------------------


def test_an_entry_says_what_changed_where_and_whom_it_breaks(
    make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    assert lines(make_comparison(make_change(), tests=("tests/test_a.py::test_a",))) == [
        "breaking: response-type-changed, GET /api/GetBook",
        "  what      /Id of 200 is string, was int32",
        "  old       GetBook.md:7: | Id | line 7 |",
        "  new       GetBook.md:8: | Id | line 8 |",
        '  example   "x" may come now',
        "  read by   tests/test_a.py::test_a",
        "1 breaking, 0 risky, 0 safe changes of what coverage.json touches from old to new",
        "failed: 1 breaking change",
    ]


def test_what_a_side_does_not_have_is_left_out(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    shown = lines(make_comparison(make_change(new=None, example=NO_VALUE)))
    assert [line[:6] for line in shown[:3]] == ["breaki", "  what", "  old "]
    assert shown[3].startswith("1 breaking")


def test_null_is_an_example_and_what_a_request_had_was_allowed(
    make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    fact = Fact("GetBook", FactKind.REQUEST, "/Id")
    assert "  example   null was allowed" in lines(make_comparison(make_change(fact=fact, example=None)))


def test_a_change_of_a_named_type_is_reported_once(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    changes = [of_type(make_change, f"Get{number}") for number in range(7)]
    shown = lines(make_comparison(*changes))
    assert shown[:3] == [
        "breaking: response-type-changed, 7 operations",
        "  what      Book/Id is string, was int32",
        "  in        GET /api/Get0, GET /api/Get1, GET /api/Get2, GET /api/Get3, GET /api/Get4 and 2 more",
    ]
    assert shown[-1] == "failed: 1 breaking change"


def test_the_same_in_several_operations_is_reported_once_but_operations_that_are_gone_one_by_one(
    make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    same = [
        make_change(name, fact=Fact(name, FactKind.PARAMETER, "query/a"), rule="parameter-removed") for name in "AB"
    ]
    gone = [make_change(name, fact=Fact(name), rule="operation-removed", message="is gone") for name in "CD"]
    assert [len(entry.operations) for entry in make_comparison(*same, *gone).entries] == [2, 1, 1]


def test_the_worst_come_first_and_safe_ones_are_counted(
    make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    comparison = make_comparison(
        *(make_change(judgement.value, judgement=judgement) for judgement in reversed(Judgement))
    )
    shown = lines(comparison)
    assert [line for line in shown if line[0] != " "] == [
        "breaking: response-type-changed, GET /api/breaking",
        "risky: response-type-changed, GET /api/risky",
        "1 breaking, 1 risky, 1 safe change from old to new; --all shows the safe ones",
        "failed: 1 breaking change",
    ]
    assert "safe: response-type-changed, GET /api/safe" in lines(comparison, safe=True)
    assert [line.partition(":")[0] for line in lines(comparison, quiet=True) if line[0] != " "][:-2] == ["breaking"]


def test_no_changes(make_comparison: MakeComparison) -> None:
    assert lines(make_comparison()) == ["no changes from old to new", "passed: no breaking change"]
    assert lines(make_comparison(), quiet=True) == []


def test_what_was_left_out_is_reported(make_comparison: MakeComparison) -> None:
    comparison = make_comparison(used="coverage.json", untouched=3, not_compared=("GET /a", "GET /b"))
    assert lines(comparison)[:3] == [
        "not compared: 2 operations whose page can't be read: GET /a, GET /b",
        "left out: 3 changes of what coverage.json doesn't touch",
        "no changes of what coverage.json touches from old to new",
    ]


@pytest.mark.parametrize(
    ("fail_on", "failed", "passed"),
    [
        (Judgement.BREAKING, "failed: 1 breaking change", "passed: no breaking change"),
        (Judgement.RISKY, "failed: 1 breaking or risky change", "passed: no breaking or risky change"),
        (Judgement.SAFE, "failed: 1 change", "passed: no change"),
        (None, "passed: no change fails (--fail-on never)", "passed: no change fails (--fail-on never)"),
    ],
)
def test_the_verdict(
    fail_on: Judgement | None, failed: str, passed: str, make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    assert lines(make_comparison(make_change(), fail_on=fail_on))[-1] == failed
    assert lines(make_comparison(fail_on=fail_on))[-1] == passed


def test_text_of_pages_stays_on_its_line(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    shown = lines(make_comparison(make_change(message=HOSTILE)))
    assert "www.evil.example\\n\\x1b[31m\\u202eend" in shown[1]
    assert all(line.isprintable() for line in shown)


def test_of_several_lines_those_are_shown_that_differ(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    same = {"old": Evidence(Grade.STATED, "A.md", 7), "new": Evidence(Grade.SHARED, "A.md", 7)}
    shown = lines(make_comparison(of_type(make_change, "A", **same), of_type(make_change, "B")))
    assert [line.split()[:2] for line in shown[3:5]] == [["old", "B.md:7:"], ["new", "B.md:8:"]]


# --- JSON -----------------------------------------------------------------------------------------------------------


def document(comparison: Comparison) -> Any:
    """The document, which is valid and says nothing that the schema doesn't name."""
    report = json.loads(diff_json(comparison))
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(report)
    return report


def closed(schema: Any) -> Any:
    """The schema with no room for members that it doesn't name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(part) for name, part in schema.items()}
    return {"additionalProperties": False, **inner} if isinstance(schema.get("properties"), dict) else inner


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_json_has_every_occurrence_with_both_lines(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    changes = [of_type(make_change, "A"), of_type(make_change, "B", new=None, example=NO_VALUE)]
    report = document(make_comparison(*changes, tests=("t",)))
    (change,) = report["changes"]
    assert (report["totals"], report["failed"]) == ({"breaking": 1, "risky": 0, "safe": 0}, True)
    assert (change["what"], change["operations"], change["tests"]) == ("Book/Id is string, was int32", 2, ["t"])
    first, second = change["in"]
    assert first["old"] == {"grade": "stated", "page": "A.md", "line": 7, "file": "A.md", "text": "| Id | line 7 |"}
    assert (first["example"], first["how"], first["concerned"]) == ("x", "read", {"part": "response", "name": "200/Id"})
    assert "example" not in second
    assert second["new"] is None


def test_json_of_nothing(make_comparison: MakeComparison) -> None:
    report = document(make_comparison(fail_on=None))
    assert (report["changes"], report["failed"], report["fail_on"]) == ([], False, "never")


# --- Markdown -------------------------------------------------------------------------------------------------------


class Shown(HTMLParser):
    """The elements of a page, and the text outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.prose = ""
        self.code = ""
        self._in_code = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append(tag)
        self._in_code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._in_code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code += data
        else:
            self.prose += data


def rendered(comparison: Comparison) -> Shown:
    shown = Shown()
    shown.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(diff_markdown(comparison)))
    return shown


def test_markdown_is_a_comment_that_can_be_found_again(
    make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    comment = diff_markdown(make_comparison(make_change(), make_change("Put", judgement=Judgement.SAFE)))
    assert comment.splitlines() == [
        MARK,
        "### API documentation: 1 breaking, 0 risky, 1 safe change",
        "",
        "**failed: 1 breaking change**, from `old` to `new`",
        "",
        "#### Breaking",
        "",
        "- **/Id of 200 is string, was int32** (`response-type-changed`)",
        "  - in `GET /api/GetBook`",
        "  - old `GetBook.md:7`: `| Id | line 7 |`",
        "  - new `GetBook.md:8`: `| Id | line 8 |`",
        '  - example `"x" may come now`',
        "",
        "<details><summary>1 safe change</summary>",
        "",
        "- **/Id of 200 is string, was int32** (`response-type-changed`)",
        "  - in `GET /api/Put`",
        "  - old `Put.md:7`: `| Id | line 7 |`",
        "  - new `Put.md:8`: `| Id | line 8 |`",
        '  - example `"x" may come now`',
        "",
        "</details>",
    ]


def test_nothing_of_a_page_becomes_markdown(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    hostile = make_change("a`b|<i>@octocat", message=HOSTILE, example=HOSTILE)
    shown = rendered(make_comparison(hostile, tests=("test_x[<u>`@octocat]",)))
    assert set(shown.elements) == {"h3", "h4", "p", "ul", "li", "strong", "code"}
    assert "<b>|`x` @\u200boctocat #\u200b12 https:\u200b//evil.example [a](b) **c** www\u200b.evil" in shown.prose
    assert "@octocat" not in shown.prose
    assert "<i>@octocat" in shown.code
    assert "test_x[<u>`@octocat]" in shown.code


@pytest.mark.parametrize("value", ["a", "`", "a`b", "``a`", " ", "", "\\", "a\\`", "*a*", "<b>"])
def test_code_shows_any_text(value: str) -> None:
    shown = Shown()
    shown.feed(MarkdownIt("commonmark").renderInline(code(value)))
    assert (shown.elements, shown.code.strip(), shown.prose) == (["code"], value.strip(), "")


def test_a_comment_has_room_for_what_github_takes(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    changes = [make_change(f"Operation{number}" * 20, message=f"change {number} " * 40) for number in range(500)]
    comment = diff_markdown(make_comparison(*changes, make_change(judgement=Judgement.RISKY)))
    assert len(comment) < 65_536
    assert comment.count("<details>") == comment.count("</details>") > 0
    assert comment.endswith("more changes would make this comment too long: see the other formats.")
    shown = comment.count("- **")
    assert f"{501 - shown} more changes would" in comment


def test_many_breaking_changes_are_folded_away(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    comment = diff_markdown(make_comparison(*(make_change(f"O{number}", message=f"m{number}") for number in range(25))))
    assert "<details><summary>5 more breaking changes</summary>" in comment


def test_a_comment_on_no_changes(make_comparison: MakeComparison) -> None:
    assert diff_markdown(make_comparison()).splitlines()[1:] == [
        "### API documentation: no changes",
        "",
        "**passed: no breaking change**, from `old` to `new`",
    ]


# --- SARIF and annotations ------------------------------------------------------------------------------------------


def test_sarif_points_to_the_new_line_or_to_the_old_one_of_what_is_gone(
    make_change: MakeChange, make_comparison: MakeComparison
) -> None:
    changes = [
        of_type(make_change, "A"),
        make_change("B", new=None, rule="response-property-removed", judgement=Judgement.RISKY),
        make_change("C", new=None, old=None, judgement=Judgement.SAFE),
    ]
    (run,) = json.loads(diff_sarif(make_comparison(*changes)))["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "response-type-changed",
        "response-property-removed",
    ]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0]
    places = [result["locations"][0].get("physicalLocation") for result in run["results"]]
    assert places == [
        {"artifactLocation": {"uri": "A.md"}, "region": {"startLine": 8}},
        {"artifactLocation": {"uri": "B.md"}, "region": {"startLine": 7}},
        None,
    ]
    assert run["results"][0]["message"]["text"].splitlines() == [
        "GET /api/A: Book/Id is string, was int32",
        "Before: A.md:7: | Id | line 7 |",
        'Example: "x" may come now',
    ]


def test_fingerprints_stay_where_lines_move(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    moved = make_change(new=Evidence(Grade.STATED, "GetBook.md", 99))
    fingerprints = [
        json.loads(diff_sarif(make_comparison(change)))["runs"][0]["results"][0]["partialFingerprints"]
        for change in (make_change(), moved, make_change("Other"))
    ]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_annotations_are_of_what_is_breaking_or_risky(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    comparison = make_comparison(
        make_change(message="50% off\nnow"),
        *(make_change(judgement.value, judgement=judgement) for judgement in Judgement),
    )
    annotations = diff_github(comparison).splitlines()
    assert [line.split()[0] for line in annotations] == ["::error", "::error", "::warning", "::notice"]
    assert annotations[0].startswith(
        "::error file=GetBook.md,line=8,title=response-type-changed%3A GET /api/GetBook::breaking:"
    )
    assert "50%25 off\\nnow%0A" in annotations[0]
    assert annotations[-1] == (
        "::notice title=docdouble diff::failed: 2 breaking changes; 2 breaking, 1 risky, 1 safe change from old to new"
    )


def test_a_step_shows_ten_annotations_of_a_kind(make_change: MakeChange, make_comparison: MakeComparison) -> None:
    changes = (make_change(f"O{number}", message=f"m{number}") for number in range(15))
    annotations = diff_github(make_comparison(*changes)).splitlines()
    assert len(annotations) == 11
    assert annotations[-1].endswith("; 5 more are in the other formats")
