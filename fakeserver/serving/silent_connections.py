"""Closing of connections on which nothing ever comes, and of those whose answers nobody reads.

granian waits for either as long as it takes, and takes only so many connections.
"""

import contextlib
import logging
import os
import socket
import stat
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LOG = logging.getLogger("docdouble")

_TICK = 1.0
"""Seconds between two looks at the connections."""

MOST_CONNECTIONS = 500
"""Connections from which on less time is given: granian takes about a thousand."""

_GREETING, _GREETING_IN_CROWD = 10.0, 1.0
"""Seconds within which the first octet of a connection must be received."""

_TAKING, _TAKING_IN_CROWD = 60.0, 5.0
"""Seconds within which a client must take something of an answer."""

_FILES = "/proc/self/fd"
_TCP_INFO = struct.Struct("44xI80xQ8xI")
"""Milliseconds since data was last sent, octets received, and those that can't be sent: the ``tcp_info`` of Linux."""


class Traffic(NamedTuple):
    """Traffic of a TCP connection: milliseconds without an octet sent, octets received, and octets that wait."""

    silence: int
    received: int
    unsent: int = 0


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


def close_silent_connections() -> None:
    """Look at the connections of this process for as long as it runs, and close those on which nothing moves."""
    while sys.platform == "linux":  # elsewhere silence can't be measured
        time.sleep(_TICK)
        try:
            _close_silent_ones()
        except Exception:  # noqa: BLE001  whatever it is, the next ones are closed
            _LOG.exception("docdouble: silent connections could not be closed")


def _close_silent_ones() -> None:
    """Close those connections to this process on which nothing comes, or whose answers nobody takes."""
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(connection) for connection in open_sockets()]
        listening = list(filter(_listens, opened))
        ports = set(map(_port, listening))
        accepted = [connection for connection in opened if connection not in listening and _port(connection) in ports]
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
    except (OSError, struct.error):  # any other socket, or a Linux that reports less
        return None
