"""A matched call → its decoded parameters and body, or the 400 that says what breaks the documentation, and where."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import orjson
from werkzeug.sansio.http import parse_cookie

from docdouble.schemas import Call, Contract, Evidence, Operation, Parameter, Reply, Schema, Validator
from docdouble.schemas.validate import documented_spelling

from .negotiate import charset_of, unsupported
from .parameters import decode
from .problem import filled, problem, violation_member

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Larger request bodies are answered 413."""


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
            return problem(413, f"the body has more than {MAX_BODY_BYTES} bytes, the most that are read")
        if operation.request and call.body and (refused := unsupported(call, operation.request.media_types)):
            return refused
        parameters, violations = self._parameters(operation, call, variables)
        body = self._body(operation, call)
        violations += body.violations
        if violations:
            return self._bad_request(operation, violations, body.value)
        return Request(operation, parameters, body.value)

    def _compile(self, label: str, parameter: int | None) -> Validator:
        operation = next(one for one in self.contract.operations if one.label == label)
        page = operation.evidence.page if operation.evidence else ""
        if parameter is not None:
            return Validator(operation.parameters[parameter].schema, self.contract, page)
        media_types = operation.request.media_types if operation.request else ()
        schema = next((one.schema for one in media_types if one.schema is not None), {})
        return Validator(schema, self.contract, page)

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
            missing = {"in": parameter.location, "name": parameter.name, "rule": "required", "message": "missing"}
            return _Part(violations=(missing | _documentation(parameter.evidence, operation.evidence),))
        value = decode(texts, parameter.schema, self.contract)
        found = self._validator(operation.label, number).violations(value)
        members = (
            violation_member(one, parameter.location, parameter.name)
            | _documentation(parameter.evidence, one.evidence, operation.evidence)
            for one in found
            if one.counts
        )
        return _Part(value, tuple(members))

    def _body(self, operation: Operation, call: Call) -> _Part:
        try:
            return self._read_body(operation, call)
        except (RecursionError, orjson.JSONEncodeError):
            too_deep = {"in": "body", "pointer": "", "rule": "depth", "message": "the body is nested too deep"}
            evidence = operation.request.evidence if operation.request else None
            return _Part(violations=(too_deep | _documentation(evidence, operation.evidence),))

    def _read_body(self, operation: Operation, call: Call) -> _Part:
        if operation.request is None:
            return _Part()
        documentation = _documentation(operation.request.evidence, operation.evidence)
        broken = {"in": "body", "pointer": "", **documentation}
        if not call.body:
            missing = {**broken, "rule": "required", "message": "the body is missing"}
            return _Part(violations=(missing,) if operation.request.required else ())
        validator = self._validator(operation.label, None)
        try:
            value = orjson.loads(call.body.decode(charset_of(call) or "utf-8"))
            orjson.dumps(value)  # fails for what is nested too deep to be sent back
            value = spelled(value, validator.schema, operation, self.contract)
        except (UnicodeError, orjson.JSONDecodeError) as error:
            return _Part(violations=({**broken, "rule": "syntax", "message": f"no JSON: {error}"},))
        except ValueError as error:
            return _Part(violations=({**broken, "rule": "unique", "message": str(error)},))
        found = validator.violations(value)
        return _Part(value, tuple(documentation | violation_member(one, "body") for one in found if one.counts))

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
        return corrected if self._validator(operation.label, None).accepts(corrected) else whole


def spelled(value: Any, schema: Schema, operation: Operation, contract: Contract) -> Any:
    """Return a body as its operation reads it: names in the documented spelling where letter case doesn't matter."""
    return documented_spelling(value, schema, contract) if operation.behaves("case-insensitive-names") else value


def _documentation(*known: Evidence | None) -> dict[str, str]:
    """Return the member that names the most exact documentation line that is known."""
    found = next((str(evidence) for evidence in known if evidence), None)
    return filled({"documentation": found})


def _first_token(pointer: str) -> str:
    return pointer[1:].partition("/")[0].replace("~1", "/").replace("~0", "~")


def _texts(parameter: Parameter, call: Call, query: dict[str, list[str]], variables: dict[str, str]) -> list[str]:
    match parameter.location:
        case "path":
            return [value for name, value in variables.items() if name.lower() == parameter.name.lower()]
        case "query":
            return query.get(parameter.name.lower(), [])
        case "header":
            value = call.header(parameter.name)
            return [] if value is None else [value]
        case "cookie":
            return parse_cookie(call.header("Cookie")).getlist(parameter.name)
