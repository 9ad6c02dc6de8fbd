"""Judgement of a load: silent about a right server, each kind of fault of a wrong one, and of calls of others."""

import json
from dataclasses import replace

import pytest

from docdouble.contracts.load.judgements import Judgements
from docdouble.contracts.load.load_messages import (
    call_message,
    judgements_message,
    read_call,
    read_judgements,
)
from docdouble.contracts.model.case import Case
from docdouble.contracts.model.finding import Severity
from docdouble.contracts.model.verdict import OperationVerdict
from docdouble.schemas import Call, Contract, Reply

from .loaded import URL, LoadedFake


def without_name(case: Case, reply: Reply) -> Reply:
    """A server that loses a documented property of what it shows."""
    if case.operation.id != "GuestEntity_Get" or reply.status != 200:
        return reply
    shown = json.loads(reply.body) | {"GuestId": "one"}
    return replace(reply, body=json.dumps(shown).encode())


class Forgetful:
    """A server that loses what was changed last."""

    def __init__(self) -> None:
        self.created: dict[str, bytes] = {}

    def __call__(self, case: Case, reply: Reply) -> Reply:
        if case.operation.id == "GuestEntity_Get" and reply.status == 200:
            return replace(reply, body=self.created.setdefault(case.call.path, reply.body))
        return reply


def run(fake: LoadedFake) -> Judgements:
    for number in range(3):
        for name in ("GuestEntity_List", "GuestEntity_Get", "RoomEntity_List"):
            if name in fake.load.operations:
                fake.call(name)
        fake.chain("GuestEntity_Create", str(number))
    return fake.load.judge.judgements


def test_a_right_server_is_not_blamed(hotel: Contract) -> None:
    judgements = run(LoadedFake(hotel))
    whole = judgements.total
    assert not whole.findings
    assert whole.judged == whole.replies > 10
    assert all(judgement.is_verified for judgement in judgements.by_operation.values())


def test_a_broken_reply_is_found_and_counted(hotel: Contract) -> None:
    judgement = run(LoadedFake(hotel, without_name)).by_operation["GuestEntity_Get"]
    (finding,) = [finding for finding in judgement.findings.values() if finding.check == "response-schema"]
    assert finding.pointer == "/GuestId"
    assert judgement.occurrences[finding.fingerprint] > 1
    assert judgement.violations({}) >= judgement.occurrences[finding.fingerprint]
    assert judgement.violations(dict.fromkeys(judgement.findings, Severity.ERROR)) == 0


def test_a_lost_update_is_found_with_the_calls_before_it(hotel: Contract) -> None:
    judgements = run(LoadedFake(hotel, Forgetful()))
    findings = [finding for finding in judgements.total.findings.values() if finding.check == "written-read"]
    assert {finding.operation for finding in findings} == {"GuestEntity_Get"}
    assert all(finding.before for finding in findings)


def test_a_call_of_somebody_elses_task_is_judged_as_a_recorded_one(hotel: Contract) -> None:
    judge = LoadedFake(hotel).load.judge
    wrong = Reply((("Content-Type", "application/json"),), b'{"GuestId": "one"}', 200)
    judged = judge.foreign(f"{URL}/guests/1", Call(target="/guests/1"), wrong, 0.1)
    assert judged
    assert judge.judgements.total.judged == 0
    judged()
    assert judge.judgements.total.judged == 1
    assert {finding.check for finding in judge.judgements.total.findings.values()} == {"response-schema"}
    assert judge.foreign(f"{URL}/boats", Call(target="/boats"), wrong, 0.1) is None
    assert judge.judgements.unmatched == {"GET /boats": 1}


def test_workers_tell_their_master_all_of_it(hotel: Contract) -> None:
    fake = LoadedFake(hotel, without_name)
    before = run(fake)
    before.unanswered["refused"] += 2
    before.unmatched["GET /boats"] += 1
    whole = before.total
    first = judgements_message(before.take())
    again = run(fake)
    second = judgements_message(again.take())
    joined = Judgements()
    for message in (first, second):
        joined.merge(read_judgements(message, fake.load.operations))
    assert joined.total.replies > whole.replies
    assert joined.total.findings == whole.findings
    assert joined.total.occurrences.total() > whole.occurrences.total()
    assert (joined.unanswered, joined.unmatched) == ({"refused": 2}, {"GET /boats": 1})
    assert b"one" not in second or len(second) < len(first)
    assert not before.by_operation


@pytest.mark.parametrize("message", [b"", b"\x92\x80", b"no message"])
def test_what_is_no_message_is_refused(message: bytes, hotel: Contract) -> None:
    with pytest.raises(ValueError, match=r"truncated|Expected|data"):
        read_judgements(message, {})


def test_judgements_of_other_sources_are_refused(hotel: Contract) -> None:
    message = judgements_message(run(LoadedFake(hotel)).take())
    with pytest.raises(ValueError, match="are the sources the same"):
        read_judgements(message, {})


def test_a_call_is_sent_as_it_is() -> None:
    call = Call((("X-A", "é"), ("X-A", "2")), b"\xff\x00", "DELETE", "/guests/1?a=b")
    assert read_call(call_message(call)) == call


def test_the_result_of_an_operation_is_that_of_its_judged_replies(hotel: Contract) -> None:
    fake = LoadedFake(hotel, without_name)
    result = run(fake).of("GuestEntity_Get").result(fake.load.operations["GuestEntity_Get"])
    assert result.calls == sum(result.statuses.values())
    assert result.verdict is OperationVerdict.VERIFIED
    assert result.findings[0].severity is Severity.ERROR
