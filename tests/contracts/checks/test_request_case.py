from collections.abc import Sequence

import pytest

from docdouble.contracts.checks.request_case import OTHER_CASE
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call, Contract

from .made import JSON, check_of, documented, exchange, line, operation, reply, summary


def contract(grade: str = "stated") -> Contract:
    behaviour = {"name": "case-insensitive-names", **line(33, grade)}
    return documented(operation(**{"x-docdouble-behaviours": [behaviour]}), method="post")


def exchanged(body: bytes, status: int, about: str = "", grade: str = "stated") -> Exchange:
    return exchange(contract(grade), reply({}, status), Call((JSON,), body, "POST", "/books/7"), about=about)


def findings_of(exchanges: Sequence[Exchange]) -> list[Finding]:
    end = check_of("request-case").end
    assert end
    return list(end(exchanges))


@pytest.mark.parametrize(("grade", "severity"), [("stated", "warning"), ("assumed", "note")])
@pytest.mark.parametrize("status", [400, 422])
def test_another_case_is_no_reason_to_refuse(grade: str, severity: str, status: int) -> None:
    accepted = exchanged(b'{"Id": 1}', 200, grade=grade)
    (finding,) = findings_of([accepted, exchanged(b'{"id": 1}', status, OTHER_CASE, grade)])
    assert summary(finding) == (severity, "books.md:33", "", "refused")


@pytest.mark.parametrize("status", [200, 404, 500])
def test_other_answers(status: int) -> None:
    assert findings_of([exchanged(b'{"Id": 1}', 200), exchanged(b'{"id": 1}', status, OTHER_CASE)]) == []


def test_what_is_refused_in_any_case() -> None:
    assert findings_of([exchanged(b'{"Id": 1}', 400), exchanged(b'{"id": 1}', 400, OTHER_CASE)]) == []
    assert findings_of([exchanged(b'{"Id": 2}', 200), exchanged(b'{"id": 1}', 400, OTHER_CASE)]) == []


def test_operations_without_the_custom() -> None:
    plain = documented(operation(), method="post")
    calls = [(b'{"Id": 1}', 200, ""), (b'{"id": 1}', 400, OTHER_CASE)]
    sent = [
        exchange(plain, reply({}, status), Call((JSON,), body, "POST", "/books/7"), about=about)
        for body, status, about in calls
    ]
    assert findings_of(sent) == []
