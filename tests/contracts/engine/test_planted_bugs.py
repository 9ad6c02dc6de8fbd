"""Bugs of a small shop that keeps data: each is found, and the shop without one is silent."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.cases.order import operations_in_order
from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.events import Event, OperationResult
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.safety.guard import Guard
from docdouble.contracts.safety.run_plan import Profile, plan_of
from docdouble.schemas import Contract, extract

from .small_shop import DOCUMENT, Shop

KINDS = ("products", "customers", "reviews")

BUGS = {
    "PUT is not stored": "written-read",
    "PATCH is not stored": "written-read",
    "loses a text": "written-read",
    "DELETE does nothing": "deleted-gone",
    "null in a read": "null",
    "null in a list": "null",
    "create is not stored": "created-listed",
}


@pytest.fixture(scope="module")
def shop_contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    file: Path = tmp_path_factory.mktemp("shop") / "shop.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return extract(str(file)).contract


def findings_of(shop: Any, contract: Contract, budget: Budget) -> list[Finding]:
    results: list[OperationResult] = []

    def keep(event: Event) -> None:
        if isinstance(event, OperationResult):
            results.append(event)

    guard = Guard(plan_of(contract, Profile.FULL, {}, ()), contract)
    transport = Transport(WsgiTarget(shop), guard, budget)
    Runner(contract, transport, budget).run(operations_in_order(contract.operations, contract), keep)
    transport.tear_down()
    return [finding for result in results for finding in result.findings]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_right_shop_gets_neither_errors_nor_warnings(shop_contract: Contract, seed: int) -> None:
    shop = Shop()
    findings = findings_of(shop, shop_contract, Budget(max_examples=3, seed=seed))
    assert [finding for finding in findings if finding.severity is not Severity.NOTE] == []
    answered = {(method, path.count("/"), path.split("/")[1]) for method, path, status in shop.calls if status < 300}
    lists = {(method, 1, kind) for method in ("GET", "POST") for kind in ("products", "customers", "coupons")}
    items = {(method, 2, kind) for method in ("GET", "PUT", "PATCH", "DELETE") for kind in ("products", "customers")}
    items |= {(method, 2, "coupons") for method in ("GET", "PUT", "DELETE")}
    nested = {("GET", 3), ("POST", 3), *((method, 4) for method in ("GET", "PUT", "PATCH", "DELETE"))}
    items |= {(method, 1, "settings") for method in ("GET", "PUT")}
    assert answered == lists | items | {(method, depth, "products") for method, depth in nested}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("bug", "check"), BUGS.items())
def test_each_planted_bug_is_an_error(shop_contract: Contract, kind: str, bug: str, check: str) -> None:
    findings = findings_of(Shop(f"{kind} {bug}"), shop_contract, Budget(max_examples=0, boundaries=2))
    assert check in {finding.check for finding in findings if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("bug", ["PUT is not stored", "DELETE does nothing", "create is not stored"])
def test_bugs_of_what_has_a_key_that_callers_choose(shop_contract: Contract, bug: str) -> None:
    """No reply tells the key, and a change has nothing but a number."""
    findings = findings_of(Shop(f"coupons {bug}"), shop_contract, Budget(max_examples=0, boundaries=2))
    assert BUGS[bug] in {finding.check for finding in findings if finding.severity is Severity.ERROR}


def test_a_change_of_what_nobody_creates_is_read_again(shop_contract: Contract) -> None:
    findings = findings_of(Shop("settings PUT is not stored"), shop_contract, Budget(max_examples=0, boundaries=2))
    assert ("written-read", Severity.ERROR) in {(finding.check, finding.severity) for finding in findings}


@pytest.mark.parametrize("bug", ["customers DELETE", "products POST", "coupons POST", "reviews PUT", "reviews GET"])
def test_operations_that_anybody_may_call_are_errors(shop_contract: Contract, bug: str) -> None:
    """What was removed or created with credentials can't be a second time."""
    findings = findings_of(Shop(f"{bug} asks for no credentials"), shop_contract, Budget(max_examples=0, boundaries=2))
    assert ("credentials", "missing") in {
        (finding.check, finding.rule) for finding in findings if finding.severity is Severity.ERROR
    }


def test_what_can_be_read_once_only_is_found(shop_contract: Contract) -> None:
    findings = findings_of(Shop("products can be read once"), shop_contract, Budget(max_examples=0, boundaries=2))
    assert ("repeatable", "status") in {(finding.check, finding.rule) for finding in findings}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_list_leaves_out_is_a_warning(shop_contract: Contract, kind: str) -> None:
    findings = findings_of(Shop(f"{kind} not listed"), shop_contract, Budget(max_examples=0, boundaries=2))
    assert ("created-listed", Severity.WARNING) in {(finding.check, finding.severity) for finding in findings}


@pytest.mark.parametrize("bug", ["", "products PUT is not stored"])
def test_a_better_request_takes_the_place_of_a_refused_one(shop_contract: Contract, bug: str) -> None:
    shop = Shop(bug, least_price=7777)
    findings = findings_of(shop, shop_contract, Budget(max_examples=0, boundaries=2))
    assert ("PUT", 200) in {(method, status) for method, path, status in shop.calls if path.startswith("/products/")}
    assert bool([finding for finding in findings if finding.severity is not Severity.NOTE]) is bool(bug)


def test_a_second_run_finds_what_the_first_has_left(shop_contract: Contract) -> None:
    shop = Shop()
    assert all(
        finding.severity is Severity.NOTE for finding in findings_of(shop, shop_contract, Budget(max_examples=0))
    )
    shop.bug = "customers PUT is not stored"
    findings = findings_of(shop, shop_contract, Budget(max_examples=0, boundaries=2))
    assert "written-read" in {finding.check for finding in findings if finding.severity is Severity.ERROR}
