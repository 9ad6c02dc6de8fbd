from typing import Any

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.combine.component_names import with_names_apart
from docdouble.schemas.combine.unite_contracts import unite
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def contract(schemas: dict[str, Any], path: str = "/a", **members: Any) -> Contract:
    answer = {"description": "ok", "content": {"application/json": {"schema": ref(next(iter(schemas)))}}}
    operation = {"responses": {"200": answer}, **members.pop("operation", {})}
    components = {"schemas": schemas, **members.pop("components", {})}
    info = {"title": "t", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {path: {"get": operation}}, "components": components}
    return from_openapi({**document, **members})


ONE: dict[str, Any] = {"type": "object", "properties": {"code": {"type": "string"}}}
OTHER: dict[str, Any] = {"type": "object", "properties": {"why": {"type": "string"}}}


def test_unlike_schemas_of_one_name_are_kept_apart_wherever_they_are_used() -> None:
    first = contract({"Error": ONE, "Error_2": ONE})
    callback = {"post": {"requestBody": {"content": {"a/b": {"schema": ref("Error")}}}}}
    second = contract(
        {"Error": OTHER, "List": {"type": "array", "items": ref("Error")}},
        "/z",
        operation={
            "parameters": [{"name": "q", "in": "query", "schema": ref("Error")}],
            "requestBody": {"content": {"multipart/form-data": {"schema": ref("List")}}},
            "callbacks": {
                "done": {"{$url}": {"post": {"requestBody": {"content": {"a/b": {"schema": ref("Error")}}}}}}
            },
        },
        webhooks={"landed": callback},
    )
    united = to_openapi(unite([first, second]))
    assert set(united["components"]["schemas"]) == {"Error", "Error_2", "Error_3", "List"}
    assert united["components"]["schemas"]["Error_3"]["properties"].keys() == {"why"}
    assert united["components"]["schemas"]["List"]["items"]["$ref"] == "#/components/schemas/Error_3"
    text = str(united["paths"]["/z"]) + str(united["webhooks"])
    assert text.count("schemas/Error_3") == 4
    assert "schemas/Error'" not in text
    assert "schemas/Error'" in str(united["paths"]["/a"])


def test_schemas_that_say_the_same_in_other_words_stay_one() -> None:
    described = {**ONE, "description": "What went wrong.", "title": "Error", "x-order": 1}
    assert set(unite([contract({"Error": ONE}), contract({"Error": described}, "/z")]).schemas) == {"Error"}


def test_a_schema_that_leads_to_an_unlike_one_is_kept_apart_too() -> None:
    schemas = {"Page": {"type": "array", "items": ref("List")}, "List": {"type": "array", "items": ref("Error")}}
    first, second = contract({**schemas, "Error": ONE}), contract({**schemas, "Error": OTHER}, "/z")
    assert set(with_names_apart(second, first).schemas) == {"Page_2", "List_2", "Error_2"}


@pytest.mark.parametrize(
    ("discriminator", "mapping"),
    [
        ({}, {"Dog": "#/components/schemas/Dog_2"}),
        ({"mapping": {"d": ref("Dog")["$ref"]}}, {"d": "#/components/schemas/Dog_2"}),
    ],
)
def test_a_discriminator_finds_what_has_a_new_name(discriminator: dict[str, Any], mapping: dict[str, str]) -> None:
    pet = {"oneOf": [ref("Dog")], "discriminator": {"propertyName": "kind", **discriminator}}
    second = with_names_apart(contract({"Pet": pet, "Dog": OTHER}, "/z"), contract({"Dog": ONE}))
    assert second.schemas["Pet"]["discriminator"]["mapping"] == mapping


def test_a_discriminator_of_a_parent_finds_its_children() -> None:
    pet = {"type": "object", "discriminator": {"propertyName": "kind"}}
    second = contract({"Pet": pet, "Dog": {"allOf": [ref("Pet"), OTHER]}}, "/z")
    apart = with_names_apart(second, contract({"Dog": ONE}))
    assert apart.schemas["Pet"]["discriminator"]["mapping"] == {"Dog": "#/components/schemas/Dog_2"}


def test_unlike_security_schemes_of_one_name_are_kept_apart() -> None:
    key = {"type": "apiKey", "in": "header", "name": "X-Key"}
    first = contract({"A": ONE}, components={"securitySchemes": {"key": key, "same": key}})
    schemes = {"key": {**key, "in": "query"}, "same": {**key, "description": "The same."}}
    needed = {"security": [{"key": [], "same": []}]}
    united = unite([first, contract({"A": ONE}, "/z", operation=needed, components={"securitySchemes": schemes})])
    assert (set(united.security_schemes), united.operations[1].security) == (
        {"key", "same", "key_2"},
        (("key_2", "same"),),
    )
