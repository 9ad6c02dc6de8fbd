"""How two readings of one operation differ, and whom that breaks."""

from collections.abc import Iterator
from dataclasses import replace

from ..contract.facts import Fact, FactKind
from ..contract.model import Behaviour, Operation, Parameter, Schema, types_of
from ..contract.paths import path_variables, unnamed_template
from .bodies import request_changes, response_changes
from .change import NO_VALUE, Change
from .diff_rules import BREAKING, RISKY, SAFE
from .normalise import meaning
from .pair import ComparedPlace, OperationPair, limited_by_evidence
from .security import security_changes


def operation_changes(pair: OperationPair) -> Iterator[Change]:
    """Yield all that changed but links, which are worked out of the rest."""
    yield from _identity(pair)
    yield from _security(pair)
    yield from _effect(pair)
    told = list(_behaviours(pair))
    yield from told
    named = {change.fact for change in told}
    yield from (one for one in _parameters(pair) if not (one.rule in _LIKE_A_BEHAVIOUR and one.fact in named))
    yield from request_changes(pair)
    yield from response_changes(pair)


_LIKE_A_BEHAVIOUR = ("parameter-removed", "parameter-added")
"""What is told already, where a behaviour of the parameter comes or goes."""


def _identity(pair: OperationPair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    fact, lines = pair.fact(), (old.evidence, new.evidence)
    if (old.method, unnamed_template(old.path)) != (new.method, unnamed_template(new.path)):
        message = f"{old.label} is {new.label} now"
        yield pair.change("operation-moved", limited_by_evidence(BREAKING, new.evidence), fact, message, *lines)
    elif old.id != new.id:
        yield pair.change("operation-renamed", SAFE, fact, f"{old.id} is called {new.id} now", *lines)


def _security(pair: OperationPair) -> Iterator[Change]:
    old, new = pair.old.security_evidence, pair.new.security_evidence
    for one in security_changes(pair.old, pair.new, pair.comparisons.old, pair.comparisons.new):
        lines = old or pair.old.evidence, new or pair.new.evidence
        yield pair.change(one.rule, limited_by_evidence(one.judgement, new), pair.fact(), one.message, *lines)


def _effect(pair: OperationPair) -> Iterator[Change]:
    """Yield a change of the effect; what isn't known may write."""
    reads = pair.old.effect == "read", pair.new.effect == "read"
    if reads[0] != reads[1]:
        lines = pair.old.effect_evidence, pair.new.effect_evidence
        message = "only reads now" if reads[1] else "may write now, and only read before"
        yield pair.change(
            "effect-changed", SAFE if reads[1] else RISKY, pair.fact(), f"the operation {message}", *lines
        )


def _behaviours(pair: OperationPair) -> Iterator[Change]:
    old, new = ({(one.name, one.parameter): one for one in each.behaviours} for each in (pair.old, pair.new))
    for key in sorted(old.keys() - new.keys()):
        fact, message = _of_behaviour(pair, pair.old, old[key]), f"{_told(old[key])} is no longer documented"
        yield pair.change("behaviour-removed", BREAKING, fact, message, old[key].evidence, None)
    for key in sorted(new.keys() - old.keys()):
        fact, message = _of_behaviour(pair, pair.new, new[key]), f"{_told(new[key])} is documented now"
        yield pair.change("behaviour-added", SAFE, fact, message, None, new[key].evidence)


def _told(behaviour: Behaviour) -> str:
    return f"{behaviour.name} by {behaviour.parameter}" if behaviour.parameter else behaviour.name


def _of_behaviour(pair: OperationPair, operation: Operation, behaviour: Behaviour) -> Fact:
    """Return the parameter that asks for a behaviour, the operation where none does."""
    for one in operation.parameters:
        if behaviour.parameter and one.name.casefold() == behaviour.parameter.casefold():
            return pair.fact(FactKind.PARAMETER, _name(one))
    return pair.fact()


def _name(parameter: Parameter) -> str:
    return f"{parameter.location}/{parameter.name}"


def _parameters(pair: OperationPair) -> Iterator[Change]:
    old, new = _by_key(pair.old), _by_key(pair.new)
    for key in sorted(old.keys() - new.keys()):
        one = old[key]
        message = f"{_called(one)} is gone"
        yield pair.change(
            "parameter-removed", RISKY, pair.fact(FactKind.PARAMETER, _name(one)), message, one.evidence, None
        )
    for key in sorted(new.keys() - old.keys()):
        yield _added(pair, new[key])
    for key in sorted(old.keys() & new.keys()):
        yield from _parameter(pair, old[key], new[key])


def _by_key(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """Return the parameters by what tells them apart: their place in the path, or their name."""
    places = {name: str(number) for number, name in enumerate(path_variables(operation.path))}
    return {(one.location, _key(one, places)): one for one in operation.parameters}


def _key(parameter: Parameter, places: dict[str, str]) -> str:
    if parameter.location == "path":
        return places.get(parameter.name, parameter.name)
    return parameter.name.casefold() if parameter.location == "header" else parameter.name


def _called(parameter: Parameter) -> str:
    return f"the {parameter.location} parameter {parameter.name}"


def _is_required(parameter: Parameter) -> bool:
    return parameter.location == "path" or bool(parameter.required)


def _added(pair: OperationPair, new: Parameter) -> Change:
    fact = pair.fact(FactKind.PARAMETER, _name(new))
    rule, judgement = ("required-parameter-added", BREAKING) if _is_required(new) else ("parameter-added", SAFE)
    message = f"{_called(new)} is new" + (" and required" if _is_required(new) else "")
    return replace(pair.change(rule, judgement, fact, message, None, new.evidence), concerned=pair.fact())


def _parameter(pair: OperationPair, old: Parameter, new: Parameter) -> Iterator[Change]:
    fact, lines, called = pair.fact(FactKind.PARAMETER, _name(old)), (old.evidence, new.evidence), _called(old)
    if old.location == "path" and old.name != new.name:
        yield pair.change("parameter-renamed", SAFE, fact, f"{called} is called {new.name} now", *lines)
    if not _is_required(old) and _is_required(new):
        judgement, message = limited_by_evidence(BREAKING, new.evidence), f"{called} may not be left out any more"
        change = pair.change("parameter-became-required", judgement, fact, message, *lines)
        yield replace(change, concerned=pair.fact())
    elif _is_required(old) and not _is_required(new):
        yield pair.change("parameter-became-optional", SAFE, fact, f"{called} may be left out now", *lines)
    where = ComparedPlace("request", "parameter", FactKind.PARAMETER, _name(old), called, *lines)
    for change in pair.schemas(old.schema, new.schema, where):
        is_text = change.rule == "parameter-type-changed" and _is_still_text(old.schema, new.schema)
        yield replace(change, judgement=RISKY, example=NO_VALUE) if is_text else change


def _is_still_text(old: Schema, new: Schema) -> bool:
    """Tell whether all that was sent is still allowed: parameters are sent as text, whatever their type."""
    return (
        bool(types_of(old))
        and set(types_of(old)) <= {"integer", "number", "boolean"}
        and meaning(new) == {"type": "string"}
    )
