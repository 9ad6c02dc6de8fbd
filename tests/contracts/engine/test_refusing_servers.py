"""Servers that refuse what the document allows: unknown ids, keys that don't stand together, and texts of one field."""

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Contract, extract

from .test_planted_bugs import findings_of

KEY = {"type": "integer", "minimum": 1}
TEXT = {"type": "string"}
SMALL = Budget(max_examples=0, boundaries=2)
STOCK = (2, 3)
"""The only warehouse that holds anything, and what it holds."""


def record(**members: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}


def reply(status: int, schema: Any) -> dict[str, Any]:
    refused = {str(status): {"description": ""} for status in (400, 404, 405, 415)}
    content = {"application/json": {"schema": schema}}
    return {"responses": {str(status): {"description": "", "content": content}, **refused}}


def listing(**members: Any) -> dict[str, Any]:
    return {"get": reply(200, {"type": "array", "items": record(**members)})}


def item(**members: Any) -> dict[str, Any]:
    parameters = [{"name": "id", "in": "path", "required": True, "schema": KEY}]
    return {"parameters": parameters, "get": reply(200, record(**members))}


MOVEMENT = {"warehouseId": KEY, "productId": KEY, "label": TEXT, "note": TEXT}
PATHS = {
    "/warehouses": listing(id=KEY, city=TEXT),
    "/warehouses/{id}": item(id=KEY, city=TEXT),
    "/products": listing(id=KEY, title=TEXT),
    "/products/{id}": item(id=KEY, title=TEXT),
    "/stocks": listing(warehouseId=KEY, productId=KEY),
    "/movements": {
        "post": {
            "requestBody": {"required": True, "content": {"application/json": {"schema": record(**MOVEMENT)}}},
            **reply(201, record(**MOVEMENT)),
        }
    },
}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Depot", "version": "1"}, "paths": PATHS}


class Depot:
    """The server; it takes labels of a few letters only, and with ``crashes`` no long note."""

    def __init__(self, *, crashes: bool = False) -> None:
        self.crashes = crashes
        self.statuses: list[int] = []

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        status, shown = self.answer(request)
        self.statuses += [status] if request.path == "/movements" else []
        return Response(json.dumps(shown), status, content_type="application/json")(environ, start_response)

    def answer(self, request: Request) -> tuple[int, Any]:
        kind, _, key = request.path[1:].partition("/")
        entities = {"warehouses": "city", "products": "title"}
        if request.method == "POST" and kind == "movements":
            return self.move(request)
        if request.method != "GET" or kind == "movements":
            return 405, {}
        if kind == "stocks":
            return 200, [dict(zip(("warehouseId", "productId"), STOCK, strict=True))]
        rows = [{"id": number, entities[kind]: "x"} for number in (1, 2, 3)]
        row = next((row for row in rows if str(row["id"]) == key), None)
        return (200, rows) if not key else (200, row) if row else (404, {})

    def move(self, request: Request) -> tuple[int, Any]:
        sent = request.get_json(force=True, silent=True)
        if not request.is_json:
            return 415, {}
        if not isinstance(sent, dict) or not MOVEMENT.keys() <= sent.keys():
            return 400, {"error": "a movement is wanted"}
        if any(type(sent[name]) is not (int if MOVEMENT[name] is KEY else str) for name in MOVEMENT):
            return 400, {"error": "of another type"}
        if (sent["warehouseId"], sent["productId"]) != STOCK:
            return 400, {"error": "not in stock"}
        if not sent["label"].isalnum() or len(sent["label"]) > 20:
            return 400, {"error": "this is no label"}
        if self.crashes and len(sent["note"]) > 200:
            return 500, {"error": "too long"}
        return 201, {name: sent[name] for name in MOVEMENT}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    file: Path = tmp_path_factory.mktemp("depot") / "depot.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return extract(str(file)).contract


def crashes_in(findings: list[Finding]) -> list[str]:
    return [finding.got for finding in findings if finding.check == "server-error"]


def test_keys_that_stand_in_one_row_are_sent_together(contract: Contract) -> None:
    depot = Depot()
    findings = findings_of(depot, contract, SMALL)
    assert 201 in depot.statuses
    assert not [finding for finding in findings if finding.check in ("not-verified", "server-error")]


def test_a_field_is_tried_alone_where_another_one_is_why_all_are_refused(contract: Contract) -> None:
    findings = findings_of(Depot(crashes=True), contract, SMALL)
    assert crashes_in(findings)
