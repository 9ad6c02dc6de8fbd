"""HTML pages to blocks, broken ones included; inline marks come out as Markdown spells them.

What only helps a reader of the page to find the way (navigation, footers, anchors beside headings) is dropped, and so
are scripts and styles. No text is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import islice

from .blocks import Block, Component, Fence, Heading, Label, Paragraph
from .html_text import CollectedBlocks, CollectedTable, RunningText, with_method
from .inline_text import plain_text
from .page_elements import (
    ASIDE,
    CLOSED_BY,
    HOLDERS,
    INLINE,
    VOID,
    code_language,
    is_code_table,
    is_component,
    is_dropped,
    markdown_mark,
)
from .request_lines import REQUEST_LINE

MAX_HTML_DEPTH = 200
"""Elements inside of each other that are distinguished; what is deeper is text of the last of them."""

_MOST_COLUMNS = 100
_LONGEST_SIGN = 20
"""Characters of the text of a picture that stands for a word in a table: a tick, a cross."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu")


def html_blocks(text: str, first_line: int = 1) -> tuple[Block, ...]:
    """Return the blocks of an HTML text whose first line has a number; no text is refused."""
    kept: frozenset[str] = frozenset()
    while True:
        builder = _Builder(first_line, kept)
        builder.feed(text)
        builder.close()
        unclosed = ASIDE.intersection(builder.dropped) - kept
        if not unclosed:
            return tuple(builder.collected.blocks)
        kept |= unclosed


@dataclass(slots=True)
class _Element:
    """An open element; ``mark`` is that of running text."""

    name: str
    attributes: Mapping[str, str]
    mark: str = ""


