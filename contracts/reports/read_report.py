"""Runs read back from JSON reports, as far as other reports need them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from docdouble.schemas import Call, ConfigError, Contract, Evidence, Grade, Operation, Reply
from docdouble.schemas.json_pointer import pointer_of

from ..model.case import Breach, Case, Origin, Purpose
from ..model.events import OperationResult, Run, RunDone, RunStarted
from ..model.finding import Finding, Fingerprint, Severity
from ..model.text import cut
from ..model.verdict import Cause, OperationVerdict
from .json_report import VERSION

_MOST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A JSON report: the ``run`` that it is of, and the version of docdouble that wrote it."""

    name: str
    run: Run
    version: str


@dataclass(frozen=True, slots=True)
class _CutReply(Reply):
    """A reply of whose body a report holds only the beginning."""

    whole: int = 0

    @property
    def size(self) -> int:
        """The number of octets that the body had."""
        return self.whole


def read_report(path: Path) -> ReportFile:
    """Read a file; raises ``ConfigError`` for what is no JSON report of this version."""
    try:
        document = _loaded(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError("report", str(path), expected=f"a file of verify --report json=FILE: {reason}") from error
    if not isinstance(document, dict) or document.get("version") != VERSION or "contract" not in document:
        raise ConfigError("report", str(path), expected="a JSON report of this version of docdouble verify")
    for wrong in _schema().iter_errors(document):
        place = f"{path}: {pointer_of(wrong.instance_path) or 'the report'}"
        raise ConfigError(place, cut(str(wrong.instance), _MOST_SHOWN), expected=cut(wrong.message, _MOST_SHOWN))
    return ReportFile(str(path), _run(document), document["tool"]["version"])


def _loaded(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _plain(json.loads(data))  # a server may have sent half a letter, which stands as an escape there


def _plain(value: Any) -> Any:
    """Return a JSON value without halves of letters, which no UTF-8 has."""
    if isinstance(value, dict):
        return {_plain(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return list(map(_plain, value))
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value


@cache
def _schema() -> jsonschema_rs.Draft202012Validator:
    schema = orjson.loads(Path(__file__).with_name("report.schema.json").read_bytes())
    return jsonschema_rs.Draft202012Validator(schema)


def _run(document: dict[str, Any]) -> Run:
    operations = _operations(document)
    findings: dict[str, list[Finding]] = {}
    quotes: dict[Evidence, str] = {}
    for written in document["findings"]:
        finding = _finding(written, operations)
        findings.setdefault(finding.operation, []).append(finding)
        if finding.evidence:
            quotes[finding.evidence] = written["quote"]
    results = tuple(
        _result(operation, operations[operation["id"]], tuple(findings.get(operation["id"], ())))
        for operation in document["operations"]
    )
    done = RunDone(
        document["seconds"],
        document["stopped"],
        document["unreachable"],
        tuple(map(_call, document["left"])),
        tuple(map(_fingerprint, document["no_longer_found"])),
        tuple(document["missing"]),
    )
    return Run(_started(document, operations), results, done, lambda evidence: quotes.get(evidence, ""))


def _operations(document: dict[str, Any]) -> dict[str, Operation]:
    """Return all operations of the contract, in the order of a run; of those that were called more is known."""
    operations = {}
    for name, label in document["contract"]["operations"].items():
        method, _, path = label.partition(" ")
        operations[name] = Operation(name, method, path)
    for operation in document["operations"]:
        security = (("credentials",),) if operation["secured"] else ()
        evidence = Evidence(Grade.STATED, operation["page"], 0) if operation["page"] else None
        operations[operation["id"]] = Operation(
            operation["id"], operation["method"], operation["path"], security=security, evidence=evidence
        )
    return operations


def _started(document: dict[str, Any], operations: Mapping[str, Operation]) -> RunStarted:
    contract = document["contract"]
    schemes = {name: {"type": "apiKey", "name": name} for name in contract["api_keys"]}
    called = {operation["id"] for operation in document["operations"]}.union(document["not_reached"])
    flagged = [(_fingerprint(finding), finding) for finding in document["findings"]]
    return RunStarted(
        Contract(contract["title"], "", tuple(operations.values()), security_schemes=schemes),
        tuple(operation for name, operation in operations.items() if name in called),
        document["target"],
        document["base_url"],
        document["seed"],
        tuple(document["secret_headers"]),
        document["skipped"],
        document["started"],
        document["checks"],
        Severity(document["fail_on"]),
        {key: Severity(entry["severity"]) for key, entry in flagged if entry["known"]},
        frozenset(key for key, entry in flagged if entry["expired"]),
        may_stay_unverified=frozenset(document["may_stay_unverified"]),
        expecting_nothing=tuple(document["expecting_nothing"]),
        fail_under=document["fail_under"],
        shard=(document["shard"]["number"], document["shard"]["count"]),
        digest=contract["digest"],
        order=tuple(contract["operations"]),
        command=document["tool"].get("command", "verify"),
    )


def _result(data: dict[str, Any], operation: Operation, findings: tuple[Finding, ...]) -> OperationResult:
    return OperationResult(
        operation,
        data["calls"],
        findings,
        data["checks"],
        {int(status): count for status, count in data["statuses"].items()},
        data["seconds"],
        data["stopped"],
        OperationVerdict(data["verdict"]),
        Cause(data["cause"]["rule"], data["cause"]["text"]) if data["cause"] else None,
    )


def _finding(data: dict[str, Any], operations: Mapping[str, Operation]) -> Finding:
    return Finding(
        data["check"],
        Severity(data["severity"]),
        data["operation"],
        data["promised"],
        data["came"],
        data["pointer"],
        data["rule"],
        _evidence(data["evidence"]),
        _case(data["call"], operations) if data["call"] else None,
        _reply(data["reply"]) if data["reply"] else None,
        tuple(_case(case, operations) for case in data["before"]),
        data["once"],
        data.get("sent_again") or "",
    )


def _fingerprint(data: dict[str, str]) -> Fingerprint:
    return Finding(data["check"], Severity.NOTE, data["operation"], "", "", data["pointer"], data["rule"]).fingerprint


def _evidence(data: dict[str, Any] | None) -> Evidence | None:
    return Evidence.from_dict(data) if data else None


def _case(data: dict[str, Any], operations: Mapping[str, Operation]) -> Case:
    broken = data["breach"]
    breach = Breach(broken["place"], broken["rule"], _evidence(broken.get("evidence"))) if broken else None
    operation = operations.get(data["operation"]) or Operation(data["operation"], data["method"], data["target"])
    return Case(
        operation, _call(data), Purpose(data["purpose"]), Origin(data["origin"]), data["about"], breach, data["signed"]
    )


def _call(data: dict[str, Any]) -> Call:
    return Call(_headers(data["headers"]), _body(data["body"]), data["method"], data["target"])


def _reply(data: dict[str, Any]) -> Reply:
    return _CutReply(_headers(data["headers"]), _body(data["body"]), data["status"], data["bytes"])


def _headers(data: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in data)


def _body(data: dict[str, str]) -> bytes:
    return data["text"].encode() if "text" in data else base64.b64decode(data["base64"])
