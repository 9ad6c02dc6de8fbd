"""What is no change: order, prose, samples, lines, and the way a contract was read."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas.contract.model import EVIDENCE, Contract
from docdouble.schemas.diff import contract_changes, diff
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi, without_prose
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.source import extract

from .edits import DOCUMENT, operation, read, schema

PAGES = Path(__file__).parents[2] / "fakeserver" / "contact"
_LISTS = ("parameters", "security", "enum", "required", "type", "anyOf", "oneOf", "x-docdouble-behaviours")


def shuffled(value: Any, random: Random, key: str = "") -> Any:
    """Return JSON whose objects, and lists of no order, are in another order."""
    if isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return {name: shuffled(value[name], random, name) for name in names}
    if isinstance(value, list):
        parts = [shuffled(part, random) for part in value]
        if key in _LISTS:
            random.shuffle(parts)
        return parts
    return value


def with_lines_moved(value: Any) -> Any:
    """Return JSON in which all evidence is of other lines of another page."""
    if isinstance(value, list):
        return [with_lines_moved(part) for part in value]
    if not isinstance(value, dict):
        return value
    moved = {name: with_lines_moved(part) for name, part in value.items()}
    return {**moved, **{name: _moved(moved[name]) for name in moved if name == EVIDENCE}}


def _moved(evidence: dict[str, Any]) -> dict[str, Any]:
    return {**evidence, "page": "other.md", "line": evidence["line"] + 100}


@pytest.fixture(scope="module")
def pages() -> Contract:
    return extract(str(PAGES)).contract


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_order_is_no_change(random: Random) -> None:
    assert diff(read(DOCUMENT), read(shuffled(DOCUMENT, random))) == ()


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_order_of_what_pages_say_is_no_change(pages: Contract, random: Random) -> None:
    assert diff(pages, from_openapi(shuffled(to_openapi(pages), random))) == ()


@pytest.mark.parametrize("change", [with_lines_moved, deepcopy], ids=["lines", "equal"])
def test_where_it_is_documented_is_no_change(pages: Contract, change: Callable[[Any], Any]) -> None:
    assert diff(pages, from_openapi(change(to_openapi(pages)))) == ()


def test_prose_and_samples_are_no_change(pages: Contract) -> None:
    assert diff(pages, without_prose(pages)) == ()
    assert diff(without_prose(pages), pages) == ()


def test_links_are_no_change(pages: Contract) -> None:
    bare = [
        replace(operation, responses=tuple(replace(each, links=()) for each in operation.responses))
        for operation in pages.operations
    ]
    assert diff(pages, replace(pages, operations=tuple(bare))) == ()


def test_a_contract_is_what_its_file_says(pages: Contract, tmp_path: Path) -> None:
    path = tmp_path / "contract.json"
    path.write_bytes(contract_file_bytes(to_openapi(pages)))
    assert diff(pages, extract(str(path)).contract) == ()
    assert diff(extract(str(path)).contract, pages) == ()
    assert diff(extract(str(path)).contract, extract(str(path)).contract) == ()


def stored(document: dict[str, Any], path: Path) -> Contract:
    """Return a contract of a file of ours."""
    path.write_bytes(contract_file_bytes(to_openapi(read(document))))
    return extract(str(path)).contract


def test_what_is_the_same_in_two_files_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (stored(DOCUMENT, tmp_path / name) for name in ("old.json", "new.json"))
    monkeypatch.setattr(contract_changes, "operation_changes", lambda pair: pytest.fail("compared"))
    assert diff(old, new) == ()


def test_what_differs_in_two_files_is_found_unread_or_not(tmp_path: Path) -> None:
    document = deepcopy(DOCUMENT)
    schema(document, "Person")["properties"]["Name"]["type"] = "integer"
    operation(document, "get")["parameters"].pop()
    changes = diff(stored(DOCUMENT, tmp_path / "old.json"), stored(document, tmp_path / "new.json"))
    assert changes == diff(read(DOCUMENT), read(document))
    assert {(change.rule, change.fact.name) for change in changes} == {
        ("response-type-changed", "200/*/Owner/Name"),
        ("parameter-removed", "query/$select"),
    }


def test_another_definition_of_a_scheme_is_found_in_files(tmp_path: Path) -> None:
    document = deepcopy(DOCUMENT)
    document["components"]["securitySchemes"]["key"]["in"] = "query"
    changes = diff(stored(DOCUMENT, tmp_path / "old.json"), stored(document, tmp_path / "new.json"))
    assert [change.rule for change in changes] == ["security-changed"]
