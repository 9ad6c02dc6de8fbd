"""Moments of changes: integer keys and keys of texts are stamped alike."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.state.change_moments import moment_after, moment_like
from docdouble.schemas import Contract
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.resources.document_resources import with_document_resources

from ..conftest import MakeContract
from ..desk import Desk

WHEN = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
MOMENT = {"type": "string", "format": "date-time"}


def notes(make_contract: MakeContract, key: str) -> Contract:
    """Return the contract of notes with a key of a type, whose conditions are documented."""
    note = {"$ref": "#/components/schemas/Note"}
    content = {"content": {"application/json": {"schema": note}}}
    answers = {"200": {"description": "", **content}, "412": {"description": ""}}
    variable = {"name": "noteId", "in": "path", "required": True, "schema": {"type": key}}
    paths = {
        "/notes": {"post": {"requestBody": content, "responses": {"201": {"description": "", **content}}}},
        "/notes/{noteId}": {
            "parameters": [variable],
            "get": {"responses": answers},
            "put": {"requestBody": content, "responses": answers},
        },
    }
    properties = {"id": {"type": key}, "text": {"type": "string"}, "created_at": MOMENT, "updated_at": MOMENT}
    schema = {"type": "object", "required": ["id", "text", "created_at", "updated_at"], "properties": properties}
    return with_document_resources(make_contract(paths, schemas={"Note": schema}), USUAL)


@pytest.mark.parametrize("key", ["integer", "string"])
def test_two_changes_of_one_second_can_be_distinguished(make_contract: MakeContract, key: str) -> None:
    desk = Desk(FakeServer(notes(make_contract, key), Settings()))
    sent = {"id": 7 if key == "integer" else "n-7", "text": "first", "created_at": "2001-01-01T00:00:00Z"}
    sent["updated_at"] = sent["created_at"]
    made = json.loads(desk.reply("POST /notes", sent).body)
    assert made["created_at"] == made["updated_at"] > "2025"
    path = f"/notes/{made['id']}"
    moments = [made["updated_at"], *(desk(f"PUT {path}", {**sent, "text": text})["updated_at"] for text in "abc")]
    assert sorted(set(moments)) == moments
    assert desk(f"GET {path}")["created_at"] == made["created_at"]


@pytest.mark.parametrize("key", ["integer", "string"])
def test_a_stale_condition_stops_a_change(make_contract: MakeContract, key: str) -> None:
    desk = Desk(FakeServer(notes(make_contract, key), Settings()))
    sent: dict[str, Any] = json.loads(desk.reply("GET /notes/7").body)
    read = desk.reply("GET /notes/7").header("Last-Modified") or ""
    assert desk.status("PUT /notes/7", {**sent, "text": "first"}, If_Unmodified_Since=read) == 200
    assert desk.status("PUT /notes/7", {**sent, "text": "second"}, If_Unmodified_Since=read) == 412
    assert desk("GET /notes/7")["text"] == "first"


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        ("2024-02-03T04:05:06Z", "2031-05-04T03:02:01Z"),
        ("2024-02-03T04:05:06.123+02:00", "2031-05-04T05:02:01.000+02:00"),
        ("2024-02-03 04:05", "2031-05-04 03:02"),
        ("2024-02-03", "2031-05-04"),
        (1_700_000_000, int(WHEN.timestamp())),
        (1_700_000_000_000, int(WHEN.timestamp()) * 1000),
        (None, "2031-05-04T03:02:01Z"),
        (True, None),
        (1.5, None),
    ],
)
def test_a_moment_is_written_as_its_property_shows_one(shown: Any, written: Any) -> None:
    assert moment_like(shown, WHEN) == written


def test_a_change_is_later_than_the_one_before() -> None:
    assert moment_after(WHEN) == WHEN.replace(second=2)
    assert abs((moment_after(datetime(2001, 1, 1, tzinfo=UTC)) - datetime.now(UTC)).total_seconds()) < 5
