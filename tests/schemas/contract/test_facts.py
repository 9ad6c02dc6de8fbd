"""What is documented of an operation, by name."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Contract, MediaType
from docdouble.schemas.contract.facts import MOST_DEEP, MOST_PLACES, Fact, FactKind, Facts, documented_facts
from docdouble.schemas.contract.model import reference
from docdouble.schemas.openapi.reader import from_openapi

NAME = {"type": "string"}


def places(schema: dict[str, Any], **named: dict[str, Any]) -> set[str]:
    contract = Contract("", "", (), named)
    return set(Facts(contract).places(MediaType("application/json", schema)).pointers)


def test_tells_all_that_is_documented_of_an_operation() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {
            "/books/{id}": {
                "put": {
                    "operationId": "Put",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {}},
                        {"name": "$select", "in": "query", "schema": {}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"properties": {"Title": NAME}}}}},
                    "responses": {
                        "200": {"description": "", "content": {"text/xml": {"schema": {"properties": {"a/b": NAME}}}}},
                        "4XX": {"description": ""},
                    },
                }
            }
        },
    }
    contract = from_openapi(document, "books.json")
    facts = documented_facts(contract.operation("Put"), contract)
    assert {(fact.part, fact.name) for fact in facts} == {
        (FactKind.OPERATION, ""),
        (FactKind.PARAMETER, "path/id"),
        (FactKind.PARAMETER, "query/$select"),
        (FactKind.REQUEST_MEDIA_TYPE, "application/json"),
        (FactKind.REQUEST, ""),
        (FactKind.REQUEST, "/Title"),
        (FactKind.STATUS, "200"),
        (FactKind.STATUS, "4XX"),
        (FactKind.RESPONSE_MEDIA_TYPE, "200 text/xml"),
        (FactKind.RESPONSE, "200"),
        (FactKind.RESPONSE, "200/a~1b"),
    }
    assert Fact("Put", FactKind.STATUS, "200") in facts


def test_any_item_and_any_key_are_a_place() -> None:
    schema = {
        "properties": {
            "Tags": {"type": "array", "items": NAME},
            "Fields": {"type": "object", "additionalProperties": {"properties": {"Value": NAME}}},
        }
    }
    assert places(schema) == {"", "/Tags", "/Tags/*", "/Fields", "/Fields/*", "/Fields/*/Value"}


def test_a_type_is_not_entered_inside_itself() -> None:
    person = {"properties": {"Name": NAME, "Boss": {"anyOf": [reference("Person"), {"type": "null"}]}}}
    assert places(reference("Person"), Person=person) == {"", "/Name", "/Boss"}


def test_a_type_is_entered_beside_itself() -> None:
    schema = {"properties": {"One": reference("Person"), "Other": reference("Person")}}
    person = {"properties": {"Name": NAME}}
    assert places(schema, Person=person) == {"", "/One", "/One/Name", "/Other", "/Other/Name"}


def test_all_alternatives_count() -> None:
    schema = {"oneOf": [{"properties": {"A": NAME}}, {"allOf": [{"properties": {"B": NAME}}, {"items": NAME}]}]}
    assert places(schema) == {"", "/A", "/B", "/*"}


def test_depth_and_number_are_bounded() -> None:
    deep: dict[str, Any] = NAME
    for _ in range(2 * MOST_DEEP):
        deep = {"properties": {"a": deep}}
    assert max(place.count("/") for place in places(deep)) == MOST_DEEP
    wide = {"properties": {f"p{number}": {"properties": {"a": NAME}} for number in range(MOST_PLACES)}}
    kept = places(wide)
    assert len(kept) == MOST_PLACES
    assert not any(place.endswith("/a") for place in kept), "the shallow ones come first"


def test_what_is_no_schema_is_passed_over() -> None:
    assert places({"properties": {"A": True, "B": None}, "items": False, "anyOf": 3}) == {"", "/A", "/B"}
    assert places({"$ref": "#/components/schemas/Gone"}) == {""}


names = st.sampled_from(["Name", "Tags", "name", "Other", "x"])
values = st.recursive(
    st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=15,
)


@given(values)
def test_what_a_value_touches_is_documented(value: Any) -> None:
    node = {
        "properties": {"Name": NAME, "Tags": {"items": reference("Leaf")}},
        "additionalProperties": reference("Leaf"),
    }
    contract = Contract("", "", (), {"Leaf": {"properties": {"Name": NAME}, "items": NAME}})
    whole = Facts(contract).places(MediaType("application/json", node))
    assert "" in whole.touched_by(value) <= set(whole.pointers)


def test_names_match_whatever_their_letter_case() -> None:
    whole = Facts(Contract("", "", ())).places(
        MediaType("application/json", {"properties": {"Name": NAME, "Id": NAME}})
    )
    assert whole.touched_by({"name": 1, "ID": 2, "Other": 3}) == {"", "/Name", "/Id"}
