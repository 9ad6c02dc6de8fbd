"""Servers that break one promise each: what docdouble finds, and what Schemathesis finds by itself and by our export.

Run by hand: ``python tests/benchmarks/broken_servers.py [--only FAULT...] [--tools TOOL...]``. All tools have their
default budgets and verify the same server, which is ours but for its fault, over a socket. What takes longer than
``--cap`` is interrupted as by Ctrl-C, and counts with what it had found. A finding counts as found
when the server without the fault doesn't give it and it is about an operation with the fault; what else is new, and
whatever the right server gives, is a false alarm. Notes of docdouble don't count.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from servers import tell

from docdouble.contracts.cli.export import indented_json, write_for_schemathesis
from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.serving.servers import running
from docdouble.schemas import Call, Contract, Reply, extract
from docdouble.schemas.openapi.convert import to_openapi

FIXTURES = Path(__file__).parent.parent / "fakeserver"
SOURCES = {"contact": str(FIXTURES / "contact"), "hotel": str(FIXTURES / "hotel.yaml"), "superoffice": "superoffice"}
CAP = 600.0
"""Seconds after which a run is interrupted."""

_SECONDS_TO_END = 60
"""How long a tool that was interrupted may take to write its report."""

Handle = Callable[[Call], Reply]
Break = Callable[[Call, Handle], Reply]
Findings = frozenset[tuple[str, str]]
"""The label of an operation, with what was found there."""

Run = Callable[[Sequence[str], Path], None]
"""Runs a command in a folder."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a server does wrong: ``at`` are the labels of the operations that show it."""

    name: str
    source: str
    at: tuple[str, ...]
    breaks: Break


class Broken(FakeServer):
    """A fake with a fault, which counts what it is asked."""

    def __init__(self, contract: Contract, breaks: Break) -> None:
        super().__init__(contract, Settings(population=200))
        self.asked = 0
        self._breaks = breaks
        self._lock = threading.Lock()

    def handle(self, call: Call) -> Reply:
        with self._lock:
            self.asked += 1
        return self._breaks(call, super().handle)


def right(call: Call, handle: Handle) -> Reply:
    return handle(call)


def is_one(call: Call, method: str, collection: str) -> bool:
    """Tell whether a call is for one entity of a collection."""
    start, _, key = call.path.rpartition("/")
    return call.method == method and start.lower() == collection.lower() and key.isdecimal()


def changing(method: str, collection: str, change: Callable[[dict[str, Any]], Any]) -> Break:
    """Return the fault that changes the JSON of what is answered about one entity."""

    def breaks(call: Call, handle: Handle) -> Reply:
        reply = handle(call)
        if reply.status != 200 or not is_one(call, method, collection) or "json" not in reply.media_type:
            return reply
        return replace(reply, body=json.dumps(change(json.loads(reply.body))).encode())

    return breaks


def wrong_inside(answer: dict[str, Any]) -> Any:
    """Make the key of what stands inside a text, where the id is above 100."""
    inside = {
        name: {**part, next(iter(part)): "wrong"} for name, part in answer.items() if isinstance(part, dict) and part
    }
    return {**answer, **inside} if answer["GuestId"] > 100 else answer


def one_in_ten() -> Callable[[dict[str, Any]], Any]:
    """Return a change that leaves a property out of every tenth answer."""
    answered: list[None] = []

    def change(answer: dict[str, Any]) -> Any:
        answered.append(None)
        return {name: value for name, value in answer.items() if name != "Department" or len(answered) % 10}

    return change


def other_case(answer: dict[str, Any]) -> Any:
    return {name.lower() if name == "Business" else name: value for name, value in answer.items()}


def fails_on_empty_texts(call: Call, handle: Handle) -> Reply:
    return Reply(status=500) if call.method == "POST" and b'""' in call.body else handle(call)


def undocumented_status(call: Call, handle: Handle) -> Reply:
    reply = handle(call)
    return replace(reply, status=202) if call.method == "POST" and reply.status == 200 else reply


