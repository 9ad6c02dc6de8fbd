import json
from typing import Any

import pytest

from docdouble.schemas import Evidence, Grade, Schema
from docdouble.schemas.contract.model import EVIDENCE, reference, with_evidence
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.json_lines import parse_json
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.pages.infer_schemas import Sample, combine, combine_all, shows_nothing, without_null


def sample_of(value: Any) -> Sample:
    return Sample(*parse_json(json.dumps(value, indent=0), "lend.md", 10), "lend.md", SUPEROFFICE)


def inferred(value: Any, name: str = "", description: str = "") -> Schema:
    return sample_of(value).infer(value, "", name, description)


def plain(value: Any) -> Any:
    """The schema without evidence and kinds."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: plain(part) for key, part in value.items() if key not in (EVIDENCE, KINDS)}


def at(grade: str, line: int) -> dict[str, Any]:
    return {"grade": grade, "page": "lend.md", "line": line}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (True, {"type": "boolean"}),
        (7, {"type": "integer", "format": "int32"}),
        (2**31, {"type": "integer"}),
        (-(2**31) - 1, {"type": "integer"}),
        (0.5, {"type": "number", "format": "double"}),
        ("some words", {"type": "string"}),
        ("System.Int32", {"type": "string", "examples": ["System.Int32"]}),
        (
            "2002-03-31T18:00:00",
            {"type": "string", "format": "date-time", "examples": ["2002-03-31T18:00:00"]},
        ),
        ("2002-02-30T18:00:00", {"type": "string"}),
        ("2002-03-31", {"type": "string"}),
        (None, {}),
        ([], {"type": "array"}),
        ({}, {"type": "object"}),
        ([1, 2], {"type": "array", "items": {"type": "integer", "format": "int32"}}),
        ({"Id": "x y"}, {"type": "object", "properties": {"Id": {"type": "string"}}}),
    ],
)
def test_a_value_shows_its_schema(value: Any, schema: Schema) -> None:
    assert plain(inferred(value)) == schema


def test_each_part_has_its_line_and_conventions_are_assumed() -> None:
    assert inferred({"Id": 1, "Tags": [None]}) == {
        "type": "object",
        "properties": {
            "Id": {
                "type": "integer",
                "format": "int32",
                EVIDENCE: {**at("sampled", 11), "keywords": {"format": at("assumed", 11)}},
            },
            "Tags": {
                "type": "array",
                "items": {EVIDENCE: {**at("sampled", 13), "keywords": {"null": at("sampled", 13)}}},
                EVIDENCE: at("sampled", 12),
            },
        },
        EVIDENCE: at("sampled", 10),
    }


@pytest.mark.parametrize(
    ("value", "name", "description"),
    [
        ({"fieldName": 1}, "", ""),
        ({"Desk:1": 1, "Desk:2": 2}, "Labels", ""),
        ({"Labels1": 1, "Labels2": 2}, "Labels", ""),
        ({"North": 1, "South": 2}, "Rights", "Dictionary from shelf to right"),
    ],
)
def test_a_dictionary_is_recognised_by_its_keys_or_its_description(value: Any, name: str, description: str) -> None:
    assert plain(inferred(value, name, description)) == {
        "type": "object",
        "propertyNames": {"examples": list(value)},
        "additionalProperties": {"type": "integer", "format": "int32"},
    }


@pytest.mark.parametrize(
    ("value", "description"), [({"Desk:1": 1, "Title": 2}, ""), ({"North": 1}, "A dictionaryless record")]
)
def test_an_object_with_other_keys_is_a_record(value: Any, description: str) -> None:
    assert list(inferred(value, "Labels", description)["properties"]) == list(value)


def test_an_empty_object_is_neither_record_nor_dictionary() -> None:
    assert plain(inferred({}, "Labels", "A dictionary")) == {"type": "object"}


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        ([1, 0.5], {"type": "number", "format": "double"}),
        ([0.5, 1], {"type": "number", "format": "double"}),
        ([1, 2**40], {"type": "integer"}),
        ([1, "two words"], {"type": ["integer", "string"]}),
        ([1, "two words", "three more words", True], {"type": ["integer", "string", "boolean"]}),
        ([1, None], {"type": ["integer", "null"], "format": "int32"}),
        ([None, 1, "two words"], {"type": ["integer", "string", "null"]}),
        ([1, None, "two words"], {"type": ["integer", "string", "null"]}),
        ([None, None], {}),
        ([["A"], ["B", 1]], {"type": "array", "items": {"type": ["string", "integer"], "examples": ["A", "B"]}}),
        ([[], [1]], {"type": "array", "items": {"type": "integer", "format": "int32"}}),
        ([[1], []], {"type": "array", "items": {"type": "integer", "format": "int32"}}),
        (
            ["2002-03-31T18:00:00", "2003-03-31T18:00:00", "2004-03-31T18:00:00"],
            {"type": "string", "format": "date-time", "examples": ["2002-03-31T18:00:00", "2003-03-31T18:00:00"]},
        ),
        (["2002-03-31T18:00:00", "not yet"], {"type": "string", "examples": ["2002-03-31T18:00:00"]}),
        (
            [{"a": 1}, {"a": "x y", "b": True}, {}],
            {"type": "object", "properties": {"a": {"type": ["integer", "string"]}, "b": {"type": "boolean"}}},
        ),
        (
            [{"fieldName": 1}, {"fieldName": True, "Title": "x y"}],
            {
                "type": "object",
                "propertyNames": {"examples": ["fieldName", "Title"]},
                "additionalProperties": {"type": ["integer", "boolean", "string"]},
            },
        ),
        (
            [{}, {"a:1": True}],
            {"type": "object", "propertyNames": {"examples": ["a:1"]}, "additionalProperties": {"type": "boolean"}},
        ),
    ],
)
def test_values_combine_to_one_schema(values: list[Any], schema: Schema) -> None:
    assert plain(combine_all([inferred(value) for value in values])) == schema


def stated(schema: Schema, line: int = 1, **keywords: Evidence) -> Schema:
    return with_evidence(schema, Evidence(Grade.STATED, "lend.md", line), **keywords)


def sampled(schema: Schema, line: int = 2, **keywords: Evidence) -> Schema:
    return with_evidence(schema, Evidence(Grade.SAMPLED, "lend.md", line), **keywords)


NULL = Evidence(Grade.SAMPLED, "lend.md", 3)


@pytest.mark.parametrize(
    ("first", "second", "combined"),
    [
        pytest.param(
            sampled({"type": "string"}),
            stated({"type": "string", "description": "Title"}),
            stated({"type": "string", "description": "Title"}),
            id="the surer one",
        ),
        pytest.param(
            sampled({"type": "string"}), sampled({"type": "string"}, 9), sampled({"type": "string"}), id="first"
        ),
        pytest.param(
            sampled({"type": "integer", "format": "int32"}),
            stated({"type": "integer", "format": "int64"}),
            stated({"type": "integer", "format": "int64"}),
            id="a stated format",
        ),
        pytest.param(
            stated({"type": "integer", "format": "int32"}),
            stated({"type": "integer", "format": "int64"}),
            stated({"type": "integer"}),
            id="two stated formats",
        ),
        pytest.param(
            sampled({"type": "object", "properties": {}}),
            stated({"anyOf": [reference("Book"), {"type": "null"}], "description": "Book"}, null=NULL),
            stated({"anyOf": [reference("Book"), {"type": "null"}], "description": "Book"}, null=NULL),
            id="a named type",
        ),
        pytest.param(
            stated({"type": "string"}),
            sampled({"type": ["string", "null"]}, null=NULL),
            stated({"type": ["string", "null"]}, null=NULL),
            id="null keeps its evidence",
        ),
        pytest.param(
            stated({"type": "string", "enum": ["A"]}),
            sampled({}, 3, null=NULL),
            stated({"type": ["string", "null"], "enum": ["A", None]}, null=NULL),
            id="null and an enumeration",
        ),
        pytest.param(stated({}), sampled({"type": "string"}), sampled({"type": "string"}), id="nothing stated"),
        pytest.param({}, {}, {}, id="nothing"),
        pytest.param(
            stated({"type": "object", "properties": {"Id": stated({"type": "string"}, 2)}}),
            sampled({"type": "object", "additionalProperties": {"type": "integer"}}),
            stated({"type": "object", "properties": {"Id": stated({"type": "string"}, 2)}}),
            id="a record with a table",
        ),
    ],
)
def test_the_better_supported_reading_wins(first: Schema, second: Schema, combined: Schema) -> None:
    assert combine(first, second) == combined


def test_null_in_an_enumeration_goes_with_the_type() -> None:
    assert without_null({"type": ["string", "null"], "enum": ["A", None]}) == {"type": "string", "enum": ["A"]}


@pytest.mark.parametrize(
    ("schema", "expected"), [({}, True), ({"description": "x"}, True), (stated({}), True), ({"type": "null"}, False)]
)
def test_evidence_alone_shows_nothing(schema: Schema, expected: bool) -> None:
    assert shows_nothing(schema) is expected
