"""Contents of an operation's section: rows by their place, statuses, and samples by their side."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..dialects.family_settings import FamilySettings, RequiredMarkers
from ..http import FORM, MULTIPART
from .blocks import Block, Component, Definition, Fence, Heading, Label, ListItem, PageTable, Paragraph
from .bold_rows import bold_row, described_row
from .component_rows import component_row
from .field_marks import is_request_field
from .headed_blocks import component_ends
from .inline_text import heading_words, plain_text, without_tags
from .named_rows import has_named_rows, row_sections
from .operation_sections import OperationSection
from .outlines import outline
from .page_samples import PageSample, UnreadableSample, fence_samples, sample_names
from .parameter_rows import (
    ColumnRoles,
    DocumentedRow,
    StatusRow,
    column_roles,
    definition_row,
    list_rows,
    placeholder_rows,
    table_rows,
)
from .prose_facts import prose_statuses, query_names, returned_type
from .request_lines import soft_name
from .sample_commands import sample_headers
from .section_kinds import SectionKind, component_kind, section_kind

_CODE = re.compile(r"\A\W*(?P<status>[1-5]\d\d|[1-5]XX|default)\b\W*(?P<text>.*)", re.DOTALL)
_HEADER_FIELD = re.compile(r"(?:\A|\*|<br ?/?>)\s*`?([A-Z][\w-]*)`?\s+[-\u2013]\s+([^*<]*?)\s*(?=[*<]|\Z)")
"""A field in a column of header fields that are answered: ``* Location - where it is``."""
_TYPE_TITLE = re.compile(r"\A\w+ (?:object|array|list|map)\Z", re.IGNORECASE)
_AS_BOLD = r"**\1\2**"
_NAME_FIRST = re.compile(r"\A(?:[`*]+([\w.$@\[\]-]+)[`*]+|([a-z_$@][\w.$@\[\]-]*))(?=\s)")
_FENCE_TITLE = re.compile(r"\btitle=\"([^\"]+)\"")
_SHORT = 70
_NO_TYPE = ("", "none", "no content", "n/a", "null", "inline")
_SLANTED = re.compile(r"[*_]([^*_\n]{1,60})[*_]:?")
_NAMED_CODE = re.compile(
    r"(?:http )?(?:status )?code ?: ?(?P<status>[1-5]\d\d)\b(?P<text>.*)\Z", re.IGNORECASE | re.DOTALL
)
_BOLD = re.compile(r"\*\*[^*\n]{1,60}\*\*:?")
_TYPE_HEADING = re.compile(r".*\btypes?|returns?|return value")
_ONLY_A_TYPE = re.compile(r"\[?\*\*[^*\n]+\*\*\]?(?:\([^()\s]*\))?|`[^`\n]+`|\[[^\[\]\n]+\]\([^()\s]*\)")
_NO_DEFAULT = ("", "n/a", "na", "-", "—", "none", "required", "undefined")
_NO_NAME = re.compile(r"true|false|null|none|\d+(?:\.\d+)?|[^\w$@*]+", re.IGNORECASE)
_OF_ANSWER = re.compile(
    r"\b(?:response|return(?:ed)?|result)s?(?: body)?"
    r" (?:attribute|field|propert|parameter|value|object|element|member)\w*(?: (?:is|are) returned)?:\Z",
    re.IGNORECASE,
)
"""The end of a text before what a response has, whatever its beginning says."""
_FAILURE = re.compile(
    r"\b(?:fail(?:ed|ing|ure|s)?|unsuccessful|errors?)\b(?:[ \w]{0,12} )?(?:response|reply|answer|result|body)"
    r"|(?:response|reply|answer)[ \w]{1,20}\b(?:fail|error)\w*",
    re.IGNORECASE,
)
"""A text before the response of a failure."""
_HAS_RESPONSE = re.compile(
    r"\bresponse(?: body)? (?:will (?:be|have|contain|include)|is|has|contains|includes)\b"
    r"(?!.*\b(?:request|parameter)s?\b)[^.:]*[.:]?\Z",
    re.IGNORECASE,
)
_ALL_OPTIONAL = re.compile(
    r"\ball\b[\w\s]{0,40}\bparameters (?:are|is) optional|following[\w\s]{0,30}\boptional\b[\w\s]{0,20}parameters",
    re.IGNORECASE,
)
_BEFORE_VALUES = re.compile(
    r"\b(?:one of(?: the following)?|(?:allowed|possible|valid) values(?: are)?):\Z", re.IGNORECASE
)
"""The end of a text before a list of the values of what it is about."""
_CAPTION = re.compile(r"(?:\w+ ){1,2}\w+")


@dataclass
class SectionContents:
    """Contents of a section; ``form`` is the media type of the form that the body's rows describe, empty for none."""

    rows: dict[str, list[DocumentedRow]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, StatusRow] = field(default_factory=dict)
    samples: list[PageSample] = field(default_factory=list)
    unreadable: list[UnreadableSample] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    has_command: bool = False
    credentials: list[tuple[str, str, int]] = field(default_factory=list)
    all_optional: set[str] = field(default_factory=set)
    types: dict[str, DocumentedRow] = field(default_factory=dict)
    form: str = ""

    def add_status(self, code: str, text: str, line: int, headers: str = "") -> None:
        """Add a status code, or the description of one."""
        if match := _CODE.match(code):
            status = match["status"]
            description = text or match["text"].strip(" \u2013-—:`*")
            known = self.statuses.get(status)
            if known is None or not known.text:
                fields = tuple(_HEADER_FIELD.findall(headers))
                self.statuses[status] = StatusRow(status, plain_text(description), line, fields)

    def add_response(self, status: str, text: str, kind: str, line: int, headers: str) -> None:
        """Add a status code with the type of its body, which is that of the response where it is a success."""
        self.add_status(status, text, line, headers)
        if status.startswith("2") and kind.strip("- ").lower() not in _NO_TYPE:
            self.types.setdefault("response", DocumentedRow("the response", line, kind))

    def add_type(self, text: str, line: int, heading: str, place: str) -> bool:
        """Add a text that is nothing but a type, below a heading that says so, as that of a body."""
        side = {"response": "response", "body": "request"}.get(place, "")
        if not (side and _TYPE_HEADING.fullmatch(heading) and _ONLY_A_TYPE.fullmatch(text)):
            return False
        self.types.setdefault(side, DocumentedRow(f"the {side}", line, text))
        return True

    def add_returned(self, text: str, line: int, known: Mapping[str, Any]) -> None:
        """Add the described type that a text says to be returned as that of the response."""
        if kind := returned_type(text, known):
            self.types.setdefault("returned", DocumentedRow("the response", line, kind))

    def add_statuses(self, text: str, line: int) -> None:
        """Add the status codes that a text lists, each with its description."""
        for status, description in re.findall(r"(?<![\w.])([1-5]\d\d)(?![\w.])\s*\(?([^()<]*)", without_tags(text)):
            self.add_status(status, description, line)

    def add_children(self, rows: list[DocumentedRow], subject: str) -> bool:
        """Add rows to the one that the heading above them names, if there is one."""
        for listed in self.rows.values():
            for number, row in enumerate(listed):
                if subject in (row.name.lower(), row.type.lower()) and not row.children:
                    listed[number] = replace(row, children=tuple(rows))
                    return True
        return False


