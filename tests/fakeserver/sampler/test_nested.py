"""What the sampler makes of schemas inside schemas fits them, and comes to an end."""

import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.schemas import Contract, Validator

Schema = dict[str, Any]
Drawn = Callable[..., list[Any]]

BOOK = {"type": "object", "properties": {"Title": {"type": "string"}, "Pages": {"type": "integer"}}}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def nested(depth: int, **more: Any) -> dict[str, Schema]:
    """Return named types, each of which holds the next."""
    chain = {
        f"Shelf{number}": {"type": "object", "properties": {"Below": ref(f"Shelf{number + 1}")}, **more}
        for number in range(depth)
    }
    return {**chain, f"Shelf{depth}": {"type": "object", "properties": {"Room": {"type": "string"}}, **more}}


def depth_of(value: Any) -> int:
    return 1 + max((depth_of(part) for part in value.values()), default=0) if isinstance(value, dict) else 0


def test_named_types_nest_as_deep_as_they_must(drawn: Drawn) -> None:
    required = {name: {**schema, "required": list(schema["properties"])} for name, schema in nested(9).items()}
    assert {depth_of(value) for value in drawn(ref("Shelf0"), **required)} == {10}


def test_named_types_that_may_be_left_out_end_early(drawn: Drawn) -> None:
    assert {depth_of(value) for value in drawn(ref("Shelf0"), **nested(9))} == {4}


def test_a_type_that_names_no_further_ones_is_shown_however_deep(drawn: Drawn) -> None:
    assert {depth_of(value) for value in drawn(ref("Shelf0"), **nested(4))} == {5}


RECURSIVE: list[Any] = [
    pytest.param({"properties": {"Inside": ref("Box")}}, id="optional"),
    pytest.param(
        {"properties": {"Inside": {"anyOf": [ref("Box"), {"type": "null"}]}}, "required": ["Inside"]}, id="null"
    ),
    pytest.param(
        {"properties": {"Inside": {"type": "array", "items": ref("Box")}}, "required": ["Inside"]}, id="array"
    ),
    pytest.param({"properties": {"Inside": {"type": "array", "items": ref("Box")}}}, id="optional array"),
    pytest.param(
        {"properties": {"Inside": {"additionalProperties": ref("Box")}}, "required": ["Inside"]}, id="dictionary"
    ),
    pytest.param({"additionalProperties": ref("Box")}, id="dictionary of itself"),
    pytest.param(
        {"properties": {"Inside": {"anyOf": [ref("Box"), {"type": "string"}]}}, "required": ["Inside"]}, id="or a text"
    ),
    pytest.param(
        {"properties": {"Inside": {"oneOf": [ref("Box"), ref("Book")]}}, "required": ["Inside"]}, id="or another"
    ),
    pytest.param({"properties": {"Inside": {"allOf": [ref("Box")]}}}, id="allOf"),
    pytest.param({"properties": {"Inside": {"allOf": [ref("Box"), {"required": ["Label"]}]}}}, id="allOf and more"),
    pytest.param(
        {
            "properties": {
                "Inside": {"type": ["object", "null"], "properties": {"Box": ref("Box")}, "required": ["Box"]}
            },
            "required": ["Inside"],
        },
        id="inside a nullable record",
    ),
    pytest.param({"properties": {"Lid": ref("Lid")}, "required": ["Lid"]}, id="in a circle"),
]


@pytest.mark.parametrize("box", RECURSIVE)
def test_recursive_types_end_and_fit(drawn: Drawn, box: Schema) -> None:
    lid = {"type": "object", "properties": {"Boxes": {"type": "array", "items": ref("Box")}, "Box": ref("Box")}}
    drawn(ref("Box"), Box={"type": "object", **box}, Lid=lid, Book={**BOOK, "required": ["Title"]})


def test_a_type_that_may_be_null_is_cut_off_with_null() -> None:
    box = {"type": "object", "properties": {"In": {"anyOf": [ref("Box"), {"type": "null"}]}}}
    value = Sampler(Contract("library", "1", (), {"Box": box})).sample(ref("Box"), 1)
    for _ in range(4):
        value = value["In"]
    assert value is None


@pytest.mark.parametrize(
    "box",
    [
        {"properties": {"Left": ref("Box"), "Right": ref("Box")}, "required": ["Left", "Right"]},
        {"properties": {"In": {"type": "array", "items": ref("Box"), "minItems": 1}}, "required": ["In"]},
        {"additionalProperties": ref("Box"), "minProperties": 1},
    ],
)
def test_a_type_that_has_no_end_has_no_value(box: Schema) -> None:
    contract = Contract("library", "1", (), {"Box": {"type": "object", **box}})
    with pytest.raises(NoValueError, match="no value was found that fits Box"):
        Sampler(contract).sample(ref("Box"), 1)


