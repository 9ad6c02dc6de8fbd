"""Missing credentials: an operation with documented security refuses a call without any (RFC 9110, section 11.6.1)."""

from collections.abc import Iterator
from dataclasses import replace

from ..client.placeholder_credentials import without_credentials
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check, is_refused_by


def _run(exchange: Exchange) -> Iterator[Finding]:
    if exchange.succeeded:
        yield accepted("credentials", exchange, "malformed" if exchange.call.header("Authorization") else "missing")
    elif exchange.reply.status == 401 and not exchange.reply.header("WWW-Authenticate"):
        finding = exchange.finding(
            "credentials",
            Severity.NOTE,
            expected="a WWW-Authenticate field in a 401 (RFC 9110, section 15.5.2)",
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


CHECK = Check(
    "credentials",
    "documented credentials are asked for",
    _run,
    lambda exchange: is_refused_by("credentials", exchange),
    refused=without_credentials,
)
