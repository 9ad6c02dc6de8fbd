"""What calls outside of chains create on a server is removed at the end of a run, or named."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request

from docdouble.contracts.cases.order import operations_in_order
from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.engine.successes import Conditions
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.safety.guard import Guard
from docdouble.contracts.safety.run_plan import Profile, plan_of
from docdouble.schemas import Contract, extract

from .small_shop import DOCUMENT, Answer, Shop

THERE = {"id": "9f0b1c52-6f0c-4a53-8f5f-6f6a5a4d9d11", "sku": "tea-01", "title": "Tea", "price": 4}


def contract_of(document: Any, folder: Path) -> Contract:
    (folder / "shop.json").write_text(json.dumps(document))
    return extract(str(folder / "shop.json")).contract


def ran(shop: Shop, contract: Contract, mark: str, *, deletes: bool = True) -> Runner:
    """Verify the shop, without its own deletes where these are left out, and tear down."""
    budget = Budget(max_examples=0, boundaries=5)
    skipped = {} if deletes else {operation.id: "" for operation in contract.operations if operation.method == "DELETE"}
    plan = plan_of(contract, Profile.FULL, skipped, ())
    transport = Transport(WsgiTarget(shop), Guard(plan, contract), budget)
    runner = Runner(contract, transport, budget, conditions=Conditions(mark=mark))
    runner.run(operations_in_order(plan.operations, contract), lambda event: None)
    assert transport.tear_down() == ()
    return runner


def stored(shop: Shop) -> list[Any]:
    """What can still be asked for: what was in a product is gone with it."""
    return [row for kind in ("/products", "/customers", "/coupons") for row in shop.rows[kind].values()]


@pytest.mark.parametrize(("mark", "stays"), [("", True), ("a1b2", False)])
def test_what_a_run_creates_on_a_server_is_removed_at_its_end(tmp_path: Path, mark: str, stays: bool) -> None:
    shop = Shop()
    runner = ran(shop, contract_of(DOCUMENT, tmp_path), mark)
    assert bool(stored(shop)) is stays
    assert runner.successes.staying == []


def test_what_was_there_before_stays(tmp_path: Path) -> None:
    shop = Shop()
    shop.rows["/products"][THERE["id"]] = dict(THERE)
    ran(shop, contract_of(DOCUMENT, tmp_path), "a1b2", deletes=False)
    assert [row["id"] for row in stored(shop)] == [THERE["id"]]


def test_what_nothing_removes_is_named(tmp_path: Path) -> None:
    document: Any = deepcopy(DOCUMENT)
    for path in document["paths"].values():
        path.pop("delete", None)
    shop = Shop()
    runner = ran(shop, contract_of(document, tmp_path), "a1b2")
    assert {"POST /products", "POST /customers", "POST /coupons"} <= {*runner.successes.staying}


class Trusting(Shop):
    """A shop that takes any price for a product, and remembers which it has shown."""

    shown: set[float]

    def _sent(self, request: Request, kind: str) -> dict[str, Any]:
        price = (request.get_json(silent=True) or {}).get("price") if kind == "products" else None
        if request.method != "POST" or not isinstance(price, int):
            return super()._sent(request, kind)
        return {"sku": "tea-01", "title": "Tea", "price": price}

    def _list(self, request: Request, whole: list[str], rows: dict[str, Any], sent: dict[str, Any]) -> Answer:
        if request.method == "GET" and whole[-1] == "products":
            self.shown |= {row["price"] for row in rows.values()}
        elif whole[-1] == "products":
            sent = {**sent, "sku": f"tea-{self.made}"}
        return super()._list(request, whole, rows, sent)


def test_what_a_broken_request_made_is_removed_before_a_list_shows_it(tmp_path: Path) -> None:
    shop = Trusting()
    shop.shown = set()
    ran(shop, contract_of(DOCUMENT, tmp_path), "a1b2")
    assert shop.shown
    assert all(0 <= price <= 100000 for price in shop.shown)
