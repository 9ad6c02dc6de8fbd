"""Markdown, MDX and their shortcodes to blocks, line by line and without refusing anything.

Documentation is rendered by many programs, each with its own extensions: what one of them drops (comments, imports,
attributes) is dropped here, and what groups blocks (shortcodes, admonitions, components) becomes components.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from .blocks import Block, Component, Definition, Fence, Heading, Label, ListItem, Paragraph, TableRow, page_table
from .component_tags import SHORTCODE, component_of, ended_shortcodes, next_tag
from .html_blocks import html_blocks
from .html_text import label_of
from .magic_blocks import MAGIC_BLOCK, MAGIC_BLOCK_END, magic_block

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)\Z")
_CODE_SHORTCODE = re.compile(r"\{\{[<%]\s*(?:code|highlight)\b(?P<info>[^>%}]*)[>%]\}\}")
_CODE_SHORTCODE_END = re.compile(r"\{\{[<%]\s*/\s*(?:code|highlight)\s*[>%]\}\}")
_CAPTURE = re.compile(r"\s*\{%-?\s*(?:capture|highlight)\s+(?P<name>[\w.-]+)[^%]*%\}")
_CAPTURE_END = re.compile(r"\s*\{%-?\s*end(?:capture|highlight)\s*-?%\}")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<text>.*?))?(?:[ \t]+#+)?[ \t]*\Z")
_HEADING_ATTRIBUTE = re.compile(r"\s*\{:?\s*[#.:][^{}]*\}\s*\Z")
_UNDERLINE = re.compile(r" {0,3}(?P<mark>=+|-{2,})[ \t]*\Z")
_SEPARATOR = re.compile(r"[ \t]*+(?:\|[ \t]*+)?:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+(?:\|[ \t]*+)?\Z")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[-*+•]|\d{1,4}[.)])(?P<gap>[ \t]+)(?P<text>\S.*)\Z")
_RULE = re.compile(r"[ \t]*([-*_])[ \t]*(?:\1[ \t]*){2,}\Z")
_DEFINITION = re.compile(r" {0,3}:[ \t]+(?P<text>\S.*)\Z")
_DROPPED = re.compile(
    r"\s*(?:(?:import|export)\s.*|\{:[^}]*\}|:{3,}.*|\[toc\]|\{%-?\s*(?:end)?raw\s*-?%\})\s*\Z", re.IGNORECASE
)
_IMPORT = re.compile(r"(?:import\s.+\sfrom\s|import\s+['\"]|export\s+(?:const|default|function|let)\b)")
_ADMONITION = re.compile(r"(?P<indent>\s*)(?P<mark>!!!|\?\?\?\+?|===\+?)\s+[^\"]*(?:\"(?P<title>[^\"]+)\"\s*)?\Z")
_HTML_BLOCK = re.compile(
    r"\s*<(?P<name>address|article|aside|blockquote|center|div|dl|figure|form|h[1-6]|i|li|ol|p|pre|section|span"
    r"|table|ul)"
    r"(?=[\s>/])",
    re.IGNORECASE,
)
_WHOLE_ELEMENTS = ("table", "dl", "pre")
_TAG_START = re.compile(
    r"\s*(?:</?[A-Z][\w.]*[\s/>]|</?[a-z][\w]*-[\w-]*[\s/>]|</?(?:details|summary)\b|<[A-Z][\w.]*\Z|</?>)"
)
_QUOTE = re.compile(r"\A {0,3}>[ \t]?")
_QUOTED_BLOCK = re.compile(r" {0,3}>[ \t]?(?:#{1,6}[ \t]|\||`{3,}|~{3,})")
_INNER_TAG = re.compile(r"</?[A-Z][\w.]*[\s/>]|</?(?:details|summary)\b|\{%-?\s*end|\{\{[<%]\s*/")
_CLOSING_TAG = re.compile(r"(?:</[A-Z][\w.]*>|\{%-?\s*end[\w-]+\s*-?%\}|\{\{[<%]\s*/\s*[\w-]+\s*[>%]\}\})\s*\Z")
_LONGEST_TAG, _MOST_CHARACTERS = 40, 10_000
"""Lines and characters of a tag."""

_COMMENT_MARKS = ("<!--", "{/*", "{%")
_CODE_OR_COMMENT = re.compile(
    r"^[ \t]*(?P<marks>`{3,}|~{3,}).*?(?:^[ \t]*(?P=marks)|\Z)"
    r"|(?P<comment><!--.*?(?:-->|\Z)|\{/\*.*?(?:\*/\}|\Z)|\{%-?\s*comment\b.*?(?:\{%-?\s*endcomment\s*-?%\}|\Z))",
    re.DOTALL | re.MULTILINE,
)


def markdown_blocks(text: str, first_line: int = 1, *, gfm: bool = False) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text whose first line has a number; no text is refused.

    As ``gfm``, GitHub's Markdown, a table goes on up to an empty line or another block, and blanks that end lines stay.
    """
    text = without_comments(text.replace("\r\n", "\n").replace("\r", "\n"))
    scanner = _Scanner(text.split("\n"), first_line, ended_shortcodes(text), gfm)
    scanner.scan()
    return tuple(scanner.blocks)


