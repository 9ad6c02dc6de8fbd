"""Writes that stick: what one call changes, all others show."""

import gc
import json
import weakref
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Operation, Reply

JSON_PATCH, MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"


@pytest.fixture
def app(hotel: Contract) -> FakeServer:
    return FakeServer(hotel, Settings(nulls="never"))


class Desk:
    """Calls a fake; names of header fields are written with underscores."""

    def __init__(self, app: FakeServer) -> None:
        self.app = app

    def reply(self, label: str, body: Any = None, **fields: str) -> Reply:
        method, target = label.split(" ", 1)
        headers = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): text for name, text in fields.items()},
        }
        sent = b"" if body is None else json.dumps(body).encode()
        return self.app.handle(
            Call(tuple(headers.items()) if sent else tuple(headers.items())[1:], sent, method, target)
        )

    def __call__(self, label: str, body: Any = None, **fields: str) -> Any:
        reply = self.reply(label, body, **fields)
        assert reply.status in (200, 204), (reply.status, reply.body)
        return json.loads(reply.body) if reply.body else None

    def status(self, label: str, body: Any = None, **fields: str) -> int:
        return self.reply(label, body, **fields).status


@pytest.fixture
def desk(app: FakeServer) -> Desk:
    return Desk(app)


def test_there_are_as_many_of_each_kind_as_asked_for(hotel: Contract) -> None:
    desk = Desk(FakeServer(hotel, Settings(population=4)))
    assert [one["RoomId"] for one in desk("GET /rooms")] == [1, 2, 3, 4]
    assert desk.status("GET /rooms/4") == 200
    assert desk.status("GET /rooms/5") == 404
    assert {one["Guest"]["GuestId"] for one in desk("GET /bookings") if one["Guest"]} <= {1, 2, 3, 4}


def test_without_a_population_everything_is_the_callers(hotel: Contract) -> None:
    desk = Desk(FakeServer(hotel, Settings(population=0)))
    assert desk("GET /rooms") == []
    assert desk("POST /guests", {"Name": "Ada"})["Bookings"] == []
    assert desk("GET /guests/1")["Room"] is None
    assert desk("POST /rooms", {"Name": "Attic"})["RoomId"] == 1
    assert [one["Name"] for one in desk("GET /rooms")] == ["Attic"]


def test_what_is_not_there_is_said(desk: Desk) -> None:
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

    def test_null_stays_null(self, desk: Desk) -> None:
        made = desk("POST /guests", {"Address": None, "Room": None})
        assert desk(f"GET /guests/{made['GuestId']}")["Address"] is None
        assert desk("POST /Agents/Guest/GetGuestList", [made["GuestId"]])[0]["RoomId"] == 0

    def test_an_id_that_is_sent_does_not_count(self, desk: Desk) -> None:
        assert desk("POST /guests", {"GuestId": 3})["GuestId"] == 26

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
        assert saved == desk("GET /guests/7") == {**before, "Name": "Ada", **_elsewhere(saved)}

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
        assert after == {**before, "Name": "Ada", "Address": address, **_elsewhere(after)}
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
        said = {row.resource: set(row.values or {}) for row in desk.app.worlds.world("").rows()}
        assert said == {
            "guest": {"updateddate", "updatedbyid"},
            "booking": {"updateddate", "updatedbyid"},
        }

    def test_what_no_type_has_is_not_kept(self, desk: Desk) -> None:
        desk("PUT /rooms/7", {"Junk": "x"})
        assert desk.app.worlds is not None
        assert [set(row.values or {}) for row in desk.app.worlds.world("").rows()] == [{"updatedbyid"}]

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

    def test_two_changes_of_one_second_can_be_told_apart(self, desk: Desk) -> None:
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
        told = datetime.fromisoformat(json.loads(reply.body)["UpdatedDate"])
        assert parsedate_to_datetime(reply.header("Last-Modified") or "") == told


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
    def test_what_is_removed_is_null_where_it_may_be_and_gone_elsewhere(
        self, desk: Desk, content_type: str, patch: Any
    ) -> None:
        desk("PATCH /rooms/7", patch, Content_Type=content_type)
        after = desk("GET /rooms/7")
        assert after["Rank"] is None
        assert "Name" not in after
        assert desk("PUT /rooms/7", {"Name": "Attic"})["Name"] == "Attic"


