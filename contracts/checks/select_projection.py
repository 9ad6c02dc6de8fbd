"""``$select``: what it doesn't name is null."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

from ..case import Purpose
from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check

BEHAVIOUR = "select-projection"


def selected(exchange: Exchange) -> set[str]:
    """Return the top-level names that the call selects, lower case; empty where it selects nothing."""
    behaviour = exchange.operation.behaviour(BEHAVIOUR)
    if behaviour is None:
        return set()
    values = parse_qs(exchange.call.query).get(behaviour.parameter, [])
    names = {name.strip().partition("/")[0].lower() for value in values for name in value.split(",")}
    return names - {""}


def _run(exchange: Exchange) -> Iterator[Finding]:
    wanted = selected(exchange)
    if not wanted or exchange.purpose is not Purpose.VALID or not exchange.succeeded:
        return
    try:
        value = exchange.json
    except ValueError:
        return
    behaviour = exchange.operation.behaviour(BEHAVIOUR)
    for record in value if isinstance(value, list) else [value]:
        extra = [name for name, part in _members(record) if part is not None and name.lower() not in wanted]
        if extra:
            yield exchange.finding(
                "select-projection",
                Severity.ERROR,
                promised=f"null for all but {', '.join(sorted(wanted))}",
                came=f"{len(extra)} other properties, {extra[0]} among them",
                rule="projection",
                evidence=behaviour.evidence if behaviour else None,
            )


def _members(record: Any) -> Iterable[tuple[str, Any]]:
    return record.items() if isinstance(record, dict) else ()


CHECK = Check("select-projection", "$select nulls what it doesn't name", _run)
