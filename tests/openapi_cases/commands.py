"""Commands of a case, run in process, and what they should do and say."""

import fnmatch
import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from click.testing import CliRunner, Result

from docdouble.contracts.cli import serving
from docdouble.contracts.cli.main import main
from docdouble.schemas.openapi.text_formats import parse_document

from .calls import call_problems
from .checks import as_list, at_pointer, output_problems, value_problem
from .server import running

JUDGEMENTS = ("breaking", "risky", "safe", "none")
METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY")


@dataclass(frozen=True)
class Case:
    """One case, with its files written into a folder."""

    content: Mapping[str, Any]
    folder: Path

    @property
    def main(self) -> str:
        return str(self.content.get("main", next(iter(self.content["files"]))))

    @property
    def document(self) -> Mapping[str, Any]:
        content = self.content["files"][self.main]
        document = parse_document(content, "case.yaml") if isinstance(content, str) else content
        return json.loads(json.dumps(document, default=str)) if isinstance(document, dict) else {}

    def write(self) -> None:
        for name, content in self.content["files"].items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content, indent=1, default=str)
            path.write_bytes(text.encode())


def run(*words: Any, env: Mapping[str, str] | None = None) -> Result:
    """Run a command of docdouble in the current folder."""
    variables = {"NO_COLOR": "1", "COLUMNS": "200", **(env or {})}
    return CliRunner(env=variables).invoke(main, [str(word) for word in words])


def exit_problems(expected: Mapping[str, Any], result: Result) -> Iterator[str]:
    """Yield what is wrong with how a command ended."""
    codes = as_list(expected.get("exit"))
    if result.exception and not isinstance(result.exception, SystemExit):
        yield f"expected no traceback, came {''.join(traceback.format_exception(result.exception))[-600:]}"
    elif "Traceback (most recent call last)" in result.output:
        yield f"expected no traceback, came {result.output[-600:]}"
    elif codes and result.exit_code not in codes:
        yield f"expected exit code {expected['exit']}, came {result.exit_code}: {result.stderr[-240:]!r}"


def run_calls(case: Case, calls: list[Any]) -> Iterator[str]:
    """Serve the document without a socket, and send it the calls."""
    problems: list[str] = []

    def serve(application: Any, address: Any, load: Any, ready: Callable[[str], None]) -> None:
        ready("http://127.0.0.1")
        problems.extend(call_problems(application.made(), calls, case.document))

    with mock.patch.object(serving, "serve", serve):
        result = run("serve", case.main, "--port", 0, "--quiet", *case.content.get("serve", []))
    if "DOCDOUBLE_URL=" not in result.output:
        yield f"expected a server, but docdouble serve ended: {result.output[-300:]!r}"
    yield from exit_problems({}, result)
    yield from problems


