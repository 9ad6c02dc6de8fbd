"""Responder to the calls of one contract: route, authenticate, read, negotiate, answer, serialise."""

from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from heapq import nlargest
from itertools import takewhile
from urllib.parse import unquote

from docdouble.schemas import Call, ConfigError, Contract, Operation, Reply
from docdouble.schemas.contract.base_paths import base_path, base_paths
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.router import Destination, Route, Router
from docdouble.schemas.http import Headers
from docdouble.schemas.jsonschema.directions import directed, operation_of
from docdouble.schemas.openapi.contract_file import openapi_json

from .answers.answerer import Answer, Answerer
from .behaviours.output_format import output_format
from .http.codecs import Content, codec_of
from .http.documented import FAILURE, representations, response_schema
from .http.negotiate import (
    not_acceptable,
    preferred_media_type,
    representations_by_name,
    shown_schema,
    writable_media_types,
)
from .http.preferences import Preferences, read_preferences
from .http.problem import MEDIA_TYPE as PROBLEM
from .http.problem import problem
from .requests.authentication import refuse
from .requests.cors import is_preflight, preflight
from .requests.patch import PatchConflictError
from .requests.request_reader import Request, RequestReader
from .settings import Settings
from .state.stores.store import Store, StoreError
from .state.worlds import RefusedChangeError, Worlds

CONTRACT_PATH = "/openapi.json"
"""Where the contract is served, unless it documents something else there."""

NOTE = "Docdouble-Note"
"""Header of an answer that tells what of the call was taken though it isn't written as documented."""

_LIKELY = 30
"""Documented paths that an unknown one is compared with letter by letter: to compare with thousands takes 0.2 s."""

BASE_PATH = "Docdouble-Base-Path"
"""Header of an answer that names the documented base path, where the call leaves it out."""

DESCRIBED_BY: Headers = (("Link", f'<{CONTRACT_PATH}>; rel="describedby"; type="application/json"'),)
"""Says of every reply where its contract is (RFC 8288; https://www.w3.org/TR/powder-dr/#assoc-linking)."""


