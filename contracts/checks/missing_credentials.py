"""An operation with documented security refuses a call without usable credentials (RFC 9110, section 11.6.1)."""

from collections.abc import Iterator
from dataclasses import replace

from ..client.placeholder_credentials import without_credentials
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check, Send, never


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    for call in without_credentials(first.operation, first.subject.contract, first.call):
        exchange = send(call, False)
        if exchange is None:
            continue
        sent = "malformed" if call.header("Authorization") else "missing"
        if exchange.succeeded:
            yield accepted("credentials", exchange, sent)
        elif exchange.reply.status == 401 and not exchange.reply.header("WWW-Authenticate"):
            expected = "a WWW-Authenticate field in a 401 (RFC 9110, section 15.5.2)"
            finding = exchange.finding(
                "credentials",
                Severity.NOTE,
                expected=expected,
                got="401 without one",
                rule="challenge",
                evidence=exchange.operation.security_evidence,
            )
            yield replace(finding, once=True)


def accepted(check: str, exchange: Exchange, sent: str) -> Finding:
    """Return the finding about a call that was let in with credentials that are no good."""
    schemes = sorted({name for names in exchange.operation.security for name in names})
    evidence = exchange.operation.security_evidence
    return exchange.finding(
        check,
        severity_of(evidence.grade if evidence else None),
        expected=f"401 without credentials of {', '.join(schemes)}",
        got=f"{exchange.reply.status} to {sent} credentials",
        rule=sent,
        evidence=evidence,
    )


CHECK = Check("credentials", "documented credentials are asked for", applies=never, probe=_probe)
