"""Tools that verify a service, and what they find."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import DEVNULL, PIPE

from services import Service

SEVERITIES = ("note", "warning", "error")
CAP = 600.0
"""Seconds after which a tool is ended, with nothing found."""

Key = tuple[str, ...]
"""A finding without its values: check, operation, place, rule."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings of a run with their severities, requests, seconds and the verdict."""

    findings: Mapping[Key, str]
    requests: int
    seconds: float
    verdict: str


Tool = Callable[[Service, str, Path], Outcome]
"""Service, its URL, and the file for a report → what is found."""


def verified(service: Service, url: str, report: Path) -> Outcome:
    """Return what ``docdouble verify`` finds with its default budget; what it writes stays beside ``report``."""
    return _verified(service, url, report, "--url", url + service.base, *service.arguments)


def proxied(service: Service, url: str, report: Path) -> Outcome:
    """Return what ``docdouble proxy`` finds of what ``verify`` sends, and whether its recording is judged alike."""
    live, har = report.with_suffix(".proxy.json"), report.with_suffix(".har")
    live.unlink(missing_ok=True)
    command = _docdouble("proxy", url + service.document, "--url", url + service.base, "--port", "0", "--quiet")
    command += ["--report", f"json={live}", "--record", str(har)]
    with subprocess.Popen(command, cwd=report.parent, stdout=PIPE, stderr=DEVNULL, text=True) as proxy:
        try:
            address = proxy.stdout.readline().strip().partition("=")[2] if proxy.stdout else ""
            _verified(service, url, report, "--url", address, *service.arguments)
        finally:
            proxy.send_signal(signal.SIGINT)
            proxy.communicate()
    judged = _outcome(live, "")
    recorded = _verified(service, url, report, "--har", str(har), "--url", url + service.base)
    return replace(judged, verdict="judged alike" if _grave(recorded) == _grave(judged) else "judged otherwise")


def _grave(outcome: Outcome) -> set[Key]:
    """Return what is no note: those tell requests that are broken by what is recorded masked, too."""
    return {key for key, severity in outcome.findings.items() if severity != "note"}


def _docdouble(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "docdouble", *arguments]


def _verified(service: Service, url: str, report: Path, *arguments: str) -> Outcome:
    """Return what ``verify`` says with arguments."""
    report.unlink(missing_ok=True)
    command = _docdouble("verify", url + service.document, *arguments, "--report", f"json={report}")
    with report.with_suffix(".txt").open("w+") as output:
        subprocess.run(command, cwd=report.parent, stdout=output, stderr=output, timeout=CAP, check=False)
        output.seek(0)
        lines = output.read().strip().splitlines()
    if not report.exists():
        raise SystemExit("\n".join([f"{service.name}: no report", *lines]))
    return _outcome(report, lines[-1])


def _outcome(report: Path, verdict: str) -> Outcome:
    """Return what a report lists."""
    document = json.loads(report.read_text(encoding="utf-8"))
    findings: dict[Key, str] = {}
    for finding in document["findings"]:
        key = tuple(str(finding[part]) for part in ("check", "operation", "pointer", "rule"))
        findings[key] = max(findings.get(key, finding["severity"]), finding["severity"], key=SEVERITIES.index)
    return Outcome(findings, document["calls"], document["seconds"], verdict)


def run_by_schemathesis(service: Service, url: str, report: Path) -> Outcome:
    """Return what ``st run`` finds with its defaults, each failure as an error."""
    report = report.with_suffix(".ndjson")
    report.unlink(missing_ok=True)
    command = [str(Path(sys.executable).parent / "st"), "run", url + service.document, "--url", url + service.base]
    command += [*service.arguments, "--seed", "0", "--report", "ndjson", "--report-ndjson-path", str(report)]
    began = time.monotonic()
    with report.with_suffix(".st.txt").open("w+") as output, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=report.parent, stdout=output, stderr=output, timeout=CAP, check=False)
    seconds = time.monotonic() - began
    findings: dict[Key, str] = {}
    requests = 0
    for line in report.read_text().splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        requests += len(recorder.get("interactions", ()))
        made = (check for checks in recorder.get("checks", {}).values() for check in checks)
        failures = (check["failure_info"]["failure"] for check in made if check["status"] == "failure")
        findings |= {(failure["type"], failure["operation"], _status(failure)): "error" for failure in failures}
    return Outcome(findings, requests, seconds, f"{len(findings)} failures")


def _status(failure: Mapping[str, str]) -> str:
    """Return the status that a failure is about, empty for others: what else messages say differs from call to call."""
    return failure["message"].splitlines()[0] if failure["type"] == "UndefinedStatusCode" else ""
