"""Pages about types that the type cells of other pages name: their properties, or their values."""

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ..contract.model import (
    COMPONENT_PREFIX,
    EVIDENCE,
    Evidence,
    Grade,
    MediaType,
    Schema,
    reference,
    types_of,
    with_evidence,
    with_media_types,
)
from ..dialects.dialect_registry import PAGES
from ..dialects.family_settings import FamilySettings
from ..extraction import Contradiction
from ..jsonschema.subschemas import named_components, with_subschemas
from .blocks import Block, Heading, Label, ListItem, Page, PageTable
from .headed_blocks import headed_blocks, labels_as_headings, section_end
from .infer_schemas import Sample, combine_all, record_of
from .inline_text import heading_words, plain_text
from .merge import TypeReading
from .operation_sections import OperationSection
from .page_reader import Reading
from .page_samples import sample_names
from .parameter_rows import DocumentedRow
from .prose_facts import KIND_OF_PAGE
from .row_schemas import RowSchemas
from .section_contents import SectionContents, section_contents
from .section_kinds import section_kind
from .type_grammar import basic_type
from .type_names import component_name

_ENUMERATION = re.compile(
    r"enum(?:eration)?(?: (?:variants|values|members))?(?:: ?(?P<name>\w+))?|(?:possible )?values"
)
_VALUE = re.compile(r"\(value: *`?[\"']?(?P<value>[^`\"'()]+)[\"']?`?\)")
_CODE = re.compile(r"`[\"']?(?P<value>[^`\"']+)[\"']?`")
_VALUE_COLUMN = re.compile(r"values?|members?|literals?|constants?")
_TYPE_SECTION = re.compile(
    r"(?:(?:available|data|object|component|json)s? )?"
    r"(?:schemas?|models?|definitions|types|objects|entities|structures)"
)
_TYPE_TITLE = re.compile(r"[\w .-]+ (?:object|resource|model|schema|entity|structure)")
_TYPE_NAME = re.compile(r"[A-Z]\w*")
_SEVERAL = 2


@dataclass(frozen=True)
class TypePage:
    """A type that a page is about: its properties, what samples on the page show of it, and the enumerations there.

    Those are by their name, empty for one that the page as a whole is about.
    """

    name: str
    page: str
    line: int
    rows: Sequence[DocumentedRow]
    enumerations: Mapping[str, Schema]
    shown: Sequence[Schema] = ()

    def reading(self, settings: FamilySettings, shown: Schema) -> tuple[TypeReading, list[Contradiction]]:
        """Return the reading of the type with what samples show of it, and what of that contradicts its rows.

        ``settings`` have the spellings of other types.
        """
        schemas = RowSchemas(self.page, replace(settings, types={**settings.types, **self.enumerations}))
        schema = schemas.object_schema(self.rows, shown, Evidence(Grade.STATED, self.page, self.line))
        return TypeReading(self.name, schema), schemas.contradictions


