"""What operations do to resources: each rule, and each trap beside it."""

from dataclasses import replace
from pathlib import Path

import pytest

from docdouble.schemas import Grade, extract
from docdouble.schemas.contract.resources import Criterion, RequestPlace
from docdouble.schemas.resources.infer_roles import with_resources

from .small_api import api, body, resource, role, roles, unassigned

BOOK = {"Book": "{BookId: int, Title: text, ShelfId: int}"}
CRUD = """
    GET /Book -> [Book]
    POST /Book Book -> Book
    GET /Book/{id} -> Book
    PUT /Book/{id} Book -> Book
    PATCH /Book/{id} [any] -> Book
    DELETE /Book/{id}
"""


def test_methods_on_a_collection_and_its_items() -> None:
    contract = api(CRUD, **BOOK)
    assert roles(contract) == {
        "GET /Book": ("book", "list"),
        "POST /Book": ("book", "create"),
        "GET /Book/{id}": ("book", "read"),
        "PUT /Book/{id}": ("book", "update"),
        "PATCH /Book/{id}": ("book", "patch"),
        "DELETE /Book/{id}": ("book", "delete"),
    }
    assert resource(contract, "book").views == {"Book": "BookId"}
    assert role(contract, "PUT /Book/{id}").key == RequestPlace("path", "id")
    assert role(contract, "PUT /Book/{id}").entity == body()
    assert (role(contract, "POST /Book").key, role(contract, "POST /Book").entity) == (None, body())
    assert role(contract, "GET /Book").many


def test_a_role_says_why_and_where_that_was_read() -> None:
    inferred = role(api(CRUD, **BOOK), "POST /Book")
    assert inferred.why == "POST of /Book, body is a Book"
    assert inferred.evidence
    assert (inferred.evidence.grade, inferred.evidence.page) == (Grade.ASSUMED, "small.json#/paths/~1Book/post")


def test_a_foreign_api_whose_new_entities_are_of_another_type() -> None:
    contract = api(
        """
        POST /pets NewPet -> Pet
        GET /pets?limit:int -> [Pet]
        GET /pets/{petId} -> Pet
        PUT /pets/{petId} NewPet -> Pet
        """,
        Pet="{id: int, name: text}",
        NewPet="{name: text}",
    )
    assert {name for _, name in roles(contract).values()} == {"create", "read", "list", "update"}
    assert role(contract, "GET /pets/{petId}").key == RequestPlace("path", "petId")


def test_an_update_that_has_its_key_in_the_body() -> None:
    contract = api(CRUD + "PUT /Book Book -> Book", **BOOK)
    inferred = role(contract, "PUT /Book")
    assert (inferred.name, inferred.key, inferred.entity, inferred.many) == ("update", None, body(), False)
    assert "PUT /Book" not in roles(api(CRUD + "PUT /Book [Book] -> [Book]", **BOOK))


def test_a_list_that_takes_a_property_is_a_search() -> None:
    contract = api(CRUD.replace("GET /Book ->", "GET /Book?title:text&page:int ->"), **BOOK)
    assert role(contract, "GET /Book").criteria == (Criterion(RequestPlace("query", "title"), "Book", "Title"),)


def test_another_view_of_an_item_and_one_that_is_not_kept() -> None:
    contract = api(
        CRUD + "GET /Book/{id}/Simple -> BookSummary\nGET /Book/default -> Book\nGET /Book/{id}/Sequel -> Book",
        **BOOK,
        BookSummary="{BookId: int}",
    )
    assert roles(contract)["GET /Book/{id}/Simple"] == ("book", "read")
    assert roles(contract)["GET /Book/default"] == ("book", "draft")
    assert "GET /Book/{id}/Sequel" not in roles(contract)


@pytest.mark.parametrize(
    ("loan", "property_name"),
    [("{LoanId: int, BookId: int}", "BookId"), ("{LoanId: int, Book: Book}", "Book/BookId"), ("{LoanId: int}", "")],
)
def test_what_belongs_to_an_item_is_searched_by_it(loan: str, property_name: str) -> None:
    contract = api(CRUD + "GET /Book/{id}/Loans -> [Loan]\nPOST /Loan Loan\nGET /Loan/{id} -> Loan", **BOOK, Loan=loan)
    expected = (Criterion(RequestPlace("path", "id"), "Loan", property_name),)
    assert ("GET /Book/{id}/Loans" in roles(contract)) == bool(property_name)
    assert not property_name or role(contract, "GET /Book/{id}/Loans").criteria == expected


