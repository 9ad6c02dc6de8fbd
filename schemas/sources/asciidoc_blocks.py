"""AsciiDoc to blocks: headings, tables, listings, lists and paragraphs, with what the text includes.

Only what documentation of APIs is written in is distinguished; inline marks come out as Markdown spells them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..pages.blocks import (
    Block,
    Definition,
    Fence,
    Heading,
    Label,
    ListItem,
    PageTable,
    Paragraph,
    TableRow,
    page_table,
)

MOST_INCLUDED = 2_000
"""Files that one text includes, one in another."""

_MOST_NESTED = 20
_HEADING = re.compile(r"(?P<marks>={1,6}|#{1,6})\s+(?P<text>\S.*?)(?:\s+=+)?")
_ATTRIBUTE = re.compile(r":(?P<name>[\w-]+):(?:\s+(?P<value>.*))?")
_BLOCK_ATTRIBUTES = re.compile(r"\[(?P<inside>[^\[\]]*(?:\[[^\]]*\][^\[\]]*)*)\]")
_TITLE = re.compile(r"\.(?P<text>[^\s.].*)")
_INCLUDE = re.compile(r"include::(?P<path>[^\[]+)\[[^\]]*\]")
_OPERATION = re.compile(r"operation::(?P<id>[^\[]+)\[(?:.*?snippets=['\"](?P<names>[^'\"]*)['\"])?.*\]")
_ITEM = re.compile(r"\s*(?P<marks>\*{1,5}|\.{1,5}|-|\d+\.)\s+(?P<text>\S.*)")
_TERM = re.compile(r"(?P<term>\S.*?):{2,4}(?:\s+(?P<text>.*))?")
_DIRECTIVE = re.compile(r"(?:ifdef|ifndef|ifeval|endif|toc|image|video|anchor|xref)::\S*\[.*\]|\[\[.*\]\]|'{3,}|<{3,}")
_CELL = re.compile(r"(?:(?<=\s)|(?<=^))(?:\d+(?:\.\d+)?[+*])?[<^>.]*[aehlmsvd]?(?<!\\)\||(?<!\\)\|")
_FENCES = ("----", "....", "```", "++++")
_GROUPS = ("====", "****", "--", "____")
_INLINE = (
    (re.compile(r"``?\+(.+?)\+``?|(?<![\w`])\+(\S(?:[^+\n]*\S)?)\+(?![\w])"), r"`\1\2`"),
    (re.compile(r"``([^`]+)``"), r"`\1`"),
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])"), r"**\1**"),
    (re.compile(r"<<[^,>]*,([^>]*)>>"), r"\1"),
    (re.compile(r"<<([^>]*)>>"), r"\1"),
    (re.compile(r"(?:link:|xref:)([^\s\[]+)\[([^\]]*)\]"), r"[\2](\1)"),
    (re.compile(r"(https?://[^\s\[]+)\[([^\]]+)\]"), r"[\2](\1)"),
)

Include = Callable[[str], str | None]
"""The text of a file that is included, ``None`` where there is none, or it may not be read."""


class _Line(NamedTuple):
    number: int
    text: str


@dataclass
class _Page:
    """The lines of a text with what it includes, and what is left to read of them."""

    include: Include
    attributes: dict[str, str] = field(default_factory=dict)
    missing: list[tuple[int, str]] = field(default_factory=list)
    included: int = 0


def asciidoc_blocks(text: str, include: Include) -> tuple[list[Block], list[tuple[int, str]]]:
    """Return the blocks of a text, and the lines and paths of the files that it includes and that there aren't.

    What stands in an included file has the line of the include.
    """
    page = _Page(include)
    lines = list(_expanded([_Line(number, line) for number, line in enumerate(text.splitlines(), 1)], page, 0))
    return list(_blocks(lines, page)), page.missing


def _expanded(lines: list[_Line], page: _Page, depth: int) -> Iterator[_Line]:
    """Yield lines with those of included files in the place of their includes, without comments."""
    in_comment = False
    for line in lines:
        if line.text.startswith("////"):
            in_comment = not in_comment
        elif in_comment or (line.text.startswith("//") and not line.text.startswith("///")):
            continue
        elif match := _ATTRIBUTE.fullmatch(line.text):
            page.attributes[match["name"]] = match["value"] or ""
        elif match := _INCLUDE.fullmatch(line.text.strip()):
            yield from _included(match["path"], line, page, depth)
        elif match := _OPERATION.fullmatch(line.text.strip()):
            names = match["names"] or "http-request,path-parameters,query-parameters,request-fields,http-response"
            for name in names.split(","):
                yield _Line(line.number, f"====== {name.strip().replace('-', ' ')}")
                yield from _included(f"{{snippets}}/{match['id']}/{name.strip()}.adoc", line, page, depth)
        else:
            yield line


def _included(path: str, line: _Line, page: _Page, depth: int) -> Iterator[_Line]:
    for _ in range(_MOST_NESTED):
        path = re.sub(r"\{([\w-]+)\}", lambda match: page.attributes.get(match[1], match[0]), path)
    page.included += 1
    text = page.include(path) if depth < _MOST_NESTED and page.included <= MOST_INCLUDED else None
    if text is None:
        page.missing.append((line.number, path))
        return
    yield from _expanded([_Line(line.number, line_text) for line_text in text.splitlines()], page, depth + 1)
    yield _Line(line.number, "")


def _blocks(lines: list[_Line], page: _Page) -> Iterator[Block]:
    place, attributes, title = 0, "", None
    while place < len(lines):
        number, text = lines[place]
        bare = text.strip()
        if not bare or _DIRECTIVE.fullmatch(bare) or bare == "+":
            place += 1
        elif match := _HEADING.fullmatch(text):
            yield Heading(len(match["marks"]), _inline(match["text"]), number)
            place += 1
        elif match := _BLOCK_ATTRIBUTES.fullmatch(bare):
            attributes = match["inside"]
            place += 1
            continue
        elif (match := _TITLE.fullmatch(text)) and not text.startswith("..") and not _ITEM.fullmatch(text):
            title = Label(_inline(match["text"]).removesuffix(":"), number)
            place += 1
            continue
        elif bare.startswith(("|===", ",===", "!===")):
            end = _closing(lines, place, bare)
            yield from [title] if title else []
            yield from _table(lines[place + 1 : end], attributes, number)
            place = end + 1
        elif bare.startswith(_FENCES) and set(bare[:4]) <= set("-.`+"):
            end = _closing(lines, place, bare)
            yield from [title] if title else []
            yield from _fence(lines[place + 1 : end], attributes, bare, number)
            place = end + 1
        elif bare in _GROUPS or (bare[:4] in _GROUPS and len(set(bare)) == 1):
            place += 1
        else:
            yield from [title] if title else []
            end = _end_of_text(lines, place)
            yield from _text(lines[place:end], attributes)
            place = end
        attributes, title = "", None


def _closing(lines: list[_Line], place: int, mark: str) -> int:
    """Return the place of the line that closes a block, the end of the text where nothing does."""
    mark = "```" if mark.startswith("```") else mark
    return next((at for at in range(place + 1, len(lines)) if lines[at].text.strip() == mark), len(lines))


def _end_of_text(lines: list[_Line], place: int) -> int:
    end = place + 1
    while end < len(lines) and lines[end].text.strip():
        bare = lines[end].text.strip()
        if bare.startswith((*_FENCES, "|===")) or _ITEM.fullmatch(lines[end].text) or bare == "+":
            break
        if _BLOCK_ATTRIBUTES.fullmatch(bare) or _TERM.fullmatch(bare):
            break
        end += 1
    return end


def _text(lines: list[_Line], attributes: str) -> Iterator[Block]:
    """Yield the item, the definition, the listing or the paragraph that lines are."""
    number, first = lines[0]
    rest = [line.text.strip() for line in lines[1:]]
    if attributes.startswith("source"):
        yield Fence(_language(attributes), "\n".join(line.text for line in lines) + "\n", number)
    elif match := _ITEM.fullmatch(first):
        depth = len(match["marks"]) - 1 if match["marks"][0] in "*." else 0
        yield ListItem(depth, _inline("\n".join([match["text"], *rest])), number)
    elif first[:1] in (" ", "\t"):
        yield Fence("", "\n".join(line.text for line in lines) + "\n", number)
    elif match := _TERM.fullmatch(first):
        yield Definition(_inline(match["term"]), _inline("\n".join(filter(None, [match["text"] or "", *rest]))), number)
    else:
        yield Paragraph(_inline("\n".join([first, *rest])), number)


def _fence(lines: list[_Line], attributes: str, mark: str, number: int) -> Iterator[Block]:
    if mark.startswith("++++") or not any(line.text.strip() for line in lines):
        return
    language = mark[3:].strip() if mark.startswith("```") else _language(attributes)
    first = lines[0].number if lines else number
    yield Fence(language, "\n".join(line.text.rstrip() for line in lines) + "\n", first)


def _language(attributes: str) -> str:
    parts = [part.strip() for part in attributes.split(",")]
    if parts[0] in ("source", "") and len(parts) > 1:
        return parts[1].partition("=")[2].strip('"') if "=" in parts[1] else parts[1]
    return parts[0] if parts[0] in ("json", "http", "bash") else ""


def _table(lines: list[_Line], attributes: str, number: int) -> Iterator[PageTable]:
    cells: list[tuple[str, int]] = []
    first_row, has_header = 0, 'options="header"' in attributes or "%header" in attributes
    for at, (line, text) in enumerate(lines):
        parts = _CELL.split(text)
        if len(parts) == 1:
            if cells and text.strip():
                cells[-1] = (f"{cells[-1][0]}\n{text.strip()}", cells[-1][1])
            continue
        if parts[0].strip() and cells:
            cells[-1] = (f"{cells[-1][0]}\n{parts[0].strip()}", cells[-1][1])
        cells += [(part.strip(), line) for part in parts[1:]]
        if not first_row:
            first_row = len(parts) - 1
            has_header = has_header or (at + 1 < len(lines) and not lines[at + 1].text.strip() and first_row > 1)
    width = _columns(attributes) or first_row
    if not width or not cells:
        return
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    texts = [TableRow(tuple(_inline(cell) for cell, _ in row), row[0][1]) for row in rows]
    header = texts.pop(0).cells if has_header else ("",) * width
    yield page_table(header, texts, number)


def _columns(attributes: str) -> int:
    match = re.search(r"cols\s*=\s*[\"']?([^\"'\]]+)[\"']?", attributes)
    if not match:
        return 0
    repeated = re.fullmatch(r"(\d+)\*.*", match[1].strip())
    return min(int(repeated[1]), 1000) if repeated else len([width for width in match[1].split(",") if width.strip()])


def _inline(text: str) -> str:
    for pattern, spelled in _INLINE:
        text = pattern.sub(spelled, text)
    return text.replace("\\|", "|").strip()
