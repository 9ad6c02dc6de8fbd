"""What callers send of objects is completed."""

from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.state.complete import completed
from docdouble.schemas import Contract, Schema

GUEST: Schema = {"$ref": "#/components/schemas/GuestEntity"}
INSIDE: Schema = {"type": "object", "properties": {"Host": GUEST}}


@pytest.fixture(scope="module")
def sampler(hotel: Contract) -> Sampler:
    return Sampler(hotel)


def test_what_shows_an_entity_is_completed_by_what_is_known_of_it(hotel: Contract, sampler: Sampler) -> None:
    known = sampler.entity("GuestEntity", 3)
    sent = {"GuestId": 3, "Name": "Ada"}
    assert completed({"Host": sent}, INSIDE, hotel, sampler) == {"Host": {**known, **sent}}


def test_items_that_show_what_callers_may_change_stay_as_they_are(hotel: Contract, sampler: Sampler) -> None:
    schema = {"type": "array", "items": GUEST}
    sent: list[Any] = [{"GuestId": 3}, {"GuestId": -1}]
    first, second = completed(sent, schema, hotel, sampler, frozenset({"guest"}))
    assert first == {"GuestId": 3}
    assert second.keys() == sampler.entity("GuestEntity", 1).keys()
    assert [entity.keys() for entity in completed(sent, schema, hotel, sampler)] == [second.keys()] * 2


def test_an_object_is_completed_without_another_look_at_its_schema(hotel: Contract, monkeypatch: Any) -> None:
    sampler = Sampler(hotel)
    first = completed({"Name": "Ada"}, GUEST, hotel, sampler)
    monkeypatch.setattr(sampler, "_draw", pytest.fail)
    assert completed({"Name": "Ada"}, GUEST, hotel, sampler) == first
