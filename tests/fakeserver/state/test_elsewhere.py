"""Writes that stick, seen from elsewhere: other types, other worlds, other settings."""

import gc
import json
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.sampler.object_sampler import ObjectSampler
from docdouble.schemas import Contract, Operation, Response, extract

from ..desk import JSON_PATCH, Desk, elsewhere


class TestOtherViews:
    def test_another_type_shows_the_new_values(self, desk: Desk) -> None:
        desk("PUT /guests/7", {"Name": "Ada", "Room": {"RoomId": 3}})
        slim = desk("POST /Agents/Guest/GetGuestList", [7])[0]
        assert (slim["Name"], slim["RoomId"], slim["RoomName"]) == ("Ada", 3, desk("GET /rooms/3")["Name"])

    def test_what_refers_to_it_shows_the_new_values(self, desk: Desk) -> None:
        booking = desk("POST /bookings", {"Guest": {"GuestId": 7, "Name": "an old name"}})
        desk("PUT /guests/7", {"Name": "Ada"})
        number = booking["BookingId"]
        assert desk(f"GET /bookings/{number}")["Guest"]["Name"] == "Ada"
        assert desk("POST /Agents/Booking/GetBookingList", [number])[0]["GuestName"] == "Ada"
        assert desk("GET /guests/7")["Name"] == "Ada"

    def test_they_show_every_change(self, desk: Desk) -> None:
        numbers = [desk("POST /bookings", {"Guest": {"GuestId": 7}})["BookingId"] for _ in range(2)]
        desk("PUT /guests/7", {"Room": {"RoomId": 3}})
        for label, body, shown in (
            ("PUT /guests/7", {"Name": "Ada"}, ("Ada", desk("GET /rooms/3")["Name"])),
            ("PUT /rooms/3", {"Name": "Attic"}, ("Ada", "Attic")),
            ("PUT /guests/7", {"Name": "Grace"}, ("Grace", "Attic")),
        ):
            desk(label, body)
            guests = [desk(f"GET /bookings/{number}")["Guest"] for number in numbers]
            assert [(guest["Name"], guest["RoomName"]) for guest in guests] == [shown] * 2

    def test_what_belongs_to_it_is_listed_as_soon_as_it_does(self, desk: Desk) -> None:
        desk("PUT /guests/7", {"Name": "Ada"})
        before = desk("GET /guests/7")["Bookings"]
        number = desk("POST /bookings", {"Guest": {"GuestId": 7}})["BookingId"]
        shown = [booking["BookingId"] for booking in desk("GET /guests/7")["Bookings"]]
        assert shown == [*(booking["BookingId"] for booking in before), number]

    def test_an_operation_that_is_not_understood_shows_them_too_and_changes_nothing(self, desk: Desk) -> None:
        before = desk("GET /bookings/7")
        desk("PUT /bookings/7", {"Description": "by the sea"})
        assert desk("POST /Agents/Booking/ConfirmBooking", {"BookingId": 7})["Description"] == "by the sea"
        after = desk("GET /bookings/7")
        assert after == {**before, "Description": "by the sea", **elsewhere(after)}

    def test_what_belongs_to_it_is_listed_inside_and_below(self, desk: Desk) -> None:
        made = desk("POST /bookings", {"Guest": {"GuestId": 7}})["BookingId"]
        moved = desk("GET /guests/8/bookings")
        for booking in moved:
            desk(f"PUT /bookings/{booking['BookingId']}", {"Guest": {"GuestId": 7}})
        below = {booking["BookingId"] for booking in desk("GET /guests/7/bookings")}
        inside = {booking["BookingId"] for booking in desk("GET /guests/7")["Bookings"]}
        assert {made, *(booking["BookingId"] for booking in moved)} <= below == inside
        assert desk("GET /guests/8")["Bookings"] == desk("GET /guests/8/bookings") == []

    def test_nothing_is_below_what_is_not_there(self, desk: Desk) -> None:
        assert desk.status("GET /guests/99/bookings") == 404

    def test_an_array_of_entities_shows_them_as_they_are(self, desk: Desk) -> None:
        desk("PUT /rooms/7", {"Neighbours": [{"RoomId": 3, "Name": "as it was"}, {"RoomId": 4}, {"Name": "new"}]})
        desk("PUT /rooms/3", {"Name": "as it is"})
        desk("DELETE /rooms/4")
        assert [room["Name"] for room in desk("GET /rooms/7")["Neighbours"]] == ["as it is", "new"]

    def test_what_refers_to_an_entity_says_so_itself(self, desk: Desk) -> None:
        number = desk("POST /bookings", {"Guest": {"GuestId": 7}})["BookingId"]
        desk("PUT /guests/7", {"Bookings": []})
        assert number in [booking["BookingId"] for booking in desk("GET /guests/7")["Bookings"]]
        assert number in [booking["BookingId"] for booking in desk("GET /guests/7/bookings")]

    def test_a_circle_ends(self, desk: Desk) -> None:
        desk("PUT /rooms/3", {"Neighbours": [{"RoomId": 4}, {"RoomId": 3}]})
        desk("PUT /rooms/4", {"Neighbours": [{"RoomId": 3}]})
        shown = desk("GET /rooms/3")["Neighbours"]
        assert [room["RoomId"] for room in shown] == [4, 3]
        assert desk("PUT /rooms/3", {"Neighbours": []})["Neighbours"] == []

    def test_texts_about_what_is_gone_are_empty(self, desk: Desk) -> None:
        number = desk("POST /rooms", {"Name": "Attic"})["RoomId"]
        desk("PUT /guests/7", {"Room": {"RoomId": number}})
        assert desk("POST /Agents/Guest/GetGuestList", [7])[0]["RoomName"] == "Attic"
        desk(f"DELETE /rooms/{number}")
        assert desk("POST /Agents/Guest/GetGuestList", [7])[0]["RoomName"] == ""
        desk("PUT /guests/8", {"Room": None})
        slim = desk("POST /Agents/Guest/GetGuestList", [8])[0]
        assert (slim["RoomId"], slim["RoomName"]) == (0, "")


