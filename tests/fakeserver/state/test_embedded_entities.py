"""Entities in others, views at several paths, several made at once, and actions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract, extract

from .test_path_state import calling

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return extract(str(Path(__file__).parent / "hosting.yaml")).contract


@pytest.fixture
def ask(contract: Contract) -> Ask:
    return calling(FakeServer(contract, Settings()))


def test_an_entity_shows_the_one_whose_key_stands_beside_it(ask: Ask) -> None:
    for site in ask("GET /sites")[1]:
        assert site["customer"]["id"] == site["customerId"]
        assert ask(f"GET /customers/{site['customerId']}")[1] == site["customer"]


def test_an_entity_shows_a_changed_one(ask: Ask) -> None:
    site = ask("GET /sites")[1][0]
    ask(f"PATCH /customers/{site['customerId']}", {"name": "Fjord Ferries"})
    assert ask(f"GET /sites/{site['id']}")[1]["customer"] == {**site["customer"], "name": "Fjord Ferries"}


def test_an_entity_shows_the_new_one_that_a_caller_names(ask: Ask) -> None:
    customer = ask("POST /customers", {"name": "Ada", "city": "Oslo"})[1]
    site = ask("POST /sites", {"title": "Blog", "customerId": customer["id"]})[1]
    assert site["customer"] == customer
    assert ask(f"GET /sites/{site['id']}")[1] == site


def test_an_entity_shows_none_that_was_deleted(ask: Ask) -> None:
    site = ask("GET /sites")[1][0]
    ask(f"DELETE /customers/{site['customerId']}")
    after = ask(f"GET /sites/{site['id']}")[1]
    assert after["customer"] is None or after["customerId"] == after["customer"]["id"] != site["customerId"]


def test_an_entity_shows_the_one_whose_key_a_caller_sends_in_its_place(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "hosting.yaml").read_text(encoding="utf-8")
    sent = "{title: {type: string}, customer: {type: string}}"
    path = tmp_path / "hosting.yaml"
    path.write_text(text.replace("{title: {type: string}, customerId: {type: string, format: uuid}}", sent))
    ask = calling(FakeServer(extract(str(path)).contract, Settings()))
    customer = ask("POST /customers", {"name": "Ada", "city": "Oslo"})[1]
    for number in range(8):
        site = ask("POST /sites", {"title": f"Blog {number}", "customer": customer["id"]})[1]
        assert (site["customer"], site["customerId"]) == (customer, customer["id"])


def test_what_is_made_below_another_is_read_at_the_top(ask: Ask) -> None:
    site, other = (site["id"] for site in ask("GET /sites")[1][:2])
    made = ask(f"POST /sites/{site}/deploys", {"branch": "main"})[1]
    assert (made["branch"], made["site_id"]) == ("main", site)
    assert ask(f"GET /deploys/{made['id']}")[1] == made
    assert ask(f"GET /sites/{site}/deploys/{made['id']}")[1] == made
    assert made in ask(f"GET /sites/{site}/deploys")[1]
    assert made["id"] not in [deploy["id"] for deploy in ask(f"GET /sites/{other}/deploys")[1]]
    assert ask(f"GET /sites/{other}/deploys/{made['id']}")[0] == 404
    assert ask(f"DELETE /deploys/{made['id']}")[0] == 204
    assert ask(f"GET /sites/{site}/deploys/{made['id']}")[0] == 404


def test_rows_below_another_name_that(ask: Ask) -> None:
    site = ask("GET /sites")[1][0]["id"]
    assert {deploy["site_id"] for deploy in ask(f"GET /sites/{site}/deploys")[1]} == {site}
    assert {domain.get("siteId", site) for domain in ask(f"GET /sites/{site}/domains")[1]} == {site}


def test_a_few_stand_below_each(contract: Contract, ask: Ask) -> None:
    counts = {len(ask(f"GET /sites/{site['id']}/domains")[1]) for site in ask("GET /sites")[1]}
    assert counts == {2, 3, 4, 5}
    site = ask("GET /sites")[1][0]["id"]
    new = ask(f"POST /sites/{site}/domains", {"name": "ferries"})[1]
    before = ask(f"GET /sites/{site}/domains")[1]
    assert new in before
    many = calling(FakeServer(contract, Settings(population=12)))
    assert len(many(f"GET /sites/{many('GET /sites')[1][0]['id']}/domains")[1]) == 12


def test_several_are_made_that_a_member_holds(ask: Ask) -> None:
    status, made = ask("POST /tags", {"tags": [{"label": "red"}, {"label": "blue"}]})
    assert (status, [tag["label"] for tag in made["tags"]]) == (200, ["red", "blue"])
    for tag in made["tags"]:
        assert ask(f"GET /tags/{tag['id']}")[1] == tag
        assert tag in ask("GET /tags")[1]["tags"]


def test_an_action_sets_a_status_that_is_read_only(ask: Ask) -> None:
    tag = ask("POST /tags", {"tags": [{"label": "red"}]})[1]["tags"][0]
    assert tag["status"] == "active"
    assert ask(f"POST /tags/{tag['id']}/actions/archive")[0] == 204
    assert ask(f"GET /tags/{tag['id']}")[1]["status"] == "archived"