@dataclass(frozen=True)
class TypePages:
    """The records that pages of a folder are about, the settings with the spellings of all types, and these pages."""

    types: Mapping[str, TypePage]
    settings: FamilySettings
    pages: frozenset[str]

    def completed(self, readings: Sequence[Reading]) -> list[Reading]:
        """Return readings with those of all types that they refer to, each with the first that does."""
        shown, done = self._shown(readings), set[str]()
        return [self._completed(reading, shown, done) for reading in readings]

    def _shown(self, readings: Iterable[Reading]) -> dict[str, list[Schema]]:
        """Return what samples show of each type: those of bodies and of its own page, and parts of other types'."""
        parts = (part for reading in readings for part in reading.type_readings if self._is_of_type(part))
        waiting = deque((part.name, part.schema) for part in parts)
        waiting += ((name, schema) for name, described in self.types.items() for schema in described.shown)
        bare = cache(lambda name: self.types[name].reading(self.settings, {})[0].schema["properties"])
        shown: defaultdict[str, list[Schema]] = defaultdict(list)
        while waiting:
            name, schema = waiting.popleft()
            shown[name].append(schema)
            for key, part in schema.get("properties", {}).items():
                stated = bare(name).get(key, {})
                target = next(named_components({"anyOf": [stated, stated.get("items", {})]}), "")
                record = part.get("items", part)
                if target in self.types and "properties" in record:
                    waiting.append((target, record))
        return shown

    def _is_of_type(self, part: TypeReading) -> bool:
        return part.is_named and part.name in self.types

    def _completed(self, reading: Reading, shown: Mapping[str, list[Schema]], done: set[str]) -> Reading:
        own = [part for part in reading.type_readings if not self._is_of_type(part)]
        referred = [*self._referred(reading, shown, done)]
        return replace(
            reading,
            operation=with_media_types(reading.operation, self._described),
            type_readings=(*own, *(part for part, _ in referred)),
            contradictions=(
                *reading.contradictions,
                *(contradiction for _, reported in referred for contradiction in reported),
            ),
        )

    def _described(self, media: MediaType) -> MediaType:
        """Return a media type with the page of its type as the place where it is described."""
        described = self.types.get(str((media.schema or {}).get("$ref")).removeprefix(COMPONENT_PREFIX))
        if not described:
            return media
        return replace(media, evidence=Evidence(Grade.SHARED, described.page, described.line))

    def _referred(
        self, reading: Reading, shown: Mapping[str, list[Schema]], done: set[str]
    ) -> Iterator[tuple[TypeReading, list[Contradiction]]]:
        """Yield the readings of the types that a reading refers to, and what samples contradict in them."""
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
                described, problems = self.types[name].reading(self.settings, combine_all(shown.get(name, [])))
                waiting += named_components(described.schema)
                yield described, problems


def type_pages(
    pages: Iterable[Page], settings: FamilySettings, with_operations: Iterable[tuple[Page, Collection[int]]]
) -> TypePages:
    """Return the types that pages are about which describe no operation, and those in sections of the others.

    ``with_operations`` are the others, each with the numbers of the blocks that are operation lines.
    """
    described = [titled for page in pages for titled in _types_of_page(page, settings)]
    own_pages = frozenset(type_page.page for type_page, _ in described)
    for page, lines in with_operations:
        described += _type_sections(page, lines, settings)
    spelled: defaultdict[str, set[object]] = defaultdict(set)
    for type_page, title in described:
        for key in _spellings(type_page, title):
            spelled[key].add(frozenset(row.name for row in type_page.rows) or id(type_page))
    types: dict[str, TypePage] = {}
    known: dict[str, Any] = {}
    for type_page, title in described:
        distinct = (key for key in _spellings(type_page, title) if len(spelled[key]) == 1)
        own = [f"{key} object" if basic_type(key) else key for key in distinct]
        if type_page.enumerations and not type_page.rows:
            known |= dict.fromkeys(own, type_page.enumerations.get("", {}))
        elif type_page.name not in types:
            types[type_page.name] = type_page
            known |= dict.fromkeys(own, reference(type_page.name))
    return TypePages(types, replace(settings, types={**known, **settings.types}) if known else settings, own_pages)


def _types_of_page(page: Page, settings: FamilySettings) -> list[tuple[TypePage, str]]:
    """Return the types that a page's sections are about, else the one that it is about as a whole."""
    sections = [*_type_sections(page, (), settings)]
    whole = _type_page(page, settings) if len(sections) < _SEVERAL else None
    return sections if len(sections) >= _SEVERAL else [whole] if whole else []


