"""Written values: reads show them afterwards.

Which operation writes and which reads is mostly inferred from names, so only a warning. Where methods and paths say it,
a value that is lost is an error: one that isn't there afterwards, or is as it was before.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.contract.model import evidence_of, is_left_out
from docdouble.schemas.contract.resources import WHOLE_BODY
from docdouble.schemas.http import json_body
from docdouble.schemas.json_pointer import escape_token, unescape_token
from docdouble.schemas.resources.audit_properties import is_set_by_server
from docdouble.schemas.resources.bindings import RequestValues, sent_members, shown_keys
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.path_resources import answered_entity

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Step, never
from .helpers import (
    chain_key_names,
    is_plain_by_paths,
    severity_at_most,
    shortened,
    shown_entity,
    shown_rows,
)

_LISTS = ("list", "search")
_BLANK = (None, "", 0, False)
_REFERENCES = re.compile(r"(?:^|[a-z_-])ids?\Z|I[dD]s?\Z")
_MASKING = Masking()
_LEAST_KEPT = 8
"""Characters from which on the beginning of a text is one that was cut off, and not another value."""

_FARTHEST_ZONES = timedelta(hours=26)


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    parents = (place.name.lower() for step in steps for place in step.role.parents)
    keys = chain_key_names(steps)
    # the path says what an entity stands below
    known = _Written(keys.union(parents), is_certain=is_plain_by_paths(steps))
    number: Any = None
    for step in steps:
        exchange, role = step.exchange, step.role
        if role.name == "delete" or exchange.reply.is_pending:
            known = replace(known, values={}, before={})  # nobody knows what is kept, and from when on
        elif not exchange.succeeded:
            continue
        elif role.stores:
            known = known.after(_sent(step))
            number = number or _key(shown_entity(exchange)[1], keys) or step.key
            yield from known.compared(exchange, *shown_entity(exchange), _sent(step))
        elif role.name == "read":
            yield from known.compared(exchange, *shown_entity(exchange), known.values)
            yield from known.absent(exchange, *shown_entity(exchange))
            known = known.shown(shown_entity(exchange)[1])
        elif role.name in _LISTS and (number := number or step.key):
            for place, row in shown_rows(exchange) or ():
                if str(_key(row, keys)) == str(number):
                    yield from known.compared(exchange, place, row, known.values)
                    known = known.shown(row)


@dataclass(frozen=True, slots=True)
class _Written:
    """The ``values`` that were written last, by their names in lower case, and all those ``before``, first ones first.

    ``keys`` are the names of what isn't compared; it ``is_certain`` which operation writes and which reads.
    """

    keys: frozenset[str]
    is_certain: bool
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def after(self, sent: Mapping[str, Any]) -> "_Written":
        """Return the written values after a call that writes more."""
        earlier = {name: [*self.before.get(name, ()), value] for name, value in self.values.items()}
        return replace(self, values={**self.values, **sent}, before={**self.before, **earlier})

    def shown(self, record: Any) -> "_Written":
        """Return the known values after a read: those that stood there before anything was written."""
        if self.values or not isinstance(record, dict):
            return self
        return replace(self, before={name.lower(): [value] for name, value in record.items()})

    def compared(self, exchange: Exchange, place: str, record: Any, written: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield a finding for each property of a record, at its place in the reply, that isn't as it was written."""
        properties = _properties_at(exchange, place) or _entity_members(exchange)
        for name, value in record.items() if isinstance(record, dict) else ():
            lower, part = name.lower(), properties.get(name, {})
            if lower not in written or lower in self.keys or is_set_by_server(squeezed(name), part):
                continue
            sent = written[lower]
            is_emptied = self.is_certain and _is_emptied(sent, value)
            before, contract = self.before.get(lower, ()), exchange.subject.contract
            is_unchanged = any(self._is_as_before(sent, value, earlier, part, contract) for earlier in before)
            rule = "value" if is_emptied or is_unchanged else _difference(sent, value)
            if rule is not None and Validator(part, exchange.subject.contract).is_valid_loosely(sent):
                # keys of what isn't there may be left out
                is_blank = value in (_BLANK if _REFERENCES.search(name) else (*_BLANK, []))
                is_lost = is_blank or value in before or _is_default(value, part)
                is_certain = self.is_certain and is_lost and rule != "trimmed"  # of a blank text nothing is left
                limit = Severity.ERROR if is_certain else Severity.WARNING
                yield _finding(exchange, f"{place}/{escape_token(name)}", part, rule, (limit, sent, _short(value)))

    def _is_as_before(self, sent: Any, read: Any, before: Any, schema: Any, contract: Contract) -> bool:
        """Tell whether an object without a key of its own shows a value as before, although another one was written.

        The key of the entity, which the path has, may stand in it; what no reply ever shows of it is anybody's choice.
        """
        if isinstance(sent, dict) and isinstance(read, dict) and isinstance(before, dict):
            if any(map(_REFERENCES.search, read)):
                return False
            members = members_of(schema, contract)
            keys = {key.rpartition("/")[2] for key in self.keys}  # one may be metadata/name
            return any(
                self._is_as_before(part, read.get(name), before.get(name), members.get(name, {}), contract)
                for name, part in sent.items()
                if name.lower() not in keys and (name in read or name in members)
            )
        return read == before and isinstance(sent, str | int | float) and _difference(sent, read) == "value"

    def absent(self, exchange: Exchange, place: str, record: Any) -> Iterator[Finding]:
        """Yield a finding for each documented property that was written and that a record doesn't have."""
        if not isinstance(record, dict) or not self.is_certain:
            return
        shown = {name.lower() for name in record}
        for name, part in _entity_members(exchange).items():
            lower = name.lower()
            sent = self.values.get(lower)
            if lower in shown or lower in self.keys or sent in (*_BLANK, [], {}):
                continue
            if is_left_out(part) or is_set_by_server(squeezed(name), part) or _MASKING.is_secret(name):
                continue
            tokens = [unescape_token(token) for token in place.split("/")[1:]]
            if exchange.violations or exchange.may_hold(_with_part(exchange.json, tokens, {**record, name: sent})):
                # what is inside of an entity may be shown on request only
                limit = Severity.NOTE if isinstance(sent, dict | list) else Severity.ERROR
                yield _finding(exchange, f"{place}/{escape_token(name)}", part, "absent", (limit, sent, "nothing"))


