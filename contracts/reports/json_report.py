"""JSON report of a run, for machines; ``report.schema.json`` beside this module describes it."""

import base64
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Call, Operation, Reply
from docdouble.schemas.http import Headers
from docdouble.schemas.openapi.contract_digest import contract_digest

from ..model.case import Case
from ..model.events import OperationResult, Run, RunStarted
from ..model.finding import Finding, Fingerprint
from ..model.text import json_escapes
from ..model.verdict import OperationVerdict
from ..storage.case_json import breach_as_json
from ..storage.secrets import api_key_names, contract_masking
from .finding_parts import curl_of, fingerprint_text, masked_reply
from .groups import labels, not_reached, totals

VERSION = 1
"""Version of the document; it rises when a reader of an older one would misread it."""

MOST_BYTES = 4_096
"""Bytes of a reply's body that are kept."""


def json_report(run: Run) -> bytes:
    """Return the document, in UTF-8."""
    text = json_escapes(json.dumps(_document(run), indent=1, ensure_ascii=False))
    return (text + "\n").encode(errors="replace")


def _document(run: Run) -> dict[str, Any]:
    started, done, masking = run.started, run.done, contract_masking(run.started.contract, run.started.secret_headers)
    return {
        "version": VERSION,
        "tool": {"name": "docdouble", "version": version("docdouble"), "command": started.command},
        "target": started.target,
        "base_url": started.base_url,
        "secret_headers": list(started.secret_headers),
        "shard": dict(zip(("number", "count"), started.shard, strict=True)),
        "contract": _contract(run),
        "started": started.started,
        "seed": started.seed,
        "seconds": round(done.seconds, 3),
        "calls": run.calls,
        "calls_per_second": round(run.calls / done.seconds, 1) if done.seconds else 0.0,
        "fail_on": started.fail_on.value,
        "fail_under": started.fail_under,
        "failed": run.failed,
        "shortfall": run.shortfall,
        "stopped": done.stopped,
        "unreachable": done.unreachable,
        "missing": list(done.missing),
        "totals": _totals(run),
        "checks": {check: started.checks.get(check, "") for check in run.checks},
        "operations": [_operation(result) for result in run.results],
        "findings": [_finding(finding, run, masking) for finding in run.findings],
        "may_stay_unverified": sorted(started.may_stay_unverified),
        "expecting_nothing": list(started.expecting_nothing),
        "skipped": dict(started.skipped),
        "not_reached": list(not_reached(run)),
        "no_longer_found": [_fingerprint(finding) for finding in done.gone],
        "left": [_call(call) for call in done.left],
    }


def _contract(run: Run) -> dict[str, Any]:
    """Return what tells the contract from others, and its operations in the order of a run."""
    contract, names = run.started.contract, labels(run)
    order = (*run.started.order, *names)
    return {
        "title": contract.title,
        "digest": run.started.digest or contract_digest(contract),
        "api_keys": api_key_names(contract),
        "operations": {name: names[name] for name in dict.fromkeys(order) if name in names},
    }


def _totals(run: Run) -> dict[str, Any]:
    new = (finding for finding in run.findings if not run.started.knows(finding))
    return {
        "operations": len(run.started.operations),
        "finished": sum(not result.stopped for result in run.results),
        "skipped": len(run.started.skipped),
        **{verdict.replace(" ", "_"): len(run.of_verdict(verdict)) for verdict in OperationVerdict},
        "findings": {severity.value: count for severity, count in totals(run.findings).items()},
        "new": {severity.value: count for severity, count in totals(new).items()},
    }


def _operation(result: OperationResult) -> dict[str, Any]:
    return {
        **_named(result.operation),
        "secured": result.operation.is_secured,
        "calls": result.calls,
        "seconds": round(result.seconds, 3),
        "statuses": {str(status): count for status, count in sorted(result.statuses.items())},
        "checks": dict(result.checks),
        "findings": len(result.findings),
        "stopped": result.stopped,
        "verdict": result.verdict.value,
        "cause": {"rule": result.cause.rule, "text": result.cause.text} if result.cause else None,
    }


def _named(operation: Operation) -> dict[str, Any]:
    page = operation.page
    return {"id": operation.id, "method": operation.method, "path": operation.path, "page": page}


def _finding(finding: Finding, run: Run, masking: Masking) -> dict[str, Any]:
    started = run.started
    return {
        **_fingerprint(finding.fingerprint),
        "pointer": finding.pointer,
        "severity": finding.severity.value,
        "known": started.knows(finding),
        "expired": finding.fingerprint in started.expired,
        "once": finding.once,
        "evidence": finding.evidence.as_dict() if finding.evidence else None,
        "quote": run.quote(finding.evidence) if finding.evidence else "",
        "promised": finding.expected,
        "came": finding.got,
        "sent_again": finding.sent_again or None,
        "before": [_sent(case, started) for case in finding.before],
        "call": _sent(finding.case, started) if finding.case else None,
        "reply": _reply(finding.reply, masking) if finding.reply else None,
    }


def _fingerprint(fingerprint: Fingerprint) -> dict[str, str]:
    operation, check, pointer, rule = fingerprint
    named = {"operation": operation, "check": check, "pointer": pointer, "rule": rule}
    return {"fingerprint": fingerprint_text(fingerprint), **named}


def _sent(case: Case, started: RunStarted) -> dict[str, Any]:
    why = {"operation": case.operation.id, "purpose": case.purpose.value, "origin": case.origin.value}
    breach = breach_as_json(case.breach) if case.breach else None
    promise = {"about": case.about, "signed": case.signed, "breach": breach}
    return {**why, **promise, **_call(case.call), "curl": curl_of(case, started)}


def _call(call: Call) -> dict[str, Any]:
    return {"method": call.method, "target": call.target, "headers": _headers(call.headers), "body": _body(call.body)}


def _reply(reply: Reply, masking: Masking) -> dict[str, Any]:
    masked = masked_reply(reply, masking)
    return {
        "status": reply.status,
        "headers": _headers(masked.headers),
        "body": _body(masked.body[:MOST_BYTES]),
        "bytes": reply.size,
    }


def _headers(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _body(body: bytes) -> Mapping[str, str]:
    """Return a body as text, or in base64 where it is none; half a letter at the end of a cut one is dropped."""
    for end in _ends(body):
        try:
            return {"text": body[:end].decode()}
        except UnicodeDecodeError:
            continue
    return {"base64": base64.b64encode(body).decode()}


def _ends(body: bytes) -> Iterator[int]:
    yield len(body)
    if len(body) == MOST_BYTES:
        yield from range(MOST_BYTES - 1, MOST_BYTES - 4, -1)
