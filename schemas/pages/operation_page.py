"""Reference page of an operation: its tables, fences and headings by what they mean in a dialect."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from ..contract.model import Evidence, Grade, Location
from ..dialects.base import Dialect
from ..errors import PageError
from ..extraction import Contradiction
from ..http import SampleMessage, parse_request, parse_response
from .blocks import Block, Fence, Heading, Label, ListItem, Page, PageTable, Paragraph, TableRow
from .headed_blocks import headed_blocks
from .merge import TypeReading

_OPERATION_LINE = re.compile(r"\s*(?P<method>GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH)\s+(?P<path>/[^\s?]*)")
_SUFFIX = re.compile(r"\.(?:md|mdx|markdown)\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"\{([^{}]+)\}")


class OperationLine(NamedTuple):
    """Method and path of an operation, and the line of the page that states them."""

    method: str
    path: str
    line: int


class BodySection(NamedTuple):
    """The heading of a body, the blocks below it, and the type word in the heading."""

    heading: Heading
    blocks: Sequence[Block]
    type_word: str

    def tables(self) -> tuple[PageTable, ...]:
        """Return the section's tables."""
        return tuple(block for block in self.blocks if isinstance(block, PageTable))

    def prose(self) -> str:
        """Return the section's running text."""
        return _prose(self.blocks)


def _prose(blocks: Iterable[Block]) -> str:
    return "\n\n".join(block.text for block in blocks if isinstance(block, Paragraph | ListItem | Label))


def operation_line(page: Page, dialect: Dialect) -> OperationLine | None:
    """Return the operation that a page describes, ``None`` for an index or an introduction."""
    for block in page.blocks:
        if isinstance(block, Fence) and block.info == dialect.operation_fence:
            if match := _OPERATION_LINE.match(block.text):
                return OperationLine(match["method"], match["path"], block.line_of(match.start("method")))
            return None
    return None


def recognised_blocks(page: Page, dialect: Dialect) -> int:
    """Return how many tables, fences and headings of a page mean something in a dialect."""
    tables = (dialect.header_columns, dialect.property_columns, dialect.status_columns)
    columns = {*tables, *dialect.parameter_tables}
    fences = {dialect.operation_fence, dialect.request_fence, dialect.response_fence}
    headings = (dialect.request_heading, dialect.response_heading)
    return sum(
        (isinstance(block, PageTable) and _columns(block) in columns)
        or (isinstance(block, Fence) and block.info in fences)
        or (isinstance(block, Heading) and any(pattern.match(block.text) for pattern in headings))
        for block in page.blocks
    )


def _columns(table: PageTable) -> tuple[str, ...]:
    return tuple(cell.lower() for cell in table.header)


@dataclass
class OperationPage:
    """A page and its dialect; collects the readings of named types and the contradictions on the way."""

    page: Page
    dialect: Dialect
    operation: OperationLine
    type_readings: list[TypeReading] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.page.front_matter.get("uid") or _SUFFIX.sub("", self.page.name.rpartition("/")[2])
        self.request_sample = self._sample(self.dialect.request_fence, parse_request)
        self.response_sample = self._sample(self.dialect.response_fence, parse_response)
        if set(_VARIABLE.sub("", self.operation.path)) & set("{}"):
            message = f"the path {self.operation.path!r} has a brace that opens or ends no name"
            raise PageError(self.page.name, self.operation.line, message)

    @property
    def path_variables(self) -> dict[str, str]:
        """The variables of the path by their lower-case names."""
        return {name.lower(): name for name in _VARIABLE.findall(self.operation.path)}

    @cached_property
    def headers(self) -> dict[str, TableRow]:
        """The rows of request headers by their lower-case names."""
        return {row.cells[0].lower(): row for row in self.rows(self.dialect.header_columns)}

    @cached_property
    def query_examples(self) -> tuple[tuple[str, str], ...]:
        """The query parameters of the documented request lines."""
        fences = (block for block in self.page.blocks if isinstance(block, Fence))
        texts = (fence.text for fence in fences if fence.info == self.dialect.operation_fence)
        return tuple(pair for text in texts for line in text.splitlines() for pair in parse_qsl(line.partition("?")[2]))

    def parameter_texts(self, location: Location, name: str) -> list[str]:
        """Return the texts of a parameter in the documented request lines and in the sample request."""
        target = str(self.request_sample.parts["target"]) if self.request_sample else ""
        path, _, query = target.partition("?")
        if location == "query":
            return [value for key, value in (*self.query_examples, *parse_qsl(query)) if key == name]
        template = re.split(r"\{([^{}]+)\}", self.operation.path)
        pattern = "([^/{}]+)".join(re.escape(part) for part in template[::2])
        match = re.fullmatch(pattern, path) if location == "path" else None
        return [unquote(match[1 + template[1::2].index(name)])] if match and name in template[1::2] else []

    def stated(self, line: int) -> Evidence:
        """Return the evidence of what a line of the page states."""
        return Evidence(Grade.STATED, self.page.name, line)

    def assumed(self, line: int) -> Evidence:
        """Return the evidence of what is assumed at a line of the page."""
        return Evidence(Grade.ASSUMED, self.page.name, line)

    def contradict(self, rule: str, line: int, message: str, mend: str = "") -> None:
        """Note a contradiction at a line of the page."""
        self.contradictions.append(Contradiction(rule, self.page.name, line, message, mend))

    def rows(self, columns: tuple[str, ...]) -> tuple[TableRow, ...]:
        """Return the rows of all tables with these columns."""
        tables = (block for block in self.page.blocks if isinstance(block, PageTable))
        return tuple(row for table in tables if _columns(table) == columns for row in table.rows)

    def property_rows(self, section: BodySection) -> tuple[TableRow, ...]:
        """Return the rows of a section's tables of properties."""
        wanted = self.dialect.property_columns
        return tuple(row for table in section.tables() if _columns(table) == wanted for row in table.rows)

    def title_prose(self) -> tuple[str, str]:
        """Return the first paragraph below the title, and the others."""
        titled = (blocks for heading, blocks in headed_blocks(self.page.blocks) if heading.level == 1)
        summary, _, rest = _prose(next(titled, ())).partition("\n\n")
        return summary, rest

    def body_section(self, pattern: re.Pattern[str]) -> BodySection | None:
        """Return the first section whose heading fits a pattern with a group ``type``."""
        for heading, blocks in headed_blocks(self.page.blocks):
            if match := pattern.match(heading.text):
                return BodySection(heading, blocks, match["type"].strip())
        return None

    def _sample(self, info: str, parse: Callable[[str, str, int], SampleMessage]) -> SampleMessage | None:
        fences = (block for block in self.page.blocks if isinstance(block, Fence) and block.info == info)
        fence = next(fences, None)
        try:
            return parse(fence.text, self.page.name, fence.line) if fence else None
        except PageError as error:
            self.contradict("sample-syntax", error.line, error.message)
            return None