def without_comments(text: str) -> str:
    """Return a text with what stands in comments left out, line numbers kept; code keeps its comments."""
    if not any(mark in text for mark in _COMMENT_MARKS):
        return text
    return _CODE_OR_COMMENT.sub(lambda match: "\n" * match[0].count("\n") if match["comment"] else match[0], text)


@dataclass
class _Scanner:
    """The lines of a text, the blocks made of them so far, and what is open around the next line."""

    lines: list[str]
    first_line: int
    ended: frozenset[str]
    gfm: bool
    blocks: list[Block] = field(default_factory=list)
    position: int = 0
    item_indents: list[int] = field(default_factory=list)
    components: int = 0
    table_header: tuple[str, ...] = ()

    def number(self, position: int) -> int:
        return self.first_line + position

    def scan(self) -> None:
        while self.position < len(self.lines):
            before, line = self.position, self.lines[self.position]
            self.block(line)
            if self.position == before and self.lines[before] is line:
                self.position += 1

    def block(self, line: str) -> None:
        """Read the block that begins with a line, and move behind it."""
        if not line.strip():
            self.position += 1
        elif _QUOTED_BLOCK.match(line):
            _unquote(self)
        elif fence := _FENCE.match(line):
            self.fence(fence)
        elif _CODE_SHORTCODE.search(line):
            _shortcode_fence(self, line)
        elif magic := MAGIC_BLOCK.match(line):
            number = self.number(self.position)
            self.blocks += magic_block(magic["kind"], _inner_text(self, MAGIC_BLOCK_END), number)
        elif capture := _CAPTURE.match(line):
            _captured(self, capture)
        elif self.is_dropped(line):
            self.position += 1
        elif SHORTCODE.match(line) or _TAG_START.match(line):
            _tag(self, line)
        elif heading := _HEADING.match(line):
            self.heading(len(heading["marks"]), heading["text"] or "", self.position)
            self.position += 1
        elif self.begins_table(self.position):
            self.table()
        elif (html := _HTML_BLOCK.match(line)) and not _is_item(line):
            _html(self, html["name"].lower())
        elif _is_item(line):
            self.item()
        elif self.is_code(line):
            self.indented_code()
        else:
            self.paragraph()

    def is_dropped(self, line: str) -> bool:
        if admonition := _ADMONITION.match(line):
            self.admonition(admonition)
            return True
        if _RULE.match(line):
            return True
        return bool(_DROPPED.match(line)) and (not line.startswith(("import", "export")) or bool(_IMPORT.match(line)))

    def admonition(self, opening: re.Match[str]) -> None:
        """Read the title of an admonition, or of a tab as a label; what stands inside is read after it."""
        self.dedent(len(opening["indent"]) + 4)
        title, line = unescape(opening["title"] or ""), self.number(self.position)
        if title:
            is_tab = opening["mark"].startswith("=")
            self.blocks.append(Label(title, line) if is_tab else Component("admonition", {"title": title}, line=line))

    def dedent(self, width: int) -> None:
        """Move the lines that stand inside an admonition to its own margin."""
        for position in range(self.position + 1, len(self.lines)):
            line = self.lines[position].expandtabs(4)
            if line.strip() and len(line) - len(line.lstrip()) < width:
                return
            self.lines[position] = line[width:]

    def heading(self, level: int, text: str, position: int) -> None:
        self.item_indents.clear()
        text = _HEADING_ATTRIBUTE.sub("", text)
        self.blocks.append(Heading(level, unescape(text.strip()), self.number(position)))

    def fence(self, opening: re.Match[str]) -> None:
        marks, indent = opening["marks"], len(opening["indent"].expandtabs(4))
        start = self.position + 1
        end = start
        while end < len(self.lines) and not _closes(self.lines[end], marks):
            end += 1
        text = "".join(_cut(line, indent) + "\n" for line in self.lines[start:end])
        self.blocks.append(Fence(opening["info"].strip(), text, self.number(start)))
        self.position = end + 1

    def begins_table(self, position: int) -> bool:
        if position + 1 >= len(self.lines) or "|" not in self.lines[position]:
            return False
        below = self.lines[position + 1]
        return "|" in below and bool(_SEPARATOR.match(below))

    def table(self) -> None:
        header, columns = _cells(self.lines[self.position]), _cells(self.lines[self.position + 1].replace(" ", ""))
        self.table_rows((*header, *[""] * (len(columns) - len(header))), self.position + 2)

    def table_rows(self, header: tuple[str, ...], start: int) -> None:
        rows, position = [], start
        following = self.lines[start : start + 2]
        if len(following) == 2 and not following[0].strip() and following[1].count("|") >= max(len(header) - 1, 1):
            position += 1  # some generators leave a line empty below the header
        while position < len(self.lines):
            line = self.lines[position]
            is_row = not _ends_table(line) if self.gfm else "|" in line
            if not is_row or not line.strip() or _CODE_SHORTCODE.search(line) or _HEADING.match(line):
                break
            rows.append(TableRow(_cells(line, len(header)), self.number(position)))
            position += 1
        self.table_header = header
        self.blocks.append(page_table(header, rows, self.number(max(start - 2, 0))))
        self.position = position

    def item(self) -> None:
        match = _ITEM.match(self.lines[self.position])
        assert match is not None
        indent = len(match["indent"].expandtabs(4))
        while self.item_indents and indent < self.item_indents[-1]:
            self.item_indents.pop()
        if not self.item_indents or indent > self.item_indents[-1] + 1:
            self.item_indents.append(indent)
        start, texts = self.position, [match["text"]]
        self.position += 1
        while self.position < len(self.lines) and not self.interrupts(self.position):
            texts.append(self.lines[self.position].strip())
            self.position += 1
        text = unescape("\n".join(texts))
        self.blocks.append(ListItem(len(self.item_indents) - 1, text, self.number(start)))

    def is_code(self, line: str) -> bool:
        indent = _indent(line)
        inside = self.item_indents[-1] + 2 if self.item_indents else 0
        if indent == 0:
            self.item_indents.clear()
        return indent >= 4 + inside and not self.components

    def indented_code(self) -> None:
        start = end = self.position
        while end < len(self.lines) and (not self.lines[end].strip() or _indent(self.lines[end]) >= 4):
            end += 1
        texts = [_cut(line, 4) for line in self.lines[start:end]]
        while texts and not texts[-1].strip():
            texts.pop()
        self.blocks.append(Fence("", "\n".join(texts) + "\n", self.number(start)))
        self.position = end

    def interrupts(self, position: int) -> bool:
        """Tell whether a line begins a block of its own where it follows running text."""
        line = self.lines[position]
        return (
            not line.strip()
            or bool(_FENCE.match(line) or _HEADING.match(line) or _CODE_SHORTCODE.search(line) or _CAPTURE.match(line))
            or bool(SHORTCODE.match(line) or _TAG_START.match(line) or _HTML_BLOCK.match(line))
            or _is_item(line)
            or line.lstrip().startswith(":::")
            or self.begins_table(position)
        )

    def paragraph(self) -> None:
        start, texts = self.position, [self.lines[self.position]]
        quoted = bool(_QUOTE.match(texts[0]))
        self.position += 1
        while self.position < len(self.lines) and not self.interrupts(self.position):
            line = self.lines[self.position]
            if len(texts) == 1 and (underline := _UNDERLINE.match(line)):
                self.heading(1 if underline["mark"].startswith("=") else 2, texts[0], start)
                self.position += 1
                return
            if definition := _DEFINITION.match(line):
                self.definition(texts[-1], definition["text"])
                return
            closing = _CLOSING_TAG.search(line)
            if closing and closing.start():
                texts.append(line[: closing.start()])
                self.lines[self.position] = line[closing.start() :]
                break
            texts.append(line)
            self.position += 1
        bare = (_QUOTE.sub("", line, count=1).lstrip() for line in texts)
        text = unescape("\n".join(bare if self.gfm else map(str.rstrip, bare))).strip()
        if text:
            self.blocks.append(label_of(text, self.number(start), quoted) or Paragraph(text, self.number(start)))

    def definition(self, term: str, text: str) -> None:
        start, texts = self.position, [text]
        self.position += 1
        while self.position < len(self.lines) and not self.interrupts(self.position):
            texts.append(self.lines[self.position].strip().removeprefix(": "))
            self.position += 1
        self.blocks.append(Definition(unescape(term.strip()), unescape("\n".join(texts)), self.number(start - 1)))


