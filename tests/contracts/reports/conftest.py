"""Runs that are made by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.events import OperationResult, Run, RunDone, RunStarted
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.schemas import Call, Contract, Evidence, Grade, Operation, Reply

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]


def _operation(name: str) -> Operation:
    return Operation(name, "GET", f"/api/{name}", evidence=Evidence(Grade.STATED, f"{name}.md", 3))


@pytest.fixture
def make_finding() -> MakeFinding:
    """Return a function that makes a finding of an operation by name; other fields as given."""

    def make(name: str = "GetBook", **fields: Any) -> Finding:
        call = Call((("Accept", "application/json"),), b'{"Id": 1}', "POST", f"/api/{name}?full=1")
        case = Case(_operation(name), call, Purpose.VALID, Origin.SAMPLE)
        reply = Reply((("Content-Type", "application/json"),), b'{"Id": "x"}', 200)
        values: dict[str, Any] = {
            "check": "response-schema",
            "severity": Severity.ERROR,
            "expected": "/Id is integer",
            "got": '"x"',
            "pointer": "/Id",
            "rule": "type",
            "evidence": Evidence(Grade.STATED, f"{name}.md", 7),
            "case": case,
            "reply": reply,
        }
        return Finding(operation=name, **{**values, **fields})

    return make


@pytest.fixture
def make_run(contract: Contract) -> MakeRun:
    """Return a function that makes a run of findings; ``started`` and ``done`` are further fields of those events.

    Operations by name in ``clean`` are without findings, those in ``late`` were not reached.
    """

    def make(
        *findings: Finding,
        clean: tuple[str, ...] = (),
        late: tuple[str, ...] = (),
        started: dict[str, Any] | None = None,
        done: dict[str, Any] | None = None,
        stopped: str = "",
    ) -> Run:
        names = (*dict.fromkeys(finding.operation for finding in findings), *clean)
        results = tuple(
            OperationResult(
                _operation(name),
                10,
                tuple(finding for finding in findings if finding.operation == name),
                {"response-schema": 8, "server-error": 10},
                {200: 8, 400: 2},
                0.5,
                stopped,
            )
            for name in names
        )
        begin = {"checks": {"server-error": "no failures", "response-schema": "the documented types"}, "seed": 7}
        start = RunStarted(
            contract,
            tuple(map(_operation, (*names, *late))),
            "https://staging.example",
            "https://staging.example",
            **{**begin, **(started or {})},  # type: ignore[arg-type]
        )
        return Run(start, results, RunDone(2.0, **(done or {})))

    return make


HOSTILE = "\x1b[31m\x00]]><script>alert(1)</script>\"' onload=x &amp; %0A::error::\r\n::warning::é\u202e\ud800\ufffe"


@pytest.fixture
def hostile_run(make_finding: MakeFinding, make_run: MakeRun) -> Run:
    """Return a run with text in every field that would break out of every format."""
    evil = Operation(HOSTILE, "GET", f"/{HOSTILE}", evidence=Evidence(Grade.STATED, f"{HOSTILE}.md", 1))
    call = Call(((HOSTILE, HOSTILE),), HOSTILE.encode(errors="replace") + b"\xff", "GET", f"/{HOSTILE}")
    case = Case(evil, call, Purpose.VALID, Origin.SAMPLE, HOSTILE)
    finding = Finding(
        HOSTILE,
        Severity.ERROR,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        f"/{HOSTILE}",
        HOSTILE,
        Evidence(Grade.STATED, HOSTILE, 1),
        case,
        Reply(((HOSTILE, HOSTILE),), HOSTILE.encode(errors="replace"), 200),
        (case,),
    )
    run = make_run(
        make_finding(),
        started={"skipped": {HOSTILE: HOSTILE}, "checks": {HOSTILE: HOSTILE}},
        done={"stopped": HOSTILE, "left": (call,), "gone": ((HOSTILE, HOSTILE, HOSTILE, HOSTILE),)},
    )
    result = OperationResult(evil, 1, (finding,), {HOSTILE: 1}, {200: 1}, 0.1, HOSTILE)
    twin = OperationResult(_operation("Twin"), 1, (make_finding("Twin", **_fields(finding)),))
    started = run.started
    return Run(started, (result, twin, *run.results), run.done, lambda evidence: HOSTILE)


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in ("check", "expected", "got", "pointer", "rule", "evidence")}
