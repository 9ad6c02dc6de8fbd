"""The links of README.md, CONTRIBUTING.md and docs/ lead to files and headings that are there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from .blocks import BLOCK, PAGES, ROOT

LINKED = (*PAGES, ROOT / "CONTRIBUTING.md")
MOST_LINES_OF_THE_README = 150


def prose(page: Path) -> str:
    """The text of a page without its fenced blocks."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


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


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{page.name}: {target}"
        assert linked.is_relative_to(ROOT), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(linked), f"{page.name}: {target}"


def test_the_index_names_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    rows = re.findall(r"^\| .+ \| \[(.+)\]\((.+)\) \|$", index.read_text(encoding="utf-8"), re.MULTILINE)
    assert all(text == target for text, target in rows)
    assert sorted(target for _, target in rows) == sorted(
        page.name for page in index.parent.glob("*.md") if page != index
    )


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.name)
def test_a_page_has_one_title(page: Path) -> None:
    first, *others = re.findall(r"^(#+) ", prose(page), re.MULTILINE)
    assert (first, "#" in others) == ("#", False)
    assert page.read_text(encoding="utf-8").startswith("# ")


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_THE_README
