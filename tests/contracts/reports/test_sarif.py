"""SARIF 2.1.0: what its schema requires, and what code scanning needs."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports import sarif as module
from docdouble.contracts.reports.sarif import sarif
from docdouble.schemas import Evidence, Grade

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]


def only_run(run: Run) -> Any:
    """The run of a log that has what the schema of SARIF requires."""
    log = json.loads(sarif(run))
    assert log["version"] == "2.1.0"
    (sarif_run,) = log["runs"]
    driver = sarif_run["tool"]["driver"]
    assert driver["name"]
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for result in sarif_run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            check_location(location.get("physicalLocation"))
    return sarif_run


def check_location(physical: Any) -> None:
    if physical:
        assert " " not in physical["artifactLocation"]["uri"]
        assert physical.get("region", {"startLine": 1})["startLine"] >= 1


def test_a_finding_stands_at_its_documentation_line(make_finding: MakeFinding, make_run: MakeRun) -> None:
    sarif_run = only_run(make_run(make_finding(evidence=Evidence(Grade.STATED, "a book.md", 7))))
    (result,) = sarif_run["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "a%20book.md"}, "region": {"startLine": 7}}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "GET /api/GetBook"
    first, curl = result["message"]["text"].splitlines()
    assert first == 'GET /api/GetBook: expected /Id is integer, got "x"; a book.md:7.'
    assert curl.startswith("curl -i")


def test_results_of_each_command_are_a_category_of_their_own(make_run: MakeRun) -> None:
    assert only_run(make_run(started={"command": "load"}))["automationDetails"] == {"id": "docdouble/load/"}


def test_a_finding_without_a_line_names_the_operation(make_finding: MakeFinding, make_run: MakeRun) -> None:
    (result,) = only_run(make_run(make_finding(evidence=None)))["results"]
    assert [list(location) for location in result["locations"]] == [["logicalLocations"]]


def test_known_ones_are_suppressed(make_finding: MakeFinding, make_run: MakeRun) -> None:
    known = make_finding()
    run = make_run(known, make_finding("B"), started={"known": {known.fingerprint: Severity.ERROR}})
    assert [len(result["suppressions"]) for result in only_run(run)["results"]] == [1, 0]


def test_fingerprints_do_not_depend_on_what_came(make_finding: MakeFinding, make_run: MakeRun) -> None:
    def fingerprint(**fields: Any) -> Any:
        return only_run(make_run(make_finding(**fields)))["results"][0]["partialFingerprints"]

    assert fingerprint(got="12", pointer="/3/Id") == fingerprint(got="13", pointer="/4/Id")
    assert fingerprint() != fingerprint(rule="format")


def test_a_rule_has_the_promise_and_the_page_of_its_check(
    make_finding: MakeFinding, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"response-schema": "# response-schema\n"}
    monkeypatch.setattr(module, "help_page", lambda check: pages.get(check, ""))
    run = make_run(
        make_finding(severity=Severity.NOTE),
        make_finding("B", severity=Severity.WARNING),
        make_finding("C", check="own"),
    )
    assert only_run(run)["tool"]["driver"]["rules"] == [
        {
            "id": "response-schema",
            "shortDescription": {"text": "the documented types"},
            "defaultConfiguration": {"level": "warning"},
            "help": {"text": pages["response-schema"], "markdown": pages["response-schema"]},
        },
        {"id": "own", "shortDescription": {"text": "own"}, "defaultConfiguration": {"level": "error"}},
    ]


def test_a_server_cannot_break_it(hostile_run: Run) -> None:
    uris = [
        location["physicalLocation"]["artifactLocation"]["uri"]
        for result in only_run(hostile_run)["results"]
        for location in result["locations"]
    ]
    assert "<script>" in unquote(uris[0])
