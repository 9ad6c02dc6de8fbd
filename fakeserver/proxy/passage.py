"""Passage of one request through a proxy, as its client sees it: the event loop's part.

A body that is small, or a text of bounded size, is taken whole, so that what breaks the documentation is listed in the
reply; any other is passed on as it comes, with a bounded copy.
"""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from docdouble.schemas import Call

from .asgi_messages import Receive, Send, has_body, send_head, send_reply
from .delivery import Delivery, StreamedReply
from .forwarded_fields import Client
from .upstream import UpstreamError

if TYPE_CHECKING:
    from .forwarding import ValidatingProxy

_Result = TypeVar("_Result")

_WATCHED_AFTER = 0.2
"""Seconds after which the client of a call is watched: whether it is still there."""


class ClientGoneError(OSError):
    """The client went away before its request had come whole."""


class Passage:
    """One request on its way to the server and back."""

    def __init__(self, proxy: "ValidatingProxy", call: Call, client: Client, receive: Receive, send: Send) -> None:
        self._call, self._client = call, client
        self._receive, self._send = receive, send
        self._threads = proxy.threads
        self._loop = asyncio.get_running_loop()
        self._delivery = Delivery(proxy, call, client)
        self._watcher: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Forward the request and send what comes back."""
        timer = None
        try:
            rest = await self._request_body() if has_body(self._call.headers, self._client.http_version) else None
            if rest is None:
                timer = self._loop.call_later(_WATCHED_AFTER, self._watch)
            outcome = await self._in_thread(partial(self._delivery.open, rest))
            if isinstance(outcome, StreamedReply):
                await self._pass_on(outcome)
            elif outcome is not None:
                await send_reply(self._send, outcome, self._call.method)
        except ClientGoneError:
            await self._in_thread(self._delivery.abandoned)
        finally:
            if timer:
                timer.cancel()
            if self._watcher:
                self._watcher.cancel()
            self._delivery.close()

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await self._loop.run_in_executor(self._threads, work)

    def _watch(self) -> None:
        """End the call to the server when the client goes away."""
        if self._watcher is None:
            self._watcher = self._loop.create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self._delivery.upstream_call.end()

    async def _request_body(self) -> Iterator[bytes] | None:
        """Take the body whole and return ``None``, or what of it is to be passed on as it comes."""
        chunks: list[bytes] = []
        while True:
            chunk, is_more = await self._next_chunk()
            chunks.append(chunk)
            is_kept = self._delivery.asked.add(chunk)
            if not is_more:
                return None if is_kept else iter(chunks)
            if not is_kept:
                return self._rest(chunks)

    def _rest(self, chunks: list[bytes]) -> Iterator[bytes]:
        """Yield a body chunk by chunk, in the thread that talks to the server."""
        yield from chunks
        is_more = True
        while is_more:
            try:
                chunk, is_more = asyncio.run_coroutine_threadsafe(self._next_chunk(), self._loop).result()
            except ClientGoneError:
                self._delivery.upstream_call.end()
                raise
            if chunk:
                yield chunk
        self._loop.call_soon_threadsafe(self._watch)

    async def _next_chunk(self) -> tuple[bytes, bool]:
        message = await self._receive()
        if message["type"] != "http.request":
            raise ClientGoneError("the client went away")
        return message.get("body", b""), message.get("more_body", False)

    async def _pass_on(self, streamed: StreamedReply) -> None:
        """Send a reply as it comes; raises ``UpstreamError`` where it breaks off, which breaks off ours."""
        self._watch()
        delivery, is_noted, count = self._delivery, False, 0
        chunk = streamed.read
        try:
            await send_head(self._send, streamed.status, streamed.headers)
            while chunk or (chunk := await self._in_thread(streamed.reply.chunk)):
                delivery.answered.add(chunk)
                count += len(chunk)
                if count == streamed.length:  # noted before the client has it all, and asks what was noted
                    is_noted = True
                    await self._in_thread(partial(delivery.passed_on, streamed))
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = b""
            if not is_noted:
                await self._in_thread(partial(delivery.passed_on, streamed))
            await self._send({"type": "http.response.body", "body": b""})
        except (UpstreamError, asyncio.CancelledError):
            if not is_noted:
                await asyncio.shield(self._in_thread(partial(delivery.passed_on, streamed, is_cut=True)))
            if not delivery.upstream_call.is_ended:
                raise
