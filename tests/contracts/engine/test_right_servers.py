"""Servers that are right, in a way that frameworks have: nothing worse than a note is found."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.events import RunRecorder
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.schemas.openapi.reader import from_openapi

pytestmark = pytest.mark.slow

MOMENT = {"type": "string", "format": "date-time"}
ITEM = {
    "type": "object",
    "required": ["n", "at"],
    "properties": {
        "n": {"type": "integer", "minimum": 0, "maximum": 100},
        "rate": {"type": "number"},
        "name": {"type": "string", "maxLength": 50},
        "ok": {"type": "boolean"},
        "at": MOMENT,
    },
}
ERROR = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}


def content(schema: Any, name: str = "application/json") -> dict[str, Any]:
    return {"description": "", "content": {name: {"schema": schema}}}


CREATE = {
    "parameters": [{"name": "after", "in": "query", "schema": MOMENT}],
    "requestBody": {"required": True, **content(ITEM)},
    "responses": {"201": content(ITEM), "422": content(ERROR, "application/problem+json")},
}
LOOK = {"responses": {"200": content(ITEM)}}
PATHS = {"/boats": {"post": CREATE}, "/berths": {"post": CREATE}, "/state": {"head": LOOK, "get": LOOK}}
CONTRACT = from_openapi({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": PATHS}, "harbour.json")


class Server:
    """A server that converts what it is sent as FastAPI does, and if it is ``strict`` refuses what it would convert."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._reply(Request(environ))(environ, start_response)

    def _reply(self, request: Request) -> Response:
        item = {"n": 1, "at": "2024-05-01T12:00:00Z"}
        if request.path == "/state" and request.method in ("GET", "HEAD"):
            return _json(200, item)
        if request.path == "/state" or request.method != "POST":
            return Response("no such method", 405)  # in text, and without Allow
        try:
            for after in request.args.getlist("after"):
                self._moment(after)
            assert request.mimetype == "application/json"
            body = json.loads(request.get_data())  # takes a name twice, NaN, and any charset
            return _json(201, self._item(body))
        except (AssertionError, ValueError, TypeError, KeyError, AttributeError) as error:
            return _json(422, {"detail": repr(error)}, "application/problem+json")

    def _item(self, body: dict[str, Any]) -> dict[str, Any]:
        readers = {"n": self._integer, "rate": self._number, "name": self._text, "ok": self._flag, "at": self._moment}
        item = {name: read(body[name]) for name, read in readers.items() if name in body or name in ITEM["required"]}
        assert len(item.get("name", "")) <= 50
        assert 0 <= item["n"] <= 100
        return item

    def _integer(self, value: Any) -> int:
        assert type(value) is int or (type(value) is float and value.is_integer()) or not self.strict
        assert int(value) == float(value)
        return int(value)

    def _number(self, value: Any) -> float:
        assert type(value) in (int, float) or not self.strict
        return float(value)

    def _text(self, value: Any) -> str:
        assert isinstance(value, str) or (not self.strict and isinstance(value, int | float))
        str(value).encode()
        return str(value)

    def _flag(self, value: Any) -> bool:
        assert isinstance(value, bool) or (not self.strict and str(value).lower() in ("true", "false", "0", "1"))
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1")

    def _moment(self, value: str) -> str:
        moment = datetime.fromisoformat(value.upper())
        if moment.tzinfo is None:
            assert not self.strict
            moment = moment.replace(tzinfo=UTC)
        return moment.isoformat()


def _json(status: int, value: Any, name: str = "application/json") -> Response:
    return Response(json.dumps(value), status, content_type=name)


@pytest.fixture(params=[0, 1])
def findings(request: pytest.FixtureRequest) -> Any:
    """Return a function from a server to what a run with some seed finds."""

    def verify(server: Server) -> list[Finding]:
        budget = Budget(max_examples=2, seed=request.param)
        recorder = RunRecorder()
        transport = Transport(WsgiTarget(server), lambda call: True, budget)
        Runner(CONTRACT, transport, budget).run(CONTRACT.operations, recorder)
        return [finding for result in recorder.results for finding in result.findings]

    return verify


@pytest.mark.parametrize("strict", [True, False])
def test_a_right_server_gets_notes_at_most_and_each_habit_once(findings: Any, strict: bool) -> None:
    reported = findings(Server(strict=strict))
    assert {
        (finding.check, finding.rule): finding.got for finding in reported if finding.severity is not Severity.NOTE
    } == {}
    habits = [(finding.check, finding.rule) for finding in reported if finding.once]
    assert len(habits) == len(set(habits))
    assert (("invalid-request", "converted") in habits) is not strict


def test_a_server_that_takes_what_nobody_converts_is_wrong(findings: Any) -> None:
    class Careless(Server):
        def _integer(self, value: Any) -> int:
            return 1

    errors = [finding for finding in findings(Careless(strict=True)) if finding.severity is Severity.ERROR]
    assert {error.check for error in errors} == {"invalid-request"}
    assert any(error.rule.startswith("body/n ") for error in errors)
