"""What replies tell is asked for again; what may be gone is not relied on."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.cases.harvested_values import MOST
from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.generation.fields import RequestField, body_fields, parameter_fields
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.schemas import Body, Call, Contract, MediaType, Operation, Parameter, Reply, Response, extract
from docdouble.schemas.jsonschema.directions import directed

LABEL = Parameter("label", "path", {"type": "string"}, True)


@pytest.fixture(scope="module")
def contacts() -> Contract:
    return extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


@pytest.fixture
def values(contacts: Contract) -> KnownValues:
    made = KnownValues(contacts)
    made.ask(contacts.operations)
    return made


def exchanged(contract: Contract, name: str, answer: Any, target: str = "/", status: int = 200) -> Exchange:
    operation = contract.operation(name)
    call = Call((), b"", operation.method, target)
    reply = Reply((("Content-Type", "application/json"),), json.dumps(answer).encode(), status=status)
    return Exchange(Subject(operation, contract), Case(operation, call, Purpose.VALID, Origin.SAMPLE), reply)


def key(contract: Contract, name: str = "v1ContactEntity_Get") -> tuple[Operation, RequestField]:
    operation = contract.operation(name)
    return operation, next(field for field in parameter_fields(operation, contract) if field.where == "path")


def test_an_id_of_a_reply_is_known_where_it_is_asked_for(contacts: Contract, values: KnownValues) -> None:
    values.harvest(exchanged(contacts, "v1ContactEntity_Create", {"ContactId": 26, "Name": "Fjord"}))
    assert values.known(*key(contacts)) == (26,)
    assert values.exists(*key(contacts), 26)
    assert not values.exists(*key(contacts), 27)


def test_an_id_of_what_is_yet_to_be_done_may_be_of_something_else(contacts: Contract, values: KnownValues) -> None:
    values.harvest(exchanged(contacts, "v1ContactEntity_Create", {"ContactId": 26}, status=202))
    assert values.known(*key(contacts)) == (26,)
    assert not values.exists(*key(contacts), 26)


@pytest.mark.parametrize(("origin", "known"), [(Origin.SAMPLE, (26,)), (Origin.CHAIN, ())])
def test_a_list_in_a_chain_tells_nothing(
    contacts: Contract, values: KnownValues, origin: Origin, known: tuple[int, ...]
) -> None:
    listed = exchanged(contacts, "v1ContactEntity_List", {"value": [{"PrimaryKey": 26, "contactId": 26}]})
    values.harvest(replace(listed, case=replace(listed.case, origin=origin)))
    assert values.known(*key(contacts)) == known


@pytest.mark.parametrize("status", [400, 404, 500])
def test_failures_tell_nothing(contacts: Contract, values: KnownValues, status: int) -> None:
    values.harvest(exchanged(contacts, "v1ContactEntity_Get", {"ContactId": 26}, status=status))
    assert values.known(*key(contacts)) == ()


@pytest.mark.parametrize("answer", [{"ContactId": 0}, {"ContactId": None}, {"ContactId": True}, {}, [], None, "text"])
def test_what_names_nothing_is_not_kept(contacts: Contract, values: KnownValues, answer: Any) -> None:
    values.harvest(exchanged(contacts, "v1ContactEntity_Get", answer))
    assert values.known(*key(contacts)) == ()


def test_a_text_that_the_call_sent_itself_is_not_kept() -> None:
    named = {"type": "object", "properties": {"label": {"type": "string"}}}
    answers = (Response("200", (MediaType("application/json", named),)),)
    operation = Operation("find", "GET", "/find/{label}", "", "", (LABEL,), None, answers)
    contract = Contract("labels", "1", (operation,))
    values = KnownValues(contract)
    values.ask([operation])
    for target in ("/find/a%20b", "/find/other"):
        values.harvest(exchanged(contract, "find", {"label": "a b" if "%" in target else "found"}, target))
    assert values.known(*key(contract, "find")) == ("found",)


def _shops(shop: dict[str, Any], schemas: dict[str, Any], folder: Path) -> Contract:
    """Shops, and products that name theirs; the shop's schema may be named or not."""
    product = {"type": "object", "properties": {"id": {"type": "integer"}, "shop_id": {"type": "integer"}}}
    listed = {"type": "object", "properties": {"data": {"type": "array", "items": shop}}}
    paths = {
        "/shops": {"get": _answering(listed), "post": _answering(shop, {"type": "object"})},
        "/shops/{shop_id}": {"get": {**_answering(shop), "parameters": [_ID | {"name": "shop_id"}]}},
        "/products": {"post": _answering(product, product), "get": _answering({"type": "array", "items": product})},
        "/products/{id}": {"get": {**_answering(product), "parameters": [_ID]}},
    }
    info = {"title": "", "version": ""}
    document = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}
    path = folder / "shops.json"
    path.write_text(json.dumps(document))
    return directed(extract(str(path)).contract)


_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}


