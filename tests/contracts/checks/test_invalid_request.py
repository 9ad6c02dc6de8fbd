import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.model.case import Breach, Purpose
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call, Evidence, Grade

from .made import INT, JSON, applies, check_of, documented, exchange, findings_of, operation, reply, response, summary

REFUSING = documented(operation(responses={"200": response(), "400": response()}))
LENIENT = documented(operation())
WITH_DEFAULT = documented(operation(responses={"200": response(), "default": response()}))


def findings(contract: Any, grade: Grade | None, status: int = 200) -> list[Finding]:
    breach = Breach("body/Id", "type", Evidence(grade, "books.md", 40) if grade else None)
    return findings_of("invalid-request", exchange(contract, reply({}, status), purpose=Purpose.HOSTILE, breach=breach))


@pytest.mark.parametrize(
    ("contract", "grade", "severity"),
    [
        (REFUSING, Grade.STATED, "error"),
        (REFUSING, Grade.SHARED, "error"),
        (REFUSING, Grade.SAMPLED, "warning"),
        (REFUSING, None, "warning"),
        (WITH_DEFAULT, Grade.STATED, "error"),
        (LENIENT, Grade.STATED, "note"),
        (LENIENT, None, "note"),
    ],
)
def test_only_a_documented_refusal_is_demanded(contract: Any, grade: Grade | None, severity: str) -> None:
    assert findings(contract, grade)[0].severity == severity


