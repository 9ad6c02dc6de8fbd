"""Findings in documentation, as text, JSON and SARIF."""

import json
from typing import Any

from docdouble.contracts.cli.lint_output import lint_json, lint_sarif, lint_text
from docdouble.schemas.extraction import Contradiction

TYPE = Contradiction("sample-type", "a book.md", 8, "Id is wrong", "write string")
ROW = Contradiction("not-in-table", "b.md", 3, "Room is in no table")
WHOLE = Contradiction("sample-type", "b.md", 0, "the page is wrong")
ALL = (TYPE, ROW, WHOLE)


def log(*contradictions: Contradiction) -> Any:
    return json.loads(lint_sarif(contradictions))


def test_text_is_a_line_each_and_the_counts() -> None:
    assert list(lint_text((TYPE, ROW))) == [
        "a book.md:8: error: Id is wrong; write string [sample-type]",
        "b.md:3: warning: Room is in no table [not-in-table]",
        "1 error, 1 warning, 0 notes",
    ]


def test_text_of_nothing_is_the_counts() -> None:
    assert list(lint_text(())) == ["0 errors, 0 warnings, 0 notes"]


def test_text_without_a_line_names_the_file_only() -> None:
    assert next(lint_text((WHOLE,))) == "b.md: error: the page is wrong [sample-type]"


def test_json_keeps_the_order_and_every_field() -> None:
    entries = json.loads(lint_json(ALL))
    assert [(entry["page"], entry["line"]) for entry in entries] == [("a book.md", 8), ("b.md", 3), ("b.md", 0)]
    assert entries[0] == {
        "rule": "sample-type",
        "level": "error",
        "page": "a book.md",
        "line": 8,
        "message": "Id is wrong",
        "mend": "write string",
    }


def test_sarif_lists_each_rule_once_and_points_results_to_it() -> None:
    (run,) = log(*ALL)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["not-in-table", "sample-type"]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 0, 1]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error"]
    assert run["tool"]["driver"]["rules"][1] == {
        "id": "sample-type",
        "shortDescription": {"text": "a type in a table or heading that the sample contradicts"},
        "defaultConfiguration": {"level": "error"},
    }


def test_sarif_messages_hold_the_mend() -> None:
    assert [result["message"]["text"] for result in log(TYPE, ROW)["runs"][0]["results"]] == [
        "Id is wrong; write string",
        "Room is in no table",
    ]


def test_sarif_places_are_uris_and_lines() -> None:
    places = [result["locations"][0]["physicalLocation"] for result in log(*ALL)["runs"][0]["results"]]
    # A URI has no space, and SARIF no line 0.
    assert places == [
        {"artifactLocation": {"uri": "a%20book.md"}, "region": {"startLine": 8}},
        {"artifactLocation": {"uri": "b.md"}, "region": {"startLine": 3}},
        {"artifactLocation": {"uri": "b.md"}},
    ]


def test_sarif_names_the_file_of_a_place_in_a_document() -> None:
    (result,) = log(Contradiction("only-in-document", "docs/api.json#/paths/~1loan/get", 0, "GET /loan"))["runs"][0][
        "results"
    ]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "docs/api.json"}}}]


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    empty = log()
    assert (empty["version"], empty["runs"][0]["results"]) == ("2.1.0", [])
    assert empty["runs"][0]["tool"]["driver"]["rules"] == []
