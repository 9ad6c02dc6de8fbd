"""OData-style lists: rows that stay, filtered, sorted and paged."""

from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import fromstring

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.answers.lists import ROWS
from docdouble.fakeserver.behaviours.output_format import output_format
from docdouble.schemas import Call, Contract, Reply, Validator

LABEL = "/api/v1/Branch"
HOST = ("Host", "books.example:81")
BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")

Rows = list[dict[str, Any]]


def ask(app: FakeServer, *headers: tuple[str, str], target: str = LABEL, **query: object) -> Reply:
    pairs = "&".join(f"${name}={quote(str(value))}" for name, value in query.items())
    return app.handle(Call((BASIC, HOST, *headers), b"", "GET", f"{target}?{pairs}" if pairs else target))


def page(app: FakeServer, target: str = LABEL, **query: object) -> dict[str, Any]:
    reply = ask(app, target=target, **query)
    assert reply.status == 200, reply.body
    answer = orjson.loads(reply.body)
    assert isinstance(answer, dict)
    return answer


def rows(app: FakeServer, **query: object) -> Rows:
    listed = page(app, **query)["value"]
    assert isinstance(listed, list)
    return listed


@pytest.fixture(scope="module")
def every(app: FakeServer) -> Rows:
    return rows(app)


def test_a_list_has_different_entities_always_the_same(app: FakeServer, every: Rows) -> None:
    assert len(every) == ROWS
    assert rows(app) == every
    assert len({row["PrimaryKey"] for row in every}) == ROWS


@pytest.mark.parametrize("seed", range(30))
def test_no_two_rows_of_any_seed_are_of_the_same_entity(app: FakeServer, seed: int) -> None:
    listed = orjson.loads(ask(app, ("Prefer", f"seed={seed}")).body)["value"]
    assert len({row["PrimaryKey"] for row in listed}) == ROWS


@pytest.mark.parametrize("query", [{}, {"top": 3}, {"select": "name,zip"}, {"filter": "name eq 'x'"}])
def test_a_list_is_as_documented(app: FakeServer, library: Contract, query: dict[str, object]) -> None:
    operation = next(operation for operation in library.operations if operation.id == "v1Branch_Find")
    schema = operation.responses[0].media_types[0].schema
    assert schema is not None
    assert [
        violation for violation in Validator(schema, library).violations(page(app, **query)) if violation.counts
    ] == []


@settings(max_examples=30)
@given(skip=st.integers(0, 30), top=st.integers(0, 30))
def test_skip_and_top_cut_out_a_part(app: FakeServer, every: Rows, skip: int, top: int) -> None:
    assert rows(app, skip=skip, top=top) == every[skip : skip + top]


@pytest.mark.parametrize("wrong", [{"top": "many"}, {"skip": "1.5"}, {"top": ""}, {"top": 2**70}])
def test_numbers_that_are_none_are_refused(app: FakeServer, wrong: dict[str, object]) -> None:
    assert ask(app, **wrong).status == 400


def test_numbers_below_zero_count_as_zero(app: FakeServer, every: Rows) -> None:
    assert rows(app, skip=-5) == every
    assert rows(app, top=-5) == []


@pytest.mark.parametrize(
    "query",
    [
        {"top": 4},
        {"top": 1, "filter": "branchId gt 300", "orderBy": "name desc"},
        {"top": 7, "skip": 3, "select": "name,seats"},
        {"top": ROWS - 1, "orderBy": "name"},
    ],
)
def test_the_next_links_lead_through_every_row_once(app: FakeServer, query: dict[str, Any]) -> None:
    whole = {name: value for name, value in query.items() if name != "top"}
    seen: Rows = []
    answer = page(app, **query)
    while link := answer["odata.nextLink"]:
        seen += answer["value"]
        parts = urlsplit(link)
        assert (parts.scheme, parts.netloc, parts.path) == ("http", "books.example:81", LABEL)
        answer = page(app, f"{parts.path}?{parts.query}")
    assert seen + answer["value"] == rows(app, **whole)


@pytest.mark.parametrize("query", [{}, {"top": ROWS}, {"skip": 20, "top": 5}, {"skip": 99}, {"top": 0}])
def test_the_last_page_has_no_next_link(app: FakeServer, query: dict[str, object]) -> None:
    assert page(app, **query)["odata.nextLink"] is None


def test_a_next_link_keeps_the_rest_of_the_query(app: FakeServer) -> None:
    target = f"{LABEL}?$FILTER=name%20ne%20%27a%26b%27&$Skip=1&$TOP=2&__seed=7"
    link = orjson.loads(ask(app, target=target).body)["odata.nextLink"]
    assert link == f"http://books.example:81{LABEL}?$FILTER=name%20ne%20%27a%26b%27&$TOP=2&__seed=7&$skip=3"


