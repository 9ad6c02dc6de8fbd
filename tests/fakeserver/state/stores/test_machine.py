"""A hotel's desk, driven at random by four clients, agrees with a model of what was written."""

import http.client
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import Call, Contract

Send = Callable[[str, str, Any, dict[str, str]], tuple[int, Any]]
"""A client: method, target, body and header fields → status and value."""

POPULATION = 4
CLIENTS = 4
TEXTS = st.text("abcæ' \n", max_size=5)
NEW_WORLD = count()


@dataclass(frozen=True)
class Kind:
    """A resource of the hotel: its collection, its key, a property that is written, and its agent where it has one."""

    path: str
    key: str
    text: str
    save: str = ""
    get: str = ""


KINDS = (
    Kind("/rooms", "RoomId", "Name"),
    Kind("/guests", "GuestId", "Name", "/Agents/Guest/SaveGuestEntity", "/Agents/Guest/GetGuestEntity?guestEntityId="),
    Kind(
        "/bookings",
        "BookingId",
        "Description",
        "/Agents/Booking/SaveBookingEntity",
        "/Agents/Booking/GetBookingEntity?bookingEntityId=",
    ),
)
KIND, CLIENT, NUMBER = st.sampled_from(KINDS), st.integers(0, CLIENTS - 1), st.integers(1, POPULATION + 2)


class Desk(RuleBasedStateMachine):
    """The model is what was written last of each entity, ``None`` where nothing was, and which of them there are."""

    def __init__(self, clients: list[Send]) -> None:
        super().__init__()
        self.clients = clients

    @initialize()
    def open_world(self) -> None:
        self.fields = {"Docdouble-World": f"world-{next(NEW_WORLD)}"}
        self.texts: dict[Kind, dict[int, str | None]] = {
            kind: dict.fromkeys(range(1, 1 + POPULATION)) for kind in KINDS
        }
        self.following = dict.fromkeys(KINDS, POPULATION + 1)

    def ask(self, client: int, label: str, body: Any = None, content_type: str = "application/json") -> tuple[int, Any]:
        method, target = label.split(" ")
        return self.clients[client](method, target, body, {**self.fields, "Content-Type": content_type})

    def check(self, kind: Kind, number: int, status: int, shown: Any) -> None:
        if number not in self.texts[kind]:
            assert status == 404
            return
        assert (status, shown[kind.key]) == (200, number)
        if self.texts[kind][number] is not None:
            assert shown[kind.text] == self.texts[kind][number]

    @rule(client=CLIENT, kind=KIND, text=TEXTS, by_agent=st.booleans())
    def create(self, client: int, kind: Kind, text: str, by_agent: bool) -> None:
        path = kind.save if by_agent and kind.save else kind.path
        status, made = self.ask(client, f"POST {path}", {kind.key: 0, kind.text: text})
        number = self.following[kind]
        self.texts[kind][number] = text
        self.following[kind] += 1
        self.check(kind, number, status, made)

    @rule(client=CLIENT, kind=KIND, number=NUMBER, text=TEXTS, by_agent=st.booleans())
    def change(self, client: int, kind: Kind, number: int, text: str, by_agent: bool) -> None:
        if by_agent and kind.save:
            status, shown = self.ask(client, f"POST {kind.save}", {kind.key: number, kind.text: text})
        else:
            status, shown = self.ask(client, f"PUT {kind.path}/{number}", {kind.text: text})
        if number in self.texts[kind]:
            self.texts[kind][number] = text
        self.check(kind, number, status, shown)

    @rule(client=CLIENT, kind=KIND, number=NUMBER, text=TEXTS, by=st.sampled_from(["json-patch", "merge-patch"]))
    def patch(self, client: int, kind: Kind, number: int, text: str, by: str) -> None:
        operation = {"op": "add", "path": f"/{kind.text}", "value": text}
        body: Any = [operation] if by == "json-patch" else {kind.text: text}
        status, shown = self.ask(client, f"PATCH {kind.path}/{number}", body, f"application/{by}+json")
        if number in self.texts[kind]:
            self.texts[kind][number] = text
        self.check(kind, number, status, shown)

    @rule(client=CLIENT, kind=KIND, number=NUMBER)
    def delete(self, client: int, kind: Kind, number: int) -> None:
        status, _ = self.ask(client, f"DELETE {kind.path}/{number}")
        assert status == (204 if number in self.texts[kind] else 404)
        self.texts[kind].pop(number, None)

    @rule(client=CLIENT, kind=KIND, number=NUMBER, by_agent=st.booleans())
    def read(self, client: int, kind: Kind, number: int, by_agent: bool) -> None:
        label = f"POST {kind.get}{number}" if by_agent and kind.get else f"GET {kind.path}/{number}"
        self.check(kind, number, *self.ask(client, label))

    @rule(client=CLIENT, guest=NUMBER, booking=NUMBER)
    def refer(self, client: int, guest: int, booking: int) -> None:
        guests, bookings = KINDS[1], KINDS[2]
        status, shown = self.ask(client, f"PUT /bookings/{booking}", {"Guest": {"GuestId": guest}})
        self.check(bookings, booking, status, shown)
        if status == 200:
            known = guest in self.texts[guests]
            assert (shown["Guest"] or {}).get("GuestId") == (guest if known else None)
            status, below = self.ask(client, f"GET /guests/{guest}/bookings")
            assert (status == 200) == known
            assert not known or booking in [booking["BookingId"] for booking in below]

    @rule(client=CLIENT, kind=KIND)
    def list_all(self, client: int, kind: Kind) -> None:
        status, shown = self.ask(client, f"GET {kind.path}")
        assert (status, [entity[kind.key] for entity in shown]) == (200, sorted(self.texts[kind]))
        for entity in shown:
            self.check(kind, entity[kind.key], 200, entity)


