"""How the ways to authenticate of an operation differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.model import Contract, Operation
from .change import Judgement
from .diff_rules import BREAKING, SAFE
from .normalise import canonical_json

Ways = frozenset[frozenset[str]]
"""Alternatives; all schemes of one are needed together."""

_NONE_NEEDED: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SecurityChange:
    """A rule, its judgement before evidence is looked at, and what to say of it."""

    rule: str
    judgement: Judgement
    message: str


def security_changes(old: Operation, new: Operation, before: Contract, after: Contract) -> Iterator[SecurityChange]:
    """Yield what changed, schemes of another name but the same definition being the same."""
    names = _same_schemes(before, after)
    was, now = _ways(old, {}), _ways(new, names)
    if not _is_needed(was) and _is_needed(now):
        yield SecurityChange("security-required", BREAKING, f"{_told(now)} is needed now, nothing was")
        return
    if _is_needed(was) and not _is_needed(now):
        yield SecurityChange("security-dropped", SAFE, f"no credentials are needed any more, {_told(was)} was")
        return
    for way in _sorted(was):
        if not any(other <= way for other in now):
            more = next((other - way for other in _sorted(now) if way < other), None)
            without = f" without {_named(more)}" if more else ""
            yield SecurityChange("security-removed", BREAKING, f"{_named(way)} is no longer accepted{without}")
    for way in _sorted(now):
        if not any(other <= way for other in was):
            yield SecurityChange("security-added", SAFE, f"{_named(way)} is accepted now")
    for name in sorted({name for way in was & now for name in way}):
        if _differs(name, before, after):
            yield SecurityChange("security-changed", BREAKING, f"{name} asks for something else now")


def _ways(operation: Operation, names: Mapping[str, str]) -> Ways:
    return frozenset(frozenset(names.get(name, name) for name in way) for way in operation.security)


def _is_needed(ways: Ways) -> bool:
    return bool(ways) and _NONE_NEEDED not in ways


def _sorted(ways: Ways) -> list[frozenset[str]]:
    return sorted((way for way in ways if way), key=sorted)


def _named(way: frozenset[str]) -> str:
    return " with ".join(sorted(way))


def _told(ways: Ways) -> str:
    return " or ".join(_named(way) for way in _sorted(ways))


def _definition(scheme: Mapping[str, Any]) -> str:
    """Return what a scheme asks a client for; header names and HTTP schemes are the same in any case."""
    told = {key: scheme.get(key) for key in ("type", "scheme", "in", "name")}
    if told["type"] != "apiKey" or told["in"] == "header":
        told = {key: value.lower() if isinstance(value, str) else value for key, value in told.items()}
    return canonical_json(told)


def _same_schemes(before: Contract, after: Contract) -> dict[str, str]:
    """Return the new names of schemes, each with the old one, where nothing else changed."""
    old, new = before.security_schemes, after.security_schemes
    gone = {_definition(old[name]): name for name in sorted(old.keys() - new.keys(), reverse=True)}
    return {name: gone[key] for name in new.keys() - old.keys() if (key := _definition(new[name])) in gone}


def _differs(name: str, before: Contract, after: Contract) -> bool:
    old, new = before.security_schemes.get(name), after.security_schemes.get(name)
    return old is not None and new is not None and _definition(old) != _definition(new)
