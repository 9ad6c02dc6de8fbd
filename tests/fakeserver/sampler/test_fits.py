"""What the sampler makes of a schema fits the schema, whatever the schema asks for."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.sampler.data.formatted_texts import MAKERS
from docdouble.schemas import Contract, Validator, from_openapi

Schema = dict[str, Any]
KEYS = range(60)
Drawn = Callable[..., list[Any]]
SHORT = {"date", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "uuid"}
"""Formats of texts that can't be long."""


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"type": "integer"}, id="integer"),
        pytest.param({"type": "integer", "format": "int32"}, id="int32"),
        pytest.param({"type": "integer", "minimum": 7, "maximum": 7}, id="one integer"),
        pytest.param({"type": "integer", "minimum": -3, "maximum": -1}, id="below zero"),
        pytest.param({"type": "integer", "maximum": 0}, id="at most zero"),
        pytest.param({"type": "integer", "maximum": -5000}, id="far below zero"),
        pytest.param({"type": "integer", "minimum": 2**62}, id="near the end of int64"),
        pytest.param({"type": "integer", "format": "int32", "minimum": 2**31 - 1}, id="last int32"),
        pytest.param({"type": "integer", "exclusiveMinimum": 4, "exclusiveMaximum": 6}, id="integer between"),
        pytest.param({"type": "integer", "exclusiveMinimum": 0.5, "maximum": 1}, id="integer above a half"),
        pytest.param({"type": "integer", "minimum": 3, "exclusiveMinimum": 3, "maximum": 4}, id="both lower bounds"),
        pytest.param({"type": "integer", "exclusiveMaximum": 1}, id="integer below one"),
        pytest.param({"type": "integer", "multipleOf": 7, "minimum": 50, "maximum": 60}, id="multiple of seven"),
        pytest.param({"type": "integer", "multipleOf": 5000}, id="multiple beyond the window"),
        pytest.param({"type": "integer", "multipleOf": 50, "maximum": 10}, id="only zero and below"),
        pytest.param({"type": "integer", "multipleOf": 2.5}, id="integer multiple of a fraction"),
        pytest.param({"type": "number"}, id="number"),
        pytest.param({"type": "number", "minimum": 0.1, "maximum": 0.9}, id="number below one"),
        pytest.param({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, id="number between"),
        pytest.param({"type": "number", "exclusiveMaximum": 1}, id="number below one, open"),
        pytest.param({"type": "number", "minimum": 1.001, "maximum": 1.002}, id="thousandths"),
        pytest.param({"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 2}, id="cents"),
        pytest.param({"type": "number", "multipleOf": 0.25, "exclusiveMinimum": 0, "maximum": 1}, id="quarters"),
        pytest.param({"type": "number", "minimum": -1e-7, "exclusiveMaximum": 0}, id="just below zero"),
    ],
)
def test_numbers_keep_to_their_bounds(drawn: Drawn, schema: Schema) -> None:
    kinds = {"integer": int, "number": float}
    assert {type(value) for value in drawn(schema)} == {kinds[schema["type"]]}


@given(
    low=st.integers(-(10**6), 10**6) | st.decimals(-1000, 1000, places=3).map(float),
    width=st.integers(1, 10**4),
    step=st.sampled_from([None, 1, 3, 0.5, 0.01, 10]),
    bounds=st.sampled_from(["minimum maximum", "exclusiveMinimum maximum", "minimum exclusiveMaximum", "minimum -"]),
    kind=st.sampled_from(["integer", "number"]),
)
def test_any_range_that_holds_a_multiple_is_kept_to(
    drawn: Drawn, low: float, width: int, step: float | None, bounds: str, kind: str
) -> None:
    least, most = bounds.split()
    schema = {"type": kind, least: low, most: low + width + 10 * (step or 1)}
    schema |= {} if step is None else {"multipleOf": step}
    schema.pop("-", None)
    drawn(schema)


@pytest.mark.parametrize(
    "name",
    [
        *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
        *("uri", "uri-reference", "uri-template", "iri", "iri-reference", "uuid", "json-pointer"),
        *("relative-json-pointer", "regex", "byte", "base64url", "decimal", "password", "binary"),
    ],
)
def test_texts_have_their_format(drawn: Drawn, name: str) -> None:
    assert {type(text) for text in drawn({"type": "string", "format": name})} == {str}


@pytest.mark.parametrize(
    "schema",
    [
        {"format": "email", "maxLength": 12},
        {"format": "email", "minLength": 90},
        {"format": "uri", "maxLength": 16},
        {"format": "uri", "minLength": 200},
        {"format": "uri", "pattern": "^https://"},
        {"format": "date", "pattern": "^2030-"},
        {"format": "date-time", "pattern": "Z$", "minLength": 24},
        {"format": "date-time", "maxLength": 21},
        {"format": "byte", "minLength": 9},
        {"format": "byte", "maxLength": 4},
        {"format": "hostname", "minLength": 70},
        {"format": "hostname", "pattern": "^qu"},
        {"format": "duration", "minLength": 12},
        {"format": "decimal", "minLength": 9, "maxLength": 9},
        {"format": "time", "maxLength": 9},
        {"format": "int64", "maxLength": 5},
        {"format": "json-pointer", "minLength": 30},
    ],
)
def test_texts_have_their_format_and_length(drawn: Drawn, schema: Schema) -> None:
    drawn({"type": "string", **schema})


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_texts_of_a_format_are_long_where_they_may_be(name: str) -> None:
    schema = {"type": "string", "format": name, "minLength": 100_000}
    text = Sampler(Contract("library", "1", ())).sample_if_any(schema, 1)
    assert (text is None) == (name in SHORT)
    assert text is None or len(text) >= 100_000


def test_a_whole_number_as_a_text_is_digits(drawn: Drawn) -> None:
    assert all(text.isdecimal() for text in drawn({"type": "string", "format": "int64"}))


def test_a_property_without_a_name_is_no_id(drawn: Drawn) -> None:
    assert {type(value[""]) for value in drawn({"type": "object", "properties": {"": {"type": "string"}}})} == {str}


def test_numbers_vary(drawn: Drawn) -> None:
    assert len(set(drawn({"type": "integer"}))) > 30
    assert len(set(drawn({"type": "number", "minimum": 0.1, "maximum": 0.9}))) > 5


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"enum": ["Novel", "Atlas"]}, id="enum"),
        pytest.param({"type": "string", "enum": ["Novel", None]}, id="enum with a value of another type"),
        pytest.param({"enum": [1, 5, 9], "minimum": 4}, id="enum with a bound"),
        pytest.param({"const": 7}, id="const"),
        pytest.param({"const": None}, id="const null"),
        pytest.param({"const": {"Kind": "Novel"}}, id="const object"),
        pytest.param({"type": "boolean"}, id="boolean"),
        pytest.param({"type": "null"}, id="null"),
        pytest.param({}, id="anything"),
        pytest.param({"type": ["string", "null"]}, id="nullable string"),
        pytest.param({"type": ["null", "integer"]}, id="nullable integer"),
    ],
)
def test_plain_values_fit(drawn: Drawn, schema: Schema) -> None:
    drawn(schema)


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"minLength": 40}, id="long"),
        pytest.param({"maxLength": 3}, id="short"),
        pytest.param({"minLength": 4, "maxLength": 4}, id="exact"),
        pytest.param({"maxLength": 0}, id="empty"),
        pytest.param({"minLength": 1, "examples": ["", "Dune"]}, id="examples of which one fits"),
        pytest.param({"minLength": 500}, id="longer than any word"),
        pytest.param({"format": "date-time"}, id="date-time"),
        pytest.param({"format": "date"}, id="date"),
        pytest.param({"format": "date", "examples": ["2020-02-02"]}, id="date with a sample"),
        pytest.param({"format": "uuid"}, id="uuid"),
        pytest.param({"format": "uuid", "examples": ["no uuid"]}, id="uuid with a sample that is none"),
        pytest.param({"format": "email"}, id="email"),
        pytest.param({"format": "uri"}, id="uri"),
        pytest.param({"format": "byte", "minLength": 8}, id="byte"),
        pytest.param({"pattern": "^[A-Z]{3}-[0-9]{4}$"}, id="pattern"),
        pytest.param({"pattern": "^(97[89])?\\d{9}(\\d|X)$"}, id="ISBN"),
        pytest.param({"pattern": "^#(?:[0-9a-f]{3}){1,2}$"}, id="colour"),
        pytest.param({"pattern": "^[^@\\s]+@[^@\\s]+\\.(com|org)$"}, id="address"),
        pytest.param({"pattern": "^[a-z]+$", "minLength": 20, "maxLength": 25}, id="pattern and length"),
        pytest.param({"pattern": "^[\\w-]+\\b\\.\\x41\\u0042\\t?$"}, id="escapes"),
        pytest.param({"pattern": "^\\{[\\]a-c-]?\\}{2,}$"}, id="brackets"),
        pytest.param({"pattern": "shelf"}, id="a word inside"),
        pytest.param({"pattern": "^.{2,5}$"}, id="anything of a length"),
        pytest.param({"pattern": "^(?=.*\\d)(?!x)[a-z\\d]{6}$"}, id="looking ahead"),
        pytest.param({"pattern": "^(?<shelf>[A-F])\\W\\S\\D*?$"}, id="named group"),
    ],
)
def test_texts_fit(drawn: Drawn, schema: Schema) -> None:
    assert {type(value) for value in drawn({"type": "string", **schema})} == {str}


