"""What flows between operations, and which of them only read."""

import json
from typing import Any

import pytest

from docdouble.schemas import Contract, Evidence, Grade, MediaType, Operation, Parameter, Response
from docdouble.schemas.contract.model import Body, Link, Schema, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.links import effect, with_flow

INT: Schema = {"type": "integer", "format": "int32"}
STATED = Evidence(Grade.STATED, "book.md", 4)
ASSUMED = Evidence(Grade.ASSUMED, "book.md", 4)


def operation(
    method: str,
    path: str,
    answer: Schema | None = None,
    request: Schema | None = None,
    name: str = "",
    key: Schema = INT,
) -> Operation:
    """An operation whose path variables are all of the schema ``key``."""
    variables = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return Operation(
        name or f"{method} {path}",
        method,
        path,
        parameters=tuple(Parameter(variable, "path", key, True) for variable in variables),
        request=Body((MediaType("application/json", request),)) if request else None,
        responses=(Response("404"), Response("200", (MediaType("application/json", answer),) if answer else ())),
        evidence=STATED,
    )


def record(*names: str, **properties: Schema) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(names, INT) | properties}


SCHEMAS: dict[str, Schema] = {
    "BookEntity": record("BookEntityId", "ShelfId"),
    "Member": record("memberId"),
    "MemberWithLinks": record("memberId"),
    "Note": record(NoteId={"type": "string"}),
}


def flowing(*operations: Operation, schemas: dict[str, Schema] = SCHEMAS) -> Contract:
    return with_flow(Contract("library", "1", operations, schemas), SUPEROFFICE)


def links(*operations: Operation, schemas: dict[str, Schema] = SCHEMAS) -> list[tuple[str, str, str, str]]:
    """The links of the first operation's answer."""
    success = flowing(*operations, schemas=schemas).operations[0].success()
    assert success is not None
    return [(link.operation, link.location, link.name, link.pointer) for link in success.links]


@pytest.mark.parametrize(
    ("method", "name", "expected"),
    [
        ("GET", "v1Book_SaveBook", "read"),
        ("HEAD", "book", "read"),
        ("OPTIONS", "book", "read"),
        ("PUT", "v1Book_GetBook", "write"),
        ("PATCH", "v1Book_GetBook", "write"),
        ("DELETE", "v1Book_GetBook", "write"),
        ("POST", "v1Desk_GetBook", "read"),
        ("POST", "v1Desk_Get", "read"),
        ("POST", "v1Desk_FindMembers", "read"),
        ("POST", "v1Desk_IsLent", "read"),
        ("POST", "v1Desk_CanLend", "read"),
        ("POST", "v1Desk_CalculateFine", "read"),
        ("POST", "v1Desk_ValidateCard", "read"),
        ("POST", "v1Desk_CreateDefaultLoan", "read"),
        ("POST", "GetBook", "read"),
        ("POST", "v1Desk_Is2Lent", "read"),
        ("POST", "v1Desk_SaveBook", "write"),
        ("POST", "v1Desk_DeleteBook", "write"),
        ("POST", "v1Desk_CreateLoan", "write"),
        ("POST", "v1Desk_Lend", "write"),
        # These only begin with the letters of Is, Can, Get and Find.
        ("POST", "v1Desk_IssueCard", "write"),
        ("POST", "v1Desk_CancelLoan", "write"),
        ("POST", "v1Desk_Getaway", "write"),
        ("POST", "v1Desk_Findings", "write"),
        ("POST", "v1Get_Lend", "write"),
    ],
)
def test_an_operation_reads_by_its_method_or_its_verb(method: str, name: str, expected: str) -> None:
    assert effect(Operation(name, method, "/book"), SUPEROFFICE) == expected


def test_effects_are_assumed_where_the_operation_stands() -> None:
    (flowed,) = flowing(operation("GET", "/book")).operations
    assert (flowed.effect, flowed.effect_evidence) == ("read", ASSUMED)


