"""RSGI rim of the fake server: calls of the requests that granian hands over, and responses of replies.

https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md. Bodies are awaited in the event loop, so that
slow clients hold up nobody, and what is answered quickly is answered there, which is faster than by a thread.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Protocol

from docdouble.schemas import Call, Reply

from ..app import FAULT, Arrival, FakeServer
from ..control.departure import HAS_LEFT
from ..http.body_limits import MAX_BODY_BYTES, body_too_large
from ..http.internal_error import internal_error
from ..http.problem import problem
from ..http.wsgi import is_sent_without_body, response_fields
from ..responder import Responder
from .request_heads import RecentRequests, RsgiScope, rsgi_target

_TICK = 1.0
"""Seconds between two looks at the bodies that are being read, less where the deadline is short."""

_SMALL_BODY = 64 * 1024
"""Octets of a body that is read quickly."""

_QUICK_SECONDS = 0.005
"""Processor seconds of an answer for which all others wait, at most."""


class RsgiStream(Protocol):
    """The body of a response that is sent in parts."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a part."""


class RsgiProtocol(Protocol):
    """Protocol object of one request, to read its body and to respond."""

    def __call__(self) -> Awaitable[bytes]:
        """Return the whole body."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return the body in parts."""

    async def client_disconnect(self) -> None:
        """Wait until the client has closed its connection."""

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Respond without a body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Respond with a body."""

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> RsgiStream:
        """Respond with a body in parts."""


class RsgiRim:
    """An RSGI application: a fake server whose requests must come in whole within ``body_seconds``.

    What may take its time is answered by as many ``threads`` as are needed, so many at most.
    """

    def __init__(self, app: FakeServer, body_seconds: float, threads: int) -> None:
        self._app = app
        self._bodies = BodyDeadlines(body_seconds)
        self._quick = QuickCalls(app)
        self._recent = RecentRequests(app)
        self._threads = ThreadPoolExecutor(threads, "docdouble")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look after bodies, in the worker process."""
        self._bodies.watch(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the waits for calls, and the threads."""
        self._app.journal.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: RsgiScope, protocol: RsgiProtocol) -> None:
        """Answer a request."""
        try:
            reply = await self._reply(scope, protocol)
        except Exception as error:  # noqa: BLE001  as of any other call
            reply = internal_error(error, scope.method)
        name, fault = reply.headers[-1] if reply.headers else ("", "")
        if name == FAULT:
            await _fail(reply, fault, scope.method, protocol)
        elif is_sent_without_body(reply, scope.method):
            protocol.response_empty(reply.status, response_fields(reply))
        else:
            protocol.response_bytes(reply.status, response_fields(reply), reply.body)

    async def _reply(self, scope: RsgiScope, protocol: RsgiProtocol) -> Reply:
        began = time.perf_counter()
        head = self._recent.head(scope)
        if isinstance(head, Reply):
            unread = Call(method=scope.method.upper(), target=rsgi_target(scope.path, scope.query_string))
            return self._app.unread(unread, head, began)
        body = await self._bodies.read(protocol, is_counted=not head.has_length) if head.has_body else b""
        if isinstance(body, Reply):
            return self._app.unread(Call(head.headers, b"", head.method, head.target), body, began)
        arrival = self._recent.arrival(head, body)
        if self._quick.includes(arrival):
            return self._quick.answer(arrival, time.perf_counter)
        answer = partial(self._quick.answer, arrival)
        if arrival.destination is not None:
            return await asyncio.get_running_loop().run_in_executor(self._threads, answer)
        return await self._controlled(answer, protocol)

    async def _controlled(self, answer: Callable[[], Reply], protocol: RsgiProtocol) -> Reply:
        """Return the reply of the control API, which may wait for calls as long as its client does."""
        leaving = asyncio.ensure_future(protocol.client_disconnect())
        context = copy_context()
        context.run(HAS_LEFT.set, leaving.done)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, answer)
        finally:
            leaving.cancel()


class BodyDeadlines:
    """Deadlines for the bodies of requests: each is read within some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._reads: dict[asyncio.Task[Any], float] = {}

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Check the bodies that are being read, now and from time to time: a timer for each would cost more."""
        until = time.monotonic() - self._seconds
        for task in [task for task, began in self._reads.items() if began < until]:
            del self._reads[task]
            task.cancel()
        loop.call_later(min(_TICK, self._seconds / 4), self.watch, loop)

    async def read(self, protocol: RsgiProtocol, *, is_counted: bool) -> bytes | Reply:
        """Return a body, or the refusal of one that is too slow or broken or, where ``is_counted``, too large."""
        task = asyncio.current_task()
        assert task
        self._reads[task] = time.monotonic()
        try:
            body = await (_counted(protocol) if is_counted else protocol())
        except asyncio.CancelledError:
            if task in self._reads:
                raise
            task.uncancel()
            detail = f"the body did not come in whole within {self._seconds:g} s"
            return problem(408, detail, ("Connection", "close"))
        except RuntimeError:  # granian's RSGIProtocolClosed and RSGIProtocolError
            return problem(400, "the body ends before its Content-Length, or its chunks can't be read")
        finally:
            self._reads.pop(task, None)
        return body_too_large() if body is None else body


class QuickCalls:
    """Calls that are answered so quickly that all others may wait for it: small ones, from memory.

    Whether an operation answers quickly is known from its last answer: the first one compiles its schemas.
    """

    def __init__(self, app: FakeServer) -> None:
        self._app = app
        self._responder: Responder | None = None
        self._operations: set[str] = set()

    def includes(self, arrival: Arrival) -> bool:
        """Tell whether a call is one of them."""
        operation = arrival.operation
        return (
            operation is not None
            and operation.id in self._operations
            and arrival.responder is self._responder
            and len(arrival.call.body) <= _SMALL_BODY
            and not self._app.may_wait(operation)
        )

    def answer(self, arrival: Arrival, clock: Callable[[], float] = time.thread_time) -> Reply:
        """Return the answer to a call, from any thread, and note how long it took.

        Of a quick call any ``clock`` will do, as one that doesn't ask the kernel: it may count as slow that it waited
        for the processor, and the next one, by a thread, as quick again.
        """
        began = clock()
        reply = self._app.answer(arrival)
        is_quick = clock() - began <= _QUICK_SECONDS
        if arrival.responder is not self._responder:
            self._responder, self._operations = arrival.responder, set()
        if arrival.operation and len(arrival.call.body) <= _SMALL_BODY:
            (self._operations.add if is_quick else self._operations.discard)(arrival.operation.id)
        return reply


async def _counted(protocol: RsgiProtocol) -> bytes | None:
    """Return a body whose length isn't known before, ``None`` for one of too many bytes."""
    parts: list[bytes] = []
    size = 0
    async for part in protocol:
        parts.append(part)
        size += len(part)
        if size > MAX_BODY_BYTES:
            return None
    return b"".join(parts)


async def _fail(reply: Reply, fault: str, method: str, protocol: RsgiProtocol) -> None:
    """Close the connection instead of a response, or after the first half of its body.

    granian (hyper) closes a connection silently over a stream whose ``Content-Length`` contradicts itself. A body of
    less than two bytes can't be halved and stays whole.
    """
    if fault == "drop":
        lengths = [("Content-Length", "1"), ("Content-Length", "2")]
        with suppress(RuntimeError):  # it is closed already
            await protocol.response_stream(200, lengths).send_bytes(b"")
        return
    headers = [*response_fields(reply), ("Connection", "close")]
    if is_sent_without_body(reply, method) or not reply.body:
        protocol.response_empty(reply.status, headers)
    else:
        protocol.response_bytes(reply.status, headers, reply.body[: max(1, len(reply.body) // 2)])
