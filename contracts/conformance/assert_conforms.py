"""A response that a test has got, held against the documentation of its operation."""

from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Any

from docdouble.schemas import Call, ConfigError, Contract, Operation
from docdouble.schemas.contract.base_paths import base_paths
from docdouble.schemas.contract.router import Router
from docdouble.schemas.jsonschema.directions import directed, operation_of

from ..cases.purpose import Purposes
from ..checks import Check, all_checks
from ..checks.documented_status import CHECK as DOCUMENTED_STATUS
from ..config.config import severity
from ..config.default_contract import contract_or_default, default_source, resolve_operation
from ..model.case import Case, Origin, Purpose
from ..model.contract_cache import per_contract
from ..model.exchange import Exchange, Subject
from ..model.finding import Finding, Fingerprint, Severity
from ..model.text import counted, cut, one_line
from ..reports.curl import curl
from ..reports.finding_text import where
from ..reports.quotes import quotes
from ..storage.secrets import Secrets
from .client_responses import Exchanged, exchanged

EXPECTED_STATUS = "expected-status"
"""The check of a status that the test itself asks for."""

_OF_THE_REQUEST = ("documented-status", "valid-request", "invalid-request")
"""Checks that judge whether a call should have been refused, or that are done otherwise here."""

_OF_CLIENTS = ("Accept-Encoding", "Connection", "Content-Length", "Host", "User-Agent")
"""Header fields that clients send on their own."""

_MOST_SHOWN = 5
_WIDTH, _COLUMN = 100, 46
_MOST_LINES = 4


def assert_conforms(
    response: Any,
    operation: Operation | str | None = None,
    contract: Contract | None = None,
    *,
    status: int | None = None,
    fail_on: Severity | str = Severity.ERROR,
) -> None:
    """Fail unless a response keeps to the documentation of an operation.

    ``response`` is one of requests, httpx, Werkzeug, Flask, Django or Starlette, or a ``Reply``. ``operation`` is an
    id, ``METHOD /path`` or a part that only one has; it may be left out where the response knows its request. Without a
    contract it is the one that docdouble.toml of the working directory names, else the shipped one. The status must be
    documented, or be the ``status`` that the test expects. Findings of severity ``fail_on`` or worse fail.

    Raises ``AssertionError`` with what was promised and what was received, ``ConfigError`` for names that nobody
    documented, and ``TypeError`` for what is no such response.
    """
    __tracebackhide__ = True
    threshold = severity(str(fail_on), "fail_on")
    seen = exchanged(response)
    judge = _judge(contract_or_default(contract))
    exchange = judge.exchange(seen, operation, status)
    findings = [finding for finding in judge.findings(exchange, status) if finding.severity.reaches(threshold)]
    if findings:
        raise AssertionError("\n".join(_lines(exchange, findings, seen)))


