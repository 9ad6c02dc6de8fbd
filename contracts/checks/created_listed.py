"""Created entities: reads find them, and so do a list of all and the lists that are asked for them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from docdouble.schemas import Call
from docdouble.schemas.contract.paths import unnamed_template, without_extension
from docdouble.schemas.http import is_json, json_body
from docdouble.schemas.resources.bindings import shown_keys
from docdouble.schemas.resources.entity_keys import kinds_shown
from docdouble.schemas.resources.path_resources import listed_entity

from ..model.canary import CANARY
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Step, never
from .helpers import chain_key_names, is_plain_by_paths, scalars, shown_entity, shown_rows
from .page_size import may_have_more

_SHOWING = ("create", "save", "read")
_LISTS = {"list": Severity.WARNING, "search": Severity.NOTE}
"""Roles that show several entities, and how bad it is if one is missing.

What a search asks for is only half known, and what isn't a GET is a list by its name only: there it is a note.
"""


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    names = chain_key_names(steps)
    key: Any = None
    for step in steps:
        exchange, role = step.exchange, step.role
        if (role.name == "delete" and exchange.succeeded) or (role.creates and exchange.reply.is_pending):
            return
        if _is_elsewhere(exchange, steps[0].exchange):
            continue
        if role.name == "read" and exchange.case.existing and exchange.reply.status in (404, 410):
            severity = Severity.ERROR if is_plain_by_paths(steps) else Severity.WARNING
            yield _finding(exchange, severity, "an answer to what was created", exchange.answer, "read")
        if not exchange.succeeded or not exchange.is_readable:
            continue
        if role.name in _SHOWING:
            key = key or next(iter(shown_keys(shown_entity(exchange)[1], names)), None)
        elif role.name in _LISTS and (missing := _missing(exchange, key, names, steps)):
            expected = f"a list with {missing}, which was created"
            severity = _LISTS[role.name] if exchange.operation.method == "GET" else Severity.NOTE
            yield _finding(exchange, severity, expected, "one without it", "list")


def _is_elsewhere(exchange: Exchange, created: Exchange) -> bool:
    """Tell whether a call asks below another kind of parent than that below which something was created."""
    parents = [_parent(compared.operation.path) for compared in (exchange, created)]
    return all(parents) and parents[0] != parents[1]


def _parent(path: str) -> str:
    """Return what stands in a path template above a collection, empty where that names no entity."""
    above = re.sub(r"(?:/\{\})+\Z", "", unnamed_template(without_extension(path))).rpartition("/")[0]
    return above if "{}" in above else ""


def _shows(exchange: Exchange, key: Any, names: frozenset[str]) -> bool:
    """Tell whether a list shows a key, or isn't one whose rows tell theirs."""
    rows = shown_rows(exchange)
    keys = [next(iter(shown_keys(row, names)), None) for _, row in rows or ()]
    return rows is None or None in keys or str(key) in map(str, keys)


def _missing(exchange: Exchange, key: Any, names: frozenset[str], steps: Sequence[Step]) -> Any:
    """Return the key of what was created where a list lacks it, else its text; ``None`` where nothing is missing.

    On a page that isn't the only one nothing is.
    """
    count = len(shown_rows(exchange) or ())
    if may_have_more(exchange.call, exchange.operation, exchange.subject.contract, exchange.json, count):
        return None
    if key is not None:
        return None if _shows(exchange, key, names) else key
    created = next((step.exchange.call for step in steps if step.role.creates), Call())
    values = scalars(json_body(created)) if is_json(created.media_type) else ()
    place, text = next((part for part in values if CANARY.fullmatch(str(part[1]))), ("", ""))
    operation, contract = exchange.operation, exchange.subject.contract
    if kinds_shown(listed_entity(operation, contract), contract) - {"object"}:
        return None  # a list of nothing but keys
    rows = [row for _, row in shown_rows(exchange) or () if isinstance(row, dict)]
    shown = [shown_keys(row, [place.rpartition("/")[2].lower()]) for row in rows]
    return text if text and all(shown) and not any(text in str(keys) for keys in shown) else None


def _finding(exchange: Exchange, severity: Severity, expected: str, got: str, rule: str) -> Finding:
    return exchange.finding("created-listed", severity, expected=expected, got=got, rule=rule)


CHECK = Check("created-listed", "what is created can be read and is listed", applies=never, chain=_chain)
