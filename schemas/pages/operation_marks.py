"""Operation lines of a page: everything that may be one, each with what it stands in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter

from ..dialects.family_settings import Mark
from .blocks import Block, Component, Definition, Fence, Heading, Label, ListItem, Page, PageTable, Paragraph
from .field_marks import METHOD_NAME, PATH_NAME, named_requests
from .inline_text import heading_words, plain_text, without_links, without_tags
from .request_lines import (
    METHODS,
    RELATIVE_LINE,
    REQUEST_LINE,
    path_templates,
    request_lines,
    soft_name,
    with_variables,
)
from .sample_commands import sample_commands

_INLINE = re.compile(r"`([^`\n]+)`")
_ANCHOR_LINK = re.compile(r"\]\((?:[^()\s#]*/)?(?P<page>[^()\s#/]*)#(?P<anchor>[^()\s]+)\)")
_SENT = re.compile(
    r"(?P<mark>`|\*\*)(?P<method>[A-Z]{3,12})(?P=mark)[\w -]{1,40}:\s*`(?P<path>(?:/|https?://)[^`]*)`\.?"
)
"""A method and a path with words between them: `` `GET` request sent: `/boats` ``."""

_MARKED_METHOD = re.compile(r"\A(?:\*\*|`)([A-Za-z]{3,12})(?:\*\*|`)\s+`?(?=/)")
_HEAD = re.compile(r"(?P<path>(?=[^\s/]*/)\S+)\s+\((?P<method>[A-Z]{3,12})\)(?:\s+[a-z][\w ]*)?")
"""A heading or the head of a table about an operation, or a special case of one: ``/boats (GET) with filters``."""

_METHOD_ATTRIBUTES = ("method", "verb", "type", "httpMethod")
_BASE_ATTRIBUTES = ("baseUrl", "baseURL", "base", "server", "host")
_COMMENT = re.compile(r"(?:\A|\s)(?:#|//)\s.*\Z|\A#.*\Z")
_SMALL_METHOD = re.compile(r"\A(?:get|head|post|put|patch|delete)(?= /\S*\Z)")
"""The method of a heading that is nothing but a request in small letters: ``get /boats``."""
_MARKED_RELATIVE = re.compile(
    rf"(?P<method>{'|'.join(METHODS)})\s*\*{{0,2}}`(?P<path>[\w{{}}.:-]+(?:/[\w{{}}.:-]+)+)`\*{{0,2}}(?P<version>)?"
)
"""A method before a path without a slash at its beginning that is code: ``GET `api/boats` ``."""
_METHOD_LINE = re.compile(rf"\A({'|'.join(METHODS)})[ \t]*\n[ \t]*(?=\S+[ \t]*\Z)")
"""A method that has a line for itself, where the next one is the last and has its path."""
_PROCEDURE_URL = re.compile(
    r"(?P<base>https?://[^\s`'\"()]*/)(?:METHOD(?:_?NAME)?|<method(?:[ _-]?name)?>|\{method(?:[ _-]?name)?\})(?![\w/])"
)
_PROCEDURE = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*|(?:\.[a-z][A-Za-z0-9]*)+)")
"""The name of a procedure, which is called by its name in a URL: ``sendSignal``."""
_SLANTED = re.compile(r"(?<=/)(?P<mark>[*_])(?P<name>[\w-]+)(?P=mark)(?=/|\s|\Z)")
_PATH_ATTRIBUTES = ("path", "url", "endpoint", "route", "uri", "href", "title")


@dataclass(frozen=True, slots=True)
class FoundMark:
    """A place that may be an operation line: its kind and word, the nearest heading above, and what it says.

    ``block`` is the number of its block in the page, -1 for front matter; ``rest`` is true where text other than
    request lines stands in the same block.
    """

    mark: Mark
    word: str
    under: str
    method: str
    path: str
    block: int
    line: int

    @property
    def is_sample(self) -> bool:
        """Whether it is a request as it is sent: a command, or a whole message."""
        return self.mark == "curl" or self.word.endswith("+")

    @property
    def keeps_block(self) -> bool:
        """Whether its block says more of the operation: a component, a table of it, or a request as it is sent."""
        is_table = self.mark == "table-head" or (self.mark, self.word) == ("fields", "table")
        return is_table or self.mark == "component" or self.is_sample


def page_marks(page: Page) -> list[FoundMark]:
    """Return all marks of a page in order."""
    marks = list(_front_matter(page))
    heading, under, path = "", "", _PathHeading()
    fields, base = named_requests(page.blocks), _procedure_base(page.blocks)
    for number, block in enumerate(page.blocks):
        if isinstance(block, Heading | Label):
            under = heading_words(block.text)
        if isinstance(block, Heading):
            heading = under
            path = path.followed_by(block)
        of_block = list(_block_marks(page.blocks, number))
        if number in fields and all(mark == "prose" for mark, *_ in of_block):
            named = fields[number]
            of_block = [("fields", "", named.method, named.path, named.line)]
        if isinstance(block, Heading) and (method := path.method(block)):
            of_block = [("heading", "method", method, path.text, block.line)]
        if base and isinstance(block, Heading) and _PROCEDURE.fullmatch(name := plain_text(block.text)):
            of_block = [("heading", "procedure", "POST", base + name, block.line)]
        for mark, word, method, text, line in of_block:
            if path_templates(text):
                candidate = FoundMark(mark, word, under, method.upper(), text, number, line)
                marks.append(replace(candidate, path=with_variables(text)) if candidate.is_sample else candidate)
        if isinstance(block, Fence):
            under = heading  # a label is that of the fence below it, not of what comes then
    return [*marks, *sorted(_index(page), key=attrgetter("block"))]


@dataclass(frozen=True, slots=True)
class _PathHeading:
    """A heading that is a path, below which headings are methods: ``### /boats``, ``#### GET``."""

    level: int = 7
    text: str = ""

    def followed_by(self, heading: Heading) -> "_PathHeading":
        """Return what a heading leaves of this one: itself, where it is a path."""
        text = _path_alone(heading.text)
        if text.startswith("/"):
            return _PathHeading(heading.level, text)
        return self if heading.level > self.level else _PathHeading()

    def method(self, heading: Heading) -> str:
        """Return the method that a heading below this one is, empty where it is none."""
        name = plain_text(heading.text).upper()
        return name if self.text and heading.level > self.level and name in METHODS else ""


