"""A request that fits its operation → status, and the value of the body."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from docdouble.schemas import Contract, MediaType, Operation, Response, Schema, Validator

from .behaviours import BEHAVIOURS
from .request import Request, spelled
from .sampler import Sampler

_WITHOUT_BODY = (204, 205)
"""Statuses that allow no body (RFC 9110, sections 15.3.5 and 15.3.6), whatever is documented."""

_COMPOSED = 8
"""Schemas composed of schemas are looked into this deep."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: ``body`` is ``None`` with ``has_body`` false where nothing is sent."""

    status: int
    body: Any = None
    has_body: bool = False


class Answerer:
    """Answers the requests of one contract: the same request and seed, the same answer."""

    def __init__(self, contract: Contract, seed: int, locale: str) -> None:
        self.contract = contract
        self.sampler = Sampler(contract, seed, locale)
        self._validator = cache(self._compile)

    def answer(self, request: Request) -> Answer:
        """Return the documented success, with what the request says of it."""
        response = documented_answer(request.operation)
        schema = body_schema(response)
        status = _status(response)
        if schema is None or status in _WITHOUT_BODY:
            return Answer(status)
        body = self.sampler.sample(schema, _key(request))
        if isinstance(body, dict):
            body |= dict(self._echoed(request, body))
        for behaviour in request.operation.behaviours:
            if act := BEHAVIOURS.get(behaviour.name):
                body = act(body, request.parameters)
        return Answer(status, body, has_body=True)

    def sample_request(self, operation: Operation) -> Any:
        """Return a request body that fits: the first documented sample that does, else a generated one."""
        media_types = operation.request.media_types if operation.request else ()
        documented = [sample for media_type in media_types for sample in media_type.samples]
        schema = next((one.schema for one in media_types if one.schema is not None), {})
        validator = Validator(schema, self.contract)
        for sample in documented:
            with suppress(ValueError):
                if validator.accepts(spelled(sample, schema, operation, self.contract)):
                    return sample
        return self.sampler.sample(schema, 0)

    def _compile(self, label: str, name: str) -> Validator:
        operation = next(one for one in self.contract.operations if one.label == label)
        said = list(_said_of(name, body_schema(documented_answer(operation)), self.contract))
        return Validator({"allOf": said} if said else {"not": {}}, self.contract)

    def _echoed(self, request: Request, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield what the request says under the name of a response property: the answer is about that thing."""
        said = {name.lower(): value for name, value in request.parameters.items()}
        if isinstance(request.body, dict):
            said |= {name.lower(): value for name, value in request.body.items()}
        for name in body:
            value = said.get(name.lower())
            if _is_writable(value) and self._validator(request.operation.label, name).is_valid(value):
                yield name, value


def documented_answer(operation: Operation) -> Response | None:
    """Return the documented success, else what is documented for any status."""
    return operation.success() or operation.response(200)


def representations(operation: Operation) -> tuple[MediaType, ...]:
    """Return the documented media types of what is answered, none where no body is sent."""
    response = documented_answer(operation)
    return response.media_types if response and _status(response) not in _WITHOUT_BODY else ()


def _status(response: Response | None) -> int:
    return int(response.status) if response and response.status.isdigit() else 200


def body_schema(response: Response | None) -> Schema | None:
    """Return the schema of a response's body, ``None`` where it has none."""
    media_types = response.media_types if response else ()
    return next((one.schema for one in media_types if one.schema is not None), None)


def _is_writable(value: Any) -> bool:
    """Tell whether a value is a scalar that JSON readers everywhere can hold; orjson refuses longer integers."""
    return isinstance(value, str | float) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _said_of(name: str, schema: Any, contract: Contract, depth: int = 0) -> Iterator[Schema]:
    """Yield what a schema and those composed into it say of a property."""
    if not isinstance(schema, dict) or depth > _COMPOSED:
        return
    schema = contract.resolve(schema)
    rest = schema.get("additionalProperties")
    if name in schema.get("properties", {}):
        yield schema["properties"][name]
    elif isinstance(rest, dict):
        yield rest
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, ()):
            yield from _said_of(name, part, contract, depth + 1)


def _key(request: Request) -> int:
    """Return what decides the values: everything in the request that names a thing, but not the choice of fields."""
    said = {name: value for name, value in request.parameters.items() if not name.startswith("$")}
    text = json.dumps([request.operation.id, said, request.body], sort_keys=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
