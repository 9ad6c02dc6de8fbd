import json
from dataclasses import replace

import pytest

from docdouble.contracts.checks.undocumented_field import MOST_NAMED, MOST_OF_ITEMS
from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Call

from .made import JSON, TEXT, applies, documented, exchange, findings_of, operation, record, reply, summary

CONTRACT = documented(operation())
AUTHOR = {"$ref": "#/components/schemas/Author"}
NAMED = documented(
    operation(
        record(
            More={"type": "array", "items": record(By=AUTHOR)}, Best={"type": "object", "properties": {"By": AUTHOR}}
        )
    ),
    schemas={"Author": record(Name=TEXT)},
)


def test_a_property_that_nobody_documents_is_a_warning() -> None:
    (finding,) = findings_of("undocumented-field", exchange(CONTRACT, reply({"Id": 1, "New": None})))
    assert summary(finding) == ("warning", "books.md:9", "/New", "undocumented")
    assert finding.got == "the property New"


def test_how_a_framework_refuses_is_a_note() -> None:
    refusals = {"422": {"description": "", "content": {"application/json": {"schema": record(Detail=TEXT)}}}}
    contract = documented(operation(responses={"200": {"description": ""}, **refusals}))
    body = reply({"Detail": "no number", "input": "x"}, 422)
    for purpose, expected in ((Purpose.HOSTILE, ("note", True)), (Purpose.VALID, ("warning", False))):
        (finding,) = findings_of("undocumented-field", exchange(contract, body, purpose=purpose))
        assert (finding.severity, finding.once) == expected


@pytest.mark.parametrize(
    ("name", "shown", "severity"),
    [
        ("password", "pass word 1", "error"),
        ("password", "********", "warning"),
        ("password", "", "warning"),
        ("nickname", "ann", "warning"),
    ],
)
def test_a_secret_that_comes_back_is_an_error(name: str, shown: str, severity: str) -> None:
    sent = {"user": {"password": "pass word 1", "nickname": "ann"}}
    call = Call((JSON,), json.dumps(sent).encode(), "POST")
    contract = documented(operation(), method="post")
    (finding,) = findings_of("undocumented-field", exchange(contract, reply({"Id": 1, name: shown}), call))
    assert finding.severity == severity
    assert "pass word" not in str((finding.got, finding.expected))


def test_it_is_reported_once_for_each_type_where_that_is_shown_first() -> None:
    two = {"More": [{"By": {"New": 1}}], "Best": {"By": {"New": 1}}}
    inner = {"More": [{"By": {"New": 1}}]}
    for body in (two, inner):
        (finding,) = findings_of("undocumented-field", exchange(NAMED, reply(body)))
        assert (finding.pointer, finding.got) == ("/Best/By/New", "the property New of Author")


def test_documented_properties_in_any_case_and_what_is_below_undocumented_ones() -> None:
    assert not findings_of("undocumented-field", exchange(CONTRACT, reply({"ID": 1, "Title": ""})))
    assert len(findings_of("undocumented-field", exchange(CONTRACT, reply({"New": {"Newer": 1}})))) == 1


def test_dictionaries_may_have_any_key() -> None:
    contract = documented(operation({"type": "object", "additionalProperties": TEXT}))
    assert not applies("undocumented-field", exchange(contract, reply({"New": ""})))


@pytest.mark.parametrize("name", ["<location>", "{location}", "[location]"])
def test_a_placeholder_stands_for_any_name(name: str) -> None:
    inner = record(**{"<field_name>": {"type": "array", "items": TEXT}})
    contract = documented(operation(record(detail=record(**{name: inner}))))
    assert not findings_of(
        "undocumented-field", exchange(contract, reply({"detail": {"json": {"title": ["Too long."]}}}))
    )


def test_what_a_documented_sample_or_example_shows_is_documented() -> None:
    author = {**record(Name=TEXT), "example": {"Name": "Ann", "Born": 1775}}
    shelf = record(Books={"type": "array", "items": record(By={"$ref": "#/components/schemas/Author"}, Title=TEXT)})
    contract = documented(operation(shelf), schemas={"Author": author})
    (media_type,) = contract.operations[0].responses[0].media_types
    sample = {"Books": [{"Title": "Emma", "Pages": 474}], "Room": 3}
    response = replace(contract.operations[0].responses[0], media_types=(replace(media_type, samples=(sample,)),))
    shown = replace(contract, operations=(replace(contract.operations[0], responses=(response,)),))
    body = {"Books": [{"Title": "Emma"}, {"Pages": 1, "By": {"Born": 1, "Died": 2}, "Room": 1}], "room": 1}
    undocumented = [finding.got for finding in findings_of("undocumented-field", exchange(shown, reply(body)))]
    assert sorted(undocumented) == ["the property Died of Author", "the property Room"]


def test_what_is_named_as_required_is_documented() -> None:
    schema = {**record(Card=TEXT), "required": ["Name"], "dependentRequired": {"Card": ["Address"]}}
    contract = documented(operation(schema))
    assert not findings_of("undocumented-field", exchange(contract, reply({"Card": "", "Name": "", "Address": ""})))
    assert findings_of("undocumented-field", exchange(contract, reply({"Card": "", "Street": ""})))


@pytest.mark.parametrize(
    ("grade", "severity", "expected"),
    [
        ("sampled", "note", "the keys that a sample shows"),
        ("stated", "warning", "documented properties only"),
    ],
)
def test_keys_of_a_dictionary_are_one_finding(grade: str, severity: str, expected: str) -> None:
    text = {**TEXT, "x-docdouble-evidence": {"grade": grade, "page": "books.md", "line": 3}}
    contract = documented(operation(record(en=text, de=text)))
    body = {"en": "", **{f"k{number}": "" for number in range(MOST_NAMED + 3)}}
    (finding,) = findings_of("undocumented-field", exchange(contract, reply(body)))
    assert (finding.severity, finding.pointer, finding.expected) == (severity, "/*", expected)
    assert finding.got == "11 other properties: k0, k1, k2, k3, k4, k5, k6, k7 and 3 more"


def test_different_names_in_very_many_items_are_named_up_to_a_bound() -> None:
    contract = documented(operation({"type": "array", "items": record(Id=TEXT)}))
    rows = [{"Id": "1", f"k{number}": ""} for number in range(MOST_OF_ITEMS + 100)]
    findings = findings_of("undocumented-field", exchange(contract, reply(rows)))
    assert len(findings) == MOST_OF_ITEMS + 1
    assert findings[-1].got == "objects with more than 50 other properties, k50 among them"