def _procedure_base(blocks: Iterable[Block]) -> str:
    """Return the URL behind which the names of procedures stand, empty where no text says so."""
    texts = (getattr(block, "text", "") for block in blocks if not isinstance(block, Fence))
    return next((match["base"] for match in map(_PROCEDURE_URL.search, texts) if match), "")


_Marks = Iterator[tuple[Mark, str, str, str, int]]


def _request(text: str, *others: re.Pattern[str]) -> re.Match[str] | None:
    """Return the request that a text is as a whole, in the usual form or in others, by a method that HTTP knows."""
    matches = (pattern.fullmatch(text) for pattern in (REQUEST_LINE, *others))
    return next((match for match in matches if match and match["method"] in METHODS), None)


def _front_matter(page: Page) -> Iterator[FoundMark]:
    front = page.front_matter
    for key, value in front.items():
        if match := _request(value.strip()):
            yield FoundMark("frontmatter", key, "", match["method"], match["path"], -1, 1)
    for method_key in ("method", "api.method", "http_method", "verb"):
        method = front.get(method_key, "").upper()
        path = next(
            (front[key] for key in ("path", "endpoint", "url", "route", "api.path", "api.url") if key in front), ""
        )
        if method in METHODS and path:
            yield FoundMark("frontmatter", method_key, "", method, path, -1, 1)


def _index(page: Page) -> Iterator[FoundMark]:
    """Yield the requests in rows of tables that link to a heading of the same page, each as that of its heading."""
    rows = [
        row for block in page.blocks if isinstance(block, PageTable) for row in block.rows if "#" in "".join(row.cells)
    ]
    headings = {
        soft_name(block.text): number for number, block in enumerate(page.blocks) if rows and isinstance(block, Heading)
    }
    own = page.name.rpartition("/")[2]
    for row in rows:
        links = (link for cell in row.cells for link in _ANCHOR_LINK.finditer(cell))
        target = next((headings.get(soft_name(link["anchor"])) for link in links if link["page"] in ("", own)), None)
        request = next((stated for stated in (_row_request(cell) for cell in row.cells) if stated), None)
        if target is not None and request and path_templates(request[1]):
            yield FoundMark("index", "", "", *request, target, row.line)


