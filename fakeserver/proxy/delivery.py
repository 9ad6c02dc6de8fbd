"""Delivery of one request to the real server, and of its reply, with both judged."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from docdouble.schemas import Call, Reply
from docdouble.schemas.contract.media_types import is_sequence
from docdouble.schemas.http import Headers, is_json, media_type
from docdouble.schemas.sources.har_entries import WIRE_ONLY

from ..control.answer_reasons import PREPARED, SERVER
from ..control.call_log import KeptBody
from ..control.faults import FaultHit, apply, in_words, latency
from ..control.logged_request import LoggedRequest
from ..http.problem import problem
from ..http.refusal import VIOLATIONS, Member, violations_field
from .asgi_messages import is_bodiless
from .body_copies import MAX_COPY_BYTES, BodyCopy
from .forwarded_fields import (
    Client,
    cookie_of_ours,
    redirect_to_us,
    reply_fields_forwarded,
    request_fields_forwarded,
)
from .judging import JudgedRequest, ProxiedExchange
from .upstream import UpstreamError, UpstreamReply

if TYPE_CHECKING:
    from .forwarding import ValidatingProxy

ANSWERED_BY = "Docdouble-Answered-By"
"""Header of a reply that the fake gave in place of the server."""

CLIENT_GONE = 499
"""Status under which a call is noted whose client went away before it was answered."""

_SMALL_BYTES = 65536
"""Bytes up to which a reply of any media type is taken whole."""

_TEXTS = ("text/", "application/xml", "application/x-www-form-urlencoded", "application/problem+xml")
_NO_REPLY = 0
"""Status of a recorded call that got no reply."""

_UNPROCESSABLE = 422
_MISSING = (404, 405, 501)
"""Statuses of a server that doesn't have an operation."""

_NOT_JUDGED = JudgedRequest()
_TOO_LARGE = KeptBody(note=f"not kept: more than {MAX_COPY_BYTES} bytes, or cut off")


@dataclass(frozen=True, slots=True)
class StreamedReply:
    """A reply that is passed on as it comes, behind what was ``read`` of it; ``headers`` are those for the client."""

    reply: UpstreamReply
    headers: Headers
    read: bytes = b""

    @property
    def status(self) -> int:
        """The status of the server."""
        return self.reply.status

    @property
    def length(self) -> int | None:
        """The number of its bytes, ``None`` where that isn't known."""
        return stated_length(self.reply.headers)