class _Builder(HTMLParser):
    """Collector of the blocks of one text; ``kept`` are elements that are not dropped though they are aside."""

    def __init__(self, first_line: int, kept: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.collected = CollectedBlocks()
        self.dropped: list[str] = []
        self._first_line = first_line
        self._kept = kept
        self._open: list[_Element] = []
        self._text = RunningText()
        self._tables: list[CollectedTable] = []
        self._code: RunningText | None = None
        self._code_info = ""

    @property
    def _line(self) -> int:
        return self._first_line + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = _attributes(attrs)
        if self.dropped:
            self.dropped += [tag] if tag == self.dropped[-1] else []
        elif is_dropped(tag, attributes) or (tag in ASIDE and tag not in self._kept):
            self.dropped += [tag] if tag not in VOID else []
        elif self._code is not None:
            self._code_info = self._code_info or code_language(attributes)
            self._code.pieces += ["\n"] if tag == "br" else []
        elif tag == "br":
            self._text.add("\n", self._line)
        elif tag == "hr":
            self.end_text()
        elif tag == "img" and _in_cell(self._open):
            sign = attributes.get("alt", "")
            self._text.add(sign if len(sign) <= _LONGEST_SIGN else "", self._line)
        elif tag not in VOID:
            self._end_down_to(_implied_end(self._open, tag))
            if len(self._open) < MAX_HTML_DEPTH:
                self._start(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if is_component(tag) and not self.dropped and self._code is None:
            self.end_text()
            self.collected.add(Component(tag, _attributes(attrs), "whole", self._line), _depth(self._open))
            return
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.dropped:
            if tag == self.dropped[-1]:
                self.dropped.pop()
            return
        if self._code is not None and tag != "pre":
            return
        place = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at].name == tag), None)
        if place is None or (tag in INLINE and any(element.name not in INLINE for element in self._open[place + 1 :])):
            return
        self._end_down_to(place)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Take ``<![`` for the beginning of a comment, as browsers do: Python's reader refuses what isn't a section."""
        return self.parse_bogus_comment(i)

    def close(self) -> None:
        super().close()
        self._end_down_to(0)
        self.end_text()

    def handle_data(self, data: str) -> None:
        if self.dropped:
            return
        if self._code is None:
            self._text.add(data, self._line)
            return
        is_first = not self._code.line and data.strip("\r\n")
        self._code.line = self._line + (not self._code.pieces and data[:1] in "\r\n") if is_first else self._code.line
        self._code.pieces.append(data)

    def end_text(self) -> None:
        """Make the text so far a block: an item, a description, a label or a paragraph."""
        if self._text.is_empty:
            self._text = RunningText()
            return
        text, line = self._taken()
        text = with_method(text, self._open[-1].attributes) if self._open else text
        is_quoted = any(element.name == "blockquote" for element in self._open)
        self.collected.add_text(text, line, _depth(self._open), is_quoted=is_quoted)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in INLINE:
            wanted = (
                f"]({attributes['href']})" if tag == "a" and "href" in attributes else markdown_mark(tag, attributes)
            )
            self._open.append(_Element(tag, attributes, self._text.open_mark(wanted)))
            return
        if _in_cell(self._open) and tag not in ("tr", "td", "th", "table"):
            self._text.add("\n", self._line)
        elif tag != "table" or not _in_cell(self._open):
            self.end_text()
        self._open.append(_Element(tag, attributes))
        self._start_block(tag, attributes)

    def _start_block(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "pre":
            outer = (code_language(element.attributes) for element in reversed(self._open[-4:-1]))
            self._code = RunningText()
            self._code_info = code_language(attributes) or next(filter(None, outer), "")
        elif tag == "table" and not is_code_table(attributes):
            self._tables.append(CollectedTable(self._line))
        elif tag == "tr" and self._tables:
            self._tables[-1].end_row()
            self._tables[-1].row_line = self._line
        elif tag == "thead" and self._tables:
            self._tables[-1].in_head = True
        elif _in_cell(self._open):
            return
        elif tag == "li":
            self.collected.describe("")
            self.collected.item_line = self._line
        elif tag == "dd":
            self.collected.is_described = False
        elif is_component(tag):
            self.collected.add(Component(tag, attributes, "opening", self._line), _depth(self._open))

    def _end_down_to(self, place: int) -> None:
        while len(self._open) > place:
            element = self._open[-1]
            if element.name in INLINE:
                self._text.close_mark(element.mark)
            else:
                self._end(element)
            self._open.pop()

    def _end(self, element: _Element) -> None:
        tag, table = element.name, self._tables[-1] if self._tables else None
        if tag == "pre" and self._code is not None:
            self._end_code()
        elif tag in ("td", "th") and table:
            columns = _columns(element.attributes)
            table.add_cell(self._text.indent, *self._taken(), columns, is_header=tag == "th")
        elif tag in ("tr", "thead") and table:
            table.end_row()
            table.in_head = table.in_head and tag == "tr"
        elif tag == "table" and table and not is_code_table(element.attributes):
            self._end_table()
        elif _in_cell(self._open):
            self._text.add("\n", self._line)
        else:
            self._end_plain(tag)

    def _end_plain(self, tag: str) -> None:
        """End an element that holds running text."""
        if tag in _HEADINGS:
            for block in _heading(_HEADINGS[tag], *self._taken()):
                self.collected.add(block, _depth(self._open))
        elif tag == "dt":
            self.collected.add_term(*self._taken())
        elif tag == "caption":
            text, line = self._taken()
            if words := " ".join(text.split()):
                self.collected.add(Label(words.removesuffix(":").strip(), line), _depth(self._open))
        else:
            self._end_text_of(tag)

    def _end_text_of(self, tag: str) -> None:
        self.end_text()
        if tag == "dd":
            self.collected.describe("")
        elif tag == "li":
            self.collected.item_line = 0
        elif is_component(tag):
            self.collected.blocks.append(Component(tag, {}, "closing", self._line))

    def _end_table(self) -> None:
        block = self._tables.pop().block()
        outer = self._open.pop()
        if block and _in_cell(self._open):
            self._text.add(
                "\n".join(filter(None, [*block.header, *(cell for row in block.rows for cell in row.cells)])),
                self._line,
            )
        elif block:
            self.collected.add(block, _depth(self._open))
        self._open.append(outer)

    def _end_code(self) -> None:
        code, self._code = self._code or RunningText(), None
        text = "".join(code.pieces).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
        if text.strip() and _in_cell(self._open):
            self._text.add(f"`{' '.join(text.split())}`", code.line)
        elif text.strip():
            text = with_method(text.rstrip("\n"), self._open[-1].attributes) + "\n"
            self.collected.add(Fence(self._code_info, text, code.line), _depth(self._open))

    def _taken(self) -> tuple[str, int]:
        """Return the text so far and its line, and begin another."""
        text, self._text = self._text, RunningText()
        return text.whole(), text.line or self._line


def _implied_end(open_elements: Sequence[_Element], tag: str) -> int:
    """Return the place of the first element that the beginning of another one ends, that of the next where none is."""
    first = len(open_elements)
    for place in range(first - 1, -1, -1):
        name = open_elements[place].name
        if tag not in CLOSED_BY or name in HOLDERS[tag]:
            break
        first = place if name in CLOSED_BY[tag] else first
    return first


def _heading(level: int, text: str, line: int) -> Iterator[Block]:
    """Yield a heading, and the text below a line in it that is a request."""
    first, _, below = text.partition("\n")
    if below and REQUEST_LINE.fullmatch(plain_text(first)):
        yield Heading(level, first, line)
        yield Paragraph(below, line + 1)
    elif words := " ".join(text.split()):
        yield Heading(level, words, line)


def _columns(attributes: Mapping[str, str]) -> int:
    """Return how many columns wide a cell is."""
    span = attributes.get("colspan", "1")
    return min(int(span), _MOST_COLUMNS) if re.fullmatch("[1-9][0-9]{0,5}", span) else 1


def _attributes(attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    return {name: "true" if value is None else value for name, value in attrs}


def _in_cell(open_elements: Sequence[_Element]) -> bool:
    """Tell whether what comes next stands in a cell of a table."""
    near = next((element.name for element in reversed(open_elements) if element.name in ("td", "th", "table")), "table")
    tables = (element for element in reversed(open_elements) if element.name == "table")
    return near != "table" and any(not is_code_table(table.attributes) for table in islice(tables, 1))


def _depth(open_elements: Sequence[_Element]) -> int:
    return max(sum(element.name in _LISTS for element in open_elements) - 1, 0)
