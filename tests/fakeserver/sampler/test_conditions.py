"""Values fit every keyword of their schema; where none does, that is reported, and what can do without it is made."""

from collections.abc import Callable
from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.schemas import Contract
from docdouble.schemas.jsonschema.formats import is_date_time

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def record(*required: str, **properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


KIND = record("kind", kind={"enum": ["a", "b"]}, m=TEXT)
SCHEMAS: dict[str, Schema] = {
    "if then else": {
        **KIND,
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["m"]},
        "else": {"required": ["n"], "properties": {"n": NUMBER}},
    },
    "if without then": {"type": "integer", "if": {"minimum": 50}, "else": {"multipleOf": 7}},
    "several conditions": {
        **KIND,
        "allOf": [
            {"if": {"required": ["m"]}, "then": {"properties": {"m": {"minLength": 40}}}},
            {"if": {"properties": {"kind": {"const": "b"}}}, "then": {"properties": {"m": False}}},
        ],
    },
    "not a property": {**record(a=TEXT, b=TEXT), "not": {"required": ["b"]}},
    "not a value": {**record("a", a={"enum": ["x", "y"]}), "not": {"properties": {"a": {"const": "x"}}}},
    "not a type": {"not": {"type": ["null", "object"]}},
    "not one of several": {"type": "string", "not": {"anyOf": [{"maxLength": 30}, {"pattern": "^[A-M]"}]}},
    "not such names": {"type": "object", "not": {"propertyNames": {"minLength": 1}}},
    "not a closed object": {"type": "object", "not": {"properties": {"a": TEXT}, "additionalProperties": False}},
    "not an evaluated object": {"not": {"anyOf": [True, {"properties": {"a": TEXT}}], "unevaluatedProperties": False}},
    "nothing but what a condition lists": {
        "type": "object",
        "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "then": record("m", m=TEXT),
        "else": record("n", n=NUMBER),
        "unevaluatedProperties": False,
    },
    "contains": {"type": "array", "items": NUMBER, "contains": {"const": 7}},
    "contains two, at most": {
        "type": "array",
        "items": NUMBER,
        "contains": {"minimum": 50},
        "minContains": 2,
        "maxContains": 3,
        "minItems": 4,
    },
    "contains none": {"type": "array", "items": NUMBER, "contains": {"minimum": 5}, "minContains": 0, "maxContains": 0},
    "contains among the first items": {
        "type": "array",
        "prefixItems": [TEXT, {}, TEXT],
        "contains": {"const": 7},
        "minItems": 3,
        "unevaluatedItems": False,
        "uniqueItems": True,
    },
    "dependent required": {**record("card", card=TEXT), "dependentRequired": {"card": ["addr"], "addr": ["zip"]}},
    "dependent schemas": {
        **record("card", card=TEXT),
        "dependentSchemas": {"card": record("addr", addr={"type": "string", "minLength": 30})},
    },
    "incompatible dependent": {
        **record(card=TEXT),
        "dependentSchemas": {"card": {"properties": {"addr": TEXT}, "additionalProperties": False}},
    },
    "property names": {"type": "object", "propertyNames": {"pattern": "^[A-Z]{2}$"}, "minProperties": 3},
    "pattern properties": {
        "type": "object",
        "patternProperties": {"^x-": NUMBER, "^\\p{Lu}+$": TEXT},
        "additionalProperties": False,
        "minProperties": 3,
    },
    "pattern beside a property": {**record("x-a", **{"x-a": {}}), "patternProperties": {"^x-": {"const": 3}}},
    "least properties": {"type": "object", "minProperties": 2},
    "most properties": {**record("c", a=TEXT, b=TEXT, c=TEXT), "maxProperties": 2},
    "first items": {"type": "array", "prefixItems": [NUMBER, TEXT], "items": False, "minItems": 2},
    "an impossible item": {"type": "array", "prefixItems": [NUMBER, False]},
    "different items": {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2},
    "different first items": {"prefixItems": [{"type": "boolean"}, {"type": "boolean"}], "uniqueItems": True},
    "different items of any kind": {"type": "array", "uniqueItems": True, "minItems": 3},
    "unevaluated properties": {
        "allOf": [record("a", a=TEXT)],
        "properties": {"b": NUMBER},
        "unevaluatedProperties": False,
    },
    "unevaluated beside an alternative": {
        "anyOf": [record("a", a=TEXT), record("b", b=TEXT)],
        "unevaluatedProperties": False,
    },
    "unevaluated items": {"prefixItems": [NUMBER], "unevaluatedItems": TEXT, "minItems": 3},
    "closed part": {"allOf": [{**record(a=TEXT), "additionalProperties": False}, record(b=TEXT)]},
    "fractions": {"type": "number", "multipleOf": 0.0001},
    "an enumeration with a condition": {"enum": [1, 2, "a", None], "not": {"type": "integer"}, "minLength": 1},
    "null in an alternative only": record(
        "a", a={"type": "boolean", "anyOf": [{"type": "boolean"}, {"type": ["object", "null"]}]}
    ),
    "null in an enumeration only": {"type": ["string", "null"], "enum": ["a", "b"]},
    "null or not": record("a", a={"type": ["string", "null"], "not": {"type": "null"}}),
    "false alternatives": {"anyOf": [False, {"type": "integer"}, False]},
    "an impossible property": record("a", a=TEXT, b={"not": {}}, c={"type": "string", "enum": [1]}),
    "an impossible type": record(a={"allOf": [TEXT, NUMBER]}),
    "impossible items": {"type": "array", "items": {"not": {}}},
    "one of, of which one is empty": {"oneOf": [record(a=TEXT), record("b", b=TEXT)]},
    "two patterns": {"allOf": [{"pattern": "^[a-z]+"}, {"pattern": "[0-9]$"}, {"type": "string"}]},
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_values_fit_every_keyword(drawn: Callable[..., list[Any]], schema: Schema) -> None:
    drawn(schema)
    drawn({"type": "object", "properties": {"inner": schema}, "required": ["inner"]})
    drawn({"type": "array", "items": ref("Inner"), "minItems": 1}, Inner=schema)


def test_properties_that_are_left_out_for_their_depth_are_replaced(drawn: Callable[..., list[Any]]) -> None:
    drawn(ref("Folder"), Folder={**record(parent=ref("Folder")), "minProperties": 3})


def test_all_branches_of_a_condition_are_drawn(drawn: Callable[..., list[Any]]) -> None:
    assert {value["kind"] for value in drawn(SCHEMAS["if then else"])} == {"a", "b"}


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"not": {}}, "not"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "minimum"),
        ({"type": "string", "pattern": "^a$", "minLength": 2}, "pattern"),
        ({"type": "string", "format": "ipv4", "maxLength": 3}, "format"),
        ({"type": "string", "enum": [1]}, "enum"),
        ({"anyOf": [False]}, "anyOf"),
        ({"oneOf": [True, True]}, "oneOf"),
        (record("a", a=False), "the property a: not"),
        ({"type": "array", "items": False, "minItems": 1}, "false"),
        ({"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 3}, "3 different items"),
        ({**record("a", a=TEXT), "maxProperties": 0}, "maxProperties"),
        ({"type": "array", "contains": False}, "contains"),
        ({"type": "string", "minLength": 10**9}, "minLength"),
        ({"type": "array", "minItems": 10**9}, "minItems"),
        ({"type": "object", "minProperties": 10**9}, "minProperties"),
    ],
)
def test_what_no_value_fits_is_reported_with_its_keywords(schema: Schema, keyword: str) -> None:
    with pytest.raises(NoValueError, match=keyword):
        Sampler(Contract("library", "1", (), {})).sample(schema, 1)
    assert Sampler(Contract("library", "1", (), {})).sample_if_any(schema, 1) is None


