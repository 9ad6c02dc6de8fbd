"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): findings at their documentation lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..model.events import Run
from ..model.finding import Finding, Severity
from ..model.text import plain
from ..model.verdict import OperationVerdict
from .finding_parts import commands, fingerprint_text, help_page
from .finding_text import not_again, where
from .groups import labels

_IN_BASELINE = {"kind": "external", "justification": "in the baseline"}


def sarif(run: Run) -> bytes:
    """Return the log. Findings that the baseline knows are suppressed in it."""
    checks = [check for check in run.checks if any(finding.check == check for finding in run.findings)]
    worst = {check: _worst(run, check) for check in checks}
    rules = [_rule(check, run.started.checks.get(check, ""), worst[check]) for check in checks]
    order, names = {check: index for index, check in enumerate(checks)}, labels(run)
    results = [_result(finding, order[finding.check], run, names) for finding in run.findings]
    of_run = {"id": f"docdouble/{run.started.command}/"}
    return log(rules, results, automationDetails=of_run, properties=_verdicts(run)).encode() + b"\n"


def _verdicts(run: Run) -> dict[str, Any]:
    """Return the ids of the operations by the verdict, and why too few are verified."""
    by_verdict = {verdict.replace(" ", "_"): list(run.of_verdict(verdict)) for verdict in OperationVerdict}
    return {**by_verdict, "shortfall": run.shortfall}


def _worst(run: Run, check: str) -> Severity:
    return min(
        (finding.severity for finding in run.findings if finding.check == check), key=lambda severity: severity.rank
    )


def _rule(check: str, promise: str, severity: Severity) -> dict[str, Any]:
    page = help_page(check)
    documentation = {"help": {"text": page, "markdown": page}} if page else {}
    return {**rule(check, promise or check, severity.value), **documentation}


def _result(finding: Finding, index: int, run: Run, names: Mapping[str, str]) -> dict[str, Any]:
    label = names.get(finding.operation, finding.operation)
    logical = {"name": finding.operation, "fullyQualifiedName": label, "kind": "function"}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if finding.evidence:
        location["physicalLocation"] = place(finding.evidence.page, finding.evidence.line)
    return {
        "ruleId": finding.check,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": plain("\n".join(_message(finding, label, run)))},
        "locations": [location],
        "partialFingerprints": {"docdouble/v1": fingerprint_text(finding.fingerprint)},
        "suppressions": [_IN_BASELINE] if run.started.knows(finding) else [],
        "properties": {"pointer": finding.pointer, "rule": finding.rule},
    }


def _message(finding: Finding, label: str, run: Run) -> Iterator[str]:
    yield f"{label}: expected {finding.expected}, got {finding.got}; {where(finding.evidence)}."
    if remark := not_again(finding):
        yield f"{remark}."
    yield from commands(finding, run.started)


def log(rules: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], **run: Any) -> str:
    """Return a log of one run; ``run`` holds further members of it."""
    from importlib.metadata import version  # here because it takes 50 ms to import

    driver = {"name": "docdouble", "semanticVersion": version("docdouble"), "rules": rules}
    run_object = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", **run, "results": results}
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run_object]}
    return json.dumps(whole, indent=2)


def rule(name: str, finds: str, level: str) -> dict[str, Any]:
    """Return a rule as a log has it; the level is that of SARIF, and of our severities."""
    return {"id": name, "shortDescription": {"text": finds}, "defaultConfiguration": {"level": level}}


def place(page: str, line: int) -> dict[str, Any]:
    """Return a physical location: a page, and a line of it, 0 for the page as a whole."""
    file = page.partition("#/")[0]  # a document's pages are places in it, and an artifact is a file
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(file, errors="replace")}}
    if line:
        where["region"] = {"startLine": line}
    return where
