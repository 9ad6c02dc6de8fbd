"""A request that fits its operation → status, and the value of the body."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from docdouble.schemas import Contract, Operation, Response, Schema, Validator

from .behaviours import BEHAVIOURS
from .request import Request
from .sampler import Sampler


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
        response = request.operation.success()
        schema = body_schema(response)
        status = int(response.status) if response and response.status.isdigit() else 200
        if response is None or schema is None:
            return Answer(status)
        body = self.sampler.sample(schema, _key(request))
        if isinstance(body, dict):
            body |= dict(self._echoed(request, body))
        for behaviour in request.operation.behaviours:
            if act := BEHAVIOURS.get(behaviour.name):
                body = act(body, request.parameters)
        return Answer(status, body, has_body=True)

    def sample_request(self, operation: Operation) -> Any:
        """Return a request body that fits: the documented sample, else a generated one."""
        media_types = operation.request.media_types if operation.request else ()
        documented = [sample for media_type in media_types for sample in media_type.samples]
        schema = next((one.schema for one in media_types if one.schema is not None), {})
        return documented[0] if documented else self.sampler.sample(schema, 0)

    def _compile(self, operation_id: str, name: str) -> Validator:
        operation = next(one for one in self.contract.operations if one.id == operation_id)
        schema = self.contract.resolve(body_schema(operation.success()) or {})
        return Validator(schema.get("properties", {}).get(name, {}), self.contract)

    def _echoed(self, request: Request, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield what the request says under the name of a response property: the answer is about that thing."""
        said = {name.lower(): value for name, value in request.parameters.items()}
        if isinstance(request.body, dict):
            said |= {name.lower(): value for name, value in request.body.items()}
        for name in body:
            value = said.get(name.lower())
            if _is_writable(value) and self._validator(request.operation.id, name).is_valid(value):
                yield name, value


def body_schema(response: Response | None) -> Schema | None:
    """Return the schema of a response's body, ``None`` where it has none."""
    media_types = response.media_types if response else ()
    return next((one.schema for one in media_types if one.schema is not None), None)


def _is_writable(value: Any) -> bool:
    """Tell whether a value is a scalar that JSON readers everywhere can hold; orjson refuses longer integers."""
    return isinstance(value, str | float) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def _key(request: Request) -> int:
    """Return what decides the values: everything in the request that names a thing, but not the choice of fields."""
    said = {name: value for name, value in request.parameters.items() if not name.startswith("$")}
    text = json.dumps([request.operation.id, said, request.body], sort_keys=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
