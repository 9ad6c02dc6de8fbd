"""What was created is there: reads find it, and so do a list of all and those that are asked for it."""

from collections.abc import Iterator, Sequence
from typing import Any

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Step, never

_SHOWING = ("create", "save", "read")
_LISTS = {"list": Severity.WARNING, "search": Severity.NOTE}
"""Roles that show several things, and how bad it is if one is missing: what a search asks for is only half known."""


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    names = _key_names(steps)
    key: Any = None
    for step in steps:
        exchange, role = step.exchange, step.role
        if role.name == "delete" and exchange.succeeded:
            return
        if role.name == "read" and exchange.case.existing and exchange.reply.status in (404, 410):
            yield _finding(exchange, Severity.WARNING, "an answer to what was created", exchange.answer, "read")
        if not exchange.succeeded or not exchange.is_readable:
            continue
        if role.name in _SHOWING:
            key = key or next(_keys(exchange.json, names), None)
        elif role.name in _LISTS and key is not None and not _shows(exchange.json, key, names):
            yield _finding(
                exchange, _LISTS[role.name], f"a list with {key}, which was created", "one without it", "list"
            )


def _key_names(steps: Sequence[Step]) -> frozenset[str]:
    """Return the names of the keys of the resource that a chain is about, in lower case."""
    resources = steps[0].exchange.subject.contract.resources.resources if steps else ()
    found = (one for one in resources if steps[0].role in one.roles)
    return frozenset(key.lower() for one in found for key in one.views.values())


def _keys(value: Any, names: frozenset[str]) -> Iterator[Any]:
    members = value.items() if isinstance(value, dict) else ()
    yield from (part for name, part in members if name.lower() in names and part)


def _shows(value: Any, key: Any, names: frozenset[str]) -> bool:
    """Tell whether a list shows a key, or isn't one whose rows tell theirs."""
    lists = [value] if isinstance(value, list) else [part for part in _values(value) if isinstance(part, list)]
    rows = [row for part in lists for row in part]
    found = [next(_keys(row, names), None) for row in rows]
    return not lists or None in found or str(key) in map(str, found)


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _finding(exchange: Exchange, severity: Severity, promised: str, came: str, rule: str) -> Finding:
    return exchange.finding("created-listed", severity, promised=promised, came=came, rule=rule)


CHECK = Check("created-listed", "what is created can be read and is listed", applies=never, chain=_chain)