def test_below_what_is_not_there_nothing_is(hotel: Contract) -> None:
    below = next(operation for operation in hotel.operations if operation.id == "GuestEntity_Bookings")
    responses = (*below.responses, Response("410"))
    preferences = replace(below, id="GuestEntity_Preferences", path="/guests/{id}/preferences", responses=responses)
    desk = Desk(FakeServer(replace(hotel, operations=(*hotel.operations, preferences))))
    assert (desk.status("GET /guests/7/preferences"), desk.status("GET /guests/99/preferences")) == (200, 404)
    assert desk.status("GET /guests/99/preferences", Prefer="code=410") == 410
    desk("DELETE /guests/7")
    assert desk.status("GET /guests/7/preferences") == 404


def test_where_a_new_one_is_read_is_reported(hotel: Contract) -> None:
    def created(operation: Operation) -> Operation:
        is_create = operation.id == "Room_Create"
        responses = tuple(replace(response, status="201") for response in operation.responses)
        return replace(operation, responses=responses) if is_create else operation

    desk = Desk(FakeServer(replace(hotel, operations=tuple(map(created, hotel.operations)))))
    reply = desk.reply("POST /rooms", {"Name": "Attic"})
    assert (reply.status, reply.header("Location")) == (201, "/rooms/26")


def test_what_is_nested_too_deep_to_be_kept_is_refused(hotel: Contract) -> None:
    rooms = {**hotel.schemas["Room"], "properties": {**hotel.schemas["Room"]["properties"], "Plan": {"type": "object"}}}
    desk = Desk(FakeServer(replace(hotel, schemas={**hotel.schemas, "Room": rooms})))
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"inside": deep}
    replies = [
        desk.reply(
            "PATCH /rooms/7",
            [{"op": "add", "path": f"/Plan{'/inside' * depth}", "value": deep}],
            Content_Type=JSON_PATCH,
        )
        for depth in range(0, 400, 40)
    ]
    assert list(dict.fromkeys(reply.status for reply in replies)) == [200, 507, 409]
    refused = next(reply for reply in replies if reply.status == 507)
    assert json.loads(refused.body)["detail"].startswith("room 7 can't be kept")


