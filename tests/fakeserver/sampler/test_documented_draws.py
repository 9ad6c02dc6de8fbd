"""Examples and defaults of schemas are the first choice of their values."""

from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.schemas import Contract, Response
from docdouble.schemas.contract.model import MediaType, Operation
from docdouble.schemas.jsonschema.text_kinds import KINDS

Schema = dict[str, Any]
BOAT: Schema = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "example": 42},
        "name": {"type": "string", "example": "Freya"},
        "kind": {"enum": ["sloop", "ketch"], "default": "ketch"},
        "tags": {"type": "array", "items": {"type": "string"}, "example": ["fast", "red"]},
    },
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def sampler(documented: bool = False, **schemas: Schema) -> Sampler:
    return Sampler(Contract("t", "1", (), schemas), Sampling(documented=documented, nulls="never"))


def drawn(schema: Schema, key: int = 0, **schemas: Schema) -> Any:
    return sampler(**schemas).sample(schema, key)


@pytest.mark.parametrize("word", ["example", "x-example", "default"])
def test_a_documented_value_is_shown(word: str) -> None:
    assert {drawn({"type": "string", word: "Blue teapot"}, key) for key in range(9)} == {"Blue teapot"}


@pytest.mark.parametrize("examples", [["a", "b"], {"x": "a", "y": {"value": "b"}}])
def test_the_first_of_several_examples_is_shown(examples: Any) -> None:
    assert drawn({"type": "string", "x-examples": examples}) == "a"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "maxLength": 3, "example": "long", "default": "abc"},
        {"enum": ["abc", "def"], "examples": ["xyz", "abc"]},
        {"type": "string", "examples": [7, "abc"]},
    ],
)
def test_a_value_that_breaks_its_schema_is_passed_over(schema: Schema) -> None:
    assert drawn(schema) == "abc"


def test_an_example_goes_before_a_default() -> None:
    assert drawn({"type": "integer", "default": 1, "example": 7}) == 7


def test_an_object_shows_the_examples_of_its_properties() -> None:
    assert drawn(ref("Boat"), Boat=BOAT) == {"id": 42, "name": "Freya", "kind": "ketch", "tags": ["fast", "red"]}


def test_an_example_of_a_whole_type_is_that_of_its_properties() -> None:
    whole = {"id": 7, "name": "Whole", "crew": [{"name": "Ann"}, {"name": "Bo"}]}
    crew = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}
    boat = {**BOAT, "properties": {**BOAT["properties"], "crew": crew}, "example": whole}
    assert drawn(ref("Boat"), Boat=boat) == {"kind": "ketch", "tags": ["fast", "red"], **whole}


def test_parts_of_an_example_that_break_their_schema_are_passed_over() -> None:
    made = drawn(ref("Boat"), Boat={**BOAT, "example": {"name": 5, "kind": "raft"}})
    assert (made["name"], made["kind"]) == ("Freya", "ketch")


def test_an_object_without_properties_is_its_example() -> None:
    assert drawn({"type": "object", "example": {"a": 1}}) == {"a": 1}
    assert drawn({"type": "object", "additionalProperties": {"type": "integer"}, "example": {"no": 1}}) == {"no": 1}
    assert drawn({"example": [{"a": 1}]}) == [{"a": 1}]


def test_an_example_beside_a_reference_counts() -> None:
    assert drawn({**ref("Name"), "example": "Idun"}, Name={"type": "string", "example": "Freya"}) == "Idun"
    assert drawn({"allOf": [ref("Name")], "default": "Idun"}, Name={"type": "string"}) == "Idun"


def test_items_of_a_list_differ_though_one_example_is_documented() -> None:
    fleet = {"type": "array", "items": ref("Boat"), "minItems": 3}
    without_id = {"type": "object", "properties": {"name": BOAT["properties"]["name"]}}
    for boat in (BOAT, without_id):
        boats = drawn(ref("Fleet"), Fleet=fleet, Boat=boat)
        assert boats[0]["name"] == "Freya"
        assert len({boat["name"] for boat in boats}) == 3


def test_a_list_has_the_items_of_its_example_first() -> None:
    name = {"type": "object", "properties": {"name": {"type": "string"}}}
    listed = {"type": "array", "items": name, "example": [{"name": "A"}, {"name": "B"}]}
    assert drawn(listed) == [{"name": "A"}, {"name": "B"}]
    assert drawn({**listed, "minItems": 3})[:2] == [{"name": "A"}, {"name": "B"}]
    assert drawn({**listed, "maxItems": 1}) == [{"name": "A"}]


def test_the_id_that_is_asked_for_wins_and_an_entity_is_the_same_everywhere() -> None:
    answer = Response("200", (MediaType("application/json", {"type": "array", "items": ref("Boat")}),))
    operation = Operation("boats", "GET", "/boats", responses=(answer,))
    listed = Sampler(Contract("t", "1", (operation,), {"Boat": BOAT}), Sampling(nulls="never"))
    assert listed.sample(ref("Boat"), 3, {"id": 42})["name"] == "Freya"
    other = listed.sample(ref("Boat"), 3, {"id": 5})
    assert other["id"] == 5
    assert other["name"] != "Freya"
    assert other == listed.entity("Boat", 5)
    alone = sampler(Boat=BOAT).sample(ref("Boat"), 3, {"id": 5})
    assert (alone["id"], alone["name"]) == (5, "Freya")


def test_several_examples_vary_over_entities() -> None:
    name = {"type": "string", "examples": ["Freya", "Idun", "Sif"]}
    boats = drawn({"type": "array", "items": {"type": "object", "properties": {"name": name}}, "minItems": 20})
    assert boats[0]["name"] == "Freya"
    assert {boat["name"] for boat in boats} == {"Freya", "Idun", "Sif"}


def test_what_is_referred_to_is_what_examples_name() -> None:
    trip = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "boatId": {"type": "integer", "example": 42}, "boat": ref("Boat")},
    }
    made = drawn(ref("Trip"), Trip=trip, Boat=BOAT)
    assert (made["boatId"], made["boat"]["id"], made["boat"]["name"]) == (42, 42, "Freya")


def test_documented_answers_are_nothing_but_the_whole_example() -> None:
    whole = {"id": 7, "name": "Whole"}
    assert sampler(documented=True, Boat={**BOAT, "example": whole}).sample(ref("Boat"), 5) == whole


def test_texts_that_samples_of_pages_showed_are_no_examples_of_an_author() -> None:
    name = {"type": "string", "examples": ["Freya"], KINDS: {"word": 1}, "maxLength": 3}
    assert drawn({"type": "object", "properties": {"name": name}})["name"] != "Freya"
