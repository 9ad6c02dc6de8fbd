"""Bindings of requests to entities, on values: keys and entities wherever a request may hold them."""

import json
from typing import Any, get_args

import pytest

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.model import Body, MediaType
from docdouble.schemas.contract.resources import (
    CREATING,
    STORING,
    WHOLE_BODY,
    WRITING,
    RequestPlace,
    Resource,
    Resources,
    Role,
    RoleName,
)
from docdouble.schemas.resources.bindings import (
    Binding,
    RequestValues,
    bindings,
    entity_schema,
    placed,
    sent_members,
    shown_keys,
)

PATH, IDS = RequestPlace("path", "id"), RequestPlace("query", "ids")
BOOK = RequestPlace("body", "Book")
RESOURCE = Resource("book", {"Book": "BookId", "Volume": "Id"}, ())
JSON = (("Content-Type", "application/json"),)


def bound(name: Any, *, many: bool = False, **places: RequestPlace) -> Binding:
    return Binding(Role("any", name, "", many=many, **places), RESOURCE)


def sent(body: Any) -> RequestValues:
    return RequestValues([("ID", "4")], [("Ids", "1,2"), ("ids", "3")], body)


@pytest.mark.parametrize(
    ("binding", "body", "keys"),
    [
        (bound("read", key=PATH), None, ["4"]),
        (bound("read"), None, []),
        (bound("read", key=RequestPlace("header", "id")), None, []),
        (bound("list", key=IDS, many=True), None, ["1", "2", "3"]),
        (bound("read", key=IDS), None, ["1,2", "3"]),
        (bound("delete", key=RequestPlace("body", "BookIds"), many=True), {"bookids": [1, 2]}, [1, 2]),
        (bound("delete", key=WHOLE_BODY, many=True), [1, 2], [1, 2]),
        (bound("delete", key=WHOLE_BODY, many=True), {"any": [1, 2], "other": 7}, [1, 2]),
        (bound("delete", key=WHOLE_BODY, many=True), {"any": [1], "other": [2]}, [{"any": [1], "other": [2]}]),
    ],
)
def test_keys_at_their_place(binding: Binding, body: Any, keys: list[Any]) -> None:
    assert binding.keys(sent(body)) == keys


@pytest.mark.parametrize(
    ("binding", "body", "entities"),
    [
        (bound("create", entity=WHOLE_BODY), {"Title": "Dune"}, [{"Title": "Dune"}]),
        (bound("create", entity=WHOLE_BODY), [1, 2], [[1, 2]]),
        (bound("create", entity=WHOLE_BODY, many=True), [1, 2], [1, 2]),
        (bound("save", entity=BOOK), {"book": {"Id": 1}}, [{"Id": 1}]),
        (bound("save", entity=BOOK), [], []),
        (bound("delete", key=PATH), {"Title": "Dune"}, []),
    ],
)
def test_entities_at_their_place(binding: Binding, body: Any, entities: list[Any]) -> None:
    assert binding.entities(sent(body)) == entities


@pytest.mark.parametrize(
    ("entity", "keys"),
    [
        ({"BOOKID": 1, "id": 2, "Title": "Dune"}, [1, 2]),
        ([{"Id": 1}, {"Id": 2}, 3], [1, 2]),
        ([{"op": "replace", "path": "/Id", "value": 6}], [6]),
        ({"op": "add", "path": "bookId", "value": 6}, [6]),
        ([{"op": "test", "path": "/Id", "value": 6}, {"op": "remove", "path": "/Id"}], []),
        ([{"op": "replace", "path": "/Author/Id", "value": 6}], []),
        (None, []),
    ],
)
def test_keys_inside_of_an_entity(entity: Any, keys: list[Any]) -> None:
    assert sorted(bound("update").keys_inside(entity)) == keys


