"""What is deleted stays where a documented flag, moment or status says so, and lists leave it out."""

import re
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.resources.document_resources import with_document_resources

from ..conftest import MakeContract
from ..desk import Desk

FLAGS: dict[str, dict[str, Any]] = {
    "deleted": {"type": "boolean", "readOnly": True},
    "deletedAt": {"type": ["string", "null"], "format": "date-time"},
    "status": {"type": "string", "enum": ["active", "deleted"]},
}


def notes(make_contract: MakeContract, flag: str, key: str, *statuses: str) -> Contract:
    """Return the contract of notes, with a key of a type, which reading documents with these statuses."""

    def answer(schema: dict[str, Any], *others: str) -> dict[str, Any]:
        success = {"description": "", "content": {"application/json": {"schema": schema}}}
        return {"200": success, **{status: {"description": ""} for status in others}}

    note = {"$ref": "#/components/schemas/Note"}
    variable = {"name": "noteId", "in": "path", "required": True, "schema": {"type": key}}
    asked = {"name": "includeDeleted", "in": "query", "schema": {"type": "boolean"}}
    paths = {
        "/notes": {"get": {"parameters": [asked], "responses": answer({"type": "array", "items": note})}},
        "/notes/{noteId}": {
            "get": {"parameters": [variable], "responses": answer(note, *statuses)},
            "delete": {"parameters": [variable], "responses": {"204": {"description": ""}}},
        },
    }
    properties = {"id": {"type": key}, "text": {"type": "string"}, flag: FLAGS[flag]}
    schema = {"type": "object", "required": ["id"], "properties": properties}
    return with_document_resources(make_contract(paths, schemas={"Note": schema}), USUAL)


@pytest.mark.parametrize("key", ["integer", "string"])
@pytest.mark.parametrize("flag", FLAGS)
def test_a_deleted_one_is_flagged(make_contract: MakeContract, flag: str, key: str) -> None:
    desk = Desk(FakeServer(notes(make_contract, flag, key), Settings()))
    number = desk("GET /notes")[2]["id"]
    assert desk.status(f"DELETE /notes/{number}") == 204
    shown = desk(f"GET /notes/{number}")
    expected = {"deleted": "True", "deletedAt": r"20\d\d-.*", "status": "deleted"}[flag]
    assert re.fullmatch(expected, str(shown[flag]))
    assert number not in [note["id"] for note in desk("GET /notes")]
    assert len(desk("GET /notes")) == 24
    assert shown in desk("GET /notes?includeDeleted=true")


def test_nothing_is_deleted_at_first(make_contract: MakeContract) -> None:
    desk = Desk(FakeServer(notes(make_contract, "deletedAt", "integer"), Settings()))
    assert {note["deletedAt"] for note in desk("GET /notes?includeDeleted=true")} == {None}


@pytest.mark.parametrize("key", ["integer", "string"])
@pytest.mark.parametrize("flag", FLAGS)
def test_one_is_gone_where_that_is_documented(make_contract: MakeContract, flag: str, key: str) -> None:
    desk = Desk(FakeServer(notes(make_contract, flag, key, "404"), Settings()))
    number = desk("GET /notes")[2]["id"]
    desk.status(f"DELETE /notes/{number}")
    assert desk.status(f"GET /notes/{number}") == 404
    assert number not in [note["id"] for note in desk("GET /notes?includeDeleted=true")]
