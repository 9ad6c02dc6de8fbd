"""Servers by hand that break HTTP in one way each."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket, bytes], None]
"""Answers one connection, whose first request has been read up to the end of its head."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def serving(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a server on a free port of the loopback address, and give its URL."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if context is None:
                    _answer(self.request, behaviour)
                else:
                    with context.wrap_socket(self.request, server_side=True) as connection:
                        _answer(connection, behaviour)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _answer(connection: socket.socket, behaviour: Behaviour) -> None:
    head = b""
    while b"\r\n\r\n" not in head and (data := connection.recv(65536)):
        head += data
    if head:
        behaviour(connection, head)


def saying(message: bytes) -> Behaviour:
    """Send some bytes and close."""
    return lambda connection, head: connection.sendall(message)


def endlessly(start: bytes, again: bytes) -> Behaviour:
    """Send without an end, as fast as it is taken."""

    def behave(connection: socket.socket, head: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(again)

    return behave


def dripping(message: bytes, done: threading.Event) -> Behaviour:
    """Send a byte at a time, always before a plain timeout would end it."""

    def behave(connection: socket.socket, head: bytes) -> None:
        for index in range(len(message)):
            connection.sendall(message[index : index + 1])
            if done.wait(0.02):
                return

    return behave