def _row_request(cell: str) -> tuple[str, str] | None:
    """Return the request that is the whole of a cell; its method may be in small letters where it is marked."""
    match = _request(_MARKED_METHOD.sub(lambda marked: f"{marked[1].upper()} ", cell.strip()))
    return (match["method"], match["path"]) if match else None


def _block_marks(blocks: tuple[Block, ...], number: int) -> _Marks:
    block = blocks[number]
    match block:
        case Fence():
            yield from _fence(block)
        case PageTable():
            yield from _table(block)
        case Component():
            yield from _component(blocks, number)
        case Heading() | Label():
            bare = _bare(block.text) if isinstance(block, Heading) else ""
            relative = RELATIVE_LINE.fullmatch(bare) or _HEAD.fullmatch(bare)
            written = _SMALL_METHOD.sub(lambda small: small[0].upper(), _bare(block.text))
            lines = [(bare, REQUEST_LINE.search(bare) or relative) for bare in request_lines(written)]
            if not any(line and line["method"] in METHODS for _, line in lines) and isinstance(block, Label):
                yield from _markup(blocks, number)
            kind: Mark = "heading" if isinstance(block, Heading) else "code"
            for bare, line in lines:
                if line and line["method"] in METHODS and not bare[line.end() :].strip(" :)"):
                    yield kind, "", line["method"], line["path"], block.line
        case Definition():
            if line := _request(_bare(block.term)):
                yield "code", "definition", line["method"], line["path"], block.line
        case Paragraph() | ListItem():
            marks = list(_code(block)) or list(_markup(blocks, number))
            yield from marks or list(_prose(block))


