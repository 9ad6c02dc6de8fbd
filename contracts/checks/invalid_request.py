"""A request that breaks its documentation is refused; where no refusal is documented, a target may be lenient.

Many frameworks convert values, such as ``"5"`` to 5, before they judge them: a habit, which a run reports once.
"""

from collections.abc import Iterator
from dataclasses import replace

from docdouble.schemas import Operation

from ..model.case import Breach, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check

_REFUSALS = ("400", "422", "4XX")


def _run(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.succeeded:
        return
    breach = exchange.case.breach
    request = exchange.operation.request
    where = f" ({breach.place} breaks {breach.rule})" if breach else ""
    is_converted = exchange.purpose is Purpose.CONVERTIBLE
    finding = exchange.finding(
        "invalid-request",
        Severity.NOTE if is_converted else _severity(exchange.operation, breach),
        expected=f"a 4xx for a request that breaks the documentation{where}",
        got=f"{exchange.answer}: what can be converted is taken" if is_converted else exchange.answer,
        rule="converted" if is_converted else f"{breach.place} {breach.rule}" if breach else "accepted",
        evidence=(breach and breach.evidence) or (request.evidence if request else None),
    )
    yield replace(finding, once=is_converted)


def _severity(operation: Operation, breach: Breach | None) -> Severity:
    if not any(response.status.upper() in _REFUSALS for response in operation.responses):
        return Severity.NOTE
    is_said = breach and breach.evidence and severity_of(breach.evidence.grade) is Severity.ERROR
    return Severity.ERROR if is_said else Severity.WARNING


def _applies(exchange: Exchange) -> bool:
    return exchange.purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE)


CHECK = Check("invalid-request", "an invalid request is refused", _run, _applies)