@pytest.mark.parametrize(
    ("refused", "accepted", "grade", "severities"),
    [
        (("body/Title", "maxLength", 400), ("body/Pages", "minimum"), Grade.STATED, ["warning"]),
        (("body/Pages", "maximum", 422), ("body/Pages", "minimum"), Grade.STATED, ["warning"]),
        (("body/Title", "maxLength", 404), ("body/Pages", "minimum"), Grade.STATED, []),
        (("body/Title", "type", 400), ("body/Pages", "minimum"), Grade.STATED, []),
        (("query/limit", "minimum", 400), ("body/Pages", "minimum"), Grade.STATED, []),
        (("body/Title", "maxLength", 400), ("query/limit", "maximum"), Grade.STATED, []),
        (("body/Title", "maxLength", 400), ("body/Pages", "minimum"), Grade.SAMPLED, []),
        (("body/Title", "maxLength", 400), ("body/Title", "type"), Grade.STATED, []),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_bound_that_is_taken_where_others_are_checked_is_no_lenience(
    refused: tuple[str, str, int], accepted: tuple[str, str], grade: Grade, severities: list[str], order: int
) -> None:
    whole = exchange(LENIENT, reply({}))
    evidence = Evidence(grade, "books.md", 40)
    tries = [(Breach(*refused[:2], evidence), refused[2]), (Breach(*accepted, evidence), 200)]
    for breach, status in tries[::order]:
        case = replace(whole.case, purpose=Purpose.HOSTILE, breach=breach)
        findings_of("invalid-request", replace(whole, case=case, reply=reply({}, status)))
    end = check_of("invalid-request").end
    assert end
    assert [finding.severity for finding in end([whole])] == severities


def test_the_broken_rule_and_its_line_are_named() -> None:
    (finding,) = findings(REFUSING, Grade.STATED)
    assert summary(finding) == ("error", "books.md:40", "", "body/Id type")
    assert (finding.expected, finding.got) == (
        "a 4xx for a request that breaks the documentation (body/Id breaks type)",
        "200 OK",
    )


def test_without_a_breach_the_request_is_named() -> None:
    (finding,) = findings_of("invalid-request", exchange(LENIENT, reply({}), purpose=Purpose.HOSTILE))
    assert summary(finding) == ("note", "books.md:1", "", "accepted")


def test_a_refusal_is_right() -> None:
    assert not findings(REFUSING, Grade.STATED, 422)
    assert not applies("invalid-request", exchange(REFUSING, reply({})))


@pytest.mark.parametrize(
    ("place", "rule", "severity"),
    [
        ("body", "additionalProperties", "note"),
        ("body/Author", "unevaluatedProperties", "note"),
        ("body/Author", "minProperties", "error"),
        ("query/filter", "additionalProperties", "error"),
    ],
)
def test_a_property_that_nobody_documents_is_often_left_out(place: str, rule: str, severity: str) -> None:
    breach = Breach(place, rule, Evidence(Grade.STATED, "books.md", 40))
    (finding,) = findings_of("invalid-request", exchange(REFUSING, reply({}), purpose=Purpose.HOSTILE, breach=breach))
    assert (finding.severity, finding.once) == (severity, severity == "note")


def test_what_frameworks_convert_is_a_note_that_a_run_reports_once() -> None:
    (finding,) = findings_of("invalid-request", exchange(REFUSING, reply({}), purpose=Purpose.CONVERTIBLE))
    assert (*summary(finding), finding.once) == ("note", "books.md:1", "", "converted", True)
    assert not findings(REFUSING, Grade.STATED)[0].once


@pytest.mark.parametrize("rule", ["unique", "NaN", "charset", "UTF-8"])
def test_what_readers_of_json_may_take_is_a_note_that_a_run_reports_once(rule: str) -> None:
    for place, severity in (("body", "note"), ("body/Id", "error")):
        breach = Breach(place, rule, Evidence(Grade.STATED, "books.md", 40))
        answered = exchange(REFUSING, reply({}), purpose=Purpose.HOSTILE, breach=breach)
        (finding,) = findings_of("invalid-request", answered)
        assert (finding.severity, finding.rule, finding.once) == (severity, f"{place} {rule}", severity == "note")


@pytest.mark.parametrize(
    ("sent", "shown", "rule"),
    [
        ({"Id": None}, {"Id": ""}, "converted"),
        ({"Id": None}, {"data": {"Id": 0}}, "converted"),
        ({"Id": [1]}, {"Id": 1}, "converted"),
        ({"Id": 1.5}, {"Id": 1}, "converted"),
        ({"Id": 1.5}, {"Id": 2}, "converted"),
        ({"Id": 1.5}, {"Id": 3}, "body/Id type"),
        ({"Id": 1.5}, {"Id": True}, "body/Id type"),
        ({"Id": 1}, {"Id": [1]}, "converted"),
        ({"Id": None}, {"Id": None}, "body/Id type"),
        ({"Id": None}, {"Id": "a"}, "body/Id type"),
        ({"Id": None}, {}, "body/Id type"),
        ({"Id": {}}, {"Id": ""}, "body/Id type"),
        ({"Id": [1, 2]}, {"Id": 1}, "body/Id type"),
    ],
)
def test_what_a_reply_shows_converted_is_a_note_that_a_run_reports_once(sent: Any, shown: Any, rule: str) -> None:
    breach = Breach("body/Id", "type", Evidence(Grade.STATED, "books.md", 40))
    call = Call((JSON,), json.dumps(sent).encode(), "POST")
    answered = exchange(REFUSING, reply(shown), call, purpose=Purpose.HOSTILE, breach=breach)
    (finding,) = findings_of("invalid-request", answered)
    assert (finding.rule, finding.once) == (rule, rule == "converted")
    assert finding.severity == ("note" if finding.once else "error")


@pytest.mark.parametrize(
    ("more", "rule", "severity"),
    [
        ({}, "maximum", "note"),
        ({}, "minimum", "note"),
        ({"minimum": 1}, "maximum", "note"),
        ({"minimum": 1}, "minimum", "error"),
        ({"exclusiveMaximum": 100}, "maximum", "error"),
        ({"format": "double"}, "maximum", "error"),
    ],
)
def test_a_number_beyond_a_format_is_taken_by_many(more: Any, rule: str, severity: str) -> None:
    pages = {"name": "pages", "in": "query", "schema": {**INT, **more}}
    contract = documented(operation(responses={"200": response(), "400": response()}, parameters=[pages]))
    breach = Breach("query/pages", rule, Evidence(Grade.STATED, "books.md", 40))
    (finding,) = findings_of("invalid-request", exchange(contract, reply({}), purpose=Purpose.HOSTILE, breach=breach))
    assert (finding.severity, finding.once) == (severity, severity == "note")


def test_a_day_that_no_calendar_has_is_taken_by_many() -> None:
    breach = Breach("query/since", "calendar", Evidence(Grade.STATED, "books.md", 40))
    (finding,) = findings_of("invalid-request", exchange(REFUSING, reply({}), purpose=Purpose.HOSTILE, breach=breach))
    assert (finding.severity, finding.once) == ("note", True)


def test_octets_that_are_no_text_are_read_by_many() -> None:
    answered = exchange(REFUSING, reply({}), Call((JSON,), b'{"a": "\xff"}', "POST"), purpose=Purpose.HOSTILE)
    (finding,) = findings_of("invalid-request", answered)
    assert (finding.severity, finding.rule, finding.once) == ("note", "body UTF-8", True)


@pytest.mark.parametrize("rule", ["required", "media-type"])
@pytest.mark.parametrize(("required", "severity"), [([], "note"), (["title"], "error")])
def test_no_body_may_be_taken_for_an_object_without_properties(rule: str, required: list[str], severity: str) -> None:
    schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": required}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    responses = {"200": response(), "422": response()}
    contract = documented(operation(responses=responses, requestBody=body), method="patch")
    breach = Breach("body", rule, Evidence(Grade.STATED, "books.md", 40))
    (finding,) = findings_of("invalid-request", exchange(contract, reply({}), purpose=Purpose.HOSTILE, breach=breach))
    assert (finding.severity, finding.once) == (severity, severity == "note")


@pytest.mark.parametrize(
    ("name", "sent", "documents_null", "severity"),
    [
        ("note", None, False, "note"),
        ("note", None, True, "warning"),
        ("note", 5, False, "error"),
        ("title", None, False, "error"),
    ],
)
def test_null_of_what_may_be_left_out_is_taken_by_many(
    name: str, sent: Any, documents_null: bool, severity: str
) -> None:
    text = {"type": "string"}
    schema = {"type": "object", "properties": {"title": text, "note": text}, "required": ["title"]}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    responses = {"200": response(), "422": response()}
    contract = replace(
        documented(operation(responses=responses, requestBody=body), method="post"), documents_null=documents_null
    )
    breach = Breach(f"body/{name}", "type", Evidence(Grade.STATED, "books.md", 40))
    call = Call((JSON,), json.dumps({name: sent}).encode(), "POST", "/books/7")
    (finding,) = findings_of(
        "invalid-request", exchange(contract, reply({}), call, purpose=Purpose.HOSTILE, breach=breach)
    )
    assert (finding.severity, finding.once, finding.rule == "null") == (severity, *[severity != "error"] * 2)
