"""Deadlines of request bodies under granian: who sends too slowly gets a 408, and its connection is closed.

granian reads a body in the thread that answers, and nothing interrupts a read. So a watching thread answers for it, and
shuts down the connection, at which the read comes back short. It also closes connections on which nothing ever comes,
and those whose answers nobody reads: granian waits for either as long as it takes, and takes only so many connections.
"""

import contextlib
import logging
import os
import socket
import stat
import struct
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from types import FrameType
from typing import IO, Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from ..http.problem import problem

_LOG = logging.getLogger("docdouble")

_RUNNER, _PROTOCOL = "_runner", "proto"
"""The function of granian that calls an application, and its variable that answers."""

_TICK = 1.0
"""Seconds between two looks at the bodies that are being read, less where the deadline is short."""

MOST_CONNECTIONS = 500
"""Connections from which on less time is given: granian takes about a thousand."""

_GREETING, _GREETING_IN_CROWD = 10.0, 1.0
"""Seconds within which the first octet of a connection must come."""

_TAKING, _TAKING_IN_CROWD = 60.0, 5.0
"""Seconds within which a client must take something of an answer."""

_SENDING = 0.2
"""Seconds until an answer has left."""

_FILES = "/proc/self/fd"
_TCP_INFO = struct.Struct("44xI80xQ8xI")
"""Milliseconds since data was last sent, octets received, and those that can't be sent: the ``tcp_info`` of Linux."""


class Traffic(NamedTuple):
    """For how many milliseconds a TCP connection has sent nothing, the octets received, and those that wait."""

    silence: int
    received: int
    unsent: int = 0


def slow_ones(
    before: Sequence[Traffic | None], after: Sequence[Traffic | None], seconds: float, answered: int
) -> list[int]:
    """Return at which places those connections stand whose requests were answered since, so many, as too slow.

    They were silent for about so many seconds and have just sent. Where others have, too, these asked for it
    meanwhile, and may ask for more.
    """
    sent = [
        (now.received - then.received, number)
        for number, (then, now) in enumerate(zip(before, after, strict=True))
        if then and now and then.silence >= seconds * 900 and now.silence <= _SENDING * 2000
    ]
    return [number for _, number in sorted(sent)[:answered]]


def silent_ones(connections: Sequence[Traffic | None]) -> list[int]:
    """Return at which places those connections stand on which nothing comes, or whose answers nobody takes, in time."""
    is_crowd = sum(traffic is not None for traffic in connections) >= MOST_CONNECTIONS
    greeting, taking = (_GREETING_IN_CROWD, _TAKING_IN_CROWD) if is_crowd else (_GREETING, _TAKING)
    return [
        number
        for number, traffic in enumerate(connections)
        if traffic
        and (not traffic.received or traffic.unsent)
        and traffic.silence >= 1000 * (taking if traffic.unsent else greeting)
    ]


class BodyDeadlines:
    """A WSGI application whose bodies must come in whole within some seconds."""

    def __init__(self, app: WSGIApplication, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._message = f"the body did not come in whole within {seconds:g} s"
        self._reads: dict[int, float] = {}
        self._answering = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, with a body whose reading is watched."""
        environ["wsgi.input"] = _WatchedBody(environ["wsgi.input"], self)
        return self._app(environ, start_response)

    def read(self, stream: IO[bytes], size: int) -> bytes:
        """Read a body; raises ``TimeoutError`` where its deadline has passed."""
        thread = threading.get_ident()
        self._reads[thread] = time.monotonic()
        try:
            data = stream.read(size)
        finally:
            is_in_time = self._reads.pop(thread, None) is not None
        if not is_in_time:
            with self._answering:  # until then this thread must stay where it shows whom to answer
                raise TimeoutError(self._message)
        return data

    def _watch(self) -> None:
        while True:
            time.sleep(min(_TICK, self._seconds / 4))
            try:
                _close_silent_ones()
            except Exception:  # noqa: BLE001  whatever it is, the bodies have a deadline
                _LOG.exception("docdouble: silent connections could not be closed")
            began = time.monotonic() - self._seconds
            late = [thread for thread, start in list(self._reads.items()) if start < began]
            try:
                if late:
                    self._end(late)
            except Exception:  # noqa: BLE001  whatever it is, the next bodies have a deadline, too
                _LOG.exception("docdouble: a body that came in too slowly could not be answered")

    def _end(self, late: list[int]) -> None:
        """Answer the requests whose bodies these threads read, and close their connections."""
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(connection) for connection in open_sockets()]
            before = list(map(_traffic, connections))
            answered = sum(map(self._answer, late))
            time.sleep(_SENDING)
            after = list(map(_traffic, connections))
            for number in slow_ones(before, after, self._seconds, answered):
                with contextlib.suppress(OSError):  # the client has closed it
                    connections[number].shutdown(socket.SHUT_RD)

    def _answer(self, thread: int) -> bool:
        """Answer the request whose body a thread reads; tell whether it still did."""
        with self._answering:
            if self._reads.pop(thread, None) is None:
                return False
            protocol = _protocol(sys._current_frames().get(thread))
            if protocol:
                reply = problem(408, self._message, ("Connection", "close"))
                protocol.response_bytes(reply.status, list(reply.headers), reply.body)
            return True


def _close_silent_ones() -> None:
    """Close those connections to this process on which nothing comes, or whose answers nobody takes."""
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(connection) for connection in open_sockets()]
        listening = list(filter(_listens, opened))
        ports = set(map(_port, listening))
        accepted = [one for one in opened if one not in listening and _port(one) in ports]
        for number in silent_ones(list(map(_traffic, accepted))):
            with contextlib.suppress(OSError):  # the client has closed it
                accepted[number].shutdown(socket.SHUT_RDWR)


def _listens(connection: socket.socket) -> bool:
    """Tell whether a socket takes TCP connections."""
    try:
        return _port(connection) is not None and bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False


def _port(connection: socket.socket) -> int | None:
    """Return the port of this side of a connection, ``None`` of what has none."""
    try:
        return int(connection.getsockname()[1]) if connection.family in (socket.AF_INET, socket.AF_INET6) else None
    except OSError:
        return None


class _WatchedBody:
    """The body of a request whose reading is watched."""

    __slots__ = ("_deadlines", "_stream")

    def __init__(self, stream: IO[bytes], deadlines: BodyDeadlines) -> None:
        self._stream, self._deadlines = stream, deadlines

    def read(self, size: int = -1) -> bytes:
        return self._deadlines.read(self._stream, size)


def _protocol(frame: FrameType | None) -> Any:
    """Return what granian sends the answer with to the request that a thread is at, ``None`` where that isn't found."""
    while frame and (frame.f_code.co_name != _RUNNER or _PROTOCOL not in frame.f_code.co_varnames):
        frame = frame.f_back
    return frame and frame.f_locals.get(_PROTOCOL)


def open_sockets() -> Iterator[socket.socket]:
    """Yield copies of this process' sockets; none but on Linux with /proc, where silence can be measured.

    Nothing else is copied: whoever closes a copy of a file ends all locks that the process has of it (POSIX), SQLite's,
    too.
    """
    for name in os.listdir(_FILES) if sys.platform == "linux" and os.path.isdir(_FILES) else ():
        with contextlib.suppress(OSError):  # it was closed meanwhile
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield socket.socket(fileno=os.dup(int(name)))


def _traffic(connection: socket.socket) -> Traffic | None:
    try:
        connection.getpeername()
        return Traffic(*_TCP_INFO.unpack(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)))
    except (OSError, struct.error):  # any other socket, or a Linux that tells less
        return None
