"""Any calls of small APIs of many shapes: what they answer is what a plain dictionary would."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, stateful
from hypothesis import strategies as st
from redis import Redis

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

KEYS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "uuid": {"type": "string", "format": "uuid"},
    "text": {"type": "string"},
    "prefixed": {"type": "string", "pattern": "^ord_[A-Za-z0-9]{10}$"},
    "exemplary": {"type": "string", "example": "BK-0042"},
}
NAMES_OF_KEYS = (("id", "boatId"), ("id", "boat_id"), ("id", "id"), ("code", "code"), ("number", "boat_number"))
"""Names of the key: as a property, and as a variable of paths."""

LISTS = ("array", "items", "data", "_embedded", "edges")
NAMES = st.text("abcdef", min_size=1, max_size=6)


def document(key: dict[str, Any], key_name: str, variable: str, listed: str, wrapper: str, base: str) -> dict[str, Any]:
    """Return an API of one kind of entity: its rows stand as ``listed`` says, single ones under ``wrapper``."""
    entity = {"type": "object", "required": [key_name, "name"], "properties": {key_name: key, **VALUES}}
    new = {"type": "object", "required": ["name"], "properties": VALUES}
    part = {"type": "object", "properties": VALUES}
    rows: dict[str, Any] = {"type": "array", "items": entity}
    if listed == "_embedded":
        rows = {"type": "object", "properties": {"_embedded": {"type": "object", "properties": {"boats": rows}}}}
    elif listed == "edges":
        edge = {"type": "object", "required": ["node"], "properties": {"node": entity}}
        rows = {"type": "object", "properties": {"edges": {"type": "array", "items": edge}}}
    elif listed != "array":
        rows = {"type": "object", "properties": {listed: rows, "total": {"type": "integer"}}}

    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    def inside(schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "required": [wrapper], "properties": {wrapper: schema}} if wrapper else schema

    def answer(status: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
        shown = {status: {"description": "", **(content(schema) if schema else {})}}
        return {"responses": {**shown, "404": {"description": "none"}}}

    variables = [{"name": "owner", "in": "path", "required": True, "schema": {"type": "string"}}] if "{" in base else []
    item = [*variables, {"name": variable, "in": "path", "required": True, "schema": key}]
    body = {"required": True, **content(inside(new))}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {
            base: {
                "parameters": variables,
                "get": answer("200", rows),
                "post": {"requestBody": body, **answer("201", inside(entity))},
            },
            f"{base}/{{{variable}}}": {
                "parameters": item,
                "get": answer("200", inside(entity)),
                "put": {"requestBody": body, **answer("200", inside(entity))},
                "patch": {
                    "requestBody": {**body, **content(inside(part))},
                    **answer("200", inside(entity)),
                },
                "delete": answer("204"),
            },
        },
    }


VALUES: dict[str, Any] = {
    "name": {"type": "string"},
    "count": {"type": "integer"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "home": {"type": "object", "properties": {"port": {"type": "string"}, "berth": {"type": "integer"}}},
}
SENT = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "count": st.integers(-9, 9),
        "tags": st.lists(NAMES, max_size=2),
        "home": st.fixed_dictionaries({}, optional={"port": NAMES, "berth": st.integers(0, 9)}),
    },
)


class Harbour(stateful.RuleBasedStateMachine):
    """A fake of a drawn API beside what it has to answer."""

    store = "memory"

    @stateful.initialize(
        kind=st.sampled_from(sorted(KEYS)),
        names=st.sampled_from(
            [("id", "boatId"), ("id", "boat_id"), ("id", "id"), ("code", "code"), ("number", "boat_number")]
        ),
        listed=st.sampled_from(LISTS),
        wrapper=st.sampled_from(["", "data", "boat"]),
        base=st.sampled_from(["/boats", "/v1/boats", "/harbours/{owner}/boats"]),
        population=st.sampled_from([0, 3]),
    )
    def open(self, kind: str, names: tuple[str, str], listed: str, wrapper: str, base: str, population: int) -> None:
        self.key_name, variable = names
        self.listed, self.wrapper = listed, wrapper
        source = document(KEYS[kind], self.key_name, variable, listed, wrapper, base)
        contract = with_document_resources(from_openapi(source, "harbour.json"), USUAL)
        self.app = FakeServer(contract, Settings(state=self.place(), population=population))
        self.base = base.replace("{owner}", "oslo")
        self.known: dict[Any, dict[str, Any]] = {row[self.key_name]: row for row in self.rows(self.base)}
        self.gone: set[Any] = set()
        assert len(self.known) == population

    def place(self) -> str:
        return self.store

    def teardown(self) -> None:
        self.app.close()

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        sent = b"" if body is None else json.dumps({self.wrapper: body} if self.wrapper else body).encode()
        headers = (("Content-Type", "application/json"),) if sent else ()
        reply = self.app.handle(Call(headers, sent, method, path))
        shown = json.loads(reply.body) if reply.body else None
        return reply.status, shown[self.wrapper] if self.wrapper and reply.status < 300 and shown else shown

    def rows(self, path: str) -> list[dict[str, Any]]:
        reply = self.app.handle(Call((), b"", "GET", path))
        shown = json.loads(reply.body)
        if self.listed == "_embedded":
            return list(shown["_embedded"]["boats"])
        if self.listed == "edges":
            return [edge["node"] for edge in shown["edges"]]
        if self.listed != "array":
            assert shown.get("total", len(shown[self.listed])) == len(shown[self.listed])
        return list(shown if self.listed == "array" else shown[self.listed])

    @stateful.rule(sent=SENT)
    def create(self, sent: dict[str, Any]) -> None:
        status, made = self.call("POST", self.base, sent)
        assert status == 201
        assert made == {**sent, self.key_name: made[self.key_name]}
        assert made[self.key_name] not in self.known.keys() | self.gone
        self.known[made[self.key_name]] = made

    @stateful.precondition(lambda self: self.known)
    @stateful.rule(data=st.data(), sent=SENT, method=st.sampled_from(["PUT", "PATCH"]))
    def change(self, data: st.DataObject, sent: dict[str, Any], method: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.known, key=str)))
        status, shown = self.call(method, f"{self.base}/{key}", sent)
        before = self.known[key]
        merged = {**before, **sent}
        if method == "PATCH" and "home" in sent and isinstance(before.get("home"), dict):
            merged["home"] = {**before["home"], **sent["home"]}
        wanted = {**sent, self.key_name: key} if method == "PUT" else merged
        assert (status, shown) == (200, wanted)
        self.known[key] = wanted

    @stateful.precondition(lambda self: self.known)
    @stateful.rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.known, key=str)))
        assert self.call("DELETE", f"{self.base}/{key}")[0] == 204
        assert self.call("GET", f"{self.base}/{key}")[0] == 404
        assert self.call("DELETE", f"{self.base}/{key}")[0] == 404
        del self.known[key]
        self.gone.add(key)

    @stateful.invariant()
    def all_is_as_it_was_left(self) -> None:
        assert {row[self.key_name]: row for row in self.rows(self.base)} == self.known
        for key, entity in self.known.items():
            assert self.call("GET", f"{self.base}/{key}") == (200, entity)


TestHarbour = Harbour.TestCase
TestHarbour.settings = settings(
    max_examples=12, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
def test_in_a_file(tmp_path: Path) -> None:
    files = count()

    class Kept(Harbour):
        def place(self) -> str:
            return str(tmp_path / f"{next(files)}.db")

    stateful.run_state_machine_as_test(Kept, settings=TestHarbour.settings)


@pytest.mark.slow
def test_in_redis(redis_url: str) -> None:
    class Kept(Harbour):
        def place(self) -> str:
            Redis.from_url(redis_url).flushdb()
            return redis_url

    stateful.run_state_machine_as_test(Kept, settings=TestHarbour.settings)
