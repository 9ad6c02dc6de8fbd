"""A matched call → its decoded parameters and body, or the 400 that says what breaks the documentation, and where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from werkzeug.sansio.http import parse_cookie

from docdouble.schemas import Call, Contract, Evidence, Operation, Parameter, Reply, Schema, Validator, Violation
from docdouble.schemas.validate import documented_spelling

from .behaviours import READERS
from .behaviours.select import check_names
from .codecs import BodyError, Content, codec_of
from .documented import body_schema, documented_answer
from .negotiate import boundary_of, charset_of, unsupported
from .parameters import decode
from .patch import JSON_PATCH, MERGE_PATCH, read_patch
from .problem import filled, problem, violation_member

DOCUMENTED_NAMES_ONLY = "documented-names-only"
"""Behaviour: a selection of names that nothing documents is refused; without it, such names select nothing."""

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Larger request bodies are answered 413."""


@dataclass(frozen=True)
class Request:
    """A call that fits its operation.

    ``parameters`` of path and query are by name; those that ask for a behaviour are in ``asked``, by the behaviour's
    name. ``body`` is the decoded value, a ``Patch`` where the operation takes patch documents.
    """

    operation: Operation
    parameters: dict[str, Any]
    asked: dict[str, Any]
    body: Any
    call: Call


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
        if operation.request and call.body:
            evidence = operation.request.evidence or operation.evidence
            if refused := unsupported(call, operation.request.media_types, self.contract, evidence):
                return refused
        parameters, asked, violations = self._parameters(operation, call, variables)
        body = self._body(operation, call)
        violations += body.violations
        if violations:
            return self._bad_request(operation, violations, body.value)
        return Request(operation, parameters, asked, body.value, call)

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
    ) -> tuple[dict[str, Any], dict[str, Any], tuple[dict[str, Any], ...]]:
        """Return what names a thing, by parameter; what asks for a behaviour, by behaviour; and what is broken."""
        query = {name.lower(): values for name, values in parse_qs(call.query, keep_blank_values=True).items()}
        steering = {behaviour.parameter: behaviour.name for behaviour in operation.behaviours if behaviour.parameter}
        named: dict[str, Any] = {}
        asked: dict[str, Any] = {}
        violations: tuple[dict[str, Any], ...] = ()
        for number, parameter in enumerate(operation.parameters):
            texts = _texts(parameter, call, query, variables)
            part = self._parameter(operation, number, parameter, texts)
            violations += part.violations
            if texts and parameter.name in steering:
                asked[steering[parameter.name]] = part.value
                violations += tuple(self._unreadable(operation, parameter, steering[parameter.name], part.value))
            elif texts and parameter.location in ("path", "query"):
                named[parameter.name] = part.value
        return named, asked, violations

    def _unreadable(
        self, operation: Operation, parameter: Parameter, behaviour: str, value: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield the violation of a parameter whose text doesn't say what to do."""
        try:
            if read := READERS.get(behaviour):
                read(str(value))
            if behaviour == "select-projection" and operation.behaves(DOCUMENTED_NAMES_ONLY):
                check_names(str(value), Content(body_schema(documented_answer(operation)) or {}, self.contract))
        except ValueError as error:
            told = {"in": parameter.location, "name": parameter.name, "rule": behaviour, "message": str(error)}
            yield told | _documentation(parameter.evidence)

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
        if operation.request is None:
            return _Part()
        documentation = _documentation(operation.request.evidence, operation.evidence)
        broken = {"in": "body", "pointer": "", **documentation}
        if not call.body:
            missing = {**broken, "rule": "required", "message": "the body is missing"}
            return _Part(violations=(missing,) if operation.request.required else ())
        try:
            value, found = self._decoded(operation, call)
        except BodyError as error:
            return _Part(violations=({**broken, "rule": error.rule, "message": str(error)},))
        except ValueError as error:
            return _Part(violations=({**broken, "rule": "unique", "message": str(error)},))
        return _Part(value, tuple(documentation | violation_member(one, "body") for one in found if one.counts))

    def _decoded(self, operation: Operation, call: Call) -> tuple[Any, tuple[Violation, ...]]:
        """Return the value of a body, and what it breaks; raises ``ValueError`` for what can't be read."""
        validator = self._validator(operation.label, None)
        schema = {} if is_patched(operation) else validator.schema
        content = Content(schema, self.contract, charset_of(call) or "utf-8", boundary_of(call))
        value = codec_of(call.media_type).decode(call.body, content)
        if is_patched(operation):
            patched = body_schema(documented_answer(operation)) or {}
            return read_patch(value, patched, self.contract, validator.page)
        value = spelled(value, validator.schema, operation, self.contract)
        return value, validator.violations(value)

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


def is_patched(operation: Operation) -> bool:
    """Tell whether bodies are patch documents; with methods other than PATCH those media types are JSON like any."""
    media_types = operation.request.media_types if operation.request else ()
    return operation.method == "PATCH" and any(one.name in (JSON_PATCH, MERGE_PATCH) for one in media_types)


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