class Delivery:
    """One request, what was asked for and answered of it, and what is known of both.

    Once it ``is_settled``, its result is kept, whether or not the client is still there.
    """

    def __init__(self, proxy: "ValidatingProxy", call: Call, client: Client) -> None:
        self._proxy = proxy
        self._head = call
        self._client = client
        self._target = proxy.upstream_target(call)
        self._began, self._moment = time.perf_counter(), time.time()
        self._judged = _NOT_JUDGED
        self._hits: tuple[FaultHit, ...] = ()
        self.asked, self.answered = BodyCopy(proxy.room), BodyCopy(proxy.room)
        self.is_settled = False
        self._is_judged = False
        self._note = ""

    async def open(self, rest: AsyncIterator[bytes] | None) -> Reply | StreamedReply:
        """Send the request, of whose body ``rest`` is not known yet, and return what comes back."""
        judge = partial(self._proxy.judge.request, self._upstream_side(), is_whole=self.asked.is_whole)
        judged = self._judged = await self._proxy.judged(judge, self.asked.size)
        if judged.refusal and self._proxy.options.enforces("request"):
            status = 400 if judged.refusal.status == _UNPROCESSABLE else judged.refusal.status
            return self._ours(judged.refusal.problem(status), "refused")
        operation = judged.operation.id if judged.operation else None
        if prepared := self._proxy.controls.prepared.take(operation, self._client_side()):
            return self._ours(prepared, PREPARED)
        if judged.operation:
            self._hits = self._proxy.controls.faults.take(judged.operation.id, self._client_side())
            if seconds := latency(self._hits):
                await asyncio.sleep(seconds)
        try:
            reply = await self._send(rest)
        except UpstreamError as error:
            return await self._unanswered(error, rest)
        try:
            if self._is_missing(reply.status) and (faked := await self._faked(rest, str(reply.status))):
                reply.close()
                return faked
            return await self._received(reply)
        except BaseException:
            reply.close()
            raise

    async def passed_on(self, streamed: StreamedReply, note: str = "") -> None:
        """Judge and note a reply that was passed on; a ``note`` says why it didn't come to its end."""
        reply = Reply(streamed.reply.headers, self.answered.body, streamed.status)
        is_whole = self.answered.is_whole and not note
        if note and is_sequence(reply.media_type):
            reply = replace(reply, body=reply.body[: reply.body.rfind(b"\n") + 1])
            is_whole = self.answered.is_whole
        violations, _ = await self._of_reply(reply, is_whole=is_whole)
        self._noted(reply, violations, note, is_whole=is_whole)

    def abandoned(self) -> None:
        """Note a request whose client went away."""
        self._noted(Reply(status=CLIENT_GONE), (), "client gone")

    def close(self) -> None:
        """Release the bodies, and let the judge know that the call is over."""
        self.asked.close()
        self.answered.close()
        if self._judged is not _NOT_JUDGED:
            self._proxy.judge.ended(self._judged, "" if self._is_judged else self._note)

    def _client_side(self) -> Call:
        body = self.asked.body
        return replace(self._head, body=body) if body else self._head

    def _upstream_side(self) -> Call:
        body, head = self.asked.body, self._head
        return replace(head, body=body, target=self._target) if body or self._target != head.target else head

    async def _send(self, rest: AsyncIterator[bytes] | None) -> UpstreamReply:
        head, options = self._head, self._proxy.options
        if any(hit.fault.violate for hit in self._hits):
            head = head.with_headers(drop=("Accept-Encoding",))  # the body has to be read
        fields = request_fields_forwarded(
            head.headers, self._client, self._proxy.pseudonym, keeps_host=options.keeps_host
        )
        if rest is None:
            body: bytes | AsyncIterator[bytes] | None = self.asked.body or None
        else:
            body = rest
            if (length := head.header("Content-Length")) and head.header("Transfer-Encoding") is None:
                fields = (*fields, ("Content-Length", length))
        return await self._proxy.upstream.send(head.method, self._target, fields, body)

    async def _unanswered(self, error: UpstreamError, rest: AsyncIterator[bytes] | None) -> Reply:
        """Return what a client gets that the server didn't answer."""
        await self._of_reply(Reply(status=_NO_REPLY), is_whole=True)
        if not error.was_reached and (faked := await self._faked(rest, "unreachable")):
            return faked
        server = f"{self._proxy.upstream.url.scheme}://{self._proxy.upstream.url.netloc}"
        return self._ours(problem(error.status, f"{server} gave no reply: {error}"), str(error))

    def _is_missing(self, status: int) -> bool:
        """Tell whether the server lacks the operation: once it has answered otherwise, a 404 is its own."""
        operation = self._judged.operation
        if operation is None:
            return False
        if status not in _MISSING:
            self._proxy.known_to_server.add(operation.id)
        return status in _MISSING and operation.id not in self._proxy.known_to_server

    async def _faked(self, rest: AsyncIterator[bytes] | None, why: str) -> Reply | None:
        """Return the answer of the fake in place of the server, ``None`` where there is none or the body is gone."""
        if self._proxy.fake is None or rest is not None or self._judged.operation is None:
            return None
        reply = await self._proxy.in_thread(partial(self._proxy.fake.handle, self._client_side()))
        return self._ours(replace(reply, headers=(*reply.headers, (ANSWERED_BY, "fake"))), f"fake: {why}")

    def _ours(self, reply: Reply, note: str) -> Reply:
        """Note and return a reply that isn't the server's."""
        return self._noted(reply, self._judged.violations, note)

    async def _received(self, reply: UpstreamReply) -> Reply | StreamedReply:
        """Return a reply whole, and judged, or as it comes."""
        read: list[bytes] = []
        if _is_taken_whole(reply, self._head.method):
            try:
                while not is_bodiless(self._head.method, reply.status) and (chunk := await reply.chunk()):
                    read.append(chunk)
                    if not self.answered.add(chunk):
                        break
            except UpstreamError as error:
                reply.close()
                return self._ours(problem(502, f"the reply broke off: {error}"), "the reply broke off")
            if self.answered.is_whole:
                reply.close()
                return await self._judged_whole(Reply(reply.headers, self.answered.body, reply.status))
        begun = _with_violations(Reply(self._fields(reply.headers)), self._judged.violations)
        return StreamedReply(reply, begun.headers, b"".join(read))

    async def _judged_whole(self, reply: Reply) -> Reply:
        violations, failures = await self._of_reply(reply, is_whole=True)
        if failures and self._proxy.options.enforces("response"):
            refused = problem(502, "the server's reply breaks the documentation", violations=list(failures))
            return self._noted(refused, violations, f"refused: {reply.status} of the server")
        forwarded = replace(reply, headers=self._fields(reply.headers))
        if self._hits:
            forwarded = _faulty(forwarded, self._hits)
        return self._noted(forwarded, violations, in_words(self._hits))

    async def _of_reply(self, reply: Reply, *, is_whole: bool) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
        """Return what breaks the documentation on both sides, and for what of the reply it may not pass."""
        seconds = time.perf_counter() - self._began
        exchange = ProxiedExchange(
            self._judged,
            self._upstream_side(),
            reply,
            self._moment,
            seconds,
            call_is_whole=self.asked.is_whole,
            reply_is_whole=is_whole,
        )
        self.is_settled = self._is_judged = True
        judge = partial(self._proxy.judge.reply, exchange)
        judged = await self._proxy.judged(judge, self.asked.size + self.answered.size)
        return (*self._judged.violations, *judged.violations), judged.failures

    def _fields(self, headers: Headers) -> Headers:
        """Return the header fields of the server's reply for the client."""
        rewrite, url = self._proxy.options.rewrite, self._proxy.upstream.url
        fields = []
        for name, value in reply_fields_forwarded(headers, self._proxy.pseudonym):
            low = name.lower()
            if low == VIOLATIONS.lower():
                continue  # of a fake behind us
            if low in ("location", "content-location") and "redirects" in rewrite:
                value = redirect_to_us(value, url, self._client)
            elif low == "set-cookie" and "cookies" in rewrite:
                value = cookie_of_ours(value, self._client)
            fields.append((name, value))
        return tuple(fields)

    def _journal_note(self, note: str) -> str:
        """Return a note that says, too, where the server answered."""
        is_of_server = note in ("", in_words(self._hits))
        return ", ".join(filter(None, (note, SERVER if is_of_server else "")))

    def _noted(self, reply: Reply, violations: tuple[Member, ...], note: str, *, is_whole: bool = True) -> Reply:
        """Put the exchange into the journal, the log and the use, and return the reply with its violations."""
        self.is_settled, self._note = True, note
        proxy, operation = self._proxy, self._judged.operation
        name = operation.id if operation else None
        reply = _with_violations(reply, violations)
        call, milliseconds = self._client_side(), (time.perf_counter() - self._began) * 1000
        asked = None if self.asked.is_whole else _TOO_LARGE
        answered = None if is_whole else _TOO_LARGE
        proxy.journal.record(call, reply, name, milliseconds, asked, answered, note=self._journal_note(note))
        if proxy.observer and operation and self._judged.call:
            proxy.observer(operation, self._judged.call, reply)
        if proxy.log:
            proxy.log(LoggedRequest(time.time(), call, reply, name, milliseconds, note))
        return reply


