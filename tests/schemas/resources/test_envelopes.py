"""Envelopes: where the rows of a list stand in an answer, where one entity does, and what describes the page."""

from typing import Any

import pytest

from docdouble.schemas import Operation
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.envelopes import ListedRows, listed_in, wrapped_in

BOAT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
BOATS = {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}}
INTEGER, TEXT, TRUTH = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}
URL = {"type": "string", "format": "uri"}


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def asking(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def answering(schema: dict[str, Any], path: str = "/boats", *parameters: dict[str, Any]) -> tuple[Operation, Any]:
    named = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    asked = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in named]
    answer = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    operation = {"parameters": [*asked, *parameters], "responses": {"200": answer}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {path: {"get": operation}},
        "components": {"schemas": {"Boat": BOAT}},
    }
    contract = from_openapi(document)
    return contract.operations[0], contract


def listed(schema: dict[str, Any], path: str = "/boats", *parameters: dict[str, Any]) -> ListedRows | None:
    return listed_in(*answering(schema, path, *parameters))


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        (BOATS, ()),
        (record(items=BOATS, page=INTEGER, pageSize=INTEGER, total=INTEGER), ("items",)),
        (record(data=BOATS, meta=record(total=INTEGER)), ("data",)),
        (record(count=INTEGER, next=URL, previous=URL, results=BOATS), ("results",)),
        (record(_embedded=record(boats=BOATS), _links=record(next=record(href=URL))), ("_embedded", "boats")),
        (record(object=TEXT, data=BOATS, has_more=TRUTH), ("data",)),
        (record(boats=BOATS, anything=TEXT), ("boats",)),
        (record(data=record(boats=BOATS)), ("data", "boats")),
        ({"anyOf": [record(items=BOATS), {"type": "null"}]}, ("items",)),
        ({"allOf": [record(total=INTEGER), record(items=BOATS)]}, ("items",)),
    ],
)
def test_rows_stand_where_envelopes_have_them(schema: dict[str, Any], path: tuple[str, ...]) -> None:
    rows = listed(schema)
    assert rows is not None
    assert rows.path == path


def test_an_edge_shows_its_entity_as_its_node() -> None:
    edges = {"type": "array", "items": record(cursor=TEXT, node=BOAT)}
    rows = listed(record(boats=record(edges=edges, pageInfo=record(endCursor=TEXT, hasNextPage=TRUTH))))
    assert rows is not None
    assert (rows.path, rows.inside) == (("boats", "edges"), ("node",))


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        (record(id=INTEGER, items=BOATS, total={"type": "number"}, currency=TEXT), "/orders/{id}"),
        (record(items=BOATS, total={"type": "number"}, currency=TEXT), "/cart"),
        (record(crew=BOATS, cargo=BOATS), "/summary"),
        (BOAT, "/boats/{id}"),
    ],
)
def test_an_entity_with_an_array_is_no_list(schema: dict[str, Any], path: str) -> None:
    assert listed(schema, path) is None


def test_what_asks_for_pages_is_a_list_whatever_its_rows_are_called() -> None:
    limit = asking("limit", INTEGER)
    rows = listed(record(fleet=BOATS, harbour=TEXT), "/harbours/{id}", limit)
    assert rows is not None
    assert rows.path == ("fleet",)


@pytest.mark.parametrize(
    ("member", "kind", "direction"),
    [
        ({"total": INTEGER}, "total", ""),
        ({"count": INTEGER}, "total", ""),
        ({"meta": record(totalPages=INTEGER)}, "pages", ""),
        ({"page": record(number=INTEGER)}, "page", ""),
        ({"hasNextPage": TRUTH}, "has more", ""),
        ({"next_page": TRUTH}, "has more", ""),
        ({"previous": TRUTH}, "has previous", ""),
        ({"last": TRUTH}, "is last", ""),
        ({"next": URL}, "url", "next"),
        ({"nextLink": TEXT}, "url", "next"),
        ({"links": record(prev=TEXT)}, "url", "previous"),
        ({"_links": record(next=record(href=TEXT))}, "url", "next"),
        ({"next_page": INTEGER}, "page", "next"),
        ({"next_page": record(offset=TEXT)}, "cursor", "next"),
        ({"response_metadata": record(next_cursor=TEXT)}, "cursor", "next"),
        ({"nextPageToken": TEXT}, "cursor", "next"),
        ({"@odata.nextLink": TEXT}, "url", "next"),
    ],
)
def test_members_tell_of_the_page(member: dict[str, Any], kind: str, direction: str) -> None:
    rows = listed(record(items=BOATS, **member))
    assert rows is not None
    assert [(member.kind, member.direction) for member in rows.members] == [(kind, direction)]


def test_count_beside_a_total_is_that_of_the_page() -> None:
    rows = listed(record(items=BOATS, total=INTEGER, count=INTEGER))
    assert rows is not None
    assert {member.path: member.kind for member in rows.members} == {("total",): "total", ("count",): "returned"}


def test_next_is_a_cursor_where_one_is_asked_for() -> None:
    rows = listed(record(items=BOATS, next=TEXT), "/boats", asking("cursor", TEXT))
    assert rows is not None
    assert [(member.kind, member.direction) for member in rows.members] == [("cursor", "next")]


@pytest.mark.parametrize(
    ("schema", "path", "wrapped"),
    [
        (BOAT, "/boats/{id}", ()),
        (record(data=BOAT), "/boats/{id}", ("data",)),
        (record(data=BOAT, meta=record(took=INTEGER)), "/boats/{id}", ("data",)),
        (record(boat=BOAT), "/boats/{id}", ("boat",)),
        (record(owner=record(name=TEXT)), "/boats/{id}", ()),
        (record(id=INTEGER, data=BOAT), "/boats/{id}", ()),
    ],
)
def test_one_entity_may_be_wrapped(schema: dict[str, Any], path: str, wrapped: tuple[str, ...]) -> None:
    assert wrapped_in(*answering(schema, path)) == wrapped