def section_contents(section: OperationSection, page: str, settings: FamilySettings) -> SectionContents:
    """Return what the blocks of a section say, each by the headings and labels above it."""
    reader = _Contents(section, page, settings)
    reader.read()
    return reader.contents


def nested_kind(outer: SectionKind, inner: SectionKind) -> SectionKind:
    """Return the kind of a section inside another."""
    if not inner.says_something:
        return replace(outer, optional=inner.optional or outer.optional, required=inner.required or outer.required)
    side = inner.side or outer.side
    place = inner.place
    if outer.place == "skip":
        return replace(outer, status=inner.status or outer.status)
    if "response" in (outer.side, outer.place) and place in ("body", "parameters", "schema", "query", ""):
        place, side = "response" if outer.place == "response" or place else "", "response"
    elif (place in ("parameters", "schema") and outer.place in ("path", "query", "header", "body")) or (
        not place and not inner.is_sample and outer.place and not inner.side
    ):
        place = outer.place
    return SectionKind(
        place,
        side,
        inner.is_sample or outer.is_sample,
        inner.status or outer.status,
        inner.optional or outer.optional,
        inner.required or outer.required,
        inner.media or outer.media,
    )


@dataclass
class _Contents:
    section: OperationSection
    page: str
    settings: FamilySettings
    contents: SectionContents = field(default_factory=SectionContents)
    headings: list[tuple[int, SectionKind]] = field(default_factory=list)
    label: SectionKind = field(default_factory=SectionKind)
    label_is_known: bool = True
    last_rows: str = ""
    last_place: str = ""
    containers: set[str] = field(default_factory=set)
    target: tuple[str, str] = ("", "")
    subject: str = ""
    mentioned: list[DocumentedRow] = field(default_factory=list)
    in_prose: list[tuple[str, str, int]] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether what is just above says what the rows are, or nothing stands between them and the operation."""
        return self.label_is_known and (not self.headings or self.headings[-1][1].says_something)

    @property
    def kind(self) -> SectionKind:
        kind = SectionKind()
        for _, inner in self.headings:
            kind = nested_kind(kind, inner)
        return nested_kind(kind, self.label)

    def read(self) -> None:
        self.all_blocks(self.section.blocks)
        known = {row.name for rows in self.contents.rows.values() for row in rows}
        self.contents.rows["query"] += [row for row in self.mentioned if row.name not in known]
        for status, sentence, line in self.in_prose:
            self.contents.add_status(status, sentence, line)

    def all_blocks(self, blocks: tuple[Block, ...]) -> None:
        outer, self.ends = self.ends, component_ends(blocks)
        position = 0
        while position < len(blocks):
            position += self.block(blocks, position)
        self.ends = outer

    def block(self, blocks: tuple[Block, ...], position: int) -> int:
        """Read a block, and return how many it makes up together with what belongs to it."""
        block = blocks[position]
        match block:
            case Heading():
                return self.heading(block, position in self.section.named_by, blocks[position + 1 : position + 2])
            case Label():
                if not self.contents.add_type(f"**{block.text}**", block.line, self.subject, self.kind.place):
                    self.set_label(self.named_kind(block.text), block.line)
            case PageTable():
                self.table(block)
            case ListItem():
                return _list(self, blocks, position)
            case Definition() if _is_caption(block, blocks[position + 1 : position + 2]):
                self.set_label(self.named_kind(block.term), block.line)
            case Definition():
                if (row := definition_row(block)) and (self.kind.holds_rows or row.type):
                    self.add([row], "definition")
            case Component():
                return _component(self, blocks, position)
            case Fence():
                if not _outline(self, block):
                    _fence(self, block)
            case Paragraph():
                row, count = described_row(blocks, position) if self.kind.holds_rows else (None, 1)
                if row:
                    self.add([row], "list")
                    return count
                self.paragraph(block)
                if position + 1 < len(blocks) and isinstance(blocks[position + 1], PageTable):
                    _caption(self, block)
        return 1

    def heading(self, heading: Heading, names_section: bool, following: tuple[Block, ...] = ()) -> int:
        """Read a heading, and return how many blocks it makes up: with its text where it names a parameter."""
        while self.headings and self.headings[-1][0] >= heading.level:
            self.headings.pop()
        self.set_label(SectionKind(), heading.line)
        self.label_is_known = True
        self.subject = heading_words(heading.text)
        if names_section:
            return 1
        if self.kind.holds_rows and (row := _row_of_heading(heading, following)):
            self.add([row], "heading")
            return 2
        kind = self.named_kind(heading.text)
        self.headings.append((heading.level, kind))
        if kind.status:
            self.contents.add_status(kind.status, "", heading.line)
        return 1

    def named_kind(self, text: str) -> SectionKind:
        """Return the kind of the section that a text is the name of."""
        return section_kind(text, self.settings.sections)

    def set_label(self, kind: SectionKind, line: int) -> None:
        before = self.label
        if not kind.says_something and (kind.required or kind.optional):
            kind = replace(before, required=kind.required, optional=kind.optional)
        elif kind == SectionKind(is_sample=True) and before.status:
            kind = replace(before, is_sample=True)
        self.label, self.label_is_known, self.last_rows = kind, kind.says_something, ""
        if kind.status:
            self.contents.add_status(kind.status, "", line)

    def table(self, table: PageTable) -> None:
        kind = self.kind
        roles = column_roles(table.header, self.settings.columns)
        if roles.columns.get("status") == 0 and _statuses(self, table, roles):
            return
        if has_named_rows(table):
            _named_rows(self, table)
        elif kind.place not in ("skip", "status"):
            explicit = kind.holds_rows and self.is_named and not self.last_rows
            rows = table_rows(table, self.settings, explicit)
            sent = "required" in roles.columns or any(soft_name(row.name) in self.section.variables for row in rows)
            if self.section.lines and sent and kind.place in ("", "schema", "parameters") and kind.side != "response":
                self.label = replace(self.label, place="parameters")
                rows = [replace(row, location="" if row.location == "schema" else row.location) for row in rows]
            self.add(rows, "table")

    def items(self, items: list[ListItem]) -> None:
        kind = self.kind
        if kind.place == "status" or all(_CODE.match(plain_text(item.text)) for item in items if item.depth == 0):
            for item in items:
                if item.depth == 0:
                    self.contents.add_status(plain_text(item.text), "", item.line)
            return
        for item in items:
            if match := _NAMED_CODE.match(plain_text(item.text)):
                _status_field(self, match, item)
        if kind.place != "skip" and not kind.is_sample:
            alone = "table" not in self.containers or kind.place == "header"
            explicit = kind.holds_rows and self.is_named and alone
            self.add(list_rows(items, explicit, bool(self.last_rows)), "list")
        last = items[-1].text
        is_label = _BOLD.fullmatch(last) or (last.endswith(":") and "\n" not in last)
        if is_label and (inner := self.named_kind(last)).says_something:
            self.set_label(inner, items[-1].line)

    def paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text.strip()
        if self.contents.add_type(text, paragraph.line, self.subject, self.kind.place):
            return
        self.mentioned += [DocumentedRow(name, paragraph.line) for name in query_names(text)]
        if match := _NAMED_CODE.match(plain_text(text)):
            _status_field(self, match, paragraph)
            return
        if self.kind.place in ("path", "url", "query") and (rows := placeholder_rows(text, paragraph.line)):
            self.add(rows, "list")
            return
        if (slanted := _SLANTED.fullmatch(text)) and (kind := self.named_kind(slanted[1])).says_something:
            self.set_label(kind, paragraph.line)
            return
        last = text.rstrip().rsplit("\n", 1)[-1]
        lead = re.split(r"(?<=[.!?])\s+", last)[-1]
        if text.endswith(":"):
            kind = self.named_kind(text if len(text) <= _SHORT else lead)
            of_answer = _OF_ANSWER.search(lead)
            if of_answer or (len(lead) <= _SHORT and kind.says_something and kind.place != "skip"):
                kind = SectionKind("response", "response") if of_answer else kind
                self.set_label(kind, paragraph.line)
            elif _FAILURE.search(lead):
                self.set_label(SectionKind("skip"), paragraph.line)
            elif kind.side and not self.kind.place:
                self.label = SectionKind("", kind.side, True)
        elif not self.headings and not self.label.says_something:
            self.contents.description.append(text)
        _take_sentence(self, text, paragraph.line)

    def add(self, rows: list[DocumentedRow], container: str) -> None:
        """Add rows to their place; below a heading that says nothing they describe a part of an earlier row, if any."""
        kind = self.kind
        rows = [row for row in rows if not _NO_NAME.fullmatch(row.name)]
        if rows:
            self.last_rows = container
            self.containers.add(container)
        elif not self.is_named:
            return
        if not self.is_named and self.subject and rows and self.contents.add_children(rows, self.subject):
            return
        for row in rows:
            place = _place(row, kind)
            if place == "body" and (kind.media or row.location == "form"):
                self.contents.form = kind.media or (MULTIPART if row.type == "file" else FORM)
            is_first = kind.holds_rows and not self.contents.rows[place]
            if not self.is_named and row.location in ("", "response", "schema") and not is_first:
                continue
            required = _marked(row, self.settings.required)
            if required is None and (kind.required or kind.optional or place in self.contents.all_optional):
                required = not kind.optional and place not in self.contents.all_optional
            self.contents.rows[place].append(replace(row, required=required))
            self.last_place = place


def _row_of_heading(heading: Heading, following: tuple[Block, ...]) -> DocumentedRow | None:
    """Return the row of a heading that has a name and a type, above its text: ``limit integer required``."""
    if not isinstance(next(iter(following), None), Paragraph) or _TYPE_TITLE.search(heading.text):
        return None
    text = "".join(block.text for block in following if isinstance(block, Paragraph))
    return bold_row(f"{_NAME_FIRST.sub(_AS_BOLD, heading.text)}\n{text}", heading.line)


def _is_caption(definition: Definition, following: tuple[Block, ...]) -> bool:
    """Tell whether a term is the name of a list or a table below it: ``Query Parameters:``."""
    is_bare = not definition.text and definition.term.endswith(":")
    return is_bare and any(isinstance(block, ListItem | PageTable) for block in following)


def _take_sentence(reader: _Contents, text: str, line: int) -> None:
    """Take what a sentence says: what is returned, a status, how a body is sent, that all parameters are optional."""
    place = reader.kind.place
    if place not in ("skip", "body"):
        reader.contents.add_returned(text, line, reader.settings.types)
    if place == "body" and (form := next((kind for kind in (FORM, MULTIPART) if kind in text), "")):
        reader.contents.form = form
    if place != "skip":
        reader.in_prose += [(status, sentence, line) for status, sentence in prose_statuses(text)]
    if _ALL_OPTIONAL.search(text):
        reader.contents.all_optional.add(place)


def _caption(reader: _Contents, paragraph: Paragraph) -> None:
    """Take a text before a table for its name: two or three words, or one that says what the response has."""
    text = paragraph.text.strip()
    kind = reader.named_kind(text)
    if _CAPTION.fullmatch(text) and kind.place and kind.place != "skip":
        reader.set_label(kind, paragraph.line)
    elif _HAS_RESPONSE.search(text):
        reader.set_label(SectionKind("response", "response"), paragraph.line)


def _list(reader: _Contents, blocks: tuple[Block, ...], position: int) -> int:
    """Read a list, and return how many items it has: those of parameters, or the values of the row above it."""
    items, count = _first_items(blocks[position:])
    before = blocks[position - 1] if position else None
    has_row = reader.last_rows and reader.last_place
    if has_row and isinstance(before, Paragraph) and _BEFORE_VALUES.search(before.text):
        _values(reader, items)
    else:
        reader.items(items)
    return count


def _statuses(reader: _Contents, table: PageTable, roles: ColumnRoles) -> bool:
    """Take the rows of a table for responses where all of them begin with a status."""
    codes = [re.sub(r"\A0\Z", "default", plain_text(row.cells[0])) for row in table.rows]
    are_statuses = all(map(_CODE.match, codes))
    for status, row in zip(codes, table.rows if are_statuses else (), strict=are_statuses):
        text, body, headers = (roles.cell(row, role) for role in ("text", "type", "name"))
        reader.contents.add_response(status, text, body, row.line, headers)
    return are_statuses


def _values(reader: _Contents, items: Iterable[ListItem]) -> None:
    """Take a list for the values of the row above it."""
    rows = reader.contents.rows[reader.last_place]
    values = (plain_text(item.text).strip("\"'") for item in items)
    rows[-1] = replace(rows[-1], listed=(*rows[-1].listed, *(value for value in values if not re.search(r"\s", value))))


def _first_items(blocks: Sequence[Block]) -> tuple[list[ListItem], int]:
    """Return the items at the beginning of blocks and how many these make up: with the texts before nested items."""
    items: list[ListItem] = []
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if isinstance(block, ListItem):
            items.append(block)
        elif isinstance(block, Paragraph) and isinstance(following, ListItem) and following.depth:
            items[-1] = replace(items[-1], text=f"{items[-1].text}\n{block.text}")
        else:
            return items, number
    return items, len(blocks)


def _component(reader: _Contents, blocks: tuple[Block, ...], position: int) -> int:
    """Read a component, and return how many blocks it makes up: all inside where it is a row."""
    component = blocks[position]
    assert isinstance(component, Component)
    if component.kind == "closing":
        names_part = re.search(r"response|request|example|tab", component.name, re.IGNORECASE)
        reader.label = SectionKind() if names_part else reader.label
        return 1
    row, count = component_row(blocks, position, reader.ends)
    if row:
        reader.add([row], "component")
    elif component.kind == "opening":
        kind, text = component_kind(component, reader.settings.sections)
        reader.label = kind if kind.says_something else reader.label
        if kind.status:
            reader.contents.add_status(kind.status, text, component.line)
    return count


def _status_field(reader: _Contents, match: re.Match[str], block: ListItem | Paragraph) -> None:
    """Take a status with its name, and the body that stands beside it: ``**Code:** 404 **Content:** `{}```."""
    reason, _, content = match["text"].partition("\n")
    reader.contents.add_status(match["status"], reason.strip(" \u2013-—:`*("), block.line)
    reader.label = SectionKind("response", "response", False, match["status"])
    if (start := re.search(r"[{\[]", content)) and content.rstrip()[-1:] in "}]":
        line = block.line + block.text.count("\n", 0, block.text.find("\n") + 1)
        _fence(reader, Fence("json", content[start.start() :].rstrip(), line))


def _named_rows(reader: _Contents, table: PageTable) -> None:
    """Read a table whose rows are sections: statuses, or what stands below a label of their name."""
    before, outer = (reader.label, reader.label_is_known), len(reader.headings)
    for heading, row, blocks in row_sections(table):
        kind = reader.named_kind(heading.text)
        if is_request_field(heading_words(heading.text)):
            continue
        if kind.place == "status":
            reader.contents.add_statuses(row.cells[1], row.line)
        elif heading_words(heading.text) in reader.settings.columns.text:
            reader.contents.description.append(row.cells[1])
        else:
            reader.heading(heading, names_section=False)
            reader.all_blocks(blocks)
    del reader.headings[outer:]
    reader.label, reader.label_is_known = before


def _outline(reader: _Contents, fence: Fence) -> bool:
    """Read an outline whose headings say what stands below them, and tell whether a text is one."""
    blocks = outline(fence)
    if not any(isinstance(block, Label) and reader.named_kind(block.text).says_something for block in blocks):
        return False
    before = (reader.label, reader.label_is_known)
    reader.all_blocks(blocks)
    reader.label, reader.label_is_known = before
    return True


def _fence(reader: _Contents, fence: Fence) -> None:
    title = _FENCE_TITLE.search(fence.info)
    titled = reader.named_kind(title[1]) if title else SectionKind()
    kind = titled if titled.side and titled.side != reader.kind.side else reader.kind
    samples = fence_samples(fence, reader.page, reader.settings.samples.languages, reader.settings.samples.mend)
    reader.contents.has_command |= "curl" in fence.text
    headers = sample_headers(fence.text) if samples and kind.place != "skip" else ()
    reader.contents.credentials += ((name, value, fence.line + line) for name, value, line in headers)
    for sample in samples:
        if isinstance(sample, UnreadableSample):
            reader.contents.unreadable.append(sample)
            continue
        place = "request" if kind.place == "body" else "response" if kind.place == "response" else ""
        rows = reader.contents.rows[kind.place] if reader.last_rows else []
        if _shows_rows(sample, kind.place, rows) or (kind.place == "skip" and not (kind.status or sample.status)):
            continue
        reader.target = sample.target if sample.target[0] else reader.target
        if _is_answer(sample, kind, reader):
            kind, place = SectionKind(), ""
        own = sample.side or (kind.side if kind.is_sample or not place else "") or place or kind.side
        status = sample.status or (kind.status if own != "request" else "")
        if own == "request" and sample.lines is None:
            reader.contents.form = reader.contents.form or sample.media
        if sample.lines is not None or sample.status:
            reader.contents.samples.append(
                replace(sample, side=own, status=status, target=reader.target, labelled=bool(own))
            )


def _shows_rows(sample: PageSample, place: str, rows: list[DocumentedRow]) -> bool:
    """Tell whether a sample below the parameters of a place shows those, not a body; without rows above it does."""
    if place not in ("query", "path", "url"):
        return place == "header"
    shown = sample.value[0] if isinstance(sample.value, list) and sample.value else sample.value
    return not rows or not isinstance(shown, dict) or any(row.name in shown for row in rows)


def _is_answer(sample: PageSample, kind: SectionKind, reader: _Contents) -> bool:
    """Tell whether a bare sample right below the rows of a body is none of that: it has none of their names."""
    names, shown = {row.name for row in reader.contents.rows["body"]}, sample_names(sample.value)
    is_bare = kind.place == "body" and not kind.is_sample and not sample.side and bool(reader.last_rows)
    return is_bare and bool(shown) and not shown & names


def _place(row: DocumentedRow, kind: SectionKind) -> str:
    """Return the place of a row: what it says itself, else the section, else the header of its column."""
    stated = row.location
    if stated == "url":
        stated = "path" if kind.place in ("", "path") else ""
    elif stated in ("body", "form"):
        stated = "response" if kind.side == "response" else "body"
    elif stated == "query" and kind.place in ("response", "body"):
        stated = ""
    if stated and stated != "schema":
        return stated
    if kind.place in ("path", "url", "query", "header", "body", "response"):
        return kind.place
    if kind.side == "response" and kind.place:
        return "response"
    return "schema" if stated == "schema" or kind.place == "schema" else "parameters"


def _marked(row: DocumentedRow, markers: RequiredMarkers) -> bool | None:
    """Return whether a row is required, by what it says or by a marker of the family's own; a default says no."""
    has_default = row.default is not None and row.default.strip("` ").lower() not in _NO_DEFAULT
    if row.required is None and (has_default or any(marker in row.text for marker in markers.no)):
        return False
    is_marked = markers.unmarked == "required" or any(marker in row.text for marker in markers.yes)
    return True if row.required is None and is_marked else row.required
