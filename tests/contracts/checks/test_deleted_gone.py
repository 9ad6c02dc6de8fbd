from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Contract, Reply

from .made import INT, chained, exchange, keeping_books, line, operation, record, reply, response, several, summary

REF = {"$ref": "#/components/schemas/Book"}
BODY = {"content": {"application/json": {"schema": REF}}}


def contract(**responses: Any) -> Contract:
    paths = {
        "/books": {
            "post": operation(REF, operationId="make", requestBody=BODY),
            "get": operation({"type": "array", "items": REF}, operationId="all"),
        },
        "/books/{id}": {"get": operation(REF), "delete": operation(REF, operationId="drop")},
    }
    paths["/books/{id}"]["get"]["responses"] |= responses
    books = several(paths, schemas={"Book": record(BookId=INT, Title={"type": "string"})})
    books = replace(books, dialect="superoffice")
    return keeping_books(books, make="create", all="list", read="read", drop="delete")


PLAIN = contract()
GONE = contract(**{"404": response(**line(44))})


def step(name: str, answer: Reply, contract: Contract = PLAIN) -> Exchange:
    return exchange(contract, answer, name=name)


CREATED = step("make", reply({"BookId": 7}))
DELETED = step("drop", reply(b"", 204))


def after(*steps: Exchange) -> list[Finding]:
    return chained("deleted-gone", CREATED, DELETED, *steps)


def test_what_is_still_read_is_a_warning() -> None:
    (finding,) = after(step("read", reply({"BookId": 7})))
    assert summary(finding) == ("warning", "books.md:1", "", "read")
    assert (finding.expected, finding.got) == ("404 or 410 to what was deleted", "200 OK")


def test_where_the_404_is_documented_it_is_an_error() -> None:
    (finding,) = after(step("read", reply({"BookId": 7}), GONE))
    assert summary(finding) == ("error", "books.md:44", "", "read")


@pytest.mark.parametrize("rows", [[{"BookId": 7}], {"value": [{"PrimaryKey": "7"}]}])
def test_what_is_still_listed(rows: Any) -> None:
    (finding,) = after(step("all", reply(rows)))
    assert (finding.rule, finding.got) == ("list", "one that shows 7")


@pytest.mark.parametrize(
    "answer",
    [
        *(reply({}, 404), reply({}, 410), reply(None), reply(b""), reply({"Deleted": True})),
        *(reply({"deleted_at": "2026-01-01T00:00:00Z"}), reply({"data": {"status": "deleted"}})),
    ],
)
def test_what_is_gone(answer: Reply) -> None:
    assert after(step("read", answer)) == []


@pytest.mark.parametrize("rows", [[], [{"BookId": 8}], {"value": [{"PrimaryKey": 70, "Title": "7"}]}])
def test_lists_of_others(rows: Any) -> None:
    assert after(step("all", reply(rows))) == []


def test_what_was_not_deleted_or_made_again() -> None:
    read = step("read", reply({"BookId": 7}))
    assert chained("deleted-gone", CREATED, read) == []
    assert chained("deleted-gone", CREATED, step("drop", reply({}, 403)), read) == []
    assert after(CREATED, read) == []
