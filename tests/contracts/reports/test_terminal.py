"""What a terminal shows of a run."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from docdouble.contracts.model.case import Origin
from docdouble.contracts.model.events import CallDone, OperationStarted, Run, RunStarted
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.finding_text import finding_lines
from docdouble.contracts.reports.progress import live_progress
from docdouble.contracts.reports.terminal import LiveReport, terminal
from docdouble.schemas import Call, Contract, Evidence, Grade, Reply

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]
SHARED = Evidence(Grade.SHARED, "Author.md", 12)


def lines(run: Run) -> list[str]:
    return terminal(run).decode().splitlines()


def quietly(run: Run) -> list[str]:
    text = io.StringIO()
    report = LiveReport(Console(file=text, highlight=False), quiet=True)
    for event in (run.started, *run.results, run.done):
        report(event)  # type: ignore[arg-type]
    return text.getvalue().splitlines()


def describe(finding: Finding) -> list[str]:
    problem, proof = finding_lines(finding, RunStarted(Contract("", "", ()), (), "a", "http://a"))
    return [*problem, *proof]


def test_an_operation_is_a_line_and_its_finding_a_few(make_finding: MakeFinding, make_run: MakeRun) -> None:
    assert lines(make_run(make_finding())) == [
        "error   GET /api/GetBook  10 calls, 1 error",
        "  error: response-schema, GetBook.md:7",
        "    expected  /Id is integer",
        '    got       "x"',
        '    reply     200 OK: {"Id": "x"}',
        '    call      {"Id": 1}',
        "    see it    curl -i -X POST -H 'Accept: application/json' -H Content-Type: --data-binary '{\"Id\": 1}' "
        "'https://staging.example/api/GetBook?full=1'",
        "1 operation of https://staging.example, 10 calls in 2.0 s (5 calls/s): 1 error, 0 warnings, 0 notes",
        "failed: 1 finding of severity error; 1 verified",
    ]


def test_a_clean_run_says_so(make_run: MakeRun) -> None:
    run = make_run(clean=("GetBook",))
    assert lines(run)[0] == "ok      GET /api/GetBook  10 calls"
    assert lines(run)[-1] == "passed: no finding of severity error; 1 verified"
    assert quietly(run) == ["passed: no finding of severity error; 1 verified"]


def test_quiet_shows_what_has_findings(make_finding: MakeFinding, make_run: MakeRun) -> None:
    run = make_run(make_finding("GetLoan"), clean=("GetBook",))
    assert not [line for line in quietly(run) if "GetBook" in line]
    assert quietly(run)[0] == "error   GET /api/GetLoan  10 calls, 1 error"


def test_the_grade_tells_why_it_is_only_a_warning(make_finding: MakeFinding) -> None:
    sampled = make_finding(severity=Severity.WARNING, evidence=Evidence(Grade.SAMPLED, "GetBook.md", 9))
    assert describe(sampled)[0] == "warning: response-schema, GetBook.md:9 (only a sample shows it)"


def test_the_calls_of_a_chain_come_first_and_the_place_when_the_promise_does_not_name_it(
    make_finding: MakeFinding,
) -> None:
    finding = make_finding(expected="the stored title", pointer="/Title")
    assert finding.case
    described = describe(make_finding(expected="the stored title", pointer="/Title", before=(finding.case,)))
    assert [line.split()[0] for line in described] == [
        "error:",
        "expected",
        "got",
        "at",
        "reply",
        "first",
        "call",
        "see",
    ]


def test_the_first_lines_of_a_reply_are_shown_without_secrets(make_finding: MakeFinding) -> None:
    def reply_lines(body: bytes, media_type: str) -> list[str]:
        finding = make_finding(reply=Reply((("Content-Type", media_type),), body, 500))
        shown = describe(finding)
        start = next(index for index, line in enumerate(shown) if line.startswith("  reply"))
        return [line.strip() for line in shown[start : shown.index(next(line for line in shown if "  call" in line))]]

    page = b"<html><title>Oops</title><script>x()</script><p>Line <b>2</b><p>three<p>four</html>"
    assert reply_lines(page, "text/html") == [
        "reply     500 Internal Server Error, text/html",
        "Oops",
        "Line 2",
        "three",
    ]
    assert reply_lines(b'{"password": "hunter2",\n "a": 1}', "application/json") == [
        'reply     500 Internal Server Error: {"password": "***", "a": 1}'
    ]
    assert reply_lines(b"\x00\x01", "image/png") == ["reply     500 Internal Server Error"]


@pytest.mark.parametrize(("status", "got", "body"), [(404, "404 Not Found", b""), (200, "text/html", b"<p>")])
def test_a_reply_without_words_is_left_out_where_its_status_is_known(
    status: int, got: str, body: bytes, make_finding: MakeFinding
) -> None:
    silent = Reply((("Content-Type", "text/html"),), body, status)
    assert not [line for line in describe(make_finding(got=got, reply=silent)) if "reply" in line]
    talkative = replace(silent, body=b"<p>no such book")
    assert [line for line in describe(make_finding(got=got, reply=talkative)) if "reply" in line]


def test_what_shows_several_findings_in_a_row_is_reported_once_after_the_last(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    reply = Reply((("Content-Type", "application/json"),), b'{"Id": null}', 200)
    same = [make_finding(check=f"check-{number}") for number in range(3)]
    shown = lines(make_run(*same, make_finding(check="check-3", reply=reply)))
    assert [line.split()[0] for line in shown[1:-2]] == [
        *("error:", "expected", "got") * 3,
        *("reply", "call", "see"),
        *("error:", "expected", "got", "reply", "call", "see"),
    ]


def test_a_finding_that_has_one_line_interrupts_no_row(make_finding: MakeFinding, make_run: MakeRun) -> None:
    same = [make_finding(check=check, pointer=f"/{number}") for number, check in enumerate("aab")]
    assert [line.split()[0] for line in lines(make_run(*same))[1:-2]] == [
        *("error:", "expected", "got", "at"),
        "error:",
        *("error:", "expected", "got", "at", "reply", "call", "see"),
    ]


def test_several_places_of_an_operation_with_one_fault_are_reported_in_a_line_each(
    make_finding: MakeFinding, make_run: MakeRun
) -> None:
    places = [make_finding(pointer=f"/{name}", expected=f"/{name} is integer") for name in ("Id", "Pages", "Year")]
    other, whole = make_finding(pointer="/Size", rule="minimum"), make_finding(pointer="", rule="type")
    shown = lines(make_run(*places, other, whole))[1:-2]
    assert shown[:12] == [
        "  error: response-schema, GetBook.md:7",
        "    expected  /Id is integer",
        '    got       "x"',
        '  error: response-schema, GetBook.md:7: expected /Pages is integer; got "x"',
        '  error: response-schema, GetBook.md:7: expected /Year is integer; got "x"',
        *("  error: response-schema, GetBook.md:7", "    expected  /Id is integer", '    got       "x"'),
        "    at        /Size",
        *("  error: response-schema, GetBook.md:7", "    expected  /Id is integer", '    got       "x"'),
    ]
    assert [line.split()[0] for line in shown[12:]] == ["reply", "call", "see"]


def test_what_a_call_tries_is_reported_unless_the_check_says_it(make_finding: MakeFinding) -> None:
    def tried_lines(about: str) -> list[str]:
        case = make_finding().case
        assert case
        return [line for line in describe(make_finding(case=replace(case, about=about))) if "tried" in line]

    assert tried_lines("the largest Id") == ["  tried     the largest Id"]
    assert tried_lines("response-schema") == tried_lines("") == []


def test_what_differs_from_an_earlier_operation_is_reported(make_finding: MakeFinding, make_run: MakeRun) -> None:
    shown = lines(make_run(make_finding("GetBook", evidence=SHARED), make_finding("GetLoan", evidence=SHARED, got="7")))
    assert "  error: response-schema, Author.md:12, as for GET /api/GetBook: got 7" in shown


def test_the_same_line_of_another_operation_is_reported_in_short(make_finding: MakeFinding, make_run: MakeRun) -> None:
    shown = lines(make_run(make_finding("GetBook", evidence=SHARED), make_finding("GetLoan", evidence=SHARED)))
    start = shown.index("error   GET /api/GetLoan  10 calls, 1 error")
    assert shown[start + 1 : start + 4] == [
        "  error: response-schema, Author.md:12, as for GET /api/GetBook",
        "error: response-schema, 2 findings in 2 operations",
        "  Author.md:12: GET /api/GetBook, GET /api/GetLoan",
    ]


def test_what_the_baseline_knows_does_not_fail(make_finding: MakeFinding, make_run: MakeRun) -> None:
    known = make_finding()
    run = make_run(known, started={"known": {known.fingerprint: Severity.ERROR}})
    assert lines(run) == [
        "known   GET /api/GetBook  10 calls, 1 error",
        "  error: response-schema, GetBook.md:7 (known)",
        "known from the baseline: 1 finding",
        "1 operation of https://staging.example, 10 calls in 2.0 s (5 calls/s): 1 error, 0 warnings, 0 notes",
        "passed: no new finding of severity error; 1 verified",
    ]
    assert "GET /api/GetBook" not in quietly(run)


def test_what_is_worse_than_the_baseline_says_fails(make_finding: MakeFinding, make_run: MakeRun) -> None:
    worse = make_finding()
    shown = lines(make_run(worse, started={"known": {worse.fingerprint: Severity.WARNING}}))
    assert shown[1].endswith("(known as less severe)")
    assert shown[-1] == "failed: 1 new finding of severity error; 1 verified"


def test_an_expired_entry_is_named(make_finding: MakeFinding, make_run: MakeRun) -> None:
    old = make_finding()
    shown = lines(make_run(old, started={"expired": frozenset({old.fingerprint})}))
    assert shown[1].endswith("(known until its entry in the baseline expired)")
    assert shown[-1].startswith("failed")


def test_what_did_not_show_again_is_marked_and_counted(make_finding: MakeFinding, make_run: MakeRun) -> None:
    shown = lines(make_run(make_finding(sent_again="200 OK")))
    assert shown[1].endswith("(not seen again: the same call got 200 OK)")
    assert "not seen again when the call was sent once more: 1 finding" in shown


def test_the_end_tells_what_was_left_out_and_left_behind(make_run: MakeRun) -> None:
    run = make_run(
        clean=("GetBook",),
        late=("GetLoan", "Lend"),
        started={"skipped": {"A": "writes", "B": "writes", "C": "deletes"}, "secret_headers": ("Authorization",)},
        done={
            "stopped": "time is up",
            "left": (Call(method="DELETE", target="/api/Book/1"),),
            "gone": (("GetBook", "response-schema", "/Old", "type"),),
        },
    )
    assert lines(run)[1:] == [
        "skipped: 3 operations",
        "  2: writes",
        "  1: deletes",
        "not reached: 2 operations",
        "in the baseline, and no longer found: 1 finding",
        "  response-schema type /Old, GET /api/GetBook",
        "could not be removed again: 1 resource that this run created; try",
        '  curl -i -X DELETE -H "Authorization: $AUTHORIZATION" https://staging.example/api/Book/1',
        "1 operation of https://staging.example, 10 calls in 2.0 s (5 calls/s): 0 errors, 0 warnings, 0 notes",
        "not finished: no finding of severity error; the run stopped early: time is up; 1 verified, 5 not sent",
    ]


def test_an_unfinished_operation_says_so(make_run: MakeRun) -> None:
    assert lines(make_run(clean=("GetBook",), stopped="time is up"))[:2] == [
        "stopped GET /api/GetBook  10 calls, not finished: time is up",
        "not finished: 1 operation, GET /api/GetBook",
    ]


def test_nothing_that_a_server_sends_controls_the_terminal(hostile_run: Run) -> None:
    text = terminal(hostile_run).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert not [line for line in text.splitlines() if line.strip().startswith("::")]


def test_progress_is_shown_on_a_terminal_only(
    make_finding: MakeFinding, make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(*, is_terminal: bool) -> str:
        text = io.StringIO()
        run = make_run(make_finding())
        operation = run.results[0].operation
        with live_progress(Console(file=text, force_terminal=is_terminal, width=120)) as tell:
            for event in (run.started, OperationStarted(operation), CallDone(operation, Origin.SAMPLE, 200, 0.1)):
                tell(event)  # type: ignore[arg-type]
        return text.getvalue()

    assert shown(is_terminal=False) == ""
    assert capsys.readouterr() == ("", "")
    assert "verifying" in shown(is_terminal=True)
