"""The fake server: a contract as a WSGI application.

Inside, a ``Call`` becomes a ``Reply``: route, authenticate, negotiate, validate, answer, serialise. Werkzeug's
request and response stand at the rim only.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, unquote

import orjson
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from docdouble.schemas import Call, Contract, Operation, Reply

from .answer import Answerer, representations
from .cors import is_preflight, preflight, with_origin
from .negotiate import choose, not_acceptable, spoken
from .problem import problem
from .request import MAX_BODY_BYTES, RequestReader
from .routes import Route, Router
from .security import refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


_ASCII = "".join(map(chr, range(0x21, 0x7F)))
"""What stays as it is in a query: only what is no ASCII is encoded here."""


class _Response(WerkzeugResponse):
    default_mimetype = None


class FakeServer:
    """A WSGI application that answers as a contract documents.

    ``seed`` and ``locale`` (one of Faker's, such as ``en_US``) choose the data; raises ``ConfigError`` for a
    locale that is none.
    """

    def __init__(self, contract: Contract, *, seed: int = 0, locale: str = "en_US") -> None:
        self.contract = contract
        self._router = Router(contract)
        self._answerer = Answerer(contract, seed, locale)
        self._reader = RequestReader(contract, self._answerer.sample_request)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a WSGI request (PEP 3333)."""
        request = WerkzeugRequest(environ)
        query = quote(request.query_string, safe=_ASCII)
        try:
            body = _read(request.stream)
        except ClientDisconnected:
            reply = problem(400, "the body ends before its Content-Length")
        else:
            target = quote(request.path) + (f"?{query}" if query else "")
            reply = self.handle(Call(tuple(request.headers.items()), body, request.method, target))
        response = _Response(reply.body, reply.status, list(reply.headers))
        return response(environ, start_response)

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call."""
        path = unquote(call.path)
        route = self._router.find(path)
        if route is None:
            return with_origin(self._not_found(path), call)
        if is_preflight(call):
            return with_origin(preflight(call, route), call)
        return with_origin(self._handle(call, route), call)

    def _handle(self, call: Call, route: Route) -> Reply:
        method = "GET" if call.method == "HEAD" and "HEAD" not in route.operations else call.method
        if method not in route.operations:
            if method == "OPTIONS":
                return Reply(headers=(("Allow", route.allow),), status=204)
            detail = f"{call.method} is not documented here; {route.allow} are"
            return problem(405, detail, ("Allow", route.allow))
        operation, variables = route.operations[method]
        return refuse(operation, call, self.contract) or self._answer(operation, call, variables)

    def _answer(self, operation: Operation, call: Call, variables: dict[str, str]) -> Reply:
        media_types = representations(operation)
        media_type = choose(call.header("Accept"), spoken(media_types))
        if media_types and media_type is None:
            return not_acceptable(call, media_types)
        request = self._reader.read(operation, call, variables)
        if isinstance(request, Reply):
            return request
        answer = self._answerer.answer(request)
        if not answer.has_body:
            return Reply(status=answer.status)
        content_type = ("Content-Type", f"{media_type}; charset=utf-8")
        return Reply(headers=(content_type,), body=orjson.dumps(answer.body), status=answer.status)

    def _not_found(self, path: str) -> Reply:
        known = {operation.path.lower(): operation.path for operation in self.contract.operations}
        near = [known[one] for one in get_close_matches(path.lower(), known, n=3, cutoff=0.4)]
        return problem(404, f"no documented path is {path}", nearest=near or None)


def _read(stream: IO[bytes]) -> bytes:
    """Return what a stream holds, and at most one byte more than is read of any body; a read may come up short."""
    body = bytearray()
    while len(body) <= MAX_BODY_BYTES and (chunk := stream.read(MAX_BODY_BYTES + 1 - len(body))):
        body += chunk
    return bytes(body)
