"""Guessed settings: what they say, and that a file of them reads as they did."""

from pathlib import Path

import pytest

from docdouble.schemas import PageError
from docdouble.schemas.contract.model import Server
from docdouble.schemas.dialects.dialect_registry import SETTINGS_NAME
from docdouble.schemas.dialects.family_settings import read_settings
from docdouble.schemas.pages.family_guess import settings_text
from docdouble.schemas.pages.page_files import describes_operations, guess_folder
from docdouble.schemas.pages.page_folder import folder_contract

from .family_pages import CONTAINERS, MadeOperation, MadeParameter, read_pages

BOATS = [
    MadeOperation("GET", f"/{name}/{{id}}", [MadeParameter("id", "path", "string", True)], {"a": 1})
    for name in ("boats", "yards", "crews")
]


def test_each_line_says_on_how_many_pages_it_was_seen(tmp_path: Path) -> None:
    page = "# A\n\n## HTTP request\n\n```http\nGET https://a.test/{}/{{id}}\n```\n"
    read_pages(tmp_path, **{name: page.replace("{}", name, 1).replace("{{", "{").replace("}}", "}") for name in "abc"})
    assert settings_text(guess_folder(tmp_path)[0]) == (
        "# Settings of a documentation family, guessed from 3 pages; correct what is wrong.\n"
        'extends = "base"\n\n[[operation]]\nmark = "fence" # 3 operations on 3 pages\nword = "http" # on 3 pages\n'
        'under = ["http request"] # on 3 pages\n\n[paths]\nservers = ["https://a.test"] # in operation lines\n'
    )


def test_a_file_of_guessed_settings_reads_as_the_guess_did(tmp_path: Path) -> None:
    for name, (suffix, written) in CONTAINERS.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"boats{suffix}").write_text("# Boats\n\n" + "\n".join(map(written, BOATS)), encoding="utf-8")
        guessed, extraction = guess_folder(folder)
        text = settings_text(guessed)
        assert read_settings(text, SETTINGS_NAME) == guessed.settings
        (folder / SETTINGS_NAME).write_text(text, encoding="utf-8")
        read = folder_contract(folder, None, None, 1)
        assert read.contract == extraction.contract
        assert (read.notes, len(extraction.notes)) == ((), 1)


def test_settings_stand_beside_the_pages_or_above_them(tmp_path: Path) -> None:
    page = "# A\n\nOur call: `GET /boats`\n"
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.md").write_text(page, encoding="utf-8")
    assert not describes_operations(folder)
    settings = 'extends = "base"\n[paths]\nservers = ["https://b.test"]\nprefix = "v1"\n[[operation]]\nmark = "prose"\n'
    (tmp_path / SETTINGS_NAME).write_text(settings, encoding="utf-8")
    assert describes_operations(folder)
    contract = folder_contract(folder, None, None, 1).contract
    assert [operation.label for operation in contract.operations] == ["GET /v1/boats"]
    assert contract.servers == (Server("https://b.test"),)


def test_settings_are_part_of_what_a_kept_folder_depends_on(tmp_path: Path) -> None:
    folder, cache = tmp_path / "pages", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\n`GET /boats/{id}`\n", encoding="utf-8")
    assert folder_contract(folder, None, cache, 1).contract.title == "pages"
    (folder / SETTINGS_NAME).write_text(
        'extends = "base"\ntitle = "Boats"\n[[operation]]\nmark = "code"\n', encoding="utf-8"
    )
    for _ in range(2):
        assert folder_contract(folder, None, cache, 1).contract.title == "Boats"


def fence(word: str, method: str, path: str) -> str:
    return f"## About {method.lower()}\n\n```{word}\n{method} {path}\n```\n\n### Response\n\n```json\n{{}}\n```\n\n"


def test_fences_with_many_operations_are_operation_lines_among_many_other_pages(tmp_path: Path) -> None:
    others = {f"guide{number}": "# How to sail\n\nWith the wind.\n" for number in range(12)}
    calls = "".join(fence("", method, f"/{word}/<id>") for word in "abcdef" for method in ("GET", "DELETE"))
    read = read_pages(tmp_path, boats=f"# Boats\n\n{calls}", **others)
    assert len(read.contract.operations) == 12


def test_fences_with_few_examples_among_many_other_pages_are_none(tmp_path: Path) -> None:
    others = {f"guide{number}": "# How to sail\n\nWith the wind.\n" for number in range(12)}
    calls = "".join(fence("", "GET", f"/{word}/1") for word in "abcdefghijkl")
    with pytest.raises(PageError, match="no operation found"):
        read_pages(tmp_path, boats=f"# Boats\n\n{calls}", **others)


def test_fences_of_another_word_are_operation_lines_too(tmp_path: Path) -> None:
    calls = "".join(fence("", method, f"/{word}/<id>") for word in "abcdef" for method in ("GET", "DELETE"))
    mixed = f"# Boats\n\n{calls}{fence('http', 'PUT', '/a/<id>')}"
    read = read_pages(
        tmp_path, boats=mixed, crew=f"# Crew\n\n{fence('http', 'GET', '/crew/<id>')}", guide="# Sailing\n"
    )
    labels = {operation.label for operation in read.contract.operations}
    assert {"PUT /a/{id}", "GET /crew/{id}"} <= labels
    assert len(labels) == 14


@pytest.mark.parametrize("line", ["## PUT /lamps", "## Lamps\n\n```\nPUT /lamps\n```", "## Lamps\n\n**PUT** `/lamps`"])
def test_a_page_in_another_manner_is_read_where_headings_name_its_parts(tmp_path: Path, line: str) -> None:
    boats = "# Boats\n\n" + "".join(
        f"## {name}\n\n* `GET /{name}/{{id}}`\n\n### Response\n\n```json\n{{}}\n```\n\n"
        for name in ("boats", "yards", "crews")
    )
    table = "| Name | Type | Required |\n|---|---|---|\n| on | boolean | yes |\n"
    lamps = f"# Lamps\n\n{line}\n\n### Request body\n\n{table}\n### Response\n\n```json\n{{}}\n```\n"
    guide = "# How to begin\n\n## First\n\nThen call `PUT /start`.\n"
    pages = {f"boats{number}": boats.replace("/", f"/{number}/", 1) for number in range(4)}
    extraction = read_pages(tmp_path, lamps=lamps, guide=guide, **pages)
    lamps_operation = extraction.contract.operation("PUT /lamps")
    assert lamps_operation is not None
    assert lamps_operation.request is not None
    assert extraction.skipped == ("guide.md",)
