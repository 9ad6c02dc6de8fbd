"""A request that breaks its documentation is refused; where no refusal is documented, a target may be lenient."""

from collections.abc import Iterator

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
    yield exchange.finding(
        "invalid-request",
        _severity(exchange.operation, breach),
        expected=f"a 4xx for a request that breaks the documentation{where}",
        got=exchange.answer,
        rule=f"{breach.place} {breach.rule}" if breach else "accepted",
        evidence=(breach and breach.evidence) or (request.evidence if request else None),
    )


def _severity(operation: Operation, breach: Breach | None) -> Severity:
    if not any(response.status.upper() in _REFUSALS for response in operation.responses):
        return Severity.NOTE
    is_said = breach and breach.evidence and severity_of(breach.evidence.grade) is Severity.ERROR
    return Severity.ERROR if is_said else Severity.WARNING


CHECK = Check(
    "invalid-request", "an invalid request is refused", _run, lambda exchange: exchange.purpose is Purpose.HOSTILE
)
