"""A front end on another port may call the fake."""

from collections.abc import Callable

import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Reply

Send = Callable[..., Reply]

ORIGIN = ("Origin", "http://localhost:5173")
PATH = "/api/v1/Agents/Loan/LendBook"
LEAVE = (
    ("Access-Control-Allow-Origin", "http://localhost:5173"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "Allow, Last-Modified, WWW-Authenticate"),
    ("Vary", "Origin"),
)


def test_a_preflight_is_granted_without_credentials(app: FakeServer) -> None:
    wanted = ("Access-Control-Request-Headers", "authorization, content-type")
    call = Call((ORIGIN, ("Access-Control-Request-Method", "POST"), wanted), b"", "OPTIONS", PATH)
    granted = (
        ("Allow", "OPTIONS, POST"),
        ("Access-Control-Allow-Methods", "OPTIONS, POST"),
        ("Access-Control-Max-Age", "600"),
        ("Access-Control-Allow-Headers", "authorization, content-type"),
    )
    assert app.handle(call) == Reply(granted + LEAVE, b"", 204)


def test_a_preflight_that_wants_no_header_is_granted_none(app: FakeServer) -> None:
    reply = app.handle(Call((ORIGIN, ("Access-Control-Request-Method", "POST")), b"", "OPTIONS", PATH))
    assert (reply.status, reply.header("Access-Control-Allow-Headers")) == (204, None)


def test_options_without_a_wanted_method_is_no_preflight(app: FakeServer) -> None:
    reply = app.handle(Call((ORIGIN,), b"", "OPTIONS", PATH))
    assert reply == Reply((("Allow", "OPTIONS, POST"), *LEAVE), b"", 204)


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
    assert with_origin == Reply(without.headers + LEAVE, without.body, status)
    assert without.header("Access-Control-Allow-Origin") is None


def test_a_401_may_be_read_too(app: FakeServer) -> None:
    reply = app.handle(Call((ORIGIN,), b"", "POST", PATH))
    assert (reply.status, reply.header("Access-Control-Allow-Origin")) == (401, ORIGIN[1])
