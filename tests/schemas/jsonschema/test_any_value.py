"""What holds for any value and schema, not only for those that somebody thought of."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.contract.model import allow_null, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.json_lines import parse_json
from docdouble.schemas.json_pointer import escape_token
from docdouble.schemas.jsonschema.formats import STRICT
from docdouble.schemas.jsonschema.validator import documented_spelling
from docdouble.schemas.pages.infer_schemas import Sample, combine

some = settings(max_examples=100)

WORDS = ["OnlyThis", "two words", "2002-03-31T18:00:00Z", "2002-03-31T18:00:00", "2002-02-30T18:00:00Z", "0001-01-01"]
NAMES = ["Id", "Title", "a/b", "~", "", "fieldName", "Desk:1", "Title1", "default", "enum", "$ref", "properties"]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.sampled_from([2**31, -(2**31) - 1, 0, 1]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(WORDS),
)
names = st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)


def nodes(value: Any, pointer: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every node in the order of the text: its pointer, how the name before it is written, its value."""
    yield pointer, "", value
    for key, part in value.items() if isinstance(value, dict) else ():
        (own, _, _), *below = nodes(part, f"{pointer}/{escape_token(key)}")
        yield own, json.dumps(key, ensure_ascii=False) + ": ", part
        yield from below
    for index, part in enumerate(value) if isinstance(value, list) else ():
        yield from nodes(part, f"{pointer}/{index}")


@some
@given(values, st.integers(1, 50))
def test_every_node_of_a_sample_stands_on_its_line(value: Any, first_line: int) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    read, lines = parse_json(text, "a.md", first_line)
    assert json.dumps(read) == json.dumps(value)
    expected = list(nodes(value))
    assert set(lines) == {pointer for pointer, _, _ in expected}
    previous = first_line - 1
    for pointer, name, part in expected:
        assert lines[pointer] > previous
        previous = lines[pointer]
        shown = text.split("\n")[previous - first_line].strip()
        start = {dict: "{", list: "["}.get(type(part)) or json.dumps(part, ensure_ascii=False)
        assert shown.startswith(name + start)


def inferred(value: Any, name: str = "Title", description: str = "") -> Schema:
    read, lines = parse_json(json.dumps(value), "a.md", 1)
    return Sample(read, lines, "a.md", SUPEROFFICE).infer(read, "", name, description)


def admits(schema: Schema, value: Any) -> bool:
    """A date without an offset is a date-time that real servers send: it is only slightly off."""
    violations = Validator(schema, Contract("", "", ())).violations(value)
    return all(violation.rule == "format" and not violation.counts for violation in violations)


@some
@given(values, st.sampled_from(["", "Dictionary of things"]))
def test_a_value_is_admitted_by_the_schema_that_it_shows(value: Any, description: str) -> None:
    assert admits(inferred(value, description=description), value)


@some
@given(values, values, values)
@example(1, "two words", "three words")
@example({"fieldName": 1}, {"fieldName": "two words", "Id": 1}, None)
@example(None, [1], "x")
def test_values_are_admitted_by_what_their_schemas_combine_to(first: Any, second: Any, third: Any) -> None:
    both = combine(inferred(first), inferred(second))
    assert admits(both, first)
    assert admits(both, second)
    for combined in (combine(both, inferred(third)), combine(inferred(third), both)):
        assert all(admits(combined, value) for value in (first, second, third))


pieces = st.one_of(
    st.sampled_from(
        [
            {},
            {"type": "string"},
            {"type": "boolean"},
            {"type": "null"},
            {"type": "integer", "format": "int32"},
            {"type": "integer", "format": "int64"},
            {"type": "number", "format": "double"},
            {"type": ["string", "null"], "format": "date"},
            {"type": "string", "format": "date-time"},
            {"type": "string", "format": "uuid"},
            {"type": "string", "format": "email"},
            {"type": "string", "minLength": 1, "maxLength": 3},
            {"enum": ["OnlyThis", 1, None, True, 1.5, [1], {"Id": 1}]},
            {"const": 0},
            {"const": False},
            {"pattern": r"^\w\d*$"},
            {"minimum": 0, "exclusiveMaximum": 2**31},
            {"multipleOf": 0.5},
            {"multipleOf": 3},
            reference("Book"),
        ]
    ),
    st.builds(lambda low, high: {"minimum": low, "maximum": high}, st.integers(-5, 5), st.integers(-5, 5)),
)


def larger(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    properties = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    return st.one_of(
        inner.map(allow_null),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda items, size: {"items": items, "maxItems": size, "uniqueItems": True}, inner, st.integers(0, 3)
        ),
        st.builds(lambda parts: {"type": "object", "properties": parts}, properties),
        st.builds(
            lambda parts, other: {"properties": parts, "required": list(parts)[:1], "additionalProperties": other},
            properties,
            inner | st.booleans(),
        ),
        st.builds(
            lambda word, parts: {word: parts},
            st.sampled_from(["anyOf", "oneOf", "allOf"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda part: {"not": part}, inner),
    )


schemas = st.recursive(pieces, larger, max_leaves=6)
BOOK: Schema = {
    "type": "object",
    "properties": {"Next": reference("Book"), "Due": {"type": "string", "format": "date"}},
}
LIBRARY = Contract("library", "1", (), {"Book": BOOK})


@some
@given(schemas, values | st.sampled_from([{"Next": {"Due": "x"}}, {"Due": "2002-03-31"}]))
@example({"items": False}, [1])
@example({"anyOf": [False, {"type": "string"}]}, 1)
def test_the_verdict_and_the_explanation_agree(schema: Schema, value: Any) -> None:
    validator = Validator(schema, LIBRARY)
    violations = validator.violations(value)
    assert validator.is_valid(value) is (violations == ())
    assert len({(violation.pointer, violation.rule) for violation in violations}) == len(violations)


digits = st.text("0123456789-:.TtZz+ {}abf", max_size=30)
formatted = st.one_of(
    digits,
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.dates().map(lambda day: day.isoformat()),
    st.uuids().map(str),
)


@some
@given(st.sampled_from(sorted(STRICT)), formatted)
def test_a_strict_format_is_a_loose_one_and_the_verdicts_agree(name: str, text: str) -> None:
    validator = Validator({"format": name}, LIBRARY)
    violations = validator.violations(text)
    assert validator.is_valid(text) is (violations == ()) is STRICT[name](text)


@some
@given(schemas, values)
def test_documented_spelling_never_loses_a_value(schema: Schema, value: Any) -> None:
    try:
        spelled = documented_spelling(value, schema, LIBRARY)
    except ValueError:
        return
    assert Counter(leaves(spelled)) == Counter(leaves(value))
    assert documented_spelling(spelled, schema, LIBRARY) == spelled


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Every value that holds no other, with the names that lead there in lower case."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield from leaves(part, f"{path}/{str(key).lower()}")
    if not isinstance(value, dict | list) or not value:
        yield f"{path}={value!r}"
