"""Replay of recordings: what was recorded, with the ids of now."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.load.har_replay import Replay, read_recording
from docdouble.schemas import ConfigError, Contract, Reply

ORIGIN = "https://hotel.example.com/v1"


def entry(method: str, path: str, reply: Any = None, status: int = 200, **more: Any) -> dict[str, Any]:
    sent = {"postData": {"mimeType": "application/json", "text": json.dumps(more["sent"])}} if "sent" in more else {}
    headers = [{"name": "Authorization", "value": "Bearer secret"}, {"name": "User-Agent", "value": "Firefox"}]
    content = {"mimeType": "application/json", "text": json.dumps(reply)}
    answered = [{"name": name, "value": value} for name, value in more.get("headers", {}).items()]
    answered.append({"name": "Content-Type", "value": "application/json"})
    return {
        "request": {"method": method, "url": ORIGIN + path, "headers": headers, **sent},
        "response": {"status": status, "headers": answered, "content": content},
        "time": 12,
    }


def recorded(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "recorded.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), encoding="utf-8")
    return file


def shown(body: Any, **headers: str) -> Reply:
    return Reply((("Content-Type", "application/json"), *headers.items()), json.dumps(body).encode())


ADA = {"name": "Ada", "email": "ada@example.org"}


def test_ids_that_replies_show_take_the_place_of_recorded_ones(tmp_path: Path, hotel_of_docs: Contract) -> None:
    file = recorded(
        tmp_path,
        entry("POST", "/guests", {"id": 17, **ADA}, 201, sent=ADA),
        entry("GET", "/guests/17", {"id": 17, **ADA}),
        entry("DELETE", "/guests/17", status=204),
        entry("GET", "/logo.png"),
    )
    recording = read_recording(file, hotel_of_docs)
    assert [step.operation.id for step in recording.steps] == ["createGuest", "getGuest", "deleteGuest"]
    assert sum(recording.left_out.values()) == 1
    replay = Replay()
    create, read, delete = recording.steps
    assert json.loads(replay.call(create).body) == ADA
    replay.note(create, shown({"id": 26, **ADA}))
    assert [replay.call(step).target for step in (read, delete)] == ["/guests/26", "/guests/26"]
    assert read.call.target == "/guests/17"


def test_a_list_that_is_shorter_now_gives_its_first(tmp_path: Path, hotel_of_docs: Contract) -> None:
    rows = [{"id": number, **ADA} for number in (3, 5, 9)]
    file = recorded(tmp_path, entry("GET", "/guests", rows), entry("GET", "/guests/9", rows[2]))
    listed, read = read_recording(file, hotel_of_docs).steps
    for now, asked in (([40, 41, 42], 42), ([50], 50), ([], 9)):
        replay = Replay()
        replay.note(listed, shown([{"id": number} for number in now]))
        assert replay.call(read).target == f"/guests/{asked}"


def test_a_location_shows_an_id(tmp_path: Path, hotel_of_docs: Contract) -> None:
    created = entry("POST", "/guests", None, 201, sent=ADA, headers={"Location": "/v1/guests/abc"})
    create, read = read_recording(recorded(tmp_path, created, entry("GET", "/guests/abc")), hotel_of_docs).steps
    replay = Replay()
    replay.note(create, shown(None, Location="/v1/guests/xyz"))
    assert replay.call(read).target == "/guests/xyz"


def test_ids_in_bodies_and_queries_are_those_of_now_and_other_values_stay(
    tmp_path: Path, hotel_of_docs: Contract
) -> None:
    sent = {"name": "17", "guestId": 17, "friends": [{"id": "17"}, {"id": 4}]}
    first = entry("GET", "/guests", [{"id": 17, "name": "Ada"}])
    listed, create = read_recording(
        recorded(tmp_path, first, entry("POST", "/guests?guestId=17&page=17", sent=sent)), hotel_of_docs
    ).steps
    replay = Replay()
    replay.note(listed, shown([{"id": 99, "name": "Bob"}]))
    call = replay.call(create)
    assert call.query == "guestId=99&page=17"
    assert json.loads(call.body) == {"name": "17", "guestId": 99, "friends": [{"id": 99}, {"id": 4}]}


def test_a_refusal_shows_nothing(tmp_path: Path, hotel_of_docs: Contract) -> None:
    file = recorded(tmp_path, entry("GET", "/guests", [{"id": 3}]), entry("GET", "/guests/3"))
    listed, read = read_recording(file, hotel_of_docs).steps
    replay = Replay()
    replay.note(listed, Reply((("Content-Type", "application/json"),), b'[{"id": 5}]', 500))
    assert replay.call(read).target == "/guests/3"


def test_what_the_recorded_client_added_is_left_out(tmp_path: Path, hotel_of_docs: Contract) -> None:
    (step,) = read_recording(recorded(tmp_path, entry("GET", "/guests", [])), hotel_of_docs).steps
    assert step.call.headers == ()


def test_a_recording_of_something_else_is_refused(tmp_path: Path, hotel_of_docs: Contract) -> None:
    with pytest.raises(ConfigError, match="a recording of any documented call"):
        read_recording(recorded(tmp_path, entry("GET", "/boats")), hotel_of_docs)
