"""Resources that the paths of a document tell."""

from typing import Any

import pytest

from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_readable_resources
from docdouble.schemas.resources.path_resources import path_resources, readable_resources

BOAT = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
MANY = {"type": "array", "items": BOAT}


def operation(answer: dict[str, Any] | None = None, body: dict[str, Any] | None = None) -> dict[str, Any]:
    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    return {
        **({"requestBody": content(body)} if body else {}),
        "responses": {"200": {"description": "", **(content(answer) if answer else {})}},
    }


def path_roles(**paths: dict[str, Any]) -> dict[str, dict[str, str]]:
    document = {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": paths}
    resources = path_resources(from_openapi(document, "a.json"))
    return {resource.path: {role.why: role.name for role in resource.roles} for resource in resources}


def test_lists_and_what_is_in_them() -> None:
    assert path_roles(
        **{
            "/boats": {"get": operation(MANY), "post": operation(BOAT, BOAT)},
            "/boats/bulk": {"post": operation(MANY, MANY)},
            "/boats/{id}": {"get": operation(BOAT), "put": operation(BOAT, BOAT), "delete": operation()},
            "/boats/{id}/launch": {"post": operation()},
        }
    ) == {
        "/boats": {
            "GET of /boats": "list",
            "POST of /boats": "create",
            "POST of /boats/bulk": "create",
            "GET of /boats/{id}": "read",
            "PUT of /boats/{id}": "update",
            "DELETE of /boats/{id}": "delete",
            "POST of /boats/{id}/launch": "action",
        }
    }


@pytest.mark.parametrize("extension", [".json", ".xml", ".{format}"])
def test_an_extension_is_no_part_of_a_name(extension: str) -> None:
    paths = {
        f"/boats{extension}": {"get": operation(MANY), "post": operation(BOAT, BOAT)},
        f"/boats/{{id}}{extension}": {"get": operation(BOAT), "put": operation(BOAT, BOAT), "delete": operation()},
        f"/boats/{{id}}/crew{extension}": {"get": operation(MANY), "post": operation(BOAT, BOAT)},
    }
    assert {path: sorted(roles.values()) for path, roles in path_roles(**paths).items()} == {
        "/boats": ["create", "delete", "list", "read", "update"],
        "/boats/{id}/crew": ["create", "list"],
    }


def test_a_list_may_stand_at_the_root() -> None:
    assert path_roles(
        **{
            "/": {"get": operation(MANY), "post": operation(BOAT, BOAT)},
            "/{name}": {"get": operation(BOAT), "delete": operation()},
            "/{name}/launch": {"post": operation()},
            "/status": {"get": operation({"type": "string"})},
        }
    ) == {
        "/": {
            "GET of /": "list",
            "POST of /": "create",
            "GET of /{name}": "read",
            "DELETE of /{name}": "delete",
            "POST of /{name}/launch": "action",
        }
    }


def test_a_path_without_a_slash_is_below_nothing() -> None:
    schemas = {"Boat": {**BOAT, "title": "Boat"}}
    boat = {"$ref": "#/components/schemas/Boat"}
    paths = {
        "/boats": {"get": operation({"type": "array", "items": boat})},
        "boat": {"get": operation(boat), "put": operation(boat, boat)},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    resources = path_resources(from_openapi(document, "a.json"))
    assert [(resource.path, resource.singleton) for resource in resources] == [("boat", True)]


def test_what_stands_below_keeps_its_parent() -> None:
    resources = path_roles(
        **{
            "/boats": {"get": operation(MANY)},
            "/boats/{id}": {"get": operation(BOAT)},
            "/boats/{id}/crew": {"get": operation(MANY), "post": operation(BOAT, BOAT)},
            "/boats/{id}/crew/{person}": {"get": operation(BOAT)},
        }
    )
    assert resources.keys() == {"/boats", "/boats/{id}/crew"}


def test_a_list_elsewhere_is_of_what_it_answers() -> None:
    schema = {"$ref": "#/components/schemas/Boat"}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": {
            "/ports/{port}/boats": {
                "get": operation({"type": "array", "items": schema}),
                "post": operation(schema, schema),
            },
            "/boats/{id}": {"get": operation(schema), "delete": operation()},
        },
        "components": {"schemas": {"Boat": BOAT}},
    }
    (boat,) = path_resources(from_openapi(document, "a.json"))
    assert (boat.path, [role.name for role in boat.roles]) == ("/boats", ["read", "delete", "list", "create"])


def test_a_view_below_another_is_of_what_stands_at_the_top() -> None:
    schema = {"$ref": "#/components/schemas/Boat"}
    paths = {
        "/ports/{port}/boats": {"post": operation(schema, schema)},
        "/ports/{port}/boats/{id}": {"get": operation(schema)},
        "/boats/{id}": {"get": operation(schema), "delete": operation()},
    }
    info = {"title": "a", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {"Boat": BOAT}}}
    (boat,) = path_resources(from_openapi(document, "a.json"))
    assert (boat.path, {role.name for role in boat.roles}) == ("/boats", {"create", "read", "delete"})


