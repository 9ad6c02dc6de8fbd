"""Changes of an operation: identity, security, effect, behaviours and parameters, and whom each breaks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain, zip_longest
from typing import Any

from ..contract.facts import Fact, FactKind
from ..contract.model import Behaviour, Contract, Operation, Parameter, Schema, types_of
from ..contract.paths import path_variables
from .body_changes import request_changes, response_changes
from .change import NO_VALUE, Change, Judgement
from .diff_rules import BREAKING, RISKY, SAFE
from .normalise import canonical_json, meaning
from .operation_pair import ComparedPlace, OperationPair, limited_by_evidence
from .received_changes import callback_changes
from .serialisation_changes import serialisation_changes
from .server_changes import has_moved, server_changes

_Requirements = frozenset[frozenset[str]]
"""Alternatives; all schemes of one are needed together."""

_NONE_NEEDED: frozenset[str] = frozenset()


def operation_changes(pair: OperationPair) -> Iterator[Change]:
    """Yield all that changed but links, which are worked out of the rest."""
    yield from _identity(pair)
    yield from server_changes(pair)
    yield from _deprecation(pair)
    yield from _security(pair)
    yield from _effect(pair)
    behaviours = list(_behaviours(pair))
    yield from behaviours
    reported = {change.fact for change in behaviours}
    for change in _parameters(pair):
        if change.rule not in ("parameter-removed", "parameter-added") or change.fact not in reported:
            yield change
    yield from request_changes(pair)
    yield from response_changes(pair)
    yield from callback_changes(pair)


def _identity(pair: OperationPair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    fact, lines = pair.fact(), (old.evidence, new.evidence)
    if has_moved(pair):
        message = f"{old.label} is {new.label} now"
        yield pair.change("operation-moved", limited_by_evidence(BREAKING, new.evidence), fact, message, *lines)
    elif old.id != new.id:
        yield pair.change("operation-renamed", SAFE, fact, f"{old.id} is called {new.id} now", *lines)


def _deprecation(pair: OperationPair) -> Iterator[Change]:
    """Yield that an operation is deprecated, which changes nothing yet, and another day from which it may be gone."""
    old, new = pair.old, pair.new
    lines = old.evidence, new.evidence
    if old.deprecated != new.deprecated:
        rule, word = ("operation-deprecated", "now") if new.deprecated else ("operation-undeprecated", "no longer")
        yield pair.change(rule, SAFE, pair.fact(), f"the operation is deprecated {word}", *lines)
    if old.sunset != new.sunset and (old.sunset or not new.deprecated or old.deprecated):
        days = sunset_day(old.sunset), sunset_day(new.sunset)
        is_later = days[1] is None or (days[0] is not None and days[0] <= days[1])
        message = f"the operation may be gone from {new.sunset} on" if new.sunset else "the operation stays for now"
        yield pair.change("sunset-changed", SAFE if is_later else RISKY, pair.fact(), message, *lines)


def sunset_day(text: str) -> date | None:
    """Return the day of an ``x-sunset``, ``None`` where there is none or it is no date (RFC 3339, section 5.6)."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _security(pair: OperationPair) -> Iterator[Change]:
    old, new = pair.old.security_evidence, pair.new.security_evidence
    lines = old or pair.old.evidence, new or pair.new.evidence
    for rule, judgement, message in _security_changes(pair.old, pair.new, pair.comparisons.old, pair.comparisons.new):
        yield pair.change(rule, limited_by_evidence(judgement, new), pair.fact(), message, *lines)


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
    old, new = _behaviours_by_name(pair.old), _behaviours_by_name(pair.new)
    for key in sorted(old.keys() - new.keys()):
        fact, message = _of_behaviour(pair, pair.old, old[key]), f"{_behaviour_text(old[key])} is no longer documented"
        yield pair.change("behaviour-removed", BREAKING, fact, message, old[key].evidence, None)
    for key in sorted(new.keys() - old.keys()):
        fact, message = _of_behaviour(pair, pair.new, new[key]), f"{_behaviour_text(new[key])} is documented now"
        yield pair.change("behaviour-added", SAFE, fact, message, None, new[key].evidence)


