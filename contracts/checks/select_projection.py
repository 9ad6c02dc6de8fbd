"""Projection by ``$select``: properties that it doesn't name are null."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

from docdouble.schemas.contract.behaviour_names import BehaviourName

from ..model.case import Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check


def selected_names(exchange: Exchange) -> set[str]:
    """Return the top-level names that the call selects, lower case; empty where it selects nothing."""
    behaviour = exchange.operation.behaviour(BehaviourName.SELECT_PROJECTION)
    if behaviour is None:
        return set()
    values = parse_qs(exchange.call.query).get(behaviour.parameter, [])
    names = {name.strip().partition("/")[0].lower() for value in values for name in value.split(",")}
    return names - {""}


def _applies(exchange: Exchange) -> bool:
    is_judged = exchange.purpose is Purpose.VALID and exchange.succeeded and exchange.is_readable
    return is_judged and bool(selected_names(exchange))


def _run(exchange: Exchange) -> Iterator[Finding]:
    wanted = selected_names(exchange)
    value = exchange.json
    behaviour = exchange.operation.behaviour(BehaviourName.SELECT_PROJECTION)
    judged = _documented(exchange)
    for record in value if isinstance(value, list) else [value]:
        members = [(name, part) for name, part in _members(record) if not judged or name.lower() in judged]
        extra = [name for name, part in members if part is not None and name.lower() not in wanted]
        if extra and behaviour:
            yield exchange.finding(
                "select-projection",
                severity_of(behaviour.evidence.grade),
                expected=f"null for all but {', '.join(sorted(wanted))}",
                got=_listed(extra),
                rule="projection",
                evidence=behaviour.evidence,
            )


def _documented(exchange: Exchange) -> set[str]:
    """Return the documented top-level names, lower case; what isn't documented is reported by another check."""
    top = (record for record in exchange.records if record.pointer.count("/") == isinstance(exchange.json, list))
    return {name.lower() for record in top for name in record.schema["properties"]}


def _members(record: Any) -> Iterable[tuple[str, Any]]:
    return record.items() if isinstance(record, dict) else ()


def _listed(extra: list[str]) -> str:
    return (
        f"another property, {extra[0]}" if len(extra) == 1 else f"{len(extra)} other properties, {extra[0]} among them"
    )


CHECK = Check("select-projection", "$select nulls what it doesn't name", _run, _applies)
