"""Which operation a method and path mean, and what comes back where there is none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.responder import DESCRIBED_BY
from docdouble.schemas import Call, Contract, Reply, extract
from docdouble.schemas.contract.router import Router
from docdouble.schemas.openapi import contract_file
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi

MakeContract = Callable[..., Contract]

OK = {"responses": {"200": {"description": "OK"}}}


def paths(*labels: str, **parameters: dict[str, Any]) -> dict[str, Any]:
    """Return OpenAPI paths of operations whose ids are their labels; ``parameters`` are schemas of path variables."""
    path_items: dict[str, Any] = {}
    for label in labels:
        method, path = label.split()
        variables = [
            {"name": name, "in": "path", "required": True, "schema": schema}
            for name, schema in parameters.items()
            if f"{{{name}}}" in path
        ]
        path_items.setdefault(path, {})[method.lower()] = {**OK, "operationId": label, "parameters": variables}
    return path_items


def meant(contract: Contract, path: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the label and the variables of what stands at a path, by method."""
    route = Router(contract).find(path)
    return {method: (operation.id, values) for method, (operation, values) in route.operations.items()} if route else {}


def test_an_operation_is_found_at_its_path(make_contract: MakeContract) -> None:
    contract = make_contract(paths("GET /books", "POST /books", "GET /members"))
    assert meant(contract, "/books") == {"GET": ("GET /books", {}), "POST": ("POST /books", {})}
    assert meant(contract, "/members") == {"GET": ("GET /members", {})}


@pytest.mark.parametrize("path", ["/books/Loans", "/BOOKS/lOANS", "/books/loans/", "books/loans"])
def test_letter_case_and_a_closing_slash_do_not_matter(make_contract: MakeContract, path: str) -> None:
    assert meant(make_contract(paths("GET /Books/Loans")), path) == {"GET": ("GET /Books/Loans", {})}


@pytest.mark.parametrize("path", ["/", "/book", "/books/1/2", "/books//loans", "/loans/books"])
def test_an_undocumented_path_is_not_found(make_contract: MakeContract, path: str) -> None:
    assert meant(make_contract(paths("GET /books", "GET /books/{id}", "GET /books/{id}/loans")), path) == {}


def test_variables_keep_their_letter_case(make_contract: MakeContract) -> None:
    contract = make_contract(paths("GET /books/{id}/loans/{loan}"))
    expected = {"GET": ("GET /books/{id}/loans/{loan}", {"id": "Ab", "loan": "7"})}
    assert meant(contract, "/BOOKS/Ab/loans/7") == expected


@pytest.mark.parametrize("labels", [("GET /books/{id}", "GET /books/new"), ("GET /books/new", "GET /books/{id}")])
def test_literal_segments_win_over_variables(make_contract: MakeContract, labels: tuple[str, str]) -> None:
    contract = make_contract(paths(*labels))
    assert meant(contract, "/books/new") == {"GET": ("GET /books/new", {})}
    assert meant(contract, "/books/newer") == {"GET": ("GET /books/{id}", {"id": "newer"})}


def test_a_method_that_the_literal_path_lacks_is_taken_from_the_variable_one(make_contract: MakeContract) -> None:
    contract = make_contract(paths("GET /books/new", "DELETE /books/{id}"))
    assert meant(contract, "/books/new") == {
        "GET": ("GET /books/new", {}),
        "DELETE": ("DELETE /books/{id}", {"id": "new"}),
    }


def test_a_literal_segment_that_leads_nowhere_is_left_again(make_contract: MakeContract) -> None:
    contract = make_contract(paths("GET /books/new/cover", "GET /books/{id}/loans"))
    assert meant(contract, "/books/new/loans") == {"GET": ("GET /books/{id}/loans", {"id": "new"})}


@pytest.mark.parametrize("labels", [("GET /{id}", "GET /{id}.json"), ("GET /{id}.json", "GET /{id}")])
def test_the_narrower_of_two_patterns_wins(make_contract: MakeContract, labels: tuple[str, str]) -> None:
    contract = make_contract(paths(*labels))
    assert meant(contract, "/7.JSON") == {"GET": ("GET /{id}.json", {"id": "7"})}
    assert meant(contract, "/7.xml") == {"GET": ("GET /{id}", {"id": "7.xml"})}