def test_all_keys_that_a_call_may_mean_are_named() -> None:
    binding = bound("update", key=PATH, entity=WHOLE_BODY)

    def named(body: bytes, headers: Any = JSON, **variables: str) -> tuple[str, ...] | None:
        return binding.named_keys(Call(headers, body, "PUT", "/"), variables)

    assert named(b'{"Id": 4, "BookId": 5, "Title": 6}', id="4") == ("4", "5")
    assert named(b'{"Id": 0, "BookId": null}', ID="00000000-0000-0000-0000-000000000000") == ()
    assert named(b'{"Id": 4.0}', id="4") is named(b'{"Id": true}', id="4") is named(b'{"Id": {}}', id="4") is None
    assert named(b"{", id="4") is named(b"<Id/>", (("Content-Type", "text/xml"),), id="4") is named(b"{}") is None
    assert bound("delete", key=PATH).named_keys(Call((), b"{", "DELETE", "/"), {"id": "4"}) == ("4",)


def test_a_body_with_a_key_wherever_it_holds_one() -> None:
    assert bound("delete", key=WHOLE_BODY, many=True).with_key([7, 8], 1) == [1]
    assert bound("delete", key=RequestPlace("body", "BookId")).with_key({"BookId": 7, "x": 2}, 1) == {
        "BookId": 1,
        "x": 2,
    }
    assert bound("delete", key=RequestPlace("body", "BookId")).with_key({"x": 2}, 1) == {"x": 2}
    assert bound("save", entity=WHOLE_BODY, many=True).with_key([{"Id": 7}, {"Id": 8}], 1) == [{"Id": 1}]
    assert bound("save", entity=BOOK).with_key({"Book": {"BookId": 7, "Title": "Dune"}}, 1) == {
        "Book": {"BookId": 1, "Title": "Dune"}
    }
    assert bound("read", key=PATH).with_key("text", 1) == "text"


def test_values_are_placed_where_requests_hold_them() -> None:
    role = Role("any", "save", "", key=PATH, entity=BOOK)
    assert placed(role, key=1, entity={}) == {PATH: 1, BOOK: {}}
    assert placed(Role("any", "list", "", key=IDS, many=True), key=1, entity={}) == {IDS: [1]}
    assert placed(role) == {}


def test_members_of_objects_and_patches() -> None:
    patch = [{"op": "add", "path": "/a~1b", "value": 1}, {"op": "copy", "path": "/c", "from": "/d"}, "e", {"value": 2}]
    assert dict(sent_members(patch)) == {"a/b": 1}
    assert dict(sent_members({"a": 1})) == {"a": 1}
    assert list(sent_members("a")) == []


def test_keys_that_a_reply_shows() -> None:
    assert shown_keys({"BookID": 3, "Id": 0, "bookid": "", "Title": 4}, RESOURCE.key_names) == [3]
    assert shown_keys([3], RESOURCE.key_names) == []


def test_the_binding_of_each_operation_with_a_role() -> None:
    roles = tuple(Role(name, "read", "") for name in ("a", "b"))
    resource = Resource("book", {}, roles)
    contract = Contract("library", "1", (), resources=Resources((Resource("page", {}, ()), resource)))
    assert bindings(contract) == {"a": Binding(roles[0], resource), "b": Binding(roles[1], resource)}
    assert (contract.resources.resource_of("b"), contract.resources.resource_of("c")) == (resource, None)


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"$ref": "#/components/schemas/Book"}, WHOLE_BODY),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Book"}}, WHOLE_BODY),
        ({"properties": {"Book": {"anyOf": [{"$ref": "#/components/schemas/Book"}, {"type": "null"}]}}}, BOOK),
    ],
)
def test_the_schema_of_the_entities_of_a_request(schema: Any, place: RequestPlace) -> None:
    operation = Operation("any", "POST", "/", request=Body((MediaType("application/json", schema),)))
    contract = Contract("library", "1", (operation,), {"Book": {"type": "object"}})
    assert entity_schema(Role("any", "save", "", entity=place), operation, contract) == {
        "$ref": "#/components/schemas/Book"
    }


def test_what_roles_do() -> None:
    roles = [Role("any", name, "") for name in get_args(RoleName)]
    assert {role.name for role in roles if role.creates} == CREATING == {"create", "save"}
    assert {role.name for role in roles if role.stores} == STORING == {"create", "save", "update", "patch"}
    assert {role.name for role in roles if role.writes} == WRITING == STORING | {"delete", "action"}


def test_what_a_body_says_is_read_as_json_only() -> None:
    binding = bound("create", entity=WHOLE_BODY)
    assert binding.named_keys(Call(JSON, json.dumps({"Id": "a"}).encode(), "POST", "/"), {}) == ("a",)
