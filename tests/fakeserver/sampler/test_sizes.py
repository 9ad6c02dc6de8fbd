"""Values are planned before they are made: what asks for too much is refused in words, or made smaller."""

from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.sampler.bounds import LARGE, MOST_PLACES, MOST_PROPERTIES, MOST_VALUES
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.fakeserver.sampler.recursion import BRIEF, Endings
from docdouble.fakeserver.sampler.sizes import Sizes
from docdouble.schemas import Contract

Schema = dict[str, Any]
HUGE = 10**9
TEXT: Schema = {"type": "string"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def record(count: int, part: Schema, *, is_required: bool = True) -> Schema:
    names = [f"p{number}" for number in range(count)]
    required = {"required": names} if is_required else {}
    return {"type": "object", "properties": dict.fromkeys(names, part), **required}


def nested(levels: int, part: Schema, **limits: Any) -> Schema:
    for _ in range(levels):
        part = {"type": "array", "items": part, **limits}
    return part


def chained(count: int, levels: int, *, is_required: bool) -> dict[str, Schema]:
    """Named types of which each has the next in so many properties."""
    last = {f"T{levels}": TEXT}
    return {f"T{level}": record(count, ref(f"T{level + 1}"), is_required=is_required) for level in range(levels)} | last


def sampler(**named: Schema) -> Sampler:
    return Sampler(Contract("library", "1", (), named))


def parts(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(parts, inside))


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "string", "minLength": HUGE}, "1,000,000 characters (minLength)"),
        ({"type": "string", "minLength": HUGE, "pattern": "^(a+)+$"}, "1,000,000 characters (minLength)"),
        ({"type": "string", "minLength": HUGE, "format": "byte"}, "1,000,000 characters (minLength)"),
        ({"type": "string", "minLength": HUGE, "format": "date-time"}, "1,000,000 characters (minLength)"),
        ({"type": "array", "minItems": HUGE}, "100,000 values (minItems)"),
        ({"type": "array", "items": TEXT, "minItems": HUGE, "uniqueItems": True}, "100,000 values (minItems)"),
        ({"type": "array", "contains": {"const": 1}, "minContains": HUGE}, "10,000 values (minContains)"),
        ({"type": "array", "items": {"type": "integer"}, "minItems": HUGE, "not": {"const": []}}, "(minItems)"),
        ({"type": "object", "minProperties": HUGE}, "10,000 properties (minProperties)"),
        ({"type": "object", "minProperties": HUGE, "propertyNames": {"pattern": "^a+$"}}, "(minProperties)"),
        (record(MOST_PROPERTIES + 1, TEXT), "10,000 properties (required)"),
        (nested(12, TEXT, minItems=10), "100,000 values"),
        (record(200, {"type": "string", "minLength": 900_000}), "100,000 values"),
        ({"allOf": [{"type": "array", "minItems": 2000}, {"items": record(60, TEXT)}]}, "100,000 values"),
        ({"type": "array", "prefixItems": [TEXT] * (MOST_PLACES + 1), "minItems": HUGE}, "values (minItems)"),
    ],
)
def test_what_asks_for_too_much_is_refused_in_words(schema: Schema, message: str) -> None:
    with pytest.raises(NoValueError) as refused:
        sampler().sample(schema, 1)
    assert "the schema asks for more than" in str(refused.value)
    assert message in str(refused.value)


def test_the_part_that_asks_for_too_much_is_named() -> None:
    schema = record(1, {"type": "string", "minLength": HUGE})
    with pytest.raises(NoValueError, match="the property p0 of Boat asks for more than 1,000,000 characters"):
        sampler(Boat=schema).sample(ref("Boat"), 1)


def test_what_may_be_left_out_or_null_is_when_it_is_too_large() -> None:
    boat = {"type": "object", "required": ["log"], "properties": {"id": TEXT, "deck": nested(1, TEXT, minItems=HUGE)}}
    boat["properties"]["log"] = {"type": ["string", "null"], "minLength": HUGE}
    value = sampler().sample(boat, 1)
    assert value.keys() == {"id", "log"}
    assert value["log"] is None


