"""Blocks of HTML pages, as documentation sites write them and as people break them."""

import re
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docdouble.schemas.pages.blocks import (
    Block,
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
from docdouble.schemas.pages.html_blocks import html_blocks


def texts(html: str) -> list[str]:
    """The texts of paragraphs."""
    return [block.text for block in html_blocks(html) if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <b>b</b> <em>c</em> <code>d</code></p>", "a **b** *c* `d`"),
        ("<p>a<strong> b </strong>c</p>", "a **b** c"),
        ('<p>a <a href="#b">b <code>c</code></a></p>', "a [b `c`](#b)"),
        ('<p>a <a name="b"></a>b</p>', "a b"),
        ("<p>a <code>&lt;id&gt; <b>x</b> `</code></p>", "a ``<id> x ```"),
        ("<p>a <b></b><i class='icon'></i>b</p>", "a b"),
        ('<p>x <i class="label label-info">read-only</i></p>', "x read-only"),
        ("<p>a\n   b<br>c&nbsp;d</p>", "a\nb\nc d"),
        ("<p>a <img src=x> <span>b</span></p>", "a b"),
        ("a <script>x < y</script><!-- c -->b", "a b"),
        ("<p>a <b>b</p>", "a **b**"),
    ],
)
def test_running_text_is_spelled_as_in_markdown(html: str, text: str) -> None:
    assert texts(html) == [text]


def test_what_finds_the_way_is_dropped() -> None:
    html = (
        "<head><title>x</title></head><nav><p>GET /x</nav><div role='navigation'>y</div><svg><text>z</text></svg>"
        '<h2>Boats<a class="headerlink" href="#boats">¶</a></h2><p>b</p><footer>f</footer><style>p {}</style>'
    )
    assert html_blocks(html) == (Heading(2, "Boats", 1), Paragraph("b", 1))


def test_navigation_that_is_never_closed_takes_nothing_along() -> None:
    assert html_blocks("<nav><p>a</p>\n<h1>b</h1>") == (Paragraph("a", 1), Heading(1, "b", 2))


def test_lists_with_their_depth_and_what_stands_in_their_items() -> None:
    html = "<ul>\n<li>a\n<ul><li><p>b</p><pre>c</pre><p>d</p></ul>\n<li><pre>e</pre></ul>\n<p>f"
    assert html_blocks(html, 10) == (
        ListItem(0, "a", 11),
        ListItem(1, "b", 12),
        Fence("", "c\n", 12),
        Paragraph("d", 12),
        ListItem(0, "", 13),
        Fence("", "e\n", 13),
        Paragraph("f", 14),
    )


def test_definitions() -> None:
    html = "<dl><dt><code>a</code>\n<dt>b<dd>both <p>more</p><dt>c<dd><ul><li>d</ul></dl>"
    assert html_blocks(html) == (
        Definition("`a`", "both", 1),
        Definition("b", "both", 2),
        Paragraph("more", 2),
        Definition("c", "", 2),
        ListItem(0, "d", 2),
    )


def test_tables() -> None:
    html = (
        "<table>\n<caption>Query parameters:</caption>\n<tr><th>Name<th>Text\n<tr><td><code>a</code><td>x<br>y\n"
        "<tr><td colspan=2><p>b</p><ul><li>c</li></ul></table>"
    )
    assert html_blocks(html) == (
        Label("Query parameters", 2),
        PageTable(("Name", "Text"), (TableRow(("`a`", "x y"), 4), TableRow(("b c", ""), 5)), 1),
    )


def test_tables_without_a_header_and_in_each_other() -> None:
    html = "<table><tr><td>a</td><td><table><tr><td>b</td></tr></table></td></tr></table>"
    assert html_blocks(html) == (PageTable(("", ""), (TableRow(("a", "b"), 1),), 1),)


@pytest.mark.parametrize(
    ("html", "info", "line"),
    [
        ('<pre><code class="language-json">{}</code></pre>', "json", 1),
        ('<pre class="highlight json tab-json"><code>{}\n</code></pre>', "json", 1),
        ('<div class="highlight-http notranslate"><div class="highlight"><pre>\n{}</pre></div></div>', "http", 2),
        ('<pre class="highlight nowrap"><code class="language-http" data-lang="http">{}</code></pre>', "http", 1),
        ('<div class="highlight-default notranslate"><pre><span></span><span class="p">{</span>}</pre></div>', "", 1),
        (
            '<table class="rouge-table"><tr><td class="gutter"><pre>1</pre></td><td><pre class="sh">{}</pre></table>',
            "sh",
            1,
        ),
        ("<pre>{<b>}</b></pre>", "", 1),
    ],
)
def test_code_with_its_language(html: str, info: str, line: int) -> None:
    assert html_blocks(html) == (Fence(info, "{}\n", line),)