def test_a_pattern_gives_more_than_one_text(drawn: Drawn) -> None:
    assert len(set(drawn({"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}))) > 30


@pytest.mark.parametrize(
    "pattern",
    [
        "^(.)\\1$",
        "^(?<a>[ab])-(?:x|y)-\\1$",
        "^(?=.*[A-Z])(?=.*\\d)(?=.*[!#]).{8,20}$",
        "^(?=.*[A-Z])(?=.*[!#])[A-Z!#]{4}$",
        "quay(?=side)",
        "^(?!quay)[a-z]+$",
        "^\\p{Lu}\\p{Ll}+$",
        "^[\\p{L}\\p{N} ]+$",
        "^\\p{Script=Greek}+$",
        "^\\P{L}$",
        "^\\d+\\s\\w+$",
        "^\\u{1F600}$",
        "^[\\u00e0-\\u00ff]+$",
        "^\\cA$",
        "^(\\([0-9]{3}\\))?[0-9]{3}-[0-9]{4}$",
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    ],
)
def test_patterns_of_ecma_262_have_texts(drawn: Drawn, pattern: str) -> None:
    drawn({"type": "string", "pattern": pattern})


BOOK = {"type": "object", "properties": {"Title": {"type": "string"}, "Pages": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("schema", "lengths"),
    [
        pytest.param({"items": BOOK}, {1, 2, 3}, id="free"),
        pytest.param({"items": BOOK, "minItems": 2}, {2, 3}, id="at least"),
        pytest.param({"items": BOOK, "minItems": 5}, {5}, id="more than usual"),
        pytest.param({"items": BOOK, "maxItems": 0}, {0}, id="none"),
        pytest.param({"items": BOOK, "maxItems": 1}, {1}, id="at most one"),
        pytest.param({"items": BOOK, "minItems": 0}, {0, 1, 2, 3}, id="also empty"),
        pytest.param({"items": BOOK, "maxItems": 1000}, {1, 2, 3}, id="at most many"),
        pytest.param({}, {0}, id="of unknown items"),
        pytest.param({"items": True}, {0}, id="of any items"),
        pytest.param({"minItems": 2}, {2}, id="some unknown items"),
        pytest.param({"items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2, "maxItems": 2}, {2}, id="both"),
        pytest.param({"items": {"enum": ["a", "b"]}, "uniqueItems": True}, {1, 2}, id="two different at most"),
        pytest.param({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False}, {2}, id="pair"),
        pytest.param({"prefixItems": [{"type": "string"}], "items": BOOK, "minItems": 3}, {3}, id="head and tail"),
        pytest.param({"prefixItems": [BOOK, BOOK], "maxItems": 1}, {1}, id="half a pair"),
    ],
)
def test_arrays_have_the_documented_length(drawn: Drawn, schema: Schema, lengths: set[int]) -> None:
    assert {len(value) for value in drawn({"type": "array", **schema})} == lengths


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        pytest.param({}, {"Key1", "Key2"}, id="free"),
        pytest.param({"propertyNames": True}, {"Key1", "Key2"}, id="any"),
        pytest.param(
            {"propertyNames": {"examples": ["North", "South", "East"]}}, {"North", "South", "East"}, id="seen"
        ),
        pytest.param({"propertyNames": {"enum": ["North"]}}, {"North"}, id="listed"),
        pytest.param({"propertyNames": {"enum": [1, "North"]}}, {"North"}, id="listed beside a number"),
        pytest.param({"propertyNames": {"type": "integer"}}, set(), id="numbers, which no key is"),
        pytest.param({"minProperties": 4}, {"Key1", "Key2", "Key3", "Key4"}, id="at least"),
        pytest.param({"maxProperties": 1}, {"Key1"}, id="at most"),
        pytest.param({"maxProperties": 0}, set(), id="none"),
    ],
)
def test_dictionaries_have_the_documented_keys(drawn: Drawn, schema: Schema, keys: set[str]) -> None:
    values = drawn({"type": "object", "additionalProperties": {"type": "integer"}, **schema})
    assert {frozenset(value) for value in values} == {frozenset(keys)}


@pytest.mark.parametrize("names", [{"pattern": "^[A-Z]{2}$"}, {"format": "uuid"}, {"minLength": 12}])
def test_keys_of_dictionaries_fit(drawn: Drawn, names: Schema) -> None:
    values = drawn({"type": "object", "additionalProperties": {}, "propertyNames": names})
    assert {len(value) for value in values} == {2}


def test_every_property_of_a_record_is_drawn(drawn: Drawn) -> None:
    schema = {**BOOK, "required": ["Title", "Shelf"]}
    assert {tuple(value) for value in drawn(schema)} == {("Title", "Pages", "Shelf")}


def test_a_required_property_that_is_not_listed_is_as_all_others(drawn: Drawn) -> None:
    schema = {**BOOK, "required": ["Shelf"], "additionalProperties": {"const": "N"}}
    assert {value["Shelf"] for value in drawn(schema)} == {"N"}


def test_a_property_that_may_not_be_is_left_out(drawn: Drawn) -> None:
    assert drawn({"type": "object", "properties": {"Title": True, "Ghost": False}})[0] == {"Title": None}


COMPOSED: list[Any] = [
    pytest.param({"anyOf": [{"type": "integer"}, {"type": "string"}]}, id="anyOf"),
    pytest.param({"anyOf": [{"type": "null"}, {"type": "integer"}]}, id="null first"),
    pytest.param({"anyOf": [{"type": "null"}]}, id="only null"),
    pytest.param({"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 500}]}, id="overlapping oneOf"),
    pytest.param({"oneOf": [{"type": "number"}, {"type": "number", "minimum": -9}, {"type": "string"}]}, id="one left"),
    pytest.param({"oneOf": [{"type": "integer"}, {"type": "string"}], "maximum": 3}, id="oneOf with a bound beside"),
    pytest.param({**BOOK, "anyOf": [{"required": ["Title"]}, {"required": ["Shelf"]}]}, id="anyOf beside properties"),
    pytest.param(
        {"type": "object", "properties": {"Kind": {"type": "string"}}, "oneOf": [ref("Novel"), ref("Atlas")]},
        id="kinds of books",
    ),
    pytest.param({"allOf": [ref("Book")], "description": "One of ours"}, id="described reference"),
    pytest.param({"allOf": [ref("Book"), {"required": ["Pages"]}]}, id="required inside allOf"),
    pytest.param({"allOf": [ref("Book"), {"properties": {"Pages": {"minimum": 5000}}}]}, id="bound inside allOf"),
    pytest.param({"allOf": [{"type": "string"}, {"minLength": 30}, {"maxLength": 31}]}, id="allOf of texts"),
    pytest.param({"allOf": [{"type": "number"}, {"type": "integer"}, {"multipleOf": 4}, {"multipleOf": 6}]}, id="lcm"),
    pytest.param({"allOf": [{"enum": [1, 2, 3]}, {"enum": [3, 4]}]}, id="common values"),
    pytest.param({"allOf": [{"type": "array", "items": ref("Book")}, {"minItems": 4}]}, id="allOf of arrays"),
    pytest.param(
        {"allOf": [{"type": "array", "items": ref("Book")}, {"items": {"required": ["Shelf"]}}]}, id="items twice"
    ),
    pytest.param({"allOf": [{"anyOf": [{"minimum": 5}, {"maximum": -5}]}, {"type": "integer"}]}, id="anyOf in allOf"),
    pytest.param(
        {"allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}, {"anyOf": [{"type": "string"}]}]},
        id="two anyOf",
    ),
    pytest.param({"allOf": [{"additionalProperties": {"type": "integer"}}, {"minProperties": 3}]}, id="dictionary"),
    pytest.param({**ref("Book"), "required": ["Shelf"]}, id="keywords beside a reference"),
    pytest.param({"allOf": [True, BOOK]}, id="allOf with true"),
]


@pytest.mark.parametrize("schema", COMPOSED)
def test_composed_schemas_fit(drawn: Drawn, schema: Schema) -> None:
    kinds = {name: {"properties": {"Kind": {"const": name}}, "required": ["Kind"]} for name in ("Novel", "Atlas")}
    assert all(value != {} for value in drawn(schema, Book=BOOK, **kinds))


def test_the_same_seed_draws_the_same_values_in_any_order() -> None:
    contract = Contract("library", "1", (), {"Book": BOOK})
    first, second = Sampler(contract, Sampling(seed=5)), Sampler(contract, Sampling(seed=5))
    forwards = [first.sample(ref("Book"), key) for key in KEYS]
    backwards = [second.sample(ref("Book"), key) for key in reversed(KEYS)]
    assert forwards == backwards[::-1]
    assert forwards != [Sampler(contract, Sampling(seed=6)).sample(ref("Book"), key) for key in KEYS]


@pytest.mark.parametrize("schema", [{"type": "string"}, {"type": "string", "enum": ["new", None]}])
def test_null_that_only_nullable_allows_is_received_from_openapi_3_1_on_but_not_sent(schema: dict[str, Any]) -> None:
    owner = {"type": "object", "required": ["name"], "properties": {"name": {**schema, "nullable": True}}}
    sent = {}
    for version in ("3.0.3", "3.1.0"):
        document = {"openapi": version, "info": {"title": "Quay", "version": "1"}, "paths": {}}
        contract = from_openapi({**document, "components": {"schemas": {"Owner": owner}}})
        assert Validator(contract.schemas["Owner"], contract).is_valid({"name": None})
        sampler = Sampler(contract)
        sent[version] = {sampler.sample(contract.schemas["Owner"], key)["name"] is None for key in range(100)}
    assert sent == {"3.0.3": {True, False}, "3.1.0": {False}}
