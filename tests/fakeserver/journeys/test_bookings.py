"""A front end of boat bookings: prefixed ids, dates that follow each other, cursors, only ``Location`` after a POST."""

import re
import time
from typing import Any

from .conftest import Api, api

boats = api("bookings.yaml")

REQUEST = {
    "boat": "Razorbill",
    "start_date": "2027-06-01",
    "end_date": "2027-06-08",
    "guests": 4,
    "notes": "Two dogs.",
}


def everything(boats: Api, **query: Any) -> list[dict[str, Any]]:
    """Return all bookings, cursor by cursor."""
    collected: list[dict[str, Any]] = []
    for _ in range(99):
        page = boats("GET /bookings", **query).body
        collected += page["data"]
        if not page["has_more"]:
            assert page.get("next_cursor") is None
            return collected
        query["cursor"] = page["next_cursor"]
    raise AssertionError("the pages have no end")


def test_bookings_are_believable(boats: Api) -> None:
    bookings = boats("GET /bookings").body["data"]
    assert len(bookings) == 10
    assert all(re.fullmatch(r"bk_[A-Za-z0-9]{8}", booking["id"]) for booking in bookings)
    assert all(booking["start_date"] < booking["end_date"] for booking in bookings)
    assert all(
        time.time() - 20 * 365 * 86400 < booking["created"] < time.time() + 5 * 365 * 86400 for booking in bookings
    )


def test_the_documented_booking_exists(boats: Api) -> None:
    shown = boats("GET /bookings/bk_7Hc2Lm0Q")
    assert (shown.status, shown.body["id"]) == (200, "bk_7Hc2Lm0Q")
    assert shown.body in everything(boats)


def test_cursors_lead_through_all_bookings_and_end(boats: Api) -> None:
    bookings = everything(boats, limit=7)
    assert len({booking["id"] for booking in bookings}) == len(bookings) == 25


def test_a_new_booking_is_where_location_says(boats: Api) -> None:
    created = boats("POST /bookings", REQUEST)
    assert (created.status, created.body) == (201, None)
    path = "/bookings/" + created.headers["location"].rpartition("/bookings/")[2]
    assert re.fullmatch(r"/bookings/bk_[A-Za-z0-9]{8}", path)
    booking = boats(f"GET {path}").body
    assert {name: booking[name] for name in REQUEST} == REQUEST
    assert path.endswith(booking["id"])
    bookings = everything(boats)
    assert (len(bookings), booking in bookings) == (26, True)


def test_bookings_are_filtered(boats: Api) -> None:
    by_state = {state: everything(boats, state=state) for state in ("pending", "confirmed", "cancelled")}
    assert all(booking["state"] == state for state, bookings in by_state.items() for booking in bookings)
    assert sum(map(len, by_state.values())) == 25


def test_a_change_stays(boats: Api) -> None:
    before = boats("GET /bookings").body["data"][2]
    path = f"/bookings/{before['id']}"
    changed = boats(f"PATCH {path}", {"guests": 9, "state": "confirmed"})
    assert changed.body == {**before, "guests": 9, "state": "confirmed"} == boats(f"GET {path}").body
    assert changed.body in everything(boats, state="confirmed")


def test_a_deleted_booking_is_gone(boats: Api) -> None:
    booking = boats("GET /bookings").body["data"][0]
    path = f"/bookings/{booking['id']}"
    assert boats(f"DELETE {path}").status == 202
    gone = boats(f"GET {path}")
    assert (gone.status, set(gone.body)) == (404, {"error"})
    assert gone.body["error"]["message"]
    assert booking["id"] not in [booking["id"] for booking in everything(boats)]