def _end(exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """Yield a note for each property that no reply to a write shows as it was written, whatever that was.

    A text of which a reply shows the beginning alone, and the clock of a time in another zone, are warnings.
    """
    operation, contract = exchanges[0].operation, exchanges[0].subject.contract
    resource = contract.resources.resource_of(operation.id)
    role = next((known for known in resource.roles if known.operation == operation.id), None) if resource else None
    if resource is None or role is None or not role.stores:
        return
    kept: dict[str, list[Any]] = {}
    shown: dict[str, list[Any]] = {}
    lost: dict[str, list[_Lost]] = {}
    spoilt: dict[tuple[str, str], _Lost] = {}
    for exchange in exchanges:
        if not exchange.succeeded or exchange.reply.is_pending:
            continue
        sent, (place, record) = _sent(Step(role, exchange)), shown_entity(exchange)
        for name, value in record.items() if isinstance(record, dict) else ():
            lower = name.lower()
            if sent.get(lower) in (*_BLANK, [], {}) or lower in resource.key_names or _MASKING.is_secret(name):
                continue
            before = shown.setdefault(lower, [])
            if rule := _spoiling(sent[lower], value):
                spoilt.setdefault((lower, rule), _Lost(exchange, place, name, sent[lower], value))
            elif not _holds(value, sent[lower]):
                lost.setdefault(lower, []).append(_Lost(exchange, place, name, sent[lower], value))
            elif value not in before:  # what was there may have been sent back
                kept.setdefault(lower, []).append(value)
            before.append(value)
    for lower, cases in lost.items():
        first, is_held = cases[0], len(shown[lower]) > len(cases)
        is_same = is_held and not _are_several(shown[lower])
        if _are_several(kept.get(lower, ())) or not (is_same or _are_several(case.sent for case in cases)):
            continue
        yield from first.findings("never", Severity.NOTE)
    for (_, rule), first in spoilt.items():
        yield from first.findings(rule, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class _Lost:
    """A property that a reply shows otherwise than it was sent, at the place of the entity in the reply."""

    exchange: Exchange
    place: str
    name: str
    sent: Any
    shown: Any

    def findings(self, rule: str, limit: Severity) -> Iterator[Finding]:
        """Yield the finding, none of what a server sets itself."""
        members = _properties_at(self.exchange, self.place) or _entity_members(self.exchange)
        part = members.get(self.name, {})
        if not is_set_by_server(squeezed(self.name), part):
            pointer = f"{self.place}/{escape_token(self.name)}"
            yield _finding(self.exchange, pointer, part, rule, (limit, self.sent, _short(self.shown)))


def _spoiling(sent: Any, shown: Any) -> str:
    """Return the rule of what became of a text: ``cut``, or ``moment`` of a clock in another zone; else nothing.

    Of a time some servers keep less.
    """
    if not isinstance(sent, str) or not isinstance(shown, str):
        return ""
    before, after = _moment(sent), _moment(shown)
    if before and after and before.tzinfo and after.tzinfo:
        return "moment" if before != after and before.replace(tzinfo=None) == after.replace(tzinfo=None) else ""
    is_begun = _LEAST_KEPT <= len(shown) < len(sent.strip()) and sent.strip().startswith(shown.strip())
    return "cut" if is_begun and not before else ""


def _are_several(values: Iterable[Any]) -> bool:
    """Tell whether not all values are the same."""
    return len({orjson.dumps(value).lower() for value in values}) > 1


def _holds(shown: Any, sent: Any) -> bool:
    """Tell whether a value means what was written, or may: a server may show more of an object, or another view."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        parts = {name.lower(): part for name, part in shown.items()}
        return bool(parts) and all(_holds(parts[name.lower()], sent[name]) for name in sent if name.lower() in parts)
    if isinstance(sent, list) and isinstance(shown, list):
        return len(shown) == len(sent) and all(map(_holds, shown, sent))
    if sent is None or shown is None:
        return sent is None
    is_other_view = isinstance(sent, dict | list) or isinstance(shown, dict | list)
    return is_other_view or _difference(sent, shown) is None


def _with_part(body: Any, tokens: Sequence[str], part: Any) -> Any:
    """Return a body with another entity at its place, which is below names, or alone in an array."""
    if not tokens:
        return part
    inner = body[0] if isinstance(body, list) else body[tokens[0]]
    changed = _with_part(inner, tokens[1:], part)
    return [changed] if isinstance(body, list) else {**body, tokens[0]: changed}


def _entity_members(exchange: Exchange) -> Mapping[str, Schema]:
    """Return the properties that an entity may be shown with."""
    contract = exchange.subject.contract
    return members_of(answered_entity(exchange.operation, contract), contract)


def _properties_at(exchange: Exchange, place: str) -> Mapping[str, Schema]:
    """Return the documented properties of what stands at a place in a reply."""
    inside = place or ("/0" if exchange.is_readable and isinstance(exchange.json, list) else "")
    known = exchange.known_records
    return members_of(known.schema_at(inside), exchange.subject.contract) if known else {}


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


def _difference(sent: Any, read: Any) -> str | None:
    """Return how what was read differs, ``None`` where it means the same, or where nobody can know.

    Objects may be references of which a server knows more, arrays sets in an order of its own, of which a server may
    know less. Values of two JSON types are two views of one value; but what was written isn't null.
    """
    if isinstance(sent, dict) and isinstance(read, dict):
        return _reference_difference(sent, read)
    if isinstance(sent, list) and isinstance(read, list):
        return "value" if _are_others(sent, read) else None
    if sent is None or isinstance(sent, dict | list) or isinstance(read, dict | list):
        return None
    if read is None:
        return None if sent in ("", 0) else "value"
    if isinstance(sent, bool) or isinstance(read, bool):
        return "value" if type(sent) is type(read) and sent is not read else None
    if isinstance(sent, int | float) and isinstance(read, int | float):
        return None if abs(sent - read) <= abs(sent) * 1e-9 else "value"
    return _text_difference(sent, read) if isinstance(sent, str) and isinstance(read, str) else None


def _is_emptied(sent: Any, read: Any) -> bool:
    """Tell whether nothing is left of numbers or texts in an array."""
    return isinstance(sent, list) and read in ([], None) and any(isinstance(value, str | int | float) for value in sent)


def _are_others(sent: list[Any], read: list[Any]) -> bool:
    """Tell whether two arrays hold texts or numbers of one type alone, and have none in common; no times."""
    kinds = {type(value) for value in (*sent, *read)}
    if not sent or not read or len(kinds) > 1 or not kinds <= {str, int}:
        return False
    before, after = ({squeezed(str(value)) for value in values} for values in (sent, read))
    return before.isdisjoint(after) and not any(map(_moment, after))


def _is_default(value: Any, schema: Schema) -> bool:
    return "default" in schema and bool(value == schema["default"])


def _reference_difference(sent: Mapping[str, Any], read: Mapping[str, Any]) -> str | None:
    """Tell whether an object refers to another entity: by the number in the one property that is named so."""
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


def _are_one_moment(sent: datetime | None, read: datetime | None) -> bool:
    """Tell whether two times may be the same: a clock without an offset may be that of any time zone."""
    if sent is None or read is None:
        return False
    apart = sent.replace(tzinfo=None) - read.replace(tzinfo=None)
    if sent.tzinfo and read.tzinfo:
        return not apart or sent == read
    return abs(apart) <= _FARTHEST_ZONES and not apart % timedelta(minutes=15)


def _moment(text: str) -> datetime | None:
    """Return a time to the second, ``None`` for other texts."""
    try:
        return datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        return None


def _finding(
    exchange: Exchange, pointer: str, schema: Schema, rule: str, difference: tuple[Severity, Any, str]
) -> Finding:
    limit, sent, got = difference
    evidence = evidence_of(schema, page=exchange.subject.page)
    return exchange.finding(
        "written-read",
        severity_at_most(limit, evidence),
        expected=f"{pointer.rpartition('/')[2]} as it was written, {_short(sent)}",
        got=got,
        pointer=pointer,
        rule=rule,
        evidence=evidence,
    )


def _short(value: Any) -> str:
    return shortened(orjson.dumps(value).decode())


CHECK = Check("written-read", "what is written is read back", applies=never, chain=_chain, end=_end)
