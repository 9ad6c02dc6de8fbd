"""Saving, loading and resetting what callers changed, over the control API."""

import json
from typing import Any

import pytest

from docdouble.fakeserver import ControlClient, FakeServer, Settings
from docdouble.schemas import Call, ConfigError, Contract, TargetError
from docdouble.schemas.http import Headers


@pytest.fixture
def app(hotel: Contract) -> FakeServer:
    return FakeServer(hotel)


@pytest.fixture
def control(app: FakeServer) -> ControlClient:
    return ControlClient("http://127.0.0.1", app.token, app.handle)


def put(app: FakeServer, target: str, body: Any, *headers: tuple[str, str]) -> None:
    sent: Headers = (("Content-Type", "application/json"), *headers)
    assert app.handle(Call(sent, json.dumps(body).encode(), "PUT", target)).status == 200


def room(app: FakeServer, number: int, *headers: tuple[str, str]) -> Any:
    reply = app.handle(Call(headers, b"", "GET", f"/rooms/{number}"))
    return json.loads(reply.body) if reply.status == 200 else reply.status


def test_at_first_nothing_was_changed(control: ControlClient) -> None:
    assert control.save_state() == {"resources": {}}


def test_what_was_changed_is_saved(app: FakeServer, control: ControlClient) -> None:
    put(app, "/rooms/3", {"Name": "Attic"})
    app.handle(Call((), b"", "DELETE", "/rooms/4"))
    rooms = control.save_state()["resources"]["room"]
    assert (rooms["3"]["name"], rooms["4"]) == ("Attic", None)


def test_what_was_saved_can_be_loaded(app: FakeServer, control: ControlClient) -> None:
    before = room(app, 3)
    put(app, "/rooms/3", {"Name": "Attic"})
    saved = control.save_state()
    put(app, "/rooms/3", {"Name": "Cellar"})
    put(app, "/rooms/5", {"Name": "Cellar"})
    control.load_state(saved)
    assert (room(app, 3)["Name"], room(app, 5)["Name"] == "Cellar") == ("Attic", False)
    assert control.save_state() == saved
    control.reset_state()
    assert room(app, 3) == before


def test_worlds_are_saved_and_loaded_by_name(app: FakeServer, control: ControlClient) -> None:
    world = ("Docdouble-World", "one")
    put(app, "/rooms/3", {"Name": "Attic"}, world)
    assert control.save_state() == {"resources": {}}
    first, second = (ControlClient("http://127.0.0.1", app.token, app.handle, world=name) for name in ("one", "other"))
    second.load_state(first.save_state())
    first.reset_state()
    assert room(app, 3, world) == room(app, 3)
    assert room(app, 3, ("Docdouble-World", "other"))["Name"] == "Attic"


def test_a_reset_of_the_control_api_leaves_it(app: FakeServer, control: ControlClient) -> None:
    put(app, "/rooms/3", {"Name": "Attic"})
    control.reset()
    assert room(app, 3)["Name"] == "Attic"


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({}, "/resources: 'NoneType' is not an object"),
        ({"resources": []}, "/resources: 'list' is not an object"),
        ({"resources": {"rooms": {}}}, "/resources/rooms: 'rooms' is not a resource that is kept; did you mean 'room'"),
        ({"resources": {"room": []}}, "/resources/room: 'list' is not an object"),
        ({"resources": {"room": {"one": {}}}}, "/resources/room: 'one' is not the id of an entity"),
        ({"resources": {"room": {"0": {}}}}, "/resources/room: '0' is not the id"),
        ({"resources": {"room": {"2147483647": {}}}}, "/resources/room: '2147483647' is not the id"),
        ({"resources": {"room": {"1": "Attic"}}}, "/resources/room/1: 'str' is not an object or null"),
    ],
)
def test_what_is_no_snapshot_is_refused(control: ControlClient, saved: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        control.load_state(saved)
    assert str(caught.value).startswith(message)
    assert control.save_state() == {"resources": {}}


def test_an_unknown_parameter_is_refused(control: ControlClient, app: FakeServer) -> None:
    headers = (("Host", "localhost"), ("Authorization", f"Bearer {app.token}"))
    reply = app.handle(Call(headers, b"", "GET", "/__docdouble__/state?wrld=one"))
    assert (reply.status, json.loads(reply.body)["nearest"]) == (400, ["world"])


def test_where_nothing_is_kept_nothing_is_saved(hotel: Contract) -> None:
    app = FakeServer(hotel, Settings(state="off"))
    with pytest.raises(TargetError, match="the state is off: nothing is kept"):
        ControlClient("http://127.0.0.1", app.token, app.handle).save_state()
