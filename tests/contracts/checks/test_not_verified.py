"""Operations of which no valid call succeeded: how bad it is, and the likely cause."""

from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.checks.not_verified import Attempts, cause_of, is_attempt, is_success, not_verified
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Severity
from docdouble.schemas import Call, Contract, Reply

from .made import documented, exchange, operation, reply, response

CONTRACT = documented(operation())
SECURED = documented(operation(security=[{"Desk": []}]), Desk={}, securitySchemes={"Desk": {"type": "http"}})


def attempts(*replies: Reply, contract: Contract = CONTRACT, existing: bool = False, **known: Any) -> Attempts:
    exchanges = [exchange(contract, answer) for answer in replies]
    exchanges = [replace(exchange, case=replace(exchange.case, existing=existing)) for exchange in exchanges]
    return Attempts(contract.operations[0], exchanges, **known)


def rule(*statuses: int, **known: Any) -> str:
    return cause_of(attempts(*(reply(status=status) for status in statuses), **known)).rule


def severity(*statuses: int, **known: Any) -> Severity:
    tried = attempts(*(reply(status=status) for status in statuses), **known)
    return not_verified(tried, cause_of(tried)).severity


@pytest.mark.parametrize(
    ("statuses", "known", "expected"),
    [
        ((404, 404, 400), {}, "not-found"),
        ((404,), {"base_path": "/v1"}, "base-path"),
        ((404, 410), {"guessed": ["id"]}, "ids"),
        ((401, 401), {"contract": SECURED}, "credentials"),
        ((403, 401, 403), {"contract": SECURED}, "forbidden"),
        ((401,), {"guessed": ["password"]}, "values"),
        ((302,), {}, "redirect"),
        ((405,), {}, "method"),
        ((415,), {}, "media-type"),
        ((422, 400, 422), {}, "refused"),
        ((429,), {}, "busy"),
        ((500, 502), {}, "failing"),
    ],
)
def test_the_cause_is_that_of_the_usual_status(statuses: tuple[int, ...], known: Any, expected: str) -> None:
    assert rule(*statuses, **known) == expected


def test_the_cause_names_what_is_to_be_done() -> None:
    texts = [
        cause_of(attempts(reply(status=404), base_path="/v1")).text,
        cause_of(attempts(reply(status=404), guessed=["id"])).text,
        cause_of(attempts(reply(status=401), contract=SECURED, were_accepted=True)).text,
    ]
    assert texts == [
        "404 to every valid call: the document says /v1, which the URL leaves out",
        "404 to every valid call: the ids are unknown to the server: name some of id in [verify.values]",
        "401 to every valid call: the credentials, which were accepted elsewhere, are refused",
    ]


def test_the_words_of_the_server_are_shown_and_masked() -> None:
    body = {"error": "no such currency", "token": "hunter2"}
    text = cause_of(attempts(reply(body, 422))).text
    assert "no such currency" in text
    assert "hunter2" not in text
    lines = Reply((("Content-Type", "text/plain"),), b"\n  wrong day  \nat line 5", 400)
    assert cause_of(attempts(lines)).text.endswith("is refused: wrong day")


def test_a_missing_scope_is_named() -> None:
    challenge = 'Bearer error="insufficient_scope", scope="books:write"'
    cause = cause_of(attempts(reply({}, 403, ("WWW-Authenticate", challenge)), contract=SECURED))
    assert (cause.rule, "books:write" in cause.text) == ("scope", True)


def test_what_had_to_be_guessed_is_a_warning_unless_it_is_known_to_exist() -> None:
    assert severity(404) == severity(422) == severity(500) == "error"
    assert severity(404, guessed=["id"]) == severity(403, guessed=["id"], contract=SECURED) == "warning"
    assert severity(404, guessed=["id"], existing=True) == "error"


def test_where_the_documentation_allows_no_success_it_is_a_note() -> None:
    undefined = documented(operation(security=[{"Desk": []}]))
    impossible = documented(operation({"allOf": [{"type": "string"}, {"type": "integer"}]}))
    assert severity(401, contract=undefined) == severity(406, contract=impossible) == "note"
    assert severity(406) == "error"


def test_no_reply_is_a_cause() -> None:
    case = Case(CONTRACT.operations[0], Call(target="/books/1"), Purpose.VALID, Origin.BOUNDARY)
    tried = attempts(unanswered=[(case, "no whole reply after 30 s")])
    assert cause_of(tried).text == "no reply to any valid call: no whole reply after 30 s"
    assert not_verified(tried, cause_of(tried)).case is case


@pytest.mark.parametrize(
    ("statuses", "status", "expected"),
    [
        (["200"], 204, True),
        (["200"], 404, False),
        (["200"], 302, False),
        (["200", "302"], 302, True),
        (["103"], 103, True),
        (["200", "3XX"], 307, True),
        (["200", "default"], 302, False),
        (["default"], 200, True),
        (["default"], 404, False),
        (["400", "404"], 404, True),
        (["400", "404"], 500, False),
    ],
)
def test_what_verifies_an_operation(statuses: list[str], status: int, expected: bool) -> None:
    contract = documented(operation(responses={status: response() for status in statuses}))
    assert is_success(exchange(contract, reply(status=status))) is expected


def test_only_valid_calls_verify() -> None:
    attempt: Exchange = exchange(CONTRACT, reply())
    assert is_attempt(attempt.case)
    assert not is_attempt(replace(attempt.case, purpose=Purpose.HOSTILE))