def _unquote(scanner: _Scanner) -> None:
    """Take the marks of a quotation from its lines."""
    for position in range(scanner.position, len(scanner.lines)):
        if not _QUOTE.match(scanner.lines[position]):
            return
        scanner.lines[position] = _QUOTE.sub("", scanner.lines[position], count=1)


def _shortcode_fence(scanner: _Scanner, line: str) -> None:
    """Read a shortcode of code; one that stands in a row of a table has the first cell of it as its label."""
    opening = _CODE_SHORTCODE.search(line)
    assert opening is not None
    before = line[: opening.start()].strip()
    if "|" in before:
        scanner.blocks.append(Label(_cells(before)[0], scanner.number(scanner.position)))
    elif before:
        scanner.blocks.append(Paragraph(unescape(before), scanner.number(scanner.position)))
    start, text, rest = scanner.position, line[opening.end() :], ""
    while not (closing := _CODE_SHORTCODE_END.search(text)) and scanner.position + 1 < len(scanner.lines):
        scanner.position += 1
        text += "\n" + scanner.lines[scanner.position]
    if closing:
        text, rest = text[: closing.start()], text[closing.end() :]
    first = start if text.split("\n")[0].strip() else start + 1
    scanner.blocks.append(Fence(opening["info"].strip(), unescape(text.strip("\n")) + "\n", scanner.number(first)))
    scanner.position += 1
    following = scanner.lines[scanner.position] if scanner.position < len(scanner.lines) else ""
    if "|" in before and scanner.table_header and "|" in following:
        scanner.table_rows(scanner.table_header, scanner.position)
    elif rest.strip(" |"):
        scanner.blocks.append(Paragraph(unescape(rest.strip()), scanner.number(scanner.position - 1)))


