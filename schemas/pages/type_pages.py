"""Pages about types that the type cells of other pages name: their properties, or their values."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract.model import Evidence, Grade, Schema, reference, with_evidence
from ..dialects.family_settings import FamilySettings
from ..jsonschema.subschemas import named_components
from .blocks import Heading, Label, ListItem, PageTable
from .headed_blocks import headed_blocks, section_end
from .inline_text import heading_words, plain_text
from .markdown import Page
from .merge import TypeReading
from .named_rows import LOWEST
from .operation_sections import OperationSection
from .page_reader import Reading
from .parameter_rows import DocumentedRow
from .row_schemas import RowSchemas
from .section_contents import section_contents
from .section_kinds import section_kind
from .type_grammar import basic_type

_ENUMERATION = re.compile(
    r"enum(?:eration)?(?: (?:variants|values|members))?(?:: ?(?P<name>\w+))?|(?:possible )?values"
)
_VALUE = re.compile(r"\(value: *`?[\"']?(?P<value>[^`\"'()]+)[\"']?`?\)")
_CODE = re.compile(r"`[\"']?(?P<value>[^`\"']+)[\"']?`")
_VALUE_COLUMN = re.compile(r"values?|members?|literals?|constants?")
_TYPE_SECTION = re.compile(
    r"(?:(?:data|object|component|json)s? )?(?:schemas?|models?|definitions|types|objects|entities|structures)"
)
_TYPE_TITLE = re.compile(r"[\w .-]+ (?:object|resource|model|schema|entity|structure)")
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_KIND_OF_PAGE = re.compile(
    r"\s+(?:(?:resource|complex|enum|entity|data)\s+)?(?:type|resource|object|schema|model|facet)s?\Z"
)


@dataclass(frozen=True)
class TypePage:
    """A type that a page is about: its properties, and the enumerations on the page by their name, if they have one."""

    name: str
    page: str
    line: int
    rows: Sequence[DocumentedRow]
    enumerations: Mapping[str, Schema]

    def reading(self, settings: FamilySettings) -> TypeReading:
        """Return the reading of the type; ``settings`` have the spellings of others."""
        schemas = RowSchemas(self.page, replace(settings, types={**settings.types, **self.enumerations}))
        return TypeReading(
            self.name, schemas.object_schema(self.rows, {}, Evidence(Grade.STATED, self.page, self.line))
        )


@dataclass(frozen=True)
class TypePages:
    """The records that pages of a folder are about, the settings with the spellings of all types, and these pages."""

    types: Mapping[str, TypePage]
    settings: FamilySettings
    pages: frozenset[str]

    def completed(self, readings: Sequence[Reading]) -> list[Reading]:
        """Return readings with those of all types that they refer to, each with the first that does."""
        done: set[str] = set()
        return [replace(one, type_readings=(*one.type_readings, *self._referred(one, done))) for one in readings]

    def _referred(self, reading: Reading, done: set[str]) -> Iterator[TypeReading]:
        operation = reading.operation
        bodies = [operation.request, *operation.responses]
        schemas = [
            *(parameter.schema for parameter in operation.parameters),
            *(media.schema for body in bodies if body for media in body.media_types),
            *(part.schema for part in reading.type_readings),
        ]
        waiting = [*dict.fromkeys(name for schema in schemas for name in named_components(schema or {}))]
        while waiting:
            name = waiting.pop(0)
            if name in self.types and name not in done:
                done.add(name)
                described = self.types[name].reading(self.settings)
                waiting += named_components(described.schema)
                yield described


def type_pages(
    pages: Iterable[Page], settings: FamilySettings, with_operations: Iterable[tuple[Page, Collection[int]]]
) -> TypePages:
    """Return the types that pages are about which describe no operation, and those in sections of the others.

    ``with_operations`` are the others, each with the numbers of the blocks that are operation lines.
    """
    described = [titled for page in pages if (titled := _type_page(page, settings))]
    own_pages = frozenset(found.page for found, _ in described)
    for page, lines in with_operations:
        described += _type_sections(page, lines, settings)
    spelled = Counter(key for found, title in described for key in _spellings(found, title))
    types: dict[str, TypePage] = {}
    known: dict[str, Any] = {}
    for found, title in described:
        own = [key for key in _spellings(found, title) if spelled[key] == 1 and not basic_type(key)]
        if not found.rows:
            known |= dict.fromkeys(own, found.enumerations.get("", {}))
        elif found.name not in types:
            types[found.name] = found
            known |= dict.fromkeys(own, reference(found.name))
    return TypePages(types, replace(settings, types={**known, **settings.types}) if known else settings, own_pages)


def _type_page(page: Page, settings: FamilySettings) -> tuple[TypePage, str] | None:
    """Return the type that a page is about, with its title."""
    enumerations = dict(_enumerations(page))
    kinds = (section_kind(one.text, settings.sections) for one in page.blocks if isinstance(one, Heading | Label))
    if not enumerations and not any(kind.place == "schema" for kind in kinds):
        return None
    title = next((block for block in page.blocks if isinstance(block, Heading)), None)
    named = frozenset({page.blocks.index(title)} if title else ())
    contents = section_contents(OperationSection((), title, page.blocks, named), page.name, settings)
    rows = contents.rows["schema"]
    if not rows and not enumerations:
        return None
    stem = page.name.rpartition("/")[2].rpartition(".")[0]
    line = rows[0].line if rows else 1
    return TypePage(_NO_NAME.sub("_", stem), page.name, line, rows, enumerations), plain_text(
        title.text if title else ""
    )


def _type_sections(page: Page, lines: Collection[int], settings: FamilySettings) -> Iterator[tuple[TypePage, str]]:
    """Yield the types that sections of a page are about: those below a heading of schemas, and ``Boat object``."""
    around = 7
    for number, title in enumerate(page.blocks):
        if not isinstance(title, Heading):
            continue
        words = heading_words(title.text)
        if title.level <= around:
            around = title.level if _TYPE_SECTION.fullmatch(words) else 7
            if around < 7:
                continue
        if around < 7 or _TYPE_TITLE.fullmatch(words):
            end = section_end(page.blocks, number)
            section = OperationSection((), title, page.blocks[number:end], frozenset({0}))
            if not any(number <= line < end for line in lines):
                yield from _section_type(section, page.name, settings)


def _section_type(section: OperationSection, page: str, settings: FamilySettings) -> Iterator[tuple[TypePage, str]]:
    contents = section_contents(section, page, settings)
    rows = contents.rows["schema"] or contents.rows["parameters"]
    if rows and section.title:
        title = _KIND_OF_PAGE.sub("", plain_text(section.title.text).lower()) or section.title.text
        name = _NO_NAME.sub("_", plain_text(section.title.text)).strip("_")
        yield TypePage(name, page, rows[0].line, rows, {}), title


def _spellings(found: TypePage, title: str) -> set[str]:
    bare = _KIND_OF_PAGE.sub("", title.lower())
    return {found.name.lower(), re.split(r"::|\.|\\", bare)[-1].strip()} - {""}


def _enumerations(page: Page) -> Iterator[tuple[str, Schema]]:
    """Yield the lists of values below headings that say so, by the lower-case name that the heading gives, if any."""
    written = (Heading(LOWEST, one.text, one.line) if isinstance(one, Label) else one for one in page.blocks)
    for heading, blocks in headed_blocks(written):
        if match := _ENUMERATION.fullmatch(heading_words(heading.text)):
            values = list(dict.fromkeys(value for block in blocks for value in _values(block)))
            if values:
                schema = {"type": "string", "enum": values}
                yield match["name"] or "", with_evidence(schema, Evidence(Grade.STATED, page.name, heading.line))


def _values(block: object) -> Iterator[str]:
    if isinstance(block, ListItem):
        if match := _VALUE.search(block.text) or _CODE.match(block.text):
            yield match["value"]
    elif isinstance(block, PageTable):
        columns = (number for number, cell in enumerate(block.header) if _VALUE_COLUMN.fullmatch(heading_words(cell)))
        if (column := next(columns, None)) is not None:
            yield from (plain_text(row.cells[column]).strip("\"'") for row in block.rows if row.cells[column].strip())