def _behaviours_by_name(operation: Operation) -> dict[tuple[str, str], Behaviour]:
    return {(behaviour.name, behaviour.parameter): behaviour for behaviour in operation.behaviours}


def _behaviour_text(behaviour: Behaviour) -> str:
    return f"{behaviour.name} by {behaviour.parameter}" if behaviour.parameter else behaviour.name


def _of_behaviour(pair: OperationPair, operation: Operation, behaviour: Behaviour) -> Fact:
    """Return the parameter that asks for a behaviour, the operation where none does."""
    for parameter in operation.parameters:
        if behaviour.parameter and parameter.name.casefold() == behaviour.parameter.casefold():
            return pair.fact(FactKind.PARAMETER, _fact_name(parameter))
    return pair.fact()


def _fact_name(parameter: Parameter) -> str:
    return f"{parameter.location}/{parameter.name}"


def _parameters(pair: OperationPair) -> Iterator[Change]:
    old, new = _by_key(pair.old), _by_key(pair.new)
    for key in sorted(old.keys() - new.keys()):
        fact, message = pair.fact(FactKind.PARAMETER, _fact_name(old[key])), f"{_called(old[key])} is gone"
        yield pair.change("parameter-removed", RISKY, fact, message, old[key].evidence, None)
    for key in sorted(new.keys() - old.keys()):
        yield _added(pair, new[key])
    for key in sorted(old.keys() & new.keys()):
        yield from _parameter(pair, old[key], new[key])


