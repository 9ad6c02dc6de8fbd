from docdouble.schemas import Call

from .made import check_of, documented, exchange, operation, probed, reply, summary
from .test_missing_credentials import CALL, contract

REAL = Call(target="/books/7")


def test_a_server_that_lets_anybody_in() -> None:
    findings, sent = probed("wrong-credentials", exchange(contract(), reply({}), REAL), lambda call: reply({}))
    assert {summary(finding) for finding in findings} == {("error", "books.md:4", "", "wrong")}
    assert [call.headers for call in sent] == [(("Authorization", "Bearer docdouble"),), (("X-Key", "docdouble"),)]


def test_a_refusal_is_right() -> None:
    assert probed("wrong-credentials", exchange(contract(), reply({}), REAL), lambda call: reply(status=401))[0] == []


def test_made_up_credentials_tell_nothing() -> None:
    assert probed("wrong-credentials", exchange(contract(), reply({}), CALL), lambda call: reply({})) == ([], [])


def test_made_up_credentials_in_the_query_tell_nothing_either() -> None:
    schemes = {"Key": {"type": "apiKey", "in": "query", "name": "key"}, "Sign": {"type": "http", "scheme": "bearer"}}
    either = documented(operation(security=[{"Key": []}, {"Sign": []}]), securitySchemes=schemes)
    made_up = exchange(either, reply({}), Call(target="/books/7?key=docdouble"))
    assert probed("wrong-credentials", made_up, lambda call: reply({})) == ([], [])


def test_open_operations_are_left_alone() -> None:
    assert probed("wrong-credentials", exchange(contract({}), reply({}), REAL), lambda call: reply({})) == ([], [])


def test_it_might_lock_an_account() -> None:
    assert not check_of("wrong-credentials").careful
