"""Summaries of runs in which operations are not verified."""

from collections.abc import Callable
from dataclasses import replace

from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.model.verdict import NOT_VERIFIED, Cause, OperationVerdict
from docdouble.contracts.reports.groups import groups
from docdouble.contracts.reports.summary import run_verdict, summary_lines

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]
IDS = Cause("ids", "404 to every valid call: the ids are unknown to the server")
MEDIA_TYPE = Cause("media-type", "415 to every valid call: the documented media types are refused")


def unverified(run: Run, causes: dict[str, Cause]) -> Run:
    """Return a run some of whose operations are not verified, by name with the cause."""
    results = (
        replace(result, verdict=OperationVerdict.NOT_VERIFIED, cause=causes[result.operation.id])
        if result.operation.id in causes
        else result
        for result in run.results
    )
    return replace(run, results=tuple(results))


def not_verified(make_finding: MakeFinding, name: str, cause: Cause, severity: Severity = Severity.WARNING) -> Finding:
    return make_finding(name, check=NOT_VERIFIED, rule=cause.rule, got=cause.text, pointer="", severity=severity)


def test_operations_that_are_not_verified_are_listed_by_the_cause_first(make_run: MakeRun) -> None:
    expected = {"may_stay_unverified": frozenset({"C", "D"}), "expecting_nothing": ("E",)}
    run = unverified(make_run(clean=("A", "B", "C", "D"), started=expected), {"A": MEDIA_TYPE, "B": IDS, "C": IDS})
    assert list(summary_lines(run))[:6] == [
        f"not verified: 2 operations, {IDS.text}",
        "  GET /api/B, GET /api/C (expected)",
        f"not verified: 1 operation, {MEDIA_TYPE.text}",
        "  GET /api/A",
        "verified, against expect-unverified: GET /api/D",
        "expect-unverified means no operation: E",
    ]


def test_what_is_not_verified_is_not_listed_once_more_among_the_findings(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    run = make_run(not_verified(make_finding, "A", IDS), make_finding("B"), make_finding("B", pointer="/Name"))
    lines = list(summary_lines(unverified(run, {"A": IDS})))
    assert [line for line in lines if line.startswith(("error", "warning"))] == [
        "error: response-schema, 2 findings in 1 operation"
    ]


def test_operations_with_one_cause_are_a_group_that_comes_first(make_finding: MakeFinding, make_run: MakeRun) -> None:
    causes = {"A": IDS, "B": IDS, "C": MEDIA_TYPE}
    run = make_run(make_finding("D"), *(not_verified(make_finding, name, cause) for name, cause in causes.items()))
    assert [group.operations for group in groups(run)] == [("A", "B"), ("C",), ("D",)]


def test_ids_are_no_cause_where_nothing_is_found_without_them_either(make_run: MakeRun) -> None:
    nowhere = Cause("not-found", "404 to every valid call: the server knows nothing here")
    run = unverified(make_run(clean=("A", "B", "C")), {"A": IDS, "B": IDS, "C": nowhere})
    assert run_verdict(run) == f"failed: nothing was verified; {nowhere.text}; 3 not verified"
    mixed = unverified(make_run(clean=("A", "B", "C")), {"A": IDS, "B": nowhere, "C": MEDIA_TYPE})
    assert run_verdict(mixed) == f"failed: nothing was verified; {IDS.text}; 3 not verified"


def test_the_verdict_says_what_the_run_came_to(make_finding: MakeFinding, make_run: MakeRun) -> None:
    assert run_verdict(make_run(clean=("A",))) == "passed: no finding of severity error; 1 verified"
    nothing = unverified(make_run(clean=("A",), late=("B",)), {"A": IDS})
    assert run_verdict(nothing) == f"failed: nothing was verified; {IDS.text}; 1 not verified, 1 not sent"
    silent = make_run(clean=("A",), done={"stopped": "http://a can't be reached", "unreachable": True})
    assert run_verdict(silent) == "failed: http://a can't be reached; 1 verified"
    warned = make_run(make_finding("A", severity=Severity.WARNING), started={"fail_on": Severity.WARNING})
    assert run_verdict(warned) == "failed: 1 finding of severity warning or worse; 1 verified"
    accepted = make_run(make_finding("A"), started={"accepts": True}, done={"stopped": "time is up"})
    assert run_verdict(accepted) == (
        "accepted: 1 finding, from now on known to the baseline; the run stopped early: time is up; 1 verified"
    )


def test_a_cause_of_most_operations_fails_a_run_unless_it_is_expected_or_a_note(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    def outcome(*severities: Severity, known: int = 0) -> str:
        findings = [not_verified(make_finding, f"A{index}", IDS, severity) for index, severity in enumerate(severities)]
        baseline = {finding.fingerprint: finding.severity for finding in findings[:known]}
        run = make_run(*findings, clean=("B", "C"), started={"known": baseline})
        return run_verdict(unverified(run, {finding.operation: IDS for finding in findings})).partition(";")[0]

    warning, note = Severity.WARNING, Severity.NOTE
    assert outcome(warning, warning, warning) == "failed: 3 of 5 operations are not verified"
    assert outcome(warning, warning) == "passed: no finding of severity error"
    assert outcome(warning, warning, note) == "passed: no finding of severity error"
    assert outcome(warning, warning, warning, known=1) == "passed: no new finding of severity error"


def test_too_small_a_share_that_is_verified_fails_a_run(make_run: MakeRun) -> None:
    def outcome(fail_under: float, expected: frozenset[str] = frozenset()) -> str:
        started = {"fail_under": fail_under, "may_stay_unverified": expected}
        return run_verdict(unverified(make_run(clean=("A", "B", "C"), started=started), {"A": IDS}))

    assert outcome(70).startswith("failed: 66.7 % of the operations are verified, and fewer than 70 % fail;")
    assert outcome(66).startswith("passed")
    assert outcome(100, frozenset({"A"})).startswith("passed")


def test_a_cause_that_the_verdict_says_is_not_reported_twice(make_run: MakeRun) -> None:
    refused = Cause("credentials", "401 to every valid call: the credentials are refused: no such token")
    run = unverified(make_run(clean=("A", "B")), {"A": refused, "B": refused})
    done = replace(run.done, stopped="the credentials are refused everywhere", unreachable=True)
    assert list(summary_lines(replace(run, done=done)))[:2] == [
        "not verified: 2 operations, for the reason below",
        "  GET /api/A, GET /api/B",
    ]
    assert sum(refused.text in line for line in summary_lines(run)) == 1
