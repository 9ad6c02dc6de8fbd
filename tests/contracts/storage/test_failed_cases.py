"""Stored cases: what a run finds is written down once, read back as it was, and sent again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.model.case import Breach, Case, Origin, Purpose
from docdouble.contracts.model.events import OperationResult, Run, RunDone, RunStarted
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.storage.case_json import call_as_json, call_from_json
from docdouble.contracts.storage.failed_cases import MOST_PER_OPERATION, StoringResult, read_cases, store_cases
from docdouble.schemas import Call, ConfigError, Contract, ContractError, Operation
from docdouble.schemas.openapi.document import document_root

JSON = ("Content-Type", "application/json")


def call(operation: Operation, body: Any, *headers: tuple[str, str]) -> Call:
    return Call((JSON, *headers), json.dumps(body).encode(), operation.method, operation.path)


def finding(operation: Operation, body: Any, *headers: tuple[str, str], **changed: Any) -> Finding:
    case = Case(operation, call(operation, body, *headers), Purpose.VALID, Origin.RANDOM)
    original = Finding("response-schema", Severity.ERROR, operation.id, "", "", "/Links/3/Id", "type", case=case)
    return replace(original, **changed)


def run(contract: Contract, *findings: Finding, day: str = "2026-01-02", stopped: str = "") -> Run:
    started = RunStarted(contract, contract.operations, "", "", secret_headers=("X-Mine",), started=f"{day}T10:00:00Z")
    result = OperationResult(contract.operations[0], 1, findings, stopped=stopped)
    return Run(started, (result,), RunDone(1.0))


def test_what_was_found_is_sent_again(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    stored = store_cases(tmp_path / "cases", run(contract, finding(operation, {"AppointmentId": 101})))
    assert stored == StoringResult(1)
    (case,) = read_cases(tmp_path / "cases", contract).cases[operation.id]
    assert (case.call, case.purpose, case.origin) == (
        call(operation, {"AppointmentId": 101}),
        Purpose.VALID,
        Origin.STORED,
    )
    assert case.about == "response-schema at /Links/*/Id"


def test_a_file_can_be_read_by_a_person(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    store_cases(tmp_path, run(contract, finding(operation, {"AppointmentId": 101})))
    assert json.loads((tmp_path / f"{operation.id}.json").read_text()) == {
        "operation": operation.id,
        "cases": [
            {
                "check": "response-schema",
                "pointer": "/Links/*/Id",
                "rule": "type",
                "first-seen": "2026-01-02",
                "purpose": "valid",
                "call": {
                    "method": "POST",
                    "target": operation.path,
                    "headers": ["Content-Type: application/json"],
                    "body": {"json": {"AppointmentId": 101}},
                },
            }
        ],
    }


def test_credentials_are_not_stored(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    secret = (("Authorization", "Basic c2VjcmV0"), ("cookie", "a=secret"), ("x-mine", "secret"))
    store_cases(tmp_path, run(contract, finding(operation, {}, *secret)))
    (case,) = read_cases(tmp_path, contract).cases[operation.id]
    assert case.call.headers == (JSON,)


def test_a_smaller_call_takes_the_place_of_a_larger_one(
    contract: Contract, operation: Operation, tmp_path: Path
) -> None:
    store_cases(tmp_path, run(contract, finding(operation, {"AppointmentId": 101})))
    store_cases(tmp_path, run(contract, finding(operation, {}), day="2026-02-03"))
    store_cases(tmp_path, run(contract, finding(operation, {"AppointmentId": 101}), day="2026-03-04"))
    written = (tmp_path / f"{operation.id}.json").read_text()
    assert json.loads(written)["cases"][0]["call"]["body"] == {"json": {}}
    assert "2026-01-02" in written


def test_what_no_longer_fails_stays_and_is_reported(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    failing = finding(operation, {})
    store_cases(tmp_path, run(contract, failing))
    before = (tmp_path / f"{operation.id}.json").stat()
    assert store_cases(tmp_path, run(contract)) == StoringResult(0, (failing.fingerprint,))
    assert store_cases(tmp_path, run(contract, stopped="the budget is spent")) == StoringResult()
    assert (tmp_path / f"{operation.id}.json").stat().st_mtime_ns == before.st_mtime_ns
    assert operation.id in read_cases(tmp_path, contract).cases


def test_the_oldest_that_no_longer_fail_go_first(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    def numbered(number: int) -> Finding:
        return finding(operation, {}, rule=f"rule{number:02}")

    store_cases(tmp_path, run(contract, numbered(0), numbered(1), day="2025-01-01"))
    more = [numbered(number) for number in range(2, MOST_PER_OPERATION + 1)]
    store_cases(tmp_path, run(contract, numbered(0), *more))
    kept = json.loads((tmp_path / f"{operation.id}.json").read_text())["cases"]
    assert [case["rule"] for case in kept] == ["rule00", *(finding.rule for finding in more)]


def test_only_what_a_run_would_not_make_itself_is_stored(
    contract: Contract, operation: Operation, tmp_path: Path
) -> None:
    case = finding(operation, {}).case
    assert case
    note = finding(operation, {}, severity=Severity.NOTE)
    probe = finding(operation, {}, case=replace(case, purpose=Purpose.PROBE))
    recorded = finding(operation, {}, case=replace(case, origin=Origin.RECORDED))
    assert store_cases(tmp_path, run(contract, note, probe, recorded)) == StoringResult()
    assert list(tmp_path.iterdir()) == []


def test_a_chain_is_stored_whole_and_made_anew(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    case = finding(operation, {"AppointmentId": 5}).case
    assert case
    store_cases(tmp_path, run(contract, finding(operation, {}, before=(case,))))
    written = json.loads((tmp_path / f"{operation.id}.json").read_text())
    assert written["cases"][0]["before"][0]["body"] == {"json": {"AppointmentId": 5}}
    assert read_cases(tmp_path, contract).cases == {}


def test_hostile_cases_come_back_with_what_they_break(contract: Contract, operation: Operation, tmp_path: Path) -> None:
    breach = Breach("body/AppointmentId", "type", operation.evidence)
    case = Case(operation, call(operation, {"AppointmentId": "x"}), Purpose.HOSTILE, Origin.HOSTILE, "a text", breach)
    store_cases(tmp_path, run(contract, finding(operation, {}, case=case)))
    (read,) = read_cases(tmp_path, contract).cases[operation.id]
    assert (read.purpose, read.breach, read.about) == (Purpose.HOSTILE, breach, "a text")


def test_the_documentation_of_today_says_whether_a_call_is_valid(
    contract: Contract, operation: Operation, tmp_path: Path
) -> None:
    store_cases(tmp_path, run(contract, finding(operation, {"AppointmentId": "was allowed once"})))
    (case,) = read_cases(tmp_path, contract).cases[operation.id]
    assert case.purpose is Purpose.HOSTILE


def test_unknown_operations_and_moved_paths_are_reported_and_kept(
    contract: Contract, operation: Operation, tmp_path: Path
) -> None:
    moved = Case(operation, replace(call(operation, {}), target="/elsewhere"), Purpose.VALID, Origin.RANDOM)
    store_cases(tmp_path, run(contract, finding(operation, {}, case=moved)))
    gone = replace(contract, operations=(replace(operation, id="Gone"),))
    store_cases(tmp_path, run(gone, finding(gone.operations[0], {})))
    read = read_cases(tmp_path, contract)
    assert read.cases == {}
    assert [remark.partition(": ")[2] for remark in read.remarks] == [
        "no operation 'Gone' is documented; its stored cases are kept and not sent",
        f"not calls of {operation.label} any more, so kept and not sent: 1",
    ]


def test_ids_that_are_no_file_names_have_files_of_their_own(
    contract: Contract, operation: Operation, tmp_path: Path
) -> None:
    for name in ("a/b", "a b", "../a", "x" * 300):
        odd = replace(contract, operations=(replace(operation, id=name),))
        store_cases(tmp_path / "cases", run(odd, finding(odd.operations[0], {})))
        assert name in read_cases(tmp_path / "cases", odd).cases
    assert len(list((tmp_path / "cases").iterdir())) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["cases"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", "not JSON"),
        ("[]", "#: expected an object, found an array"),
        ('{"operation": "x", "cases": 1}', "#/cases: expected an array, found a number"),
        ('{"operation": "x", "cases": [{"purpose": "odd"}]}', "#/cases/0: 'purpose' is 'odd', expected one of valid"),
        ('{"operation": "x", "cases": [{"purpose": "valid", "check": "c"}]}', "#/cases/0/call: missing"),
        (
            '{"operation": "x", "cases": [{"purpose": "valid", "check": "c", "call": {"target": "x"}}]}',
            "#/cases/0/call: 'target' is 'x', expected a path that starts with '/'",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_place(contract: Contract, tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises((ConfigError, ContractError)) as raised:
        read_cases(tmp_path, contract)
    assert str(raised.value).startswith(str(tmp_path / "a.json"))
    assert error in str(raised.value)


def test_without_a_folder_there_is_nothing(contract: Contract, tmp_path: Path) -> None:
    assert read_cases(tmp_path / "none", contract).cases == {}


bodies = st.binary(max_size=30) | st.text(max_size=30).map(str.encode)
numbers = st.sampled_from([b"1e3", b'{"a":1,"a":2}', b"NaN", b'"\\ud800"', b"1.0", b"[" * 100_000, b"1" * 5000])


@given(bodies | numbers)
def test_any_body_is_read_back_as_it_was(body: bytes) -> None:
    written = json.loads(json.dumps(call_as_json(Call((("A", "b"),), body, "PUT", "/x?y=z"))))
    read = call_from_json(document_root(written, "case.json"))
    assert (read.method, read.target, read.headers) == ("PUT", "/x?y=z", (("A", "b"),))
    assert read.body == body or json.dumps(json.loads(read.body)) == json.dumps(json.loads(body))
