"""A front end on another port may call the fake."""

from collections.abc import Callable

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.responder import DESCRIBED_BY
from docdouble.schemas import Call, Contract, Reply

Send = Callable[..., Reply]

ORIGIN = ("Origin", "http://localhost:5173")
PATH = "/api/v1/Agents/Loan/LendBook"


def leave_for(*exposed: str) -> tuple[tuple[str, str], ...]:
    """Return the header fields that let the page read a reply, and these fields of it."""
    return (
        ("Access-Control-Allow-Origin", "http://localhost:5173"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", ", ".join(exposed)),
        ("Vary", "Origin"),
    )


LEAVE = leave_for("Allow", "Link")


def test_a_preflight_is_granted_without_credentials(app: FakeServer) -> None:
    wanted = ("Access-Control-Request-Headers", "authorization, content-type")
    call = Call((ORIGIN, ("Access-Control-Request-Method", "POST"), wanted), b"", "OPTIONS", PATH)
    granted = (
        ("Allow", "OPTIONS, POST"),
        ("Access-Control-Allow-Methods", "OPTIONS, POST"),
        ("Access-Control-Max-Age", "600"),
        ("Access-Control-Allow-Headers", "authorization, content-type"),
    )
    assert app.handle(call) == Reply(granted + DESCRIBED_BY + LEAVE, b"", 204)


def test_a_preflight_that_wants_no_header_is_granted_none(app: FakeServer) -> None:
    reply = app.handle(Call((ORIGIN, ("Access-Control-Request-Method", "POST")), b"", "OPTIONS", PATH))
    assert (reply.status, reply.header("Access-Control-Allow-Headers")) == (204, None)


def test_options_without_a_wanted_method_is_no_preflight(app: FakeServer) -> None:
    reply = app.handle(Call((ORIGIN,), b"", "OPTIONS", PATH))
    assert reply == Reply((("Allow", "OPTIONS, POST"), *DESCRIBED_BY, *LEAVE), b"", 204)


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("GET /api/v1/Book/7", 200),
        ("GET /api/v1/Book", 400),
        ("GET /api/v1/Nothing", 404),
        ("PATCH /api/v1/Book/7", 405),
        ("DELETE /api/v1/Book/7", 204),
    ],
)
def test_every_reply_may_be_read_by_the_page_that_asked(app: FakeServer, send: Send, label: str, status: int) -> None:
    with_origin, without = send(app, label, ORIGIN), send(app, label)
    exposed = [name for name, _ in without.headers if name != "Content-Type"]
    assert with_origin == Reply(without.headers + leave_for(*exposed), without.body, status)
    assert "Link" in exposed
    assert without.header("Access-Control-Allow-Origin") is None


def test_every_header_field_may_be_read_but_those_that_never_are(library: Contract) -> None:
    app = FakeServer(library, Settings(auth=False), token="open")
    fields = {"ETag": '"1"', "X-Total-Count": "3", "Retry-After": "1", "Location": "/x", "Set-Cookie": "a=b"}
    prepared = orjson.dumps({"operation": "v1Book_Get", "answer": {}, "answer_headers": fields})
    control = (("Authorization", "Bearer open"), ("Content-Type", "application/json"), ("Host", "localhost"))
    assert app.handle(Call(control, prepared, "POST", "/__docdouble__/answers")).status == 201
    reply = app.handle(Call((ORIGIN,), b"", "GET", "/api/v1/Book/7"))
    exposed = (reply.header("Access-Control-Expose-Headers") or "").split(", ")
    assert sorted(exposed) == ["ETag", "Link", "Location", "Retry-After", "X-Total-Count"]


@pytest.mark.parametrize(
    ("path", "methods", "status"), [("/api/v1/Nothing", "PATCH", 404), (PATH, "OPTIONS, POST, PATCH", 405)]
)
def test_a_page_sees_what_is_not_documented(app: FakeServer, path: str, methods: str, status: int) -> None:
    wanted = ("Access-Control-Request-Method", "PATCH")
    reply = app.handle(Call((ORIGIN, wanted), b"", "OPTIONS", path))
    assert (reply.status, reply.header("Access-Control-Allow-Methods")) == (204, methods)
    assert app.handle(Call((ORIGIN,), b"", "PATCH", path)).status == status


