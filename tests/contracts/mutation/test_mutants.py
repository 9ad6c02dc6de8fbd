"""Planted faults: each kind breaks what it says and nothing else, and the suite notices nearly all of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.client.placeholder_credentials import placeholder
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.mutation import (
    KINDS,
    Bench,
    Mutant,
    MutantResult,
    MutantServer,
    Scope,
    When,
    mutant_of,
    mutate,
    sample,
    score_lines,
    scores,
)
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, ConfigError, Contract, Reply
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.http import FORM
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

Ask = Callable[..., Reply]

SHELF = {
    "openapi": "3.1.0",
    "info": {"title": "", "version": ""},
    "paths": {
        "/books": {
            "post": {
                "operationId": "Find",
                "security": [{"Key": []}],
                "parameters": [
                    {"name": "count", "in": "query", "required": True, "schema": {"type": "integer", "format": "int32"}}
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Query"}}},
                },
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}},
                        "content": {
                            name: {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}}
                            for name in ("application/json", "application/xml")
                        },
                    }
                },
            }
        }
    },
    "components": {
        "securitySchemes": {"Key": {"type": "http", "scheme": "basic"}},
        "schemas": {
            "Query": {
                "type": "object",
                "required": ["Title"],
                "properties": {
                    "Title": {"type": "string"},
                    "Year": {"type": ["integer", "null"], "format": "int32"},
                    "Order": {"type": "string", "enum": ["up", "down"]},
                },
            },
            "Book": {
                "type": "object",
                "required": ["Id", "Title", "Lent", "Tags", "Kind", "Notes"],
                "properties": {
                    "Id": {"type": "integer", "format": "int32"},
                    "Title": {"type": "string"},
                    "Lent": {"type": "string", "format": "date-time"},
                    "Tags": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                    "Kind": {"type": "string", "enum": ["novel", "essay"]},
                    "Notes": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def shelf() -> Contract:
    return from_openapi(SHELF)


@pytest.fixture
def ask(shelf: Contract) -> Ask:
    """Return a function that plants a mutant, asks for books, and returns the reply."""
    app = MutantServer(shelf, Settings(nulls="never"))

    def ask(kind: str, place: str = "", body: Any = None, target: str = "/books?count=3", **headers: str) -> Reply:
        app.plant(Mutant(kind, "Find", place))
        given = tuple((name.replace("_", "-"), value) for name, value in headers.items() if value)
        content = body if isinstance(body, bytes) else json.dumps(body or {"Title": "x"}).encode()
        call = Call((("Content-Type", "application/json"),), content, "POST", target)
        signed = () if "Authorization" in headers else placeholder(shelf.operations[0], shelf)
        reply = app.handle(call.with_headers(*signed, *given))
        assert app.wrong_replies == 1
        return reply

    return ask


def books(reply: Reply) -> Any:
    assert reply.status == 200
    return json.loads(reply.body)


@pytest.mark.parametrize(
    ("kind", "place", "shows"),
    [
        ("wrong-type", "/*/Id", lambda book: isinstance(book["Id"], str)),
        ("missing-field", "/*/Title", lambda book: "Title" not in book),
        ("wrong-case", "/*/Title", lambda book: "title" in book),
        ("undocumented-field", "/*/Title", lambda book: "undocumentedTitle" in book),
        ("null-field", "/*/Title", lambda book: book["Title"] is None),
        ("out-of-range", "/*/Id", lambda book: book["Id"] == 2**63),
        ("int32-overflow", "/*/Id", lambda book: book["Id"] == 2**31),
        ("fraction", "/*/Id", lambda book: book["Id"] % 1 == 0.5),
        ("wrong-format", "/*/Lent", lambda book: "T" not in book["Lent"]),
        ("unknown-enum-value", "/*/Kind", lambda book: book["Kind"].endswith("-undocumented")),
        ("array-as-record", "/*/Tags", lambda book: isinstance(book["Tags"], dict)),
        ("record-as-array", "/*", lambda book: isinstance(book, list)),
        ("wrong-value", "/*/Notes/*", lambda book: all(isinstance(value, list) for value in book["Notes"].values())),
    ],
)
def test_a_broken_body(ask: Ask, kind: str, place: str, shows: Callable[[Any], bool]) -> None:
    answered = books(ask(kind, place))
    assert answered
    assert all(map(shows, answered))


def test_an_array_of_all_may_be_a_record(ask: Ask) -> None:
    assert isinstance(books(ask("array-as-record")), dict)


def test_other_broken_replies(ask: Ask) -> None:
    assert ask("status", "203").status == 203
    assert ask("media-type").media_type == "application/x-undocumented"
    assert ask("no-body").body == b""
    for kind in ("broken-body", "charset"):
        with pytest.raises(ValueError):  # noqa: PT011 - whichever says that it is no JSON in UTF-8
            json.loads(ask(kind).body)


def test_broken_xml(ask: Ask) -> None:
    renamed = ask("xml-renamed", "/*/Title", Accept="application/xml").body
    assert b"<OtherTitle" in renamed
    assert b"<Title" not in renamed
    missing = ask("xml-missing", "/*/Title", Accept="application/xml").body
    assert b"Title>" not in missing
    assert b"<Id>" in missing
    assert len(ask("xml-broken", Accept="application/xml").body) < len(renamed) / 2 + 10


@pytest.mark.parametrize(
    ("kind", "place", "sent"),
    [
        ("type-not-checked", "body/Year", {"Title": "x", "Year": "two"}),
        ("type-not-checked", "body", [1]),
        ("required-property-not-checked", "body/Title", {"Year": 1}),
        ("enum-not-checked", "body/Order", {"Title": "x", "Order": "sideways"}),
        ("syntax-not-checked", "body", b"{"),
        ("body-not-checked", "body", b""),
    ],
)
def test_what_should_be_refused_is_accepted(ask: Ask, kind: str, place: str, sent: Any) -> None:
    assert ask(kind, place, sent).status == 200


def test_parameters_and_media_types_that_should_be_refused(ask: Ask) -> None:
    assert ask("required-parameter-not-checked", "query/count", target="/books").status == 200
    assert ask("type-not-checked", "query/count", target="/books?count=many").status == 200
    assert ask("media-type-not-checked", "body", Content_Type="text/csv").status == 200


@pytest.mark.parametrize(
    ("kind", "place", "sent", "status"),
    [
        ("valid-refused", "body/Title", {"Title": "x"}, 400),
        ("valid-refused", "query/count", {"Title": "x"}, 400),
        ("crash-on-empty-text", "body/Title", {"Title": ""}, 500),
        ("crash-on-largest", "body/Year", {"Title": "x", "Year": 2**31 - 1}, 500),
        ("crash-on-negative", "body/Year", {"Title": "x", "Year": -4}, 500),
        ("crash-on-null", "body/Year", {"Title": "x", "Year": None}, 500),
    ],
)
def test_what_should_be_accepted_is_not(ask: Ask, kind: str, place: str, sent: Any, status: int) -> None:
    assert ask(kind, place, sent).status == status


def test_broken_security(ask: Ask) -> None:
    assert ask("missing-credentials-accepted", Authorization="").status == 200
    assert ask("malformed-credentials-accepted", Authorization="x").status == 200
    reply = ask("no-challenge", Authorization="x")
    assert (reply.status, reply.header("WWW-Authenticate")) == (401, None)


def test_methods(shelf: Contract) -> None:
    app = MutantServer(shelf, None, Mutant("no-allow", "Find"))
    reply = app.handle(Call(method="DELETE", target="/books"))
    assert (reply.status, reply.header("Allow")) == (405, None)
    app.plant(Mutant("any-method", "Find"))
    assert app.handle(Call(method="DELETE", target="/books")).status == 200


def operations(paths: dict[str, Any], schema: dict[str, Any]) -> Contract:
    """Return a contract of paths with the id of an operation each, which answers a value of a schema."""
    answer = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    return from_openapi(
        {
            "openapi": "3.1.0",
            "info": {"title": "", "version": ""},
            "paths": {
                path: {
                    "get": {
                        "operationId": name,
                        "parameters": [{"name": "key", "in": "path", "required": True, "schema": kind}],
                        "responses": answer,
                    }
                }
                for path, (name, kind) in paths.items()
            },
        }
    )


def places(kind: str, contract: Contract, name: str) -> list[str]:
    return [mutant.place for mutant in KINDS[kind].mutants(contract.operation(name), Scope.of(contract))]


def test_a_value_by_which_an_operation_is_found_is_checked_by_its_path() -> None:
    number, listed = {"type": "integer"}, {"enum": ["new", "old"]}
    alone = operations({"/huts/{key}": ("Hut", number)}, {})
    assert places("type-not-checked", alone, "Hut") == ["path/key"]
    both = {"/huts/{key}": ("Hut", number), "/huts/{Key}": ("State", listed)}
    contract = operations(both, {})
    assert places("type-not-checked", contract, "Hut") == []
    assert places("enum-not-checked", contract, "State") == []


def test_without_a_type_null_and_arrays_are_allowed() -> None:
    schema = {"properties": {"open": {"type": "boolean"}, "other": {"description": ""}}}
    contract = operations({"/huts/{key}": ("Hut", {"type": "integer"})}, schema)
    assert places("null-field", contract, "Hut") == ["/open"]
    assert places("record-as-array", contract, "Hut") == []


def test_without_a_mutant_it_is_the_fake(shelf: Contract) -> None:
    call = Call(method="DELETE", target="/books")
    assert MutantServer(shelf).handle(call) == FakeServer(shelf).handle(call)


def test_another_operation_is_not_touched(hotel: Contract) -> None:
    app = MutantServer(hotel, Settings(), Mutant("no-body", "GuestEntity_Get"))
    assert app.handle(Call(target="/guests/1")).body == b""
    assert app.handle(Call(target="/guests")).body != b""


def guest(app: FakeServer, call: Call) -> Any:
    reply = app.handle(call)
    return json.loads(reply.body) if reply.status == 200 else reply.status


GET = Call(target="/guests/3")
PUT = Call((("Content-Type", "application/json"),), b'{"Name": "New"}', "PUT", "/guests/3")


def test_a_write_is_lost(hotel: Contract) -> None:
    app = MutantServer(hotel, Settings(), Mutant("write-lost", "GuestEntity_Put"))
    before = guest(app, GET)
    assert guest(app, PUT)["Name"] == "New"
    assert guest(app, GET) == before


def test_a_property_is_lost(hotel: Contract) -> None:
    app = MutantServer(hotel, Settings(), Mutant("property-lost", "GuestEntity_Put", "/Name"))
    call = replace(PUT, body=b'{"name": "New", "Email": "new@example.com"}')
    assert guest(app, call)["Name"] != "New"
    assert guest(app, GET)["Email"] == "new@example.com"


def test_a_property_is_lost_in_any_media_type() -> None:
    schema = {"type": "object", "properties": {"Name": {"type": "string"}, "Email": {"type": "string"}}}
    content = {name: {"schema": schema} for name in ("application/json", FORM)}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    answered = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    change = {"operationId": "Change", "requestBody": {"content": content}, "responses": answered}
    item = {"parameters": [key], "get": {"responses": answered}, "put": change}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/guests/{id}": item}}
    contract = with_document_resources(from_openapi(document), USUAL)
    app = MutantServer(contract, Settings(), Mutant("property-lost", "Change", "/Name"))
    app.handle(Call((("Content-Type", FORM),), b"Name=New&Email=new", "PUT", "/guests/3"))
    assert guest(app, GET) == {"Email": "new"}


def test_a_delete_is_lost(hotel: Contract) -> None:
    app = MutantServer(hotel, Settings(), Mutant("delete-lost", "GuestEntity_Delete"))
    assert guest(app, Call(method="DELETE", target="/guests/3")) == 204
    assert guest(app, GET)["GuestId"] == 3


def test_reads_that_are_stale_that_remove_and_that_change(hotel: Contract) -> None:
    app = MutantServer(hotel, Settings(), Mutant("stale-read", "GuestEntity_Get"))
    before = guest(app, GET)
    guest(app, PUT)
    assert guest(app, GET) == before
    app.plant(Mutant("read-removes", "GuestEntity_Get"))
    assert [type(guest(app, GET)) for _ in range(2)] == [dict, int]
    app.plant(Mutant("read-changes", "GuestEntity_Get"))
    assert guest(app, GET) != guest(app, GET)


def test_planting_another_forgets_what_was_changed(hotel: Contract) -> None:
    app = MutantServer(hotel)
    before = guest(app, GET)
    guest(app, PUT)
    app.plant(None)
    assert guest(app, GET) == before


def test_some_faults_strike_some_calls_only(hotel: Contract) -> None:
    calls = [Call(target=f"/guests/{number}") for number in range(1, 21)]
    for when in (When.SOME, When.EVERY_OTHER):
        app = MutantServer(hotel, Settings(), Mutant("no-body", "GuestEntity_Get", when=when))
        broken = [not app.handle(call).body for call in calls]
        assert 0 < sum(broken) < len(calls)
        again = [not app.handle(call).body for call in calls]
        assert again == broken  # an even number of calls


def test_mutants_are_found_by_their_ids(hotel: Contract) -> None:
    put, scope = hotel.operation("GuestEntity_Put"), Scope.of(hotel)
    mutants = {mutant.kind: mutant for kind in KINDS.values() for mutant in kind.mutants(put, scope)}
    assert len(mutants) > 20
    assert {kind: mutant_of(mutant.id, hotel) for kind, mutant in mutants.items()} == mutants
    assert mutant_of("wrong-type@some:GuestEntity_Get:/Name", hotel).when is When.SOME


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wrong-tipe:GuestEntity_Get:/Name", "wrong-type"),
        ("wrong-type:GuestEntity_Gt:/Name", "GuestEntity_Get"),
        ("wrong-type:GuestEntity_Get:/Nam", "/Name"),
        ("wrong-type@often:GuestEntity_Get:/Name", "every-other"),
    ],
)
def test_unknown_mutants_are_refused_with_what_is_near(hotel: Contract, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        mutant_of(text, hotel)


def test_mutants_are_drawn_evenly_over_the_kinds(hotel: Contract) -> None:
    scope = Scope.of(hotel)
    drawn = sample(hotel.operations, scope, 0, 60)
    assert drawn == sample(hotel.operations, scope, 0, 60)
    assert drawn != sample(hotel.operations, scope, 1, 60)
    count = {kind: sum(mutant.kind == kind for mutant in drawn) for kind in KINDS}
    assert max(count.values()) <= 3
    assert len({mutant.kind for mutant in drawn}) > 25


def test_the_suite_notices_what_is_broken(hotel: Contract) -> None:
    guests = [hotel.operation("GuestEntity_Get"), hotel.operation("GuestEntity_Put")]
    results = list(mutate(hotel, guests, Budget(max_examples=0, boundaries=8), seed=1, limit=10))
    assert len(results) == 10
    assert sum(result.is_noticed for result in results) >= 8, "\n".join(score_lines(results))


def test_a_noticed_mutant_tells_by_what(hotel: Contract) -> None:
    result = Bench(hotel, Budget(max_examples=0, boundaries=8)).try_(Mutant("wrong-type", "GuestEntity_Get", "/Name"))
    assert "response-schema" in {finding.check for finding in result.findings}
    assert result.wrong_replies
    assert result.operations == ("GuestEntity_Get",)


def test_a_mutant_that_changes_nothing_is_equivalent(hotel: Contract) -> None:
    result = Bench(hotel, Budget(max_examples=0, boundaries=8)).try_(Mutant("charset", "Room_List", when=When.ALWAYS))
    assert result.is_noticed
    gone = replace(result, findings=(), wrong_replies=0)
    assert gone.is_equivalent
    assert not replace(gone, asked=0).is_equivalent


def test_the_score() -> None:
    def result(kind: str, **parts: Any) -> MutantResult:
        usual = MutantResult(Mutant(kind, "Get", "/Name", "broken"), (), 3, 1, ("Get",), False, 9, 0.1)
        return replace(usual, **parts)

    results = [
        result("write-lost"),
        result("missing-field", wrong_replies=0),
        result("crash-on-null", asked=0, wrong_replies=0),
        result("no-body"),
    ]
    assert [(score.kind, score.survived, score.equivalent) for score in scores(results)] == [
        ("missing-field", 0, 1),
        ("no-body", 1, 0),
        ("crash-on-null", 1, 0),
        ("write-lost", 1, 0),
    ]
    lines = "\n".join(score_lines(results))
    assert "no chain of calls leads through this operation" in lines
    assert "no call was sent that shows it" in lines
    assert "1 of 9 calls were answered wrongly" in lines
    assert "equivalent: missing-field:Get:/Name" in lines


def test_of_few_operations_several_mutants_of_a_kind_are_drawn(hotel: Contract) -> None:
    drawn = sample([hotel.operation("GuestEntity_Put")], Scope.of(hotel), 0, 100)
    assert len(drawn) == len(set(drawn)) == 100