def test_what_has_no_key_of_its_own_is_unclear() -> None:
    contract = api(CRUD + "PUT /Book/{id}/Cover Cover -> Cover", **BOOK, Cover="{Format: text}")
    assert unassigned(contract) == {"PUT /Book/{id}/Cover": ("cover", "has no number of its own")}


def test_a_text_is_no_key() -> None:
    contract = api("PUT /Script/{name:text} Script -> Script", Script="{Name: text}")
    assert roles(contract) == {}
    assert unassigned(contract)["PUT /Script/{name}"] == ("script", "is known by a text, not by a number")


def test_items_that_are_asked_for_by_another_property_have_no_role() -> None:
    contract = api(CRUD + "GET /Book/{shelfId} -> Book\nPUT /Book/{shelfId} Book -> Book", **BOOK)
    assert "PUT /Book/{shelfId}" not in roles(contract)
    assert roles(contract)["PUT /Book/{id}"] == ("book", "update")


def test_a_collection_that_shows_different_entities_is_unclear() -> None:
    contract = api(
        "GET /Thing/{id} -> Book\nGET /Thing/{number} -> Member\nPUT /Thing/{id} Book -> Book",
        **BOOK,
        Member="{MemberId: int}",
    )
    assert roles(contract) == {}
    assert unassigned(contract) == {"PUT /Thing/{id}": ("/Thing", "its operations show different types: book, member")}


def test_a_body_of_another_type_is_no_update() -> None:
    contract = api("GET /Book/{id} -> Book\nPUT /Book/{id} Member", **BOOK, Member="{MemberId: int}")
    assert roles(contract) == {}


def test_validation_is_no_creation() -> None:
    assert "POST /Book/Validate" not in roles(api(CRUD + "POST /Book/Validate Book -> object", **BOOK))


def test_the_same_type_in_several_collections_is_a_resource_each() -> None:
    contract = api(
        """
        GET /List/Colour/Items -> [Item]
        POST /List/Colour/Items Item -> Item
        DELETE /List/Colour/Items/{id}
        GET /List/Size/Items/{id} -> Item
        PUT /List/Size/Items/{id} Item -> Item
        POST /Agents/List/SaveItem Item -> Item
        """,
        Item="{Id: int, Name: text}",
    )
    assert [resource.collection for resource in contract.resources.resources] == [
        "/List/Colour/Items",
        "/List/Size/Items",
    ]
    assert roles(contract)["DELETE /List/Colour/Items/{id}"] == ("/List/Colour/Items", "delete")
    assert (
        unassigned(contract)["POST /Agents/List/SaveItem"][1] == "lives in several lists, and these don't say in which"
    )


def test_a_list_that_is_added_to_needs_no_items() -> None:
    contract = api("GET /Heading -> [Heading]\nPOST /Heading Heading -> Heading", Heading="{HeadingId: int}")
    assert roles(contract) == {"GET /Heading": ("heading", "list"), "POST /Heading": ("heading", "create")}


def test_what_nothing_writes_is_no_resource() -> None:
    contract = api("GET /Book/default -> Book\nGET /Book/{id} -> Book", **BOOK)
    assert contract.resources.resources == ()


def test_one_variable_spelled_in_two_ways() -> None:
    contract = api("GET /Book/{id} -> Book\nPUT /Book/{Id:text} Book -> Book", **BOOK)
    assert roles(contract)["PUT /Book/{Id}"] == ("book", "update")


def test_nothing_below_other_variables_is_believed() -> None:
    contract = api("GET /Shelf/{shelfId}/Book/{id} -> Book\nDELETE /Shelf/{shelfId}/Book/{id}", **BOOK)
    assert roles(contract) == {}


def test_operations_that_share_an_id_have_no_role() -> None:
    contract = api(CRUD, **BOOK)
    twins = replace(contract, operations=tuple(replace(operation, id="same") for operation in contract.operations))
    assert with_resources(twins).resources.resources == ()


def test_pages_tell_it_too() -> None:
    contract = extract(str(Path(__file__).parents[2] / "cases")).contract
    assert unassigned(contract) == {
        "POST /api/v1/Agents/Loan/Lend": ("loan", "their names and types don't say what they do to it"),
        "DELETE /api/v1/Member/{memberId}": ("/api/v1/Member", "nothing that has a number of its own is shown there"),
        "POST /api/v1/Reservation": ("reservation", "their names and types don't say what they do to it"),
    }
