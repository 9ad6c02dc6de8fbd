"""A value with very many faults is judged up to a bound, and that is reported."""

import pytest

from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.jsonschema.explain_violations import MAX_ALIKE, MOST_LISTED
from docdouble.schemas.jsonschema.first_parts import MOST_PARTS

CONTRACT = Contract("library", "1", ())


def named(count: int, part: Schema) -> Schema:
    return {"type": "object", "properties": {f"p{number}": dict(part) for number in range(count)}}


def test_different_violations_are_listed_up_to_a_bound() -> None:
    schema = named(10_000, {"type": "string"})
    violations = Validator(schema, CONTRACT).violations(dict.fromkeys(schema["properties"], 1))
    assert len(violations) == MOST_LISTED + 1
    assert {violation.rule for violation in violations[:-1]} == {"type"}
    assert (violations[-1].rule, violations[-1].counts) == ("more", False)


@pytest.mark.parametrize("count", [MOST_LISTED - 1, MOST_LISTED])
def test_as_many_as_the_bound_are_listed(count: int) -> None:
    schema = named(count, {"type": "string"})
    violations = Validator(schema, CONTRACT).violations(dict.fromkeys(schema["properties"], 1))
    assert [violation.rule for violation in violations] == ["type"] * count


@pytest.mark.parametrize("count", [19, 60])
def test_nulls_are_listed_in_their_order_wherever_they_are(count: int) -> None:
    part: Schema = {"type": "object", "properties": {"items": {"items": {"type": "string"}}}}
    schema: Schema = {"additionalProperties": {"type": "string"}, "properties": {"part": part}}
    names = [f"p{number * 7 % 61}" for number in range(count)]
    value = {"part": {"items": [None] * count + [1]}, **dict.fromkeys(names, None)}
    shown = min(count, MAX_ALIKE)
    last = [f"/part/items/{count}"] if count < MAX_ALIKE else []
    expected = [*(f"/part/items/{number}" for number in range(shown)), *last, *(f"/{name}" for name in names[:shown])]
    assert sorted(violation.pointer for violation in Validator(schema, CONTRACT).violations(value)) == sorted(expected)


def test_alike_violations_of_a_large_array_end() -> None:
    violations = Validator({"items": {"type": "string"}}, CONTRACT).violations([1] * 160_000)
    assert [violation.rule for violation in violations] == ["type"] * 20 + ["more", "large"]


@pytest.mark.parametrize("items", [{"type": "integer"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}])
def test_a_fault_beyond_the_parts_that_are_judged_is_one_all_the_same(items: Schema) -> None:
    (violation,) = Validator({"type": "array", "items": items}, CONTRACT).violations([1] * MOST_PARTS + ["x"])
    assert (violation.rule, violation.counts) == ("large", True)


def test_objects_of_a_large_array_are_compared_in_time() -> None:
    schema = {"type": "array", "uniqueItems": True, "items": {"properties": {"a": {"type": "string"}}}}
    value = [{"a": number} for number in range(6_000)]
    rules = {violation.rule for violation in Validator(schema, CONTRACT).violations([*value, value[0]])}
    assert rules == {"type", "uniqueItems", "more"}


def test_undocumented_properties_are_one_violation() -> None:
    value = {f"p{number}": 1 for number in range(160_000)}
    violations = Validator({"type": "object", "additionalProperties": False}, CONTRACT).violations(value)
    assert len(violations) <= 21
