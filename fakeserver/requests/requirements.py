"""Requirements of an operation for its calls, worked out once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docdouble.schemas import Call, Contract, Operation, Parameter, Schema, Validator
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import first_schema
from docdouble.schemas.contract.parameter_values import parameter_reader
from docdouble.schemas.jsonschema.validator import Spelling, Spellings

from ..http.documented import documented_answer, is_patched, response_schema
from ..http.header_fields import cookie_values
from ..http.negotiate import writable_media_types

Texts = Callable[[Call, dict[str, list[str]], dict[str, str]], Sequence[str]]
"""What a call says of a parameter: the call, its query by lower-case names, its path's variables → the texts."""


@dataclass(frozen=True, slots=True)
class PlannedParameter:
    """A parameter, where its texts are found, and what reads and checks them.

    ``behaviour`` is the name of what it asks for, empty where it names an entity.
    """

    parameter: Parameter
    behaviour: str
    texts: Texts
    read: Callable[[Sequence[str]], Any]
    validator: Validator


class RequestPlan:
    """How the calls of one operation are read; the parts are worked out when they are first needed."""

    def __init__(self, operation: Operation, spellings: Spellings) -> None:
        self.operation = operation
        self._spellings = spellings
        self._contract: Contract = spellings.contract
        self._page = operation.page

    @cached_property
    def parameters(self) -> tuple[PlannedParameter, ...]:
        """The parameters in the documented order."""
        steering = {named.parameter: named.name for named in self.operation.behaviours if named.parameter}
        return tuple(self._parameter(item, steering.get(item.name, "")) for item in self.operation.parameters)

    def _parameter(self, parameter: Parameter, behaviour: str) -> PlannedParameter:
        validator = Validator(parameter.schema, self._contract, self._page)
        read = parameter_reader(parameter.schema, self._contract)
        return PlannedParameter(parameter, behaviour, _texts(parameter), read, validator)

    @cached_property
    def is_patched(self) -> bool:
        """Whether bodies are patch documents."""
        return is_patched(self.operation)

    @cached_property
    def patched(self) -> Schema:
        """The schema of what a patch changes."""
        return response_schema(documented_answer(self.operation)) or {}

    @cached_property
    def body(self) -> Validator:
        """What checks the documented request body."""
        media_types = self.operation.request.media_types if self.operation.request else ()
        schema = first_schema(media_types) or {}
        return Validator(schema, self._contract, self._page)

    @cached_property
    def spelling(self) -> Spelling | None:
        """How the names in a body are spelled, where their letter case doesn't matter."""
        is_any_case = self.operation.behaves(BehaviourName.ANY_CASE)
        return self._spellings.of(self.body.schema) if is_any_case else None

    @cached_property
    def understood(self) -> frozenset[str]:
        """The documented media types that request bodies can be read in, ranges left out."""
        media_types = self.operation.request.media_types if self.operation.request else ()
        return frozenset(writable_media_types(media_types, self._contract))


def _texts(parameter: Parameter) -> Texts:
    name, lower = parameter.name, parameter.name.lower()
    match parameter.location:
        case "path":
            return lambda call, query, variables: [text for key, text in variables.items() if key.lower() == lower]
        case "query":
            return lambda call, query, variables: query.get(lower, ())
        case "header":
            return lambda call, query, variables: () if (text := call.header(lower)) is None else (text,)
        case "querystring":
            return lambda call, query, variables: (call.query,) if call.query else ()
        case "cookie":
            return lambda call, query, variables: cookie_values(call, name)
