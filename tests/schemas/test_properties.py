"""What holds for any page, value, schema and document, not only for the ones that somebody thought of."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docdouble.schemas import (
    Behaviour,
    Body,
    Contract,
    DocdoubleError,
    Evidence,
    Grade,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    Validator,
)
from docdouble.schemas.contract import EVIDENCE, allow_null, reference
from docdouble.schemas.formats import STRICT
from docdouble.schemas.infer import Sample, combine
from docdouble.schemas.link import link
from docdouble.schemas.openapi import from_openapi, to_openapi
from docdouble.schemas.page import Block, Fence, Heading, Paragraph, Table, decode, parse_page
from docdouble.schemas.positions import escape, parse_json
from docdouble.schemas.reader import read_operation
from docdouble.schemas.superoffice import SUPEROFFICE
from docdouble.schemas.upgrade import upgrade
from docdouble.schemas.validate import documented_spelling

few = settings(max_examples=30)
some = settings(max_examples=100)

CASES = Path(__file__).parents[1] / "cases"
PAGES = sorted(page for page in CASES.glob("**/*.md") if page.name != "README.md")

# --- pages ---

MARKS = [
    "# A",
    "## B &amp; c",
    "Title",
    "=====",
    "---",
    "```http",
    "```",
    "~~~",
    "| a | b |",
    "|---|---|",
    "| 1 \\| 2 | x &lt; |",
]
MARKS += [
    "- item",
    "  more",
    "> quote",
    "> ```x",
    "1. one",
    "    code",
    "<div>",
    "[a]: /b",
    "&#65; &x",
    "\t- x",
    "> | a |",
    "> |---|",
    "",
]
# Some control characters and spaces are blank to a Markdown parser at the edge of a text only.
lines_of_markdown = st.one_of(
    st.sampled_from(MARKS), st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), max_size=12)
)


@some
@given(st.lists(lines_of_markdown, max_size=25), st.sampled_from(["\n", "\r\n"]))
def test_every_block_of_a_page_stands_where_it_says(lines: list[str], ending: str) -> None:
    try:
        page = parse_page(ending.join(lines), "a.md")
    except DocdoubleError:
        assert lines[0].rstrip() == "---"
        return
    for block in page.blocks:
        assert_stands(block, lines)


def assert_stands(block: Block, lines: list[str]) -> None:
    match block:
        case Heading(text=text, line=line) | Paragraph(text=text, line=line):
            assert text.split("\n")[0].strip() in unescape(lines[line - 1])
        case Fence(text=text, line=line) if text.strip():
            assert text.split("\n")[0].strip() in lines[line - 1]
        case Fence(info=info, line=line):
            assert info in lines[line - 2]
        case Table(header=header, rows=rows, line=line):
            for cells, number in [(header, line), *((row.cells, row.line) for row in rows)]:
                text = unescape(lines[number - 1].replace("\\|", "|"))
                assert all(cell in text for cell in cells)


@some
@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "replace")))
@example("---\n\ufeff: !!x\n---")
@example("---\n? [a]\n---")
def test_any_text_is_a_page_or_an_error(text: str) -> None:
    refused(lambda: parse_page(text, "a.md"))


def refused(read: Any) -> Any:
    """Return what is read; ``None`` where it is refused in the way that callers expect."""
    try:
        return read()
    except DocdoubleError:
        return None


edits = st.lists(
    st.tuples(
        st.sampled_from(["cut", "duplicate", "swap", "insert"]),
        st.integers(0, 200),
        st.integers(0, 200),
        st.binary(max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    lines = data.split(b"\n")
    for kind, one, other, inserted in changes:
        here, there = one % len(lines), other % len(lines)
        if kind == "cut":
            lines[here : max(here, there) + 1] = [b""]
        elif kind == "duplicate":
            lines.insert(there, lines[here])
        elif kind == "swap":
            lines[here], lines[there] = lines[there], lines[here]
        else:
            at = other % (len(lines[here]) + 1)
            lines[here] = lines[here][:at] + inserted + lines[here][at:]
    return b"\n".join(lines)


@some
@given(st.sampled_from(PAGES), edits)
def test_a_damaged_page_is_read_or_refused(path: Path, changes: list[tuple[str, int, int, bytes]]) -> None:
    data = edited(path.read_bytes(), changes)
    reading = refused(lambda: read_operation(parse_page(decode(data, "a.md"), "a.md"), SUPEROFFICE))
    if reading is not None:
        contract = link([reading], SUPEROFFICE)
        assert from_openapi(orjson.loads(orjson.dumps(to_openapi(contract)))) == contract
        for body in (reading.operation.request, *reading.operation.responses):
            for media_type in body.media_types if body else ():
                Validator(media_type.schema, contract).violations(None)


# --- values ---

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
        (own, _, _), *below = nodes(part, f"{pointer}/{escape(key)}")
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
    found = Validator(schema, Contract("", "", ())).violations(value)
    return all(violation.rule == "format" and not violation.counts for violation in found)


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


# --- schemas ---

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
    assert len({(one.pointer, one.rule) for one in violations}) == len(violations)


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


# --- contracts ---

evidences = st.builds(Evidence, st.sampled_from(Grade), st.sampled_from(["a.md", "b/c.md"]), st.integers(0, 99))
maybe = st.none() | evidences
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
noted = st.builds(lambda schema, found: {**schema, EVIDENCE: found.as_dict()}, schemas, evidences)
flags = st.none() | st.booleans()
media_types = st.lists(
    st.builds(
        MediaType,
        st.sampled_from(["text/json", "application/json", "x-own/type", "text/xml"]),
        st.none() | noted,
        st.lists(values, max_size=2).map(tuple),
        maybe,
    ),
    max_size=3,
    unique_by=lambda one: one.name,
).map(tuple)
parameters = st.lists(
    st.builds(Parameter, names, st.sampled_from(["path", "query", "header", "cookie"]), schemas, flags, words, maybe),
    max_size=3,
    unique_by=lambda one: (one.location, one.name),
).map(tuple)
responses = st.lists(
    st.builds(Response, st.sampled_from(["200", "204", "4XX", "default"]), media_types, words, maybe),
    max_size=3,
    unique_by=lambda one: one.status,
).map(tuple)
operations = st.builds(
    Operation,
    id=names.filter(bool),
    method=st.sampled_from(["GET", "PUT", "POST", "PATCH"]),
    path=st.sampled_from(["/", "/a/{b}", "/~a"]),
    summary=words,
    description=words,
    parameters=parameters,
    request=st.none() | st.builds(Body, media_types, flags, words, maybe),
    responses=responses,
    security=st.lists(st.lists(names, max_size=2, unique=True).map(tuple), max_size=2).map(tuple),
    security_evidence=maybe,
    behaviours=st.lists(st.builds(Behaviour, words, evidences), max_size=2).map(tuple),
    evidence=evidences,
)
contracts = st.builds(
    Contract,
    words,
    words,
    st.lists(operations, max_size=4, unique_by=lambda one: one.label).map(
        lambda found: tuple(sorted(found, key=lambda one: one.path))
    ),
    st.dictionaries(st.sampled_from(["Member", "x-shelf"]), noted).map(lambda found: {"Book": BOOK, **found}),
    st.dictionaries(st.sampled_from(["Basic", "x-key"]), st.just({"type": "http", "scheme": "basic"})),
    st.lists(words, max_size=2).map(tuple),
)


@few
@given(contracts)
def test_a_contract_survives_openapi(contract: Contract) -> None:
    document = to_openapi(contract)
    written = orjson.dumps(document)
    assert from_openapi(upgrade(document, "a.json")) == contract
    assert orjson.dumps(document) == written
    assert from_openapi(orjson.loads(written)) == contract


SEEDS: list[Any] = [
    {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "security": [{"key": []}],
        "servers": [{"url": "/"}],
        "paths": {
            "/a/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "post": {
                    "operationId": "a",
                    "requestBody": {
                        "content": {"text/json": {"schema": reference("A"), "examples": {"b": {"value": 1}}}}
                    },
                    "responses": {"200": {"$ref": "#/components/responses/R"}},
                    "x-docdouble-behaviours": [{"name": "b", EVIDENCE: {"grade": "stated", "page": "p", "line": 1}}],
                },
            }
        },
        "components": {
            "schemas": {"A": {"type": "object", "nullable": True, "properties": {"a": reference("A")}}},
            "responses": {"R": {"description": "", "content": {"text/json": {"schema": {"type": "string"}}}}},
            "securitySchemes": {"key": {"type": "apiKey"}},
        },
    }
    for version in ("3.1.0", "3.0.0")
]
SEEDS.append(
    {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "h",
        "basePath": "/b",
        "schemes": ["https"],
        "consumes": ["text/json"],
        "paths": {
            "/a": {
                "post": {
                    "parameters": [
                        {"name": "a", "in": "body", "schema": {"$ref": "#/definitions/A"}},
                        {"name": "b", "in": "formData", "type": "string", "required": True},
                        {"$ref": "#/parameters/P"},
                    ],
                    "produces": ["text/xml"],
                    "responses": {
                        "200": {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/A"}}}
                    },
                }
            }
        },
        "parameters": {"P": {"name": "p", "in": "query", "type": "integer", "exclusiveMinimum": True, "minimum": 1}},
        "definitions": {"A": {"type": "object", "x-nullable": True}},
        "securityDefinitions": {"o": {"type": "oauth2", "flow": "implicit", "authorizationUrl": "/", "scopes": {}}},
    }
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with one of its keys."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(inside):
        yield value, key
        yield from places(part)


odd = st.one_of(
    values,
    st.sampled_from([reference("A"), {"$ref": "#/info"}, {"$ref": "#/paths"}, {"$ref": "#/servers"}, [[]], True]),
)


@some
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 999), odd), min_size=1, max_size=2))
def test_a_damaged_document_is_read_or_refused(seed: Any, changes: list[tuple[int, Any]]) -> None:
    document = copy.deepcopy(seed)
    for number, value in changes:
        found = list(places(document))
        container, key = found[number % len(found)]
        container[key] = copy.deepcopy(value)
    contract = refused(lambda: from_openapi(upgrade(document, "a.json"), "a.json"))
    if contract is not None:
        written = to_openapi(contract)
        assert replace(from_openapi(written), operations=()) == replace(contract, operations=())