def wrong_media_type(call: Call, handle: Handle) -> Reply:
    reply = handle(call)
    if reply.status != 200 or not is_one(call, "GET", "/api/v1/Contact"):
        return reply
    others = tuple(header for header in reply.headers if header[0].lower() != "content-type")
    return replace(reply, headers=(*others, ("Content-Type", "text/html")))


def lets_in_everybody(call: Call, handle: Handle) -> Reply:
    if is_one(call, "GET", "/api/v1/Contact") and not call.header("Authorization"):
        return handle(call.with_headers(("Authorization", "Bearer anybody")))
    return handle(call)


def ignores_selections(call: Call, handle: Handle) -> Reply:
    return handle(replace(call, target=call.path))


def forgets_updates(call: Call, handle: Handle) -> Reply:
    """Answer an update as if it were kept, and put back what was there before."""
    if not is_one(call, "PUT", "/guests"):
        return handle(call)
    before = handle(Call(call.headers, b"", "GET", call.path))
    reply = handle(call)
    if before.status == reply.status == 200:
        handle(replace(call, body=before.body))
    return reply


CONTACT = "GET /api/v1/Contact/{id}"
CREATE = "POST /api/v1/Contact"
ASSIGN = "POST /api/v1/Agents/Appointment/AssignTo"
FAULTS = (
    Fault("nested-type", "hotel", ("GET /guests/{id}",), changing("GET", "/guests", wrong_inside)),
    Fault("missing-in-one-of-ten", "contact", (CONTACT,), changing("GET", "/api/v1/Contact", one_in_ten())),
    Fault("null", "hotel", ("GET /rooms/{id}",), changing("GET", "/rooms", lambda answer: {**answer, "Name": None})),
    Fault("other-case", "contact", (CONTACT,), changing("GET", "/api/v1/Contact", other_case)),
    Fault("500-on-empty-text", "contact", (CREATE,), fails_on_empty_texts),
    Fault("undocumented-status", "contact", (CREATE,), undocumented_status),
    Fault("wrong-media-type", "contact", (CONTACT,), wrong_media_type),
    Fault("no-credentials-needed", "contact", (CONTACT,), lets_in_everybody),
    Fault("selection-ignored", "superoffice", (ASSIGN,), ignores_selections),
    Fault("update-forgotten", "hotel", ("PUT /guests/{id}", "GET /guests/{id}"), forgets_updates),
)


@cache
def contract_of(source: str) -> Contract:
    return extract(SOURCES[source]).contract


def docdouble(source: str, url: str, folder: Path, run: Run) -> Findings:
    report = folder / "report.json"
    command = ("verify", SOURCES[source], "--no-cache", "--url", url, "--report", f"json={report}", "--quiet")
    run([sys.executable, "-m", "docdouble", *command], folder)
    labels = {operation.id: operation.label for operation in contract_of(source).operations}
    findings = json.loads(report.read_bytes())["findings"]
    return frozenset(
        (labels[finding["operation"]], " ".join(finding[word] for word in ("severity", "check", "pointer", "rule")))
        for finding in findings
        if finding["severity"] != "note"
    )


def exported(source: str, url: str, folder: Path, run: Run) -> Findings:
    write_for_schemathesis(contract_of(source), folder, writes=True)
    return schemathesis(url, folder, run, ("--rate-limit", "1000/s"))


def plain(source: str, url: str, folder: Path, run: Run) -> Findings:
    (folder / "openapi.json").write_bytes(indented_json(to_openapi(contract_of(source))))
    return schemathesis(url, folder, run, ("--header", "Authorization: Basic YW55OmFueQ=="))


def schemathesis(url: str, folder: Path, run: Run, options: Sequence[str]) -> Findings:
    report = folder / "report.json"
    command = ("run", "openapi.json", "--url", url, "--report", "json", "--report-json-path", str(report), *options)
    run([sys.executable, "-m", "schemathesis.cli", *command], folder)
    failures = json.loads(report.read_bytes())["failures"]
    return frozenset(
        (label, f"{failure['code']} {failure['title']}") for failure in failures for label in failure["operations"]
    )