def run_verify(
    case: Case, expected: Mapping[str, Any], words: tuple[str, ...] = (), env: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Verify the document's own fake, or with more words another server."""
    path = case.folder / "report.json"
    result = run("verify", case.main, *words, *expected.get("args", []), "--report", f"json={path.name}", env=env)
    report = json.loads(path.read_text("utf-8")) if path.exists() else {}
    labels = {
        operation["id"]: f"{operation['method']} {operation['path']}" for operation in report.get("operations", [])
    }
    findings = [
        {**finding, "operation": labels.get(finding["operation"], "")} for finding in report.get("findings", [])
    ]
    shown = "; ".join(
        sorted({f"{finding['severity']} {finding['check']} of {finding['operation']}" for finding in findings})
    )
    yield from (f"{problem}; {shown}" for problem in exit_problems(expected, result))
    for rule in as_list(expected.get("must-report")):
        if not any(_fits(finding, rule) for finding in findings):
            yield f"expected a finding {rule}, came {shown or 'none'}"
    for rule in as_list(expected.get("must-not-report")):
        yield from (f"expected no finding {rule}, came {finding}" for finding in findings if _fits(finding, rule))
    for label in as_list(expected.get("must-reach")):
        statuses = [
            operation["statuses"] for operation in report.get("operations", []) if labels[operation["id"]] == label
        ]
        if not any(status.startswith("2") for status in (statuses or [{}])[0]):
            yield f"expected {label} to be verified, came {statuses}"
    yield from output_problems(expected, result.output)


def _fits(finding: Mapping[str, Any], rule: Any) -> bool:
    rule = rule if isinstance(rule, dict) else {"check": rule}
    return (
        fnmatch.fnmatch(finding["check"], rule.get("check", "*"))
        and rule.get("operation", finding["operation"]) == finding["operation"]
        and finding["severity"] in as_list(rule.get("severity", finding["severity"]))
        and bool(re.search(rule.get("about", ""), json.dumps(finding, ensure_ascii=False), re.IGNORECASE))
    )


def run_verify_url(case: Case, expected: Mapping[str, Any]) -> Iterator[str]:
    """Verify the server that the case holds."""
    with running(expected["server"], expected.get("close-after-ms")) as (url, received):
        yield from run_verify(case, expected, ("--url", url + expected.get("base", "")), expected.get("env"))
    for pattern in as_list(expected.get("must-send")):
        if not any(re.search(pattern, sent, re.IGNORECASE | re.DOTALL) for sent in received):
            yield f"expected a call that matches /{pattern}/ among {len(received)} calls such as {received[:1]}"
    for pattern in as_list(expected.get("must-not-send")):
        hits = (sent for sent in received if re.search(pattern, sent, re.IGNORECASE | re.DOTALL))
        yield from (f"expected no call that matches /{pattern}/, came {sent[:160]!r}" for sent in hits)


def run_diff(case: Case, expected: Mapping[str, Any]) -> Iterator[str]:
    names = list(case.content["files"])
    old, new = expected.get("old", names[0]), expected.get("new", names[1])
    result = run("diff", old, new, "--format", "json", *expected.get("args", []))
    yield from exit_problems(expected, result)
    changes = json.loads(result.stdout)["changes"] if result.stdout.startswith("{") else []
    judgements = {change["judgement"] for change in changes}
    strongest = next((judgement for judgement in JUDGEMENTS if judgement in judgements), "none")
    shown = "; ".join(f"{change['judgement']} {change['rule']}: {change['what']}" for change in changes)[:300]
    if "judgement" in expected and strongest not in as_list(expected["judgement"]):
        yield f"expected the change to be {expected['judgement']}, came {shown or result.output[-300:]}"
    for rule in as_list(expected.get("rules")):
        if not any(fnmatch.fnmatch(change["rule"], rule) for change in changes):
            yield f"expected a change {rule}, came {shown}"
    for rule in as_list(expected.get("rules-not")):
        if any(fnmatch.fnmatch(change["rule"], rule) for change in changes):
            yield f"expected no change {rule}, came {shown}"
    yield from output_problems(expected, result.output)


def run_lint(case: Case, expected: Mapping[str, Any]) -> Iterator[str]:
    result = run("lint", case.main, *expected.get("args", []))
    yield from exit_problems(expected, result)
    yield from (f"{problem}; it said {result.output[:300]!r}" for problem in output_problems(expected, result.output))


def run_list(case: Case, expected: Mapping[str, Any]) -> Iterator[str]:
    result = run("list", case.main, *expected.get("args", []))
    yield from exit_problems(expected, result)
    rows = [line.split() for line in result.stdout.splitlines()]
    labels = [" ".join(row[1:3]) for row in rows if len(row) > 2 and row[1] in METHODS]
    if len(labels) != expected.get("operations", len(labels)):
        yield f"expected {expected['operations']} operations, came {len(labels)}: {result.output[-200:]!r}"
    yield from (f"expected {label}, came {labels}" for label in as_list(expected.get("has")) if label not in labels)
    yield from output_problems(expected, result.output)


def run_extract(case: Case, expected: Mapping[str, Any]) -> Iterator[str]:
    result = run("extract", case.main, *expected.get("args", []))
    yield from exit_problems(expected, result)
    if "document" in expected or "operations" in expected:
        contract = json.loads(result.stdout) if result.stdout.startswith("{") else {}
        count = sum(key.upper() in METHODS for path in contract.get("paths", {}).values() for key in path)
        if count != expected.get("operations", count):
            yield f"expected {expected['operations']} operations, came {count}"
        for pointer, check in (expected.get("document") or {}).items():
            yield from filter(None, [value_problem(at_pointer(contract, pointer), check, contract, pointer)])
    yield from output_problems(expected, result.stderr)


def run_show(case: Case, expected: Mapping[str, Any]) -> Iterator[str]:
    result = run("show", expected["operation"], case.main, *expected.get("args", []))
    yield from exit_problems({"exit": 0, **expected}, result)
    yield from output_problems(expected, result.output)


PARTS: Mapping[str, Callable[[Case, Any], Iterator[str]]] = {
    "calls": run_calls,
    "verify": run_verify,
    "verify-url": run_verify_url,
    "diff": run_diff,
    "lint": run_lint,
    "list": run_list,
    "extract": run_extract,
    "show": run_show,
}
