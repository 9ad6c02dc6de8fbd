from dataclasses import replace
from typing import Any

import pytest

from docdouble.schemas import Call

from .made import BOOK, INT, TEXT, applies, documented, exchange, findings_of, line, operation, record, reply, summary

CONTRACT = documented(operation())


def test_severity_follows_the_evidence() -> None:
    findings = findings_of("missing-field", exchange(CONTRACT, reply({"Id": 1})))
    assert [summary(finding) for finding in findings] == [
        ("error", "books.md:12", "/Title", "missing"),
        ("warning", "books.md:13", "/Note", "missing"),
    ]
    assert (findings[0].expected, findings[0].got) == ("the property Title", "a record without Title")


def test_a_property_in_another_case_is_not_missing() -> None:
    assert not findings_of("missing-field", exchange(CONTRACT, reply({"id": 1, "TITLE": "", "Note": ""})))


def test_a_document_says_which_properties_are_always_there() -> None:
    contract = documented(operation(record(Id=INT, Title=TEXT) | {"required": ["Id"]}))
    assert [finding.pointer for finding in findings_of("missing-field", exchange(contract, reply({})))] == ["/Id"]


def test_dictionaries_and_compositions_are_not_judged() -> None:
    for more in ({"additionalProperties": True}, {"allOf": [record(Id=INT)]}):
        assert not applies("missing-field", exchange(documented(operation({**BOOK, **more})), reply({})))


def test_keys_of_dictionaries_are_one_place() -> None:
    contract = documented(operation({"type": "object", "additionalProperties": record(Id={**INT, **line(11)})}))
    (finding,) = findings_of("missing-field", exchange(contract, reply({"a": {}, "b": {}})))
    assert finding.pointer == "/*/Id"


def test_lists_have_the_columns_that_are_asked_for() -> None:
    behaviour = {"name": "list-select", "parameter": "$select", **line(4)}
    contract = documented(operation({"type": "array", "items": BOOK}, **{"x-docdouble-behaviours": [behaviour]}))
    assert not applies("missing-field", exchange(contract, reply([{}]), Call(target="/books/7?%24select=Id")))
    assert applies("missing-field", exchange(contract, reply([{}])))


def test_what_only_samples_show_and_they_leave_out_may_be_missing() -> None:
    contract = documented(operation({"type": "array", "items": BOOK}))
    (media_type,) = contract.operations[0].responses[0].media_types
    sample = [{"Id": 1, "Title": "Emma", "Note": "x"}, {"Id": 2}]
    response = replace(contract.operations[0].responses[0], media_types=(replace(media_type, samples=(sample,)),))
    shown = replace(contract, operations=(replace(contract.operations[0], responses=(response,)),))
    body = reply([{"Id": 1}])
    assert [finding.pointer for finding in findings_of("missing-field", exchange(contract, body))] == [
        "/0/Title",
        "/0/Note",
    ]
    assert [finding.pointer for finding in findings_of("missing-field", exchange(shown, body))] == ["/0/Title"]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({"rows": [{"Id": 1}], "from": 1}, ["/total"]),
        ({"rows": [{"Id": 1}], "total": 1}, ["/from"]),
        ({"rows": [], "total": 0}, []),
        ({"total": 0, "from": 1, "next": "/books?page=2"}, ["/rows"]),
    ],
)
def test_there_may_be_no_other_page_and_no_first_row(body: dict[str, Any], missing: list[str]) -> None:
    rows = {"type": "array", "items": record(Id=INT), **line(20)}
    page = {"rows": rows, "total": {**INT, **line(21)}, "from": {**INT, **line(22)}, "next": {**TEXT, **line(23)}}
    asked = [{"name": "page", "in": "query", "schema": INT}]
    contract = documented(operation(record(**page), parameters=asked), path="/books")
    findings = findings_of("missing-field", exchange(contract, reply(body), Call(target="/books")))
    assert [finding.pointer for finding in findings] == missing
