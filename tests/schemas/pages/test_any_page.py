"""What holds for any page, not only for those that somebody thought of."""

from html import unescape
from pathlib import Path
from typing import Any

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docdouble.schemas import DocdoubleError, Validator
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.pages.blocks import Block, Fence, Heading, PageTable, Paragraph
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.link import link
from docdouble.schemas.pages.page_reader import read_operation_page
from docdouble.schemas.text_files import decode_utf8

some = settings(max_examples=100)

CASES = Path(__file__).parents[2] / "cases"
PAGES = sorted(page for page in CASES.glob("**/*.md") if page.name != "README.md")

MARKS = [
    "# A",
    "## B &amp; c",
    "Title",
    "=====",
    "---",
    "```http",
    "```",
    "~~~",
    "| a | b |",
    "|---|---|",
    "| 1 \\| 2 | x &lt; |",
]
MARKS += [
    "- item",
    "  more",
    "> quote",
    "> ```x",
    "1. one",
    "    code",
    "<div>",
    "[a]: /b",
    "&#65; &x",
    "\t- x",
    "> | a |",
    "> |---|",
    "",
]
# Some control characters and spaces are blank to a Markdown parser at the edge of a text only.
lines_of_markdown = st.one_of(
    st.sampled_from(MARKS), st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), max_size=12)
)


@some
@given(st.lists(lines_of_markdown, max_size=25), st.sampled_from(["\n", "\r\n"]))
def test_every_block_of_a_page_stands_where_it_says(lines: list[str], ending: str) -> None:
    try:
        page = parse_page(ending.join(lines), "a.md")
    except DocdoubleError:
        assert lines[0].rstrip() == "---"
        return
    for block in page.blocks:
        assert_stands(block, lines)


def assert_stands(block: Block, lines: list[str]) -> None:
    match block:
        case Heading(text=text, line=line) | Paragraph(text=text, line=line):
            assert text.split("\n")[0].strip() in unescape(lines[line - 1])
        case Fence(text=text, line=line) if text.strip():
            assert text.split("\n")[0].strip() in lines[line - 1]
        case Fence(info=info, line=line):
            assert info in lines[line - 2]
        case PageTable(header=header, rows=rows, line=line):
            for cells, number in [(header, line), *((row.cells, row.line) for row in rows)]:
                text = unescape(lines[number - 1].replace("\\|", "|"))
                assert all(cell in text for cell in cells)


@some
@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "replace")))
@example("---\n\ufeff: !!x\n---")
@example("---\n? [a]\n---")
def test_any_text_is_a_page_or_an_error(text: str) -> None:
    refused(lambda: parse_page(text, "a.md"))


def refused(read: Any) -> Any:
    """Return what is read; ``None`` where it is refused in the way that callers expect."""
    try:
        return read()
    except DocdoubleError:
        return None


edits = st.lists(
    st.tuples(
        st.sampled_from(["cut", "duplicate", "swap", "insert"]),
        st.integers(0, 200),
        st.integers(0, 200),
        st.binary(max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    lines = data.split(b"\n")
    for kind, first, second, inserted in changes:
        here, there = first % len(lines), second % len(lines)
        if kind == "cut":
            lines[here : max(here, there) + 1] = [b""]
        elif kind == "duplicate":
            lines.insert(there, lines[here])
        elif kind == "swap":
            lines[here], lines[there] = lines[there], lines[here]
        else:
            at = second % (len(lines[here]) + 1)
            lines[here] = lines[here][:at] + inserted + lines[here][at:]
    return b"\n".join(lines)


@some
@given(st.sampled_from(PAGES), edits)
def test_a_damaged_page_is_read_or_refused(path: Path, changes: list[tuple[str, int, int, bytes]]) -> None:
    data = edited(path.read_bytes(), changes)
    reading = refused(lambda: read_operation_page(parse_page(decode_utf8(data, "a.md"), "a.md"), SUPEROFFICE))
    if reading is not None:
        contract, _ = link([reading], SUPEROFFICE)
        assert from_openapi(orjson.loads(orjson.dumps(to_openapi(contract)))) == contract
        for body in (reading.operation.request, *reading.operation.responses):
            for media_type in body.media_types if body else ():
                Validator(media_type.schema, contract).violations(None)
