"""A harbour's list of boats: documents with any parameters and envelope, and calls that walk its pages."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Reply
from docdouble.schemas.openapi.reader import from_openapi

INTEGER, NUMBER, TEXT, TRUTH = ({"type": kind} for kind in ("integer", "number", "string", "boolean"))
URL = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}


def record(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object all of whose properties are required."""
    return {"type": "object", "required": list(properties), "properties": properties}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that allows null, too."""
    return {**schema, "type": [schema["type"], "null"]}


STATES = ["new", "sold", "sunk"]
BOAT = record(
    id=INTEGER,
    name=TEXT,
    status={"type": "string", "enum": STATES},
    price=NUMBER,
    is_afloat=TRUTH,
    createdAt=MOMENT,
    tags={"type": "array", "items": TEXT},
    owner=record(id={"type": "string", "format": "uuid"}, login=TEXT),
)
BOATS = {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}}


def asking(name: str, schema: dict[str, Any], description: str = "", **members: Any) -> dict[str, Any]:
    """Return a parameter of a query."""
    return {"name": name, "in": "query", "schema": schema, "description": description, **members}


class Harbour:
    """A fake whose ``GET /boats`` has these parameters and answers this schema."""

    def __init__(
        self, *parameters: dict[str, Any], answer: dict[str, Any] = BOATS, headers: Any = None, **members: Any
    ) -> None:
        content = {"application/json": {"schema": answer}}
        responses = {"200": {"description": "ok", "headers": headers or {}, "content": content}}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Harbour", "version": "1"},
            "paths": {"/boats": {"get": {"parameters": list(parameters), "responses": responses}}},
            "components": {"schemas": {"Boat": BOAT}},
            **members,
        }
        self.app = FakeServer(from_openapi(document), Settings(state="off", nulls="never"))

    def reply(self, target: str = "/boats", **query: Any) -> Reply:
        """Return the reply to a call; a value of the query that is a list stands there several times."""
        asked = urlencode(query, doseq=True)
        reply = self.app.handle(Call((("Host", "fake:4010"),), b"", "GET", f"{target}?{asked}" if asked else target))
        assert reply.status == 200, reply.body
        return reply

    def __call__(self, target: str = "/boats", **query: Any) -> Any:
        return orjson.loads(self.reply(target, **query).body)

    def followed(self, *steps: str, target: str = "/boats", **query: Any) -> Iterator[Any]:
        """Yield the pages from a first one on, following the URL at a path of names until there is none."""
        page = self(target, **query)
        for _ in range(100):
            yield page
            link: Any = page
            for step in steps:
                link = link.get(step) if isinstance(link, dict) else None
            if not link:
                return
            assert link.startswith("http://fake:4010/"), link
            page = self(link.removeprefix("http://fake:4010"))
        raise AssertionError("pages without an end")