class _ResponseJudge:
    """Judges responses by one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract = directed(contract)
        self._checks: tuple[Check, ...] = tuple(check for check in all_checks() if check.id not in _OF_THE_REQUEST)
        self._router = Router(contract)
        self._purposes = Purposes(contract)
        self._secrets = Secrets(contract)
        self._subjects: dict[str, Subject] = {}

    def exchange(self, seen: Exchanged, named: Operation | str | None, status: int | None) -> Exchange:
        """Return the exchange that is judged; raises ``ConfigError`` and ``TypeError``."""
        operation = resolve_operation(named, self._contract) if named is not None else None
        matched, prefix = self._match(seen.call, operation) if seen.call else (None, "")
        if seen.call and operation and not matched:
            self._refuse_another(seen.call, operation)
        meant = operation or matched
        if meant is None:
            raise self._unknown(seen.call)
        subject = self._subjects.setdefault(meant.id, Subject(operation_of(self._contract, meant), self._contract))
        call = seen.call if seen.call and matched else None
        bare = self._secrets.call(replace(call, target=call.target[len(prefix) :] or "/")) if call else None
        purpose = self._purpose(seen, bare, subject.operation)
        case = Case(subject.operation, bare or Call(method=meant.method, target=meant.path), purpose, Origin.RECORDED)
        return Exchange(subject, case, self._secrets.reply(seen.reply))

    def _refuse_another(self, call: Call, wanted: Operation) -> None:
        """Raise ``AssertionError`` for a response to a call of another operation than the test names."""
        other, _ = self._match(call, None)
        if other:
            raise AssertionError(f"the response is one of {other.label} ({other.id}), and not of {wanted.id}")

    def _unknown(self, call: Call | None) -> Exception:
        if call is None:
            return TypeError("the response doesn't know its request: name the operation")
        labels = [operation.label for operation in self._contract.operations]
        return ConfigError("operation", f"{call.method} {call.path}", labels, expected="documented")

    def _match(self, call: Call, wanted: Operation | None) -> tuple[Operation | None, str]:
        """Return the operation that a call means, and what stands before its documented path."""
        for prefix, route in self._router.below(call.path):
            match = route.operations.get(call.method)
            if match is None:
                continue
            is_documented = not prefix or prefix in base_paths(match.operation.servers or self._contract.servers)
            if match.operation.id == wanted.id if wanted else is_documented or match.has_literal:
                return match.operation, prefix
        return None, ""

    def _purpose(self, seen: Exchanged, call: Call | None, operation: Operation) -> Purpose:
        """Return what the reply is judged by: where not all of the call is known, by its own form alone."""
        if call is None:
            return Purpose.VALID if seen.reply.status < 400 else Purpose.PROBE
        if not seen.is_whole or seen.reply.status == 304:
            return Purpose.PROBE
        return self._purposes.of(operation, call) or Purpose.PROBE

    def findings(self, exchange: Exchange, status: int | None) -> list[Finding]:
        """Return the findings of a reply, the worst first."""
        findings: dict[Fingerprint, Finding] = {}
        for finding in self._judged(exchange, status):
            findings.setdefault(finding.fingerprint, finding)
        return sorted(findings.values(), key=lambda finding: finding.severity.rank)

    def _judged(self, exchange: Exchange, status: int | None) -> Iterator[Finding]:
        got = exchange.reply.status
        if status is None and exchange.operation.responses and got < 500:
            yield from DOCUMENTED_STATUS.run(exchange)
        if status is not None and got != status:
            expected = exchange.operation.response(status)
            yield exchange.finding(
                EXPECTED_STATUS,
                Severity.ERROR,
                expected=f"status {status}, which the test expects",
                got=exchange.answer,
                evidence=expected.evidence if expected else None,
            )
        for check in self._checks:
            is_expected = check.id == "server-error" and got == status
            if not is_expected and check.applies(exchange):
                yield from check.run(exchange)


_judge = per_contract(_ResponseJudge)


def _lines(exchange: Exchange, findings: list[Finding], seen: Exchanged) -> Iterator[str]:
    """Yield the text of a failure, which ends in the line to paste."""
    operation, reply = exchange.operation, exchange.reply
    yield f"{exchange.answer} to {operation.label} breaks {counted(len(findings), 'promise')} of {operation.id}"
    quote = quotes((default_source(),))
    for finding in findings[:_MOST_SHOWN]:
        at = f" at {finding.pointer}" if finding.pointer else ""
        yield ""
        yield cut(one_line(f"{finding.severity.value}: {finding.check}{at}"), _WIDTH)
        yield from _side_by_side(finding.expected, finding.got)
        quoted = quote(finding.evidence) if finding.evidence else ""
        yield cut(one_line(f"  {where(finding.evidence)}" + (f": {quoted}" if quoted else "")), _WIDTH)
    if rest := len(findings) - _MOST_SHOWN:
        yield from ["", f"and {rest} more"] if rest > 0 else []
    yield ""
    if reply.body and not exchange.succeeded:
        yield from wrap(cut(f"body: {one_line(reply.body.decode('utf-8', 'replace'))}", 4 * _WIDTH), _WIDTH)
    yield one_line(_to_paste(exchange, seen))


def _side_by_side(expected: str, got: str) -> Iterator[str]:
    """Yield two columns of words, each cut after a few lines."""
    left, right = _cell(expected), _cell(got)
    width = max(len("expected"), *map(len, left))
    yield f"  {'expected'.ljust(width)}  | got"
    for index in range(max(len(left), len(right))):
        expected_line, got_line = (column[index] if index < len(column) else "" for column in (left, right))
        yield f"  {expected_line.ljust(width)}  | {got_line}".rstrip()


def _cell(text: str) -> list[str]:
    lines = wrap(one_line(text), _COLUMN) or ["nothing"]
    return (
        lines
        if len(lines) <= _MOST_LINES
        else [*lines[: _MOST_LINES - 1], cut(lines[_MOST_LINES - 1], _COLUMN - 3) + "..."]
    )


def _to_paste(exchange: Exchange, seen: Exchanged) -> str:
    """Return the command that shows it again, where the call is known, else what is documented."""
    if not seen.base_url or not seen.is_whole or seen.call is None:
        return f"docdouble show {exchange.operation.id}"
    call = exchange.call.with_headers(drop=_OF_CLIENTS)
    secret = {name for name, _ in seen.call.headers} - {name for name, _ in exchange.call.headers}
    prefix = seen.call.path.removesuffix(call.path)
    return curl(call, seen.base_url + prefix, tuple(sorted(secret)))
