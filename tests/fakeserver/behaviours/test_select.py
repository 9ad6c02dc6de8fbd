"""``$select``: what is not named is null."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.behaviours.select import select_projection
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.contract.model import EVIDENCE

Send = Callable[..., Reply]

STATED = {"grade": "stated", "page": "loan.md", "line": 3}

LOAN = {"Id": 5, "Book": {"Title": "fog", "Shelf": {"Room": "N", "Row": 3}}, "Marks": [{"Page": 3, "By": "ola"}]}


@pytest.mark.parametrize(
    ("select", "answer"),
    [
        ("Id", {"Id": 5, "Book": None, "Marks": None}),
        ("id,MARKS", {"Id": 5, "Book": None, "Marks": LOAN["Marks"]}),
        (" Id , ,marks ", {"Id": 5, "Book": None, "Marks": LOAN["Marks"]}),
        ("Book", {"Id": None, "Book": LOAN["Book"], "Marks": None}),
        ("book/title", {"Id": None, "Book": {"Title": "fog", "Shelf": None}, "Marks": None}),
        ("Book/Shelf/ROW", {"Id": None, "Book": {"Title": None, "Shelf": {"Room": None, "Row": 3}}, "Marks": None}),
        ("Book/Title,Book", {"Id": None, "Book": LOAN["Book"], "Marks": None}),
        ("Marks/By", {"Id": None, "Book": None, "Marks": [{"Page": None, "By": "ola"}]}),
        ("Id/Below", {"Id": 5, "Book": None, "Marks": None}),
        ("Unheard", {"Id": None, "Book": None, "Marks": None}),
        ("", LOAN),
        (" , ", LOAN),
    ],
)
def test_only_what_is_selected_is_filled(select: str, answer: dict[str, Any]) -> None:
    assert select_projection(LOAN, select) == answer
    assert select_projection([LOAN, LOAN], select) == [answer, answer]


def test_without_a_selection_all_is_filled(app: FakeServer, send: Send) -> None:
    full = send(app, "GET /api/v1/Book?title=fog")
    assert send(app, "GET /api/v1/Book?title=fog&$select=") == full
    assert all(None not in book.values() for book in orjson.loads(full.body))


@pytest.mark.parametrize("answer", [None, 5, "text", [], [1, None]])
def test_what_has_no_properties_is_left_alone(answer: Any) -> None:
    assert select_projection(answer, "Id") == answer


def test_the_answer_is_not_changed_in_place() -> None:
    before = orjson.dumps(LOAN)
    select_projection(LOAN, "Book/Title")
    assert orjson.dumps(LOAN) == before


def test_a_selection_does_not_change_what_it_shows(lend: Send) -> None:
    full = orjson.loads(lend({"CopyId": 7}).body)
    selected = orjson.loads(lend({"CopyId": 7}, select="dueDate,member/FULLNAME").body)
    expected = dict.fromkeys(full) | {
        "DueDate": full["DueDate"],
        "Member": {"MemberId": None, "FullName": full["Member"]["FullName"], "EmailAddress": None},
    }
    assert selected == expected


def test_a_selection_reaches_into_lists(app: FakeServer, send: Send) -> None:
    full = orjson.loads(send(app, "GET /api/v1/Book?title=fog").body)
    selected = orjson.loads(send(app, "GET /api/v1/Book?title=fog&%24SELECT=bookid").body)
    assert selected == [{"BookId": book["BookId"], "Title": None, "Kind": None} for book in full]


def test_select_is_nothing_special_where_it_is_not_documented(app: FakeServer, send: Send) -> None:
    assert send(app, "GET /api/v1/Book/7?$select=Title") == send(app, "GET /api/v1/Book/7")


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ("id,BOOK/title", None),
        ("Idd", "'Idd' selects nothing: no property 'Idd' is documented; the nearest is Id"),
        ("Book/Titel", "'Book/Titel' selects nothing: no property 'Titel' is documented; the nearest is Title"),
        ("Id/Below", "'Id/Below' selects nothing: no property 'Below' is documented"),
    ],
)
def test_where_only_documented_names_are_allowed_others_are_refused(
    make_contract: Callable[..., Contract], selection: str, message: str | None
) -> None:
    book = {"type": "object", "properties": {"Title": {"type": "string"}}}
    loan = {"type": "object", "properties": {"Id": {"type": "integer"}, "Book": book}}
    behaviours = [
        {"name": "select-projection", "parameter": "fields", EVIDENCE: STATED},
        {"name": "documented-names-only", EVIDENCE: STATED},
    ]
    operation = {
        "parameters": [{"name": "fields", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"content": {"application/json": {"schema": loan}}}},
        "x-docdouble-behaviours": behaviours,
    }
    reply = FakeServer(make_contract({"/loan": {"get": operation}})).handle(Call(target=f"/loan?fields={selection}"))
    problem = orjson.loads(reply.body)
    assert (problem["violations"][0]["message"] if reply.status == 400 else None) == message
