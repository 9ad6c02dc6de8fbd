"""Parameters for language and culture: accepted where they are documented."""

from collections.abc import Iterator

from docdouble.schemas.contract.behaviour_names import BehaviourName

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send, never
from .helpers import severity_at_most

_VALUES: dict[str, str] = {
    BehaviourName.LANGUAGE: "en-US",
    BehaviourName.LANGUAGE_OVERRIDE: "en-US",
    BehaviourName.CULTURE: "en-US",
}
"""Behaviour → what is asked for: the language that a server has if it has any."""


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    if not first.operation.only_reads:
        return
    asked = [behaviour for behaviour in first.operation.behaviours if behaviour.name in _VALUES and behaviour.parameter]
    headers = [(behaviour.parameter, _VALUES[behaviour.name]) for behaviour in asked]
    exchange = send(first.call.with_headers(*headers), True) if headers else None
    if exchange and 400 <= exchange.reply.status < 500 and exchange.reply.status not in (401, 403, 404, 410, 429):
        names = ", ".join(f"{name}: {value}" for name, value in headers)
        evidence = asked[0].evidence
        yield exchange.finding(
            "languages",
            severity_at_most(Severity.WARNING, evidence),
            expected=f"an answer to {names}",
            got=exchange.answer,
            rule="refused",
            evidence=evidence,
        )


CHECK = Check("languages", "a language that is asked for is no reason to refuse", applies=never, probe=_probe)
