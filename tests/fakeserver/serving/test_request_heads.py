"""Requests of the same octets: what is remembered of them, and that no two are mixed up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.serving import request_heads
from docdouble.fakeserver.serving.request_heads import Head, RecentRequests
from docdouble.schemas import Contract, Reply

from .made_headers import Fields, MadeHeaders


@dataclass(frozen=True)
class SentHead:
    """A request's head."""

    method: str = "GET"
    path: str = "/api/v1/Book/7"
    query_string: str = ""
    fields: Fields = (("host", "here"), ("x", "1"))
    authority: str | None = None
    http_version: str = "1.1"

    @property
    def headers(self) -> MadeHeaders:
        return MadeHeaders(self.fields)


@pytest.fixture
def app(library: Contract) -> Iterator[FakeServer]:
    app = FakeServer(library, Settings(auth=False))
    yield app
    app.close()


@pytest.fixture
def recent(app: FakeServer) -> RecentRequests:
    return RecentRequests(app)


def head(recent: RecentRequests, sent: SentHead) -> Head:
    known = recent.head(sent)
    assert isinstance(known, Head)
    return known


def test_the_same_octets_are_the_same_head_and_no_others_are(recent: RecentRequests) -> None:
    sent = SentHead()
    others = [
        replace(sent, method="get"),
        replace(sent, path="/api/v1/Book/8"),
        replace(sent, query_string="a=1"),
        replace(sent, authority="there"),
        replace(sent, http_version="2"),
        replace(sent, fields=(("x", "1"), ("host", "here"))),
        replace(sent, fields=(("host", "here"), ("x", "2"))),
        replace(sent, fields=(("host", "here"), ("x", "1"), ("y", None))),
        replace(sent, fields=(("host", "here"), ("x", "1"), ("z", None))),
        replace(sent, fields=(("host", "here"), ("x", "1"), ("x", "1"))),
    ]
    heads = [head(recent, one) for one in (sent, *others)]
    assert len(set(heads)) == len(others) + 1
    assert [head(recent, one) for one in (sent, *others)] == heads


def test_what_is_refused_is_refused_each_time(recent: RecentRequests) -> None:
    replies = [recent.head(SentHead(query_string="a=%4")) for _ in range(2)]
    assert [reply.status for reply in replies if isinstance(reply, Reply)] == [400, 400]


def test_a_call_is_looked_up_once_and_begins_each_time(recent: RecentRequests) -> None:
    known = head(recent, SentHead())
    first, second, other = (recent.arrival(known, body) for body in (b"", b"", b"{}"))
    assert (second.call is first.call, second.memory is first.memory, second.began > first.began) == (True, True, True)
    assert (other.call.body, other.memory is first.memory) == (b"{}", False)


def test_another_contract_is_looked_up_anew(app: FakeServer, recent: RecentRequests) -> None:
    known = head(recent, SentHead())
    first = recent.arrival(known, b"")
    seeded = app.answer(first)
    app.replace(app.contract, Settings(auth=False, seed=7))
    second = recent.arrival(known, b"")
    assert (second.memory is first.memory, app.answer(second) == seeded) == (False, False)


def test_only_so_much_is_remembered(recent: RecentRequests, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_heads, "_MOST_REQUESTS", 3)
    for number in range(10):
        recent.arrival(head(recent, SentHead(query_string=f"a={number}")), b"")
    assert len(recent._heads) <= 3
    assert len(recent._arrivals) <= 3
    large = SentHead(fields=[("x", "y" * 10_000)])
    assert head(recent, large) is not head(recent, large)
    known = head(recent, SentHead())
    for sent, body in ((known, b"x" * 10_000), (head(recent, large), b"")):
        assert recent.arrival(sent, body).memory is not recent.arrival(sent, body).memory
