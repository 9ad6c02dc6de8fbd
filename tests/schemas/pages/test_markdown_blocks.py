"""Blocks of Markdown, MDX and their shortcodes."""

from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.pages.blocks import (
    Component,
    Definition,
    Fence,
    Heading,
    Label,
    ListItem,
    PageTable,
    Paragraph,
    TableRow,
)
from docdouble.schemas.pages.documents import parsed_page
from docdouble.schemas.pages.markdown_blocks import markdown_blocks


def test_headings_of_every_kind() -> None:
    text = "# One\n\n## Two ##\n\nThree\n=====\n\nFour\n----\n\n### Five {#five}\n\n### /boats/{id}\n"
    assert markdown_blocks(text) == (
        Heading(1, "One", 1),
        Heading(2, "Two", 3),
        Heading(1, "Three", 5),
        Heading(2, "Four", 8),
        Heading(3, "Five", 11),
        Heading(3, "/boats/{id}", 13),
    )


def test_a_table_may_lack_its_outer_pipes_and_hold_escaped_ones() -> None:
    text = "Name | Type\n--- | ---\n`a` | `x\\|y`\nb\n\n| c |\n"
    assert markdown_blocks(text)[:1] == (PageTable(("Name", "Type"), (TableRow(("`a`", "`x|y`"), 3),), 1),)


def test_rows_are_as_long_as_their_header() -> None:
    (table,) = markdown_blocks("| a | b | c |\n|---|---|---|\n| 1 |\n| 1 | 2 | 3 | 4 |\n")
    assert isinstance(table, PageTable)
    assert [row.cells for row in table.rows] == [("1", "", ""), ("1", "2", "3")]


def test_lists_nest_by_their_indentation_and_go_on() -> None:
    text = "-   **a** - first\n    of all\n    -   b\n        -   c\n- d\n"
    assert markdown_blocks(text) == (
        ListItem(0, "**a** - first\nof all", 1),
        ListItem(1, "b", 3),
        ListItem(2, "c", 4),
        ListItem(0, "d", 5),
    )


def test_code_is_fenced_or_indented_and_left_as_it_is() -> None:
    text = "```json 201\n{ <!-- kept --> }\n```\n\n    GET /boats\n\n    {}\n\n~~~\n```\n~~~\n"
    assert markdown_blocks(text) == (
        Fence("json 201", "{ <!-- kept --> }\n", 2),
        Fence("", "GET /boats\n\n{}\n", 5),
        Fence("", "```\n", 10),
    )


def test_a_fence_that_nothing_closes_ends_with_the_page() -> None:
    assert markdown_blocks("```sh\ncurl") == (Fence("sh", "curl\n", 2),)


def test_a_bold_or_quoted_line_is_a_label() -> None:
    text = "**Query parameters**:\n\n__Body__\n\n> Returns:\n\n**Not** a label\n"
    assert markdown_blocks(text) == (
        Label("Query parameters", 1),
        Label("Body", 3),
        Label("Returns", 5),
        Paragraph("**Not** a label", 7),
    )


def test_definitions() -> None:
    assert markdown_blocks("`limit`\n: How many\nat most\n") == (Definition("`limit`", "How many\nat most", 1),)


def test_components_have_attributes_of_every_spelling() -> None:
    text = '<Route\n  method="GET"\n  path={\'/boats/{id}\'}\n  hidden\n/>\n\n<Field name="a">The a</Field>\n'
    assert markdown_blocks(text) == (
        Component("Route", {"method": "GET", "path": "/boats/{id}", "hidden": "true"}, "whole", 1),
        Component("Field", {"name": "a"}, "opening", 7),
        Paragraph("The a", 7),
        Component("Field", {}, "closing", 7),
    )


def test_shortcodes_are_components_and_fences() -> None:
    text = '{% swagger method="get" path="/a" %}\n{% endswagger %}\n\n{{< code json >}}\n{}\n{{< /code >}}\n'
    assert markdown_blocks(text) == (
        Component("swagger", {"method": "get", "path": "/a"}, "opening", 1),
        Component("swagger", {}, "closing", 2),
        Fence("json", "{}\n", 5),
    )


def test_a_captured_text_is_a_fence_by_the_end_of_its_name() -> None:
    assert markdown_blocks("{% capture step1_rest %}\nGET /a\n{% endcapture %}\n") == (Fence("rest", "GET /a\n", 2),)


def test_code_in_a_row_of_a_table_has_the_first_cell_as_its_label_and_the_table_goes_on() -> None:
    text = "/a (GET) |\n---|---\nabout | b\noutput | {{< code json >}}\n{}\n{{< /code >}}\ncodes | 200\n"
    assert markdown_blocks(text) == (
        PageTable(("/a (GET)", ""), (TableRow(("about", "b"), 3),), 1),
        Label("output", 4),
        Fence("json", "{}\n", 5),
        PageTable(("/a (GET)", ""), (TableRow(("codes", "200"), 7),), 5),
    )


def test_comments_imports_and_attributes_are_dropped() -> None:
    text = "import A from 'a';\n\nexport const b = 1;\n\n<!-- ## No\n-->\n{/* no */}\n{: .note}\n:::note\nYes\n:::\n"
    assert markdown_blocks(text) == (Paragraph("Yes", 10),)


def test_admonitions_are_as_their_content() -> None:
    assert markdown_blocks("!!! note\n    # Inside\n\nAfter\n") == (Heading(1, "Inside", 2), Paragraph("After", 4))


def test_html_in_markdown_is_as_in_pages_of_html() -> None:
    text = '<div class="call">\n\t<i class="label">POST</i>\n\t<h6>/boats/&lt;id&gt;</h6>\n</div>\n'
    assert markdown_blocks(text) == (Paragraph("POST", 2), Heading(6, "/boats/<id>", 3))


def test_front_matter_is_read_as_far_as_it_can_be() -> None:
    page = parsed_page("---\ntitle: 'A: b'\n\tbad: [\napi:\n  method: get\n---\n# A\n", "a.md")
    assert page.front_matter == {"title": "A: b", "bad": "[", "api.method": "get"}
    assert page.blocks == (Heading(1, "A", 7),)


@given(st.text("#|-*` \n\t<>{}%/=:.!~[]()aA1\"'", max_size=200))
def test_no_text_crashes_and_lines_are_in_order(text: str) -> None:
    lines = [block.line for block in parsed_page(text, "a.md").blocks]
    assert all(1 <= line <= text.count("\n") + 2 for line in lines)


@given(st.lists(st.sampled_from(["# A", "- b", "| c |", "|---|", "```", "<D>", "</D>", "  e", "**f**", "", "{% g %}"])))
def test_any_lines_make_blocks(lines: list[str]) -> None:
    markdown_blocks("\n".join(lines))


def test_a_shortcode_without_an_end_is_read_in_time() -> None:
    assert markdown_blocks("{% a " + '"b" ' * 500, 1)
