"""ASGI application that stands before a real server: forwards each request, and has both sides judged."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from secrets import token_hex
from typing import Literal, TypeVar
from urllib.parse import unquote

from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.contract.router import Router

from ..app import FakeServer, Observer
from ..console.routes import WebConsole
from ..console.served import Documentation, Served
from ..control.admission import PREFIX
from ..control.api import Control, KeepsUse
from ..control.controls import new_controls
from ..control.logged_request import LoggedRequest, RequestLog
from ..http.body_limits import MAX_BODY_BYTES
from ..http.internal_error import always_answered
from ..http.masking import secret_names
from ..http.problem import problem
from ..responder import Responder
from ..settings import Settings
from .asgi_messages import Receive, Scope, Send, call_from_scope, client_from_scope, read_body, send_reply
from .body_copies import CopyRoom
from .judging import Enforcement, TrafficJudge
from .passage import Passage
from .upstream import Upstream

_THREADS = 256
"""Threads for what may take long: each page of the console that waits for calls holds one."""

_ENDING = 4.0
"""Seconds in which what was on its way when the proxy ends has to be judged."""

_AT_ONCE_BYTES = 65536
"""Bodies up to which an exchange is judged in the event loop: a thread takes longer than that."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class ProxyOptions:
    """Options of a proxy: what it does besides forwarding.

    ``enforce`` names the side of which only what is documented passes. With ``keeps_host`` the server gets the client's
    ``Host``. ``rewrite`` may hold ``redirects`` and ``cookies``, which then lead here. ``token`` opens the control API;
    ``hosts`` are names besides the loopback ones under which that may be called.
    """

    enforce: Enforcement | None = None
    keeps_host: bool = False
    rewrite: frozenset[str] = frozenset()
    token: str = field(default="", repr=False)
    hosts: tuple[str, ...] = ()

    def enforces(self, side: Literal["request", "response"]) -> bool:
        """Tell whether only what is documented passes on a side."""
        return self.enforce in (side, "both")


class ValidatingProxy:
    """An ASGI application before ``upstream``, whose traffic ``judge`` judges by a contract.

    A ``fake`` answers what the server doesn't have. ``log`` and ``observer`` are those of ``FakeServer``.
    """

    def __init__(
        self,
        contract: Contract,
        upstream: Upstream,
        judge: TrafficJudge,
        options: ProxyOptions,
        fake: FakeServer | None = None,
    ) -> None:
        self.contract = contract
        self.upstream = upstream
        self.judge = judge
        self.options = options
        self.fake = fake
        self.log: RequestLog | None = None
        self.documentation: Documentation | None = None
        self.observer: Observer | None = None
        self.controls = new_controls(0, secret_names(contract))
        self.journal = self.controls.journal
        self.room = CopyRoom()
        self.router = Router(contract)
        self.pseudonym = f"docdouble-{token_hex(4)}"
        self.known_to_server: set[str] = set()
        self._passages: set[Passage] = set()
        self._threads = ThreadPoolExecutor(_THREADS, "docdouble")
        self._working = 0
        control = Control(
            options.token,
            self.controls,
            lambda: self.contract,
            options.hosts,
            lambda: self.fake.worlds if self.fake else None,
            lambda: self.observer if isinstance(self.observer, KeepsUse) else None,
            lambda: self.fake.table if self.fake else None,
        )
        self._console = WebConsole(control, lambda: Served(self._responder, control, self.documentation, is_proxy=True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        if scope["type"] != "http":
            return
        call, client = call_from_scope(scope), client_from_scope(scope)
        if f"{unquote(call.path)}/".startswith(PREFIX):
            await self._controlled(call, receive, send)
        elif refused := self._refused(call):
            if self.log:
                self.log(LoggedRequest(time.time(), call, refused, None, 0.0, "not forwarded"))
            await send_reply(send, refused, call.method)
        else:
            passage = Passage(self, call, client, receive, send)
            self._passages.add(passage)
            try:
                await passage.run()
            finally:
                self._passages.discard(passage)

    @cached_property
    def _responder(self) -> Responder:
        """Responder of the console, for requests to start from."""
        return Responder(self.contract, Settings(state="off"), None)

    async def in_thread(self, work: Callable[[], _Result]) -> _Result:
        """Return what a function returns that may take long."""
        self._working += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._working -= 1

    async def judged(self, judge: Callable[[], _Result], size: int) -> _Result:
        """Judge bodies of so many bytes; in a thread where it takes long, or waits for one that does."""
        if size <= _AT_ONCE_BYTES and not self._working:
            return judge()
        return await self.in_thread(judge)

    def end_calls(self) -> None:
        """End what is on its way, which is judged as far as it was received, and what waits for calls."""
        self.controls.close()
        for passage in self._passages:
            passage.end()

    async def close(self) -> None:
        """Release the threads and the connections, once what was on its way is judged."""
        if ending := [passage.task for passage in self._passages if passage.task]:
            await asyncio.wait(ending, timeout=_ENDING)
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self.upstream.close()

    def upstream_target(self, call: Call) -> str:
        """Return what a call asks the server for: as it was received, below the path of the base URL.

        A documented base path makes room for that of the URL: a client of the fake needs no other address.
        """
        path = self.upstream.url.path.rstrip("/")
        if not path or f"{call.path}/".startswith(f"{path}/"):
            return call.target
        destination = self.router.destination(call)
        return path + (destination.call.target if destination.base_path else call.target)

    async def _controlled(self, call: Call, receive: Receive, send: Send) -> None:
        body = await read_body(receive, MAX_BODY_BYTES)
        if body is None:
            await send_reply(send, problem(413, f"at most {MAX_BODY_BYTES} bytes are read"), call.method)
            return
        whole = Call(call.headers, body, call.method, call.target)
        handle = partial(always_answered, partial(self._console.handle, whole), call.method)
        reply = await asyncio.get_running_loop().run_in_executor(self._threads, handle)
        await send_reply(send, reply, call.method)

    def _refused(self, call: Call) -> Reply | None:
        """Return the refusal of what no gateway forwards."""
        if "websocket" in (call.header("Upgrade") or "").lower():
            detail = f"WebSockets are not forwarded: connect to {self.upstream.url.netloc} itself"
            return problem(501, detail)
        if not call.target.startswith("/") or call.method == "CONNECT":
            asked = f"{call.method} {call.target}".strip()
            return problem(501, f"{asked} is for a proxy that clients choose, which this is not")
        if self.pseudonym in (call.header("Via") or ""):
            return problem(508, f"the call has come round: {self.upstream.url.netloc} leads back here")
        if call.method in ("OPTIONS", "TRACE") and (call.header("Max-Forwards") or "").strip() == "0":
            return Reply(status=204)  # RFC 9110, section 7.6.2
        return None
