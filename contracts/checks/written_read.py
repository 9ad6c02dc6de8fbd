"""Written values are read back. Which operation writes and which reads is inferred from names, so only a warning."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.contract.resources import WHOLE_BODY
from docdouble.schemas.http import json_body
from docdouble.schemas.json_pointer import escape_token
from docdouble.schemas.resources.audit_properties import is_set_by_server
from docdouble.schemas.resources.bindings import RequestValues, sent_members, shown_keys

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Step, never
from .helpers import chain_key_names, listed_rows, severity_at_most, shortened

_LISTS = ("list", "search")
_FARTHEST_ZONES = timedelta(hours=26)


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    parents = (place.name.lower() for step in steps for place in step.role.parents)
    keys = chain_key_names(steps).union(parents)  # the path says what an entity stands below
    written: dict[str, Any] = {}
    number: Any = None
    for step in steps:
        exchange, role = step.exchange, step.role
        body = exchange.json if exchange.succeeded and exchange.is_readable else None
        if role.stores and exchange.succeeded:
            sent = _sent(step)
            written |= sent
            number = number or _key(_alone(body), keys)
            yield from _compared(exchange, _alone(body), "", sent, keys)
        elif role.name == "delete":
            written = {}
        elif role.name == "read" and written:
            yield from _compared(exchange, _alone(body), "", written, keys)
        elif role.name in _LISTS and written and number:
            rows = ((place, row) for place, row in listed_rows(body) or () if _key(row, keys) == number)
            yield from (one for place, row in rows for one in _compared(exchange, row, place, written, keys))


def _alone(body: Any) -> Any:
    """Return the one thing of a body, also of an array."""
    return body[0] if isinstance(body, list) and len(body) == 1 else body


def _key(record: Any, names: frozenset[str]) -> Any:
    return next(iter(shown_keys(record, names)), None)


def _sent(step: Step) -> Mapping[str, Any]:
    """Return the properties that a call writes, by their names in lower case."""
    try:
        values = RequestValues((), (), json_body(step.exchange.call)).at(step.role.entity or WHOLE_BODY)
    except ValueError:
        return {}
    entities = (value for value in values if isinstance(value, dict) or step.role.name == "patch")
    return {name.lower(): part for entity in entities for name, part in sent_members(entity)}


def _compared(
    exchange: Exchange, record: Any, place: str, written: Mapping[str, Any], keys: frozenset[str]
) -> Iterator[Finding]:
    """Yield a finding for each property of a record, at its place in the reply, that isn't as it was written."""
    if not isinstance(record, dict):
        return
    known = {one.pointer: one.schema for one in exchange.records}
    inside = place if place or not isinstance(exchange.json, list) else "/0"
    properties = known.get(inside, {}).get("properties", {})
    for name, value in record.items():
        lower = name.lower()
        part = properties.get(name, {})
        if lower not in written or lower in keys or is_set_by_server(name, part):
            continue
        sent = written[lower]
        if (rule := _difference(sent, value)) is not None:
            yield _finding(exchange, f"{place}/{escape_token(name)}", part, rule, sent, value)


def _difference(sent: Any, read: Any) -> str | None:
    """Return how what was read differs, ``None`` where it means the same, or where nobody can tell.

    Objects may be references of which a server knows more, arrays sets in an order of its own. Values of two JSON types
    are two views of one thing; but what was written isn't null.
    """
    if isinstance(sent, dict) and isinstance(read, dict):
        return _reference_difference(sent, read)
    if sent is None or isinstance(sent, dict | list) or isinstance(read, dict | list):
        return None
    if read is None:
        return None if sent in ("", 0) else "value"
    if isinstance(sent, bool) or isinstance(read, bool):
        return "value" if type(sent) is type(read) and sent is not read else None
    if isinstance(sent, int | float) and isinstance(read, int | float):
        return None if abs(sent - read) <= abs(sent) * 1e-9 else "value"
    return _text_difference(sent, read) if isinstance(sent, str) and isinstance(read, str) else None


def _reference_difference(sent: Mapping[str, Any], read: Mapping[str, Any]) -> str | None:
    """Tell whether an object refers to another thing: by the number in the one property that is named so."""
    names = [name for name in sent if name.lower().endswith("id") and isinstance(sent[name], int)]
    shown = {name.lower(): value for name, value in read.items()}
    others = [shown.get(name.lower()) for name in names]
    if len(names) != 1 or sent[names[0]] < 1 or not isinstance(others[0], int | float) or others[0] < 1:
        return None
    return "reference" if others[0] != sent[names[0]] else None


def _text_difference(sent: str, read: str) -> str | None:
    if sent == read or _are_one_moment(_moment(sent), _moment(read)):
        return None
    return "trimmed" if sent.strip() == read.strip() else "value"


def _are_one_moment(one: datetime | None, other: datetime | None) -> bool:
    """Tell whether two times may be the same: a clock without an offset may be that of any time zone."""
    if one is None or other is None:
        return False
    apart = one.replace(tzinfo=None) - other.replace(tzinfo=None)
    if one.tzinfo and other.tzinfo:
        return not apart or one == other
    return abs(apart) <= _FARTHEST_ZONES and not apart % timedelta(minutes=15)


def _moment(text: str) -> datetime | None:
    """Return a time to the second, ``None`` for other texts."""
    try:
        return datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        return None


def _finding(exchange: Exchange, pointer: str, schema: Schema, rule: str, sent: Any, read: Any) -> Finding:
    evidence = evidence_of(schema, page=exchange.subject.page)
    return exchange.finding(
        "written-read",
        severity_at_most(Severity.WARNING, evidence),
        expected=f"{pointer.rpartition('/')[2]} as it was written, {_short(sent)}",
        got=_short(read),
        pointer=pointer,
        rule=rule,
        evidence=evidence,
    )


def _short(value: Any) -> str:
    return shortened(orjson.dumps(value).decode())


CHECK = Check("written-read", "what is written is read back", applies=never, chain=_chain)
