"""Writes that stick: what one call changes, all others show."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract
from docdouble.schemas.resources.infer_roles import with_resources

from ..conftest import MakeContract
from ..desk import JSON_PATCH, MERGE_PATCH, Desk, elsewhere


def test_there_are_as_many_of_each_kind_as_asked_for(hotel: Contract) -> None:
    desk = Desk(FakeServer(hotel, Settings(population=4)))
    assert [room["RoomId"] for room in desk("GET /rooms")] == [1, 2, 3, 4]
    assert desk.status("GET /rooms/4") == 200
    assert desk.status("GET /rooms/5") == 404
    assert {booking["Guest"]["GuestId"] for booking in desk("GET /bookings") if booking["Guest"]} <= {1, 2, 3, 4}


def test_what_a_request_without_its_own_key_refers_to_is_kept(make_contract: MakeContract) -> None:
    order = {"$ref": "#/components/schemas/Order"}
    content = {"content": {"application/json": {"schema": order}}}
    rows = {"type": "array", "items": order}
    listed = {"200": {"description": "", "content": {"application/json": {"schema": rows}}}}
    paths = {
        "/orders": {
            "get": {"responses": listed},
            "post": {"requestBody": content, "responses": {"201": {"description": "", **content}}},
        }
    }
    whole = {"type": "integer"}
    properties = {"portId": whole, "id": {**whole, "readOnly": True}}
    contract = make_contract(paths, schemas={"Order": {"type": "object", "properties": properties}})
    desk = Desk(FakeServer(with_resources(contract), Settings(population=2)))
    assert json.loads(desk.reply("POST /orders", {"portId": 77}).body) == {"portId": 77, "id": 3}


def test_without_a_population_everything_is_the_callers(hotel: Contract) -> None:
    desk = Desk(FakeServer(hotel, Settings(population=0)))
    assert (desk("GET /rooms"), desk("GET /guests/default")["Room"]) == ([], None)
    assert desk("POST /guests", {"Name": "Ada"})["Bookings"] == []
    assert desk("GET /guests/1")["Room"] is None
    assert desk("POST /rooms", {"Name": "Attic"})["RoomId"] == 1
    assert [room["Name"] for room in desk("GET /rooms")] == ["Attic"]


def test_what_samples_name_is_there_at_first(make_contract: MakeContract) -> None:
    """A request that the documentation shows succeeds, whatever the population."""

    def answer(schema: dict[str, Any]) -> dict[str, Any]:
        return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}

    order = {"$ref": "#/components/schemas/Order"}
    sent = {"content": {"application/json": {"schema": order, "example": {"id": 98, "note": "fragile"}}}}
    variable = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, "example": 4711}
    paths = {
        "/orders": {
            "get": {"responses": answer({"type": "array", "items": order})},
            "post": {"requestBody": sent, "responses": answer(order)},
        },
        "/orders/{id}": {
            "get": {"parameters": [variable], "responses": answer(order)},
            "put": {"parameters": [variable], "requestBody": sent, "responses": answer(order)},
            "delete": {"parameters": [variable], "responses": {"204": {"description": ""}}},
        },
    }
    properties = {"id": {"type": "integer"}, "note": {"type": "string"}}
    contract = make_contract(paths, schemas={"Order": {"type": "object", "properties": properties}})
    desk = Desk(FakeServer(with_resources(contract), Settings(population=2)))
    assert [order["id"] for order in desk("GET /orders")] == [1, 2, 98, 4711]
    assert desk("GET /orders/4711")["id"] == 4711
    assert desk("POST /orders", {"note": "urgent"})["id"] == 3
    desk("DELETE /orders/4711")
    assert desk.status("GET /orders/4711") == 404
    assert [order["id"] for order in desk("GET /orders")] == [1, 2, 3, 98]


def test_what_is_not_there_is_reported(desk: Desk) -> None:
    reply = desk.reply("GET /guests/999")
    assert reply.status == 404
    assert json.loads(reply.body)["detail"] == "there is no guest 999"


def test_without_state_every_id_exists(hotel: Contract) -> None:
    desk = Desk(FakeServer(hotel, Settings(state="off")))
    desk("DELETE /guests/7")
    assert desk("GET /guests/4711")["GuestId"] == 4711
    assert desk("GET /guests/7")["GuestId"] == 7


class TestCreate:
    def test_the_new_one_has_the_next_id_and_is_there(self, desk: Desk) -> None:
        made = desk("POST /guests", {"Name": "Ada"})
        assert (made["GuestId"], made["Name"]) == (26, "Ada")
        assert desk("GET /guests/26") == made
        assert made in desk("GET /guests")

    def test_what_is_not_sent_is_made_up(self, desk: Desk) -> None:
        made = desk("POST /guests", {"Name": "Ada"})
        assert "@" in made["Email"]
        assert made["Address"]["City"]

    def test_what_is_sent_of_an_object_is_completed(self, desk: Desk) -> None:
        address = desk("POST /guests", {"Address": {"City": "Oslo"}})["Address"]
        assert address["City"] == "Oslo"
        assert address["Street"]

    def test_an_object_has_every_documented_property_and_no_other(self, desk: Desk) -> None:
        whole = desk("GET /guests/1")["Address"].keys()
        for sent in ({}, {"City": "Bergen", "Planet": "Earth"}):
            assert desk("POST /guests", {"Name": "Ada", "Address": sent})["Address"].keys() == whole

    @pytest.mark.parametrize("guest", [{}, {"GuestId": 0}, {"GuestId": -1}])
    def test_a_reference_to_nothing_has_every_documented_property(self, desk: Desk, guest: Any) -> None:
        whole = desk("GET /bookings/1")["Guest"].keys()
        assert desk("POST /bookings", {"Guest": guest})["Guest"].keys() == whole

    def test_null_stays_null(self, desk: Desk) -> None:
        made = desk("POST /guests", {"Address": None, "Room": None})
        assert desk(f"GET /guests/{made['GuestId']}")["Address"] is None
        assert desk("POST /Agents/Guest/GetGuestList", [made["GuestId"]])[0]["RoomId"] == 0

    def test_an_id_that_is_sent_to_a_family_of_pages_does_not_count(self, hotel: Contract) -> None:
        desk = Desk(FakeServer(replace(hotel, dialect="superoffice"), Settings(nulls="never")))
        assert desk("POST /guests", {"GuestId": 3})["GuestId"] == 26

    @pytest.mark.parametrize("number", [77, 3, 2**31 - 1])
    def test_a_number_that_no_caller_used_may_be_chosen(self, desk: Desk, number: int) -> None:
        made = desk("POST /guests", {"GuestId": number, "Name": "Ada"})
        assert (made["GuestId"], made["Name"]) == (number, "Ada")
        assert desk(f"GET /guests/{number}") == made
        assert [guest["Name"] for guest in desk("GET /guests") if guest["GuestId"] == number] == ["Ada"]

    def test_a_number_that_a_caller_used_is_not_given_twice(self, desk: Desk) -> None:
        assert desk("POST /guests", {"GuestId": 77, "Name": "Ada"})["GuestId"] == 77
        assert desk("POST /guests", {"GuestId": 77, "Name": "Bo"})["GuestId"] == 78
        assert desk("GET /guests/77")["Name"] == "Ada"
        desk("DELETE /guests/77")
        assert desk("POST /guests", {"GuestId": 77, "Name": "Cy"})["GuestId"] == 77

    def test_numbers_that_follow_are_those_after_the_usual_ones(self, desk: Desk) -> None:
        desk("POST /guests", {"GuestId": 2**31 - 1})
        assert desk("POST /guests", {"Name": "Bo"})["GuestId"] == 26

    def test_the_ids_of_deleted_ones_do_not_come_again(self, desk: Desk) -> None:
        desk("POST /rooms", {})
        desk("DELETE /rooms/26")
        assert desk("POST /rooms", {})["RoomId"] == 27


class TestSave:
    SAVE = "POST /Agents/Guest/SaveGuestEntity"

    @pytest.mark.parametrize("key", [{}, {"GuestId": 0}])
    def test_without_a_key_one_is_created(self, desk: Desk, key: dict[str, int]) -> None:
        assert desk(self.SAVE, {**key, "Name": "Ada"})["GuestId"] == 26

    def test_with_a_known_key_it_is_changed(self, desk: Desk) -> None:
        before = desk("GET /guests/7")
        saved = desk(self.SAVE, {"GuestId": 7, "Name": "Ada"})
        assert saved == desk("GET /guests/7") == {**before, "Name": "Ada", **elsewhere(saved)}

    def test_with_an_unknown_key_nothing_happens(self, desk: Desk) -> None:
        assert desk.status(self.SAVE, {"GuestId": 99, "Name": "Ada"}) == 404
        assert len(desk("GET /guests")) == 25

    def test_a_draft_is_kept_when_it_is_saved(self, desk: Desk) -> None:
        for label in ("POST /Agents/Guest/CreateDefaultGuestEntity", "GET /guests/default"):
            draft = desk(label)
            assert draft["GuestId"] == 0
        assert len(desk("GET /guests")) == 25
        saved = desk(self.SAVE, draft)
        kept = draft.keys() - {"GuestId", "CreatedDate", "UpdatedDate", "UpdatedBy", "Bookings"}
        assert {name: saved[name] for name in kept} == {name: draft[name] for name in kept}


class TestUpdate:
    def test_what_is_not_sent_stays(self, desk: Desk) -> None:
        before = desk("GET /guests/7")
        after = desk("PUT /guests/7", {"Name": "Ada", "Address": {"City": "Oslo"}})
        address = {**before["Address"], "City": "Oslo"}
        assert after == {**before, "Name": "Ada", "Address": address, **elsewhere(after)}
        assert desk("GET /guests/7") == after

    @pytest.mark.parametrize("moment", ["2027-01-02T10:00:00", "2027-01-02T10:00:00Z", "0001-01-01T00:00:00"])
    def test_a_date_needs_no_offset(self, desk: Desk, moment: str) -> None:
        assert desk("PUT /bookings/7", {"Arrival": moment})["Arrival"] == moment
        assert desk("GET /bookings/7")["Arrival"] == moment

    def test_a_whole_number_may_be_written_with_a_fraction(self, desk: Desk) -> None:
        room = desk("PUT /guests/7", {"Room": {"RoomId": 3.0}})["Room"]
        assert (repr(room["RoomId"]), room["Name"]) == ("3", desk("GET /rooms/3")["Name"])
        assert desk("POST /Agents/Guest/SaveGuestEntity", {"GuestId": 3.0, "Name": "Ada"})["GuestId"] == 3

    def test_what_is_sent_back_as_it_was_read_says_nothing(self, desk: Desk) -> None:
        desk("PUT /guests/7", desk("GET /guests/7"))
        desk("POST /Agents/Booking/SaveBookingEntity", desk("GET /bookings/7"))
        assert desk.app.worlds is not None
        stated = {row.resource: set(row.values or {}) for row in desk.app.worlds.world("").rows()}
        assert stated == {
            "guest": {"updateddate", "updatedbyid"},
            "booking": {"updateddate", "updatedbyid"},
        }

    def test_what_no_type_has_is_not_kept(self, desk: Desk) -> None:
        desk("PUT /rooms/7", {"Junk": "x"})
        assert desk.app.worlds is not None
        assert [set(row.values or {}) for row in desk.app.worlds.world("").rows()] == [{"updatedbyid"}]

    def test_what_was_taken_away_can_be_given_back(self, desk: Desk) -> None:
        assert desk("PUT /guests/7", {"Room": None})["Room"] is None
        assert desk("PUT /guests/7", {"Room": {"RoomId": 3}})["Room"]["RoomId"] == 3

    def test_the_path_says_which(self, desk: Desk) -> None:
        assert desk("PUT /rooms/7", {"RoomId": 9, "Name": "Attic"})["RoomId"] == 7
        assert desk("GET /rooms/9")["Name"] != "Attic"

    def test_what_the_server_keeps_is_kept(self, desk: Desk) -> None:
        before = desk("GET /guests/7")
        sent = {"CreatedDate": "1999-01-01T00:00:00Z", "UpdatedDate": "1999-01-01T00:00:00Z", "UpdatedBy": None}
        after = desk("PUT /guests/7", sent)
        assert after["CreatedDate"] == before["CreatedDate"]
        changed = datetime.fromisoformat(after["UpdatedDate"])
        assert abs((datetime.now(UTC) - changed).total_seconds()) < 60
        assert after["UpdatedBy"]["ClerkId"] == 1

    @pytest.mark.parametrize("number", [1, 25])
    def test_the_first_change_of_one_that_was_there_is_no_creation(self, desk: Desk, number: int) -> None:
        before = desk(f"GET /guests/{number}")
        after = desk(f"PUT /guests/{number}", {**before, "Name": "Ada"})
        assert after["CreatedDate"] == before["CreatedDate"]
        assert after["UpdatedDate"] > before["UpdatedDate"]
        made = desk("POST /guests", {"Name": "Ada"})
        assert (made["GuestId"], made["CreatedDate"]) == (26, made["UpdatedDate"])

    def test_two_changes_of_one_second_can_be_distinguished(self, desk: Desk) -> None:
        moments = [desk("PUT /guests/7", {"Name": name})["UpdatedDate"] for name in "abc"]
        assert sorted(set(moments)) == moments

    def test_what_is_not_there_is_not_made(self, desk: Desk) -> None:
        assert desk.status("PUT /rooms/99", {"Name": "Attic"}) == 404
        assert desk.status("GET /rooms/99") == 404

    def test_a_stale_condition_stops_it(self, desk: Desk) -> None:
        read = desk.reply("GET /guests/7").header("Last-Modified") or ""
        desk("PUT /guests/7", {"Name": "first"}, If_Unmodified_Since=read)
        assert desk.status("PUT /guests/7", {"Name": "second"}, If_Unmodified_Since=read) == 412
        patch: dict[str, Any] = {"body": {"Name": "second"}, "Content_Type": MERGE_PATCH}
        assert desk.status("PATCH /guests/7", **patch, If_Unmodified_Since=read) == 412
        assert desk("GET /guests/7")["Name"] == "first"

    def test_the_new_date_is_in_the_answer(self, desk: Desk) -> None:
        reply = desk.reply("PUT /guests/7", {"Name": "Ada"})
        updated = datetime.fromisoformat(json.loads(reply.body)["UpdatedDate"])
        assert parsedate_to_datetime(reply.header("Last-Modified") or "") == updated


class TestPatch:
    def test_operations_change_what_is_there(self, desk: Desk) -> None:
        patch = [{"op": "replace", "path": "/Name", "value": "Ada"}, {"op": "add", "path": "/Tags/-", "value": "vip"}]
        before = desk("GET /guests/7")
        after = desk("PATCH /guests/7", patch, Content_Type=JSON_PATCH)
        assert (after["Name"], after["Tags"]) == ("Ada", [*before["Tags"], "vip"])
        assert desk("GET /guests/7") == after

    def test_a_test_that_fails_changes_nothing(self, desk: Desk) -> None:
        patch = [
            {"op": "replace", "path": "/Name", "value": "Ada"},
            {"op": "test", "path": "/Email", "value": "nobody"},
        ]
        before = desk("GET /guests/7")
        assert desk.status("PATCH /guests/7", patch, Content_Type=JSON_PATCH) == 409
        assert desk("GET /guests/7") == before

    def test_a_merge_changes_what_it_names(self, desk: Desk) -> None:
        before = desk("GET /guests/7")
        after = desk("PATCH /guests/7", {"Name": "Ada", "Address": {"City": "Oslo"}}, Content_Type=MERGE_PATCH)
        assert after["Address"] == {**before["Address"], "City": "Oslo"}
        assert desk("GET /guests/7") == after

    @pytest.mark.parametrize(
        ("content_type", "patch"),
        [
            (JSON_PATCH, [{"op": "remove", "path": "/Rank"}, {"op": "remove", "path": "/Name"}]),
            (MERGE_PATCH, {"Rank": None, "Name": None}),
        ],
    )
    def test_what_is_removed_is_null_where_it_may_be_and_goneelsewhere(
        self, desk: Desk, content_type: str, patch: Any
    ) -> None:
        desk("PATCH /rooms/7", patch, Content_Type=content_type)
        after = desk("GET /rooms/7")
        assert (after["Rank"], after["Name"]) == (None, None)
        assert desk("PUT /rooms/7", {"Name": "Attic"})["Name"] == "Attic"


class TestDelete:
    def test_it_is_gone(self, desk: Desk) -> None:
        assert desk.reply("DELETE /guests/7").status == 204
        assert desk.status("GET /guests/7") == 404
        assert desk.status("PUT /guests/7", {}) == 404
        assert 7 not in [guest["GuestId"] for guest in desk("GET /guests")]
        assert desk("POST /Agents/Guest/GetGuestList", [6, 7, 8, 8])[1]["GuestId"] == 8

    def test_what_is_gone_is_answered_as_documented(self, desk: Desk) -> None:
        assert desk.status("DELETE /guests/99") == 404
        assert desk.status("POST /Agents/Guest/DeleteGuestEntity?guestEntityId=99") == 204

    def test_what_referred_to_it_shows_nothing(self, desk: Desk) -> None:
        booking = next(booking for booking in desk("GET /bookings") if booking["Guest"])
        desk(f"DELETE /guests/{booking['Guest']['GuestId']}")
        assert desk(f"GET /bookings/{booking['BookingId']}")["Guest"] is None
