from itertools import chain, repeat
from typing import Any

import pytest

from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Reply

from .made import documented, exchange, operation, probed, reply, summary

CONTRACT = documented(operation())


def twice(first: Reply, second: Reply) -> list[Finding]:
    answers = chain([first, second], repeat(second))
    findings, sent = probed("repeatable", exchange(CONTRACT, reply({})), lambda call: next(answers))
    assert len(sent) == 2
    return findings


def test_another_text_is_a_note() -> None:
    (finding,) = twice(reply({"Title": "Dune"}), reply({"Title": "Emma"}))
    assert summary(finding) == ("note", "books.md:1", "/Title", "values")
    assert (finding.expected, finding.got) == ("/Title 'Dune' again", "'Emma'")


def test_another_status_is_a_warning() -> None:
    assert summary(*twice(reply({}), reply({}, 404)))[::3] == ("warning", "status")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"Title": "Dune"}, {"Title": "Dune", "Note": "new"}),
        ({"Count": 1}, {"Count": 2}),
        ({"At": "2026-01-01T00:00:00"}, {"At": "2026-01-01T00:00:01"}),
        ({"AccessToken": "abc"}, {"AccessToken": "def"}),
        ([{"Title": "a"}, {"Title": "b"}], [{"Title": "b"}, {"Title": "a"}]),
    ],
)
def test_what_may_differ(first: Any, second: Any) -> None:
    assert twice(reply(first), reply(second)) == []


def test_a_server_that_is_busy() -> None:
    assert twice(reply({}), reply({}, 429)) == []


def test_writes_and_what_cannot_be_read_are_not_repeated() -> None:
    for first in (exchange(documented(operation(), method="post"), reply({})), exchange(CONTRACT, reply(b"{"))):
        assert probed("repeatable", first, lambda call: reply({}))[1] == []
