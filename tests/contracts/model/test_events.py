from docdouble.contracts.model.events import Event, OperationResult, RunRecorder
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.schemas.contract.model import Operation


def finding(operation: str, rule: str, *, once: bool) -> Finding:
    return Finding("method", Severity.NOTE, operation, "Allow", "none", rule=rule, once=once)


def test_what_a_run_reports_once_is_taken_from_the_first_operation_that_shows_it() -> None:
    emitted: list[Event] = []
    recorder = RunRecorder(emitted.append)
    for name in ("read", "save"):
        findings = (
            finding(name, "allow", once=True),
            finding(name, "status", once=True),
            finding(name, "accepted", once=False),
        )
        recorder(OperationResult(Operation(name, "GET", "/"), 3, findings))
    assert [[finding.rule for finding in result.findings] for result in recorder.results] == [
        ["allow", "status", "accepted"],
        ["accepted"],
    ]
    assert emitted == recorder.results
