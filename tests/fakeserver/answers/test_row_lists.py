"""Lists as parameters ask for them: filtered, searched, sorted; each against a plain model of what is asked for."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Validator

from .harbour import BOATS, INTEGER, NUMBER, STATES, TEXT, TRUTH, Harbour, asking, record

DATE = {"type": "string", "format": "date"}
SEVERAL = {"type": "array", "items": TEXT}
SORTS = [
    "price",
    "-price",
    "+price",
    "price:desc",
    "price:asc",
    "price desc",
    "price_desc",
    "desc(price)",
    "price,desc",
]
HARBOUR = Harbour(
    asking("status", SEVERAL),
    asking("min_price", NUMBER),
    asking("price_lt", NUMBER),
    asking("created_after", DATE),
    asking("createdBefore", DATE),
    asking("afloat", TRUTH),
    asking("tag", TEXT),
    asking("owner_id", TEXT),
    asking("name_like", TEXT),
    asking("q", TEXT),
    asking("ids", {"type": "array", "items": INTEGER}),
    asking("sort", TEXT),
    asking("order", {"type": "string", "enum": ["asc", "desc"]}),
)
ALL: list[dict[str, Any]] = HARBOUR()
PRICES = sorted(boat["price"] for boat in ALL)
DAYS = sorted({boat["createdAt"][:10] for boat in ALL})


def ids(boats: list[dict[str, Any]]) -> list[int]:
    return [boat["id"] for boat in boats]


def day(boat: dict[str, Any]) -> str:
    return datetime.fromisoformat(boat["createdAt"]).date().isoformat()


MODELS: dict[str, Any] = {
    "status": lambda boat, wanted: boat["status"] in wanted,
    "min_price": lambda boat, wanted: boat["price"] >= wanted,
    "price_lt": lambda boat, wanted: boat["price"] < wanted,
    "created_after": lambda boat, wanted: day(boat) > wanted,
    "createdBefore": lambda boat, wanted: day(boat) < wanted,
    "afloat": lambda boat, wanted: boat["is_afloat"] == (wanted == "true"),
    "tag": lambda boat, wanted: wanted in boat["tags"],
    "owner_id": lambda boat, wanted: boat["owner"]["id"] == wanted,
    "name_like": lambda boat, wanted: wanted.lower() in boat["name"].lower(),
    "ids": lambda boat, wanted: boat["id"] in wanted,
}
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "status": st.lists(st.sampled_from(STATES), min_size=1, unique=True),
        "min_price": st.sampled_from(PRICES),
        "price_lt": st.sampled_from(PRICES),
        "created_after": st.sampled_from(DAYS),
        "createdBefore": st.sampled_from(DAYS),
        "afloat": st.sampled_from(["true", "false"]),
        "tag": st.sampled_from(sorted({tag for boat in ALL for tag in boat["tags"]})),
        "owner_id": st.sampled_from([boat["owner"]["id"] for boat in ALL]),
        "name_like": st.sampled_from([boat["name"][:3].upper() for boat in ALL]),
        "ids": st.lists(st.sampled_from(ids(ALL)), min_size=1, max_size=4, unique=True),
        "sort": st.sampled_from(["price", "createdAt", "id"]),
        "order": st.sampled_from(["asc", "desc"]),
    },
)


@given(ASKED)
def test_a_list_holds_just_what_fulfils_all_that_is_asked_for(query: dict[str, Any]) -> None:
    kept = [boat for boat in ALL if all(MODELS[name](boat, query[name]) for name in query.keys() & MODELS.keys())]
    if "sort" in query:
        kept.sort(key=lambda boat: boat[query["sort"]], reverse=query.get("order") == "desc")
        assert [boat[query["sort"]] for boat in HARBOUR(**query)] == [boat[query["sort"]] for boat in kept]
    assert sorted(ids(HARBOUR(**query))) == sorted(ids(kept))


@pytest.mark.parametrize("written", SORTS)
def test_an_order_may_be_written_in_many_ways(written: str) -> None:
    is_descending = "desc" in written or written.startswith("-")
    assert [boat["price"] for boat in HARBOUR(sort=written)] == sorted(PRICES, reverse=is_descending)


def test_a_search_looks_into_all_texts() -> None:
    wanted = ALL[4]
    assert wanted["id"] in ids(HARBOUR(q=wanted["name"].lower()))
    assert wanted["id"] in ids(HARBOUR(q=wanted["owner"]["login"]))
    assert HARBOUR(q="no such boat at all") == []


@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        (asking("status", TEXT), {"status": "sold"}),
        (asking("Status", TEXT), {"Status": "sold"}),
        (asking("status[]", SEVERAL), {"status[]": "sold"}),
        (asking("filter[status]", TEXT), {"filter[status]": "sold"}),
        (
            asking("filter", {"type": "object", "properties": {"status": TEXT}}, style="deepObject"),
            {"filter[status]": "sold"},
        ),
        (asking("statuses", SEVERAL, style="form", explode=False), {"statuses": "sold"}),
        (asking("status_in", TEXT), {"status_in": "sold"}),
    ],
)
def test_a_property_may_be_asked_for_in_many_ways(parameter: dict[str, Any], query: dict[str, str]) -> None:
    harbour = Harbour(parameter)
    assert ids(harbour(**query)) == [boat["id"] for boat in harbour() if boat["status"] == "sold"]


@pytest.mark.parametrize(
    ("parameter", "query", "holds"),
    [
        (asking("price[gte]", NUMBER), "price[gte]", lambda price, bound: price >= bound),
        (asking("price__lte", NUMBER), "price__lte", lambda price, bound: price <= bound),
        (asking("minPrice", NUMBER), "minPrice", lambda price, bound: price >= bound),
        (asking("max_price", NUMBER), "max_price", lambda price, bound: price <= bound),
        (asking("price_from", NUMBER), "price_from", lambda price, bound: price >= bound),
        (
            asking("price", {"type": "object", "properties": {"gt": NUMBER, "lt": NUMBER}}, style="deepObject"),
            "price[gt]",
            lambda price, bound: price > bound,
        ),
    ],
)
def test_a_range_may_be_asked_for_in_many_ways(parameter: dict[str, Any], query: str, holds: Any) -> None:
    harbour = Harbour(parameter)
    bound = sorted(boat["price"] for boat in harbour())[9]
    wanted = [boat["id"] for boat in harbour() if holds(boat["price"], bound)]
    assert ids(harbour(**{query: bound})) == wanted


@pytest.mark.parametrize("name", ["since", "from", "start_date"])
def test_dates_are_bounds_of_when_a_row_was_made(name: str) -> None:
    harbour = Harbour(asking(name, DATE))
    first = sorted(map(day, harbour()))[12]
    assert ids(harbour(**{name: first})) == [boat["id"] for boat in harbour() if day(boat) >= first]


def test_defaults_of_filters_and_orders_hold() -> None:
    harbour = Harbour(
        asking("status", {"type": "string", "enum": [*STATES, "all"], "default": "sold"}),
        asking("sort", {"type": "string", "enum": ["price", "name"], "default": "price"}),
        asking("direction", {"type": "string", "enum": ["asc", "desc"], "default": "desc"}),
    )
    sold = harbour()
    assert {boat["status"] for boat in sold} == {"sold"}
    assert [boat["price"] for boat in sold] == sorted((boat["price"] for boat in sold), reverse=True)
    assert {boat["status"] for boat in harbour(status="all")} == set(STATES)


def test_an_unknown_parameter_changes_nothing() -> None:
    harbour = Harbour(asking("colour", TEXT), asking("limit", INTEGER))
    assert harbour(colour="red", limit=25) == harbour(limit=25)


def test_a_list_keeps_the_number_of_rows_that_its_schema_asks_for() -> None:
    answer = {**BOATS, "minItems": 2, "maxItems": 5}
    harbour = Harbour(asking("q", TEXT), answer=answer)
    assert len(harbour(q="no such boat at all")) == 2
    harbour = Harbour(asking("limit", INTEGER), answer=answer)
    assert len(harbour(limit=50)) == 5


def test_a_page_is_not_empty_where_that_would_fit_two_alternatives() -> None:
    sizes = {"type": "array", "items": record(size=INTEGER)}
    harbour = Harbour(asking("offset", INTEGER), answer=record(items={"oneOf": [BOATS, sizes]}))
    assert len(harbour(offset=1000)["items"]) == 1


def test_a_page_is_one_of_the_rows_that_only_an_example_shows() -> None:
    harbour = Harbour(asking("limit", NUMBER), asking("since", NUMBER), answer={"example": ["ab", "cd", "ef"]})
    assert harbour() == ["ab", "cd", "ef"]
    assert harbour(limit=1) == ["ab"]


def test_totals_are_those_of_the_list_where_nothing_can_be_asked() -> None:
    answer = record(items=BOATS, total=INTEGER, count=INTEGER)
    harbour = Harbour(answer=answer)
    page = harbour()
    assert page["total"] == page["count"] == len(page["items"])
    assert Validator(answer, harbour.app.contract).is_valid(page)


def test_an_expression_is_read_as_odata_has_it() -> None:
    harbour = Harbour(asking("$filter", TEXT))
    bound = PRICES[12]
    kept = [boat["id"] for boat in harbour() if boat["price"] >= bound and boat["status"] == "sold"]
    assert ids(harbour(**{"$filter": f"price ge {bound} and status eq 'sold'"})) == kept
    assert harbour(**{"$filter": "no expression"}) == harbour()


def test_a_list_that_nobody_keeps_has_rows_of_whatever_owns_it() -> None:
    harbour = Harbour(asking("owner_id", {"type": "string", "format": "uuid"}), asking("name", TEXT, required=True))
    owner = "7d7f0c86-6d12-4be1-a7f0-1c2f3b4d5e6f"
    boats = harbour(owner_id=owner, name="Zeppelina")
    assert len(boats) == len(ALL)
    assert {(boat["owner"]["id"], boat["name"]) for boat in boats} == {(owner, "Zeppelina")}


def test_what_says_how_rows_are_shown_leaves_none_out() -> None:
    rows = {"type": "array", "items": record(id=INTEGER, currency=TEXT)}
    assert Harbour(asking("currency", TEXT), answer=rows)(currency="XTS") != []
    only = asking("currency", TEXT, "Only prices in this currency.")
    assert all(row["currency"] == "XTS" for row in Harbour(only, answer=rows)(currency="XTS"))
    assert Harbour(asking("name", {**TEXT, "default": "Zeppelina"}))() != []
