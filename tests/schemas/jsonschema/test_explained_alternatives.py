"""How a value is explained that fits no alternative, or too many, and of properties that have no place."""

from typing import Any

import pytest

from docdouble.schemas import Contract, Schema, Validator, Violation
from docdouble.schemas.jsonschema import explain_violations

TEXT = {"type": "string"}
CAT = {"type": "object", "required": ["kind", "meow"], "properties": {"kind": TEXT, "meow": {"type": "boolean"}}}
DOG = {"type": "object", "required": ["kind", "bark"], "properties": {"kind": TEXT, "bark": {"type": "integer"}}}
COMPOSED = {"properties": {"a": TEXT, "b": {}}}
CONTRACT = Contract("", "", (), {"Cat": CAT, "Dog": DOG})
CAT_REF, DOG_REF = {"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}


def violations(schema: Schema, value: Any) -> tuple[Violation, ...]:
    return Validator(schema, CONTRACT).violations(value)


@pytest.mark.parametrize(("word", "count"), [("oneOf", "exactly one"), ("anyOf", "at least one")])
def test_each_alternative_says_what_it_lacks_the_nearest_first(word: str, count: str) -> None:
    (violation,) = violations({word: [CAT_REF, DOG_REF, TEXT, {"type": "null"}]}, {"kind": "dog", "bark": "loud"})
    assert (violation.pointer, violation.rule) == ("", word)
    assert violation.expected == f"{count} of Cat, Dog, string, null"
    assert violation.got == (
        '{"kind": "dog", "bark": "loud"}, which is no Cat (it lacks meow); no Dog (/bark is "loud", not integer)'
    )


def test_a_value_of_several_alternatives_names_them() -> None:
    open_types = [{"title": "Loud", "properties": {"bark": {}}}, {"properties": {"meow": {}}}, {"type": "array"}]
    (violation,) = violations({"oneOf": open_types}, {"a": 1})
    assert violation.expected == "exactly one of Loud, alternative 2, array"
    assert violation.got == '{"a": 1}, which is Loud, alternative 2'


def test_a_constant_property_tells_which_alternative_is_meant() -> None:
    kinds = [
        {**part, "properties": {**part["properties"], "kind": kind}}  # type: ignore[dict-item]
        for part, kind in ((CAT, {"const": "cat"}), (DOG, {"enum": ["dog"]}))
    ]
    (violation,) = violations({"oneOf": kinds}, {"kind": "dog", "bark": "loud"})
    assert (violation.pointer, violation.rule, violation.got) == ("/bark", "type", '"loud"')


def test_the_only_alternative_of_its_type_is_meant() -> None:
    (violation,) = violations({"oneOf": [CAT_REF, {"type": "string", "pattern": "^x"}]}, "y")
    assert (violation.rule, violation.got) == ("pattern", '"y"')


def test_properties_without_a_place_are_named() -> None:
    schema = {"properties": {"a": {}, "b": {"additionalProperties": False}}, "additionalProperties": False}
    by_pointer = {
        violation.pointer: violation for violation in violations(schema, {"a": 1, "b": {"c": 1}, "y": 2, "z": 3})
    }
    assert (by_pointer[""].expected, by_pointer[""].got) == ('no properties but ["a", "b"]', 'also ["y", "z"]')
    assert (by_pointer[""].unexpected, by_pointer["/b"].unexpected) == (("y", "z"), ("c",))
    assert by_pointer["/b"].expected == "no properties"


def test_unevaluated_properties_are_named() -> None:
    schema = {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}
    (violation,) = violations(schema, {"a": 1, "z": 3})
    assert violation.unexpected == ("z",)


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (COMPOSED, {"a": 1, "b": 2}, [("/a", "type", ())]),
        (COMPOSED, {"a": 1, "b": 2, "z": 3}, [("/a", "type", ()), ("", "unevaluatedProperties", ("z",))]),
        ({"anyOf": [COMPOSED]}, {"a": 1}, [("/a", "type", ())]),
        ({"properties": {"cat": CAT_REF}}, {"cat": {"kind": 1, "meow": True}}, [("/cat/kind", "type", ())]),
        (CAT_REF, {"kind": 1, "meow": True}, [("/kind", "type", ())]),
        ({"patternProperties": {"^a": TEXT}}, {"a": 1, "ab": "x"}, [("/a", "type", ())]),
        ({"properties": {"a": TEXT}, "additionalProperties": {}}, {"a": 1, "z": 3}, [("/a", "type", ())]),
    ],
)
def test_what_a_failing_part_documents_has_a_place(part: Schema, value: Any, expected: list[Any]) -> None:
    reported = violations({"allOf": [part], "unevaluatedProperties": False}, value)
    assert [(violation.pointer, violation.rule, violation.unexpected) for violation in reported] == expected


def test_items_of_a_failing_part_are_reported_once() -> None:
    (violation,) = violations({"allOf": [{"prefixItems": [TEXT]}], "unevaluatedItems": False}, [1])
    assert (violation.pointer, violation.rule) == ("/0", "type")


def test_each_part_of_an_all_of_tells_what_it_lacks() -> None:
    reported = violations({"allOf": [{"required": ["a"]}, {"required": ["b"]}]}, {})
    assert [violation.missing for violation in reported] == [("a",), ("b",)]


def test_alternatives_in_alternatives_are_descended_into_once(monkeypatch: pytest.MonkeyPatch) -> None:
    schema: Schema = DOG
    for _ in range(16):
        schema = {"oneOf": [schema, CAT]}
    asked, is_drift = [], explain_violations._is_drift
    monkeypatch.setattr(explain_violations, "_is_drift", lambda error: asked.append(error) or is_drift(error))
    assert violations(schema, {"kind": "x"})
    assert len(asked) < 200
