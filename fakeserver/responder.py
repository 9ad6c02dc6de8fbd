"""Responder to the calls of one contract: route, authenticate, read, negotiate, answer, serialise."""

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

from .answers.answer_plan import AnswerChoice
from .answers.answerer import Answer, Answerer
from .answers.documented_refusals import DocumentedRefusals
from .answers.redirects import REDIRECTS, Redirects
from .answers.sample_requests import SampleRequests
from .behaviours.output_format import output_format
from .http.byte_ranges import documents_parts, requested_part
from .http.codecs import codec_of
from .http.documented import FAILURE
from .http.masking import Masking, secret_names
from .http.negotiate import not_acceptable, preferred_media_type, streamed_media_types, with_named_in_ranges
from .http.preferences import Preferences, read_preferences
from .http.problem import problem
from .http.refusal import NOTE, Refusal, violations_field
from .http.shown_images import with_shown_images
from .requests.authentication import refuse
from .requests.cors import is_preflight, preflight
from .requests.patch import PatchConflictError
from .requests.request_reader import Request, RequestReader
from .sampler.data.images import IMAGES
from .sampler.no_value import NoValueError
from .settings import Settings
from .state.entity_table import EntityTable
from .state.stores.store import Store, StoreError
from .state.worlds import RefusedChangeError, Worlds

CONTRACT_PATH = "/openapi.json"
"""Path at which the contract is served, unless it documents something else there."""

_LIKELY = 30
"""Documented paths that an unknown one is compared with letter by letter: to compare with thousands takes 0.2 s."""

BASE_PATH = "Docdouble-Base-Path"
"""Header of an answer that names the documented base path, where the call leaves it out."""

DESCRIBED_BY: Headers = (("Link", f'<{CONTRACT_PATH}>; rel="describedby"; type="application/json"'),)
"""Header of every reply that links to its contract (RFC 8288; https://www.w3.org/TR/powder-dr/#assoc-linking)."""


