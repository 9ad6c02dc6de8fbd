"""A stream of events without an end is read for a bounded time."""

import socket
import threading

import pytest

from docdouble.contracts.client import http1
from docdouble.contracts.client.network import Network

EVENTS = b'data: {"a": 1}\n\ndata: {"a": 2}\n\n'


def test_what_has_come_of_an_endless_stream_is_the_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http1, "STREAM_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    threading.Thread(target=theirs.sendall, args=(head + b"%x\r\n%b\r\n" % (len(EVENTS), EVENTS),)).start()
    with ours, theirs:
        reply, is_reusable = http1.exchange(ours, b"GET /events HTTP/1.1\r\n\r\n", "GET", Network(seconds=30))
    assert (reply.status, reply.body, is_reusable) == (200, EVENTS, False)
