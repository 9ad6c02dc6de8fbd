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


@pytest.mark.parametrize(
    ("name", "sent", "read"),
    [
        ("application/x-ndjson", b'{"a": 1}\n{"a": 2}\n{"a', b'{"a": 1}\n{"a": 2}\n'),
        ("application/jsonl", b'{"a"', b""),
        ("application/json-seq", b'\x1e{"a": 1}\n\x1e{"a', b'\x1e{"a": 1}\n'),
        ("video/mp2t", b"G\n\x00", b"G\n\x00"),
    ],
)
def test_an_item_that_was_cut_off_is_left_out(
    monkeypatch: pytest.MonkeyPatch, name: str, sent: bytes, read: bytes
) -> None:
    monkeypatch.setattr(http1, "STREAM_SECONDS", 0.1)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\n%b" % (name.encode(), sent))
        reply, _ = http1.exchange(ours, b"GET / HTTP/1.1\r\n\r\n", "GET", Network(seconds=30))
    assert reply.body == read