def test_the_place_of_what_no_value_fits_is_reported() -> None:
    contract = Contract("library", "1", (), {"Shelf": record("Width", Width={"type": "integer", "enum": ["a"]})})
    with pytest.raises(NoValueError, match="the property Width of Shelf: type, enum"):
        Sampler(contract).sample(ref("Shelf"), 1)


def test_an_entity_with_a_condition_keeps_its_id_and_what_is_known_of_it() -> None:
    shelf = {**KIND, "properties": {"id": NUMBER, **KIND["properties"]}, "required": ["id", "kind"]}
    shelf |= {"if": {"properties": {"kind": {"const": "a"}}}, "then": {"properties": {"m": {"const": "z"}}}}
    sampler = Sampler(Contract("library", "1", (), {"Shelf": shelf}))
    for number in range(1, 20):
        assert sampler.entity("Shelf", number)["id"] == number
        known = sampler.sample(ref("Shelf"), 1, {"id": number, "m": "y"})
        assert (known["id"], known["m"], known["kind"]) == (number, "y", "b")


NODE = ref("Node")
ENDLESS: dict[str, Schema] = {
    "siblings": record(left=NODE, right={**NODE, "description": "beside"}, up={**NODE, "minProperties": 0}),
    "an alternative with an id": record("id", id=NUMBER, child={"anyOf": [NODE, ref("Leaf")]}),
    "one of itself and another": {
        **record("kind", kind={"const": "node"}, pages={"type": "array", "items": {"oneOf": [NODE, ref("Leaf")]}}),
    },
    "first items": record(parts={"type": "array", "prefixItems": [NODE, NODE]}),
    "contained": record(parts={"type": "array", "contains": NODE, "minContains": 0}),
    "by pattern": {"type": "object", "patternProperties": {"^n": NODE}},
    "under a condition": {**record(child=NODE), "if": {"required": ["child"]}, "then": {"minProperties": 1}},
    "each other": record("leaf", leaf={"anyOf": [record("node", node=NODE), {"type": "string"}]}),
}


