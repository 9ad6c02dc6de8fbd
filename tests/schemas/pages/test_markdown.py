import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.errors import PageError
from docdouble.schemas.pages.blocks import Fence, Heading, ListItem, PageTable, Paragraph, TableRow
from docdouble.schemas.pages.markdown import Page, Section, parse_page, sections

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
        {"title": "Books", "uid": "v1Book"},
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
    first, second, third = sections(parse_page("Lead\n\n# One\n\nText\n\nMore\n\n| a |\n|---|\n\n## Two\n", "a.md"))
    table = PageTable(("a",), (), 9)
    assert first == Section(None, (Paragraph("Lead", 1),))
    assert second.heading == Heading(1, "One", 3)
    assert second.prose() == "Text\n\nMore"
    assert second.tables() == (table,)
    assert third == Section(Heading(2, "Two", 12), ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\na: [1\n---\n", "p.md:2: front matter: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("---\na: 1\nb: 'x\n---\n", "p.md:3: front matter: not valid YAML: found unexpected end of stream"),
        ("---\n- a\n- b\n---\n", "p.md:1: front matter is no mapping of names to values"),
        ("---\nJust words\n---\n", "p.md:1: front matter is no mapping of names to values"),
        (
            "---\na: \x01\n---\n",
            "p.md:1: front matter: not valid YAML: unacceptable character #x0001: special characters are not allowed",
        ),
        (f"---\na: {'[' * 500}\n---\n", "p.md:1: front matter: YAML that is not supported: nested too deep"),
    ],
    ids=["open list", "open string", "list", "words", "control character", "deep"],
)
def test_front_matter_that_cannot_be_read_is_an_error(text: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        parse_page(text, "p.md")
    assert str(caught.value) == message


ENTRIES = st.lists(st.text("ab_1:-, .'#[]{}=&*!|>%@~\t", max_size=12).map("k{}".format), max_size=4)


@given(ENTRIES)
def test_front_matter_is_read_as_yaml_reads_it(entries: list[str]) -> None:
    text = "\n".join(["---", *entries, "---", "# Lend a book"])
    try:
        data = yaml.load("\n".join(entries), Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        with pytest.raises(PageError):
            parse_page(text, "lend.md")
        return
    if data is not None and not isinstance(data, dict):
        with pytest.raises(PageError):
            parse_page(text, "lend.md")
        return
    expected = {str(key): value for key, value in (data or {}).items() if isinstance(value, str)}
    assert parse_page(text, "lend.md").front_matter == expected


@given(st.lists(st.from_regex(r"\A[a-c]\w?:( +\w[\w ./()=+,-]{0,8})? *\Z"), max_size=4))
def test_plain_front_matter_is_read_as_yaml_reads_it(entries: list[str]) -> None:
    text = "\n".join(["---", *entries, "---"])
    data = yaml.load("\n".join(entries), Loader=yaml.BaseLoader) or {}
    assert parse_page(text, "lend.md").front_matter == data
