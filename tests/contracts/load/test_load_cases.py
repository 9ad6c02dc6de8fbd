"""Calls of users: about what lists have shown, valid, and guessed once only."""

import pytest

from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Contract, Reply
from docdouble.schemas.openapi.reader import from_openapi

from .loaded import LoadedFake

NUMBER = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]


def test_a_read_is_about_what_a_list_has_shown(hotel: Contract) -> None:
    fake = LoadedFake(hotel)
    listed = fake.call("GuestEntity_List")
    assert listed
    keys = {row["GuestId"] for row in listed.json}
    read = [fake.call("GuestEntity_Get") for _ in range(30)]
    asked = {int(exchange.call.path.rpartition("/")[2]) for exchange in read if exchange}
    assert asked <= keys
    assert len(asked) > 1
    assert all(exchange and exchange.reply.status == 200 for exchange in read)


def test_what_is_gone_is_not_asked_for_again(hotel: Contract) -> None:
    fake = LoadedFake(hotel, lambda case, reply: Reply(status=404) if "/guests/" in case.call.path else reply)
    fake.call("GuestEntity_List")
    for _ in range(100):
        fake.call("GuestEntity_Get")
    asked = [case.call.path for case in fake.sent if case.operation.id == "GuestEntity_Get"]
    assert len(asked) == len(set(asked)) > 1


def test_calls_are_valid(hotel: Contract) -> None:
    fake = LoadedFake(hotel)
    for _ in range(3):
        for task in fake.load.tasks.tasks:
            fake.call(task.operation.id)
    assert len(fake.sent) > 30
    assert all(fake.load.cases._maker.purposes.of(case.operation, case.call) is Purpose.VALID for case in fake.sent)


def test_an_id_that_nobody_knows_is_guessed_until_that_is_in_vain() -> None:
    there = {"operationId": "weather", "responses": {"200": {"description": "OK"}}}
    paths = {"/weather/{id}": {"parameters": NUMBER, "get": there}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    contract = from_openapi(document)
    guessing = LoadedFake(contract)
    assert guessing.call("weather")
    assert guessing.call("weather")
    vain = LoadedFake(contract, lambda case, reply: Reply(status=404))
    assert vain.call("weather")
    assert vain.call("weather") is None


@pytest.mark.parametrize("mark", ["", "other"])
def test_chains_of_two_users_have_texts_of_their_own(hotel: Contract, mark: str) -> None:
    fake = LoadedFake(hotel)
    fake.chain("GuestEntity_Create", "first")
    fake.chain("GuestEntity_Create", mark or "first")
    created = [case.call.body for case in fake.sent if case.operation.id == "GuestEntity_Create"]
    assert (len(set(created)) == 2) == bool(mark)
