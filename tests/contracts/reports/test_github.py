"""Workflow commands of GitHub Actions."""

from collections.abc import Callable

from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.github import github
from docdouble.schemas import Evidence, Grade

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]


def commands(run: Run) -> list[str]:
    annotations = github(run).decode().splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in annotations)
    return annotations


def test_a_finding_annotates_its_documentation_line(make_finding: MakeFinding, make_run: MakeRun) -> None:
    first, last = commands(make_run(make_finding(got="50% off")))
    assert first.startswith(
        "::error file=GetBook.md,line=7,title=response-schema%3A GET /api/GetBook::"
        "error: response-schema, GetBook.md:7%0A  expected  /Id is integer%0A  got       50%25 off%0A"
    )
    assert (
        last
        == "::notice title=docdouble verify::https://staging.example: failed: 1 finding of severity error; 1 verified"
    )


def test_severities_are_kinds_of_annotations(make_finding: MakeFinding, make_run: MakeRun) -> None:
    findings = [make_finding(name.value, severity=name) for name in Severity]
    assert [line.split()[0] for line in commands(make_run(*findings))] == [
        "::error",
        "::warning",
        "::notice",
        "::notice",
    ]


def test_the_file_of_a_place_in_a_document_is_named(make_finding: MakeFinding, make_run: MakeRun) -> None:
    first, _ = commands(make_run(make_finding(evidence=Evidence(Grade.STATED, "a,b.json#/paths/~1x", 0))))
    assert first.startswith("::error file=a%2Cb.json,title=")


def test_a_step_shows_ten_of_a_kind_and_the_last_line_tells_of_the_rest(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    errors = [make_finding(f"E{number}") for number in range(15)]
    notes = [make_finding(f"N{number}", severity=Severity.NOTE) for number in range(15)]
    annotations = commands(make_run(*errors, *notes))
    assert [sum(line.startswith(kind) for line in annotations) for kind in ("::error ", "::notice ")] == [10, 10]
    assert annotations[-1].endswith("; 11 more are in the other reports")


def test_what_is_the_same_in_several_operations_is_reported_once(make_finding: MakeFinding, make_run: MakeRun) -> None:
    shared = Evidence(Grade.SHARED, "Author.md", 12)
    first, _ = commands(make_run(make_finding("A", evidence=shared), make_finding("B", evidence=shared)))
    assert first.endswith("%0Aand 1 more operation")


def test_known_ones_are_left_out(make_finding: MakeFinding, make_run: MakeRun) -> None:
    known = make_finding()
    (only,) = commands(make_run(known, started={"known": {known.fingerprint: Severity.ERROR}}))
    assert only.endswith("passed: no new finding of severity error; 1 verified")


def test_a_server_cannot_give_commands(hostile_run: Run) -> None:
    assert len(commands(hostile_run)) == 3