def _captured(scanner: _Scanner, opening: re.Match[str]) -> None:
    """Read a captured text as a fence whose word is the end of its name: ``step1_python``."""
    line = scanner.number(scanner.position + 1)
    text = _inner_text(scanner, _CAPTURE_END).strip("\n") + "\n"
    scanner.blocks.append(Fence(opening["name"].rpartition("_")[2], text, line))


def _inner_text(scanner: _Scanner, ending: re.Pattern[str]) -> str:
    """Return the lines below the present one up to one that ends them, and move behind that."""
    start = end = scanner.position + 1
    while end < len(scanner.lines) and not ending.match(scanner.lines[end]):
        end += 1
    scanner.position = end + 1
    return "\n".join(scanner.lines[start:end])


def _html(scanner: _Scanner, name: str) -> None:
    """Read the HTML up to an empty line, or a whole table, list or code, as what an HTML page holds."""
    start = end = scanner.position
    if name in _WHOLE_ELEMENTS:
        while end + 1 < len(scanner.lines) and f"</{name}" not in scanner.lines[end].lower():
            end += 1
    else:
        while end + 1 < len(scanner.lines) and (line := scanner.lines[end + 1]).strip() and not _FENCE.match(line):
            end += 1
    scanner.blocks += html_blocks("\n".join(scanner.lines[start : end + 1]), scanner.number(start))
    scanner.position = end + 1