def stated_length(headers: Headers) -> int | None:
    """Return the ``Content-Length``, ``None`` where there is none that can be read."""
    text = next((value for name, value in headers if name.lower() == "content-length"), "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _with_violations(reply: Reply, violations: tuple[Member, ...]) -> Reply:
    if not violations or reply.header(VIOLATIONS) is not None:
        return reply
    headers = (*reply.headers, violations_field(violations))
    if reply.header("Access-Control-Allow-Origin"):
        headers = (*headers, ("Access-Control-Expose-Headers", VIOLATIONS))  # pages shall read it, too
    return replace(reply, headers=headers)


def _faulty(reply: Reply, hits: tuple[FaultHit, ...]) -> Reply:
    """Return a reply of the server as faults want it: a body of ours has another length, and is not encoded."""
    faulty = apply(reply, hits)
    if faulty.body == reply.body:
        return faulty
    return replace(faulty, headers=tuple(pair for pair in faulty.headers if pair[0].lower() not in WIRE_ONLY))


def _is_taken_whole(reply: UpstreamReply, method: str) -> bool:
    """Tell whether a reply is read before it is passed on: a text that isn't a stream, and what is small."""
    if is_bodiless(method, reply.status):
        return True
    kind = media_type(next((value for name, value in reply.headers if name.lower() == "content-type"), ""))
    size = stated_length(reply.headers)
    if is_sequence(kind) or kind == "multipart/x-mixed-replace":
        return False
    is_text = is_json(kind) or kind.startswith(_TEXTS) or kind.endswith("+xml")
    most = MAX_COPY_BYTES if is_text else _SMALL_BYTES
    return size <= most if size is not None else is_text
