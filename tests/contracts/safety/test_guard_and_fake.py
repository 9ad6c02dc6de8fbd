"""The guard names the entities that the fake changes, whatever a call looks like."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docdouble.contracts.chains.calls import Calls
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Operation, extract
from docdouble.schemas.contract.resources import RequestPlace, Resource, Resources, Role
from docdouble.schemas.contract.router import Router
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.bindings import Binding, bindings, placed

POPULATION = 9
NAMES = ["contacts", "hotel", "keys", pytest.param("corpus", marks=pytest.mark.slow)]
CALLS = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])

SPELLINGS = (str, str.lower, str.upper, str.swapcase)
INSIDE = ("nothing", "the same", "another", "text")
"""What stands where the entity of a request has its key."""


@dataclass(frozen=True)
class Asked:
    """A call of an operation with a role, and the keys that were put at the place for them."""

    call: Call
    keys: tuple[int, ...]
    inside: str


class Desk:
    """A fake of a contract, of which it is looked at what calls change."""

    def __init__(self, contract: Contract) -> None:
        self.contract, self.calls, self.router = contract, Calls(contract), Router(contract)
        self.app = FakeServer(contract, Settings(auth=False, population=POPULATION))
        self.operations = {operation.id: operation for operation in contract.operations}
        self.bindings = [binding for binding in bindings(contract).values() if binding.role.writes]

    def changed(self, call: Call) -> tuple[int, set[tuple[str, int]]]:
        """Return the status of a call and the entities that it changes, each by its resource and its key."""
        assert self.app.worlds
        world = self.app.worlds.world("")
        world.replace(())
        reply = self.app.handle(call)
        return reply.status, {(row.resource, row.number) for row in world.rows()}

    def named(self, call: Call) -> tuple[Binding, tuple[str, ...] | None]:
        """Return the binding of a call, and the keys that the guard sees in it."""
        match = self.router.match(call)
        assert match
        binding = next(binding for binding in self.bindings if binding.role.operation == match.operation.id)
        return binding, binding.named_keys(call, match.variables)


@st.composite
def asked(draw: st.DrawFn, desk: Desk) -> Asked:
    """A call about drawn entities, its names in any letter case."""
    binding = draw(st.sampled_from(desk.bindings))
    role, operation = binding.role, desk.operations[binding.role.operation]
    keys = draw(st.lists(st.integers(1, POPULATION), min_size=1, max_size=3 if role.many else 1))
    inside = draw(st.sampled_from(INSIDE))
    entity = desk.calls.sample(role, operation) if role.entity else None
    entities = [_keyed(entity, binding, _inside(inside, key)) for key in keys] if entity is not None else []
    places = {**placed(role, key=keys[0]), **placed(role, entity=entities[0] if entities else None)}
    if role.many:
        places |= {role.key: keys} if role.key else {}
        places |= {role.entity: entities} if role.entity else {}
    call = desk.calls.call(operation, places, {})
    assert call
    spell = draw(st.sampled_from(SPELLINGS))
    return Asked(_spelled(call, operation, spell, binding), tuple(keys), inside)


def _inside(inside: str, key: int) -> Any:
    return {"nothing": 0, "the same": key, "another": key % POPULATION + 1, "text": str(key)}[inside]


def _keyed(entity: Mapping[str, Any], binding: Binding, key: Any) -> dict[str, Any]:
    return {name: key if name in binding.resource.views.values() else value for name, value in entity.items()}


def _spelled(call: Call, operation: Operation, spell: Any, binding: Binding) -> Call:
    """Return a call whose names of parameters, and of what its body holds, are spelled otherwise."""
    parts = urlsplit(call.target)
    path = "/".join(spell(step) if step.isalpha() else step for step in parts.path.split("/"))
    is_any = operation.behaves("case-insensitive-names")
    query = urlencode([(spell(name) if is_any else name, value) for name, value in parse_qsl(parts.query)])
    body = json.loads(call.body) if call.body else None
    entity = binding.role.entity
    if isinstance(body, dict) and is_any and "patch" not in call.media_type:
        body = {spell(name): part for name, part in body.items()}
    sent = json.dumps(body).encode() if call.body else b""
    assert entity is None or body is not None
    return replace(call, target=f"{path}?{query}" if query else path, body=sent)


KEYS = {
    "openapi": "3.1.0",
    "info": {"title": "keys at every place", "version": "1"},
    "paths": {
        "/cats/remove": {
            "post": {
                "operationId": "in_query",
                "parameters": [{"name": "catId", "in": "query", "required": True, "schema": {"type": "integer"}}],
                "responses": {"204": {"description": ""}},
            }
        },
        "/cats/purge": {
            "post": {
                "operationId": "array_in_query",
                "parameters": [
                    {
                        "name": "ids",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "array", "items": {"type": "integer"}},
                    }
                ],
                "responses": {"204": {"description": ""}},
            }
        },
        "/cats/drop": {
            "post": {
                "operationId": "array_in_body",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Drop"}}}},
                "responses": {"204": {"description": ""}},
            }
        },
        "/cats/lose": {
            "post": {
                "operationId": "body",
                "requestBody": {"content": {"application/json": {"schema": {}}}},
                "responses": {"204": {"description": ""}},
            }
        },
        "/cats/{id}/{text}": {
            "delete": {
                "operationId": "in_path",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                    {"name": "text", "in": "path", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {"204": {"description": ""}},
            }
        },
        "/cats/save": {
            "post": {
                "operationId": "entities",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}}
                    }
                },
                "responses": {"204": {"description": ""}},
            }
        },
    },
    "components": {
        "schemas": {
            "Cat": {"type": "object", "properties": {"CatId": {"type": "integer"}, "Name": {"type": "string"}}},
            "Drop": {"type": "object", "properties": {"CatIds": {"type": "array", "items": {"type": "integer"}}}},
        }
    },
}
ROLES = (
    Role("in_query", "delete", "", key=RequestPlace("query", "catId")),
    Role("array_in_query", "delete", "", key=RequestPlace("query", "ids"), many=True),
    Role("array_in_body", "delete", "", key=RequestPlace("body", "CatIds"), many=True),
    Role("body", "delete", "", key=RequestPlace("body", ""), many=True),
    Role("in_path", "delete", "", key=RequestPlace("path", "id")),
    Role("entities", "save", "", entity=RequestPlace("body", ""), many=True),
)


@pytest.fixture(scope="module")
def keys() -> Contract:
    resources = Resources((Resource("cat", {"Cat": "CatId"}, ROLES),))
    return replace(from_openapi(KEYS, "keys.json"), resources=resources)


@pytest.fixture(scope="module")
def contacts() -> Contract:
    return extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


@pytest.fixture(scope="module", params=NAMES)
def desk(request: pytest.FixtureRequest) -> Desk:
    return Desk(request.getfixturevalue(request.param))


@given(st.data())
@CALLS
def test_what_the_fake_changes_is_what_the_guard_names(desk: Desk, data: st.DataObject) -> None:
    case = data.draw(asked(desk))
    binding, named = desk.named(case.call)
    status, changed = desk.changed(case.call)
    if named is None:
        assert binding.role.many or case.call.media_type not in ("", "application/json"), case
        return
    new = {(binding.resource.name, number) for _, number in changed if number > POPULATION}
    assert {name for name, _ in changed} <= {binding.resource.name}
    assert {str(number) for _, number in changed - new} <= set(named)
    assert not new or binding.role.creates
    if case.inside == "the same" and binding.role.name in ("save", "update", "delete") and status < 300:
        assert {str(number) for _, number in changed} <= set(named) == set(map(str, case.keys))


@pytest.mark.parametrize(
    ("name", "method", "target", "body", "expected"),
    [
        ("in_query", "POST", "/cats/remove?CATID=4", None, {4}),
        ("in_query", "POST", "/cats/remove?catId=4&catId=5", None, {5}),
        ("array_in_query", "POST", "/cats/purge?ids=4,5", None, set()),
        ("array_in_query", "POST", "/cats/purge?ids=4&ids=5", None, {4, 5}),
        ("array_in_body", "POST", "/cats/drop", {"CatIds": [4, 5]}, {4, 5}),
        ("body", "POST", "/cats/lose", [4, 5], {4, 5}),
        ("body", "POST", "/cats/lose", {"any": [4, 5]}, {4, 5}),
        ("in_path", "DELETE", "/CATS/4/5", None, {4}),
        ("in_path", "DELETE", "/cats/%34/a%20b", None, {4}),
        ("entities", "POST", "/cats/save", [{"CatId": 4}, {"CatId": 5}, {"CatId": 0}], {4, 5, POPULATION + 1}),
    ],
)
def test_keys_at_every_place(
    keys: Contract, name: str, method: str, target: str, body: Any, expected: set[int]
) -> None:
    desk = Desk(keys)
    headers = (("Content-Type", "application/json"),) if body is not None else ()
    call = Call(headers, json.dumps(body).encode() if body is not None else b"", method, target)
    binding, named = desk.named(call)
    _, changed = desk.changed(call)
    assert binding.role.operation == name
    assert {number for _, number in changed} == expected
    assert {number for number in expected if number <= POPULATION} <= {int(key) for key in named or ()}
