"""What the methods on a collection, its items and below them do: each beside what looks like it and isn't."""

import pytest

from docdouble.schemas.contract.resources import Criterion, RequestPlace

from .small_api import api, role, roles, unassigned

TYPES = {
    "Book": "{BookId: int, Title: text, ShelfId: int}",
    "BookSummary": "{BookId: int}",
    "Member": "{MemberId: int}",
    "Loan": "{LoanId: int, BookId: int}",
}
CRUD = """
    GET /Book -> [Book]
    POST /Book Book -> Book
    GET /Book/{id} -> Book
    PUT /Book/{id} Book -> Book
    DELETE /Book/{id}
    POST /Loan Loan
    GET /Loan/{id} -> Loan
"""
ITEM = "GET /Book/{id} -> Book\nDELETE /Book/{id}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET /Book/default -> Book", "draft: GET of /Book/default"),
        ("POST /Book/default -> Book", "draft: named default, answers a Book"),
        ("GET /Book/latest -> Book", ""),
        ("GET /Book/findByTitle -> [Book]", "list: GET of /Book/findByTitle, answers several"),
        ("GET /Book/search -> Book", ""),
        ("GET /Book/default -> [Book]", ""),
        ("GET /Book/{id}/Simple -> BookSummary", "read: GET of /Book/{id}/Simple, answers another view"),
        ("POST /Book/{id}/Simple -> BookSummary", ""),
        ("POST /Book/{id} Book -> Book", ""),
        (
            "GET /Book/{id}/Loans -> [Loan]",
            "search: GET of /Book/{id}/Loans, Loan refers to its book by BookId",
        ),
        ("POST /Book/{id}/Loans -> [Loan]", ""),
        ("GET /Book/{id}/Loans -> Loan", ""),
    ],
)
def test_beside_and_below_a_collection(line: str, expected: str) -> None:
    assert reason_of(CRUD + line, line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET /Book -> [Book]", "list: GET of /Book"),
        ("GET /Book?title:text -> [Book]", "search: GET of /Book"),
        ("GET /Book?page:int -> [Book]", "list: GET of /Book"),
        ("GET /Book -> text", ""),
        ("POST /Book Book", "create: POST of /Book, body is a Book"),
        ("POST /Book {Title: text} -> Book", "create: POST of /Book, body is an object"),
        ("POST /Book {Title: text} -> text", ""),
        ("POST /Book text -> Book", ""),
        ("POST /Book [Book]", ""),
        ("POST /Book -> Book", ""),
        ("PUT /Book {Book: Book} -> Book", "update: PUT of /Book, body is a Book"),
        ("PUT /Book {Book: Book, Mode: text} -> Book", ""),
        ("PUT /Book/{id} {Title: text}", "update: PUT of /Book/{id}"),
        ("PUT /Book/{id} -> Book", ""),
        ("PUT /Book/{id} text -> Book", ""),
        ("PUT /Book/{id} [Book] -> Book", ""),
        ("PATCH /Book/{id} object", "patch: PATCH of /Book/{id}"),
        ("PATCH /Book/{id}", ""),
    ],
)
def test_on_a_collection_and_its_items(line: str, expected: str) -> None:
    assert reason_of(ITEM + line, line) == expected


def reason_of(text: str, line: str) -> str:
    """The role of one operation and why it has it, empty for none."""
    label = " ".join(line.partition("?")[0].split()[:2])
    contract = api(text, **TYPES)
    return f"{role(contract, label).name}: {role(contract, label).why}" if label in roles(contract) else ""


def test_an_item_that_answers_many_is_not_read() -> None:
    contract = api("GET /Book/{id} -> [Book]\nDELETE /Book/{id}", **TYPES)
    assert roles(contract) == {"DELETE /Book/{id}": ("book", "delete")}


def test_a_key_may_have_a_name_that_no_view_has() -> None:
    contract = api("GET /Book/{number} -> Book\nPUT /Book/{number} Book", **TYPES)
    assert set(roles(contract)) == {"GET /Book/{number}", "PUT /Book/{number}"}


def test_what_is_read_of_a_collection_is_what_it_holds() -> None:
    contract = api("GET /Thing/{id} -> Book\nDELETE /Thing/{id}\nPOST /Thing Member -> Member", **TYPES)
    assert roles(contract) == {"GET /Thing/{id}": ("book", "read"), "DELETE /Thing/{id}": ("book", "delete")}
    assert list(unassigned(contract)) == ["POST /Thing"]


def test_a_collection_that_nobody_reads_holds_what_is_written() -> None:
    contract = api("POST /Thing Book -> Book\nDELETE /Thing/{id}", **TYPES)
    assert roles(contract) == {"POST /Thing": ("book", "create"), "DELETE /Thing/{id}": ("book", "delete")}


def test_a_collection_without_types_holds_what_it_is_named_after() -> None:
    contract = api("POST /Agents/Book/SaveBook Book -> Book\nDELETE /Book/{id}\nDELETE /Other/{id}", **TYPES)
    assert roles(contract)["DELETE /Book/{id}"] == ("book", "delete")
    assert unassigned(contract)["DELETE /Other/{id}"][1] == "nothing that has a number of its own is shown there"


def test_where_views_and_searches_below_an_item_have_its_key() -> None:
    contract = api(CRUD + "GET /Book/{id}/Simple -> BookSummary\nGET /Book/{id}/Loans -> [Loan]", **TYPES)
    assert role(contract, "GET /Book/{id}/Simple").key == RequestPlace("path", "id")
    search = role(contract, "GET /Book/{id}/Loans")
    assert (search.many, [criterion.place for criterion in search.criteria]) == (True, [RequestPlace("path", "id")])


def test_a_search_asks_for_properties_of_the_view_that_it_shows() -> None:
    types = {**TYPES, "Book": "{BookId: int, Title: text}", "BookSummary": "{BookId: int, Shelf: text}"}
    contract = api(ITEM + "GET /Book/{id}/Simple -> BookSummary\nGET /Book?shelf:text -> [BookSummary]", **types)
    assert role(contract, "GET /Book").criteria == (Criterion(RequestPlace("query", "shelf"), "BookSummary", "Shelf"),)
    contract = api(ITEM + "GET /Book/{id}/Simple -> BookSummary\nGET /Book?shelf:text -> [Book]", **types)
    assert (role(contract, "GET /Book").name, role(contract, "GET /Book").criteria) == ("list", ())
