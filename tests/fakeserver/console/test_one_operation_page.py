"""The page of an operation: what is documented of it, and the request that people start from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.console.one_operation_page import operation_page, preferences
from docdouble.fakeserver.console.schema_tree import MAX_DEPTH, MOST_NODES, SchemaNode, schema_tree
from docdouble.fakeserver.console.served import Served
from docdouble.fakeserver.console.trial_request import TrialRequest
from docdouble.fakeserver.control.api import Control
from docdouble.fakeserver.control.controls import new_controls
from docdouble.fakeserver.responder import Responder
from docdouble.schemas import ConfigError, Contract, extract

from ..conftest import MakeContract
from .conftest import CONSOLE, TOKEN

HOSTILE = Path(__file__).with_name("hostile.yaml")

STRING, INTEGER = {"type": "string"}, {"type": "integer"}


def served(contract: Contract, *, is_proxy: bool = False, **settings: Any) -> Served:
    responder = Responder(contract, Settings(state="off", **settings), None)
    return Served(responder, Control(TOKEN, new_controls(0, ()), lambda: contract), is_proxy=is_proxy)


def berths(make_contract: MakeContract, **operation: Any) -> Contract:
    """A contract with one operation, which takes the security scheme ``key`` where it has ``security``."""
    operation = {"operationId": "moor", "responses": {"200": {"description": "ok"}}, **operation}
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    return make_contract({"/berths/{id}": {"post": operation}}, securitySchemes=schemes)


def trial(contract: Contract, **options: Any) -> TrialRequest:
    request = operation_page(served(contract, **options), {"id": contract.operations[0].id})["trial"]
    assert isinstance(request, TrialRequest)
    return request


def names(node: SchemaNode) -> list[str]:
    return [part.name for part in node.inner]


def test_each_operation_has_a_page(hotel: Contract, visit: Callable[[FakeServer], Client]) -> None:
    client = visit(FakeServer(hotel, token=TOKEN))
    for operation in hotel.operations:
        reply = client.get(f"{CONSOLE}operation", query_string={"id": operation.id})
        assert (reply.status_code, operation.path in reply.text) == (200, True)


def test_an_unknown_operation_is_not_found(hotel: Contract, visit: Callable[[FakeServer], Client]) -> None:
    reply = visit(FakeServer(hotel, token=TOKEN)).get(f"{CONSOLE}operation?id=listRoom")
    assert reply.status_code == 404
    assert "listRoom" in reply.text
    with pytest.raises(ConfigError, match="the id of an operation"):
        operation_page(served(hotel), {})


def test_no_text_of_a_document_is_read_as_html(visit: Callable[[FakeServer], Client]) -> None:
    contract = extract(str(HOSTILE)).contract
    client = visit(FakeServer(contract, token=TOKEN))
    for page in ("operations", f"operation?{_query(contract)}"):
        text = client.get(CONSOLE + page).text
        assert "&lt;" in text
        for element in (
            "<img src=x",
            "<script>",
            "<svg onload",
            "<i onclick",
            '<a href="javascript',
            '"onfocus',
            "<b>",
        ):
            assert element not in text
        assert ">49<" not in text
    assert "\\u202eback" in text
    assert 'href="javascript' not in text


def test_descriptions_are_read_as_markdown(make_contract: MakeContract, visit: Callable[[FakeServer], Client]) -> None:
    contract = berths(
        make_contract, description="Moors a `boat`:\n\n* [see](https://port.test/)\n\n| a |\n|---|\n| b |"
    )
    page = visit(FakeServer(contract, token=TOKEN)).get(f"{CONSOLE}operation?id=moor").text
    assert "Moors a <code>boat</code>" in page
    assert '<li><a href="https://port.test/">see</a></li>' in page
    assert "<td>b</td>" in page


def _query(contract: Contract) -> str:
    from urllib.parse import urlencode

    return urlencode({"id": contract.operations[0].id})


def test_the_request_to_start_from_is_filled_in(make_contract: MakeContract) -> None:
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {**INTEGER, "examples": [7]}},
        {"name": "side", "in": "query", "required": True, "schema": {"enum": ["port"]}},
        {"name": "note", "in": "query", "schema": {**STRING, "examples": ["wet"]}},
        {
            "name": "flags",
            "in": "query",
            "required": True,
            "schema": {"type": "array", "items": {"const": "a b"}, "minItems": 2},
        },
    ]
    body = {"content": {"application/json": {"schema": {"type": "object"}, "example": {"boat": "Ada"}}}}
    request = trial(berths(make_contract, parameters=parameters, requestBody=body, security=[{"key": []}]))
    assert (request.method, request.path) == ("POST", "/berths/{id}")
    assert [(field.name, field.location, field.value, field.sample) for field in request.fields[:3]] == [
        ("id", "path", "7", "7"),
        ("side", "query", "port", "port"),
        ("note", "query", "", "wet"),
    ]
    flags, key = request.fields[3:]
    assert flags.whole
    assert set(flags.value.split("&")) == {"flags=a%20b"}
    assert (key.name, key.location, key.value) == ("X-Key", "header", "docdouble")
    assert [(body.name, body.text) for body in request.bodies] == [("application/json", '{\n  "boat": "Ada"\n}')]


def test_what_a_style_adds_to_a_value_is_filled_in(make_contract: MakeContract) -> None:
    schema = {"type": "integer", "enum": [7]}
    parameters = [
        {"name": "id", "in": "path", "required": True, "style": "matrix", "schema": schema},
        {"name": "only", "in": "query", "required": True, "style": "deepObject", "schema": {
            "type": "object", "required": ["a"], "properties": {"a": schema}, "additionalProperties": False,
        }},
    ]  # fmt: skip
    assert [(field.value, field.whole) for field in trial(berths(make_contract, parameters=parameters)).fields] == [
        (";id=7", True),
        ("only%5Ba%5D=7", True),
    ]


def test_a_body_of_another_form_in_requests_than_in_answers(make_contract: MakeContract) -> None:
    properties = {"id": {**INTEGER, "readOnly": True}, "name": {**STRING, "const": "Ada"}}
    boat = {"type": "object", "required": ["id", "name"], "properties": properties, "xml": {"name": "boat"}}
    content = {name: {"schema": {"$ref": "#/components/schemas/Boat"}} for name in ("application/json", "text/xml")}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "ok", "content": content}}}
    contract = make_contract({"/boats": {"post": operation}}, schemas={"Boat": boat})
    json, xml = trial(contract).bodies
    assert json.text == '{\n  "name": "Ada"\n}'
    assert (xml.text or "").endswith("<name>Ada</name></boat>")


def test_credentials_are_made_up_for_a_fake_that_asks_for_any(make_contract: MakeContract) -> None:
    contract = berths(make_contract, security=[{"key": []}])
    assert trial(contract, auth=False).fields == ()
    (key,) = trial(contract, is_proxy=True).fields
    assert (key.value, key.sample) == ("", "docdouble")


def test_octets_are_chosen_as_a_file_and_forms_are_text(make_contract: MakeContract) -> None:
    form = {"schema": {"type": "object", "required": ["a"], "properties": {"a": {"const": "x y"}}}}
    content = {"application/octet-stream": {}, "application/x-www-form-urlencoded": form}
    octets, text = trial(berths(make_contract, requestBody={"content": content})).bodies
    assert (octets.name, octets.text, text.text) == ("application/octet-stream", None, "a=x+y")


def test_what_may_be_preferred(make_contract: MakeContract) -> None:
    examples = {"full": {"value": {}}, 'a "quote"': {"value": {}}}
    responses = {
        "200": {"description": "ok", "content": {"application/json": {"examples": examples}}},
        "409": {"description": "taken"},
        "default": {"description": "else"},
    }
    (operation,) = berths(make_contract, responses=responses).operations
    assert [value for value, _ in preferences(operation)] == [
        "code=200", "code=409", 'code=200, example="full"', "dynamic=true", "seed=1",
    ]  # fmt: skip


def test_a_role_and_why(hotel: Contract) -> None:
    page = operation_page(
        served(hotel), {"id": next(operation.id for operation in hotel.operations if operation.label == "GET /rooms")}
    )
    assert page["role"][0] == "list of room"
    assert page["role"][1]


def test_a_tree_shows_types_limits_and_examples(make_contract: MakeContract) -> None:
    boat = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {**STRING, "maxLength": 9, "minLength": 1, "examples": ["Ada"], "description": "As painted."},
            "kind": {"enum": ["sloop", None], "default": "sloop"},
            "id": {**INTEGER, "readOnly": True},
            "tender": {"$ref": "#/components/schemas/Boat"},
        },
    }
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Boat"}, {"properties": {"berths": {"type": "array", "items": boat}}}]
    }
    contract = make_contract({}, schemas={"Boat": boat})
    tree = schema_tree(schema, contract)
    assert names(tree) == ["name", "kind", "id", "tender", "berths"]
    name, kind, key, tender, berths = tree.inner
    assert (name.type, name.marks, name.limits) == ("string", ("required",), ("at least 1 letter", "at most 9 letters"))
    assert (name.description, name.example) == ("As painted.", "Ada")
    assert kind.limits == ("one of sloop, null", "default sloop")
    assert (key.marks, berths.type, names(berths)) == (
        ("read only",),
        "array of object",
        ["name", "kind", "id", "tender"],
    )
    assert (tender.type, tender.more or tender.inner[3].more) == ("Boat", "as above")


def test_a_tree_names_the_lines_that_it_was_read_from(hotel: Contract) -> None:
    name = next(iter(hotel.schemas))
    tree = schema_tree({"$ref": f"#/components/schemas/{name}"}, hotel)
    lines = [part.evidence.line for part in tree.inner if part.evidence]
    assert len(lines) == len(tree.inner) > 1
    assert lines == sorted(set(lines))


def test_alternatives_and_dictionaries_have_lines(make_contract: MakeContract) -> None:
    schema = {
        "oneOf": [{"$ref": "#/components/schemas/Sail"}, STRING, {"type": "null"}],
        "additionalProperties": INTEGER,
        "patternProperties": {"^x-": STRING, "^y-": True},
    }
    tree = schema_tree(schema, make_contract({}, schemas={"Sail": {"type": "object"}}))
    assert [(part.name, part.type) for part in tree.inner] == [
        ("one of 2", "Sail"), ("one of 2", "string"),
        ("any other name", "integer"), ("names like ^x-", "string"), ("names like ^y-", "anything"),
    ]  # fmt: skip


def test_a_tree_is_bounded_and_shows_what_is_near_first(make_contract: MakeContract) -> None:
    wide = {"type": "object", "properties": {f"p{number}": STRING for number in range(MOST_NODES)}}
    schema = {"type": "object", "properties": {"first": wide, "second": STRING}}
    tree = schema_tree(schema, make_contract({}))
    assert names(tree) == ["first", "second"]
    assert tree.inner[0].more == "and more"
    deep: dict[str, Any] = STRING
    for _ in range(MAX_DEPTH + 3):
        deep = {"type": "object", "properties": {"in": deep}}
    node, depth = schema_tree(deep, make_contract({})), 0
    while node.inner:
        node, depth = node.inner[0], depth + 1
    assert (depth, node.more) == (MAX_DEPTH, "and more")


def test_a_reference_in_a_circle_ends(make_contract: MakeContract) -> None:
    contract = Contract(
        "t", "1", (), {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    )
    assert schema_tree({"$ref": "#/components/schemas/A"}, contract).inner == []