class TestWorlds:
    def test_each_caller_has_its_own(self, desk: Desk) -> None:
        before = desk("GET /guests/7")
        desk("PUT /guests/7", {"Name": "Ada"}, Docdouble_World="one")
        desk("DELETE /guests/7", Docdouble_World="other")
        assert desk("GET /guests/7", Docdouble_World="one")["Name"] == "Ada"
        assert desk.status("GET /guests/7", Docdouble_World="other") == 404
        assert desk("GET /guests/7") == before

    @pytest.mark.parametrize("name", ["a b", "é", "x" * 65, "../secret"])
    def test_a_name_that_is_none_is_refused(self, desk: Desk, name: str) -> None:
        reply = desk.reply("GET /guests/7", Docdouble_World=name)
        assert reply.status == 400
        assert "Docdouble-World" in json.loads(reply.body)["detail"]


def test_what_nobody_changed_is_not_made_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    draw = ObjectSampler.__call__
    monkeypatch.setattr(
        ObjectSampler, "__call__", lambda record, key, entity: made.append(key) or draw(record, key, entity)
    )
    desk("PUT /guests/1", {"Name": "Ada"})
    desk("GET /guests")
    everything = len(made)
    desk("PUT /guests/2", {"Name": "Grace"})
    made.clear()
    assert [guest["Name"] for guest in desk("GET /guests")][:2] == ["Ada", "Grace"]
    assert 0 < len(made) < everything / 2


@pytest.mark.slow
def test_earlier_states_of_a_world_are_forgotten(desk: Desk) -> None:
    views = []
    for name in "abcde":
        desk("PUT /guests/7", {"Name": name})
        desk("GET /bookings")
        assert desk.app.worlds is not None
        views.append(weakref.ref(desk.app.worlds.world("").view()))
    gc.collect()
    assert [view() is None for view in views] == [True, True, True, True, False]


def test_another_contract_finds_what_was_written(hotel: Contract, desk: Desk) -> None:
    desk("PUT /guests/7", {"Name": "Ada"})
    desk.app.replace(replace(hotel, title="another"))
    assert desk("GET /guests/7")["Name"] == "Ada"


def test_an_example_that_is_preferred_changes_nothing(desk: Desk) -> None:
    before = desk("GET /guests/7")
    desk.reply("DELETE /guests/7?__code=404")
    assert desk("GET /guests/7") == before


def test_the_usual_status_may_be_preferred(desk: Desk) -> None:
    assert desk("PUT /guests/7", {"Name": "Ada"}, Prefer="code=200")["Name"] == "Ada"
    assert desk("GET /guests/7")["Name"] == "Ada"


def test_with_documented_answers_nothing_is_kept(hotel: Contract) -> None:
    desk = Desk(FakeServer(hotel, Settings(answers="documented")))
    desk("DELETE /guests/7")
    assert (desk.status("GET /guests/7"), desk.app.worlds) == (200, None)


def test_where_samples_are_null_what_was_written_is_not(hotel: Contract) -> None:
    def with_null(operation: Operation) -> Operation:
        sample = {"GuestId": 1, "Name": None, "Email": None, "Room": None, "RoomName": None}
        shown = [sample] if operation.id == "GuestAgent_GetGuestList" else sample
        return replace(
            operation,
            responses=tuple(
                replace(response, media_types=tuple(replace(each, samples=(shown,)) for each in response.media_types))
                for response in operation.responses
            ),
        )

    guests = tuple(
        with_null(operation) if operation.id.startswith("Guest") else operation for operation in hotel.operations
    )
    desk = Desk(FakeServer(replace(hotel, operations=guests), Settings(nulls="documented")))
    shown = desk("PUT /guests/7", {"Name": "Ada", "Room": {"RoomId": 3}})
    assert (shown["Name"], shown["Room"]["RoomId"], shown["Email"]) == ("Ada", 3, None)
    assert desk("POST /Agents/Guest/GetGuestList", [7])[0]["GuestId"] == 7


def test_null_is_kept_where_nothing_is_documented_of_it() -> None:
    contact = extract(str(Path(__file__).parents[1] / "contact")).contract
    desk = Desk(FakeServer(contact, Settings(auth=False)))
    made = desk("POST /api/v1/Contact", {"Name": "Fjord Ferries", "Department": None})
    assert (made["Name"], made["Department"]) == ("Fjord Ferries", None)
    assert desk(f"GET /api/v1/Contact/{made['ContactId']}") == made


def test_too_large_an_entity_is_refused(desk: Desk) -> None:
    reply = desk.reply("PUT /guests/7", {"Name": "x" * (1024 * 1024)})
    assert (reply.status, json.loads(reply.body)["detail"]) == (507, "guest 7 would have more than 1048576 bytes")
