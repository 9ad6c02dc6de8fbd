"""A request that breaks its documentation is refused; where no refusal is documented, a target may be lenient.

Many frameworks convert values, such as ``"5"`` to 5, before they judge them, and many readers of JSON take a name
twice, ``NaN`` and any charset: habits of a whole server, which a run reports once.
"""

from collections.abc import Iterator
from dataclasses import replace

from docdouble.schemas import Operation

from ..model.case import Breach, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check

_REFUSALS = ("400", "422", "4XX")

_OF_READERS = {"unique": "a name that comes twice", "NaN": "NaN", "charset": "an unknown charset"}
"""Rule about a whole body that readers of JSON may be lenient about (RFC 8259, sections 4 and 9) → what they take."""


def _run(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.succeeded:
        return
    breach = exchange.case.breach
    request = exchange.operation.request
    where = f" ({breach.place} breaks {breach.rule})" if breach else ""
    habit = _habit(exchange)
    is_converted = exchange.purpose is Purpose.CONVERTIBLE
    finding = exchange.finding(
        "invalid-request",
        Severity.NOTE if habit else _severity(exchange.operation, breach),
        expected=f"a 4xx for a request that breaks the documentation{where}",
        got=f"{exchange.answer}: {habit} is taken" if habit else exchange.answer,
        rule="converted" if is_converted else f"{breach.place} {breach.rule}" if breach else "accepted",
        evidence=(breach and breach.evidence) or (request.evidence if request else None),
    )
    yield replace(finding, once=bool(habit))


def _habit(exchange: Exchange) -> str:
    """Return what servers of some frameworks take in any request, empty where it is none of that."""
    if exchange.purpose is Purpose.CONVERTIBLE:
        return "what can be converted"
    breach = exchange.case.breach
    return _OF_READERS.get(breach.rule, "") if breach and breach.place == "body" else ""


def _severity(operation: Operation, breach: Breach | None) -> Severity:
    if not any(response.status.upper() in _REFUSALS for response in operation.responses):
        return Severity.NOTE
    is_said = breach and breach.evidence and severity_of(breach.evidence.grade) is Severity.ERROR
    return Severity.ERROR if is_said else Severity.WARNING


def _applies(exchange: Exchange) -> bool:
    return exchange.purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE)


CHECK = Check("invalid-request", "an invalid request is refused", _run, _applies)