class TestDelete:
    def test_it_is_gone(self, desk: Desk) -> None:
        assert desk.reply("DELETE /guests/7").status == 204
        assert desk.status("GET /guests/7") == 404
        assert desk.status("PUT /guests/7", {}) == 404
        assert 7 not in [one["GuestId"] for one in desk("GET /guests")]
        assert desk("POST /Agents/Guest/GetGuestList", [6, 7, 8, 8])[1]["GuestId"] == 8

    def test_what_is_gone_is_answered_as_documented(self, desk: Desk) -> None:
        assert desk.status("DELETE /guests/99") == 404
        assert desk.status("POST /Agents/Guest/DeleteGuestEntity?guestEntityId=99") == 204

    def test_what_referred_to_it_shows_nothing(self, desk: Desk) -> None:
        booking = next(one for one in desk("GET /bookings") if one["Guest"])
        desk(f"DELETE /guests/{booking['Guest']['GuestId']}")
        assert desk(f"GET /bookings/{booking['BookingId']}")["Guest"] is None


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

    def test_an_operation_that_is_not_understood_shows_them_too_and_changes_nothing(self, desk: Desk) -> None:
        before = desk("GET /bookings/7")
        desk("PUT /bookings/7", {"Description": "by the sea"})
        assert desk("POST /Agents/Booking/ConfirmBooking", {"BookingId": 7})["Description"] == "by the sea"
        after = desk("GET /bookings/7")
        assert after == {**before, "Description": "by the sea", **_elsewhere(after)}

    def test_what_belongs_to_it_is_listed_inside_and_below(self, desk: Desk) -> None:
        made = desk("POST /bookings", {"Guest": {"GuestId": 7}})["BookingId"]
        moved = desk("GET /guests/8/bookings")
        for one in moved:
            desk(f"PUT /bookings/{one['BookingId']}", {"Guest": {"GuestId": 7}})
        below = {one["BookingId"] for one in desk("GET /guests/7/bookings")}
        inside = {one["BookingId"] for one in desk("GET /guests/7")["Bookings"]}
        assert {made, *(one["BookingId"] for one in moved)} <= below == inside
        assert desk("GET /guests/8")["Bookings"] == desk("GET /guests/8/bookings") == []

    def test_nothing_is_below_what_is_not_there(self, desk: Desk) -> None:
        assert desk.status("GET /guests/99/bookings") == 404

    def test_an_array_of_entities_shows_them_as_they_are(self, desk: Desk) -> None:
        desk("PUT /rooms/7", {"Neighbours": [{"RoomId": 3, "Name": "as it was"}, {"RoomId": 4}, {"Name": "new"}]})
        desk("PUT /rooms/3", {"Name": "as it is"})
        desk("DELETE /rooms/4")
        assert [one["Name"] for one in desk("GET /rooms/7")["Neighbours"]] == ["as it is", "new"]

    def test_what_refers_to_an_entity_says_so_itself(self, desk: Desk) -> None:
        before = desk("GET /guests/7/bookings")
        desk("PUT /guests/7", {"Bookings": []})
        assert desk("GET /guests/7")["Bookings"] != [] or not before
        assert desk("GET /guests/7/bookings") == before

    def test_a_circle_ends(self, desk: Desk) -> None:
        desk("PUT /rooms/3", {"Neighbours": [{"RoomId": 4}, {"RoomId": 3}]})
        desk("PUT /rooms/4", {"Neighbours": [{"RoomId": 3}]})
        shown = desk("GET /rooms/3")["Neighbours"]
        assert [one["RoomId"] for one in shown] == [4, 3]
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
    preferences = replace(below, id="GuestEntity_Preferences", path="/guests/{id}/preferences")
    desk = Desk(FakeServer(replace(hotel, operations=(*hotel.operations, preferences))))
    assert (desk.status("GET /guests/7/preferences"), desk.status("GET /guests/99/preferences")) == (200, 404)
    desk("DELETE /guests/7")
    assert desk.status("GET /guests/7/preferences") == 404


def test_where_a_new_one_is_read_is_told(hotel: Contract) -> None:
    def created(operation: Operation) -> Operation:
        is_create = operation.id == "Room_Create"
        responses = tuple(replace(one, status="201") for one in operation.responses)
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


def test_earlier_states_of_a_world_are_forgotten(app: FakeServer, desk: Desk) -> None:
    views = []
    for name in "abcde":
        desk("PUT /guests/7", {"Name": name})
        desk("GET /bookings")
        assert app.worlds is not None
        views.append(weakref.ref(app.worlds.world("").view()))
    gc.collect()
    assert [view() is None for view in views] == [True, True, True, True, False]


def test_another_contract_finds_what_was_written(app: FakeServer, hotel: Contract, desk: Desk) -> None:
    desk("PUT /guests/7", {"Name": "Ada"})
    app.replace(replace(hotel, title="another"))
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
        told = [sample] if operation.id == "GuestAgent_GetGuestList" else sample
        return replace(
            operation,
            responses=tuple(
                replace(one, media_types=tuple(replace(each, samples=(told,)) for each in one.media_types))
                for one in operation.responses
            ),
        )

    guests = tuple(with_null(one) if one.id.startswith("Guest") else one for one in hotel.operations)
    desk = Desk(FakeServer(replace(hotel, operations=guests), Settings(nulls="documented")))
    shown = desk("PUT /guests/7", {"Name": "Ada", "Room": {"RoomId": 3}})
    assert (shown["Name"], shown["Room"]["RoomId"], shown["Email"]) == ("Ada", 3, None)
    assert desk("POST /Agents/Guest/GetGuestList", [7])[0]["GuestId"] == 7


def test_too_large_an_entity_is_refused(desk: Desk) -> None:
    reply = desk.reply("PUT /guests/7", {"Name": "x" * (1024 * 1024)})
    assert (reply.status, json.loads(reply.body)["detail"]) == (507, "guest 7 would have more than 1048576 bytes")


def _elsewhere(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what is not the caller's to say: of the server, and of other entities."""
    return {name: shown[name] for name in ("UpdatedDate", "UpdatedBy", "Bookings") if name in shown}