def _type_page(page: Page, settings: FamilySettings) -> tuple[TypePage, str] | None:
    """Return the type that a page is about, with its title."""
    enumerations = dict(_enumerations(page))
    kinds = (section_kind(block.text, settings.sections) for block in page.blocks if isinstance(block, Heading | Label))
    if not enumerations and not any(kind.place == "schema" for kind in kinds):
        return None
    title = next((block for block in page.blocks if isinstance(block, Heading)), None)
    named = frozenset({page.blocks.index(title)} if title else ())
    contents = section_contents(OperationSection((), title, page.blocks, named), page.name, settings)
    rows = contents.rows["schema"]
    name = plain_text(title.text if title else "")
    shown = tuple(_samples(contents, page.name)) if rows or KIND_OF_PAGE.search(name.lower()) else ()
    if not rows and not enumerations and not shown:
        return None
    stem = page.name.rpartition("/")[2].rpartition(".")[0]
    line = rows[0].line if rows else title.line if title else 1
    return TypePage(component_name(stem), page.name, line, rows, enumerations, shown), name


def _samples(contents: SectionContents, page: str) -> Iterator[Schema]:
    """Yield what the samples of a type's page show of it; of those with kinds of values for values, names alone."""
    names = {row.name for row in contents.rows["schema"]}
    for sample in contents.samples:
        shown = sample_names(sample.value)
        is_part_alone = not sample.status and not sample.target[0]
        if is_part_alone and sample.lines is not None and (not names or 2 * len(shown & names) >= len(shown)):
            schema = record_of(Sample(sample.value, sample.lines, page, PAGES).infer(sample.value))
            yield _names_alone(schema) if _has_placeholder(sample.value) else schema


def _has_placeholder(value: object) -> bool:
    """Tell whether a sample has the kind of a value in place of one: ``"string"``, ``"url | null"``."""
    if isinstance(value, dict | list):
        return any(map(_has_placeholder, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and (" | " in value or basic_type(value.partition(" (")[0]) is not None)


def _names_alone(schema: Schema) -> Schema:
    """Return a schema without what it says of texts, and of objects with nothing but annotations (``@type``)."""
    if types_of(schema) == ("string",):
        return {key: value for key, value in schema.items() if key == EVIDENCE}
    names = schema.get("properties", {})
    is_annotated = names and all(name.startswith("@") for name in names)
    kept = {key: value for key, value in schema.items() if not is_annotated or key != "type"}
    return with_subschemas(kept, _names_alone)


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
        if around < 7 or _TYPE_TITLE.fullmatch(words) or _names_type(title.text, page.blocks[number + 1 :], settings):
            end = section_end(page.blocks, number)
            section = OperationSection((), title, page.blocks[number:end], frozenset({0}))
            if not any(number <= line < end for line in lines):
                yield from _section_type(section, page.name, settings)


def _names_type(title: str, below: Sequence[Block], settings: FamilySettings) -> bool:
    """Tell whether the title of a table is nothing but the name of a type: ``Boat``."""
    is_name = _TYPE_NAME.fullmatch(title) and not section_kind(title, settings.sections).says_something
    return bool(is_name) and isinstance(next(iter(below), None), PageTable)


def _section_type(section: OperationSection, page: str, settings: FamilySettings) -> Iterator[tuple[TypePage, str]]:
    contents = section_contents(section, page, settings)
    rows = contents.rows["schema"] or contents.rows["parameters"]
    if rows and section.title:
        title = KIND_OF_PAGE.sub("", plain_text(section.title.text).lower()) or section.title.text
        name = component_name(plain_text(section.title.text)).strip("_")
        yield TypePage(name, page, rows[0].line, rows, {}), title


def _spellings(type_page: TypePage, title: str) -> set[str]:
    bare = KIND_OF_PAGE.sub("", title.lower())
    return {type_page.name.lower(), re.split(r"::|\.|\\", bare)[-1].strip()} - {""}


def _enumerations(page: Page) -> Iterator[tuple[str, Schema]]:
    """Yield the lists of values below headings that say so, by the lower-case name that the heading gives, if any."""
    for heading, blocks in headed_blocks(labels_as_headings(page.blocks)):
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
