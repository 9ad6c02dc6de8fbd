"""Broken handling of requests: what should be refused is accepted, what should be accepted is refused or crashes."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import orjson

from docdouble.fakeserver.http.problem import problem
from docdouble.fakeserver.http.refusal import VIOLATIONS
from docdouble.schemas import Call, Operation, Parameter, Reply
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.contract.paths import unnamed_template
from docdouble.schemas.http import is_json
from docdouble.schemas.json_pointer import unescape_token

from ..client.placeholder_credentials import with_placeholder, without_credentials
from .mutant import AnsweredCall, Fault, MutationKind, Scope, Site, replying, without_header
from .places import MutationPlace, request_spots

_INDEX = re.compile(r"/\d+(?=/|\Z)")
_LARGEST = 2**31 - 1
_TYPE_RULES = frozenset({"type", "format", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems"})

Violated = dict[str, Any]
"""Broken promise that the fake lists: where, and which rule."""


def _accepting(broken: Callable[[str, Violated], bool]) -> Callable[[str, Site], Fault]:
    """Return the function that plants a fault: calls whose violations are all ``broken`` ones are accepted."""

    def accepted(answered: AnsweredCall) -> Reply | None:
        violations = _violations(answered.reply)
        is_let_in = violations and all(broken(answered.place, violated) for violated in violations)
        return answered.accepted() if is_let_in else None

    return replying(accepted)


def _violations(reply: Reply) -> list[Violated]:
    """Return the violations that a refusal lists in its header field: its body has whatever shape is documented."""
    listed = reply.header(VIOLATIONS) if reply.status >= 400 else None
    violations: list[Violated] = orjson.loads(listed) if listed else []
    return violations


def _place(violated: Violated) -> str:
    """Return the place where a promise is broken, as places are written: ``query/NAME`` or ``body/POINTER``."""
    if violated.get("in") == "body":
        return f"body{_INDEX.sub('/*', str(violated.get('pointer', '')))}"
    return f"{violated.get('in')}/{violated.get('name')}"


def _of_type(place: str, violated: Violated) -> bool:
    return violated.get("rule") in _TYPE_RULES and _place(violated) == place


def _by_rule(rule: str) -> Callable[[str, Violated], bool]:
    return lambda place, violated: violated.get("rule") == rule and _place(violated) == place


def _missing_property(place: str, violated: Violated) -> bool:
    return violated.get("rule") == "required" and _place(violated) == place.rpartition("/")[0]


def _in_body(holds: Callable[[MutationPlace], bool]) -> Callable[[Operation, Scope], Iterator[str]]:
    def places(operation: Operation, scope: Scope) -> Iterator[str]:
        spots = request_spots(operation, scope)
        return (f"body{spot.pointer}" for spot in spots if spot.pointer.count("/") <= 2 and holds(spot))

    return places


def _typed(operation: Operation, scope: Scope) -> Iterator[str]:
    for parameter in operation.parameters:
        schema = scope.contract.resolve(parameter.schema)
        steers = any(parameter.name == behaviour.parameter for behaviour in operation.behaviours)
        is_checked = parameter.location != "header" and not _chooses_operation(parameter, operation, scope)
        if {"integer", "number", "boolean"} & set(types_of(schema)) and not steers and is_checked:
            yield f"{parameter.location}/{parameter.name}"
    yield from _in_body(lambda spot: bool(spot.kinds))(operation, scope)


def _chooses_operation(parameter: Parameter, operation: Operation, scope: Scope) -> bool:
    """Tell whether a value in a path distinguishes the operation from another, which takes other values there."""
    template = unnamed_template(operation.path)
    others = (other for other in scope.contract.operations if other.id != operation.id)
    same = (other for other in others if other.method == operation.method)
    return parameter.location == "path" and any(unnamed_template(other.path) == template for other in same)


def _required(operation: Operation, scope: Scope) -> Iterator[str]:
    yield from (
        f"{parameter.location}/{parameter.name}"
        for parameter in operation.parameters
        if parameter.required and parameter.location != "path"
    )


def _enumerated(operation: Operation, scope: Scope) -> Iterator[str]:
    for parameter in operation.parameters:
        is_listed = "enum" in scope.contract.resolve(parameter.schema)
        if is_listed and not _chooses_operation(parameter, operation, scope):
            yield f"{parameter.location}/{parameter.name}"
    yield from _in_body(lambda spot: "enum" in spot.schema)(operation, scope)


def _with_body(operation: Operation, scope: Scope) -> Iterator[str]:
    if request_spots(operation, scope):
        yield "body"


def _needing_body(operation: Operation, scope: Scope) -> Iterator[str]:
    if operation.request and operation.request.required:
        yield "body"


def _no_body(place: str, violated: Violated) -> bool:
    return violated.get("rule") == "required" and violated.get("in") == "body" and not violated.get("pointer")


def _any_media_type(answered: AnsweredCall) -> Reply | None:
    return answered.accepted() if answered.reply.status == 415 else None


def _refusing(answered: AnsweredCall) -> Reply | None:
    is_asked = 200 <= answered.reply.status < 300 and _values(answered.call, answered.place)
    return problem(400, f"{answered.place} is not accepted") if is_asked else None


def _crashing(on: Callable[[Any], bool]) -> Callable[[str, Site], Fault]:
    def crash(answered: AnsweredCall) -> Reply | None:
        is_looked_at = answered.reply.status < 500 and answered.reply.status not in (401, 403, 405)
        is_fatal = is_looked_at and any(map(on, _values(answered.call, answered.place)))
        return problem(500, "an unhandled exception") if is_fatal else None

    return replying(crash)


def _values(call: Call, place: str) -> list[Any]:
    """Return the values at a place of a call; names match without regard to letter case."""
    location, _, name = place.partition("/")
    if location == "query":
        parameters = parse_qs(call.query, keep_blank_values=True)
        texts = [text for key, sent in parameters.items() if key.lower() == name.lower() for text in sent]
        return [int(text) if text.removeprefix("-").isdecimal() else text for text in texts]
    if location != "body" or not is_json(call.media_type):
        return []
    try:
        values = [orjson.loads(call.body)]
    except ValueError:
        return []
    for token in name.split("/") if name else ():
        values = [part for value in values for part in _below(value, token)]
    return values


def _below(value: Any, token: str) -> list[Any]:
    if isinstance(value, list):
        return value if token == "*" else []
    if isinstance(value, dict):
        name = unescape_token(token).lower()
        return [part for key, part in value.items() if token == "*" or key.lower() == name]
    return []


def _optional(operation: Operation, scope: Scope) -> Iterator[str]:
    yield from (f"query/{parameter.name}" for parameter in operation.parameters if parameter.location == "query")
    yield from _in_body(lambda spot: spot.is_property)(operation, scope)


def _of_kind(kind: str) -> Callable[[Operation, Scope], Iterator[str]]:
    def places(operation: Operation, scope: Scope) -> Iterator[str]:
        for parameter in operation.parameters:
            if parameter.location == "query" and kind in types_of(scope.contract.resolve(parameter.schema)):
                yield f"query/{parameter.name}"
        yield from _in_body(lambda spot: kind in spot.kinds and "enum" not in spot.schema)(operation, scope)

    return places


def _secured(*, with_some: bool) -> Callable[[Operation, Scope], Iterator[str]]:
    def places(operation: Operation, scope: Scope) -> Iterator[str]:
        unsigned = len(list(without_credentials(operation, scope.contract, Call())))  # malformed ones are not of keys
        if () not in operation.security and unsigned > with_some:
            yield ""

    return places


def _letting_in(with_some: bool) -> Callable[[str, Site], Fault]:
    def let_in(answered: AnsweredCall) -> Reply | None:
        site, has_some = answered.site, answered.call.header("Authorization") is not None
        if answered.reply.status != 401 or has_some is not with_some:
            return None
        return answered.answer(with_placeholder(answered.call, site.operation, site.scope.contract))

    return replying(let_in)


def _without_challenge(answered: AnsweredCall) -> Reply | None:
    reply = answered.reply
    is_challenged = reply.status == 401 and reply.header("WWW-Authenticate") is not None
    return without_header(reply, "WWW-Authenticate") if is_challenged else None


def _any_operation(operation: Operation, scope: Scope) -> Iterator[str]:
    yield ""


def _any_method(answered: AnsweredCall) -> Reply | None:
    return answered.accepted() if answered.reply.status == 405 else None


def _without_allow(answered: AnsweredCall) -> Reply | None:
    return without_header(answered.reply, "Allow") if answered.reply.status == 405 else None


KINDS = (
    MutationKind("type-not-checked", "{place} may have any type", _typed, _accepting(_of_type)),
    MutationKind(
        "required-parameter-not-checked", "{place} may be missing", _required, _accepting(_by_rule("required"))
    ),
    MutationKind(
        "required-property-not-checked",
        "{place} may be missing",
        _in_body(lambda spot: spot.is_required),
        _accepting(_missing_property),
    ),
    MutationKind("enum-not-checked", "{place} may be any value", _enumerated, _accepting(_by_rule("enum"))),
    MutationKind("body-not-checked", "the body may be missing", _needing_body, _accepting(_no_body)),
    MutationKind("syntax-not-checked", "the body may be no JSON", _with_body, _accepting(_by_rule("syntax"))),
    MutationKind("media-type-not-checked", "the body may be of any media type", _with_body, replying(_any_media_type)),
    MutationKind("valid-refused", "{place} is not accepted", _optional, replying(_refusing)),
    MutationKind(
        "crash-on-empty-text", "an empty {place} crashes", _of_kind("string"), _crashing(lambda value: value == "")
    ),
    MutationKind(
        "crash-on-largest",
        "the largest int32 at {place} crashes",
        _in_body(lambda spot: spot.schema.get("format") == "int32"),
        _crashing(lambda value: value == _LARGEST),
    ),
    MutationKind(
        "crash-on-negative",
        "a negative {place} crashes",
        _of_kind("integer"),
        _crashing(lambda value: type(value) is int and value < 0),
    ),
    MutationKind(
        "crash-on-null",
        "null at {place} crashes",
        _in_body(lambda spot: spot.is_property and spot.can_be_null),
        _crashing(lambda value: value is None),
    ),
    MutationKind(
        "missing-credentials-accepted",
        "no credentials are needed",
        _secured(with_some=False),
        _letting_in(with_some=False),
    ),
    MutationKind(
        "malformed-credentials-accepted",
        "any credentials will do",
        _secured(with_some=True),
        _letting_in(with_some=True),
    ),
    MutationKind(
        "no-challenge", "401 has no WWW-Authenticate", _secured(with_some=False), replying(_without_challenge)
    ),
    MutationKind("any-method", "an undocumented method is answered", _any_operation, replying(_any_method)),
    MutationKind("no-allow", "405 has no Allow", _any_operation, replying(_without_allow)),
)
"""Kinds of broken promises about the handling of requests."""