class Responder:
    """Answers calls as one contract documents, and keeps what they change in a ``store``, where there is one.

    Raises ``ConfigError`` for a locale or for an entity that is none.
    """

    def __init__(self, contract: Contract, settings: Settings, store: Store | None) -> None:
        self.contract = contract
        self._settings = settings
        self._router = Router(contract)
        self._directed = directed(contract, settings.read_only)
        self._answerer = Answerer(self._directed, settings, store)
        self._reader = RequestReader(self._directed, self._answerer.sample_requests.body)

    def destination(self, call: Call) -> Destination:
        """Return what a call reaches, below a documented base path or without it."""
        return self._router.destination(call)

    def with_encoded_slashes(self, call: Call) -> Call:
        """Return a call whose path came decoded as it may have been sent."""
        return self._router.with_encoded_slashes(call)

    def left_out(self, destination: Destination) -> Headers:
        """Return the header field that names the documented base path which a call leaves out."""
        if destination.base_path is not None or destination.route is None:
            return ()
        operation = next(iter(destination.route.operations.values())).operation
        path = base_path(self.contract, operation)
        return ((BASE_PATH, path),) if path else ()

    @property
    def worlds(self) -> Worlds | None:
        """The worlds that callers change, ``None`` where nothing is kept."""
        return self._answerer.worlds

    def warm(self) -> None:
        """Compile what all operations are answered from."""
        self._answerer.warm()

    def respond(self, destination: Destination) -> Reply:
        """Return the reply to a call of what stands at its path."""
        call, below, route = destination
        if is_preflight(call):
            return preflight(call, route)
        if route is None:
            path = unquote(call.path)
            return self._document(call) if path == CONTRACT_PATH else self._not_found(path)
        match = route.answering(call.method)
        if match is None:
            return _not_allowed(call, route)
        operation, variables = match
        refused = refuse(operation, call, self.contract, self._settings.callers) if self._settings.auth else None
        return refused or self._answer(operation_of(self._directed, operation), call, variables, below or "")

    def _answer(self, operation: Operation, call: Call, variables: dict[str, str], below: str) -> Reply:
        try:
            preferences = read_preferences(call)
        except ValueError as error:
            return problem(400, f"a preference that can't be read: {error}")
        choice = self._answerer.plans.choice(operation, preferences.code)
        if choice.response is None and preferences.code is not None:
            documented = [response.status for response in operation.responses]
            return problem(400, _not_documented(operation, preferences.code), documented=documented)
        request = self._reader.read(operation, call, variables)
        if isinstance(request, Reply):
            return request
        override = output_format(str(request.asked.get(BehaviourName.FORMAT_OVERRIDE, "")))
        media_type = preferred_media_type(call.header("Accept"), choice.offered, override)
        if choice.documented and media_type is None:
            if choice.status < FAILURE or not choice.offered:
                evidence = choice.response.evidence if choice.response else None
                return not_acceptable(call, choice.documented, self._directed, evidence, override)
            media_type = choice.offered[0]
        return self._reply(request, media_type or "application/json", preferences, below)

    def _reply(self, request: Request, media_type: str, preferences: Preferences, below: str) -> Reply:
        host = request.call.header("Host")
        base_url = f"{self._settings.scheme}://{host}{below}" if host else below
        applied: Headers = (("Preference-Applied", preferences.applied),) if preferences.applied else ()
        applied += tuple((NOTE, note) for note in request.notes)
        try:
            answer = self._answerer.answer(request, media_type, preferences, base_url)
        except PatchConflictError as conflict:
            documentation = _failure(request.operation, 409)
            return problem(409, str(conflict), pointer=conflict.pointer, documentation=documentation)
        except ConfigError as error:
            return problem(400, str(error), documented=list(error.valid) or None)
        except RefusedChangeError as error:
            return problem(507, str(error))
        except StoreError as error:
            return problem(503, str(error))
        if below:
            answer = replace(answer, headers=tuple(_located_below(field, below) for field in answer.headers))
        if answer.schema is None:
            return self._bodiless(request, answer, applied)
        codec = codec_of(media_type)
        body = (
            codec.encode(answer.body, Content(answer.schema, self._directed))
            if answer.text is None
            else answer.text.encode()
        )
        content_type = ("Content-Type", media_type + codec.parameters)
        return Reply((content_type, *answer.headers, *applied), body, answer.status)

    def _bodiless(self, request: Request, answer: Answer, applied: Headers) -> Reply:
        operation, headers = request.operation, (*answer.headers, *applied)
        if answer.status < 400:
            return Reply(headers, status=answer.status)
        if documented := self._documented_failure(request, answer.status, headers):
            return documented
        response = operation.response(answer.status)
        detail = answer.detail or (response.description if response else "") or "as documented"
        return problem(answer.status, detail, *headers, documentation=_failure(operation, answer.status))

    def _documented_failure(self, request: Request, status: int, headers: Headers) -> Reply | None:
        """Return a failure with the body that is documented for just its status, ``None`` where none is."""
        response = next((item for item in request.operation.responses if item.status == str(status)), None)
        media_types = representations(response, status)
        if response_schema(response) is None or any(item.name == PROBLEM for item in media_types):
            return None
        offered = writable_media_types(media_types, self._directed)
        media_type = preferred_media_type(request.call.header("Accept"), offered)
        if media_type is None:
            return None
        documented = representations_by_name(media_types, self._directed)[media_type]
        schema = shown_schema(documented, media_types) or {}
        codec = codec_of(media_type)
        body = codec.encode(self._answerer.sampler.sample(schema, 0), Content(schema, self._directed))
        return Reply((("Content-Type", media_type + codec.parameters), *headers), body, status)

    @cached_property
    def _contract_document(self) -> bytes:
        return openapi_json(self.contract, tuple(path or "/" for path in base_paths(self.contract.servers)))

    def _document(self, call: Call) -> Reply:
        if call.method not in ("GET", "HEAD"):
            return problem(405, f"{call.method} is not for the contract", ("Allow", "GET, HEAD"))
        return Reply((("Content-Type", "application/json"),), self._contract_document)

    def _not_found(self, path: str) -> Reply:
        known = {address.lower(): address for address in self._addresses}
        likely = nlargest(_LIKELY, known, key=lambda path_known: _shared(path.lower(), path_known))
        near = [known[path_known] for path_known in get_close_matches(path.lower(), likely, n=3, cutoff=0.4)]
        return problem(404, f"no documented path is {path}", nearest=near or None)

    @cached_property
    def _addresses(self) -> list[str]:
        """The documented paths below their base paths."""
        contract = self.contract
        if not any(base_paths(contract.servers)):
            return [operation.path for operation in contract.operations]  # asks for nothing that isn't read yet
        return [base_path(contract, operation) + operation.path for operation in contract.operations]


def _located_below(field: tuple[str, str], below: str) -> tuple[str, str]:
    """Return a header field in which the path of what was created begins with the base path of the call."""
    name, value = field
    return (name, below + value) if name == "Location" and value.startswith("/") else field


def _shared(path: str, other_path: str) -> int:
    """Return how many letters two paths have in common at their start and at their end."""
    return _prefix(path, other_path) + _prefix(path[::-1], other_path[::-1])


def _prefix(text: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def _not_allowed(call: Call, route: Route) -> Reply:
    if call.method == "OPTIONS":
        return Reply(headers=(("Allow", route.allow),), status=204)
    lines = [str(operation.evidence) for operation, _ in route.operations.values() if operation.evidence]
    detail = f"{call.method} is not documented here; {route.allow} are"
    return problem(405, detail, ("Allow", route.allow), documentation=lines[0] if lines else None)


def _not_documented(operation: Operation, code: int) -> str:
    """Say that a status that is preferred isn't documented, and how it is to be had all the same."""
    fault = f"docdouble serve --fault operation={operation.id},status={code}"
    how = f"{fault} sends it, and so does a prepared answer" if code >= 200 else "no call ends with an interim status"
    return f"{code} is not documented here; {how}"


def _failure(operation: Operation, status: int) -> str | None:
    response = operation.response(status)
    evidence = (response.evidence if response else None) or operation.evidence
    return str(evidence) if evidence else None
