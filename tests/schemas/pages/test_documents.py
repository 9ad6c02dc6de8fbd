import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.pages.blocks import Fence, Heading, ListItem, Page, PageTable, Paragraph, TableRow
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.headed_blocks import headed_blocks
from docdouble.schemas.pages.operation_page import BodySection

TEXT = """\
---
title: Books
uid: v1Book
tags: [a, b]
---

# Books &amp; shelves

A first
paragraph.

| Name | Type |
|------|------|
| Title | string &lt;2 |
| Shelf \\| row | |

~~~ json
{}
~~~

Shelves
-------
"""


def test_a_page_is_its_front_matter_and_its_blocks_with_their_lines() -> None:
    assert parse_page(TEXT, "books.md") == Page(
        "books.md",
        {"title": "Books", "uid": "v1Book", "tags": "[a, b]"},
        (
            Heading(1, "Books & shelves", 7),
            Paragraph("A first\nparagraph.", 9),
            PageTable(("Name", "Type"), (TableRow(("Title", "string <2"), 14), TableRow(("Shelf | row", ""), 15)), 12),
            Fence("json", "{}\n", 18),
            Heading(2, "Shelves", 21),
        ),
    )


@pytest.mark.parametrize("text", ["", "\n\n", "---", "---\n---\n", "---\n\n---", "---\n# only a comment\n---"])
def test_a_page_without_content_has_no_blocks(text: str) -> None:
    front_matter_only = parse_page(text, "empty.md")
    assert front_matter_only.front_matter == {}
    assert not any(isinstance(block, Fence | PageTable | Heading) for block in front_matter_only.blocks)


def test_a_rule_without_an_end_is_no_front_matter() -> None:
    page = parse_page("---\nuid: a\n\nText", "a.md")
    assert page == Page("a.md", {}, (Paragraph("uid: a", 2), Paragraph("Text", 4)))


def test_blocks_inside_lists_and_quotes_keep_their_lines() -> None:
    text = "- one\n\n  ```http\n  GET /a\n  ```\n\n> # Quoted\n>\n> | a |\n> |---|\n> | b |\n"
    assert parse_page(text, "a.md").blocks == (
        ListItem(0, "one", 1),
        Fence("http", "GET /a\n", 4),
        Heading(1, "Quoted", 7),
        PageTable(("a",), (TableRow(("b",), 11),), 9),
    )


def test_a_fence_keeps_its_text_as_it_stands() -> None:
    text = "```http!\n\n  &amp; \\| <b>\n```\n"
    assert parse_page(text, "a.md").blocks == (Fence("http!", "\n  &amp; \\| <b>\n", 2),)


def test_html_and_indented_text_are_what_they_hold() -> None:
    page = parse_page("<div>\nText\n</div>\n\n    indented\n", "a.md")
    assert page.blocks == (Paragraph("Text", 2), Fence("", "indented\n", 5))


def test_a_short_row_is_filled_and_a_long_one_cut_to_the_header() -> None:
    page = parse_page("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n", "a.md")
    assert page.blocks == (PageTable(("a", "b"), (TableRow(("1", ""), 3), TableRow(("1", "2"), 4)), 1),)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_change_a_page(ending: str) -> None:
    assert parse_page(TEXT.replace("\n", ending), "books.md") == parse_page(TEXT, "books.md")


def test_sections_are_cut_at_headings() -> None:
    page = parse_page("Lead\n\n# One\n\nText\n\nMore\n\n| a |\n|---|\n\n## Two\n", "a.md")
    (one, below), two = headed_blocks(page.blocks)
    section = BodySection(one, below, "")
    assert one == Heading(1, "One", 3)
    assert section.prose() == "Text\n\nMore"
    assert section.tables() == (PageTable(("a",), (), 9),)
    assert two == (Heading(2, "Two", 12), [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\na: [1\nuid: lend\n---\n", {"a": "[1", "uid": "lend"}),
        ("---\n- a\nuid: 'lend'\n---\n", {"uid": "lend"}),
        ("---\nuid: lend # of a book\ntitle: C# in brief\n---\n", {"uid": "lend", "title": "C# in brief"}),
        ("---\nJust words\n---\n", {}),
    ],
    ids=["open list", "list", "comment", "words"],
)
def test_front_matter_is_read_as_far_as_it_can_be(text: str, expected: dict[str, str]) -> None:
    assert parse_page(text, "p.md").front_matter == expected


@given(
    st.lists(
        st.from_regex(r"\A[a-c]\w?:( +\w[\w ./()=+,-]{0,8})? *\Z"),
        max_size=4,
        unique_by=lambda line: line.split(":")[0],
    )
)
def test_plain_front_matter_is_read_as_yaml_reads_it(entries: list[str]) -> None:
    text = "\n".join(["---", *entries, "---"])
    data = yaml.load("\n".join(entries), Loader=yaml.BaseLoader) or {}
    assert parse_page(text, "lend.md").front_matter == {key: value for key, value in data.items() if value}
