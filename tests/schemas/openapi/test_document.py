from collections.abc import Callable
from typing import Any

import pytest

from docdouble.schemas import ContractError, Evidence, Grade
from docdouble.schemas.openapi.document import MAX_DEPTH, DocumentNode, document_root
from docdouble.schemas.openapi.parts import Report
from docdouble.schemas.openapi.schema_reader import SchemaReader

DATA: Any = {
    "paths": {"/book/{id}": {"get": {"$ref": "#/components/a~1b"}}, "x-note": 1},
    "components": {
        "a/b": {"$ref": "#/components/a~0b"},
        "a~b": {"type": "object"},
        "loop": {"$ref": "#/components/loop"},
    },
    "list": [{"name": "one"}, 2],
    "text": "words",
    "nothing": None,
}
ROOT = document_root(DATA, "api.json")


def test_a_child_is_named_by_its_pointer() -> None:
    node = ROOT.mapping("paths").mapping("/book/{id}")
    assert (node.pointer, node.data) == ("/paths/~1book~1{id}", DATA["paths"]["/book/{id}"])
    assert node.evidence() == Evidence(Grade.STATED, "api.json#/paths/~1book~1{id}", 0)


def test_what_is_optional_may_be_missing() -> None:
    assert ROOT.mapping("servers", optional=True) == DocumentNode({}, "/servers", ROOT.file)
    assert list(ROOT.sequence("servers")) == []


def test_an_array_of_strings_is_read() -> None:
    data = {"consumes": ["text/json", "text/xml"]}
    node = document_root(data, "")
    assert (node.texts("consumes"), node.texts("produces")) == (["text/json", "text/xml"], [])


def test_extensions_are_passed_over_where_the_format_has_them() -> None:
    assert [name for name, _ in ROOT.mapping("paths").items(extensible=True)] == ["/book/{id}"]


def test_a_name_that_somebody_chose_may_start_like_an_extension() -> None:
    data = {"x-api-key": {"type": "apiKey"}}
    assert [name for name, _ in document_root(data, "").items()] == ["x-api-key"]


def test_references_are_followed_to_their_end() -> None:
    node = ROOT.mapping("paths").mapping("/book/{id}").mapping("get").resolved()
    assert (node.pointer, node.data) == ("/components/a~0b", {"type": "object"})


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: ROOT.mapping("info"), "api.json#/info: missing"),
        (lambda: ROOT.mapping("list"), "api.json#/list: expected an object, found an array"),
        (lambda: ROOT.mapping("nothing"), "api.json#/nothing: expected an object, found null"),
        (lambda: ROOT.child("text", "words").mapping("a"), "api.json#/text: expected an object, found a string"),
        (lambda: list(ROOT.sequence("text")), "api.json#/text: expected an array, found a string"),
        (lambda: list(ROOT.sequence("list")), "api.json#/list/1: expected an object, found a number"),
        (lambda: list(ROOT.child("list", []).sequence("a")), "api.json#/list: expected an object, found an array"),
        (lambda: list(ROOT.mapping("paths").items()), "api.json#/paths/x-note: expected an object, found a number"),
        (lambda: ROOT.texts("text"), "api.json#/text: expected an array of strings"),
        (lambda: ROOT.texts("list"), "api.json#/list: expected an array of strings"),
        (lambda: ROOT.text("name"), "api.json#: 'name' is missing"),
        (lambda: ROOT.text("paths"), "api.json#: 'paths' is an object, expected a string"),
        (lambda: ROOT.child("b", True).text("a"), "api.json#/b: expected an object, found a boolean"),
    ],
)
def test_what_is_not_as_expected_is_named_by_its_pointer(read: Callable[[], object], message: str) -> None:
    with pytest.raises(ContractError) as caught:
        read()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("#/components/a~1c", "$ref '#/components/a~1c' names nothing; did you mean 'a/b'?"),
        ("#/components/zzz", "$ref '#/components/zzz' names nothing"),
        ("#/text/a", "$ref '#/text/a' names nothing"),
        ("#/components/loop", "$ref '#/components/loop' leads in a circle"),
        (
            "book.json#/Book",
            "$ref 'book.json#/Book' names nothing: it leaves the document",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_an_error(ref: str, message: str) -> None:
    node = ROOT.child("here", {"$ref": ref})
    with pytest.raises(ContractError) as caught:
        node.resolved()
    assert str(caught.value) in (f"api.json#/here: {message}", f"api.json#/components/loop: {message}")


BROKEN = {"$ref": "#/components/schemas/Bok"}


def problems(schema: Any) -> list[tuple[str, str]]:
    """The places and messages of what is broken in a schema, of a document that has a ``Book``."""
    reported: list[tuple[str, str]] = []
    reader, node = reading(schema, lambda rule, node, message: reported.append((node.pointer, message)))
    reader.read(node)
    return reported


def reading(schema: Any, report: Report = lambda *broken: None) -> tuple[SchemaReader, DocumentNode]:
    """A reader of a document that has a ``Book``, and the place of another schema in it."""
    root = document_root({"components": {"schemas": {"Book": {}}}, "here": schema}, "api.json")
    reader = SchemaReader(root.mapping("components").mapping("schemas"), True, report)
    return reader, root.child("here", schema)


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"allOf": [{"items": BROKEN}]}, "/here/allOf/0/items"),
        ({"properties": {"example": BROKEN}}, "/here/properties/example"),
        ({"properties": {"properties": {"enum": [1], "items": BROKEN}}}, "/here/properties/properties/items"),
        ({"additionalProperties": BROKEN}, "/here/additionalProperties"),
    ],
)
def test_every_broken_reference_is_reported(data: Any, pointer: str) -> None:
    message = "$ref '#/components/schemas/Bok' names nothing; did you mean 'Book'?"
    assert problems(data) == [(pointer, message)]


@pytest.mark.parametrize(
    "data",
    [
        {"example": BROKEN, "examples": [BROKEN], "default": BROKEN, "enum": [BROKEN], "const": BROKEN},
        {"x-vendor": BROKEN},
        {"properties": {"$ref": {"type": "string"}}},
    ],
)
def test_data_that_looks_like_a_reference_is_data(data: Any) -> None:
    assert problems(data) == []


def test_an_enumeration_without_values_is_reported_and_allows_nothing() -> None:
    schema = {"type": "string", "enum": []}
    reader, node = reading(schema)
    assert reader.read(node) == schema
    assert problems(schema) == [("/here/enum", "enum lists nothing, so that no value fits")]


def test_nesting_has_a_bound() -> None:
    data: Any = {}
    for _ in range(MAX_DEPTH):
        data = [data]
    document_root(data, "api.json").check_depth()
    with pytest.raises(ContractError) as caught:
        document_root([data], "api.json").child("x", [data]).check_depth()
    assert str(caught.value) == f"api.json#/x: nested more than {MAX_DEPTH} deep"
