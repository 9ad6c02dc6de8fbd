from typing import Any

import pytest

from docdouble.contracts.checks.conditional_calls import STALE
from docdouble.contracts.model.exchange import Exchange
from docdouble.schemas import Call, Contract, Reply

from .made import (
    BOOK,
    JSON,
    chained,
    documented,
    exchange,
    keeping_books,
    line,
    operation,
    probed,
    reply,
    response,
    several,
    summary,
)

TAG = ("ETag", '"1"')
DATE = ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
CONTENT = {"application/json": {"schema": BOOK}}
SUCCESS = response(content=CONTENT)


def contract(*statuses: int, method: str = "get") -> Contract:
    responses = {"200": SUCCESS} | {str(status): response(**line(status)) for status in statuses}
    return documented(operation(responses=responses), method=method)


def probe(contract: Contract, *headers: tuple[str, str], answer: Reply | None = None) -> list[tuple[Any, ...]]:
    first = exchange(contract, reply({}, 200, *headers))
    findings, sent = probed("conditional", first, lambda call: answer or reply({}, 200, *headers))
    assert len(findings) in (0, len(sent))
    return [(*summary(finding)[::3], str(finding.evidence), finding.expected) for finding in findings]


def test_a_tag_that_still_holds() -> None:
    assert probe(contract(304), TAG) == [("error", "If-None-Match", "books.md:304", '304 to If-None-Match: "1"')]


def test_what_only_the_rfc_says_is_a_note() -> None:
    assert [row[0] for row in probe(contract(), TAG)] == ["note"]


def test_dates_a_server_may_leave_unread() -> None:
    assert [row[:2] for row in probe(contract(304), DATE)] == [("warning", "If-Modified-Since")]
    assert probe(contract(), DATE) == []


def test_another_version() -> None:
    assert [row[:2] for row in probe(contract(412), TAG)][1:] == [("error", "If-Match")]
    assert [row[:2] for row in probe(contract(412), DATE)] == [("error", "If-Unmodified-Since")]


@pytest.mark.parametrize("answer", [reply(b"", 304), reply({}, 412), reply({}, 200, ("ETag", '"2"'))])
def test_conditions_that_are_kept_and_entities_that_changed_meanwhile(answer: Reply) -> None:
    assert probe(contract(304, 412), TAG, answer=answer) == []


def test_without_versions_nothing_is_asked() -> None:
    assert probe(contract(304, 412)) == []


def test_a_write_is_asked_only_where_its_refusal_is_documented() -> None:
    assert probe(contract(304, method="put"), TAG, DATE) == []
    assert [row[:2] for row in probe(contract(412, method="put"), TAG)] == [("error", "If-Match")]
    done = reply({}, 200, ("ETag", '"2"'))
    assert [row[1] for row in probe(contract(412, method="put"), TAG, answer=done)] == ["If-Match"]
    assert probe(contract(412, method="put"), TAG, answer=reply({}, 412)) == []


PATHS = {
    "/books/{id}": {
        "put": operation(
            operationId="save",
            requestBody={"content": CONTENT},
            responses={"200": SUCCESS, "412": response(**line(40))},
        ),
    },
}
SAVED = keeping_books(several(PATHS), save="update")


def stale(status: int, about: str = STALE) -> Exchange:
    call = Call((JSON, ("If-Match", '"0"')), b"{}", "PUT", "/books/7")
    return exchange(SAVED, reply({}, status), call, about=about, name="save")


def test_a_write_on_a_condition_that_does_not_hold() -> None:
    (finding,) = chained("conditional", stale(200))
    assert summary(finding) == ("error", "books.md:40", "", "If-Match")
    assert (finding.expected, finding.got) == ('412 to If-Match: "0"', "200 OK")


def test_a_write_that_is_refused_and_any_other_write() -> None:
    assert chained("conditional", stale(412)) == []
    assert chained("conditional", stale(200, about="")) == []


def test_what_a_call_has_just_created_had_no_other_version() -> None:
    of_create = documented(operation(responses={"201": SUCCESS, "412": response(**line(412))}), method="post")
    for status, count in ((201, 0), (200, 2)):
        first = exchange(of_create, reply({}, status, TAG, DATE))
        assert len(probed("conditional", first, lambda call: reply({}, 200))[1]) == count
