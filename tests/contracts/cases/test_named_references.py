"""Properties that are named as an entity hold its key, where they are of the key's kind."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases import operations_in_order
from docdouble.contracts.cases.better_requests import BetterRequests
from docdouble.contracts.cases.draft import Draft
from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.cases.named_references import named_references
from docdouble.contracts.cases.value_names import ValueNames
from docdouble.contracts.generation.fields import request_fields
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.fakeserver import Sampler
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

from .library import maker

WHOLE = {"type": "integer"}
TEXT = {"type": "string"}
UUID = {**TEXT, "format": "uuid"}


def record(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def operation(schema: Any, *, is_sent: bool = False) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}}
    return {"responses": {"200": {"description": "", **content}}} | ({"requestBody": content} if is_sent else {})


def clinic(key: Any, suffix: str = "", **pet: Any) -> Contract:
    """A contract with pets, and owners of that key; the names of their types end in a suffix."""
    shown = {"Pet": record(id=UUID, name=TEXT, **pet), "Owner": record(id=key, name=TEXT)}
    paths = {}
    for name in shown:
        schema = {"$ref": f"#/components/schemas/{name}{suffix}"}
        collection = {"get": operation({"type": "array", "items": schema}), "post": operation(schema, is_sent=True)}
        variable = {"name": "id", "in": "path", "required": True, "schema": shown[name]["properties"]["id"]}
        paths |= {
            f"/{name}s".lower(): collection,
            f"/{name}s/{{id}}".lower(): {"parameters": [variable], "get": operation(schema), "delete": operation({})},
        }
    shown = {f"{name}{suffix}": schema for name, schema in shown.items()}
    document = {"openapi": "3.0.3", "info": {"title": "", "version": ""}, "paths": paths}
    return with_document_resources(from_openapi({**document, "components": {"schemas": shown}}, "clinic.json"), USUAL)


@pytest.mark.parametrize(
    ("key", "pet"),
    [
        (WHOLE, {"owner": WHOLE}),
        (WHOLE, {"owner": {**WHOLE, "format": "int64", "nullable": True}}),
        (UUID, {"owner": UUID}),
        (WHOLE, {"owners": {"type": "array", "items": WHOLE}}),
    ],
    ids=["number", "with a format", "uuid", "several"],
)
def test_a_name_of_an_entity_and_a_value_of_its_key(key: Any, pet: Any) -> None:
    contract = clinic(key, **pet)
    assert named_references(contract) == {"owner": "owner"}
    assert [
        operation.path for operation in operations_in_order(contract.operations, contract) if operation.method == "POST"
    ] == [
        "/owners",
        "/pets",
    ]
    make = next(
        operation for operation in contract.operations if (operation.method, operation.path) == ("POST", "/pets")
    )
    field = next(
        field for field in request_fields(make, contract) if field.name.startswith("owner") and field.kind != "array"
    )
    assert KnownValues(contract).must_be_known(make, field)


@pytest.mark.parametrize(
    ("key", "pet"),
    [(TEXT, {"owner": TEXT}), (WHOLE, {"owner": TEXT}), (WHOLE, {"owner": record(name=TEXT)}), (WHOLE, {"age": WHOLE})],
    ids=["any text", "another kind", "an object", "another name"],
)
def test_what_is_no_reference(key: Any, pet: Any) -> None:
    assert named_references(clinic(key, **pet)) == {}


def knowing_owners(contract: Contract) -> KnownValues:
    """What is known once the owners were listed."""
    values = KnownValues(contract)
    values.ask(contract.operations)
    listed = next(
        operation for operation in contract.operations if (operation.method, operation.path) == ("GET", "/owners")
    )
    case = Case(listed, Call(target="/owners"), Purpose.VALID, Origin.BOUNDARY)
    owners = Reply((("Content-Type", "application/json"),), b'[{"id": "ann"}, {"id": "bob"}]')
    values.harvest(Exchange(Subject(listed, contract), case, owners))
    return values


@pytest.mark.parametrize(
    ("pet", "keys"),
    [
        ({"owner": TEXT}, ("ann", "bob")),
        ({"keeperId": TEXT}, ("ann", "bob")),
        ({"keeper_id": {**TEXT, "minLength": 4}}, ()),
        ({"keeper_id": WHOLE}, ()),
        ({"keeper": TEXT}, ()),
    ],
    ids=["named as it", "an id", "too short", "another kind", "no id"],
)
def test_keys_that_are_any_text_may_be_what_a_name_asks_for(pet: Any, keys: tuple[str, ...]) -> None:
    contract = clinic(TEXT, **pet)
    make = next(
        operation for operation in contract.operations if (operation.method, operation.path) == ("POST", "/pets")
    )
    values = knowing_owners(contract)
    field = next(field for field in request_fields(make, contract) if field.name in pet)
    assert values.references(make, field) == keys
    assert not values.is_key(make, field)
    if keys:
        refused = Reply((), b"no such owner", 404)
        draft = Draft(make, contract, {}, {field.name: "eve"}, "application/json")
        no_owner = Exchange(Subject(make, contract), Case(make, draft.call(), Purpose.VALID, Origin.BOUNDARY), refused)
        better = BetterRequests(contract, values, Sampler(contract), "", 0).better(draft, no_owner)
        assert [next(better).body, next(better).body] == [{field.name: "ann"}, {field.name: "bob"}]


def test_a_value_that_a_refusal_repeats_may_be_a_key() -> None:
    contract = clinic(TEXT, **{"from": TEXT, "to": TEXT})
    make = next(
        operation for operation in contract.operations if (operation.method, operation.path) == ("POST", "/pets")
    )
    values = knowing_owners(contract)
    draft = Draft(make, contract, {}, {"from": "eve", "to": "adam"}, "application/json")
    case = Case(make, draft.call(), Purpose.VALID, Origin.BOUNDARY)
    better = BetterRequests(contract, values, Sampler(contract), "", 0)
    first, last = request_fields(make, contract)[-2:]
    assert not values.must_be_known(make, first)
    tried = next(better.better(draft, Exchange(Subject(make, contract), case, Reply((), b"no owner eve", 404))))
    assert tried.body == {"from": "ann", "to": "adam"}
    assert values.must_be_known(make, first)
    assert not values.must_be_known(make, last)
    tried = next(better.better(tried, Exchange(Subject(make, contract), case, Reply((), b"no owner adam", 404))))
    assert tried.body == {"from": "ann", "to": "bob"}


@pytest.mark.parametrize("name", ["owner", "keeper_id"])
def test_odd_texts_are_sent_beside_keys_and_not_in_their_place(name: str) -> None:
    contract = clinic(TEXT, **{name: TEXT})
    make = next(
        operation for operation in contract.operations if (operation.method, operation.path) == ("POST", "/pets")
    )
    made = maker(contract, knowing_owners(contract), boundaries=4).cases(make)
    bodies = [
        json.loads(case.call.body)
        for case in made
        if case.about.startswith("every text ") and "empty" not in case.about
    ]
    assert len({body["name"] for body in bodies}) > 4
    assert len({body[name] for body in bodies}) == 1


def test_what_others_name_is_created_first_also_where_keys_are_any_text() -> None:
    contract = clinic(TEXT, owner=TEXT)
    made = [
        operation.path for operation in operations_in_order(contract.operations, contract) if operation.method == "POST"
    ]
    assert made == ["/owners", "/pets"]


@pytest.mark.parametrize(("suffix", "key"), [("", WHOLE), ("Out", WHOLE), ("Read", UUID)])
@pytest.mark.parametrize("name", ["owner_id", "ownerId", "owner_ids", "owner"])
def test_paths_say_what_an_entity_is_called_whose_type_has_another_name(suffix: str, key: Any, name: str) -> None:
    contract = clinic(key, suffix, **{name: {"type": "array", "items": key} if name.endswith("s") else key})
    make = next(
        operation for operation in contract.operations if (operation.method, operation.path) == ("POST", "/pets")
    )
    owner = next(resource.name for resource in contract.resources.resources if resource.name.startswith("owner"))
    assert ValueNames(contract).name_of(make, "body", name) == f"key {owner}"
