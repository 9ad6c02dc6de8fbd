"""The fake server: a contract as a WSGI application.

Inside, a ``Call`` becomes a ``Reply``: route, authenticate, negotiate, validate, answer, serialise. Werkzeug's
request and response stand at the rim only.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import orjson
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from docdouble.schemas import Call, Contract, Operation, Reply

from .answer import Answerer
from .cors import is_preflight, preflight, with_origin
from .negotiate import choose, not_acceptable, spoken
from .problem import problem
from .request import MAX_BODY_BYTES, RequestReader
from .routes import Route, Router
from .security import refuse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


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
        query = request.query_string.decode("latin-1")
        call = Call(
            headers=tuple(request.headers.items()),
            body=request.stream.read(MAX_BODY_BYTES + 1),
            method=request.method,
            target=quote(request.path) + (f"?{query}" if query else ""),
        )
        reply = self.handle(call)
        response = WerkzeugResponse(reply.body, reply.status, list(reply.headers))
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
        response = operation.success()
        media_types = response.media_types if response else ()
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
        known = [operation.path for operation in self.contract.operations]
        near = get_close_matches(path, known, n=3, cutoff=0.4)
        return problem(404, f"no documented path is {path}", nearest=near or None)
