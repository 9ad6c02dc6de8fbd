"""Pages that are made from the code name all that the code has."""

import json
import re
import shutil
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest

from docdouble import contracts, fakeserver, schemas
from docdouble.contracts.checks import CHECKS
from docdouble.contracts.cli.main import main

from .blocks import ROOT


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    spec = spec_from_file_location("reference_pages", ROOT / "docs" / "reference_pages.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("root")
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "contracts" / "checks" / "pages", folder / "contracts" / "checks" / "pages")
    (folder / "docs").mkdir()
    module.write_reference_pages(folder / "docs")
    made = (folder / "docs" / "_generated").rglob("*.md")
    return {path.relative_to(folder / "docs" / "_generated").as_posix(): path.read_text("utf-8") for path in made}


def headings(page: str) -> list[str]:
    return re.findall(r"^#{2,3} `?(.+?)`?$", page, re.MULTILINE)


def test_every_command_has_its_help(pages: Mapping[str, str]) -> None:
    names = main.list_commands(main.make_context("docdouble", [], resilient_parsing=True))
    assert {f"docdouble {name}" for name in names} <= set(headings(pages["commands.md"]))
    assert max(map(len, pages["commands.md"].splitlines())) <= 90


def test_every_fixture_is_described(pages: Mapping[str, str]) -> None:
    plugin = (ROOT / "contracts" / "pytest_plugin.py").read_text("utf-8")
    defined = re.findall(r"^@pytest\.fixture.*\ndef ([a-z]\w+)", plugin, re.MULTILINE)
    assert defined
    assert headings(pages["fixtures.md"]) == sorted(defined)


def test_every_public_name_is_described(pages: Mapping[str, str]) -> None:
    shown = set(headings(pages["python.md"]))
    for module in (schemas, fakeserver, contracts):
        assert {name for name in module.__all__ if callable(getattr(module, name))} <= shown


def test_every_check_has_its_page(pages: Mapping[str, str]) -> None:
    assert {f"checks/{check.id}.md" for check in CHECKS} <= pages.keys()
    assert pages["checks/index.md"].count("\n") > len(CHECKS)


def test_pages_of_the_top_folder_lead_back_into_the_manual(pages: Mapping[str, str]) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", pages["readme.md"]):
        assert target.startswith("../") or target in pages, target


@pytest.fixture(scope="module")
def control_api() -> Any:
    return json.loads((files(fakeserver) / "control" / "control_api.json").read_text("utf-8"))


def test_every_call_and_object_of_the_control_api_is_described(pages: Mapping[str, str], control_api: Any) -> None:
    page = pages["control-api.md"]
    calls = [f"{method.upper()} {path}" for path, item in control_api["paths"].items() for method in item]
    assert headings(page) == [*calls, "Objects", *control_api["components"]["schemas"]]
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= {name.lower() for name in control_api["components"]["schemas"]}


def test_every_row_of_the_control_api_says_what_it_means(pages: Mapping[str, str]) -> None:
    rows = re.findall(r"^\| .* \|$", pages["control-api.md"], re.MULTILINE)
    assert [row for row in rows if re.search(r"\|\s*\|", row)] == []


def test_what_may_be_left_out_of_objects_is_stated(pages: Mapping[str, str], control_api: Any) -> None:
    problem = control_api["components"]["schemas"]["Problem"]
    section = pages["control-api.md"].partition("### Problem\n")[2].partition("###")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", section, re.MULTILINE))
    assert rows.keys() == problem["properties"].keys()
    assert {name for name, kind in rows.items() if not kind.endswith(", optional")} == {*problem["required"]}