@pytest.mark.parametrize("number", [0, 250, 500, 1000])
def test_a_filter_leaves_those_that_fulfil_it(app: FakeServer, every: Rows, number: int) -> None:
    kept = rows(app, filter=f"branchId gt {number}")
    assert kept == [row for row in every if row["branchId"] > number]
    others = rows(app, filter=f"not (BRANCHID gt {number})")
    assert sorted(kept + others, key=repr) == sorted(every, key=repr)


def test_a_filter_may_be_on_a_column_that_is_not_shown(app: FakeServer, every: Rows) -> None:
    few = rows(app, filter="seats lt 300", select="seats")
    assert few
    assert all(row["seats"] < 300 for row in few)
    assert [row["PrimaryKey"] for row in few] == [row["PrimaryKey"] for row in rows(app, filter="seats lt 300")]


@pytest.mark.parametrize("text", ["name", "name eq", "name eq 'x' and", "name like 'x'"])
def test_a_filter_that_cannot_be_read_is_a_400(app: FakeServer, text: str) -> None:
    problem = orjson.loads(ask(app, filter=text).body)
    (violation,) = problem["violations"]
    assert (problem["status"], violation["in"], violation["name"]) == (400, "query", "$filter")
    assert (violation["rule"], violation["documentation"]) == ("list-filter", "Branch_Find.md:19")


@pytest.mark.parametrize(("order", "descending"), [("name", False), ("NAME asc", False), ("name desc", True)])
def test_an_order_sorts_the_same_rows(app: FakeServer, every: Rows, order: str, descending: bool) -> None:
    ordered = rows(app, orderBy=order)
    assert ordered == sorted(every, key=lambda row: row["name"].lower(), reverse=descending)


def test_the_second_column_of_an_order_sorts_what_is_equal(app: FakeServer) -> None:
    ordered = [
        (row["address/city"], row["seats"])
        for row in rows(app, orderBy="address/city desc,seats", select="address/city,seats")
    ]
    assert ordered == sorted(sorted(ordered, key=lambda row: row[1]), key=lambda row: row[0].lower(), reverse=True)


def test_an_order_that_cannot_be_read_is_a_400(app: FakeServer) -> None:
    assert ask(app, orderBy="name sideways").status == 400


def test_a_selection_names_the_columns_beside_the_key(app: FakeServer, every: Rows) -> None:
    shown = rows(app, select=" NAME , seats,updatedDate,,address/city,primaryKey")
    assert list(shown[0]) == ["PrimaryKey", "EntityName", "NAME", "seats", "updatedDate", "address/city"]
    assert [(row["PrimaryKey"], row["NAME"]) for row in shown] == [(row["PrimaryKey"], row["name"]) for row in every]
    assert {type(row["seats"]) for row in shown} == {int}
    assert all("T" in row["updatedDate"] and isinstance(row["address/city"], str) for row in shown)


def test_a_column_that_nothing_documents_is_made_up_by_its_name(app: FakeServer) -> None:
    (row,) = rows(app, select="ownerId,closingDate,mood,address,tags", top=1)
    kinds = {name: type(value) for name, value in row.items()}
    assert (kinds["ownerId"], kinds["mood"], kinds["address"], kinds["tags"]) == (int, str, str, str)
    assert row["closingDate"][4:5] == "-"


def test_a_column_is_the_same_however_it_is_asked_for(app: FakeServer) -> None:
    alone = [row["seats"] for row in rows(app, select="seats")]
    assert [row["SEATS"] for row in rows(app, select="name,mood,SEATS")] == alone


@pytest.mark.parametrize(("word", "accept"), [("xml", "application/json"), ("XML", "*/*"), ("Xml", "image/png")])
def test_the_format_stands_above_the_accept_header(app: FakeServer, word: str, accept: str) -> None:
    reply = ask(app, ("Accept", accept), format=word, top=2)
    assert (reply.status, reply.media_type) == (200, "application/xml")
    names = [element.tag for element in fromstring(reply.body).iter()]
    assert names.count("PrimaryKey") == 2
    assert ask(app, ("Accept", "application/xml"), format="json").media_type == "application/json"


def test_without_a_format_the_accept_header_decides(app: FakeServer) -> None:
    assert ask(app, ("Accept", "application/xml"), format="").media_type == "application/xml"
    assert ask(app, ("Accept", "image/png")).status == 406


def test_another_format_is_a_400(app: FakeServer) -> None:
    reply = ask(app, format="yaml")
    assert (reply.status, orjson.loads(reply.body)["violations"][0]["rule"]) == (400, "format-override")


@pytest.mark.parametrize(("text", "word"), [("json", "json"), (" XML ", "xml"), ("", ""), ("  ", "")])
def test_the_word_of_a_format(text: str, word: str) -> None:
    assert output_format(text) == word


@pytest.mark.parametrize("text", ["yaml", "application/json", "jsonxml"])
def test_no_word_of_a_format(text: str) -> None:
    with pytest.raises(ValueError, match="expected json or xml, got"):
        output_format(text)
