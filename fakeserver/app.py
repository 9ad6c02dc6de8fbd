"""The fake server: a contract as a WSGI application.

Inside, a ``Call`` becomes a ``Reply``; Werkzeug's request and response stand at the rim only. What the control API
keeps (the journal, prepared answers, faults) outlives the contract, which may be replaced while the server runs.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.message import Headers

from .control import PREFIX, Control
from .cors import with_origin
from .faults import FaultBoard, Strike, apply, cut_short, dropped, wait
from .journal import Journal
from .limits import refuse_environ
from .prepared import PreparedAnswers
from .problem import problem
from .request import MAX_BODY_BYTES
from .responder import DESCRIBED_BY, Responder, Settings, operation_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


FAULT = "Docdouble-Fault"
"""Header that asks the rim to ``drop`` the connection, or to ``truncate`` the body."""

_ASCII = "".join(map(chr, range(0x21, 0x7F)))
"""What stays as it is in a query: only what is no ASCII is encoded here."""


class _Response(WerkzeugResponse):
    default_mimetype = None


class FakeServer:
    """A WSGI application that answers as a contract documents.

    ``faults`` are what goes wrong on purpose, as the control API takes them. ``token`` opens the control API, made up
    where none is given; ``hosts`` are names besides the loopback ones under which that may be called. Raises
    ``ConfigError`` for a locale, a fault or a token that is none.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings | None = None,
        *,
        faults: Iterable[Mapping[str, Any]] = (),
        token: str = "",
        hosts: tuple[str, ...] = (),
    ) -> None:
        self.settings = settings or Settings()
        self.token = token or secrets.token_urlsafe()
        self.journal = Journal(secrets=_api_keys(contract))
        self._responder = Responder(contract, self.settings)
        self._faults = FaultBoard(self.settings.seed)
        for fault in faults:
            self._faults.add(fault, contract)
        self._prepared = PreparedAnswers()
        self._control = Control(self.token, self.journal, self._prepared, self._faults, lambda: self.contract, hosts)

    @property
    def contract(self) -> Contract:
        """What is served at the moment."""
        return self._responder.contract

    def replace(self, contract: Contract) -> None:
        """Serve another contract from the next call on; the journal, prepared answers and faults stay."""
        self._responder = Responder(contract, self.settings)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a WSGI request (PEP 3333)."""
        reply = refuse_environ(environ)
        if reply is None:
            request = WerkzeugRequest(environ)
            try:
                call = _call(request)
            except (ClientDisconnected, OSError):
                reply = problem(400, "the body ends before its Content-Length, or its chunks can't be read")
            else:
                reply = self.handle(call)
        fault = reply.header(FAULT)
        if fault == "drop":
            return dropped(environ, start_response)
        if fault == "truncate":
            return cut_short(reply, environ, start_response)
        return _Response(reply.body, reply.status, list(reply.headers))(environ, start_response)

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call; a connection that is to fail is told by the header ``FAULT``."""
        if f"{unquote(call.path)}/".startswith(PREFIX):
            return self._control.handle(call)
        started = time.perf_counter()
        responder = self._responder
        route = responder.route(call)
        operation = operation_of(call, route) if route else None
        name = operation.id if operation else None
        reply = self._prepared.take(name, call) or responder.respond(call, route)
        strikes = self._faults.take(name) if name else ()
        wait(strikes)
        reply = apply(reply, strikes)
        headers = (*reply.headers, *DESCRIBED_BY, *_connection_faults(strikes))
        reply = with_origin(Reply(headers, reply.body, reply.status), call, self.settings.cors)
        self.journal.record(call, reply, name, (time.perf_counter() - started) * 1000)
        return reply


def _connection_faults(strikes: Iterable[Strike]) -> Headers:
    asked = [word for strike in strikes for word in ("drop", "truncate") if getattr(strike.fault, word)]
    return ((FAULT, min(asked)),) if asked else ()


def _call(request: WerkzeugRequest) -> Call:
    query = quote(request.query_string, safe=_ASCII)
    target = quote(request.path) + (f"?{query}" if query else "")
    return Call(tuple(request.headers.items()), _read(request.stream), request.method, target)


def _read(stream: IO[bytes]) -> bytes:
    """Return what a stream holds, and at most one byte more than is read of any body; a read may come up short."""
    body = bytearray()
    while len(body) <= MAX_BODY_BYTES and (chunk := stream.read(MAX_BODY_BYTES + 1 - len(body))):
        body += chunk
    return bytes(body)


def _api_keys(contract: Contract) -> tuple[str, ...]:
    return tuple(str(one["name"]) for one in contract.security_schemes.values() if "name" in one)
