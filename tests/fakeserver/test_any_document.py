"""What holds for any document and any call: no exception, no 500 that nobody asked for, and an answer in good time."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Sampler, Sampling, Settings
from docdouble.fakeserver.http.codecs import Content, codec_of
from docdouble.fakeserver.http.internal_error import ERROR
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.schemas import Call, DocdoubleError, Operation, extract

SETTINGS = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
HERE = Path(__file__).parent
WHOLE = {
    name: json.dumps(yaml.safe_load((HERE / name).read_text(encoding="utf-8")), default=str)
    for name in ("hotel.yaml", "state/customers.yaml", "state/hosting.yaml", "state/shop.yaml")
}
"""Documents of ours as JSON."""

SECONDS = 10.0
"""Of the processor for a call, a hundred times what the slowest takes."""

TYPES = ("string", "integer", "number", "boolean", "array", "object", "null", "file", "", "strnig")
FORMATS = (
    "date-time",
    "date",
    "uuid",
    "email",
    "uri",
    "byte",
    "binary",
    "int32",
    "int64",
    "ipv6",
    "regex",
    "unknown",
    "",
)
PATTERNS = (
    "^[a-z]+$",
    "^.{3,5}$",
    r"\d+",
    "(",
    "[",
    "(?=a)b",
    "^(a|b)*$",
    r"\p{L}+",
    "(?P<a>x)",
    "*",
    "",
    r"^\S+@\S+$",
)
MEDIA_TYPES = (
    *("application/json", "application/json; charset=utf-8", "application/xml", "text/plain", "text/csv", "image/png"),
    *("application/x-www-form-urlencoded", "multipart/form-data", "application/vnd.a+json", "application/octet-stream"),
    *("*/*", "image/*", "text/event-stream", "application/jsonl", "application/json-patch+json", "application/pdf"),
    *(
        "application/merge-patch+json",
        "",
        "json",
        "a/b\r\nX-Evil: 1",
        "text/plain; charset=klingon",
        "é/ü",
        'a/b; c="',
        "/",
    ),
)
STATUSES = (
    "200",
    "201",
    "202",
    "204",
    "206",
    "301",
    "302",
    "304",
    "404",
    "409",
    "412",
    "422",
    "503",
    "default",
    "2XX",
    "4xx",
)
BROKEN_STATUSES = ("99", "700", "abc", "", "2X", "200 ", "-1", "1XX", "101")
PATHS = (
    "/a",
    "/a/{id}",
    "/a/{id}/b",
    "/a/{id}/b/{b}",
    "/{id}",
    "/",
    "",
    "a",
    "/a/{}",
    "/a/{id",
    "/a//b",
    "/é/{ø}",
    "/a/{id}.json",
)
PROPERTIES = (
    "id",
    "a",
    "name",
    "items",
    "b_id",
    "createdAt",
    "total",
    "next",
    "$ref",
    "type",
    "é",
    "",
    "a/b",
    "properties",
)
PARAMETERS = (
    "id",
    "b",
    "ø",
    "q",
    "limit",
    "offset",
    "page",
    "cursor",
    "sort",
    "fields",
    "X-Key",
    "If-Match",
    "Accept",
    "a[]",
    "",
)

texts = st.text(max_size=8) | st.sampled_from(PROPERTIES)
numbers = st.sampled_from([0, 1, 2, 3, 7, -1, 0.5, 1.5, 1e-9, 1e300, 2**31, 2**63, -(2**63), True])
counts = st.sampled_from([0, 1, 2, 3, 5, -1, 1.5, "2", None])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
references = st.sampled_from(
    [
        "#/components/schemas/A",
        "#/components/schemas/B",
        "#/definitions/A",
        "#/components/schemas/None",
        "#",
        "",
        "#/paths",
    ]
).map(lambda target: {"$ref": target})


def _keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    schemas = st.dictionaries(st.sampled_from(PROPERTIES), inner, max_size=3)
    several = st.lists(inner, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), max_size=3),
            "format": st.sampled_from(FORMATS),
            **dict.fromkeys(("title", "description", "contentEncoding", "contentMediaType"), texts | values),
            "pattern": st.sampled_from(PATTERNS),
            "enum": st.lists(values, max_size=3),
            "const": values,
            **dict.fromkeys(("example", "default"), values),
            "examples": st.lists(values, max_size=2) | values,
            **dict.fromkeys(("minimum", "maximum", "multipleOf"), numbers | values),
            **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), numbers | st.booleans()),
            **dict.fromkeys(
                ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), counts
            ),
            **dict.fromkeys(("nullable", "readOnly", "writeOnly", "uniqueItems", "deprecated"), st.booleans()),
            "items": inner | several | st.booleans(),
            "prefixItems": several,
            "contains": inner,
            "properties": schemas,
            "patternProperties": st.dictionaries(st.sampled_from(PATTERNS), inner, max_size=2),
            "additionalProperties": inner | st.booleans(),
            "propertyNames": inner,
            "required": st.lists(st.sampled_from(PROPERTIES), max_size=3) | st.booleans(),
            "dependentRequired": st.dictionaries(texts, st.lists(texts, max_size=2), max_size=2),
            **dict.fromkeys(("allOf", "anyOf", "oneOf"), several),
            **dict.fromkeys(("not", "if", "then", "else"), inner),
            "discriminator": st.just({"propertyName": "type"}) | values,
            "xml": st.just({"name": "é", "wrapped": True, "attribute": True}) | values,
            "$ref": references.map(lambda reference: reference["$ref"]),
        },
    )


schemas = st.recursive(st.booleans() | references | st.just({}) | values, _keywords, max_leaves=6) | _keywords(
    references
)


def _content() -> st.SearchStrategy[Any]:
    representation = st.fixed_dictionaries(
        {},
        optional={
            "schema": schemas,
            "example": values,
            "examples": st.dictionaries(
                texts, st.fixed_dictionaries({}, optional={"value": values}) | values, max_size=2
            ),
            "encoding": st.dictionaries(
                st.sampled_from(PROPERTIES),
                st.fixed_dictionaries({}, optional={"contentType": texts, "style": texts}),
                max_size=2,
            ),
        },
    )
    return st.dictionaries(st.sampled_from(MEDIA_TYPES), representation | values, max_size=2)


parameters = st.fixed_dictionaries(
    {
        "name": st.sampled_from(PARAMETERS),
        "in": st.sampled_from(["path", "query", "header", "cookie", "body", "formData", "x"]),
    },
    optional={
        "required": st.booleans(),
        "schema": schemas,
        "content": _content(),
        "style": st.sampled_from(["simple", "form", "matrix", "label", "deepObject", "pipeDelimited", "x"]),
        "explode": st.booleans(),
        **dict.fromkeys(("example", "default"), values),
        "type": st.sampled_from(TYPES),
        "allowEmptyValue": st.booleans(),
    },
)
responses = st.fixed_dictionaries(
    {"description": texts},
    optional={
        "content": _content(),
        "schema": schemas,
        "headers": st.dictionaries(
            st.sampled_from(["Location", "ETag", "X-A", "Content-Type", "Link", "Set-Cookie", "é", "a b", ""]),
            st.fixed_dictionaries({}, optional={"schema": schemas, "example": values}) | values,
            max_size=2,
        ),
    },
)
operations = st.fixed_dictionaries(
    {
        "responses": st.dictionaries(
            st.sampled_from(STATUSES) | st.sampled_from(BROKEN_STATUSES), responses | values, max_size=3
        )
    },
    optional={
        "operationId": texts,
        "parameters": st.lists(parameters | values, max_size=3),
        "requestBody": st.fixed_dictionaries({}, optional={"content": _content(), "required": st.booleans()}) | values,
        "security": st.lists(st.just({"key": []}) | values, max_size=1),
        "deprecated": st.booleans(),
        "tags": st.lists(texts, max_size=1) | values,
    },
)
documents = st.builds(
    lambda version, paths, named, servers: {
        **version,
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
        "definitions": named,
        **servers,
    },
    st.sampled_from([{"openapi": "3.1.0"}, {"openapi": "3.0.3"}, {"swagger": "2.0"}]),
    st.dictionaries(
        st.sampled_from(PATHS),
        st.dictionaries(
            st.sampled_from(["get", "put", "post", "patch", "delete", "head", "options"]), operations, max_size=3
        ),
        min_size=1,
        max_size=3,
    ),
    st.dictionaries(st.sampled_from(["A", "B"]), schemas, max_size=2),
    st.sampled_from(
        [{}, {"servers": [{"url": "/v1"}]}, {"basePath": "/v1"}, {"servers": [{"url": "https://{a}.b/{c}"}]}]
    ),
)

BODIES = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b'{"id": 1, "a": "b"}',
    b'[{"id": "x"}]',
    b"<a><id>1</id></a>",
    b"id=1&a=b",
    b"\xff\x00",
    b'"',
    b"1e999",
)
ACCEPTS = ("*/*", "application/json", "application/xml", "text/plain;q=0", "image/*", "x", "", "a/b;q=2, */*;q=é")
QUERIES = (
    "",
    "id=1&limit=2&offset=-1",
    "page=0&sort=-a",
    "limit=x",
    "q=%00&fields=a,b",
    "__code=404",
    "__example",
    "__seed=x",
    "a[]=1",
    "&&=&",
)
PREFERENCES = ("code=404", "example", "example=x", "seed=5", "code=999", "dynamic=false", "wait=1, code=200")

calls = st.builds(
    lambda *drawn: drawn,
    st.sampled_from(BODIES) | values.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(MEDIA_TYPES),
    st.sampled_from(ACCEPTS),
    st.sampled_from(QUERIES),
    st.lists(
        st.sampled_from(
            [
                ("If-Match", '"x"'),
                ("Range", "bytes=0-1"),
                ("Range", "bytes=-"),
                ("If-Modified-Since", "x"),
                ("Cookie", "a=b;;="),
            ]
        )
        | st.sampled_from(PREFERENCES).map(lambda value: ("Prefer", value))
        | st.tuples(st.just("Docdouble-World"), st.sampled_from(["a", "é", ""])),
        max_size=2,
    ).map(tuple),
    st.sampled_from(["1", "2", "x", "0", "-1", "99999999999999999999", "a b", "é", "%", "a/b", ".."]),
    st.booleans(),
)


def fitting(operation: Operation, app: FakeServer) -> tuple[str, bytes]:
    """Return the media type and a body that an operation documents, as far as one can be made."""
    documented = operation.request.media_types[0] if operation.request and operation.request.media_types else None
    if documented is None:
        return "", b""
    content = Content(documented.schema or {}, app.contract)
    try:
        value = Sampler(app.contract, Sampling()).sample(documented.schema or {}, 1)
        return documented.name, codec_of(documented.name).encode(value, content)
    except NoValueError:
        return documented.name, b"{}"


def requests(app: FakeServer, drawn: tuple[Any, ...]) -> Iterator[Call]:
    """Yield a call of each operation."""
    body, content_type, accept, query, headers, key, is_fitting = drawn
    for operation in app.contract.operations:
        if is_fitting:
            content_type, body = fitting(operation, app)
        segments = operation.path.split("/")
        path = "/".join(quote(key, safe="") if "{" in segment else quote(segment) for segment in segments)
        head = (("Content-Type", content_type),) if body else ()
        head += (("Accept", accept), ("Host", "here"), ("X-Key", "k"), *headers)
        yield Call(head, body, operation.method, f"{path}?{query}")


def judge(app: FakeServer, call: Call) -> None:
    """Raise ``AssertionError`` for a reply that no server may send."""
    started = time.thread_time()
    reply = app.handle(call)
    assert time.thread_time() - started < SECONDS
    assert reply.header(ERROR) is None, reply.body
    assert 200 <= reply.status < 600
    broken = [field for field in reply.headers if any(mark in "".join(field) for mark in "\r\n\0")]
    assert not broken, broken
    assert all("".join(field).isascii() or "".join(field).encode("latin-1") for field in reply.headers)


manners = st.builds(
    Settings,
    population=st.just(3),
    auth=st.booleans(),
    validate=st.sampled_from(["on", "warn", "off"]),
    read_only=st.sampled_from(["ignore", "refuse"]),
    nulls=st.sampled_from(["sometimes", "never", "documented"]),
    answers=st.sampled_from(["generated", "generated", "documented"]),
    state=st.sampled_from(["memory", "memory", "off"]),
)


def answer_all(document: dict[str, Any], served: Settings, drawn: list[tuple[Any, ...]], path: Path) -> None:
    """Send calls to the fake of a document; raises ``AssertionError``."""
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        app = FakeServer(extract(str(path)).contract, served)
    except DocdoubleError:
        return
    for request in drawn:
        for call in requests(app, request):
            judge(app, call)


@SETTINGS
@given(document=documents, served=manners, drawn=st.lists(calls, min_size=1, max_size=4))
def test_any_call_of_any_document_is_answered(
    document: dict[str, Any], served: Settings, drawn: list[tuple[Any, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    answer_all(document, served, drawn, tmp_path_factory.getbasetemp() / "any.json")


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container of a document with one of its keys."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(inside):
        yield value, key
        yield from places(part)


def damaged(name: str, changes: list[tuple[int, Any]]) -> dict[str, Any]:
    """Return one of our documents with other values in some places."""
    document: dict[str, Any] = json.loads(WHOLE[name])
    for number, value in changes:
        candidates = list(places(document["paths"])) + list(places(document["components"]))
        container, key = candidates[number % len(candidates)]
        container[key] = value
    return document


@SETTINGS
@given(
    name=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.integers(0, 9999), values | schemas | numbers), max_size=3),
    served=manners,
    drawn=st.lists(calls, min_size=1, max_size=3),
)
def test_any_call_of_a_damaged_document_is_answered(
    name: str,
    changes: list[tuple[int, Any]],
    served: Settings,
    drawn: list[tuple[Any, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    answer_all(damaged(name, changes), served, drawn, tmp_path_factory.getbasetemp() / "damaged.json")
