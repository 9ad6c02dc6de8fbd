"""Closed objects in `allOf`: what no object fits to the letter is read as it is meant, all else as it is written."""

from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler
from docdouble.schemas import Contract, Validator
from docdouble.schemas.openapi.document import DocumentNode, document_root
from docdouble.schemas.openapi.reader import read_contract

ID = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
NAME = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
CLOSED_ID = {**ID, "additionalProperties": False}
BOTH = {"id": 1, "name": "Quay"}


def read(version: str = "3.0.3", **schemas: Any) -> tuple[Contract, list[tuple[str, str]]]:
    """Return the contract of named schemas, and the rule and the place of each contradiction that was reported."""
    reported: list[tuple[str, str]] = []

    def report(rule: str, node: DocumentNode, message: str) -> None:
        reported.append((rule, node.pointer))

    root = document_root({"openapi": version, "info": {}, "paths": {}, "components": {"schemas": schemas}}, "api.json")
    return read_contract(root, report), reported


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


CONTRADICTIONS = {
    "beside": {"additionalProperties": False, "allOf": [ID, NAME]},
    "part": {"allOf": [CLOSED_ID, NAME]},
    "every part": {"allOf": [CLOSED_ID, {**NAME, "additionalProperties": False}]},
    "named part": {"allOf": [ref("Closed"), NAME]},
    "nested": {"allOf": [{"allOf": [ref("Nested")]}, NAME]},
    "own property": {"required": ["name"], "properties": NAME["properties"], "allOf": [ref("Closed")]},
    "null": {"nullable": True, "additionalProperties": False, "allOf": [ID, NAME]},
}


@pytest.mark.parametrize("schema", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_closed_part_that_forbids_what_another_requires_closes_the_whole(schema: dict[str, Any]) -> None:
    contract, reported = read(Whole=schema, Closed=CLOSED_ID, Nested={"allOf": [ref("Closed")]})
    whole = Validator(ref("Whole"), contract)
    assert reported == [("closed-composition", "/components/schemas/Whole")]
    assert whole.is_valid(BOTH)
    assert not whole.is_valid({**BOTH, "more": 1})
    assert not whole.is_valid({"id": 1})
    assert whole.is_valid(None) == ("nullable" in schema)
    assert whole.is_valid(Sampler(contract).sample(ref("Whole"), 1))


def test_a_closed_type_stays_closed_where_it_stands_alone() -> None:
    contract, _ = read(Whole=CONTRADICTIONS["named part"], Closed=CLOSED_ID)
    assert contract.schemas["Closed"] == CLOSED_ID
    assert not Validator(ref("Closed"), contract).is_valid(BOTH)


def test_a_composition_of_a_contradiction_is_read_as_a_whole() -> None:
    more = {"required": ["more"], "properties": {"more": {"type": "integer"}}}
    contract, reported = read(Inner={"allOf": [CLOSED_ID, NAME]}, Outer={"allOf": [ref("Inner"), more]})
    assert [place for _, place in reported] == ["/components/schemas/Inner", "/components/schemas/Outer"]
    assert Validator(ref("Outer"), contract).is_valid({**BOTH, "more": 1})
    assert not Validator(ref("Inner"), contract).is_valid({**BOTH, "more": 1})


def test_beside_a_reference_counts_from_openapi_3_1_on() -> None:
    beside = {**ref("Id"), **NAME, "additionalProperties": False, "allOf": [True]}
    assert read("3.1.0", Whole=beside, Id=ID)[1] == [("closed-composition", "/components/schemas/Whole")]
    assert [rule for rule, _ in read("3.0.3", Whole=beside, Id=ID)[1]] == ["ref-siblings"]


AS_WRITTEN = {
    "nothing required": {"additionalProperties": False, "allOf": [{"properties": {"id": {}}}]},
    "listed": {"additionalProperties": False, "properties": {"id": {}, "name": {}}, "allOf": [ID, NAME]},
    "pattern": {"additionalProperties": False, "patternProperties": {".": {}}, "allOf": [ID, NAME]},
    "nobody has it": {"required": ["other"], "allOf": [CLOSED_ID]},
    "already meant": {"unevaluatedProperties": False, "allOf": [ID, NAME]},
    "circle": {"additionalProperties": False, "allOf": [ref("Whole"), ID]},
}


@pytest.mark.parametrize("schema", AS_WRITTEN.values(), ids=AS_WRITTEN)
def test_all_else_means_what_is_written(schema: dict[str, Any]) -> None:
    contract, reported = read("3.1.0", Whole=schema)
    assert (contract.schemas["Whole"], reported) == (schema, [])


def test_an_optional_property_that_nothing_fits_as_written_is_not_made_up() -> None:
    whole = CONTRADICTIONS["beside"]
    properties = {"must": {"allOf": [ref("Whole")]}, "may": {"allOf": [ref("Whole")]}, "kind": {"type": "string"}}
    contract, _ = read(Whole=whole, Owner={"type": "object", "required": ["must"], "properties": properties})
    assert Sampler(contract).sample(ref("Owner"), 1).keys() == {"must", "kind"}
