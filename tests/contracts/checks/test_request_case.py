import pytest

from docdouble.schemas import Call, Contract

from .made import JSON, documented, exchange, line, operation, probed, reply, told


def contract(grade: str = "stated", effect: str = "read") -> Contract:
    behaviour = {"name": "case-insensitive-names", **line(33, grade)}
    return documented(operation(**{"x-docdouble-behaviours": [behaviour], "x-docdouble-effect": effect}), method="post")


def call(body: bytes) -> Call:
    return Call((JSON,), body, "POST", "/books/7")


CALL = call(b'{"Id":1,"title":{"Main":"x"}}')


@pytest.mark.parametrize(("grade", "severity"), [("stated", "warning"), ("assumed", "note")])
def test_another_case_is_no_reason_to_refuse(grade: str, severity: str) -> None:
    findings, sent = probed("request-case", exchange(contract(grade), reply({}), CALL), lambda call: reply({}, 400))
    assert told(*findings) == (severity, "books.md:33", "", "refused")
    assert [one.body for one in sent] == [b'{"id":1,"Title":{"Main":"x"}}']


@pytest.mark.parametrize("status", [200, 404])
def test_other_answers(status: int) -> None:
    first = exchange(contract(), reply({}), CALL)
    assert probed("request-case", first, lambda call: reply({}, status))[0] == []


@pytest.mark.parametrize("body", [b"", b"{}", b"{", b"[1]", b'{"1":2}', b'{"a":1,"A":2}'])
def test_bodies_without_names_to_swap(body: bytes) -> None:
    assert probed("request-case", exchange(contract(), reply({}), call(body)), lambda call: reply({}, 400))[1] == []


def test_writes_and_operations_without_the_custom_are_not_asked() -> None:
    for one in (contract(effect="write"), documented(operation(), method="post")):
        assert probed("request-case", exchange(one, reply({}), CALL), lambda call: reply({}, 400))[1] == []