TOOLS: dict[str, Callable[[str, str, Path, Run], Findings]] = {
    "docdouble": docdouble,
    "st-exported": exported,
    "st-plain": plain,
}


class Capped:
    """Runs commands, and interrupts those that take longer than ``seconds``; ``was_cut`` tells whether one was."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.was_cut = False

    def __call__(self, command: Sequence[str], folder: Path) -> None:
        known = {f"{kind}_{word}": "any" for kind in ("BASIC", "BEARER") for word in ("USERNAME", "PASSWORD", "TOKEN")}
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                command, cwd=folder, env={**os.environ, **known}, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                process.wait(self._seconds)
            except subprocess.TimeoutExpired:
                self.was_cut = True
                process.send_signal(signal.SIGINT)
                process.wait(_SECONDS_TO_END)
        if process.returncode not in (0, 1) and not self.was_cut:
            tell((folder / "output").read_text(encoding="utf-8", errors="replace"))
            raise subprocess.CalledProcessError(process.returncode, command)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool found of one server."""

    findings: Findings
    requests: int
    seconds: float
    was_cut: bool


def verified(tool: str, source: str, breaks: Break, cap: float) -> Outcome:
    app = Broken(contract_of(source), breaks)
    run = Capped(cap)
    with tempfile.TemporaryDirectory() as folder, running(app) as url:
        started = time.monotonic()
        findings = TOOLS[tool](source, url, Path(folder), run)
        return Outcome(findings, app.asked, time.monotonic() - started, run.was_cut)


def rows(
    faults: Sequence[Fault], tools: Sequence[str], cap: float, *, verbose: bool
) -> Iterator[tuple[str, list[str]]]:
    """Yield a line for each right server, then for each fault."""
    alarms: dict[tuple[str, str], Findings] = {}
    for source in dict.fromkeys(fault.source for fault in faults):
        cells = []
        for tool in tools:
            outcome = verified(tool, source, right, cap)
            alarms[source, tool] = outcome.findings
            cells.append(cell("right", outcome, len(outcome.findings)))
            tell_all(f"{source} {tool}", outcome.findings if verbose else frozenset())
        yield f"{source}, unbroken", cells
    for fault in faults:
        cells = []
        for tool in tools:
            outcome = verified(tool, fault.source, fault.breaks, cap)
            new = outcome.findings - alarms[fault.source, tool]
            caught = {finding for finding in new if finding[0] in fault.at}
            cells.append(cell("found" if caught else "-", outcome, len(new - caught)))
            tell_all(f"{fault.name} {tool}", new if verbose else frozenset())
        yield f"{fault.source}, {fault.name}", cells


def tell_all(of: str, findings: Findings) -> None:
    for label, what in sorted(findings):
        tell(f"    {of}: {label}: {what}")


def cell(word: str, outcome: Outcome, alarms: int) -> str:
    cut = "cut" if outcome.was_cut else ""
    return f"{word:6} {outcome.requests:6} {outcome.seconds:6.1f} s {alarms:4} {cut:3}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=[fault.name for fault in FAULTS], metavar="FAULT")
    parser.add_argument("--tools", nargs="*", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--cap", type=float, default=CAP, metavar="SECONDS", help="of one run (%(default)g)")
    parser.add_argument("--verbose", action="store_true", help="tell each finding")
    options = parser.parse_args()
    faults = [fault for fault in FAULTS if not options.only or fault.name in options.only]
    tell("Of each tool: found or not, requests, seconds, false alarms, whether it was cut off.")
    tell(f"{'':36}" + "  ".join(f"{tool:30}" for tool in options.tools))
    for name, cells in rows(faults, options.tools, options.cap, verbose=options.verbose):
        tell(f"{name:36}" + "  ".join(f"{cell:30}" for cell in cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