def test_types_that_need_too_many_of_each_other_are_refused() -> None:
    with pytest.raises(NoValueError, match=r"asks for more than 100,000 values"):
        sampler(**chained(10, 12, is_required=True)).sample(ref("T0"), 1)


@pytest.mark.parametrize(
    "named",
    [
        chained(10, 12, is_required=False),
        chained(200, 4, is_required=False),
        {"T0": record(100, ref("T0"), is_required=False)},
        {"T0": record(100, {"type": "array", "items": ref("T0")}, is_required=False)},
        {"T0": nested(40, TEXT)},
        {"T0": record(100, nested(8, TEXT), is_required=False)},
    ],
)
def test_what_may_be_smaller_is(named: dict[str, Schema]) -> None:
    assert 1 <= parts(sampler(**named).sample(ref("T0"), 1)) <= MOST_VALUES


def test_alternatives_that_are_too_large_are_not_chosen() -> None:
    large = nested(1, TEXT, minItems=HUGE)
    for word in ("anyOf", "oneOf"):
        assert isinstance(sampler().sample({word: [large, {"type": "integer"}]}, 1), int)


def test_a_set_without_enough_different_values_is_refused() -> None:
    few = {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 9_999}
    with pytest.raises(NoValueError, match="no 9999 different items were found"):
        sampler().sample(few, 1)


def test_many_different_objects_are_found() -> None:
    schema = {"type": "array", "items": record(3, TEXT), "uniqueItems": True, "minItems": 3_000}
    values = sampler().sample(schema, 1)
    assert len({tuple(value.items()) for value in values}) == len(values) == 3_000


few = settings(max_examples=20, deadline=None)


def test_a_value_of_types_that_refer_to_many_others_ends_sooner() -> None:
    named = chained(40, 12, is_required=False)
    assert Sizes(Contract("library", "1", (), named), Endings(named)).of(ref("T0"), 0) > 10 * LARGE
    assert 12 < parts(sampler(**named).sample(ref("T0"), 1)) <= LARGE


limits = st.sampled_from([0, 1, 3, 50, 5_000, MOST_VALUES, HUGE, 10**12])


def schemas(children: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    arrays = st.builds(lambda items, least: {"type": "array", "items": items, "minItems": least}, children, limits)
    dictionaries = st.builds(
        lambda part, least: {"type": "object", "additionalProperties": part, "minProperties": least}, children, limits
    )
    records = st.builds(
        lambda part, count, is_required: record(count, part, is_required=is_required),
        children,
        st.integers(0, 40),
        st.booleans(),
    )
    unions = st.builds(
        lambda word, branches: {word: branches},
        st.sampled_from(["anyOf", "oneOf", "allOf"]),
        st.lists(children, min_size=1, max_size=3),
    )
    return st.one_of(arrays, dictionaries, records, unions, st.sampled_from(["A", "B", "C"]).map(ref))


texts = st.builds(lambda least: {"type": "string", "minLength": least}, limits)
hostile = st.recursive(st.one_of(texts, st.just({"type": "boolean"})), schemas, max_leaves=12)


@few
@given(st.fixed_dictionaries({"A": hostile, "B": hostile, "C": hostile}))
def test_any_value_is_bounded_or_refused(named: dict[str, Schema]) -> None:
    made = sampler(**named)
    for name in named:
        try:
            value = made.sample(ref(name), 1)
        except NoValueError:
            continue
        assert parts(value) <= MOST_VALUES


@few
@given(st.fixed_dictionaries({"A": hostile, "B": hostile, "C": hostile}))
def test_the_smallest_values_are_no_larger_than_others(named: dict[str, Schema]) -> None:
    contract = Contract("library", "1", (), named)
    sizes = Sizes(contract, Endings(named))
    for name in named:
        depth = sizes.fitting_depth(ref(name), 0)
        assert depth is None or sizes.of(ref(name), depth) <= MOST_VALUES
        least = min(sizes.of(ref(name), place) for place in (0, 1, 2, 3, 4, BRIEF))
        assert (depth is None) == (sizes.of(ref(name), 0) == inf or least > MOST_VALUES)
