"""Known findings: what is kept, what counts, and what is wrong with a file."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.model.events import OperationResult, RunStarted
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.storage.baseline import (
    Baseline,
    BaselineEntry,
    baseline_text,
    gone,
    read_baseline,
    updated,
    write_baseline,
)
from docdouble.schemas import ConfigError, Contract, ContractError, Evidence, Grade, Operation

MONDAY, TUESDAY = date(2030, 1, 7), date(2030, 1, 8)
TITLE = Finding(
    "response-schema",
    Severity.WARNING,
    "GetBook",
    "text",
    "12",
    "/3/Title",
    "type",
    Evidence(Grade.SAMPLED, "book.md", 7),
)
LOAN = replace(TITLE, operation="GetLoan", evidence=None)


def result(*findings: Finding, operation: str = "GetBook", **fields: Any) -> OperationResult:
    values = {"checks": {"response-schema": 5}, **fields}
    return OperationResult(Operation(operation, "GET", f"/{operation}"), 5, findings, **values)


def baseline(*findings: Finding, **fields: Any) -> Baseline:
    entries = [BaselineEntry(finding.fingerprint, finding.severity, **fields) for finding in findings]
    return Baseline({entry.fingerprint: entry for entry in entries})


def test_a_file_tells_operation_check_place_and_when_it_was_seen(tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    write_baseline(file, updated(Baseline(), [result(TITLE)], MONDAY))
    assert json.loads(file.read_text()) == {
        "version": 1,
        "findings": [
            {
                "operation": "GetBook",
                "check": "response-schema",
                "pointer": "/*/Title",
                "rule": "type",
                "severity": "warning",
                "evidence": "book.md:7",
                "first_seen": "2030-01-07",
            }
        ],
    }
    assert "12" not in file.read_text()


def test_what_people_wrote_survives_and_the_rest_follows_the_finding() -> None:
    known = baseline(TITLE, first_seen=MONDAY, expires=TUESDAY, reason="asked for", evidence="book.md:3")
    worse = replace(TITLE, severity=Severity.ERROR)
    (entry,) = updated(known, [result(worse)], TUESDAY).entries.values()
    assert entry == BaselineEntry(TITLE.fingerprint, Severity.ERROR, "book.md:7", MONDAY, TUESDAY, "asked for")


def test_entries_of_what_was_not_run_stay() -> None:
    known = baseline(TITLE, LOAN)
    assert set(updated(known, [result()], MONDAY).entries) == {LOAN.fingerprint}
    assert gone(known, [result()]) == (TITLE.fingerprint,)


@pytest.mark.parametrize(
    "run",
    [
        pytest.param([], id="the operation was not run"),
        pytest.param([result(stopped="time is up")], id="the operation was not finished"),
        pytest.param([result(checks={"response-schema": 0})], id="the check was applied to nothing"),
        pytest.param([result(checks={"other": 3})], id="the check was not among them"),
        pytest.param([result(TITLE)], id="it was found"),
    ],
)
def test_nothing_is_reported_as_gone_that_could_not_have_been_found(run: list[OperationResult]) -> None:
    assert gone(baseline(TITLE), run) == ()
    assert TITLE.fingerprint in updated(baseline(TITLE), run, MONDAY).entries


def test_an_entry_counts_until_its_day() -> None:
    known = baseline(TITLE, expires=TUESDAY)
    assert known.known(MONDAY) == {TITLE.fingerprint: Severity.WARNING}
    assert (known.known(TUESDAY), known.expired(TUESDAY)) == ({}, {TITLE.fingerprint})
    assert baseline(TITLE).expired(date.max) == frozenset()


def test_known_ones_fail_nothing_unless_they_got_worse(contract: Contract) -> None:
    worse = replace(TITLE, severity=Severity.ERROR)
    started = RunStarted(contract, (), "", "", known=baseline(TITLE).known(MONDAY), fail_on=Severity.NOTE)
    assert [started.fails(finding) for finding in (TITLE, LOAN, worse)] == [False, True, True]
    assert started.knows(replace(TITLE, pointer="/9/Title", severity=Severity.NOTE))


def test_a_file_is_sorted_and_written_only_when_it_changes(tmp_path: Path) -> None:
    assert baseline_text(baseline(LOAN, TITLE)) == baseline_text(baseline(TITLE, LOAN))
    file = tmp_path / "drift.json"
    write_baseline(file, baseline(TITLE))
    before = file.stat()
    write_baseline(file, baseline(TITLE))
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


texts = st.text(st.characters(codec="utf-8"), max_size=8)
entries = st.builds(
    BaselineEntry,
    st.tuples(texts, texts, texts, texts),
    st.sampled_from(Severity),
    texts,
    st.none() | st.dates(),
    st.none() | st.dates(),
    texts,
)


@given(st.lists(entries, max_size=4))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, entries: list[BaselineEntry]) -> None:
    file = tmp_path_factory.getbasetemp() / "drift.json"
    known = Baseline({entry.fingerprint: entry for entry in entries})
    write_baseline(file, known)
    assert read_baseline(file) == known


def entry(**changed: Any) -> dict[str, Any]:
    values = {"operation": "GetBook", "check": "response-schema", "severity": "error", **changed}
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "#: expected an object"),
        ({"version": 2}, "#/version: expected 1, found 2"),
        ({"findings": []}, "#/version: expected 1, found null"),
        ({"version": True}, "#/version: expected 1, found true"),
        ({"version": 1, "finding": []}, "#: 'finding' is not known; did you mean 'findings'?"),
        ({"version": 1, "findings": {}}, "#/findings: expected an array"),
        ([3], "#/findings/0: expected an object"),
        ([entry(check=None)], "#/findings/0: 'check' is missing"),
        ([entry(), entry(rule=3)], "#/findings/1: 'rule' is a number, expected a string"),
        ([entry(severity="bad")], "#/findings/0/severity: expected one of error, warning, note, found 'bad'"),
        ([entry(expires="tomorrow")], "#/findings/0/expires: expected a day such as 2030-12-31, found 'tomorrow'"),
        ([entry(expire="2030-12-31")], "#/findings/0: 'expire' is not known; did you mean 'expires'?"),
        ([entry(), entry()], "#/findings/1: this finding has an entry already"),
    ],
)
def test_a_mistake_is_named_with_its_place(content: Any, words: str, tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    document = {"version": 1, "findings": content} if isinstance(content, list) else content
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    with pytest.raises(ContractError) as caught:
        read_baseline(file)
    assert str(caught.value).startswith(f"{file}{words}")


@pytest.mark.parametrize("content", [b"{", b"\xff", b"", b"[" * 100_000])
def test_a_file_that_is_no_json_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"baseline: '.*drift.json' is not JSON: "):
        read_baseline(file)


def test_a_missing_file_is_an_error_unless_it_is_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a file; --update-baseline makes one"):
        read_baseline(tmp_path / "drift.json")
    assert read_baseline(tmp_path / "drift.json", may_be_missing=True) == Baseline()
    with pytest.raises(ConfigError, match="is not a readable file: Is a directory"):
        read_baseline(tmp_path)