def in_process(app: FakeServer) -> Send:
    def send(method: str, target: str, body: Any, fields: dict[str, str]) -> tuple[int, Any]:
        sent = b"" if body is None else json.dumps(body).encode()
        headers = tuple((name, text) for name, text in fields.items() if sent or name != "Content-Type")
        reply = app.handle(Call(headers, sent, method, target))
        return reply.status, json.loads(reply.body) if reply.body else None

    return send


def over(connection: http.client.HTTPConnection) -> Send:
    def send(method: str, target: str, body: Any, fields: dict[str, str]) -> tuple[int, Any]:
        connection.request(method, target, None if body is None else json.dumps(body), fields)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else None

    return send


@pytest.fixture(params=["memory", "sqlite", pytest.param("redis", marks=pytest.mark.sockets)])
def apps(request: pytest.FixtureRequest, hotel: Contract, tmp_path: Path) -> Iterator[list[FakeServer]]:
    """Servers that share their state: one in memory, two elsewhere."""
    state = {"memory": lambda: "memory", "sqlite": lambda: str(tmp_path / "state.db")}
    where = state[request.param]() if request.param in state else request.getfixturevalue("redis_url")
    servers = 1 if where == "memory" else 2
    started = [FakeServer(hotel, Settings(state=where, population=POPULATION)) for _ in range(servers)]
    yield started
    for app in started:
        app.close()


def drive(clients: list[Send], examples: int) -> None:
    profile = settings(max_examples=examples, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(lambda: Desk(clients), settings=profile)  # type: ignore[no-untyped-call]


@pytest.mark.slow
def test_in_process(apps: list[FakeServer]) -> None:
    drive([in_process(apps[number % len(apps)]) for number in range(CLIENTS)], examples=60)


def test_clients_at_the_same_time_lose_nothing(apps: list[FakeServer]) -> None:
    def work(client: Send) -> None:
        for _ in range(25):
            patch = [{"op": "add", "path": "/Tags/-", "value": "vip"}]
            assert client("PATCH", "/guests/1", patch, {"Content-Type": "application/json-patch+json"})[0] == 200
            assert client("POST", "/rooms", {"Name": "Attic"}, {"Content-Type": "application/json"})[0] == 200

    clients = [in_process(apps[number % len(apps)]) for number in range(CLIENTS)]
    before = len(clients[0]("GET", "/guests/1", None, {})[1]["Tags"])
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, clients))
    assert len(clients[0]("GET", "/guests/1", None, {})[1]["Tags"]) == before + 100
    rooms = clients[1]("GET", "/rooms", None, {})[1]
    assert [room["RoomId"] for room in rooms] == list(range(1, POPULATION + 101))


@pytest.mark.sockets
def test_over_sockets(apps: list[FakeServer]) -> None:
    with ExitStack() as stack:
        urls = [urlsplit(stack.enter_context(running(app))) for app in apps]
        places = [urls[number % len(urls)] for number in range(CLIENTS)]
        connections = [http.client.HTTPConnection(place.hostname or "", place.port) for place in places]
        for connection in connections:
            stack.enter_context(closing(connection))
        drive([over(connection) for connection in connections], examples=5)
