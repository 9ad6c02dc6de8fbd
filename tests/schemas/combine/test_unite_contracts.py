"""Several sources of one API make one contract; the earlier is believed, the later fills in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import (
    Body,
    Contract,
    Evidence,
    Grade,
    MediaType,
    Operation,
    PageError,
    Parameter,
    Response,
    extract,
)
from docdouble.schemas.combine.unite_contracts import operation_key, unite
from docdouble.schemas.contract.model import Behaviour, Link, Server, evidence_of

PAGE = """\
```http
GET /Book/{id}
```

| Parameter Name | Type | Description |
|---|---|---|
| Shelf | string | |

| Response | Description |
|---|---|
| 200 | Found |

## Response body: Book

| Property Name | Type | Description |
|---|---|---|
| Id | int32 | |
"""
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "library", "version": "2"},
    "host": "library.example",
    "schemes": ["https"],
    "produces": ["application/json"],
    "securityDefinitions": {"Card": {"type": "apiKey", "in": "header", "name": "X-Card"}},
    "definitions": {
        "Book": {"type": "object", "properties": {"Id": {"type": "string"}}},
        "Loan": {"type": "object", "properties": {"Due": {"type": "string"}}},
    },
    "paths": {
        "/book/{bookId}": {
            "get": {
                "operationId": "getBook",
                "summary": "Finds a book",
                "security": [{"Card": []}],
                "parameters": [
                    {"name": "bookId", "in": "path", "required": True, "type": "integer"},
                    {"name": "shelf", "in": "query", "type": "integer"},
                    {"name": "copies", "in": "query", "type": "integer"},
                ],
                "responses": {
                    "200": {"description": "OK", "schema": {"$ref": "#/definitions/Book"}},
                    "404": {"description": "Gone"},
                },
            }
        },
        "/loan": {"get": {"operationId": "getLoan", "responses": {"200": {"description": "OK"}}}},
    },
}


@pytest.fixture
def sources(tmp_path: Path) -> tuple[str, str]:
    """A page and a Swagger file of one API."""
    (tmp_path / "book.md").write_text(PAGE)
    (tmp_path / "api.json").write_text(json.dumps(SWAGGER))
    return str(tmp_path / "book.md"), str(tmp_path / "api.json")


def parameters(operation: Operation) -> list[tuple[str, str, Any]]:
    return [(parameter.location, parameter.name, parameter.schema.get("type")) for parameter in operation.parameters]


def statuses(operation: Operation) -> list[tuple[str, str]]:
    return [(response.status, response.description) for response in operation.responses]


def test_a_swagger_file_fills_in_what_the_page_leaves_open(sources: tuple[str, str]) -> None:
    contract = extract(sources).contract
    book, loan = contract.operations
    assert (book.id, book.label, book.summary) == ("book", "GET /Book/{id}", "Finds a book")
    assert (loan.id, loan.label) == ("getLoan", "GET /loan")
    assert parameters(book) == [("path", "id", "string"), ("query", "Shelf", "string"), ("query", "copies", "integer")]
    assert statuses(book) == [("200", "Found"), ("404", "Gone")]
    assert book.security == (("Card",),)
    assert list(contract.security_schemes) == ["Card"]
    assert contract.servers == (Server("https://library.example"),)
    assert (contract.title, sorted(contract.schemas)) == ("superoffice", ["Book", "Loan"])
    assert contract.schemas["Book"]["properties"]["Id"]["type"] == "integer"


def test_the_source_that_comes_first_is_believed(sources: tuple[str, str]) -> None:
    contract = extract(sources[::-1]).contract
    book, _ = contract.operations
    assert (book.id, book.label) == ("getBook", "GET /book/{bookId}")
    assert parameters(book) == [
        ("path", "bookId", "integer"),
        ("query", "shelf", "integer"),
        ("query", "copies", "integer"),
    ]
    assert statuses(book) == [("200", "OK"), ("404", "Gone")]
    assert (contract.title, contract.schemas["Book"]["properties"]["Id"]["type"]) == ("library", "string")


def test_every_fact_keeps_its_own_evidence(sources: tuple[str, str]) -> None:
    contract = extract(sources).contract
    assert [operation.evidence and operation.evidence.page for operation in contract.operations] == [
        "book.md",
        "api.json",
    ]
    assert evidence_of(contract.schemas["Book"]["properties"]["Id"]) == Evidence(Grade.STATED, "book.md", 17)


def test_what_is_noticed_in_any_source_is_kept(tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.md").write_text(PAGE.replace("/Book/", f"/{name}/"))
        (folder / "index.md").write_text("# Books\n")
        (folder / "torn.md").write_text("```http\nGET /a/{b\n```\n")
    extraction = extract([str(tmp_path / "a"), str(tmp_path / "b")])
    assert [operation.path for operation in extraction.contract.operations] == ["/a/{id}", "/b/{id}"]
    assert [(contradiction.rule, contradiction.page) for contradiction in extraction.contradictions] == [
        ("variable-without-row", "a.md"),
        ("variable-without-row", "b.md"),
    ]
    assert [failure.path for failure in extraction.failures] == ["torn.md", "torn.md"]
    assert extraction.skipped == ("index.md", "index.md")


def test_a_source_that_cannot_be_read_fails_the_whole(sources: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("# Books\n")
    with pytest.raises(PageError):
        extract([*sources, str(tmp_path / "empty.md")])


def test_one_contract_is_its_own_union(sources: tuple[str, str]) -> None:
    contract = extract(sources[0]).contract
    assert unite([contract]) == contract
    assert unite([contract, contract]) == contract


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("GET /book/{id}", "GET /Book/{bookId}", True),
        ("GET /book/{a}/copy/{b}", "GET /book/{b}/copy/{a}", True),
        ("GET /book/{id}", "PUT /book/{id}", False),
        ("GET /book/{id}", "GET /book/id", False),
        ("GET /book/{id}", "GET /book/{id}/copy", False),
    ],
)
def test_operations_are_matched_whatever_their_variables_are_called(first: str, second: str, same: bool) -> None:
    keys = [operation_key(Operation("a", *label.split())) for label in (first, second)]
    assert (keys[0] == keys[1]) is same


BOOK = Operation("book", "PUT", "/book", responses=(Response("200", (MediaType("application/json"),)),))


def united(first: Operation, *others: Operation) -> tuple[Operation, ...]:
    return unite(Contract("a", "1", (operation,)) for operation in (first, *others)).operations


def test_media_types_of_a_status_and_of_a_request_are_joined() -> None:
    json_type, xml = MediaType("application/json", {"type": "object"}), MediaType("text/xml")
    first = replace(BOOK, request=Body((MediaType("text/xml", {"type": "string"}),), None, "one"))
    second = replace(
        BOOK, request=Body((json_type, xml), True, "other"), responses=(Response("200", (json_type, xml)),)
    )
    (operation,) = united(first, second)
    assert operation.request == Body((MediaType("text/xml", {"type": "string"}), json_type), True, "one")
    assert operation.responses == (Response("200", (MediaType("application/json"), xml)),)


def test_a_request_that_only_one_describes_is_taken() -> None:
    body = Body((MediaType("text/xml"),), False)
    assert [united(*pair)[0].request for pair in ((BOOK, replace(BOOK, request=body)), (BOOK, BOOK))] == [body, None]
    assert united(replace(BOOK, request=replace(body, required=False)), replace(BOOK, request=Body((), True)))[
        0
    ].request == replace(body, required=False)


def test_effect_behaviours_and_security_are_filled_in() -> None:
    evidence = Evidence(Grade.STATED, "book.md", 3)
    own, other = Behaviour("own", evidence), Behaviour("other", evidence)
    described = replace(
        BOOK,
        security=(("Card",),),
        security_evidence=evidence,
        behaviours=(Behaviour("own", Evidence(Grade.ASSUMED, "book.md", 1)), other),
        effect="read",
        effect_evidence=evidence,
    )
    assert united(replace(BOOK, behaviours=(own,)), described) == (replace(described, behaviours=(own, other)),)
    believed = replace(described, security=(("Badge",),), security_evidence=None, effect="write", effect_evidence=None)
    assert united(believed, described) == (believed,)


def test_links_lead_to_operations_by_the_names_of_the_first_source() -> None:
    assumed = Evidence(Grade.ASSUMED, "new.md", 3)
    links = (Link("book", "path", "id", "/Id", assumed), Link("book", "body", "BookId", "/Id", assumed))
    new = Operation("new", "POST", "/new", responses=(Response("200", links=links),))
    get, book = Operation("getBook", "GET", "/book/{bookId}"), Operation("book", "GET", "/Book/{id}")
    expected = (Link("getBook", "path", "bookId", "/Id", assumed), Link("getBook", "body", "BookId", "/Id", assumed))
    second = Contract("pages", "1", (new, book))
    for own in ((get,), (get, replace(new, id="addBook", responses=(Response("200"),)))):
        _, operation = unite([Contract("api", "1", own), second]).operations
        assert operation.responses[0].links == expected


def test_of_three_sources_the_earliest_that_says_something_is_believed() -> None:
    described = [replace(BOOK, summary=text, description=text) for text in ("", "second", "third")]
    (operation,) = united(*described)
    assert (operation.summary, operation.description) == ("second", "second")


def test_parameters_of_one_name_in_two_places_are_two() -> None:
    query, header = Parameter("shelf", "query", {}), Parameter("Shelf", "header", {})
    (operation,) = united(
        replace(BOOK, parameters=(query,)), replace(BOOK, parameters=(header, replace(query, name="SHELF")))
    )
    assert operation.parameters == (query, header)


def test_another_operation_with_a_taken_id_does_not_displace_the_first() -> None:
    assert united(BOOK, replace(BOOK, path="/loan"))[0] == BOOK


def test_the_dialect_of_pages_is_known_beside_a_document() -> None:
    document, pages = Contract("a", "1", (BOOK,)), Contract("b", "1", (), dialect="superoffice")
    assert [unite(pair).dialect for pair in ((document, pages), (pages, document))] == ["superoffice"] * 2


def _document(base_path: str, *paths: str, dialect: str = "") -> Contract:
    operations = tuple(Operation(f"op{number}", "GET", path) for number, path in enumerate(paths))
    servers = (Server(f"https://quay.example{base_path}"),) if base_path else ()
    return Contract("t", "1", operations, servers=servers, dialect=dialect)


@pytest.mark.parametrize(
    ("contracts", "paths", "servers"),
    [
        ([_document("/v1", "/a"), _document("/v1", "/b")], ["/a", "/b"], ["https://quay.example/v1"]),
        ([_document("/v1", "/a"), _document("/v2", "/a")], ["/v1/a", "/v2/a"], ["https://quay.example"]),
        ([_document("", "/a"), _document("/v2", "/a")], ["/a", "/v2/a"], ["https://quay.example"]),
        ([_document("", "/v1/a", dialect="superoffice"), _document("/v1", "/a")], ["/v1/a"], ["https://quay.example"]),
        ([_document("", "/a", dialect="superoffice"), _document("/v1", "/a")], ["/a"], ["https://quay.example/v1"]),
    ],
)
def test_paths_below_unlike_base_paths_are_not_taken_for_one(
    contracts: list[Contract], paths: list[str], servers: list[str]
) -> None:
    united = unite(contracts)
    assert [operation.path for operation in united.operations] == paths
    assert [server.url for server in united.servers] == servers


def test_webhooks_of_all_contracts_are_kept() -> None:
    landed, left = Operation("landed", "POST", "landed"), Operation("left", "POST", "left")
    first, second = (
        replace(_document("", "/a"), webhooks=(landed,)),
        replace(_document("", "/b"), webhooks=(landed, left)),
    )
    assert unite([first, second]).webhooks == (landed, left)
