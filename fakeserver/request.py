"""A matched call → its decoded parameters and body, or the 400 that says what breaks the documentation, and where."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import orjson

from docdouble.schemas import Call, Contract, Operation, Parameter, Reply, Validator
from docdouble.schemas.validate import documented_spelling

from .negotiate import charset_of, unsupported
from .problem import problem, violation_member

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Larger request bodies are answered 413."""


_INTEGER = re.compile(r"-?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?\Z")


@dataclass(frozen=True)
class Request:
    """A call that fits its operation: ``parameters`` by name, path and query together, and the decoded body."""

    operation: Operation
    parameters: dict[str, Any]
    body: Any


@dataclass(frozen=True)
class _Part:
    """A part of a call that was decoded: what it holds, or the members of the problem that it makes."""

    value: Any = None
    violations: tuple[dict[str, Any], ...] = ()


class RequestReader:
    """Reads the calls of one contract; validators are compiled on first use."""

    def __init__(self, contract: Contract, sample: Callable[[Operation], Any]) -> None:
        self.contract = contract
        self._sample = sample
        self._validator = cache(self._compile)

    def read(self, operation: Operation, call: Call, variables: dict[str, str]) -> Request | Reply:
        """Return the request, or a 400, 413 or 415 reply."""
        if len(call.body) > MAX_BODY_BYTES:
            return problem(413, f"the body has {len(call.body)} bytes, at most {MAX_BODY_BYTES} are read")
        if operation.request and call.body and (refused := unsupported(call, operation.request.media_types)):
            return refused
        parameters, violations = self._parameters(operation, call, variables)
        body = self._body(operation, call) if operation.request else _Part()
        violations += body.violations
        if violations:
            return self._bad_request(operation, violations, body.value)
        return Request(operation, parameters, body.value)

    def _compile(self, operation_id: str, parameter: int | None) -> Validator:
        operation = next(one for one in self.contract.operations if one.id == operation_id)
        if parameter is not None:
            return Validator(operation.parameters[parameter].schema, self.contract)
        media_types = operation.request.media_types if operation.request else ()
        schema = next((one.schema for one in media_types if one.schema is not None), {})
        return Validator(schema, self.contract)

    def _parameters(
        self, operation: Operation, call: Call, variables: dict[str, str]
    ) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
        query = {name.lower(): values for name, values in parse_qs(call.query, keep_blank_values=True).items()}
        values: dict[str, Any] = {}
        violations: tuple[dict[str, Any], ...] = ()
        for number, parameter in enumerate(operation.parameters):
            texts = _texts(parameter, call, query, variables)
            part = self._parameter(operation, number, parameter, texts)
            violations += part.violations
            if texts and parameter.location in ("path", "query"):
                values[parameter.name] = part.value
        return values, violations

    def _parameter(self, operation: Operation, number: int, parameter: Parameter, texts: list[str]) -> _Part:
        if not texts:
            if not parameter.required:
                return _Part()
            documentation = str(parameter.evidence) if parameter.evidence else None
            missing = {"in": parameter.location, "name": parameter.name, "rule": "required", "message": "missing"}
            return _Part(violations=({**missing, "documentation": documentation},))
        value = _decode(texts, self.contract.resolve(parameter.schema))
        found = self._validator(operation.id, number).violations(value)
        members = (
            violation_member(one, parameter.location, parameter.name)
            | {"documentation": str(parameter.evidence or one.evidence)}
            for one in found
            if one.counts
        )
        return _Part(value, tuple(members))

    def _body(self, operation: Operation, call: Call) -> _Part:
        assert operation.request is not None
        documentation = str(operation.request.evidence) if operation.request.evidence else None
        broken = {"in": "body", "pointer": "", "documentation": documentation}
        if not call.body:
            missing = {**broken, "rule": "required", "message": "the body is missing"}
            return _Part(violations=(missing,) if operation.request.required else ())
        validator = self._validator(operation.id, None)
        try:
            value = orjson.loads(call.body.decode(charset_of(call) or "utf-8"))
            if operation.behaves("case-insensitive-names"):
                value = documented_spelling(value, validator.schema, self.contract)
        except (UnicodeDecodeError, orjson.JSONDecodeError) as error:
            return _Part(violations=({**broken, "rule": "syntax", "message": f"no JSON: {error}"},))
        except ValueError as error:
            return _Part(violations=({**broken, "rule": "unique", "message": str(error)},))
        found = validator.violations(value)
        return _Part(value, tuple(violation_member(one, "body") for one in found if one.counts))

    def _bad_request(self, operation: Operation, violations: tuple[dict[str, Any], ...], body: Any) -> Reply:
        count = f"{len(violations)} {'promise' if len(violations) == 1 else 'promises'}"
        detail = f"the request breaks {count} of the documentation of {operation.id}"
        sample = self._corrected(operation, violations, body) if operation.request else None
        return problem(400, detail, violations=violations, sample=sample)

    def _corrected(self, operation: Operation, violations: tuple[dict[str, Any], ...], body: Any) -> Any:
        """Return the caller's body with what breaks the documentation replaced, else a sample of the whole body."""
        whole = self._sample(operation)
        pointers = [one["pointer"] for one in violations if one["in"] == "body"]
        if not isinstance(body, dict) or not isinstance(whole, dict):
            return whole
        corrected = {**body, **{name: whole[name] for name in map(_first_token, pointers) if name in whole}}
        return corrected if self._validator(operation.id, None).accepts(corrected) else whole


def _first_token(pointer: str) -> str:
    return pointer[1:].partition("/")[0].replace("~1", "/").replace("~0", "~")


def _texts(parameter: Parameter, call: Call, query: dict[str, list[str]], variables: dict[str, str]) -> list[str]:
    match parameter.location:
        case "path":
            return [variables[parameter.name]] if parameter.name in variables else []
        case "query":
            return query.get(parameter.name.lower(), [])
        case "header":
            value = call.header(parameter.name)
            return [] if value is None else [value]
    return []


def _decode(texts: list[str], schema: dict[str, Any]) -> Any:
    """Return a parameter's value as its schema's type; text that is no such value stays text, and so is refused."""
    declared = schema.get("type")
    if declared == "array":
        parts = texts if len(texts) > 1 else texts[0].split(",")
        return [_decode([part], schema.get("items", {})) for part in parts]
    text = texts[-1]
    if declared == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if declared == "integer" and _INTEGER.match(text):
        return int(text)
    if declared == "number" and _NUMBER.match(text):
        return float(text)
    return text
