"""Tables of a resource that stand once on a page: its operations take and answer with these properties."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..dialects.family_settings import FamilySettings
from .blocks import Page
from .headed_blocks import headed_blocks
from .inline_text import plain_text
from .operation_samples import WITH_BODY
from .operation_sections import OperationSection
from .page_samples import PageSample, sample_names
from .parameter_rows import DocumentedRow
from .section_contents import SectionContents, section_contents

_LINK = re.compile(r"\]\(#(?P<anchor>[^()\s]+)\)")
_READ_ONLY = re.compile(r"\bread[- ]?only\b", re.IGNORECASE)
_WRITE_ONLY = re.compile(r"\bwrite[- ]?only\b", re.IGNORECASE)
_DEEPEST = 5
_SHARED = 0.5
"""Part of a sample's properties that a resource has, from which on the sample is one of it."""
_MOST = 0.67
"""Part of a resource that an answer with it shows, at least."""


@dataclass(frozen=True)
class ResourceTable:
    """Properties of a resource, those of parts below the property that links to their own table."""

    rows: tuple[DocumentedRow, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of its properties."""
        return frozenset(_first(row) for row in self.rows)

    def names_in(self, sample: PageSample) -> set[str]:
        """Return the names of a sample's properties, of the only record inside where it has none of the resource."""
        shown = sample_names(sample.value)
        if isinstance(sample.value, dict) and not shown & self.names:
            inside = [names for part in sample.value.values() if (names := sample_names(part)) & self.names]
            return inside[0] if len(inside) == 1 else shown
        return shown

    def shown_by(self, sample: PageSample, as_a_whole: bool) -> bool:
        """Tell whether a sample is the resource or a list of such, or has that inside, or maybe not ``as_a_whole``."""
        shown = self.names_in(sample)
        readable = {_first(row) for row in self.rows if not _WRITE_ONLY.search(row.text)}
        is_whole = not as_a_whole or len(shown & readable) >= _MOST * len(readable)
        return bool(shown) and len(shown & self.names) >= _SHARED * len(shown) and is_whole


def _first(row: DocumentedRow) -> str:
    """Return the name of a row, of a dotted one the first part: ``owner`` of ``owner.name``."""
    return re.split(r"[.:]", row.name.lstrip("."), maxsplit=1)[0]


def resource_tables(
    page: Page, sections: Iterable[OperationSection], settings: FamilySettings
) -> tuple[ResourceTable, ...]:
    """Return the resources that a page describes outside of the sections of its operations."""
    taken = {id(block) for section in sections for block in section.blocks}
    by_anchor: dict[str, tuple[DocumentedRow, ...]] = {}
    resources: set[str] = set()
    for heading, blocks in headed_blocks(block for block in page.blocks if id(block) not in taken):
        contents = section_contents(OperationSection((), None, (heading, *blocks)), page.name, settings)
        if rows := tuple(row for listed in contents.rows.values() for row in listed):
            by_anchor.setdefault(_anchor(heading.text), rows)
        if contents.rows["schema"]:
            resources.add(_anchor(heading.text))
    linked = {anchor for rows in by_anchor.values() for row in rows for anchor in _anchors(row)}
    return tuple(
        ResourceTable(tuple(_with_parts(row, by_anchor, 0) for row in rows))
        for anchor, rows in by_anchor.items()
        if anchor in resources - linked
    )


def add_resource(contents: SectionContents, methods: Iterable[str], tables: Sequence[ResourceTable]) -> None:
    """Add to a section's contents the properties of the resource that its samples show to be sent or answered."""
    sent = [sample for sample in contents.samples if sample.side == "request" and sample.lines is not None]
    answered = [sample for sample in contents.samples if sample.side != "request" and sample.lines is not None]
    described = any(contents.rows[place] for place in ("body", "parameters", "schema"))
    if not described and set(methods) & set(WITH_BODY) and (table := _shown(tables, sent, as_a_whole=False)):
        rows = (_directed(row, _READ_ONLY) for row in table.rows if not row.read_only)
        shown = [table.names_in(sample) for sample in sent]
        contents.rows["body"] += [_required_by(row, shown) for row in rows if row]
    if (
        not contents.rows["response"]
        and not contents.rows["schema"]
        and (table := _shown(tables, answered, as_a_whole=True))
    ):
        rows = (_directed(row, _WRITE_ONLY) for row in table.rows)
        contents.rows["response"] += [replace(row, required=None) for row in rows if row]


def _shown(tables: Sequence[ResourceTable], samples: Sequence[PageSample], as_a_whole: bool) -> ResourceTable | None:
    fitting = (table for table in tables if samples and all(table.shown_by(sample, as_a_whole) for sample in samples))
    return max(fitting, key=lambda table: len(table.names & table.names_in(samples[0])), default=None)


def _anchor(text: str) -> str:
    return re.sub(r"[^\w]+", "-", plain_text(text).lower()).strip("-")


def _anchors(row: DocumentedRow) -> Iterator[str]:
    for match in _LINK.finditer(f"{row.type} {row.text}"):
        yield _anchor(match["anchor"])


def _with_parts(row: DocumentedRow, by_anchor: Mapping[str, tuple[DocumentedRow, ...]], depth: int) -> DocumentedRow:
    parts = next((by_anchor[anchor] for anchor in _anchors(row) if anchor in by_anchor), ())
    if row.children or not parts or depth > _DEEPEST:
        return row
    return replace(row, children=tuple(_with_parts(part, by_anchor, depth + 1) for part in parts))


def _directed(row: DocumentedRow, other: re.Pattern[str]) -> DocumentedRow | None:
    """Return a row without the parts that only go the other way, nothing where it does itself."""
    if other.search(row.text):
        return None
    children = (_directed(part, other) for part in row.children)
    return replace(row, children=tuple(part for part in children if part)) if row.children else row


def _required_by(row: DocumentedRow, shown: Iterable[set[str]]) -> DocumentedRow:
    """Return a row that is not required where a sample lacks it: what a creation needs, a change may leave out."""
    needed = row.required and all(row.name in names for names in shown)
    children = tuple(replace(part, required=None) for part in row.children)
    return replace(row, required=row.required if needed or not row.required else None, children=children)
