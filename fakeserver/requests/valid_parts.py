"""Valid part of a body that breaks its documentation: what a server that takes it anyway may keep and repeat."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Literal

from docdouble.schemas import Validator
from docdouble.schemas.json_pointer import steps_of

Validation = Literal["on", "warn", "off"]
"""Treatment of requests that break the documentation: they are refused, answered and noted, or just answered."""

_MOST_ROUNDS = 5
"""Rounds of taking out parts: the rest may break another promise."""

_OF_MISSING = ("required", "dependentRequired")
"""Rules that are broken by what isn't there."""


def valid_part(value: Any, validator: Validator) -> Any:
    """Return a value without its parts that break a schema, ``None`` where nothing valid is left.

    That something is missing harms nobody.
    """
    part = value
    for _ in range(_MOST_ROUNDS):
        broken = [violation for violation in validator.violations(part) if violation.rule not in _OF_MISSING]
        pointers = {violation.pointer for violation in broken if violation.counts}
        if not pointers:
            return part
        if "" in pointers:
            return None
        part = _without(part, pointers)
    return None


def _without(value: Any, pointers: Iterable[str]) -> Any:
    changed = deepcopy(value)
    for steps in sorted((steps_of(pointer) for pointer in pointers), key=_from_the_end, reverse=True):
        holder = changed
        for step in steps[:-1]:
            holder = _member(holder, step)
        if isinstance(holder, dict):
            holder.pop(steps[-1], None)
        elif isinstance(holder, list) and steps[-1].isdecimal() and int(steps[-1]) < len(holder):
            del holder[int(steps[-1])]
    return changed


def _from_the_end(steps: list[str]) -> list[tuple[int, str]]:
    """Return a key by which later items of an array come after earlier ones, and parts of a part after it."""
    return [(int(step) if step.isdecimal() else -1, step) for step in steps]


def _member(holder: Any, step: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    is_index = isinstance(holder, list) and step.isdecimal() and int(step) < len(holder)
    return holder[int(step)] if is_index else None
