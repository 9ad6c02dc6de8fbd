import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.checks.check import Step
from docdouble.contracts.checks.created_listed import CHECK
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call, Contract, Reply

from .made import INT, JSON, exchange, keeping_books, operation, record, reply, several, summary

REF = {"$ref": "#/components/schemas/Book"}
BODY = {"content": {"application/json": {"schema": REF}}}
PATHS = {
    "/books": {
        "post": operation(REF, operationId="make", requestBody=BODY),
        "get": operation({"type": "array", "items": REF}, operationId="all"),
    },
    "/books/{id}": {"get": operation(REF, operationId="read"), "delete": operation(REF, operationId="drop")},
    "/found": {"get": operation({"type": "array", "items": REF}, operationId="find")},
}
BOOKS = keeping_books(
    several(PATHS, schemas={"Book": record(BookId=INT, Title={"type": "string"})}),
    make="create", all="list", read="read", drop="delete", find="search",
)  # fmt: skip


def step(name: str, answer: Reply, contract: Contract = BOOKS) -> Exchange:
    return exchange(contract, answer, name=name)


def judged(*steps: Exchange) -> list[Finding]:
    roles = {role.operation: role for resource in BOOKS.resources.resources for role in resource.roles}
    assert CHECK.chain
    return list(CHECK.chain([Step(roles[exchange.operation.id], exchange) for exchange in steps]))


CREATED = step("make", reply({"BookId": 7}))


def test_a_list_without_what_was_created_is_a_warning() -> None:
    (finding,) = judged(CREATED, step("all", reply([{"BookId": 1}])))
    assert summary(finding) == ("warning", "books.md:1", "", "list")
    assert (finding.expected, finding.got) == ("a list with 7, which was created", "one without it")


def test_a_search_is_a_note() -> None:
    (finding,) = judged(CREATED, step("find", reply([])))
    assert finding.severity == "note"


@pytest.mark.parametrize(
    "rows", [[{"BookId": 1}, {"BookId": 7}], [{"bookId": "7"}], {"value": [{"BookId": 7}]}, [{"Title": "x"}], {}, "x"]
)
def test_what_is_listed_or_not_reported_is_fine(rows: Any) -> None:
    assert judged(CREATED, step("all", reply(rows))) == []


def test_what_was_deleted_need_not_be_listed() -> None:
    assert judged(CREATED, step("drop", reply(b"", 204)), step("all", reply([]))) == []


def test_without_a_key_nothing_is_judged() -> None:
    assert judged(step("make", reply({})), step("all", reply([]))) == []


@pytest.mark.parametrize(
    ("status", "existing", "count"), [(404, True, 1), (410, True, 1), (404, False, 0), (500, True, 0)]
)
def test_what_was_created_can_be_read(status: int, existing: bool, count: int) -> None:
    read = step("read", reply({}, status))
    gone = replace(read, case=replace(read.case, existing=existing))
    findings = judged(CREATED, gone)
    assert [summary(finding) for finding in findings] == [("warning", "books.md:1", "", "read")] * count


@pytest.mark.parametrize(
    ("path", "count"),
    [("/shelves/{shelf}/books", 1), ("/shelves/{shelf}/books/{id}", 1), ("/books/{id}", 1), ("/shops/{shop}/books", 0)],
)
def test_what_is_below_another_kind_of_parent_is_not_asked_for_what_was_created(path: str, count: int) -> None:
    assert len(judged(moved(CREATED, "/shelves/{shelf}/books"), moved(step("all", reply([])), path))) == count


def moved(exchange: Exchange, path: str) -> Exchange:
    """The same exchange of an operation at another path."""
    operation = replace(exchange.operation, path=path)
    case = replace(exchange.case, operation=operation)
    return Exchange(Subject(operation, BOOKS), case, exchange.reply)


TEXT_SENT = {"Title": "docdouble 0123abcd"}


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([{"Title": "Dune"}], 1),
        ([], 1),
        ([{"Title": "Dune"}, {"title": "docdouble 0123abcd "}], 0),
        ([{"Title": "Dune"}, {"BookId": 7}], 0),
        (["Dune"], 1),
    ],
)
def test_what_was_created_without_an_answer_is_known_by_its_text(rows: Any, count: int) -> None:
    call = Call((JSON,), json.dumps(TEXT_SENT).encode(), "POST")
    created = exchange(BOOKS, reply(b"", 204), call, name="make")
    findings = judged(created, step("all", reply(rows)))
    assert [finding.expected for finding in findings] == ["a list with docdouble 0123abcd, which was created"] * count
