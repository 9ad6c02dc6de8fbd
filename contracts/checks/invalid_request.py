"""Invalid requests: they are refused; where no refusal is documented, a target may be lenient.

Many frameworks convert values, such as ``"5"`` to 5, before they judge them, and many readers of JSON take a name
twice, ``NaN``, octets that are no text and any charset, leave out what they don't know, or take null for what may be
left out: habits of a whole server, which a run reports once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from docdouble.schemas import Operation
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.http import is_json
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

from ..generation.fields import request_fields
from ..model.case import Breach, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check
from .helpers import is_undecodable

_REFUSALS = ("400", "422", "4XX", "DEFAULT")
_OF_VALIDATION = (400, 422)

_OF_OTHERS = ("additionalProperties", "unevaluatedProperties")
"""Rules about what is sent beyond what is documented: many frameworks remove it, and read of forms what they know."""

_BOUNDS = frozenset(
    [
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
        *("pattern", "enum", "const", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    ]
)
"""Rules that no framework has by itself: who refuses what breaks one of them goes by the documentation."""

_NULL = "null in place of a property that may be left out"

_OF_READERS = {
    "unique": "a name that comes twice",
    "NaN": "NaN",
    "charset": "an unknown charset",
    "UTF-8": "what is no UTF-8",
}
"""Rule about a whole body that readers of JSON are lenient about (RFC 8259, sections 4, 8.1 and 9) → what they take."""


def _run(exchange: Exchange) -> Iterator[Finding]:
    breach = Breach("body", "UTF-8") if is_undecodable(exchange.call) else exchange.case.breach
    if not exchange.succeeded:
        exchange.subject.refuses_bounds |= exchange.reply.status in _OF_VALIDATION and _is_stated_bound(breach)
        return
    request = exchange.operation.request
    where = f" ({breach.place} breaks {breach.rule})" if breach else ""
    is_converted = exchange.purpose is Purpose.CONVERTIBLE or _is_seen_converted(exchange, breach)
    is_null = not is_converted and sends_open_null(exchange)
    habit = "what can be converted" if is_converted else _NULL if is_null else _habit(exchange, breach)
    usual = Severity.WARNING if is_null and exchange.subject.contract.documents_null else Severity.NOTE
    severity = _severity(exchange.operation, breach)
    broken = f"{breach.place} {breach.rule}" if breach else "accepted"
    finding = exchange.finding(
        "invalid-request",
        max(usual, severity, key=lambda level: level.rank) if habit else severity,
        expected=f"a 4xx for a request that breaks the documentation{where}",
        got=f"{exchange.answer}: {habit} is taken" if habit else exchange.answer,
        rule="converted" if is_converted else "null" if is_null else broken,
        evidence=(breach and breach.evidence) or (request.evidence if request else None),
    )
    if finding.severity is Severity.NOTE and not habit and _is_stated_bound(breach):
        exchange.subject.accepted_bounds.append(finding)
    yield replace(finding, once=bool(habit))


def _end(exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """Yield what was taken though other bounds of the body are checked: no lenience, but a bound that was forgotten."""
    subject = exchanges[0].subject
    for finding in subject.accepted_bounds if subject.refuses_bounds else ():
        yield replace(finding, severity=Severity.WARNING, expected=f"{finding.expected}, as others are")


def _is_stated_bound(breach: Breach | None) -> bool:
    """Tell whether a bound in the body is broken that the documentation states."""
    if breach is None or breach.rule not in _BOUNDS or not breach.place.startswith("body/"):
        return False
    return breach.evidence is not None and severity_of(breach.evidence.grade) is Severity.ERROR


def _habit(exchange: Exchange, breach: Breach | None) -> str:
    """Return what servers of some frameworks take in any request, empty where it is none of that."""
    if breach and breach.rule == "calendar":
        return "a day that no calendar has"
    if breach and (name := _broken_range(exchange, breach)):
        return f"a number beyond {name}"
    if breach and breach.rule in _OF_OTHERS and breach.place.startswith("body"):
        return "a property that nobody documents"
    if breach is None or breach.place != "body":
        return ""
    if breach.rule in ("required", "media-type") and _may_say_nothing(exchange):
        return "a body that isn't there or can't be read, as an object without properties,"
    return _OF_READERS.get(breach.rule, "")


def sends_open_null(exchange: Exchange) -> bool:
    """Tell whether a request breaks its documentation by null in place of a property that may be left out."""
    breach = exchange.case.breach
    if breach is None or not breach.place.startswith("body/") or not is_json(exchange.call.media_type):
        return False
    fields = request_fields(exchange.operation, exchange.subject.contract)
    is_optional = any(field.place == breach.place and not field.is_required for field in fields)
    return is_optional and _inside(json.loads(exchange.call.body), breach.place.split("/")[1:]) is None


def _broken_range(exchange: Exchange, breach: Breach) -> str:
    """Return the format whose range a number breaks, empty where a limit is documented: few servers know formats."""
    if breach.rule not in ("minimum", "maximum"):
        return ""
    fields = request_fields(exchange.operation, exchange.subject.contract)
    schema = next((field.schema for field in fields if field.place == breach.place), {})
    is_stated = {breach.rule, f"exclusive{breach.rule.capitalize()}"} & schema.keys()
    return "" if is_stated or schema.get("format") not in INTEGER_RANGES else str(schema["format"])


def _may_say_nothing(exchange: Exchange) -> bool:
    """Tell whether a body may be an object without properties, which some frameworks take nothing for."""
    request = exchange.operation.request
    schema = primary_schema(request.media_types) if request else None
    return schema is not None and exchange.subject.validator("request", schema).is_valid({})


def _is_seen_converted(exchange: Exchange, breach: Breach | None) -> bool:
    """Tell whether the reply shows a value of another type as one of its own that it stands for: null as ``""``."""
    if breach is None or breach.rule != "type" or not exchange.is_readable:
        return False
    where, *steps = breach.place.split("/")
    if where != "body" or not steps or not is_json(exchange.call.media_type):
        return False
    sent = _inside(json.loads(exchange.call.body), steps)
    reply = exchange.json
    wholes = [reply, *(reply.values() if isinstance(reply, dict) else ())]
    return any(_is_conversion(sent, shown) for whole in wholes if (shown := _inside(whole, steps)) is not _NOTHING)


_NOTHING = object()


def _inside(value: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if step == "*" and isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return _NOTHING
    return value


def _is_conversion(sent: Any, shown: Any) -> bool:
    """Tell whether a value shows as what it is converted to: null as nothing, a list as its value, 1.5 without .5."""
    if isinstance(sent, float) and isinstance(shown, int) and not isinstance(shown, bool):
        return abs(sent - shown) < 1
    if sent is None or shown is None:
        return sent is not shown and (shown if sent is None else sent) in ("", 0, False)
    return bool(sent == [shown] or shown == [sent])


def _severity(operation: Operation, breach: Breach | None) -> Severity:
    if not any(response.status.upper() in _REFUSALS for response in operation.responses):
        return Severity.NOTE
    is_documented = breach and breach.evidence and severity_of(breach.evidence.grade) is Severity.ERROR
    return Severity.ERROR if is_documented else Severity.WARNING


def _applies(exchange: Exchange) -> bool:
    return exchange.purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE)


CHECK = Check("invalid-request", "an invalid request is refused", _run, _applies, end=_end)
