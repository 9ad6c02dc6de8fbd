"""Keys of parents and children are kept together, and forgotten when something above them is removed."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases import operations_in_order
from docdouble.contracts.cases.known_paths import MOST_OF_A_PATH, KnownPaths, keys_of
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

TEXT = {"type": "string"}
BERTH = {"type": "object", "properties": {"code": TEXT, "length": {"type": "integer"}}}
PORT = {"type": "object", "properties": {"id": TEXT, "name": TEXT}}


def body(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def operation(name: str, answer: Any = None, sent: Any = None) -> dict[str, Any]:
    request = {"requestBody": {"content": body(sent)["content"]}} if sent else {}
    return {"operationId": name, **request, "responses": {"200": body(answer) if answer else {"description": ""}}}


def item(name: str, schema: Any, *variables: str) -> dict[str, Any]:
    parameters = [{"name": variable, "in": "path", "required": True, "schema": TEXT} for variable in variables]
    return {"parameters": parameters, "get": operation(f"get{name}", schema), "delete": operation(f"delete{name}")}


def collection(name: str, listed: Any, schema: Any, *variables: str) -> dict[str, Any]:
    parameters = item(name, schema, *variables)["parameters"]
    operations = {"get": operation(f"list{name}", listed), "post": operation(f"make{name}", schema, schema)}
    return {"parameters": parameters, **operations}


ROWS = {"type": "object", "properties": {"items": {"type": "array", "items": PORT}, "total": {"type": "integer"}}}
PATHS = {
    "/ports/{port}/berths/{berthCode}": item("Berth", BERTH, "port", "berthCode"),
    "/ports/{port}/berths": collection("Berth", {"type": "array", "items": BERTH}, BERTH, "port"),
    "/ports/{id}": item("Port", PORT, "id"),
    "/ports": collection("Port", ROWS, PORT),
    "/ports/{id}/photo": {"parameters": item("", PORT, "id")["parameters"], "get": operation("photo")},
}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": PATHS}


@pytest.fixture(scope="module")
def ports() -> Contract:
    return with_document_resources(from_openapi(DOCUMENT, "ports.json"), USUAL)


@pytest.fixture
def known(ports: Contract) -> KnownPaths:
    return KnownPaths(ports)


def exchanged(
    contract: Contract, name: str, target: str, answer: Any = None, location: str = "", status: int = 200
) -> Exchange:
    made = contract.operation(name)
    headers = (("Content-Type", "application/json"), *([("Location", location)] if location else []))
    reply = Reply(headers, json.dumps(answer).encode() if answer is not None else b"", status)
    case = Case(made, Call((), b"", made.method, target), Purpose.VALID, Origin.SAMPLE)
    return Exchange(Subject(made, contract), case, reply)


def variables(known: KnownPaths, contract: Contract, name: str, **own: str) -> dict[str, str]:
    return known.variables(contract.operation(name), own)


def test_a_child_is_known_below_its_own_parent(ports: Contract, known: KnownPaths) -> None:
    known.note(exchanged(ports, "listPort", "/ports", {"items": [{"id": "oslo"}, {"id": "bergen"}]}))
    assert variables(known, ports, "getBerth") == {"port": "oslo"}
    known.note(exchanged(ports, "listBerth", "/ports/bergen/berths", [{"code": "b 1"}]))
    assert variables(known, ports, "getBerth") == {"port": "bergen", "berthCode": "b 1"}
    assert variables(known, ports, "photo") == {"id": "oslo"}
    assert known.exists(ports.operation("getBerth"), {"port": "bergen", "berthCode": "b 1"})
    assert not known.exists(ports.operation("getBerth"), {"port": "oslo", "berthCode": "b 1"})


def test_the_users_own_values_choose(ports: Contract, known: KnownPaths) -> None:
    known.note(exchanged(ports, "listPort", "/ports", {"items": [{"id": "oslo"}, {"id": "bergen"}]}))
    assert variables(known, ports, "getPort", id="bergen") == {"id": "bergen"}
    assert variables(known, ports, "getPort", id="turku") == {}


@pytest.mark.parametrize(("status", "exists"), [(201, True), (202, False)])
def test_what_is_yet_to_be_done_may_show_the_key_of_something_else(
    ports: Contract, known: KnownPaths, status: int, exists: bool
) -> None:
    known.note(exchanged(ports, "makePort", "/ports", {"id": "o17"}, status=status))
    assert variables(known, ports, "getPort") == {"id": "o17"}
    assert known.exists(ports.operation("getPort"), {"id": "o17"}) is exists


@pytest.mark.parametrize("location", ["/ports/o%20slo", "https://x.example/api/v1/ports/o%20slo/?a=1"])
def test_a_location_tells_the_key(ports: Contract, known: KnownPaths, location: str) -> None:
    known.note(exchanged(ports, "makePort", "/ports", None, location))
    assert variables(known, ports, "getPort") == {"id": "o slo"}


@pytest.mark.parametrize(
    "links", [{"href": "/ports/oslo"}, {"_links": {"self": {"href": "https://x.example/ports/oslo"}}}]
)
def test_a_link_tells_the_key_where_no_property_does(ports: Contract, known: KnownPaths, links: Any) -> None:
    known.note(exchanged(ports, "listPort", "/ports", {"items": [{"name": "x", **links}, {"href": "/elsewhere/1/2"}]}))
    assert variables(known, ports, "getPort") == {"id": "oslo"}


def test_what_is_removed_takes_along_what_is_below(ports: Contract, known: KnownPaths) -> None:
    known.note(exchanged(ports, "makePort", "/ports", {"id": "oslo"}))
    known.note(exchanged(ports, "makeBerth", "/ports/oslo/berths", {"code": "b1"}))
    known.note(exchanged(ports, "makePort", "/ports", {"id": "bergen"}))
    known.note(exchanged(ports, "deletePort", "/ports/oslo"))
    assert variables(known, ports, "getBerth") == {"port": "bergen"}
    assert not known.exists(ports.operation("getPort"), {"id": "oslo"})


def test_what_is_removed_may_have_taken_anything_along(ports: Contract, known: KnownPaths) -> None:
    known.note(exchanged(ports, "makePort", "/ports", {"id": "oslo"}))
    known.doubt()
    assert variables(known, ports, "getPort") == {"id": "oslo"}
    assert not known.exists(ports.operation("getPort"), {"id": "oslo"})
    known.note(exchanged(ports, "getPort", "/ports/oslo", {"id": "oslo"}))
    assert known.exists(ports.operation("getPort"), {"id": "oslo"})


def test_so_many_are_kept(ports: Contract, known: KnownPaths) -> None:
    for number in range(MOST_OF_A_PATH):
        known.note(exchanged(ports, "getPort", f"/ports/p{number}", {"id": f"p{number}"}))
    known.note(exchanged(ports, "getPort", "/ports/last", {"id": "last"}))
    assert variables(known, ports, "getPort", id=f"p{MOST_OF_A_PATH - 1}")
    assert not variables(known, ports, "getPort", id="last")


def test_what_is_created_leaves_room_for_what_was_there(ports: Contract, known: KnownPaths) -> None:
    for number in range(MOST_OF_A_PATH):
        known.note(exchanged(ports, "makePort", "/ports", {"id": f"p{number}"}))
    known.note(exchanged(ports, "listPort", "/ports", {"items": [{"id": "oslo"}]}))
    assert variables(known, ports, "getPort", id="p0")
    assert not variables(known, ports, "getPort", id=f"p{MOST_OF_A_PATH - 1}")
    assert variables(known, ports, "getPort", id="oslo")


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"items": None}, {"items": [{"id": None}, {"id": True}, {"id": ""}, 5]}]
)
def test_what_names_nothing(ports: Contract, known: KnownPaths, answer: Any) -> None:
    known.note(exchanged(ports, "listPort", "/ports", answer))
    assert variables(known, ports, "getPort") == {}


def test_keys_of_a_path() -> None:
    assert keys_of("/a/{x}/b.json", "/a/1%2F2/b.json") == ("1/2",)
    assert keys_of("/a/{x}", "/a/1/b") is None


def test_parents_are_created_before_their_children_and_deleted_after_them(ports: Contract) -> None:
    order = [operation.id for operation in operations_in_order(ports.operations, ports)]
    assert order[:4] == ["makePort", "makeBerth", "listPort", "listBerth"]
    assert order[-2:] == ["deleteBerth", "deletePort"]
