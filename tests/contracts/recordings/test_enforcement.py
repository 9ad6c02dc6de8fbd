"""Requests and replies of every kind through a proxy: what passes, what is reported, and what is refused."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pytest

from docdouble.fakeserver.proxy.forwarding import ProxyOptions
from docdouble.schemas import Contract
from docdouble.schemas.openapi.reader import from_openapi

from .proxied import TOKEN, Proxied, proxied_app

pytestmark = [pytest.mark.sockets]

ERRAND = {
    "type": "object",
    "required": ["title"],
    "properties": {"title": {"type": "string"}, "done": {"type": "boolean"}},
    "additionalProperties": False,
}
JSON_TYPE, XML_TYPE = {"Content-Type": "application/json"}, {"Content-Type": "text/xml"}
GOOD = {"title": "Shop", "done": False}
PATHS: dict[str, Any] = {
    "/errands": {
        "get": {
            "parameters": [
                {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}},
                {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
            ],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}}},
        },
        "post": {
            "requestBody": {"required": True, "content": {"application/json": {"schema": ERRAND}}},
            "responses": {"201": {"description": "", "content": {"application/json": {"schema": ERRAND}}}},
        },
    },
    "/errands/{id}": {
        "get": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": ERRAND}}},
                "404": {"description": ""},
            },
        },
        "delete": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "responses": {"204": {"description": ""}},
        },
    },
    "/guarded": {
        "get": {
            "security": [{"bearer": []}],
            "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": ERRAND}}},
                "401": {"description": ""},
            },
        }
    },
    "/traced": {
        "get": {
            "parameters": [{"name": "X-Trace", "in": "header", "required": True, "schema": {"format": "uuid"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": ERRAND}}}},
        }
    },
}


class Kind(NamedTuple):
    """A call and what the server answers; ``violation`` is where which rule is broken, ``refused`` the enforced status.

    A ``body`` is sent as JSON, bytes as they are.
    """

    label: str
    answer: tuple[int, Any] = (200, GOOD)
    body: Any = None
    violation: tuple[str, str] | None = None
    refused: int = 0
    headers: dict[str, str] = {}  # noqa: RUF012


KINDS = {
    "a right call": Kind("GET /errands?limit=3&tags=a&tags=b", (200, [])),
    "a right body": Kind("POST /errands", (201, GOOD), GOOD),
    "no body where none is documented": Kind("DELETE /errands/1", (204, None)),
    "a documented failure": Kind("GET /errands/9", (404, None)),
    "HEAD": Kind("HEAD /errands/1"),
    "a preflight": Kind("OPTIONS /errands", (204, None)),
    "a query beyond its bounds": Kind("GET /errands?limit=99", (200, []), violation=("query", "maximum"), refused=400),
    "a query of another type": Kind("GET /errands?limit=x", (200, []), violation=("query", "type"), refused=400),
    "an unknown item": Kind("GET /errands?tags=c", (200, []), violation=("query", "enum"), refused=400),
    "a path of another type": Kind("GET /errands/x", violation=("path", "type"), refused=400),
    "a missing header field": Kind("GET /traced", violation=("header", "required"), refused=400),
    "a header field of another format": Kind(
        "GET /traced", violation=("header", "format"), refused=400, headers={"X-Trace": "x"}
    ),
    "a body that lacks a property": Kind("POST /errands", (201, GOOD), {}, ("body", "required"), 400),
    "a body with a property too many": Kind(
        "POST /errands", (201, GOOD), {**GOOD, "x": 1}, ("body", "additionalProperties"), 400
    ),
    "a missing body": Kind("POST /errands", (201, GOOD), violation=("body", "required"), refused=400),
    "a body that is no JSON": Kind("POST /errands", (201, GOOD), b"{", ("body", "syntax"), 400, JSON_TYPE),
    "another media type": Kind("POST /errands", (201, GOOD), b"<a/>", ("request", ""), 415, XML_TYPE),
    "an undocumented path": Kind("GET /nothing", violation=("path", "documented"), refused=404),
    "an undocumented method": Kind("PATCH /errands/1", violation=("method", "documented"), refused=405),
    "a reply that breaks its schema": Kind(
        "GET /errands/1", (200, {"done": 1}), violation=("reply", "response-schema"), refused=502
    ),
    "an undocumented status": Kind(
        "GET /errands/1", (202, GOOD), violation=("reply", "documented-status"), refused=502
    ),
    "another media type of a reply": Kind(
        "GET /errands/1", (200, "<p>"), violation=("reply", "content-type"), refused=502
    ),
    "credentials that don't hold": Kind(
        "GET /guarded", (401, None), violation=("reply", "valid-request"), headers={"Authorization": "Bearer x"}
    ),
    "a crash": Kind("GET /errands/1", (500, {"error": "x"}), violation=("reply", "server-error"), refused=502),
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    schemes = {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
    info = {"title": "", "version": ""}
    return from_openapi({"openapi": "3.1.0", "info": info, "paths": PATHS, "components": schemes})


class Scripted:
    """A server that answers what it is given next."""

    answer: tuple[int, Any] = (200, None)
    calls = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.calls += 1
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, value = self.answer
        body = b"" if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()
        media_type = "text/html" if isinstance(value, str) else "application/json"
        fields = [] if value is None else [("Content-Type", media_type)]
        start_response(f"{status} X", [*fields, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


@pytest.fixture(scope="module")
def server() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def telling(contract: Contract, server: Scripted) -> Iterator[Proxied]:
    with proxied_app(contract, server) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def enforcing(contract: Contract, server: Scripted) -> Iterator[Proxied]:
    with proxied_app(contract, server, options=ProxyOptions("both", token=TOKEN)) as proxy:
        yield proxy


def asked(proxy: Proxied, server: Scripted, kind: Kind) -> tuple[int, list[tuple[str, str]]]:
    """Return the status, and the places and rules that are reported."""
    server.answer, server.calls = kind.answer, 0
    method, target = kind.label.split(" ")
    body = {"data" if isinstance(kind.body, bytes) else "json": kind.body}
    reply = proxy.ask(method, target, headers=kind.headers, **body)
    violations = json.loads(reply.headers.get("Docdouble-Violations", "[]"))
    return reply.status_code, [(violation["in"], violation.get("rule", "")) for violation in violations]


@pytest.mark.parametrize("name", KINDS)
def test_everything_passes_and_what_is_wrong_is_reported(name: str, telling: Proxied, server: Scripted) -> None:
    kind = KINDS[name]
    status, violations = asked(telling, server, kind)
    assert status == kind.answer[0]
    assert server.calls == 1
    assert (kind.violation in violations) if kind.violation else violations == []


@pytest.mark.parametrize("name", KINDS)
def test_only_what_is_documented_passes_where_that_is_enforced(name: str, enforcing: Proxied, server: Scripted) -> None:
    kind = KINDS[name]
    status, violations = asked(enforcing, server, kind)
    assert status == (kind.refused or kind.answer[0])
    assert server.calls == (kind.refused in (0, 502))
    assert (kind.violation in violations) if kind.violation else violations == []
