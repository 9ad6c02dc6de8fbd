import pytest

from docdouble.schemas import Body, Contract, MediaType, Operation, Response, Schema
from docdouble.schemas.contract.model import reference
from docdouble.schemas.jsonschema.bundle import META_SCHEMA, bundle, standalone

COMPONENTS: dict[str, Schema] = {
    "Book": {"type": "object", "properties": {"Author": reference("Author"), "Next": reference("Book")}},
    "Author": {"type": "object"},
    "Unused": {"type": "object"},
}


def test_a_bundle_holds_what_is_reached_and_nothing_else() -> None:
    schema = {"type": "array", "items": reference("Book"), "description": "Books"}
    assert bundle(schema, COMPONENTS) == {
        "$schema": META_SCHEMA,
        "type": "array",
        "items": {"$ref": "#/$defs/Book"},
        "description": "Books",
        "$defs": {
            "Author": {"type": "object"},
            "Book": {
                "type": "object",
                "properties": {"Author": {"$ref": "#/$defs/Author"}, "Next": {"$ref": "#/$defs/Book"}},
            },
        },
    }


def test_a_schema_without_references_gets_no_definitions() -> None:
    assert bundle({"type": "string"}, COMPONENTS) == {"$schema": META_SCHEMA, "type": "string"}


@pytest.mark.parametrize("keyword", ["enum", "examples"])
def test_data_that_looks_like_a_reference_is_data(keyword: str) -> None:
    schema: Schema = {keyword: [reference("Missing")], "default": reference("Missing")}
    assert bundle(schema, COMPONENTS) == {"$schema": META_SCHEMA, **schema}


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema: Schema = {"properties": {"default": reference("Author"), "$ref": reference("Author")}}
    bundled = bundle(schema, COMPONENTS)
    assert bundled["properties"] == {"default": {"$ref": "#/$defs/Author"}, "$ref": {"$ref": "#/$defs/Author"}}
    assert list(bundled["$defs"]) == ["Author"]


def test_the_contract_is_left_as_it_was() -> None:
    before = repr(COMPONENTS)
    bundle(reference("Book"), COMPONENTS)
    assert repr(COMPONENTS) == before


def contract(operation_id: str) -> Contract:
    json, xml = MediaType("application/json", reference("Author")), MediaType("text/xml")
    operation = Operation(
        operation_id,
        "POST",
        "/book",
        request=Body((xml, json)),
        responses=(Response("200", (json,)), Response("404"), Response("5XX", (xml,))),
    )
    return Contract("library", "1", (operation, Operation("none", "GET", "/")), COMPONENTS)


def test_each_described_body_has_a_schema_of_its_own() -> None:
    author = {"$ref": "#/$defs/Author", "$defs": {"Author": {"type": "object"}}, "$schema": META_SCHEMA}
    assert dict(standalone(contract("v1Book_Post"))) == {
        "v1Book_Post.request.json": {"title": "POST /book: request", **author},
        "v1Book_Post.response.200.json": {"title": "POST /book: response 200", **author},
    }


@pytest.mark.parametrize("operation_id", ["../../outside", "/etc/book", "a\\..\\b", "..", "book shelf?"])
def test_no_file_name_leads_out_of_its_folder(operation_id: str) -> None:
    for name, _ in standalone(contract(operation_id)):
        assert not set(name) & set('/\\:*?"<>| ')
        assert not name.startswith(".")
