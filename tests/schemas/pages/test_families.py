"""Families of pages that other people wrote, read by guessed settings: figures of their scorer."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import PageError
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.pages.page_folder import folder_contract

FAMILIES = ("docker", "docker-html", "meilisearch", "onedrive", "openbao", "opensearch", "sensu", "woocommerce")


@pytest.fixture
def scorer(shared: Path) -> Any:
    if not (shared / "tools" / "families.json").exists():
        pytest.skip("the scorer of families is not beside this checkout (../shared/tools/score_family.py)")
    spec = importlib.util.spec_from_file_location("score_family", shared / "tools" / "score_family.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FAMILIES, "woocommerce-html"])
def test_a_family_is_read_as_well_as_it_has_to_be(name: str, shared: Path, scorer: Any) -> None:
    entry = json.loads((shared / "tools" / "families.json").read_text("utf-8"))["families"][name]
    folder = shared / entry["folder"]
    contract = folder_contract(folder / entry["pages"], None, None, 1).contract
    document = json.loads(contract_file_bytes(to_openapi(contract)))
    figures, _ = scorer.score(document, folder, folder / entry["pages"])
    missed = {figure for figure, _, _, met in scorer.accepted(figures, entry["accept"]) if not met}
    assert not missed, figures


def test_a_folder_without_an_api_has_no_operation(shared: Path, scorer: Any) -> None:
    for entry in json.loads((shared / "tools" / "families.json").read_text("utf-8"))["no_api"]:
        with pytest.raises(PageError, match="no operation found"):
            folder_contract(shared / entry["pages"], None, None, 1)