def _answering(schema: dict[str, Any], asked: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    request = {"requestBody": {"content": {"application/json": {"schema": asked}}}} if asked else {}
    return {"responses": {"200": {"description": "", "content": content}}, **request}


_SHOP = {"type": "object", "properties": {"id": {"type": "integer"}, "owner": {"properties": {"id": {}}}}}


@pytest.mark.parametrize(
    ("shop", "schemas"),
    [
        pytest.param(_SHOP, {}, id="unnamed"),
        pytest.param({"$ref": "#/components/schemas/Shop"}, {"Shop": _SHOP}, id="named"),
        pytest.param(
            {"$ref": "#/components/schemas/Shop"},
            {"Shop": {"allOf": [{"$ref": "#/components/schemas/Named"}, _SHOP]}, "Named": {"type": "object"}},
            id="composed",
        ),
    ],
)
def test_the_id_of_one_entity_is_known_where_another_names_it(
    shop: dict[str, Any], schemas: dict[str, Any], tmp_path: Path
) -> None:
    contract = _shops(shop, schemas, tmp_path)
    values = KnownValues(contract)
    values.ask(contract.operations)
    values.harvest(exchanged(contract, "get_shops", {"data": [{"id": 5, "owner": {"id": 6}}]}, "/shops"))
    values.harvest(exchanged(contract, "get_shops_shop_id", {"id": 7, "owner": {"id": 8}}, "/shops/7"))
    operation = contract.operation("post_products")
    named = next(field for field in body_fields(operation, contract) if field.name == "shop_id")
    assert values.known(operation, named) == (5, 7)


def test_what_nobody_asks_for_is_not_kept(contacts: Contract) -> None:
    values = KnownValues(contacts)
    values.ask([contacts.operation("v1ContactEntity_List")])
    values.harvest(exchanged(contacts, "v1ContactEntity_Get", {"ContactId": 26}))
    assert values.known(*key(contacts)) == ()


def test_so_many_are_kept_and_the_first_ones(contacts: Contract, values: KnownValues) -> None:
    for number in range(1, 100):
        values.harvest(exchanged(contacts, "v1ContactEntity_Get", {"ContactId": number}))
    assert values.known(*key(contacts)) == tuple(range(1, MOST + 1))


@pytest.mark.parametrize("name", ["ContactId", "contactid", "Contact.ContactId", "contactentity.CONTACTID"])
def test_the_users_values_come_first_and_exist(contacts: Contract, name: str) -> None:
    values = KnownValues(contacts, {name: [267, 268]})
    values.ask(contacts.operations)
    values.harvest(exchanged(contacts, "v1ContactEntity_Get", {"ContactId": 26}))
    assert values.known(*key(contacts)) == (267, 268, 26)
    assert values.exists(*key(contacts), 268)


def test_what_was_deleted_is_forgotten_and_nothing_else_is_sure(contacts: Contract, values: KnownValues) -> None:
    for number in (26, 27):
        values.harvest(exchanged(contacts, "v1ContactEntity_Get", {"ContactId": number}))
    values.harvest(exchanged(contacts, "v1ContactEntity_Delete", None, "/api/v1/Contact/26", 204))
    assert values.known(*key(contacts)) == (27,)
    assert not values.exists(*key(contacts), 27)
    values.harvest(exchanged(contacts, "v1ContactEntity_Get", {"ContactId": 28}))
    assert values.exists(*key(contacts), 28)


def test_a_key_that_a_call_sent_itself_may_be_of_nothing(contacts: Contract) -> None:
    summary = replace(contacts.operation("v1ContactEntity_Get"), id="GetSummary", path="/api/v1/Contact/{id}/Summary")
    contract = replace(contacts, operations=(*contacts.operations, summary))
    values = KnownValues(contract)
    values.ask(contract.operations)
    values.harvest(exchanged(contract, "GetSummary", {"ContactId": 954}, "/api/v1/Contact/954/Summary"))
    assert values.known(*key(contract)) == (954,)
    assert not values.exists(*key(contract), 954)


def test_a_write_that_nobody_understands_casts_doubt_on_what_it_names() -> None:
    identified = {"type": "object", "properties": {"bookId": {"type": "integer"}}}
    lend = Operation("LendBook", "POST", "/lend", request=Body((MediaType("application/json", identified),)))
    contract = Contract("library", "1", (lend,))
    values = KnownValues(contract, {"bookId": [5, 6]})
    field = next(field for field in body_fields(lend, contract) if field.name == "bookId")
    call = Call((("Content-Type", "application/json"),), b'{"bookId": 5}', "POST", "/lend")
    values.harvest(Exchange(Subject(lend, contract), Case(lend, call, Purpose.VALID, Origin.SAMPLE), Reply()))
    assert values.known(lend, field) == (5, 6)
    assert (values.exists(lend, field, 5), values.exists(lend, field, 6)) == (False, True)


@pytest.mark.parametrize(
    ("target", "body", "same"),
    [
        ("/lend/1", b'{"bookId": 5}', True),
        ("/lend/1", b'{"bookId": 4, "note": "x"}', False),
        ("/lend/1", b"{}", False),
        ("/lend/2", b'{"bookId": 5, "note": "x"}', False),
    ],
)
def test_calls_are_about_the_same_entities_when_their_keys_are_equal(target: str, body: bytes, same: bool) -> None:
    lend = Operation("lend", "POST", "/lend/{id}")
    contract = Contract("library", "1", (lend,))
    whole = Call((("Content-Type", "application/json"),), b'{"bookId": 5, "note": "x"}', "POST", "/lend/1")
    other = Call(whole.headers, body, "POST", target)
    assert KnownValues(contract).are_same(lend, whole, other) is same


def test_threads_may_harvest_at_once(contacts: Contract, values: KnownValues) -> None:
    exchanges = [exchanged(contacts, "v1ContactEntity_Get", {"ContactId": number}) for number in range(1, 200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(values.harvest, exchanges))
    known = values.known(*key(contacts))
    assert len(known) == len(set(known)) == MOST
