"""Alternatives: each is sent, and each rule of each is broken, whatever the seed."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases import hostile_cases
from docdouble.contracts.model.case import Case, Purpose
from docdouble.schemas import Body, Contract, MediaType, Operation, Schema

from .library import ANSWERS, cases, line, maker

TEXT: Schema = {"type": "string"}


def animal(kind: str, **properties: Schema) -> Schema:
    kinds: Schema = {"type": "string", "enum": [kind, f"{kind}-like"]}
    return {"type": "object", "required": ["kind", *properties], "properties": {"kind": kinds, **properties}}


def of(schema: Schema, **types: Schema) -> tuple[Operation, Contract]:
    body = Body((MediaType("application/json", schema),), True, evidence=line(2))
    operation = Operation("add", "POST", "/animals", request=body, responses=ANSWERS, evidence=line(1))
    return operation, Contract("animals", "1", (operation,), types)


CAT = animal("cat", lives={"type": "integer", "minimum": 0, "maximum": 9})
DOG = animal("dog", code={**TEXT, "pattern": "^[A-Z]{3}$"})
PARTS: list[Schema] = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
PLACES: dict[str, Schema] = {
    "body": {"oneOf": PARTS},
    "body/pet": {"type": "object", "required": ["pet"], "properties": {"pet": {"anyOf": [*PARTS, {"type": "null"}]}}},
    "body/*": {"type": "array", "minItems": 1, "items": {"oneOf": PARTS}},
}


def holding(place: str, case: Case) -> dict[str, Any]:
    """Return what a body holds at a place; nothing where it can't be read."""
    try:
        body = json.loads(case.call.body)
        part = {"body": lambda: body, "body/pet": lambda: body["pet"], "body/*": lambda: body[0]}[place]()
        return part if isinstance(part, dict) else {}
    except (ValueError, LookupError, TypeError):
        return {}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("place", PLACES)
def test_each_alternative_with_each_value_of_a_discriminator_is_sent_and_broken(place: str, seed: int) -> None:
    generated = cases(*of(PLACES[place], Cat=CAT, Dog=DOG), seed=seed, boundaries=6)
    valid = [holding(place, case) for case in generated if case.purpose is Purpose.VALID]
    assert {part.get("kind") for part in valid} >= {"cat", "cat-like", "dog", "dog-like"}
    broken = {(case.breach.place, case.breach.rule) for case in generated if case.breach}
    rules = {("lives", "maximum"), ("lives", "minimum"), ("lives", "type"), ("code", "pattern"), ("code", "required")}
    assert broken >= {(f"{place}/{name}", rule) for name, rule in rules}


def test_several_types_are_alternatives() -> None:
    generated = cases(*of({"type": "object", "required": ["a"], "properties": {"a": {"type": ["integer", "string"]}}}))
    sent = [json.loads(case.call.body)["a"] for case in generated if case.purpose is Purpose.VALID]
    assert {type(value) for value in sent} == {int, str}


def test_what_stands_beside_alternatives_belongs_to_each() -> None:
    schema = {"type": "object", "required": ["name"], "properties": {"name": TEXT}, "oneOf": PARTS}
    generated = cases(*of(schema, Cat=CAT, Dog=DOG))
    dogs = [part for case in generated if "dog" in str((part := holding("body", case)).get("kind"))]
    assert any("name" in part for part in dogs)
    assert any("name" not in part for part in dogs)


@pytest.mark.parametrize("seed", range(3))
def test_null_is_sent_to_each_property_that_does_not_allow_it(seed: int) -> None:
    names = [f"a{number}" for number in range(20)]
    record: Schema = {"type": "object", "properties": dict.fromkeys(names, TEXT)}
    generated = cases(
        *of({"type": "object", "properties": {**record["properties"], "in": record}}), seed=seed, boundaries=6
    )
    nulls = {case.breach.place for case in generated if case.breach and case.about.endswith(": null")}
    assert nulls >= {*(f"body/{name}" for name in names), "body/in", *(f"body/in/{name}" for name in names)}


def test_what_is_too_much_for_a_run_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    operation, contract = of(PLACES["body"], Cat=CAT, Dog=DOG)
    monkeypatch.setattr(hostile_cases, "MOST_EACH", 5)
    made = maker(contract, boundaries=6)
    assert len([case for case in made.cases(operation) if case.breach and case.breach.place != "body"]) < 20
    assert made.left_out["add"] > 10
