"""Passage of one request through a proxy, as its client sees it.

A body that is small, or a text of bounded size, is taken whole, so that what breaks the documentation is listed in the
reply; any other is passed on as it comes, with a bounded copy.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from docdouble.schemas import Call

from .asgi_messages import Receive, Send, has_body, send_head, send_reply
from .delivery import Delivery, StreamedReply
from .forwarded_fields import Client
from .upstream import UpstreamError

if TYPE_CHECKING:
    from .forwarding import ValidatingProxy

_WATCHED_AFTER = 0.2
"""Seconds after which the client of a call is watched: whether it is still there."""


class ClientGoneError(OSError):
    """Client that went away before its request was received whole."""


class Passage:
    """One request on its way to the server and back."""

    def __init__(self, proxy: "ValidatingProxy", call: Call, client: Client, receive: Receive, send: Send) -> None:
        self._call, self._client = call, client
        self._receive, self._send = receive, send
        self._delivery = Delivery(proxy, call, client)
        self.task = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self._is_read = False
        self._is_ended = False

    async def run(self) -> None:
        """Forward the request and send what comes back."""
        timer = None
        try:
            rest = None
            if has_body(self._call.headers, self._client.http_version):
                rest = await self._request_body()
            self._is_read = rest is None
            if self._is_read:
                timer = asyncio.get_running_loop().call_later(_WATCHED_AFTER, self._watch)
            outcome = await self._delivery.open(rest)
            if isinstance(outcome, StreamedReply):
                await self._pass_on(outcome)
            else:
                await send_reply(self._send, outcome, self._call.method)
        except ClientGoneError:
            self._delivery.abandoned()
        except asyncio.CancelledError:
            if not self._is_ended:
                raise
            if not self._delivery.is_settled:
                self._delivery.abandoned()
        finally:
            if timer:
                timer.cancel()
            if self._watcher:
                self._watcher.cancel()
            self._delivery.close()

    def end(self) -> None:
        """End the call to the server; what was answered of it meanwhile is judged."""
        if self.task and not self._is_ended and not self._delivery.is_settled:
            self._is_ended = True
            self.task.cancel()

    def _watch(self) -> None:
        """End the call to the server when the client goes away; while its body is read, that is known without."""
        if self._is_read and self._watcher is None:
            self._watcher = asyncio.get_running_loop().create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self.end()

    async def _request_body(self) -> AsyncIterator[bytes] | None:
        """Take the body whole and return ``None``, or what of it is to be passed on as it comes."""
        chunks: list[bytes] = []
        while True:
            chunk, is_more = await self._next_chunk()
            chunks.append(chunk)
            is_kept = self._delivery.asked.add(chunk)
            if not is_kept or not is_more:
                return None if is_kept else self._rest(chunks, is_more=is_more)

    async def _rest(self, chunks: list[bytes], *, is_more: bool) -> AsyncIterator[bytes]:
        """Yield a body chunk by chunk."""
        for chunk in chunks:
            yield chunk
        while is_more:
            try:
                chunk, is_more = await self._next_chunk()
            except ClientGoneError:
                self.end()
                raise
            if chunk:
                yield chunk
        self._is_read = True
        self._watch()

    async def _next_chunk(self) -> tuple[bytes, bool]:
        message = await self._receive()
        if message["type"] != "http.request":
            raise ClientGoneError("the client went away")
        return message.get("body", b""), message.get("more_body", False)

    async def _pass_on(self, streamed: StreamedReply) -> None:
        """Send a reply as it comes; raises ``UpstreamError`` where it breaks off, which breaks off ours."""
        self._watch()
        delivery, count, chunk = self._delivery, 0, streamed.read
        try:
            await send_head(self._send, streamed.status, streamed.headers)
            while chunk or (chunk := await streamed.reply.chunk()):
                delivery.answered.add(chunk)
                count += len(chunk)
                if count == streamed.length:  # noted before the client has it all, and asks what was noted
                    await delivery.passed_on(streamed)
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = b""
            if not delivery.is_settled:
                await delivery.passed_on(streamed)
            await self._send({"type": "http.response.body", "body": b""})
        except (UpstreamError, asyncio.CancelledError):
            if not delivery.is_settled:
                await delivery.passed_on(streamed, "cut off" if self._is_ended else "the server broke off")
            raise
        finally:
            streamed.reply.close()