def test_labels() -> None:
    html = "<p><strong>Query</strong>:</p><blockquote><p>JSON response:</p></blockquote><p><b>a</b> b</p>"
    assert html_blocks(html) == (Label("Query", 1), Label("JSON response", 1), Paragraph("**a** b", 1))


def test_components() -> None:
    html = '<details><summary>More</summary>a</details><api-call method="get" deprecated></api-call><x-y a="b"/>'
    assert html_blocks(html) == (
        Component("details", {}, "opening", 1),
        Component("summary", {}, "opening", 1),
        Paragraph("More", 1),
        Component("summary", {}, "closing", 1),
        Paragraph("a", 1),
        Component("details", {}, "closing", 1),
        Component("api-call", {"method": "get", "deprecated": "true"}, "opening", 1),
        Component("api-call", {}, "closing", 1),
        Component("x-y", {"a": "b"}, "whole", 1),
    )


def test_a_label_before_a_block_is_a_paragraph() -> None:
    html = '<div class="api-endpoint">\n<i class="label label-post">POST</i>\n<h6>/x/&lt;id&gt;</h6>\n</div>'
    assert html_blocks(html, 5) == (Paragraph("POST", 6), Heading(6, "/x/<id>", 7))


PIECES = re.findall(
    r"\S+|\s",
    "<p> </p> <ul> <li> </ul> <table> <tr> <td> <th> </table> <pre> </pre> <dl> <dt> <dd> </dl> <b> </b> "
    "<code> </code> <a/href=x> </a> <h1> </h1> <nav> <x-y> </x-y> <x-y/> <script> </script> "
    "<!-- --> <![CDATA[ <? &#x110000; &amp <blockquote> </blockquote> <thead> </thead> <td/colspan=9999999999> "
    "text ` ** < <br> <i> </i> \n",
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
@example("<p>" * 3000)
@example("<table><tr><td>" * 800)
@example("<b><p></b>" * 50)
@example("<![<p>")
def test_no_text_is_refused(html: str) -> None:
    last = html.count("\n") + 1
    for block in html_blocks(html):
        assert 1 <= block.line <= last + 1


words = st.text("abcdefgh{}/:.,", min_size=1, max_size=8)
runs = st.lists(words, min_size=1, max_size=3).map(" ".join)
cells = st.lists(runs, min_size=2, max_size=2).map(tuple)
rows = st.lists(st.builds(TableRow, cells, st.just(0)), min_size=1)
models: st.SearchStrategy[list[Block]] = st.lists(
    st.one_of(
        st.builds(Heading, st.integers(1, 6), runs, st.just(0)),
        st.builds(Paragraph, runs, st.just(0)),
        st.builds(Label, runs.filter(lambda text: not text.endswith((":", " ")) and "*" not in text), st.just(0)),
        st.builds(ListItem, st.just(0), runs, st.just(0)),
        st.builds(Definition, runs, runs, st.just(0)),
        st.builds(Fence, st.sampled_from(["", "json", "http"]), runs.map(lambda text: f" {text}\n\n  x\n"), st.just(0)),
        st.builds(
            PageTable, cells, st.lists(st.builds(TableRow, cells, st.just(0)), min_size=1).map(tuple), st.just(0)
        ),
    ),
    max_size=6,
)


def render(block: Block) -> str:
    """Write a block as HTML."""
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            return f"<p>{escape(block.text)}</p>"
        case Label():
            return f"<p><strong>{escape(block.text)}:</strong></p>"
        case ListItem():
            return f"<ul><li>{escape(block.text)}</li></ul>"
        case Definition():
            return f"<dl><dt>{escape(block.term)}</dt><dd>{escape(block.text)}</dd></dl>"
        case Fence():
            classes = f' class="language-{block.info}"' if block.info else ""
            return f"<pre><code{classes}>{escape(block.text)}</code></pre>"
        case PageTable():
            head = "".join(f"<th>{escape(cell)}</th>" for cell in block.header)
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row.cells) for row in block.rows)
            body = "".join(f"<tr>{row}</tr>" for row in rows)
            return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    raise AssertionError(block)


@settings(max_examples=200)
@given(models, st.sampled_from(["", "\n"]))
def test_what_is_written_is_read_back(model: list[Block], between: str) -> None:
    read = html_blocks("".join(render(block) + between for block in model))
    assert [render(block) for block in read] == [render(block) for block in model]