def test_a_public_page_may_call_this_network(app: FakeServer) -> None:
    wanted = (("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Private-Network", "true"))
    reply = app.handle(Call((ORIGIN, *wanted), b"", "OPTIONS", PATH))
    assert reply.header("Access-Control-Allow-Private-Network") == "true"


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        ("http://10.0.0.5:5173", "10.0.0.5:4010", True),
        ("http://[fd00::2]:5173", "[fd00::2]:4010", True),
        ("http://10.0.0.6:5173", "10.0.0.5:4010", False),
        ("http://shop.example:5173", "shop.example:4010", False),
        ("http://10.0.0.5:5173", "[::1", False),
    ],
)
def test_a_page_under_the_address_that_is_called_may_call(app: FakeServer, origin: str, host: str, may: bool) -> None:
    reply = app.handle(Call((("Origin", origin), ("Host", host)), b"", "GET", "/api/v1/Book/7"))
    assert reply.header("Access-Control-Allow-Origin") == (origin if may else None)


def test_a_401_may_be_read_too(app: FakeServer) -> None:
    reply = app.handle(Call((ORIGIN,), b"", "POST", PATH))
    assert (reply.status, reply.header("Access-Control-Allow-Origin")) == (401, ORIGIN[1])


def leave(app: FakeServer, origin: str) -> list[str]:
    """Return the names of the headers that let a page of this origin in, on a reply and on a preflight."""
    asked = ("Access-Control-Request-Method", "POST")
    replies = (
        app.handle(Call((("Origin", origin),), b"", "GET", "/api/v1/Nothing")),
        app.handle(Call((("Origin", origin), asked), b"", "OPTIONS", PATH)),
    )
    assert [reply.header("Access-Control-Allow-Origin") for reply in replies] in ([origin] * 2, [None] * 2)
    allowed = set(EVERYTHING)
    left = [[name for name, _ in reply.headers if name in allowed] for reply in replies]
    assert left[0] == left[1]
    return left[0]


EVERYTHING = [name for name, _ in LEAVE]


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost",
        "https://localhost:8443",
        "http://LocalHost:5173",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "http://shop.localhost:3000",
    ],
)
def test_pages_on_this_machine_may_call(app: FakeServer, origin: str) -> None:
    assert leave(app, origin) == EVERYTHING


STRANGERS = [
    "https://shop.example",
    "http://localhost.example",
    "http://notlocalhost",
    "http://127.0.0.1.example",
    "http://localhost@shop.example",
    "http://10.0.0.1:3000",
    "http://[::1",
    "null",
]


@pytest.mark.parametrize("origin", STRANGERS)
def test_pages_from_elsewhere_may_not_call(app: FakeServer, origin: str) -> None:
    assert leave(app, origin) == []


@pytest.mark.parametrize("origin", [*STRANGERS, ORIGIN[1]])
def test_any_page_may_call_where_that_is_set(library: Contract, origin: str) -> None:
    assert leave(FakeServer(library, Settings(cors=("*",))), origin) == EVERYTHING


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://shop.example", EVERYTHING),
        ("HTTPS://Shop.example", EVERYTHING),
        ("https://other.example:8443", EVERYTHING),
        ("http://shop.example", []),
        ("https://shop.example:8443", []),
        ("https://a.shop.example", []),
        ("https://other.example", []),
        (ORIGIN[1], []),
    ],
)
def test_listed_origins_may_call_and_no_others(library: Contract, origin: str, expected: list[str]) -> None:
    settings = Settings(cors=("https://shop.example", "https://other.example:8443"))
    assert leave(FakeServer(library, settings), origin) == expected


def test_a_listed_origin_may_call_beside_this_machine(library: Contract) -> None:
    app = FakeServer(library, Settings(cors=("localhost", "https://shop.example")))
    assert [leave(app, origin) for origin in ("https://shop.example", ORIGIN[1])] == [EVERYTHING, EVERYTHING]
    assert leave(app, "https://other.example") == []