def _bare(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", plain_text(text))


def _fence(fence: Fence) -> _Marks:
    word = fence.info if fence.info.endswith(("!", "_")) else fence.word
    written = ((number, _COMMENT.sub("", line).strip()) for number, line in enumerate(fence.text.split("\n")))
    lines = [(number, line) for number, text in written for line in request_lines(text) if line]
    requests = [(number, match) for number, line in lines if (match := _request(line, RELATIVE_LINE))]
    if requests and len(requests) == len(lines):
        for number, match in requests:
            kind = f"{word}+" if match["version"] else word
            yield "fence", kind, match["method"], match["path"], fence.line + number
    elif requests and requests[0][0] == lines[0][0]:
        number, match = requests[0]
        yield "fence", f"{word}+", match["method"], match["path"], fence.line + number
    else:
        for command in sample_commands(fence.text):
            yield "curl", "", command.method, command.url, fence.line + command.line


def _table(table: PageTable) -> _Marks:
    header = [heading_words(cell) for cell in table.header]
    heads = [cell for cell in table.header if cell.strip()]
    if len(heads) == 1 and (match := _request(_bare(heads[0]), _HEAD)):
        yield "table-head", "", match["method"], match["path"], table.line
        return
    method_column = next((number for number, cell in enumerate(header) if METHOD_NAME.fullmatch(cell)), None)
    path_column = next((number for number, cell in enumerate(header) if PATH_NAME.fullmatch(cell)), None)
    if method_column is not None and path_column is not None and method_column != path_column:
        word = f"{header[method_column]}|{header[path_column]}"
        for row in table.rows:
            path = _path_of_cell(row.cells[path_column])
            for method in re.findall(r"[A-Za-z]{3,12}", plain_text(row.cells[method_column])):
                if path and (method.upper() in METHODS or method.isupper()):
                    yield "table", word, method, path, row.line
    elif path_column is not None and (columns := _method_columns(header)):
        for row in table.rows:
            path = _path_of_cell(row.cells[path_column])
            named = (method for number, method in columns.items() if path and row.cells[number].strip("- \u2013—"))
            yield from (("table", header[path_column], method, path, row.line) for method in named)
    elif path_column is not None:
        for row in table.rows:
            if match := _request(_bare(row.cells[path_column])):
                yield "table", header[path_column], match["method"], match["path"], row.line
    elif len(header) == 2:
        yield from _vertical(table)


def _method_columns(header: list[str]) -> dict[int, str]:
    """Return the columns of a table that are called by a method, in which a mark says that a path has it."""
    columns = {number: cell.upper() for number, cell in enumerate(header) if cell.upper() in METHODS}
    return columns if len(columns) > 1 else {}


def _path_of_cell(cell: str) -> str:
    """Return the path of a cell, empty for none; what is slanted in it is a variable."""
    path = _bare(_SLANTED.sub(r"{\g<name>}", cell)).strip()
    return path if path.startswith(("/", "http", "{", "<")) else f"/{path}" if path else ""


def _vertical(table: PageTable) -> _Marks:
    """Yield the operation of a table with a row for the method and one for the path."""
    rows = [(table.header, table.line), *((row.cells, row.line) for row in table.rows)]
    method = next((_bare(cells[1]) for cells, _ in rows if METHOD_NAME.fullmatch(heading_words(cells[0]))), "")
    for cells, line in rows:
        if PATH_NAME.fullmatch(heading_words(cells[0])) and method in METHODS:
            yield "fields", "table", method, _bare(cells[1]), line


def _component(blocks: tuple[Block, ...], number: int) -> _Marks:
    component = blocks[number]
    assert isinstance(component, Component)
    if component.kind == "closing":
        return
    attributes = component.attributes
    method = next((attributes[key] for key in _METHOD_ATTRIBUTES if attributes.get(key, "").upper() in METHODS), "")
    path = next(
        (attributes[key] for key in _PATH_ATTRIBUTES if attributes.get(key, "").startswith(("/", "http", "{"))), ""
    )
    path = path or (path_inside(blocks, number) if method else "")
    if method and path:
        base = next((attributes[key] for key in _BASE_ATTRIBUTES if attributes.get(key, "").startswith("http")), "")
        whole = base.rstrip("/") + path if path.startswith("/") else path
        yield "component", component.name, method, whole, component.line
        return
    for key, value in attributes.items():
        if key.upper() in METHODS and value.startswith(("/", "http")):
            yield "component", component.name, key.upper(), value, component.line
        elif match := _request(value.strip("`* ")):
            yield "component", component.name, match["method"], match["path"], component.line


def path_inside(blocks: tuple[Block, ...], number: int) -> str:
    """Return the path that is all the text of a component: ``<Route method="GET">/boats/{id}</Route>``."""
    inner = blocks[number + 1 : number + 3]
    if len(inner) < 2 or not isinstance(inner[0], Paragraph) or not isinstance(inner[1], Component):
        return ""
    return _path_alone(inner[0].text.replace("\\", "")) if inner[1].kind == "closing" else ""


def _path_alone(text: str) -> str:
    """Return the path or the URL that is all of a text, empty where it is none."""
    path = without_tags(without_links(text)).strip("`* \n")
    return path if path.startswith(("/", "http")) and not re.search(r"\s", path) else ""


def _code(block: Paragraph | ListItem) -> _Marks:
    """Yield the request lines that are the whole of a paragraph, of its first line, or of an item."""
    kind = "item" if isinstance(block, ListItem) else ""
    if (sent := _SENT.fullmatch(block.text.strip())) and sent["method"] in METHODS:
        yield "code", "sent", sent["method"], sent["path"], block.line
        return
    for number, line in enumerate(_METHOD_LINE.sub(r"\1 ", block.text).split("\n")):
        written = _bare(_SLANTED.sub(r"{\g<name>}", line)).rstrip(".;").strip("'\"")
        for request in request_lines(written):
            match = REQUEST_LINE.fullmatch(request) or _MARKED_RELATIVE.fullmatch(line.strip())
            if not match or match["method"] not in METHODS:
                return
            yield "code", kind + ("+" if match["version"] else ""), match["method"], match["path"], block.line + number


def _markup(blocks: tuple[Block, ...], number: int) -> _Marks:
    """Yield the operation of a method that stands alone before a path that stands alone."""
    block = blocks[number]
    method = plain_text(getattr(block, "text", "")).upper()
    if method not in METHODS or number + 1 >= len(blocks):
        return
    below = blocks[number + 1]
    if isinstance(below, Heading | Paragraph | Fence | Label | ListItem) and (path := _path_alone(below.text)):
        yield "markup", "", method, path, below.line


def _prose(block: Paragraph | ListItem) -> _Marks:
    for code in _INLINE.findall(block.text):
        if match := _request(code.strip()):
            yield "prose", "", match["method"], match["path"], block.line