def test_a_segment_may_hold_several_variables(make_contract: MakeContract) -> None:
    contract = make_contract(paths("GET /from-{first}-to-{last}(v{version})"))
    expected = {"first": "a", "last": "b", "version": "1.2"}
    assert meant(contract, "/from-a-to-b(v1.2)")["GET"][1] == expected
    assert meant(contract, "/from-a-to-b[v1.2]") == {}


def test_a_variable_may_hold_any_character(make_contract: MakeContract) -> None:
    assert meant(make_contract(paths("GET /books/{title}")), "/books/fog\nand ☂")["GET"][1] == {"title": "fog\nand ☂"}


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/books/7", "GET /books/{id}"),
        ("/books/-7", "GET /books/{id}"),
        ("/books/fog", "GET /books/{title}"),
        ("/books/true", "GET /books/{lent}"),
        ("/books/Atlas", "GET /books/{kind}"),
        ("/books/7/loans/fog", "GET /books/{id}/loans/{title}"),
        ("/books/fog/loans/7", "GET /books/{title}/loans/{id}"),
        ("/books/x/pages/y", "GET /books/{id}/pages/{page}"),
    ],
)
def test_of_paths_that_differ_in_variables_alone_the_one_whose_types_fit_is_meant(
    make_contract: MakeContract, path: str, label: str
) -> None:
    labels = ("/books/{title}", "/books/{id}", "/books/{lent}", "/books/{kind}")
    deeper = ("/books/{title}/loans/{id}", "/books/{id}/loans/{title}", "/books/{id}/pages/{page}")
    types = {
        "title": {"type": "string"},
        "id": {"type": "integer"},
        "lent": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["Novel", "Atlas"]},
        "page": {"type": "integer"},
    }
    contract = make_contract(paths(*(f"GET {label}" for label in (*labels, *deeper)), **types))
    assert meant(contract, path)["GET"][0] == label


def test_thousands_of_operations_are_distinguished(make_contract: MakeContract) -> None:
    numbers = range(5000)
    labels = [f"GET /shelf{number}/{{id}}" if number % 2 else f"GET /{{id}}/shelf{number}" for number in numbers]
    router = Router(make_contract(paths(*labels)))
    targets = [f"/shelf{number}/x" if number % 2 else f"/x/SHELF{number}" for number in numbers]
    routes = [router.find(target) for target in targets]
    assert [route.operations["GET"][0].id if route else "" for route in routes] == labels


def test_a_literal_path_means_the_same_each_time(make_contract: MakeContract) -> None:
    router = Router(make_contract(paths("GET /books/new", "DELETE /{shelf}/{id}", "GET /members")))
    for path in ("/members", "/Members/", "/members"):
        assert router.find(path) is router.find("/members")
    for shelf in ("books", "BOOKS"):
        route = router.find(f"/{shelf}/new")
        assert route
        assert {method: values for method, (_, values) in route.operations.items()} == {
            "GET": {},
            "DELETE": {"shelf": shelf, "id": "new"},
        }


def test_of_literal_paths_that_differ_in_letter_case_alone_the_first_is_meant(make_contract: MakeContract) -> None:
    assert meant(make_contract(paths("GET /books", "GET /Books")), "/Books") == {"GET": ("GET /books", {})}