def test_what_is_below_who_asks_is_not_all_there_is() -> None:
    schema = {"$ref": "#/components/schemas/Boat"}
    mine, of_port = "/me/boats/{id}", "/ports/{port}/boats/{id}"
    paths = {path: {"get": operation(schema), "delete": operation()} for path in (mine, of_port)}
    info = {"title": "a", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {"Boat": BOAT}}}
    boats = path_resources(from_openapi(document, "a.json"))
    assert sorted(boat.path for boat in boats) == ["/me/boats", "/ports/{port}/boats"]


def test_other_ways_to_create_and_to_act() -> None:
    boats = {"type": "object", "properties": {"boats": MANY}}
    assert path_roles(
        **{
            "/boats": {"get": operation(MANY), "post": operation(boats, boats), "put": operation(BOAT, BOAT)},
            "/boats/createWithArray": {"post": operation(None, MANY)},
            "/boats/addresses": {"post": operation(None, {"type": "array", "items": {"properties": {"zip": {}}}})},
            "/boats/{id}": {"get": operation(BOAT)},
            "/boats/{id}/actions/launch": {"post": operation()},
        }
    ) == {
        "/boats": {
            "GET of /boats": "list",
            "POST of /boats": "create",
            "PUT of /boats": "update",
            "POST of /boats/createWithArray": "create",
            "GET of /boats/{id}": "read",
            "POST of /boats/{id}/actions/launch": "action",
        }
    }


def test_what_only_reads_and_what_is_one_of_a_kind() -> None:
    assert path_roles(**{"/boats": {"get": operation(MANY)}, "/boats/{id}": {"get": operation(BOAT)}}) == {}
    assert path_roles(**{"/me": {"get": operation(BOAT), "patch": operation(BOAT, BOAT)}}) == {
        "/me": {"GET of /me": "read", "PATCH of /me": "patch"}
    }
    assert path_roles(**{"/send": {"post": operation(BOAT, BOAT)}}) == {}


def test_what_can_only_be_read_is_a_resource_for_readers() -> None:
    paths = {"/boats": {"get": operation(MANY)}, "/boats/{id}": {"get": operation(BOAT)}}
    document = {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": paths}
    contract = from_openapi(document, "a.json")
    assert path_resources(contract) == ()
    [resource] = readable_resources(contract)
    assert (resource.path, {role.name for role in resource.roles}) == ("/boats", {"list", "read"})
    known = with_readable_resources(contract)
    assert known.resources.resources == (resource,)
    assert with_readable_resources(known).resources == known.resources


def test_the_last_variable_of_a_list_may_tell_which_list_it_is() -> None:
    page = {"type": "object", "properties": {"total": {"type": "number"}, "data": MANY}}
    assert path_roles(
        **{
            "/ports/{port}": {"get": operation(BOAT), "patch": operation(BOAT, BOAT)},
            "/ports/{port}/boats": {"post": operation(BOAT, BOAT)},
            "/ports/{port}/boats/{quay}": {"get": operation(page)},
            "/ports/{port}/boats/{quay}/{id}": {"get": operation(BOAT), "delete": operation()},
        }
    ) == {
        "/ports": {"GET of /ports/{port}": "read", "PATCH of /ports/{port}": "patch"},
        "/ports/{port}/boats/{quay}": {
            "GET of /ports/{port}/boats/{quay}": "list",
            "GET of /ports/{port}/boats/{quay}/{id}": "read",
            "DELETE of /ports/{port}/boats/{quay}/{id}": "delete",
        },
    }
    order = {"type": "object", "properties": {"total": {"type": "number"}, "items": MANY}}
    assert path_roles(**{"/orders/{id}": {"get": operation(order), "delete": operation()}}).keys() == {"/orders"}


@pytest.mark.parametrize(("listed", "is_known"), [({"type": "integer"}, False), (BOAT, True)])
def test_a_plain_value_is_not_known_by_its_place(listed: dict[str, Any], is_known: bool) -> None:
    paths = {
        "/tables": {"get": operation({"type": "array", "items": listed})},
        "/tables/{index}": {"get": operation(BOAT), "put": operation(BOAT, BOAT)},
    }
    assert bool(path_roles(**paths)) is is_known


def test_a_delete_of_what_others_stand_below_deletes_that_one() -> None:
    roles = path_roles(
        **{
            "/boats": {"get": operation(MANY)},
            "/boats/{id}": {"get": operation(BOAT), "patch": operation(BOAT, BOAT), "delete": operation()},
            "/boats/{id}/{deck}": {"get": operation(BOAT), "patch": operation(BOAT, BOAT)},
            "/boats/{id}/ropes": {"get": operation(MANY), "delete": operation()},
            "/boats/{id}/ropes/{rope}": {"get": operation(BOAT)},
        }
    )
    assert {path: [why for why, name in reasons.items() if name == "delete"] for path, reasons in roles.items()} == {
        "/boats": ["DELETE of /boats/{id}"],
        "/boats/{id}": [],
        "/boats/{id}/ropes": ["DELETE of /boats/{id}/ropes"],
    }