@pytest.mark.parametrize("schema", ENDLESS.values(), ids=ENDLESS)
def test_types_made_of_themselves_come_to_an_end(drawn: Callable[..., list[Any]], schema: Schema) -> None:
    drawn(NODE, Node=schema, Leaf=record("kind", kind={"const": "leaf"}, node=NODE, id=NUMBER))


@pytest.mark.parametrize(
    "schema",
    [
        {"if": True, "then": record("child", child=NODE), "type": "object"},
        {"type": "array", "prefixItems": [NODE], "minItems": 1},
        {"type": "array", "contains": NODE},
        {"type": "object", "patternProperties": {"^n": NODE}, "additionalProperties": False, "minProperties": 1},
    ],
)
def test_types_without_an_end_have_no_value(schema: Schema) -> None:
    with pytest.raises(NoValueError):
        Sampler(Contract("library", "1", (), {"Node": schema})).sample(NODE, 1)


def test_a_date_time_is_written_as_its_example_also_under_a_condition() -> None:
    moment = {"type": "string", "format": "date-time", "example": "2024-01-01T10:00:00"}
    kinds = {name: record("kind", "at", kind={"const": name}, at=moment) for name in ("Cat", "Dog")}
    value = Sampler(Contract("library", "1", (), kinds)).sample({"oneOf": [ref("Cat"), ref("Dog")]}, 1)
    assert len(value["at"]) == len("2024-01-01T10:00:00")


def test_a_date_time_is_not_written_as_an_example_that_is_none() -> None:
    moment = {"type": "string", "format": "date-time", "example": "2024-01-01T10:00:00+0000"}
    sampler = Sampler(Contract("library", "1", (), {}))
    assert all(is_date_time(sampler.sample(record("at", at=moment), key)["at"]) for key in range(5))
