"""README.md, CONTRIBUTING.md and docs/ hold together: links, headings, tables, and the files that they name."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from .blocks import BLOCK, PAGES, ROOT

ALL = (*PAGES, ROOT / "CONTRIBUTING.md")
MOST_LINES_OF_THE_README = 150
DOTTED = re.compile(r"docdouble\.(?:schemas|fakeserver|contracts)(?:\.\w+)*")
PATH = re.compile(r"(?:schemas|fakeserver|contracts|tests|docs|\.ci)/[\w./*-]*")

every_page = pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)


def prose(page: Path) -> str:
    """The text of a page without its fenced blocks."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def code_spans(page: Path) -> list[str]:
    return re.findall(r"`([^`]+)`", prose(page))


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links to other pages and headings; what stands in code is none."""
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", prose(page))):
        if not re.match(r"[a-z]+:", target):
            yield target


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors that GitHub gives to the headings of a page; the second of two alike ends in ``-1``."""
    seen: list[str] = []
    for heading in re.findall(r"^#{1,6} (.*)$", prose(page), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        seen.append(f"{slug}-{seen.count(slug)}" if slug in seen else slug)
    return frozenset(seen)


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert linked.is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(linked), target


@every_page
def test_files_and_folders_that_are_named_exist(page: Path) -> None:
    ours = [span for span in code_spans(page) if not span.startswith("docdouble ")]  # that names somebody's pages
    paths = [word for span in ours for word in span.split() if PATH.fullmatch(word)]
    assert [path for path in paths if not any(ROOT.glob(path.rstrip("/")))] == []


@every_page
def test_modules_and_names_of_them_can_be_imported(page: Path) -> None:
    for span in code_spans(page):
        for name in filter(DOTTED.fullmatch, span.split()):
            resolve_name(name)


@every_page
def test_a_page_has_one_title(page: Path) -> None:
    first, *others = re.findall(r"^(#+) ", prose(page), re.MULTILINE)
    assert (first, "#" in others) == ("#", False)
    assert page.read_text(encoding="utf-8").startswith("# ")


@every_page
def test_the_rows_of_a_table_have_as_many_cells_as_its_head(page: Path) -> None:
    for in_table, lines in groupby(prose(page).splitlines(), lambda line: line.startswith("|")):
        if in_table:
            cells = {line: len(re.findall(r"(?<!\\)\|", line)) for line in lines}
            assert len(set(cells.values())) == 1, cells


def test_the_index_names_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    rows = re.findall(r"^\| .+ \| \[(.+)\]\((.+)\) \|$", index.read_text(encoding="utf-8"), re.MULTILINE)
    assert all(text == target for text, target in rows)
    assert {target for _, target in rows} == {page.name for page in index.parent.glob("*.md")} - {index.name}


@every_page
def test_words_that_say_nothing_are_avoided(page: Path) -> None:
    text = re.sub(r'`[^`]*`|"[^"]*"', "", prose(page))
    assert re.findall(r"\b(?:things?|strikes?|struck|told)\b", text, re.IGNORECASE) == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_THE_README


def test_the_table_of_keys_is_that_of_the_schema() -> None:
    schema = json.loads((ROOT / "contracts" / "config" / "docdouble.schema.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \*{0,2}`.*$", page, re.MULTILINE) == list(rows_of_keys(schema))


def rows_of_keys(schema: Mapping[str, Any]) -> Iterator[str]:
    """The rows of a table of the configuration: its keys with their defaults, then the tables below it."""
    properties = schema["properties"].items()
    for name, key in properties:
        if "properties" not in key:
            default = f"`{json.dumps(key['default'])}` " if "default" in key else ""
            yield f"| `{name}` | {key['description']} | {default}|"
    for name, key in properties:
        if "properties" in key:
            yield f"| **`[{name}]`** | {key['description']} | |"
            yield from rows_of_keys(key)