def test_arrays_of_a_recursive_type_end_empty() -> None:
    value = Sampler(Contract("library", "1", (), {"Box": {"properties": {"In": {"items": ref("Box")}}}})).sample(
        ref("Box"), 1
    )
    for _ in range(3):
        value = value["In"][0]
    assert value == {"In": []}


def test_a_type_made_of_itself_is_drawn_all_the_same() -> None:
    kinds = {
        "Item": {"oneOf": [ref("Novel"), ref("Atlas")], "properties": {"Kind": {"type": "string"}}},
        "Novel": {"allOf": [ref("Item"), BOOK]},
        "Atlas": {"allOf": [ref("Atlas"), BOOK]},
    }
    sampler = Sampler(Contract("library", "1", (), kinds))
    assert sampler.sample(ref("Atlas"), 1).keys() == {"Title", "Pages"}
    with pytest.raises(NoValueError):  # whatever is a novel is an atlas, too
        sampler.sample(ref("Item"), 1)


def test_alternatives_made_of_their_own_type_come_to_an_end() -> None:
    page = {
        "type": "integer",
        "oneOf": [{**ref("Page"), "maximum": 9}, {**ref("Page"), "maximum": 8}, {"multipleOf": 2}],
    }
    assert isinstance(Sampler(Contract("library", "1", (), {"Page": page})).sample(ref("Page"), 1), int)


def scalars() -> st.SearchStrategy[Schema]:
    return st.sampled_from(
        [
            {"type": "integer", "minimum": 3},
            {"type": "string", "maxLength": 6},
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            {"type": ["boolean", "null"]},
            {"enum": ["Novel", "Atlas", 3]},
            {"type": "string", "format": "date-time"},
            ref("Book"),
            ref("Tree"),
        ]
    )


def composed(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    names = st.sampled_from(["Title", "Pages", "Shelf", "EmailAddress"])
    properties = st.dictionaries(names, inner, min_size=1, max_size=3)
    arrays = st.builds(
        lambda items, least: {"type": "array", "items": items, "minItems": least}, inner, st.integers(0, 3)
    )
    records = properties.flatmap(
        lambda parts: st.lists(st.sampled_from(sorted(parts)), unique=True).map(
            lambda required: {"type": "object", "properties": parts, "required": required}
        )
    )
    return st.one_of(
        arrays,
        records,
        st.builds(lambda part: {"anyOf": [part, {"type": "null"}]}, inner),
        st.builds(lambda first, second: {"anyOf": [first, second]}, inner, inner),
        st.builds(lambda record, part: {"allOf": [record, {"properties": {"Extra": part}}]}, records, inner),
        st.builds(lambda part: {"type": "object", "additionalProperties": part, "minProperties": 1}, inner),
    )


@given(st.recursive(scalars(), composed, max_leaves=8))
def test_schemas_made_of_schemas_fit(schema: Schema) -> None:
    tree = {
        "type": "object",
        "properties": {"Branches": {"type": "array", "items": ref("Tree")}, "Parent": ref("Tree"), "Book": ref("Book")},
        "required": ["Branches"],
    }
    contract = Contract("library", "1", (), {"Book": BOOK, "Tree": tree})
    value = Sampler(contract).sample(schema, 1)
    assert Validator(schema, contract).violations(value) == ()


def test_alternatives_that_show_entities_are_chosen_by_their_values_also_where_entities_are_encoded() -> None:
    user = {"type": "object", "required": ["UserId"], "properties": {"UserId": {"type": "integer"}}}
    holder: Schema = {"required": ["Owner"], "properties": {"Owner": ref("User")}}
    schema: Schema = {"type": "object", "anyOf": [{"required": ["Room"], "properties": {"Room": BOOK}}, holder]}
    sampler = Sampler(Contract("library", "1", (), {"User": user}))
    plain, encoded = (orjson.dumps(sampler.sample(schema, 3, encoded=encoded)) for encoded in (False, True))
    assert plain == encoded


def test_types_whose_alternatives_lead_to_each_other_are_drawn_soon() -> None:
    def expandable(number: int) -> Schema:
        return {"anyOf": [{"type": "string", "maxLength": 50}, ref(f"Type{number % 150}")]}

    def parts(number: int) -> dict[str, Any]:
        several = {"anyOf": [ref(f"Type{(number * step) % 150}") for step in (3, 7, 11)]}
        return {**{f"Part{step}": expandable(number + step) for step in range(6)}, "First": several, "Second": several}

    types: Any = {f"Type{number}": {"type": "object", "properties": parts(number)} for number in range(150)}
    started = time.process_time()
    assert Sampler(Contract("library", "1", (), types)).sample(ref("Type1"), 3)
    assert time.process_time() - started < 2  # with every alternative drawn whole it takes more than nine
