"""Undocumented properties in replies: a warning, since documentation can lag behind.

A property that a documented sample or example shows is documented, and so is one that is required. A secret that the
call sent, such as a password, and that comes back where no reply has one is an error.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Evidence, Grade, Schema
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.http import json_body
from docdouble.schemas.json_pointer import escape_token

from ..model.documented_objects import ANY, DocumentedObject
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from ..model.text import listed
from .check import Check

_MASKING = Masking()

_PLACEHOLDER = re.compile(r"<[^<>]+>|\{[^{}]+\}|\[[^\[\]]+\]")
"""A name that stands for any, as ``<field_name>`` in what frameworks document of their refusals."""

MOST_NAMED = 8
"""Undocumented properties of one object that are findings of their own; more are keys of a dictionary."""

MOST_OF_ITEMS = 50
"""Undocumented properties of all objects of an array that are findings of their own."""

_INDEX = re.compile(r"/\d+(?=/|$)")


def _run(exchange: Exchange) -> Iterator[Finding]:
    objects = exchange.known_records
    if objects is None:
        return
    seen: set[tuple[str, str]] = set()
    counts = Counter[str]()
    for record in exchange.records:
        if record.value.keys() <= record.schema["properties"].keys():
            continue
        known = {name.lower() for name in (*_named(record.schema), *objects.shown_names(record))}
        others = [name for name in record.value if name.lower() not in known]
        if not others or any(map(_PLACEHOLDER.fullmatch, known)):
            continue
        if len(others) > MOST_NAMED and (record.place, ANY) not in seen:
            seen.add((record.place, ANY))
            yield _many(exchange, record, others)
        for name in others if len(others) <= MOST_NAMED else ():
            if (record.place, name) not in seen:
                seen.add((record.place, name))
                array = _INDEX.sub("", record.place)
                counts[array] += 1
                if counts[array] <= MOST_OF_ITEMS or _is_sent_secret(exchange, name, record.value[name]):
                    yield _finding(exchange, record, name)
                elif counts[array] == MOST_OF_ITEMS + 1:
                    more = f"objects with more than {MOST_OF_ITEMS} other properties, {name} among them"
                    yield replace(_many(exchange, record, others), got=more)


def _named(schema: Schema) -> Iterator[str]:
    """Yield the names of properties that a schema holds, also of those that it only requires."""
    dependent = schema.get("dependentRequired", {})
    yield from (*schema["properties"], *schema.get("required", ()), *dependent)
    yield from (name for names in dependent.values() for name in names)


def _many(exchange: Exchange, record: DocumentedObject, names: list[str]) -> Finding:
    """Return the finding about an object that is a dictionary: one for all, a note where only samples show its keys."""
    parts = record.schema["properties"].values()
    grades = {evidence.grade if (evidence := _evidence(exchange, part)) else Grade.STATED for part in parts}
    is_sampled = grades <= {Grade.SAMPLED, Grade.ASSUMED}
    return exchange.finding(
        "undocumented-field",
        Severity.NOTE if is_sampled else Severity.WARNING,
        expected="the keys that a sample shows" if is_sampled else "documented properties only",
        got=f"{len(names)} other properties: {listed(names, MOST_NAMED)}",
        pointer=f"{record.place}/{ANY}",
        rule="undocumented",
        evidence=exchange.documented.evidence if exchange.documented else None,
    )


def _evidence(exchange: Exchange, part: Any) -> Evidence | None:
    return evidence_of(part, page=exchange.subject.page) if isinstance(part, dict) else None


def _finding(exchange: Exchange, record: DocumentedObject, name: str) -> Finding:
    """Return the finding at the first place that shows the type, so that each type is reported once."""
    owner = f" of {record.type_name}" if record.type_name else ""
    is_leak = _is_sent_secret(exchange, name, record.value[name])
    usual = Severity.NOTE if exchange.is_of_framework else Severity.WARNING
    finding = exchange.finding(
        "undocumented-field",
        Severity.ERROR if is_leak else usual,
        expected="documented properties only",
        got=f"the property {name}{owner}{', as it was sent' if is_leak else ''}",
        pointer=f"{record.place}/{escape_token(name)}",
        rule="undocumented",
        evidence=exchange.documented.evidence if exchange.documented else None,
    )
    return replace(finding, once=usual is Severity.NOTE and not is_leak)


def _is_sent_secret(exchange: Exchange, name: str, value: Any) -> bool:
    """Tell whether a property has a secret's name, and the text that the call sent as it."""
    if not value or not isinstance(value, str) or not _MASKING.is_secret(name):
        return False
    with suppress(ValueError):
        return _holds(json_body(exchange.call), name, value)
    return False


def _holds(sent: Any, name: str, value: str) -> bool:
    if isinstance(sent, list):
        return any(_holds(part, name, value) for part in sent)
    return isinstance(sent, dict) and any(
        (key == name and part == value) or _holds(part, name, value) for key, part in sent.items()
    )


CHECK = Check("undocumented-field", "every property sent is documented", _run, lambda exchange: bool(exchange.records))