def _tag(scanner: _Scanner, line: str) -> None:
    """Read the component that a line begins with; what follows on the line is read after it."""
    tag, text, end = next_tag(line.lstrip()), line, scanner.position
    if tag is None:
        text = "\n".join(scanner.lines[end : end + _LONGEST_TAG])[:_MOST_CHARACTERS]
        tag = next_tag(text.lstrip())
    if tag is None:
        scanner.paragraph()
        return
    behind = len(text) - len(text.lstrip()) + len(tag.text)
    end += text.count("\n", 0, behind)
    component = component_of(tag, scanner.number(scanner.position), scanner.ended)
    if component:
        scanner.blocks.append(component)
        scanner.components = max(0, scanner.components + {"opening": 1, "closing": -1, "whole": 0}[component.kind])
    first = text.find("\n", behind)
    rest = text[behind : first if first >= 0 else None].strip()
    inner = _INNER_TAG.search(rest)
    if inner and inner.start():
        scanner.blocks.append(Paragraph(unescape(rest[: inner.start()].strip()), scanner.number(end)))
        rest = rest[inner.start() :]
    scanner.position = end
    if rest:
        scanner.lines[end] = rest
    else:
        scanner.position += 1


def _ends_table(line: str) -> bool:
    """Tell whether a line below a table begins another block (GitHub Flavored Markdown, section 4.10)."""
    return _is_item(line) or any(pattern.match(line) for pattern in (_FENCE, _QUOTE, _RULE, _HTML_BLOCK))


def _is_item(line: str) -> bool:
    return bool(_ITEM.match(line)) and not _RULE.match(line)


def _closes(line: str, marks: str) -> bool:
    stripped = line.strip()
    return stripped.startswith(marks) and not stripped.strip(marks[0])


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _cut(line: str, width: int) -> str:
    """Return a line without up to ``width`` columns of blanks at its beginning."""
    if not line[:1].isspace():
        return line
    expanded = line.expandtabs(4) if "\t" in line[: width + 1] else line
    return expanded[min(width, len(expanded) - len(expanded.lstrip())) :]


def _cells(line: str, expected: int = 0) -> tuple[str, ...]:
    """Return the cells of a row; bars inside code are text where there would be too many cells otherwise."""
    inner = line.strip()
    inner = inner.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") and line.lstrip().startswith("|") else inner
    cells = re.split(r"(?<!\\)\|", inner) if "\\" in inner else inner.split("|")
    if expected and len(cells) > expected:
        cells = re.findall(r"(?:`[^`]*`|\\\||[^|])*", inner)[::2] if "`" in inner else cells
    return tuple(unescape(cell.strip().replace("\\|", "|")) for cell in cells[: expected or None])
