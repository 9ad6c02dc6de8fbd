"""References by `$id`, `$anchor` and `$dynamicAnchor`, and types whose parts a dynamic scope decides."""

from typing import Any

import pytest

from docdouble.schemas import Contract, Validator
from docdouble.schemas.openapi.reader import from_openapi

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def contract_of(schema: dict[str, Any], **components: Any) -> Contract:
    """The contract of one operation that answers with a schema."""
    content = {"application/json": {"schema": schema}}
    operation = {"responses": {"200": {"description": "", "content": content}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/shelf": {"get": operation}}}
    return from_openapi({**document, "components": {"schemas": components}}, "shelf.json")


def accepts(contract: Contract, value: Any) -> bool:
    schema = contract.operations[0].responses[0].media_types[0].schema
    assert schema is not None
    return Validator(schema, contract).is_valid(value)


@pytest.mark.parametrize(
    "ref",
    ["https://books.example/parts/spine", "parts/spine", "/parts/spine", "parts/spine#back", "#/$defs/Spine"],
)
def test_a_reference_is_resolved_against_the_id_around_it(ref: str) -> None:
    spine = {"$id": "parts/spine", "$anchor": "back", **NUMBER}
    shelf = contract_of({"$id": "https://books.example/shelf", "$defs": {"Spine": spine}, "items": {"$ref": ref}})
    assert accepts(shelf, [1])
    assert not accepts(shelf, ["one"])


def test_an_anchor_belongs_to_the_schema_with_an_id_around_it() -> None:
    inner = {"$id": "inner", "$defs": {"Word": {"$anchor": "word", **TEXT}}, "$ref": "#word"}
    outer = {"$defs": {"Word": {"$anchor": "word", **NUMBER}, "Inner": inner}}
    shelf = contract_of({**outer, "prefixItems": [{"$ref": "#word"}, {"$ref": "inner"}]})
    assert accepts(shelf, [1, "one"])
    assert not accepts(shelf, ["one", 1])


@pytest.mark.parametrize("name", ["default", "example", "enum"])
def test_a_property_may_be_called_like_a_keyword_of_data(name: str) -> None:
    word = {"$id": "https://books.example/word", **TEXT}
    shelf = contract_of({"properties": {name: word, "title": {"$ref": "https://books.example/word"}}})
    assert accepts(shelf, {"title": "Emma"})
    assert not accepts(shelf, {"title": 1})


def test_the_default_response_holds_schemas() -> None:
    content = {
        "application/json": {"schema": {"$defs": {"Word": {"$anchor": "word", **TEXT}}, "items": {"$ref": "#word"}}}
    }
    operation = {"responses": {"default": {"description": "", "content": content}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/shelf": {"get": operation}}}
    shelf = from_openapi(document, "shelf.json")
    assert accepts(shelf, ["Emma"])
    assert not accepts(shelf, [1])


def test_a_pointer_below_an_id_may_also_count_from_the_root_of_the_document() -> None:
    shelf = contract_of({"$id": "https://books.example/shelf", "$ref": "#/components/schemas/Book"}, Book=TEXT)
    assert accepts(shelf, "Emma")
    assert not accepts(shelf, 1)


def test_an_id_in_data_is_none() -> None:
    data = {"const": {"$id": "book", **TEXT}}
    shelf = contract_of({"$defs": {"Data": data, "Book": {"$id": "book", **NUMBER}}, "$ref": "book"})
    assert accepts(shelf, 1)


PAGE = {
    "$id": "https://books.example/page",
    "$defs": {"item": {"$dynamicAnchor": "item", "not": {}}},
    "type": "object",
    "properties": {"data": {"type": "array", "items": {"$dynamicRef": "#item"}}},
}
"""A page of items that the type which refers to it decides."""


def page_of(name: str, item: str) -> dict[str, Any]:
    defs = {"item": {"$dynamicAnchor": "item", "$ref": f"#/components/schemas/{item}"}}
    return {"$id": f"https://books.example/{name}", "$defs": defs, "$ref": "#/components/schemas/Page"}


def test_a_dynamic_reference_leads_to_the_outermost_anchor() -> None:
    schemas = {"Page": PAGE, "Book": TEXT, "Shelf": NUMBER, "Books": page_of("books", "Book")}
    books = {"$ref": "#/components/schemas/Books"}
    both = contract_of({"properties": {"books": books, "shelves": page_of("shelves", "Shelf")}}, **schemas)
    assert accepts(both, {"books": {"data": ["Emma"]}, "shelves": {"data": [7]}})
    assert not accepts(both, {"books": {"data": [7]}})
    assert not accepts(both, {"shelves": {"data": ["Emma"]}})
    plain = contract_of({"$ref": "#/components/schemas/Page"}, **schemas)
    assert accepts(plain, {"data": []})
    assert not accepts(plain, {"data": ["Emma"]})


def test_a_dynamic_reference_to_no_dynamic_anchor_is_a_plain_one() -> None:
    page = {**PAGE, "$defs": {"item": {"$anchor": "item", **NUMBER}}}
    shelf = contract_of(page_of("books", "Book"), Page=page, Book=TEXT)
    assert accepts(shelf, {"data": [7]})
    assert not accepts(shelf, {"data": ["Emma"]})


def test_a_recursive_type_is_extended_in_its_whole_depth() -> None:
    tree = {
        "$id": "https://books.example/tree",
        "$dynamicAnchor": "node",
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$dynamicRef": "#node"}}},
    }
    strict = {"$id": "strict-tree", "$dynamicAnchor": "node", "$ref": "tree", "required": ["name"]}
    shelf = contract_of({"$ref": "#/components/schemas/Strict"}, Tree=tree, Strict=_below(strict))
    assert accepts(shelf, {"name": "a", "children": [{"name": "b", "children": [{"name": "c"}]}]})
    assert not accepts(shelf, {"name": "a", "children": [{"name": "b", "children": [{}]}]})


def _below(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "$id": f"https://books.example/{schema['$id']}"}


def test_a_reference_and_a_dynamic_one_hold_together() -> None:
    both = {"$ref": "#/$defs/Short", "$dynamicRef": "#book"}
    defs = {"Short": {"maxLength": 4}, "Book": {"$dynamicAnchor": "book", **TEXT}}
    shelf = contract_of({"$id": "https://books.example/shelf", "$defs": defs, "items": both})
    assert accepts(shelf, ["Emma"])
    assert not accepts(shelf, [1])
    assert not accepts(shelf, ["Emmas"])