def _by_key(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """Return the parameters by what tells them apart: their place in the path, or their name."""
    places = {name: str(number) for number, name in enumerate(path_variables(operation.path))}
    return {(parameter.location, _key(parameter, places)): parameter for parameter in operation.parameters}


def _key(parameter: Parameter, places: dict[str, str]) -> str:
    if parameter.location == "path":
        return places.get(parameter.name, parameter.name)
    return parameter.name.casefold() if parameter.location == "header" else parameter.name


def _called(parameter: Parameter) -> str:
    return f"the {parameter.location} parameter {parameter.name}"


def _is_required(parameter: Parameter) -> bool:
    return parameter.location == "path" or bool(parameter.required)


def _added(pair: OperationPair, new: Parameter) -> Change:
    fact = pair.fact(FactKind.PARAMETER, _fact_name(new))
    rule, judgement = ("required-parameter-added", BREAKING) if _is_required(new) else ("parameter-added", SAFE)
    message = f"{_called(new)} is new" + (" and required" if _is_required(new) else "")
    return replace(pair.change(rule, judgement, fact, message, None, new.evidence), concerned=pair.fact())


def _parameter(pair: OperationPair, old: Parameter, new: Parameter) -> Iterator[Change]:
    fact, lines, called = pair.fact(FactKind.PARAMETER, _fact_name(old)), (old.evidence, new.evidence), _called(old)
    if old.location == "path" and old.name != new.name:
        yield pair.change("parameter-renamed", SAFE, fact, f"{called} is called {new.name} now", *lines)
    if not _is_required(old) and _is_required(new):
        judgement, message = limited_by_evidence(BREAKING, new.evidence), f"{called} may not be left out any more"
        change = pair.change("parameter-became-required", judgement, fact, message, *lines)
        yield replace(change, concerned=pair.fact())
    elif _is_required(old) and not _is_required(new):
        yield pair.change("parameter-became-optional", SAFE, fact, f"{called} may be left out now", *lines)
    contracts = pair.comparisons
    for rule, judgement, what in serialisation_changes(old, new, contracts.old, contracts.new):
        yield pair.change(rule, limited_by_evidence(judgement, new.evidence), fact, f"{called} {what}", *lines)
    where = ComparedPlace("request", "parameter", FactKind.PARAMETER, _fact_name(old), called, *lines)
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


def _security_changes(
    old: Operation, new: Operation, before: Contract, after: Contract
) -> Iterator[tuple[str, Judgement, str]]:
    """Yield the rule, the judgement before evidence is looked at, and the message of each change.

    Schemes of another name but the same definition are the same.
    """
    names = _same_schemes(before, after)
    was, now = _requirements(old, {}), _requirements(new, names)
    if not _needs_credentials(was) and _needs_credentials(now):
        yield ("security-required", BREAKING, f"{_joined_requirements(now)} is needed now, nothing was")
        return
    if _needs_credentials(was) and not _needs_credentials(now):
        yield ("security-dropped", SAFE, f"no credentials are needed any more, {_joined_requirements(was)} was")
        return
    for requirement in _sorted_requirements(was):
        if not any(other <= requirement for other in now):
            more = next((other - requirement for other in _sorted_requirements(now) if requirement < other), None)
            without = f" without {_joined_schemes(more)}" if more else ""
            yield ("security-removed", BREAKING, f"{_joined_schemes(requirement)} is no longer accepted{without}")
    for requirement in _sorted_requirements(now):
        if not any(other <= requirement for other in was):
            yield ("security-added", SAFE, f"{_joined_schemes(requirement)} is accepted now")
    for name in sorted({name for requirement in was & now for name in requirement}):
        if _is_redefined(name, before, after):
            yield ("security-changed", BREAKING, f"{name} asks for something else now")
    yield from _scope_changes(_scopes(old, {}), _scopes(new, names))


def _scopes(operation: Operation, names: Mapping[str, str]) -> dict[frozenset[str], list[frozenset[str]]]:
    """Return the scopes of each alternative, by the schemes that are needed together."""
    scopes: dict[frozenset[str], list[frozenset[str]]] = {}
    for requirement, needed in zip_longest(operation.security, operation.scopes, fillvalue=()):
        schemes = frozenset(names.get(name, name) for name in requirement)
        scopes.setdefault(schemes, []).append(frozenset(chain.from_iterable(needed)))
    return scopes


def _scope_changes(
    old: Mapping[frozenset[str], list[frozenset[str]]], new: Mapping[frozenset[str], list[frozenset[str]]]
) -> Iterator[tuple[str, Judgement, str]]:
    """Yield scopes that a token needs now, which it may lack, and those that it needs no longer."""
    for schemes in sorted(old.keys() & new.keys(), key=sorted):
        for scopes in old[schemes]:
            nearest = min(new[schemes], key=lambda other: (len(other - scopes), -len(other)))
            if added := sorted(nearest - scopes):
                yield ("scope-added", RISKY, f"{_joined_schemes(schemes)} needs {', '.join(added)}, too, now")
            elif dropped := sorted(scopes - nearest):
                yield ("scope-removed", SAFE, f"{_joined_schemes(schemes)} needs {', '.join(dropped)} no longer")


def _requirements(operation: Operation, names: Mapping[str, str]) -> _Requirements:
    return frozenset(frozenset(names.get(name, name) for name in requirement) for requirement in operation.security)


def _needs_credentials(requirements: _Requirements) -> bool:
    return bool(requirements) and _NONE_NEEDED not in requirements


def _sorted_requirements(requirements: _Requirements) -> list[frozenset[str]]:
    return sorted((requirement for requirement in requirements if requirement), key=sorted)


def _joined_schemes(requirement: frozenset[str]) -> str:
    return " with ".join(sorted(requirement))


def _joined_requirements(requirements: _Requirements) -> str:
    return " or ".join(_joined_schemes(requirement) for requirement in _sorted_requirements(requirements))


def _definition(scheme: Mapping[str, Any]) -> str:
    """Return what a scheme asks a client for; header names and HTTP schemes are the same in any case."""
    definition = {key: scheme.get(key) for key in ("type", "scheme", "in", "name")}
    if definition["type"] != "apiKey" or definition["in"] == "header":
        definition = {key: value.lower() if isinstance(value, str) else value for key, value in definition.items()}
    return canonical_json(definition)


def _same_schemes(before: Contract, after: Contract) -> dict[str, str]:
    """Return the new names of schemes, each with the old one, where nothing else changed."""
    old, new = before.security_schemes, after.security_schemes
    gone = {_definition(old[name]): name for name in sorted(old.keys() - new.keys(), reverse=True)}
    return {name: gone[key] for name in new.keys() - old.keys() if (key := _definition(new[name])) in gone}


def _is_redefined(name: str, before: Contract, after: Contract) -> bool:
    old, new = before.security_schemes.get(name), after.security_schemes.get(name)
    return old is not None and new is not None and _definition(old) != _definition(new)
