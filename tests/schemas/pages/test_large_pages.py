"""Pages of any size and nesting: read up to a bound, or refused with it."""

from pathlib import Path

import pytest

from docdouble.schemas import DocdoubleError, extract
from docdouble.schemas.pages.blocks import Heading, ListItem, Paragraph
from docdouble.schemas.pages.documents import (
    MAX_BLOCKS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_ROWS,
    MAX_SAMPLE,
    MAX_TEXT,
    parsed_page,
)
from docdouble.schemas.pages.inline_text import plain_text

TOP, PARAMETERS = "# GET /rooms\n\n", "# GET /rooms\n\n## Parameters\n\n"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.md", TOP + "## More\n\n" * (MAX_BLOCKS + 1), "more than 20,000 headings"),
        ("a.md", PARAMETERS + "- `a` (string)\n" * (MAX_BLOCKS + 1), "more than 20,000 headings"),
        ("a.md", TOP + "| a | b |\n" * (MAX_ROWS + 1), "more than 20,000 rows"),
        ("a.md", TOP + "| a " * (MAX_COLUMNS + 1), "a table of more than 1,000 columns"),
        ("a.md", f"{TOP}```json\n[{'1,' * (MAX_SAMPLE // 2)}1]\n```\n", "a sample of more than 1,000,000 characters"),
        ("a.html", "<h1>GET /rooms</h1><table>" + "<tr><td>a" * (MAX_ROWS + 1), "more than 20,000 rows"),
        ("a.html", "<h1>GET /rooms</h1><ul>" + "<li>a" * (MAX_BLOCKS + 1), "more than 20,000 headings"),
        ("a.html", "<h1>GET /rooms</h1><table><tr>" + "<td>a" * (MAX_COLUMNS + 1), "a table of more than 1,000"),
    ],
    ids=["headings", "items", "rows", "columns", "sample", "rows of HTML", "items of HTML", "cells of HTML"],
)
def test_a_page_that_is_too_large_is_refused(name: str, text: str, why: str, tmp_path: Path) -> None:
    Path(tmp_path, name).write_text(text, encoding="utf-8")
    with pytest.raises(DocdoubleError, match=why):
        extract(str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", PARAMETERS + "".join(f"{' ' * 2 * depth}- `a{depth}` (object): b\n" for depth in range(1500))),
        ("a.md", f"{PARAMETERS}| Name | Type |\n|---|---|\n| {'a.' * 3000}b | string |\n"),
        ("a.md", f"{PARAMETERS}| Name | Type |\n|---|---|\n| a | {'array<' * 3000}string{'>' * 3000} |\n"),
        ("a.md", f"{TOP}## Response\n\n```json\n{'[' * 100_000}{']' * 100_000}\n```\n"),
        ("a.mdx", TOP + '<ResponseField name="a" type="object">\n<Expandable>\n' * 1500),
        ("a.mdx", TOP + '<ResponseField name="a" type="object">\n' * 1500 + "a\n" + "</ResponseField>\n" * 1500),
        ("a.mdx", TOP + '<A b="\n' * 9_000),
        ("a.md", TOP + "{% a \n" * 9_000),
        ("a.md", TOP + "**a:" * 25_000),
        ("a.md", f"{TOP}| a |\n|{' ' * 100_000}!\n"),
        ("a.md", f"{TOP}{{%- end{'a-' * 50_000}\n"),
        ("a.md", f"{TOP}`GET /a/${{{{{' ' * 50_000}`\n"),
        ("a.html", "<h1>GET /rooms</h1>" + "<!" * 200_000),
        ("a.html", "<h1>GET /rooms</h1>" + "<!-- x >" * 100_000),
        ("a.html", "<h1>GET /rooms</h1>" + "<![CDATA[ x >" * 100_000),
        ("a.html", "<h1>GET /rooms</h1>" + "<a b='" * 100_000),
        ("a.html", "<h1>GET /rooms</h1>" + "<ul><li><code>a</code> (object)" * 1500),
    ],
    ids=[
        *(
            "lists",
            "dots",
            "types",
            "JSON",
            "components",
            "whole components",
            "tags",
            "shortcodes",
            "emphasis",
            "rule",
            "name",
            "variable",
        ),
        *("declarations", "comments", "sections", "tags of HTML", "lists of HTML"),
    ],
)
def test_a_page_whose_parts_have_no_end_is_read(name: str, text: str, tmp_path: Path) -> None:
    Path(tmp_path, name).write_text(text, encoding="utf-8")
    assert [operation.path for operation in extract(str(tmp_path / name)).contract.operations][:1] == ["/rooms"]


def test_a_text_is_read_up_to_a_bound() -> None:
    page = parsed_page(f"# {'a' * 20_000}\n\n{'b ' * 20_000}\n\n![](data:image/png;base64,{'iVBO' * 20_000})", "a.md")
    assert [len(block.text) for block in page.blocks if isinstance(block, Heading | Paragraph)] == [MAX_TEXT] * 3


def test_lists_are_distinguished_up_to_a_depth() -> None:
    page = parsed_page("".join(f"{' ' * 2 * depth}- a\n" for depth in range(100)), "a.md")
    assert max(block.depth for block in page.blocks if isinstance(block, ListItem)) == MAX_DEPTH


def test_what_begins_as_a_tag_and_never_ends_is_text() -> None:
    (paragraph,) = parsed_page("<p>1 <b>is</b> less</p> <!-- seen --><p>a < b, <c and <!d", "a.html").blocks[1:]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "a < b, <c and <!d"


def test_emphasis_of_any_length_is_none_beyond_a_bound() -> None:
    assert plain_text(f"**{'a ' * 200}b**") == f"{'a ' * 200}b"
