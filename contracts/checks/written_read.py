"""What is written is read back. Which operation writes and which reads is worked out from names, so only a warning."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from docdouble.schemas import Schema
from docdouble.schemas.contract import evidence_of
from docdouble.schemas.message import is_json
from docdouble.schemas.positions import escape

from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check, Step, never
from .judging import at_most

_WRITES = ("create", "save", "update", "patch")
_BY_SERVER = re.compile(r"(date)?(last)?(created|registered|updated|modified|changed)(date|time|at|on|by\w*)?")
"""Names of what a server keeps itself, in lower case."""


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    written: dict[str, Any] = {}
    for step in steps:
        exchange = step.exchange
        if step.role.name in _WRITES and exchange.succeeded:
            written |= _sent(step)
        elif step.role.name == "delete":
            written = {}
        elif step.role.name == "read" and written and exchange.succeeded and exchange.is_readable:
            yield from _compared(exchange, written, _keys(steps))


def _sent(step: Step) -> Mapping[str, Any]:
    """Return the properties that a call writes, by their names in lower case."""
    call, place = step.exchange.call, step.role.entity
    if not is_json(call.media_type):
        return {}
    try:
        body = orjson.loads(call.body)
    except ValueError:
        return {}
    if isinstance(body, list) and step.role.name == "patch":
        return _patched(body)
    if place and place.name and isinstance(body, dict):
        body = {name.lower(): part for name, part in body.items()}.get(place.name.lower())
    return {name.lower(): part for name, part in body.items()} if isinstance(body, dict) else {}


def _patched(operations: list[Any]) -> Mapping[str, Any]:
    """Return what a JSON Patch puts at places of the first level."""
    puts = (one for one in operations if isinstance(one, dict) and one.get("op") in ("add", "replace"))
    return {str(one["path"])[1:].lower(): one.get("value") for one in puts if str(one.get("path")).count("/") == 1}


def _keys(steps: Sequence[Step]) -> set[str]:
    """Return the names of keys of the resource, which the server gives."""
    resources = steps[0].exchange.subject.contract.resources.resources
    return {key.lower() for one in resources if steps[0].role in one.roles for key in one.views.values()}


def _compared(exchange: Exchange, written: Mapping[str, Any], keys: set[str]) -> Iterator[Finding]:
    record = exchange.json[0] if isinstance(exchange.json, list) and len(exchange.json) == 1 else exchange.json
    schema = exchange.records[0].schema if exchange.records else {}
    for name, value in record.items() if isinstance(record, dict) else ():
        lower = name.lower()
        part = schema.get("properties", {}).get(name, {})
        if lower not in written or lower in keys or _is_kept(lower, part):
            continue
        sent = written[lower]
        if (rule := _difference(sent, value)) is not None:
            yield _finding(exchange, name, part, rule, sent, value)


def _is_kept(name: str, schema: Any) -> bool:
    return bool(_BY_SERVER.fullmatch(name)) or (isinstance(schema, dict) and schema.get("readOnly") is True)


def _difference(sent: Any, read: Any) -> str | None:
    """Return how what was read differs, ``None`` where it means the same, or where nobody can tell.

    Objects may be references of which a server knows more, arrays sets in an order of its own.
    """
    if sent is None or isinstance(sent, dict | list) or isinstance(read, dict | list):
        return None
    if isinstance(sent, bool) or isinstance(read, bool):
        return None if sent is read else "value"
    if isinstance(sent, int | float) and isinstance(read, int | float):
        return None if abs(sent - read) <= abs(sent) * 1e-9 else "value"
    if isinstance(sent, str) and isinstance(read, str):
        return _text_difference(sent, read)
    return None if sent in ("", 0) and read is None else "value"


def _text_difference(sent: str, read: str) -> str | None:
    if sent == read or (_moment(sent) is not None and _moment(sent) == _moment(read)):
        return None
    return "trimmed" if sent.strip() == read.strip() else "value"


def _moment(text: str) -> datetime | None:
    """Return the clock of a time to the second, whatever its offset; ``None`` for other texts."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None


def _finding(exchange: Exchange, name: str, schema: Schema, rule: str, sent: Any, read: Any) -> Finding:
    evidence = evidence_of(schema, page=exchange.subject.page)
    return exchange.finding(
        "written-read",
        at_most(Severity.WARNING, evidence),
        promised=f"{name} as it was written, {_short(sent)}",
        came=_short(read),
        pointer=f"/{escape(name)}",
        rule=rule,
        evidence=evidence,
    )


def _short(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 60 else f"{text[:59]}…"


CHECK = Check("written-read", "what is written is read back", applies=never, chain=_chain)
