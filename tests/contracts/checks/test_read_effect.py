from itertools import count
from typing import Any

from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Reply

from .made import documented, exchange, operation, probed, reply, summary

CONTRACT = documented(operation())
EFFECT = {
    "x-docdouble-effect": "read",
    "x-docdouble-effect-evidence": {"grade": "assumed", "page": "books.md", "line": 2},
}


def changed(second: int) -> Reply:
    return reply({"UpdatedDate": f"2026-01-01T00:00:{second:02}"})


def findings(first: Exchange, seconds: Any) -> list[Finding]:
    return probed("read-effect", first, lambda call: changed(next(seconds)))[0]


def test_an_entity_that_changes_with_every_read() -> None:
    (finding,) = findings(exchange(CONTRACT, changed(0)), count(1))
    assert summary(finding) == ("warning", "books.md:1", "", "changed")


def test_that_an_operation_reads_may_be_assumed() -> None:
    first = exchange(documented(operation(**EFFECT), method="post"), changed(0))
    assert summary(*findings(first, count(1))) == ("note", "books.md:2", "", "changed")


def test_the_header_field_tells_it_too() -> None:
    numbers = count(1)
    first = exchange(CONTRACT, reply({}, 200, ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")))
    moved, _ = probed(
        "read-effect",
        first,
        lambda call: reply({}, 200, ("Last-Modified", f"Thu, 01 Jan 2026 00:00:{next(numbers):02} GMT")),
    )
    assert len(moved) == 1


def test_somebody_else_may_change_it_once() -> None:
    assert findings(exchange(CONTRACT, changed(0)), iter([1, 2, 2])) == []


def test_what_tells_no_time_and_what_writes_is_not_judged() -> None:
    for first in (exchange(CONTRACT, reply({})), exchange(documented(operation(), method="put"), changed(0))):
        assert probed("read-effect", first, lambda call: changed(1))[1] == []
