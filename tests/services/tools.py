"""Tools that verify a service, and what they find."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

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
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "docdouble", "verify", url + service.document, "--url", url + service.base]
    command += service.arguments
    with report.with_suffix(".txt").open("w+") as output:
        command += ["--report", f"json={report}"]
        subprocess.run(command, cwd=report.parent, stdout=output, stderr=output, timeout=CAP, check=False)
        output.seek(0)
        lines = output.read().strip().splitlines()
    if not report.exists():
        raise SystemExit("\n".join([f"{service.name}: no report", *lines]))
    told = json.loads(report.read_text(encoding="utf-8"))
    findings: dict[Key, str] = {}
    for one in told["findings"]:
        key = tuple(str(one[part]) for part in ("check", "operation", "pointer", "rule"))
        findings[key] = max(findings.get(key, one["severity"]), one["severity"], key=SEVERITIES.index)
    return Outcome(findings, told["calls"], told["seconds"], lines[-1])


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
        findings |= {(one["type"], one["operation"], _status(one)): "error" for one in failures}
    return Outcome(findings, requests, seconds, f"{len(findings)} failures")


def _status(failure: Mapping[str, str]) -> str:
    """Return the status that a failure is about, empty for others: what else messages say differs from call to call."""
    return failure["message"].splitlines()[0] if failure["type"] == "UndefinedStatusCode" else ""
