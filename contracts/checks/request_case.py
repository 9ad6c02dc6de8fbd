"""Letter case of property names in requests: any, where that is documented."""

from collections.abc import Iterator, Sequence

from docdouble.schemas.contract.behaviour_names import BehaviourName

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, never
from .helpers import severity_at_most

OTHER_CASE = "names in another case"
"""Subject of a case whose names are spelled otherwise."""


def _end(exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """Yield a finding when a body is refused that is accepted in the documented spelling."""
    accepted = {_folded(known) for known in exchanges if known.succeeded and known.case.about != OTHER_CASE}
    for exchange in exchanges:
        is_refused = exchange.case.about == OTHER_CASE and exchange.reply.status in (400, 422)
        behaviour = exchange.operation.behaviour(BehaviourName.ANY_CASE)
        if is_refused and behaviour and _folded(exchange) in accepted:
            yield exchange.finding(
                "request-case",
                severity_at_most(Severity.WARNING, behaviour.evidence),
                expected="an answer to property names in another case",
                got=exchange.answer,
                rule="refused",
                evidence=behaviour.evidence,
            )


def _folded(exchange: Exchange) -> tuple[str, str]:
    return exchange.call.target, exchange.call.body.decode(errors="replace").casefold()


CHECK = Check("request-case", "property names of a request may be in any case", applies=never, end=_end)
