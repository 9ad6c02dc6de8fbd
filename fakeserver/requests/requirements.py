"""Requirements of an operation for its calls, worked out once."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from docdouble.schemas import Call, Contract, MediaType, Operation, Parameter, Schema, Validator
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.media_types import body_schema, chosen_media_type
from docdouble.schemas.contract.parameter_styles import Pair, ParameterReader, SentPairs
from docdouble.schemas.http import FORM
from docdouble.schemas.jsonschema.validator import Spelling, Spellings

from ..http.codecs import Content, body_content
from ..http.documented import documented_answer, is_patched, response_schema
from ..http.header_fields import ContentType, cookie_pairs, sent_header
from ..http.negotiate import can_carry

Sent = Callable[[Call, SentPairs, dict[str, str]], Sequence[Pair]]
"""Reader of a parameter: a call, its query by lower-case names, its path's variables → the pairs that it sends."""

_MOST_HEADERS = 100
"""Number of ``Content-Type`` headers that are remembered: callers may send any."""


class PlannedParameter(NamedTuple):
    """A parameter, where its texts are found, and what reads and checks them.

    ``behaviour`` is the name of what it asks for, empty where it names an entity.
    """

    parameter: Parameter
    behaviour: str
    sent: Sent
    reader: ParameterReader
    validator: Validator


class PlannedBody(NamedTuple):
    """A documented representation of a request body, and what checks it.

    ``spelling`` is how the names in it are spelled, where their letter case doesn't matter.
    """

    documented: MediaType
    content: Content
    validator: Validator
    spelling: Spelling | None


class RequestPlan:
    """Plan of reading the calls of one operation; the parts are worked out when they are first needed."""

    def __init__(self, operation: Operation, spellings: Spellings) -> None:
        self.operation = operation
        self._spellings = spellings
        self._contract: Contract = spellings.contract
        self._page = operation.page
        self._bodies: dict[str, PlannedBody | None] = {}

    @cached_property
    def parameters(self) -> tuple[PlannedParameter, ...]:
        """The parameters in the documented order."""
        steering = {named.parameter: named.name for named in self.operation.behaviours if named.parameter}
        return tuple(
            self._parameter(parameter, steering.get(parameter.name, "")) for parameter in self.operation.parameters
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names of all parameters and keys that queries and cookies may hold, in lower case."""
        schemes = self._contract.security_schemes.values()
        keys = [str(scheme.get("name")) for scheme in schemes if scheme.get("in") in ("query", "cookie")]
        return frozenset(name.lower() for name in (*(parameter.name for parameter in self.operation.parameters), *keys))

    def _parameter(self, parameter: Parameter, behaviour: str) -> PlannedParameter:
        validator = Validator(parameter.schema, self._contract, self._page)
        reader = ParameterReader(parameter, self._contract, validator.is_valid, self._names)
        return PlannedParameter(parameter, behaviour, _sent(parameter, reader), reader, validator)

    @cached_property
    def is_patched(self) -> bool:
        """Whether bodies are patch documents."""
        return is_patched(self.operation)

    @cached_property
    def patched(self) -> Schema:
        """The schema of what a patch changes."""
        return response_schema(documented_answer(self.operation)) or {}

    @cached_property
    def only_media_type(self) -> str:
        """The documented media type that a body without a ``Content-Type`` has, empty where there are several."""
        names = [media_type.name for media_type in self.operation.request.media_types] if self.operation.request else []
        return names[0] if len(names) == 1 and "*" not in names[0] else ""

    def body(self, sent: ContentType) -> PlannedBody | None:
        """Return the documented body that a ``Content-Type`` names, ``None`` for one that can't be read."""
        if sent.header not in self._bodies:
            if len(self._bodies) >= _MOST_HEADERS:
                self._bodies.clear()
            self._bodies[sent.header] = self._body(sent)
        return self._bodies[sent.header]

    def _body(self, sent: ContentType) -> PlannedBody | None:
        media_types = self.operation.request.media_types if self.operation.request else ()
        documented = chosen_media_type(media_types, sent.header)
        if documented is None or not can_carry(sent.media_type, documented, media_types, self._contract):
            return None
        schema = body_schema(documented, media_types) or {}
        is_any_case = self.operation.behaves(BehaviourName.ANY_CASE)
        spelling = self._spellings.of(schema) if is_any_case else None
        content = body_content(documented, schema, self._contract, sent.charset or "utf-8", sent.boundary)
        return PlannedBody(documented, content, Validator(schema, self._contract, self._page), spelling)


def _sent(parameter: Parameter, reader: ParameterReader) -> Sent:
    name, lower = parameter.name, parameter.name.lower()
    match parameter.location:
        case "path":
            return lambda call, query, variables: [
                (name, text) for key, text in variables.items() if key.lower() == lower
            ]
        case "header":
            fetch = sent_header if "_" in lower else Call.header
            return lambda call, query, variables: () if (text := fetch(call, lower)) is None else ((name, text),)
        case "cookie":
            return lambda call, query, variables: reader.pairs(cookie_pairs(call, name))
        case "querystring" if parameter.content != FORM:
            return lambda call, query, variables: ((name, call.query),) if call.query else ()
    return lambda call, query, variables: reader.pairs(query) if query else ()