class Responder:
    """Responder to calls as one contract documents, with a ``store`` for what they change, where there is one.

    Raises ``ConfigError`` for a locale or for an entity that is none.
    """

    def __init__(self, contract: Contract, settings: Settings, store: Store | None) -> None:
        self.contract = contract
        self.settings = settings
        self._makes_up_images = not contract.dialect  # of pages the data is what they show
        self._router = Router(contract)
        self._directed = directed(contract, settings.read_only)
        self._answerer = Answerer(self._directed, settings, store, IMAGES)
        self._redirects = Redirects(self._directed, self._router, self._answerer.headers)
        self._masking = Masking(secret_names(contract))
        self._refusals = DocumentedRefusals(self._directed, self._answerer, self._masking)
        self._reader = RequestReader(
            self._directed, self._answerer.sample_requests.body, refuses=settings.validate == "on"
        )

    def destination(self, call: Call) -> Destination:
        """Return the route that a call reaches, below a documented base path or without it."""
        return self._router.destination(call)

    def with_encoded_slashes(self, call: Call) -> Call:
        """Return a call whose path was received decoded as it may have been sent."""
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

    @property
    def sample_requests(self) -> SampleRequests:
        """Parameters and bodies with which operations can be called, as ``directed`` has them."""
        return self._answerer.sample_requests

    @property
    def directed(self) -> Contract:
        """The documented contract, with a schema for requests and one for responses where these differ."""
        return self._directed

    @property
    def table(self) -> EntityTable:
        """The entities as people list and edit them."""
        return self._answerer.table

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
            return self._not_allowed(call, route)
        operation, variables = match
        refused = refuse(operation, call, self.contract, self.settings.callers) if self.settings.auth else None
        operation = operation_of(self._directed, operation)
        if refused:
            return self._refusals.reply((operation,), call, refused)
        return self._answer(operation, call, variables, below or "")

    def failure(self, operation: Operation, call: Call, status: int, detail: str) -> Reply | None:
        """Return the reply of a status as an operation documents it, ``None`` where it doesn't or it is no failure."""
        if status < 400:
            return None
        refusal = Refusal(status, detail, is_asked=True)
        reply = self._refusals.reply((operation_of(self._directed, operation),), call, refusal)
        return reply if reply.status == status and operation.response(status) else None

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
        if isinstance(request, Refusal):
            return self._refusals.reply((operation,), call, request)
        override = output_format(str(request.asked.get(BehaviourName.FORMAT_OVERRIDE, ""))) if request.asked else ""
        accept, offered = call.header("Accept"), choice.offered
        if accept and choice.has_ranges:
            offered = with_named_in_ranges(accept, offered, choice.documented, self._directed)
        if streamed := streamed_media_types(request.body, offered):
            accept, offered = None, streamed
        media_type = preferred_media_type(accept, offered, override)
        if choice.documented and media_type is None:
            if choice.status < FAILURE or not choice.offered:
                evidence = choice.response.evidence if choice.response else None
                refused = not_acceptable(call, choice.documented, self._directed, evidence, override)
                return self._refusals.reply((operation,), call, refused)
            media_type = choice.offered[0]
        return self._reply(request, choice, media_type or "application/json", preferences, below)

    def _reply(
        self, request: Request, choice: AnswerChoice, media_type: str, preferences: Preferences, below: str
    ) -> Reply:
        host = request.call.header("Host")
        base_url = f"{self.settings.scheme}://{host}{below}" if host else below
        applied: Headers = (("Preference-Applied", preferences.applied),) if preferences.applied else ()
        if request.notes:
            applied += tuple((NOTE, note) for note in request.notes)
        if request.violations and self.settings.validate == "warn":
            applied += (violations_field([self._masking.json(violation) for violation in request.violations]),)
        try:
            answer = self._answerer.answer(request, choice, media_type, preferences, base_url)
        except PatchConflictError as conflict:
            documented = {"pointer": conflict.pointer, **_documentation(request.operation, 409)}
            return self._refused(request, Refusal(409, str(conflict), applied, members=documented))
        except ConfigError as error:
            return problem(400, str(error), documented=list(error.valid) or None)
        except NoValueError as error:
            members = {"documented": [media_type], **_documentation(request.operation, 200)}
            detail = f"the documented body can't be made: {error}"
            return self._refused(request, Refusal(406, detail, applied, members=members))
        except RefusedChangeError as error:
            return self._refused(request, Refusal(507, str(error), applied))
        except StoreError as error:
            return self._refused(request, Refusal(503, str(error), applied))
        if below:
            answer = answer._replace(headers=tuple(_located_below(field, below) for field in answer.headers))
        if answer.status in REDIRECTS and not (preferences.example or self.settings.answers == "documented"):
            answer = answer._replace(headers=self._redirects.on_fake(request, answer.status, answer.headers, base_url))
        if answer.content is None:
            return self._bodiless(request, answer, preferences, applied)
        codec, text = codec_of(media_type), answer.text
        body = codec.encode(answer.body, answer.content) if text is None else text.encode()
        if self._makes_up_images:
            body = with_shown_images(body, self.settings.scheme, host)
        content_type = ("Content-Type", media_type + codec.parameters)
        reply = Reply((content_type, *answer.headers, *applied), body, answer.status)
        if request.call.header("Range") is None or not documents_parts(request.operation):
            return reply
        part = requested_part(request.call, reply)
        return self._refused(request, part) if isinstance(part, Refusal) else part

    def _bodiless(self, request: Request, answer: Answer, preferences: Preferences, applied: Headers) -> Reply:
        operation, headers = request.operation, (*answer.headers, *applied)
        if answer.status < 400:
            return Reply(headers, status=answer.status)
        response = operation.response(answer.status)
        detail = answer.detail or (response.description if response else "") or "as documented"
        members = _documentation(operation, answer.status)
        is_asked = preferences.code == answer.status
        return self._refused(request, Refusal(answer.status, detail, headers, members=members, is_asked=is_asked))

    def _refused(self, request: Request, refusal: Refusal) -> Reply:
        return self._refusals.reply((request.operation,), request.call, refusal)

    def _not_allowed(self, call: Call, route: Route) -> Reply:
        if call.method == "OPTIONS":
            return Reply(headers=(("Allow", route.allow),), status=204)
        operations = [operation_of(self._directed, operation) for operation, _ in route.operations.values()]
        lines = [str(operation.evidence) for operation in operations if operation.evidence]
        members = {"documentation": lines[0]} if lines else {}
        detail = f"{call.method} is not documented here; {route.allow} are"
        return self._refusals.reply(operations, call, Refusal(405, detail, (("Allow", route.allow),), members=members))

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
    is_bare = name == "Location" and value.startswith("/") and not value.startswith(("//", f"{below}/"))
    return (name, below + value) if is_bare else field


def _shared(path: str, other_path: str) -> int:
    """Return how many letters two paths have in common at their start and at their end."""
    return _prefix(path, other_path) + _prefix(path[::-1], other_path[::-1])


def _prefix(text: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def _not_documented(operation: Operation, code: int) -> str:
    """Return the message that a preferred status isn't documented, and how it is to be had all the same."""
    fault = f"docdouble serve --fault operation={operation.id},status={code}"
    how = f"{fault} sends it, and so does a prepared answer" if code >= 200 else "no call ends with an interim status"
    return f"{code} is not documented here; {how}"


def _documentation(operation: Operation, status: int) -> dict[str, str]:
    """Return the member of problem details that names where a failure is documented."""
    response = operation.response(status)
    evidence = (response.evidence if response else None) or operation.evidence
    return {"documentation": str(evidence)} if evidence else {}
