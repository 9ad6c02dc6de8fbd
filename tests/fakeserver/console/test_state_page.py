"""Pages of the state: lists of entities, and one entity."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, extract

from .conftest import CONSOLE, TOKEN

Visit = Callable[[FakeServer], Client]
HOTEL = Path(__file__).parents[1] / "hotel.yaml"


@pytest.fixture(scope="module")
def hotel_contract() -> Contract:
    return extract(str(HOTEL)).contract


@pytest.fixture
def fake(hotel_contract: Contract) -> FakeServer:
    return FakeServer(hotel_contract, Settings(auth=False, nulls="never"), token=TOKEN)


@pytest.fixture
def client(fake: FakeServer, visit: Visit) -> Client:
    return visit(fake)


def shown(client: Client, path: str) -> str:
    reply = client.get(CONSOLE + path)
    assert reply.status_code == 200, reply.text
    return reply.text


def put(client: Client, key: str, values: object, world: str = "") -> None:
    path = f"/__docdouble__/api/entities/{key}?resource=guest&world={world}"
    assert client.put(path, json=values, headers={"Origin": "http://localhost"}).status_code == 200


def test_all_lists_are_shown(client: Client) -> None:
    text = shown(client, "state")
    for name in ("guest", "room", "booking"):
        assert f"resource={name}&amp;world=" in text
    assert "changed" not in text.partition('class="columns"')[2]


def test_a_list_shows_its_entities_and_what_they_refer_to(client: Client) -> None:
    text = shown(client, "state?resource=booking")
    assert "1 to 25 of 25" in text
    assert "resource=booking&amp;world=&amp;key=7" in text
    assert "resource=guest&amp;world=&amp;key=" in text or "resource=room&amp;world=&amp;key=" in text


def test_a_long_list_has_pages(hotel_contract: Contract, visit: Visit) -> None:
    client = visit(FakeServer(hotel_contract, Settings(population=150), token=TOKEN))
    assert "skip=100" in shown(client, "state?resource=guest")
    text = shown(client, "state?resource=guest&skip=100")
    assert "101 to 150 of 150" in text
    assert client.get(f"{CONSOLE}state?resource=guest&skip=-1").status_code == 404


def test_a_changed_entity_is_marked_in_its_world_alone(client: Client) -> None:
    put(client, "3", {}, "mine")
    assert '<span class="tag">changed</span>' in shown(client, "state?resource=guest&world=mine")
    assert '<span class="tag">changed</span>' not in shown(client, "state?resource=guest")


def test_an_entity_is_shown_as_text(fake: FakeServer, client: Client) -> None:
    entity = client.get("/__docdouble__/api/entities/3?resource=guest").json["values"]
    name = next(key for key, value in entity.items() if isinstance(value, str) and " " in value)
    put(client, "3", {**entity, name: "<script>alert(1)</script>"})
    for path in ("state?resource=guest", "entity?resource=guest&key=3"):
        text = shown(client, path)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_new_entity_begins_empty(client: Client) -> None:
    text = shown(client, "entity?resource=guest")
    assert "Add to" in text
    assert 'data-key=""' in text


@pytest.mark.parametrize("path", ["state?resource=none", "entity?resource=guest&key=999", "entity", "entity?resource="])
def test_what_is_not_there(client: Client, path: str) -> None:
    assert client.get(CONSOLE + path).status_code == 404


def test_without_state_that_is_reported(hotel_contract: Contract, visit: Visit) -> None:
    client = visit(FakeServer(hotel_contract, Settings(state="off"), token=TOKEN))
    assert "The state is off" in shown(client, "state")
    assert client.get(f"{CONSOLE}entity?resource=guest&key=1").status_code == 404


def test_worlds_that_were_called_are_offered(fake: FakeServer, client: Client) -> None:
    fake.handle(Call((("Docdouble-World", "mine"),), target="/nowhere"))
    assert '<option value="mine">' in shown(client, "state")
    assert orjson.loads(client.get("/__docdouble__/api/state?world=mine").data) == {"resources": {}}
