import json
from typing import Any

import pytest

from docdouble.schemas import Evidence, Grade, Schema
from docdouble.schemas.contract.model import EVIDENCE, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.json_lines import parse_json
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.pages.blocks import TableRow
from docdouble.schemas.pages.infer_schemas import Sample
from docdouble.schemas.pages.merge import Merged, TypeReading, join, merge
from docdouble.schemas.pages.type_words import TypeWord

INT32 = {"type": "integer", "format": "int32"}


def merged(table: dict[str, str], *records: Any, pointer: str = "") -> Merged:
    """Merge a table that starts on line 2 with a sample that starts on line 50."""
    rows = tuple(TableRow((name, word, ""), line) for line, (name, word) in enumerate(table.items(), 2))
    sample = None
    if records:
        value = records[0] if len(records) == 1 else list(records)
        sample = Sample(*parse_json(json.dumps(value, indent=0), "lend.md", 50), "lend.md", SUPEROFFICE)
    return merge(rows, sample, pointer, "lend.md", SUPEROFFICE)


def at(grade: str, line: int, **keywords: dict[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {"grade": grade, "page": "lend.md", "line": line}
    return {EVIDENCE: {**own, "keywords": keywords} if keywords else own}


def fact(grade: str, line: int) -> dict[str, Any]:
    return {"grade": grade, "page": "lend.md", "line": line}


def test_a_table_alone_states_the_properties() -> None:
    row = TableRow(("LoanId", "int32", "Number of the loan"), 9)
    assert merge((row,), None, "", "lend.md", SUPEROFFICE) == Merged(
        {"type": "object", "properties": {"LoanId": {**INT32, "description": "Number of the loan", **at("stated", 9)}}},
        (),
        (),
    )


def test_a_sample_completes_what_the_table_states() -> None:
    sample = {"Title": "Tides", "Due": "2024-06-01T12:00:00Z", "Tags": ["North"], "Notes": {"fieldName": True}}
    assert merged({"Title": "string", "Due": "string", "Tags": "array", "Notes": "object"}, sample).schema == {
        "type": "object",
        "properties": {
            "Title": {"type": "string", KINDS: {"word": 1}, "examples": ["Tides"], **at("stated", 2)},
            "Due": {
                "type": "string",
                "format": "date-time",
                KINDS: {"date-time": 1},
                "examples": ["2024-06-01T12:00:00Z"],
                **at("stated", 3, format=fact("sampled", 52)),
            },
            "Tags": {
                "type": "array",
                "items": {"type": "string", KINDS: {"word": 1}, "examples": ["North"], **at("sampled", 54)},
                **at("stated", 4),
            },
            "Notes": {
                "type": "object",
                "propertyNames": {"examples": ["fieldName"]},
                "additionalProperties": {"type": "boolean", **at("sampled", 57)},
                **at("stated", 5),
            },
        },
    }


def test_names_are_matched_without_regard_to_case_and_spelled_as_in_the_table() -> None:
    result = merged({"LoanId": "int32"}, {"loanid": None})
    assert result.schema["properties"] == {
        "LoanId": {
            "type": ["integer", "null"],
            "format": "int32",
            **at("stated", 2, null=fact("sampled", 51)),
        }
    }
    assert result.contradictions == ()


def test_a_named_type_is_referred_to_and_its_shape_kept() -> None:
    result = merged({"Book": "Book", "Reader": "Member"}, {"Book": {"Id": 1}, "Reader": None})
    assert result.schema["properties"] == {
        "Book": {**reference("Book"), **at("stated", 2)},
        "Reader": {
            "anyOf": [reference("Member"), {"type": "null"}],
            **at("stated", 3, null=fact("sampled", 54)),
        },
    }
    record = {"Id": {**INT32, **at("sampled", 52, format=fact("assumed", 52))}}
    assert result.type_readings == (
        TypeReading("Book", {"type": "object", "properties": record, **at("sampled", 51)}, "Book"),
        TypeReading("Member", {}, "Reader"),
    )


def test_each_property_of_a_type_tells_its_shape() -> None:
    result = merged({"Book": "Book", "Copy": "Book"}, {"Book": {"Id": 1}, "Copy": {"Shelf": True}})
    assert [(shape.property, list(shape.schema["properties"])) for shape in result.type_readings] == [
        ("Book", ["Id"]),
        ("Copy", ["Shelf"]),
    ]


def test_all_records_of_an_array_are_read() -> None:
    result = merged({"Id": "int32", "Due": "date-time"}, {"Id": 1}, {"Due": None}, {"Extra": True})
    assert result.schema["properties"] == {
        "Id": {**INT32, **at("stated", 2)},
        "Due": {
            "type": ["string", "null"],
            "format": "date-time",
            **at("stated", 3, null=fact("sampled", 55)),
        },
        "Extra": {"type": "boolean", **at("sampled", 58)},
    }
    assert result.contradictions == (Contradiction("not-in-table", "lend.md", 58, "the sample's Extra is in no table"),)


def test_the_record_may_stand_inside_the_sample() -> None:
    result = merged({"Id": "int32"}, [{"Id": "x y"}, {"Id": 1}], [], pointer="/0/1")
    assert result.schema["properties"] == {"Id": {**INT32, **at("stated", 2)}}
    assert result.contradictions == ()


@pytest.mark.parametrize("sample", [None, 5, "text", [1, "text"], []])
def test_a_sample_without_records_adds_nothing(sample: Any) -> None:
    assert merged({"Id": "int32"}, sample) == merged({"Id": "int32"})


@pytest.mark.parametrize(
    ("word", "value", "message", "read"),
    [
        ("int32", "x y", "A is stated as integer, the sample shows string", {**INT32, **at("stated", 2)}),
        ("int32", 1.5, "A is stated as integer, the sample shows number", {**INT32, **at("stated", 2)}),
        ("array", {"B": 1}, "A is stated as array, the sample shows object", {"type": "array", **at("stated", 2)}),
        ("bool", [], "A is stated as boolean, the sample shows array", {"type": "boolean", **at("stated", 2)}),
        ("Book", True, "A is stated as object, the sample shows boolean", {"type": "boolean", **at("sampled", 51)}),
        ("Book", [], "A is stated as object, the sample shows array", {"type": "array", **at("sampled", 51)}),
    ],
)
def test_a_type_that_contradicts_the_sample_is_noticed(word: str, value: Any, message: str, read: Schema) -> None:
    result = merged({"A": word}, {"A": value})
    assert result.contradictions == (Contradiction("sample-type", "lend.md", 2, message),)
    assert result.schema["properties"] == {"A": read}
    assert result.type_readings == ()


def test_a_whole_number_fits_a_number() -> None:
    result = merged({"Fine": "double"}, {"Fine": 2})
    assert result.schema["properties"] == {"Fine": {"type": "number", "format": "double", **at("stated", 2)}}
    assert result.contradictions == ()


def test_a_type_that_means_nothing_leaves_the_word_to_the_sample() -> None:
    result = merged({"Name": "any text", "Born": "???"}, {"Name": "Ursula"})
    assert result.schema["properties"] == {
        "Name": {"type": "string", KINDS: {"word": 1}, "examples": ["Ursula"], **at("sampled", 51)},
        "Born": at("stated", 3),
    }
    assert [str(contradiction) for contradiction in result.contradictions] == [
        "lend.md:2: type 'any text' of Name means nothing [unreadable-type]",
        "lend.md:3: type '???' of Born means nothing [unreadable-type]",
        "lend.md:3: the table's Born is not in the sample [not-in-sample]",
    ]


def test_the_first_description_of_a_property_counts() -> None:
    result = merged({"Id": "int32", "ID": "string"}, {"Id": None})
    assert list(result.schema["properties"]) == ["Id"]
    assert result.schema["properties"]["Id"]["type"] == ["integer", "null"]
    assert result.contradictions == (Contradiction("described-twice", "lend.md", 3, "ID is described twice"),)


def test_null_beside_a_contradiction_is_still_null() -> None:
    evidence = Evidence(Grade.STATED, "lend.md", 2)
    seen: Schema = {"type": ["string", "null"], **at("sampled", 51, null=fact("sampled", 52))}
    assert join("A", TypeWord(INT32), seen, evidence).schema == {
        "type": ["integer", "null"],
        "format": "int32",
        **at("stated", 2, null=fact("sampled", 52)),
    }
