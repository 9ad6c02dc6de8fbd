"""Servers that no client should have to meet, each over a socket: what ``hostile.py`` lets ``verify`` run against."""

import contextlib
import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from servers import HOST

Behave = Callable[[socket.socket], None]
"""Does what a server does to one connection."""

_LONG = 60.0
"""Seconds that a server keeps a client waiting, longer than any run takes."""


@dataclass
class Listening:
    """A hostile server: its URL, when its first connection was made, and how many were."""

    url: str
    first: float = 0.0
    connections: int = 0
    open: list[socket.socket] = field(default_factory=list)


@contextlib.contextmanager
def listening(behave: Behave) -> Iterator[Listening]:
    """Serve on a port of this machine until left."""
    with socket.create_server((HOST, 0), backlog=200) as server:
        state = Listening(f"http://{HOST}:{server.getsockname()[1]}")

        def answer(connection: socket.socket) -> None:
            with contextlib.suppress(OSError), connection:
                behave(connection)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    state.first = state.first or time.monotonic()
                    state.connections += 1
                    state.open.append(connection)
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield state
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in state.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _request(connection: socket.socket) -> bytes:
    """Return the head of a request with what was received of its body; raises ``OSError`` where the client is gone."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            raise OSError("the client is gone")
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length and (chunk := connection.recv(65536)):
        body += chunk
    return head


def _reply(body: bytes, status: str = "200 OK", *fields: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {size}", *fields]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def _always(*parts: bytes, pause: float = 0.0, keeps: bool = True) -> Behave:
    """Return a behaviour that sends the same to every request of a connection, with a pause before each part."""

    def behave(connection: socket.socket) -> None:
        while True:
            _request(connection)
            for part in parts:
                time.sleep(pause)
                connection.sendall(part)
            if not keeps:
                return

    return behave


def _endless(start: bytes, part: bytes, pause: float = 0.0) -> Behave:
    """Return a behaviour that answers a request with a start and then never ends."""

    def behave(connection: socket.socket) -> None:
        _request(connection)
        connection.sendall(start)
        until = time.monotonic() + _LONG
        while time.monotonic() < until:
            connection.sendall(part)
            time.sleep(pause)

    return behave


def _silent(connection: socket.socket) -> None:
    _request(connection)
    time.sleep(_LONG)


def _closed(connection: socket.socket) -> None:
    """Close the connection at once."""


def _reset(connection: socket.socket) -> None:
    _request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _unread(connection: socket.socket) -> None:
    time.sleep(_LONG)


def _changing(connection: socket.socket) -> None:
    """Answer each request with another status."""
    for number in range(10_000):
        _request(connection)
        connection.sendall(_reply(b"{}", f"{100 + number * 7 % 900} Status"))


def _guest(**changes: object) -> bytes:
    return json.dumps({"GuestId": 1, "Name": "Anna", **changes}).encode()


_DEEP = b"[" * 100_000 + b"]" * 100_000
_WIDE = json.dumps({f"key{number}": number for number in range(160_000)}).encode()
_WRONG = json.dumps([{"GuestId": f"wrong {number}", f"Name{number}": number} for number in range(10_000)]).encode()
_BOMB = gzip.compress(b" " * 200_000_000, 9)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

SERVERS: dict[str, Behave] = {
    "never-answers": _silent,
    "never-reads": _unread,
    "closes-at-once": _closed,
    "resets": _reset,
    "garbage": _always(bytes(range(256)) * 40, keeps=False),
    "half-a-status-line": _endless(b"HTTP/1.1 20", b"", pause=1.0),
    "drips-its-head": _endless(b"HTTP/1.1 200 OK\r\nX: ", b"a", pause=0.3),
    "drips-its-body": _endless(_HEAD + b"Content-Length: 999999\r\n\r\n", b" ", pause=0.3),
    "endless-chunks": _endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b" " * 4096 + b"\r\n"),
    "endless-fields": _endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"a" * 4000 + b"\r\n"),
    "endless-interim": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.001),
    "endless-newlines": _endless(b"", b"\r\n", pause=0.001),
    "redirects-to-itself": _always(_reply(b"", "302 Found", "Location: /guests")),
    "redirects-elsewhere": _always(_reply(b"", "307 Moved", "Location: http://192.0.2.1/guests")),
    "gzip-bomb": _always(_reply(_BOMB, "200 OK", "Content-Encoding: gzip")),
    "too-short": _always(_reply(_guest(), length=5000), keeps=False),
    "too-long": _always(_reply(_guest(), length=5)),
    "broken-chunks": _always(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "deep-json": _always(_reply(_DEEP)),
    "wide-json": _always(_reply(_WIDE)),
    "wrong-everywhere": _always(_reply(_WRONG)),
    "large-text": _always(_reply(_guest(Name="x" * 30_000_000))),
    "long-numbers": _always(_reply(b'{"GuestId": ' + b"9" * 1_000_000 + b"}")),
    "html": _always(_reply(b"<html>" + b"<p>sorry</p>" * 10_000, "200 OK", "Content-Type: text/html")),
    "fails-always": _always(_reply(b'{"error": "' + b"x" * 100_000 + b'"}', "500 Internal Server Error")),
    "any-status": _changing,
    "wants-patience": _always(_reply(b"", "429 Too Many Requests", "Retry-After: 99999")),
    "huge-field": _always(_reply(_guest(), "200 OK", "X: " + "a" * 2_000_000)),
    "many-cookies": _always(_reply(_guest(), "200 OK", *(f"Set-Cookie: c{number}=1" for number in range(5000)))),
    "no-utf-8": _always(_reply(b'{"GuestId": 1, "Name": "\xff\xfe\xed\xa0\x80"}')),
    "answers-twice": _always(_reply(_guest()), _reply(_guest(GuestId=2))),
    "slow": _always(_reply(_guest()), pause=2.0),
}
"""Servers by name."""
