"""Parameters of lists: their meaning by name, type, description and documented values."""

from dataclasses import replace
from typing import Any

import pytest

from docdouble.schemas import Contract, Parameter
from docdouble.schemas.resources.list_parameters import QueryValue, list_role, query_values

from .test_envelopes import BOATS, answering, asking

NOTHING = Contract("Harbour", "1", ())
WHOLE, TEXT = {"type": "integer"}, {"type": "string"}


def asked(name: str, schema: dict[str, Any], description: str = "") -> QueryValue:
    parameter = Parameter(name, "query", schema, description=description)
    return QueryValue(name, (name,), schema, parameter, NOTHING)


@pytest.mark.parametrize(
    ("name", "schema", "role"),
    [
        ("limit", WHOLE, "limit"),
        ("per_page", WHOLE, "limit"),
        ("pageSize", WHOLE, "limit"),
        ("page[size]", WHOLE, "limit"),
        ("page[number]", WHOLE, "page"),
        ("page[offset]", WHOLE, "offset"),
        ("page", TEXT, "cursor"),
        ("page", {**TEXT, "example": "2"}, "page"),
        ("after", TEXT, "cursor"),
        ("after", {**TEXT, "format": "date"}, None),
        ("page_token", TEXT, "cursor"),
        ("from", WHOLE, "offset"),
        ("from", TEXT, None),
        ("order", {"enum": ["asc", "desc"], **TEXT}, "direction"),
        ("order", TEXT, "sort"),
        ("sort_by", TEXT, "sort"),
        ("q", TEXT, "search"),
        ("ids", {"type": "array", "items": WHOLE}, "ids"),
        ("id", WHOLE, None),
        ("fields[boats]", TEXT, "fields"),
        ("$select", TEXT, "fields"),
        ("count", {"type": "boolean"}, None),
        ("status", TEXT, None),
        ("", TEXT, None),
        ("[]", TEXT, None),
    ],
)
def test_a_parameter_has_the_role_of_its_name_and_type(name: str, schema: dict[str, Any], role: str | None) -> None:
    assert list_role(asked(name, schema)) == role


def test_a_page_that_must_be_asked_for_is_a_number() -> None:
    optional = asked("page", TEXT)
    assert list_role(replace(optional, parameter=replace(optional.parameter, required=True))) == "page"


def test_what_is_described_as_a_date_is_no_cursor() -> None:
    assert list_role(asked("after", TEXT, "Rows of after this ISO 8601 timestamp.")) is None


def test_a_property_of_the_rows_goes_before_a_weak_name() -> None:
    assert list_role(asked("size", WHOLE)) == "limit"
    assert list_role(asked("size", WHOLE), frozenset({"size"})) is None
    assert list_role(asked("limit", WHOLE), frozenset({"limit"})) == "limit"


def test_numbers_are_stated_by_the_schema_or_else_in_words() -> None:
    assert asked("limit", {**WHOLE, "default": 7}, "default 20").number("default") == 7
    assert asked("limit", WHOLE, "Items on a page, default 20, maximum: 50.").number("default") == 20
    assert asked("limit", WHOLE, "Items on a page, default 20, maximum: 50.").number("maximum") == 50
    assert asked("limit", WHOLE, "Items on a page.").number("default") is None


def test_members_of_an_object_are_values_of_their_own() -> None:
    page = {"type": "object", "properties": {"number": WHOLE, "size": WHOLE}}
    deep = {**asking("page", page), "style": "deepObject"}
    values = list(query_values(*answering(BOATS, "/boats", deep)))
    assert [(value.name, list_role(value)) for value in values] == [("page[number]", "page"), ("page[size]", "limit")]
    assert values[1].value({"page": {"size": 3}}) == 3
    assert values[1].value({}) is None