def test_an_operation_that_is_not_called_is_not_read(
    make_contract: MakeContract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = ("GET /books", "PUT /books", "GET /books/{id}", "PUT /books/{id}", "GET /{any}.json")
    (tmp_path / "a.json").write_bytes(contract_file_bytes(to_openapi(make_contract(paths(*labels, id={}, any={})))))
    monkeypatch.setattr(contract_file, "operation_from_openapi", lambda *_: pytest.fail("an operation is read"))
    contract = extract(str(tmp_path / "a.json")).contract
    assert meant(contract, "/books/7").keys() == meant(contract, "/books").keys() == {"GET", "PUT"}
    assert FakeServer(contract).handle(Call(target="/nothing")).status == 404


def body(reply: Reply) -> Any:
    return orjson.loads(reply.body)


def test_an_unknown_path_is_404_and_names_the_nearest(app: FakeServer) -> None:
    reply = app.handle(Call(target="/API/v1/Agents/Loan/LentBook"))
    nearest = body(reply).pop("nearest")
    assert reply.status == 404
    assert reply.media_type == "application/problem+json"
    assert nearest[0] == "/api/v1/Agents/Loan/LendBook"
    assert body(reply) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no documented path is /API/v1/Agents/Loan/LentBook",
        "nearest": nearest,
    }


def test_no_more_than_three_paths_are_named(make_contract: MakeContract) -> None:
    app = FakeServer(make_contract(paths(*(f"GET /shelf/{number}" for number in range(9)))))
    assert len(body(app.handle(Call(target="/shelf")))["nearest"]) == 3


def test_a_path_that_is_like_no_other_names_none(app: FakeServer) -> None:
    assert "nearest" not in body(app.handle(Call(target="/" + "%E2%98%82" * 40)))


def test_an_undocumented_method_is_405_with_the_documented_ones(app: FakeServer) -> None:
    reply = app.handle(Call(method="PATCH", target="/api/v1/Book/7"))
    assert (reply.status, reply.header("Allow")) == (405, "DELETE, GET, HEAD, OPTIONS")
    problem = body(reply)
    assert problem["detail"] == "PATCH is not documented here; DELETE, GET, HEAD, OPTIONS are"
    assert problem["documentation"] == "Book_Delete.md:9"


def test_an_undocumented_method_in_a_document_that_names_no_line_is_405_with_a_pointer(
    make_contract: MakeContract,
) -> None:
    app = FakeServer(make_contract(paths("GET /books")))
    assert body(app.handle(Call(method="PATCH", target="/books")))["documentation"] == "library.json#/paths/~1books/get"


def test_options_names_the_documented_methods_without_credentials(app: FakeServer) -> None:
    reply = app.handle(Call(method="OPTIONS", target="/api/v1/Agents/Loan/LendBook"))
    assert reply == Reply((("Allow", "OPTIONS, POST"), *DESCRIBED_BY), b"", 204)


def test_documented_options_and_head_are_answered_as_documented(make_contract: MakeContract) -> None:
    created = {"responses": {"202": {"description": "As you like"}}}
    app = FakeServer(make_contract({"/books": {"options": created, "head": created, "get": OK}}))
    assert [app.handle(Call(method=method, target="/books")).status for method in ("OPTIONS", "HEAD", "GET")] == [
        202,
        202,
        200,
    ]


def test_head_is_get_without_the_body(app: FakeServer) -> None:
    client = Client(app)
    full, head = client.get("/api/v1/Book/7"), client.head("/api/v1/Book/7")
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(full.headers))
    assert int(head.headers["Content-Length"]) == len(full.data)


def test_head_where_only_post_is_documented_is_405(app: FakeServer) -> None:
    reply = app.handle(Call(method="HEAD", target="/api/v1/Agents/Loan/LendBook"))
    assert (reply.status, reply.header("Allow")) == (405, "OPTIONS, POST")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/api/v1/Book/Fog%20%26%20Rain", "Fog & Rain"),
        ("/api/v1/Book/bl%C3%A5b%C3%A6r", "blåbær"),
        ("/api/v1/Book/100%25", "100%"),
        ("/api/v1/Book/a+b", "a+b"),
        ("/api/v1/Book/%2541", "%41"),
        ("/api/v1/Book/a%3Fb", "a?b"),
    ],
)
def test_variables_are_percent_decoded_once(app: FakeServer, target: str, code: str) -> None:
    assert body(app.handle(Call(target=target)))["Code"] == code
    assert Client(app).get(target).get_json()["Code"] == code