@pytest.mark.parametrize("path", ["/Book/{id}", "/book/{Id}/copy", "/shelf/{bookEntityId}", "/shelf/{BookId}/x"])
def test_a_key_leads_to_the_path_that_asks_for_it(path: str) -> None:
    variable = path.partition("{")[2].partition("}")[0]
    assert links(operation("POST", "/lend", reference("BookEntity")), operation("GET", path)) == [
        (f"GET {path}", "path", variable, "/BookEntityId")
    ]


@pytest.mark.parametrize("path", ["/Member/{id}", "/{id}", "/book/{number}", "/books/{id}", "/book/{shelfId}"])
def test_a_key_leads_to_no_path_that_asks_for_another(path: str) -> None:
    assert links(operation("POST", "/lend", reference("BookEntity")), operation("GET", path)) == []


def test_a_key_leads_to_the_properties_of_requests_and_to_all_that_ask() -> None:
    lend = operation("POST", "/lend", request=record("BookId", "bookEntityId", "MemberId", "Book"))
    assert links(operation("GET", "/new", reference("BookEntity")), lend, operation("GET", "/book/{id}")) == [
        ("POST /lend", "body", "BookId", "/BookEntityId"),
        ("POST /lend", "body", "bookEntityId", "/BookEntityId"),
        ("GET /book/{id}", "path", "id", "/BookEntityId"),
    ]


def test_an_operation_does_not_lead_to_itself() -> None:
    get = operation("GET", "/book/{id}", reference("BookEntity"))
    assert links(get) == []
    assert links(get, operation("DELETE", "/book/{id}")) == [("DELETE /book/{id}", "path", "id", "/BookEntityId")]


def test_a_list_leads_from_its_first_item() -> None:
    find = operation("GET", "/members", {"type": "array", "items": reference("Member")})
    assert links(find, operation("GET", "/Member/{id}")) == [("GET /Member/{id}", "path", "id", "/0/memberId")]


def test_a_view_of_an_entity_and_a_nullable_answer_have_its_key() -> None:
    view = {"anyOf": [reference("MemberWithLinks"), {"type": "null"}]}
    assert links(operation("GET", "/m", view), operation("GET", "/Member/{id}")) == [
        ("GET /Member/{id}", "path", "id", "/memberId")
    ]


def test_what_is_no_integer_is_no_key() -> None:
    note, get = operation("POST", "/new", reference("Note")), operation("GET", "/Note/{id}")
    assert links(note, get) == []
    by_name = operation("GET", "/Member/{id}", key={"type": "string"})
    assert links(operation("GET", "/m", reference("Member")), by_name) == []


def test_an_answer_without_a_named_type_leads_nowhere() -> None:
    for answer in (None, record("memberId"), INT):
        assert links(operation("GET", "/m", answer), operation("GET", "/Member/{id}")) == []


def test_the_key_is_escaped_in_the_pointer() -> None:
    # A slash is no letter, so the key's name folds to that of the type without it.
    schemas = {"Book": record("Book/Id")}
    assert links(operation("GET", "/new", reference("Book")), operation("GET", "/Book/{id}"), schemas=schemas) == [
        ("GET /Book/{id}", "path", "id", "/Book~1Id")
    ]


def test_only_the_successful_answer_has_links_and_they_are_assumed() -> None:
    contract = flowing(operation("GET", "/new", reference("Member"), name="new"), operation("GET", "/Member/{id}"))
    missing, success = contract.operations[0].responses
    assert missing.links == ()
    assert success.links == (Link("GET /Member/{id}", "path", "id", "/memberId", ASSUMED),)


def test_openapi_keeps_links_and_effects() -> None:
    contract = flowing(
        operation("GET", "/new", {"type": "array", "items": reference("Member")}, name="new"),
        operation("GET", "/Member/{id}", name="get"),
        operation("POST", "/lend", request=record("memberId"), name="v1Desk_Lend"),
    )
    document: Any = json.loads(json.dumps(to_openapi(contract)))
    assert from_openapi(document) == contract
    assert [operation.effect for operation in contract.operations] == ["read", "read", "write"]
    written_links = document["paths"]["/new"]["get"]["responses"]["200"]["links"]
    assert sorted(link["operationId"] for link in written_links.values()) == ["get", "v1Desk_Lend"]
