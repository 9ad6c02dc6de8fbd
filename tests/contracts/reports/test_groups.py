"""Findings that one documentation line explains."""

from collections.abc import Callable

from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.groups import groups, left_out
from docdouble.schemas import Evidence, Grade

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]
SHARED = Evidence(Grade.SHARED, "Author.md", 12)


def test_findings_of_one_line_in_several_operations_are_a_group(make_finding: MakeFinding, make_run: MakeRun) -> None:
    findings = [
        make_finding("GetBook", pointer="/Author/Name", evidence=SHARED),
        make_finding("GetBook", pointer="/0/Author/Name", evidence=SHARED),
        make_finding("GetLoan", pointer="/Name", evidence=SHARED),
    ]
    (group,) = groups(make_run(*findings))
    assert (group.first, group.operations, group.size) == (findings[0], ("GetBook", "GetLoan"), 3)


def test_items_of_an_array_are_one_place(make_finding: MakeFinding, make_run: MakeRun) -> None:
    findings = [make_finding(name, pointer=f"/Notes/{name}", evidence=SHARED) for name in ("1", "2")]
    assert len(groups(make_run(*findings))) == 1


def test_other_fields_rules_checks_and_severities_are_other_groups(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    findings = [
        make_finding("A", evidence=SHARED),
        make_finding("B", evidence=SHARED, pointer="/Name"),
        make_finding("C", evidence=SHARED, rule="format"),
        make_finding("D", evidence=SHARED, check="missing-field"),
        make_finding("E", evidence=SHARED, severity=Severity.NOTE),
        make_finding("F", evidence=Evidence(Grade.SHARED, "Author.md", 13)),
    ]
    assert len(groups(make_run(*findings))) == 6


def test_findings_without_a_documentation_line_stay_apart(make_finding: MakeFinding, make_run: MakeRun) -> None:
    assert len(groups(make_run(make_finding("A", evidence=None), make_finding("B", evidence=None)))) == 2


def test_new_ones_come_first_then_the_worst_then_the_most_frequent(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    known = make_finding("Known")
    findings = [
        known,
        make_finding("Note", severity=Severity.NOTE),
        make_finding("Once"),
        make_finding("A", evidence=SHARED),
        make_finding("B", evidence=SHARED),
    ]
    run = make_run(*findings, started={"known": {known.fingerprint: Severity.ERROR}})
    assert [group.operations for group in groups(run)] == [("A", "B"), ("Once",), ("Note",), ("Known",)]


def test_what_was_not_called_has_a_reason(make_run: MakeRun) -> None:
    run = make_run(
        clean=("GetBook",), late=("GetLoan",), started={"skipped": {"Lend": "writes"}}, done={"stopped": "time is up"}
    )
    assert left_out(run) == {"Lend": "writes", "GetLoan": "not reached: time is up"}
