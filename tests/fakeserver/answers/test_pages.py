"""Pages of lists: walked to their end they are the whole list, in each style, and what they state of it is true."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Validator

from .harbour import BOATS, INTEGER, TEXT, TRUTH, URL, Harbour, asking, or_null, record

SIZES = st.integers(1, 30)
LINK = re.compile(r'<http://fake:4010([^>]+)>; rel="(\w+)"')
LIMIT, PLAIN = asking("limit", INTEGER), Harbour(asking("limit", INTEGER))
WHOLE: list[Any] = PLAIN(limit=25)


def walked(harbour: Harbour, answer: dict[str, Any], rows: str, *steps: str, **query: Any) -> list[Any]:
    """Return the rows of all pages, each of which is as documented."""
    valid = Validator(answer, harbour.app.contract).is_valid
    pages = list(harbour.followed(*steps, **query))
    assert all(map(valid, pages))
    return [row for page in pages for row in page[rows]]


LINKED = {
    "next and previous": (
        record(count=INTEGER, next=or_null(URL), previous=or_null(URL), results=BOATS),
        "results",
        ("next",),
    ),
    "links": (
        {"type": "object", "properties": {"items": BOATS, "links": {"type": "object", "properties": {"next": TEXT}}}},
        "items",
        ("links", "next"),
    ),
    "hal": (
        {
            "type": "object",
            "properties": {
                "items": BOATS,
                "_links": {"type": "object", "properties": {"next": record(href=URL), "self": record(href=URL)}},
            },
        },
        "items",
        ("_links", "next", "href"),
    ),
    "next link": ({"type": "object", "properties": {"value": BOATS, "nextLink": TEXT}}, "value", ("nextLink",)),
    "required": (record(items=BOATS, next_page_url=TEXT), "items", ("next_page_url",)),
    "nullable of 3.0 in 3.1": (
        record(items=BOATS, next_page_url={**TEXT, "nullable": True}),
        "items",
        ("next_page_url",),
    ),
}
ASKED = {
    "offset": (asking("limit", INTEGER), asking("offset", {**INTEGER, "minimum": 0})),
    "page": (asking("limit", INTEGER), asking("page", {**INTEGER, "minimum": 1})),
    "page from 0": (asking("limit", INTEGER), asking("page", {**INTEGER, "default": 0})),
    "page[number]": (asking("limit", INTEGER), asking("page[number]", INTEGER)),
    "cursor": (asking("limit", INTEGER), asking("cursor", TEXT)),
    "after": (asking("limit", INTEGER), asking("after", TEXT), asking("before", TEXT)),
}


@pytest.mark.parametrize("style", LINKED)
@pytest.mark.parametrize("parameters", ASKED)
def test_links_lead_through_the_whole_list_and_end(style: str, parameters: str) -> None:
    answer, rows, steps = LINKED[style]
    harbour = Harbour(*ASKED[parameters], answer=answer)
    whole = harbour(limit=25)[rows]
    assert len(whole) == 25
    for size in (1, 4, 25, 26):
        assert walked(harbour, answer, rows, *steps, limit=size) == whole


@given(SIZES)
def test_link_header_fields_lead_through_the_whole_list(size: int) -> None:
    harbour = Harbour(LIMIT, asking("page", INTEGER), asking("colour", TEXT))
    collected, target = [], f"/boats?limit={size}&colour=red"
    whole = harbour(limit=25, colour="red")
    while target:
        reply = harbour.reply(target)
        header = next(
            (value for name, value in reply.headers if name == "Link" and 'rel="describedby"' not in value), ""
        )
        links = {relation: url for url, relation in LINK.findall(header)}
        assert all("colour=red" in url for url in links.values())
        collected += harbour(target)
        target = links.get("next", "")
    assert collected == whole


TOKENS = {
    "next_cursor": ("cursor", "next_cursor"),
    "nextPageToken": ("page_token", "nextPageToken"),
    "next": ("cursor", "next"),
}


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("token", [TEXT, or_null(TEXT), None])
def test_cursors_lead_through_the_whole_list_and_end(name: str, token: dict[str, Any] | None) -> None:
    parameter, member = TOKENS[name]
    answer = record(items=BOATS, **({member: token} if token else {}))
    if token is None:
        answer["properties"][member] = TEXT
    harbour = Harbour(LIMIT, asking(parameter, TEXT), answer=answer)
    valid = Validator(answer, harbour.app.contract).is_valid
    collected, query = [], {"limit": 7}
    for _ in range(10):
        page = harbour(**query)
        assert valid(page)
        collected += page["items"]
        if not page.get(member):
            break
        query = {"limit": 7, parameter: page[member]}
    assert collected == harbour(limit=25)["items"]


@given(SIZES)
def test_keys_of_rows_are_cursors_where_the_answer_has_none(size: int) -> None:
    answer = record(data=BOATS, has_more=TRUTH)
    harbour = Harbour(LIMIT, asking("starting_after", TEXT), asking("ending_before", TEXT), answer=answer)
    whole = harbour(limit=25)["data"]
    page = harbour(limit=size)
    collected = page["data"]
    while page["has_more"]:
        page = harbour(limit=size, starting_after=page["data"][-1]["id"])
        collected = collected + page["data"]
    assert collected == whole
    assert harbour(limit=3, ending_before=whole[10]["id"])["data"] == whole[7:10]


def test_edges_of_a_connection_have_the_cursor_of_what_follows() -> None:
    edges = {"type": "array", "items": record(cursor=TEXT, node={"$ref": "#/components/schemas/Boat"})}
    answer = record(edges=edges, pageInfo=record(hasNextPage=TRUTH, endCursor=or_null(TEXT)), totalCount=INTEGER)
    harbour = Harbour(asking("first", INTEGER), asking("after", TEXT), answer=answer)
    whole = harbour(first=25)["edges"]
    page = harbour(first=4, after=whole[5]["cursor"])
    assert page["edges"] == whole[6:10]
    assert page["pageInfo"] == {"hasNextPage": True, "endCursor": whole[9]["cursor"]}
    assert page["totalCount"] == 25


@given(SIZES, st.integers(1, 30))
def test_what_a_page_tells_is_true(size: int, number: int) -> None:
    page = COUNTED(page_size=size, page=number)
    rows = page["items"]
    start = size * (number - 1)
    assert rows == ALL[start : start + size]
    assert page["meta"] == {
        "total": 25,
        "totalPages": -(-25 // size),
        "page": number,
        "pageSize": size,
        "hasNextPage": start + size < 25,
        "hasPreviousPage": number > 1,
        "numberOfElements": len(rows),
    }


META = record(
    total=INTEGER,
    totalPages=INTEGER,
    page=INTEGER,
    pageSize=INTEGER,
    hasNextPage=TRUTH,
    hasPreviousPage=TRUTH,
    numberOfElements=INTEGER,
)
COUNTED = Harbour(
    asking("page", {**INTEGER, "default": 1}), asking("page_size", INTEGER), answer=record(items=BOATS, meta=META)
)
ALL = COUNTED(page_size=25)["items"]


def test_defaults_and_maxima_of_a_page_hold() -> None:
    assert len(Harbour(asking("limit", {**INTEGER, "default": 7}))()) == 7
    assert len(Harbour(asking("limit", INTEGER, "How many, default 8."))()) == 8
    assert len(Harbour(asking("limit", {**INTEGER, "maximum": 6}))()) == 6
    assert len(Harbour(asking("page", INTEGER))()) == 10


def test_links_are_below_the_base_path_of_the_call() -> None:
    answer, _, _ = LINKED["next and previous"]
    harbour = Harbour(*ASKED["offset"], answer=answer, servers=[{"url": "https://harbour.example/v2"}])
    assert harbour("/v2/boats", limit=5)["next"] == "http://fake:4010/v2/boats?limit=5&offset=5"


def test_documented_header_fields_tell_of_the_page() -> None:
    names = ("X-Total-Count", "X-Page", "X-Per-Page", "X-Total-Pages", "X-Next-Page")
    harbour = Harbour(*ASKED["page"], headers={name: {"schema": INTEGER} for name in names})
    fields = dict(harbour.reply(limit=10, page=2).headers)
    assert [fields.get(name) for name in names] == ["25", "2", "10", "3", "3"]
    assert "X-Next-Page" not in dict(harbour.reply(limit=10, page=3).headers)


def test_frameworks_name_what_a_page_tells_in_their_own_ways() -> None:
    size = asking("size", {**INTEGER, "default": 20})
    numbers = record(size=INTEGER, totalElements=INTEGER, totalPages=INTEGER, number=INTEGER)
    harbour = Harbour(size, asking("page", {**INTEGER, "default": 0}), answer=record(content=BOATS, page=numbers))
    assert harbour(page=1)["page"] == {"size": 20, "totalElements": 25, "totalPages": 2, "number": 1}
    meta = record(current_page=INTEGER, last_page=INTEGER, per_page=INTEGER, **{"from": INTEGER, "to": INTEGER})
    harbour = Harbour(asking("page", INTEGER), answer=record(data=BOATS, meta=meta))
    assert harbour(page=3)["meta"] == {"current_page": 3, "last_page": 3, "per_page": 10, "from": 21, "to": 25}
    hits = record(total=record(value=INTEGER), hits=BOATS)
    harbour = Harbour(size, asking("from", INTEGER), answer=record(hits=hits))
    page = harbour(**{"from": 20})["hits"]
    assert (page["total"], len(page["hits"])) == ({"value": 25}, 5)
