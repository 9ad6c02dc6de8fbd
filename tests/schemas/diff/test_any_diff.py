"""Any two schemas: the reported changes agree with what they allow, and nothing makes the comparison fail."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.contract.facts import FactKind
from docdouble.schemas.contract.model import Body, Contract, MediaType, Operation, Response, Schema
from docdouble.schemas.diff import diff
from docdouble.schemas.diff.change import NO_VALUE, Change, Judgement
from docdouble.schemas.diff.diff_rules import RULES
from docdouble.schemas.jsonschema.validator import Validator

SMALL = st.integers(-2, 3)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, -1, 5, 0.5, 2**31, 2**40, "", "a", "b", "abc", "abcdef", "2024-02-29"),
    *([], [1], ["a"], [1, 1], ["a", "b", "c"], [None], {}, {"a": 1}, {"b": "a"}),
)


def _schema(kind: str, **keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    return st.fixed_dictionaries({"type": st.sampled_from([kind, [kind, "null"]])}, optional=keywords)


NUMBERS = st.one_of(
    _schema("integer", format=st.sampled_from(["int32", "int64"]), minimum=SMALL, maximum=SMALL),
    _schema("number", exclusiveMinimum=SMALL, multipleOf=st.sampled_from([1, 2, 0.5])),
)
TEXTS = _schema(
    "string",
    format=st.sampled_from(["date", "date-time"]),
    minLength=st.integers(0, 3),
    maxLength=st.integers(0, 5),
    pattern=st.sampled_from(["^a", "c$"]),
)
TERMS = st.lists(st.sampled_from(["a", "b", "abc", 1, 2, True]), min_size=1, unique_by=repr).map(
    lambda values: {"enum": values}
)
PLAIN = st.one_of(st.just({}), NUMBERS, TEXTS, TERMS, _schema("boolean"))
ARRAYS = _schema("array", items=PLAIN, maxItems=st.integers(0, 3), uniqueItems=st.booleans())
CHOICES = st.lists(PLAIN, min_size=1, max_size=3).map(lambda parts: {"anyOf": parts})
SCHEMAS = st.one_of(PLAIN, ARRAYS, CHOICES)


def contract(schema: Schema) -> Contract:
    """A contract of one operation that takes and answers values of a schema."""
    media_types = (MediaType("application/json", schema),)
    operation = Operation("echo", "POST", "/", request=Body(media_types), responses=(Response("200", media_types),))
    return Contract("", "", (operation,))


def hurts(change: Change) -> bool:
    return change.judgement is not Judgement.SAFE


@given(SCHEMAS, SCHEMAS)
def test_what_is_refused_now_or_sent_now_is_reported(old: Schema, new: Schema) -> None:
    contracts = contract(old), contract(new)
    allowed = [Validator(schema, contract).is_valid for schema, contract in zip((old, new), contracts, strict=True)]
    parts = {change.fact.part for change in diff(*contracts) if hurts(change)}
    refused = [value for value in VALUES if allowed[0](value) and not allowed[1](value)]
    sent = [value for value in VALUES if allowed[1](value) and not allowed[0](value)]
    assert not refused or FactKind.REQUEST in parts
    assert not sent or FactKind.RESPONSE in parts


@given(SCHEMAS, SCHEMAS)
def test_an_example_is_allowed_on_one_side_only(old: Schema, new: Schema) -> None:
    for change in diff(contract(old), contract(new)):
        if change.example is not NO_VALUE:
            inside = change.fact.name.endswith("*")
            sides = [schema.get("items", {}) if inside else schema for schema in (old, new)]
            fits = [Validator(side, contract(side)).is_valid(change.example) for side in sides]
            assert fits == ([True, False] if change.fact.part is FactKind.REQUEST else [False, True])


@given(SCHEMAS)
def test_nothing_is_reported_of_equal_schemas(schema: Schema) -> None:
    assert diff(contract(schema), contract({**schema, "description": "the same"})) == ()


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=4,
)
KEYWORDS = (
    *("type", "enum", "const", "format", "properties", "required", "items", "additionalProperties", "default"),
    *("anyOf", "oneOf", "allOf", "not", "$ref", "minimum", "maxLength", "pattern", "nullable", "x-docdouble-kinds"),
)


@given(
    st.dictionaries(st.sampled_from(KEYWORDS), JSON, max_size=4),
    st.dictionaries(st.sampled_from(KEYWORDS), JSON, max_size=4),
)
def test_schemas_that_are_none_are_compared_all_the_same(old: Schema, new: Schema) -> None:
    for change in diff(contract(old), contract(new)):
        assert change.rule in RULES
