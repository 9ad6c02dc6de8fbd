from docdouble.schemas import Call, Contract, Reply

from .made import documented, exchange, operation, probed, reply, summary

SCHEMES = {"Bearer": {"type": "http", "scheme": "bearer"}, "Key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
EVIDENCE = {"x-docdouble-security-evidence": {"grade": "stated", "page": "books.md", "line": 4}}
CALL = Call((("Authorization", "Bearer docdouble"), ("X-Key", "1")), target="/books/7")
CHALLENGE = ("WWW-Authenticate", "Bearer")


def contract(*security: dict[str, list[str]], **more: object) -> Contract:
    guarded = operation(security=list(security or ({"Bearer": []}, {"Key": []})), **(EVIDENCE | more))
    return documented(guarded, securitySchemes=SCHEMES)


def test_a_server_that_lets_everybody_in() -> None:
    findings, sent = probed("credentials", exchange(contract(), reply({}), CALL), lambda call: reply({}))
    assert [summary(finding) for finding in findings] == [
        ("error", "books.md:4", "", "missing"),
        ("error", "books.md:4", "", "malformed"),
    ]
    assert findings[0].expected == "401 without credentials of Bearer, Key"
    assert findings[0].got == "200 to missing credentials"
    assert [call.headers for call in sent] == [(), (("Authorization", "docdouble"),)]


def test_severity_follows_the_evidence() -> None:
    sampled = {"x-docdouble-security-evidence": {"grade": "sampled", "page": "books.md", "line": 4}}
    first = exchange(contract(**sampled), reply({}), CALL)
    assert probed("credentials", first, lambda call: reply({}))[0][0].severity == "warning"


def test_a_refusal_names_what_is_asked_for() -> None:
    first = exchange(contract(), reply({}), CALL)
    assert probed("credentials", first, lambda call: Reply((CHALLENGE,), b"", 401))[0] == []
    findings, _ = probed("credentials", first, lambda call: Reply((), b"", 401))
    assert {summary(finding) for finding in findings} == {("note", "books.md:4", "", "challenge")}
    assert all(finding.once for finding in findings)


def test_what_anybody_may_call_is_left_alone() -> None:
    for first in (exchange(contract({}, {"Key": []}), reply()), exchange(documented(operation()), reply())):
        assert probed("credentials", first, lambda call: reply({})) == ([], [])


def test_what_may_not_be_sent_finds_nothing() -> None:
    assert probed("credentials", exchange(contract(), reply({}), CALL), lambda call: None)[0] == []
