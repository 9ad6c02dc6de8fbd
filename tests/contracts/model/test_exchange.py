"""What is shown of a reply's values, without the secret ones."""

import pytest

from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject, mask_values
from docdouble.contracts.model.finding import Severity
from docdouble.schemas import Call, Contract, Operation, Reply


@pytest.mark.parametrize(
    ("pointer", "text", "shown"),
    [
        ("/AccessToken", '"abc def"', "***"),
        ("/Login/Password", '"quoted \\" inside"', "***"),
        ("/Token", '"cut off...', "***"),
        ("/Password/Of", '{"Kind": "a", "Pin": -12.5}', "{***: ***, ***: ***}"),
        ("/Tokens/0", "/Tokens/0 is integer (int32)", "/Tokens/0 is integer (int32)"),
        ("/Token", "Token as it was written, 'abc', 123456", "Token as it was written, ***, ***"),
        ("/Token", "null", "null"),
        ("/Name", '"Anna"', '"Anna"'),
        ("", '{"Name": "Anna", "Token": "abc"}', '{"Name": "Anna", "Token":***'),
        ("", "401 to no credentials", "401 to no credentials"),
    ],
)
def test_what_stands_under_a_secret_name_is_not_shown(pointer: str, text: str, shown: str) -> None:
    assert mask_values(text, pointer) == shown


def test_no_finding_quotes_a_secret(contract: Contract, operation: Operation) -> None:
    case = Case(operation, Call(target="/"), Purpose.VALID, Origin.SAMPLE)
    exchange = Exchange(Subject(operation, contract), case, Reply())
    finding = exchange.finding(
        "written-read", Severity.ERROR, expected='as written, "hunter2"', got='"hunter3"', pointer="/Password"
    )
    assert (finding.expected, finding.got) == ("as written, ***", "***")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\n <html><h1>Server <b>Error</b></h1><p>sorry</html>", "Server Error"),
        (b'{"Why": "so",\n "Token": "abc"}', '{"Why": "so", "Token": "***"}'),
        (b"{}", ""),
        (b"\n\n out of tons \nat 7", "out of tons"),
        (b"token=abc", "token=***"),
    ],
)
def test_the_first_words_of_a_reply(body: bytes, expected: str, contract: Contract, operation: Operation) -> None:
    case = Case(operation, Call(target="/"), Purpose.VALID, Origin.SAMPLE)
    assert Exchange(Subject(operation, contract), case, Reply(body=body)).words == expected


JSON = (("Content-Type", "application/json"),)


def _exchange(subject: Subject, body: bytes, status: int = 200) -> Exchange:
    call = Call(method=subject.operation.method)
    case = Case(subject.operation, call, Purpose.VALID, Origin.SAMPLE)
    return Exchange(subject, case, Reply(JSON, body, status))


def test_replies_that_are_the_same_are_judged_once(contract: Contract, operation: Operation) -> None:
    subject = Subject(operation, contract)
    first, same, other = (_exchange(subject, body) for body in (b"[1]", b"[1]", b"[2]"))
    assert first.violations
    assert first.violations is same.violations
    assert first.violations is not other.violations
    assert first.records is same.records


def test_a_reply_of_another_status_is_judged_by_what_that_documents(contract: Contract, operation: Operation) -> None:
    subject = Subject(operation, contract)
    assert _exchange(subject, b"[1]").violations
    assert not _exchange(subject, b"[1]", 299).violations
