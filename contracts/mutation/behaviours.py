"""Mutants that ignore a documented behaviour: they answer as if its parameter had not been sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote

from docdouble.fakeserver.behaviours.conditional_requests import last_modified
from docdouble.fakeserver.http.problem import problem
from docdouble.schemas import Call, Operation, Reply
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.http import json_body

from .mutant import Answer, AnsweredCall, Fault, MutationKind, Scope, Site, replying
from .places import MutationPlace, answer_spots, request_spots

_MAY_HAVE_NO_EFFECT = (BehaviourName.LANGUAGE, BehaviourName.LANGUAGE_OVERRIDE, BehaviourName.CULTURE)
"""Behaviours that nobody sees missing: a server may know one language only."""

_MOMENT = "2024-01-01T00:00:00Z"

_CONDITIONS = ("If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since")


def _asked_by_parameter(operation: Operation, scope: Scope) -> Iterator[str]:
    spots = answer_spots(operation, scope)
    yield from (
        behaviour.name for behaviour in operation.behaviours if behaviour.parameter and _shows(behaviour.name, spots)
    )


def _shows(behaviour: str, spots: list[MutationPlace]) -> bool:
    """Tell whether a behaviour can show in an answer of these places."""
    if behaviour == BehaviourName.TIME_ZONE:
        return any(spot.schema.get("format") == "date-time" for spot in spots)
    if behaviour in _MAY_HAVE_NO_EFFECT:
        return False
    if behaviour == BehaviourName.SELECT_PROJECTION:
        return any(spot.is_record for spot in spots if spot.pointer in ("", "/*"))
    return bool(spots)


def _ignored(place: str, site: Site) -> Fault:
    return _answering(lambda call: _without(call, _parameter(place, site)), site)


def _parameter(place: str, site: Site) -> str:
    return next((behaviour.parameter.lower() for behaviour in site.operation.behaviours if behaviour.name == place), "")


def _without(call: Call, name: str) -> Call:
    """Return the call without a parameter, whether of the query or a header field."""
    parts = call.query.split("&") if call.query else []
    kept = [part for part in parts if unquote(part.partition("=")[0]).lower() != name]
    target = f"{call.path}?{'&'.join(kept)}" if kept else call.path
    return replace(call.with_headers(drop=(name,)), target=target if call.query else call.target)


def _steered(operation: Operation, scope: Scope) -> Iterator[str]:
    yield from (behaviour.name for behaviour in operation.behaviours if behaviour.parameter)


def _refused(answered: AnsweredCall) -> Reply | None:
    name = _parameter(answered.place, answered.site)
    is_asked = answered.reply.status < 300 and _without(answered.call, name) != answered.call
    return problem(400, f"{name} is not accepted") if is_asked else None


def _answering(without: Callable[[Call], Call], site: Site) -> Fault:
    """Return a fault that answers another call; one that needn't be changed is answered as it is."""

    def fault(call: Call, answer: Answer) -> Reply:
        other = without(call)
        if other == call:
            return answer(call)
        right, reply = answer(call), answer(other)
        if right.status in (401, 403):
            return right
        site.asked += 1
        return right if right == reply else site.broken(reply)

    return fault


def _conditional(operation: Operation, scope: Scope) -> Iterator[str]:
    """Yield the place where conditions are documented, and a property shows when it was changed."""
    names = (spot.pointer[1:] for spot in answer_spots(operation, scope) if spot.pointer.count("/") == 1)
    is_dated = any(last_modified({name: _MOMENT}) for name in names)
    if is_dated and {"304", "412"} & {response.status for response in operation.responses}:
        yield ""


def _unconditional(place: str, site: Site) -> Fault:
    return _answering(lambda call: call.with_headers(drop=_CONDITIONS), site)


def _any_case(operation: Operation, scope: Scope) -> Iterator[str]:
    if operation.behaves(BehaviourName.ANY_CASE) and _names(operation, scope):
        yield ""


def _names(operation: Operation, scope: Scope) -> set[str]:
    """Return the documented names of a body's properties, or of those of its items."""
    pointers = (spot.pointer.removeprefix("/*") for spot in request_spots(operation, scope) if spot.is_property)
    return {pointer[1:] for pointer in pointers if pointer.count("/") == 1}


def _one_case(answered: AnsweredCall) -> Reply | None:
    names = _names(answered.site.operation, answered.site.scope)
    lower = {name.lower() for name in names}
    respelled = (name for name in _members(answered.call) if name not in names and name.lower() in lower)
    return problem(400, "a property that is not known") if answered.reply.status < 300 and any(respelled) else None


def _members(call: Call) -> list[str]:
    try:
        body = json_body(call)
    except ValueError:
        return []
    records = body if isinstance(body, list) else [body]
    return [name for record in records if isinstance(record, dict) for name in record]


KINDS = (
    MutationKind("ignored-behaviour", "{place} is ignored", _asked_by_parameter, _ignored),
    MutationKind("refused-behaviour", "whoever asks for {place} is refused", _steered, replying(_refused)),
    MutationKind(
        "ignored-condition",
        "conditions (RFC 9110, section 13.1) are ignored",
        _conditional,
        _unconditional,
        in_chains=True,
    ),
    MutationKind("names-in-one-case", "property names must be spelled as documented", _any_case, replying(_one_case)),
)
"""Kinds of documented behaviours that can be missing."""
