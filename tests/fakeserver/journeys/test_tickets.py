"""A front end of a ticket desk: slugs as keys, numbers as keys, comments below tickets, an action that closes one."""

from typing import Any

from .conftest import Api, api

desk = api("tickets.yaml")

LEAK = {"title": "Roof leaks", "body": "Above the stairs.", "assignee": "grace", "labels": {"floor": "3", "team": "B"}}


def new_in(listed: list[Any], before: list[Any]) -> list[Any]:
    """Return what is listed beside what was there before, which must be there in its order."""
    assert [ticket for ticket in listed if ticket in before] == before
    return [ticket for ticket in listed if ticket not in before]


def test_tickets_are_listed_with_their_count(desk: Api) -> None:
    answer = desk("GET /tickets")
    assert (answer.status, len(answer.body), answer.headers["x-total-count"]) == (200, 20, "25")
    rest = desk("GET /tickets", offset=20)
    assert (len(rest.body), rest.headers["x-total-count"]) == (5, "25")
    assert len({ticket["number"] for ticket in answer.body + rest.body}) == 25


def test_a_new_ticket_is_there(desk: Api) -> None:
    opened = desk("POST /tickets", LEAK)
    assert opened.status == 201
    assert {name: opened.body[name] for name in LEAK} == LEAK
    assert opened.body["status"] == "open"
    assert desk(f"GET /tickets/{opened.body['number']}").body == opened.body
    assert opened.body in desk("GET /tickets", limit=100).body
    assert desk("GET /tickets").headers["x-total-count"] == "26"


def test_tickets_are_filtered_and_sorted(desk: Api) -> None:
    opened = desk("POST /tickets", LEAK).body
    assert desk("GET /tickets", assignee="grace").body == [opened]
    waiting = desk("GET /tickets", status="waiting", limit=100)
    assert {ticket["status"] for ticket in waiting.body} <= {"waiting"}
    assert waiting.headers["x-total-count"] == str(len(waiting.body))
    titles = [ticket["title"] for ticket in desk("GET /tickets", order="title", limit=100).body]
    assert titles == sorted(titles)
    numbers = [ticket["number"] for ticket in desk("GET /tickets", order="-number", limit=100).body]
    assert numbers == sorted(numbers, reverse=True)


def test_a_ticket_is_changed(desk: Api) -> None:
    opened = desk("POST /tickets", LEAK).body
    path = f"/tickets/{opened['number']}"
    changed = desk(f"PUT {path}", {**LEAK, "title": "Roof leaked", "assignee": None})
    assert (changed.status, changed.body) == (200, {**opened, "title": "Roof leaked", "assignee": None})
    assert desk(f"GET {path}").body == changed.body


def test_a_ticket_is_closed(desk: Api) -> None:
    opened = desk("POST /tickets", LEAK).body
    path = f"/tickets/{opened['number']}"
    assert desk(f"POST {path}/close").body == {**opened, "status": "closed"}
    assert desk(f"GET {path}").body["status"] == "closed"
    assert opened["number"] in [ticket["number"] for ticket in desk("GET /tickets", status="closed", limit=100).body]


def test_a_deleted_ticket_is_gone(desk: Api) -> None:
    assert desk("DELETE /tickets/4").status == 204
    assert desk("GET /tickets/4").status == 404
    assert desk("DELETE /tickets/4").status == 404
    assert 4 not in [ticket["number"] for ticket in desk("GET /tickets", limit=100).body]
    assert desk("GET /tickets").headers["x-total-count"] == "24"


def test_comments_are_those_of_their_ticket(desk: Api) -> None:
    number = desk("POST /tickets", LEAK).body["number"]
    comments = f"/tickets/{number}/comments"
    before = desk(f"GET {comments}").body
    added = desk(f"POST {comments}", {"text": "A bucket helps."})
    assert (added.status, added.body["text"]) == (201, "A bucket helps.")
    assert new_in(desk(f"GET {comments}").body, before) == [added.body]
    comment = f"{comments}/{added.body['id']}"
    assert desk(f"GET {comment}").body == added.body
    changed = desk(f"PATCH {comment}", {"text": "Two buckets help."}, media_type="application/merge-patch+json")
    assert changed.body == {**added.body, "text": "Two buckets help."}
    assert new_in(desk(f"GET {comments}").body, before) == [changed.body]
    assert "Two buckets help." not in [comment["text"] for comment in desk("GET /tickets/1/comments").body]
    assert desk(f"DELETE {comment}").status == 204
    assert desk(f"GET {comment}").status == 404
    assert desk(f"GET {comments}").body == before


def test_comments_on_a_ticket_that_is_gone_are_gone(desk: Api) -> None:
    desk("DELETE /tickets/4")
    assert desk("GET /tickets/4/comments").status == 404
    assert desk("POST /tickets/4/comments", {"text": "Hello?"}).status == 404


def test_boards_are_known_by_their_slugs(desk: Api) -> None:
    before = desk("GET /boards").body
    board = {"slug": "roof-works", "title": "Roof works", "description": None}
    created = desk("POST /boards", board)
    assert (created.status, created.body) == (201, board)
    assert desk("GET /boards/roof-works").body == board
    assert new_in(desk("GET /boards").body, before) == [board]
    changed = {**board, "description": "All of them."}
    assert desk("PUT /boards/roof-works", changed).body == changed
    assert desk("GET /boards/roof-works").body == changed
    assert desk("DELETE /boards/roof-works").status == 204
    assert desk("GET /boards/roof-works").status == 404
    assert desk("GET /boards").body == before


def test_every_listed_board_is_read_under_its_slug(desk: Api) -> None:
    for board in desk("GET /boards").body:
        assert desk(f"GET /boards/{board['slug']}").body == board
