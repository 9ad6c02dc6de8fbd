"""Security schemes of reference pages: by sections on authorization, rows of header fields, and headers of samples."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..contract.credential_schemes import Scheme, header_schemes, http_scheme, is_secret_field, key_scheme
from ..contract.model import Evidence, Grade, with_evidence
from .blocks import Block, Component, Definition, ListItem, Page, PageTable, Paragraph
from .headed_blocks import headed_blocks, labels_as_headings, sections_of
from .inline_text import heading_words, plain_text
from .operation_sections import OperationSection
from .page_reader import Reading
from .section_contents import SectionContents

_HEADING = re.compile(
    r"(?:documentation for )?(?:authentication|authori[sz]ation|security|auth)(?: (?:scheme|method|required)s?)?"
)
_NOT_NEEDED = re.compile(
    r"\bno (?:authori[sz]ation|authentication|auth|security)\b(?: is)?(?: (?:required|needed))?"
    r"|\bnot? (?:required|needed)\b|\Anone\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?<![\w-])(?:X-[\w-]+|[\w-]*Api[-_]?Key|[\w-]+-Token)(?![\w-])|(?<=parameter name: )[\w-]+", re.IGNORECASE
)
_WORDS = (
    (re.compile(r"\bbasic\b", re.IGNORECASE), http_scheme("basic")),
    (re.compile(r"\bdigest\b", re.IGNORECASE), http_scheme("digest")),
    (re.compile(r"\bbearer\b|\boauth ?2?(?:\.0)?\b|\bjwt\b", re.IGNORECASE), http_scheme("bearer")),
)
_KEY = re.compile(r"\bapi[-_ ]?key\b|\bkey\b|\btoken\b", re.IGNORECASE)
_IN_QUERY = re.compile(r"\bquery\b", re.IGNORECASE)
_LINK = re.compile(r"\[(?P<name>[^\[\]]+)\]\([^()\s]*\)")
_COMMON = 0.5
"""Part of all operations from which on credentials that only samples show count."""

Alternatives = tuple[tuple[str, Scheme], ...]


def named_schemes(pages: Iterable[Page]) -> dict[str, tuple[str, Scheme]]:
    """Return the schemes that have a heading of their own below one on authorization, by their lower-case names."""
    schemes: dict[str, tuple[str, Scheme]] = {}
    sections = (section for page in pages for section in sections_of(page.blocks, _is_about_security))
    for heading, blocks in (below for section in sections for below in headed_blocks(section[1:])):
        if alternatives := _stated(" ".join(text for block in blocks for text in _texts(block)), {}):
            name = plain_text(heading.text)
            schemes.setdefault(name.lower(), (name, alternatives[0][1]))
    return schemes


def with_security(
    reading: Reading,
    section: OperationSection,
    contents: SectionContents,
    named: Mapping[str, tuple[str, Scheme]],
) -> Reading:
    """Return a reading with the security that its section states, or that its sample requests show."""
    page = reading.operation.page
    for alternatives, evidence in _candidates(section, contents, named, page):
        schemes = {name: with_evidence(dict(scheme), evidence) for name, scheme in alternatives}
        security = tuple((name,) for name in schemes)
        operation = replace(reading.operation, security=security, security_evidence=evidence)
        return replace(reading, operation=operation, security_schemes=schemes)
    return reading


def _candidates(
    section: OperationSection, contents: SectionContents, named: Mapping[str, tuple[str, Scheme]], page: str
) -> Iterator[tuple[Alternatives, Evidence]]:
    for line, text in _security_texts(section.blocks):
        alternatives = _stated(text, named)
        if alternatives is not None:
            yield alternatives, Evidence(Grade.STATED, page, line)
    rows = [row for row in contents.rows["header"] if is_secret_field(row.name)]
    if rows:
        stated = (_stated(f"{row.type} {row.text} {row.example} {row.default or ''}", named) or () for row in rows)
        pairs = zip(rows, stated, strict=True)
        schemes = dict(pair for row, known in pairs for pair in _of_row(row.name, known))
        yield tuple(schemes.items()), Evidence(Grade.STATED, page, rows[0].line)
    shown = [(name, value, line) for name, value, line in contents.credentials if is_secret_field(name)]
    if shown:
        name, value, line = shown[0]
        yield tuple(header_schemes([(name, value)])), Evidence(Grade.SAMPLED, page, line)


def _of_row(name: str, stated: Alternatives) -> Alternatives:
    if name.lower() != "authorization":
        return (key_scheme(name, "header"),)
    return tuple(pair for pair in stated if pair[1]["type"] == "http") or (key_scheme(name, "header"),)


def _security_texts(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    """Yield the texts below headings on authorization, each as a whole with its first line."""
    for section in sections_of(labels_as_headings(blocks), _is_about_security):
        texts = [(getattr(block, "line", 0), text) for block in section for text in _texts(block)]
        if texts:
            yield texts[0][0], " ".join(text for _, text in texts)


def _is_about_security(heading: str) -> bool:
    return bool(_HEADING.fullmatch(heading_words(heading)))


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph | ListItem):
        yield block.text
    elif isinstance(block, Definition):
        yield f"{block.term} {block.text}"
    elif isinstance(block, PageTable):
        yield from (" ".join(row.cells) for row in block.rows)
    elif isinstance(block, Component):
        yield " ".join(block.attributes.values())


def _stated(text: str, named: Mapping[str, tuple[str, Scheme]]) -> Alternatives | None:
    """Return the schemes that a text names, alternatives to each other; ``None`` where it says nothing of any."""
    linked = [plain_text(match["name"]) for match in _LINK.finditer(text)]
    known = [named[name.lower()] for name in linked if name.lower() in named]
    if known:
        return tuple(known)
    plain = plain_text(text)
    pairs = [pair for pattern, pair in _WORDS if pattern.search(plain)]
    if (field := _FIELD.search(plain)) and _KEY.search(plain):
        pairs.append(key_scheme(field[0], "query" if _IN_QUERY.search(plain) else "header"))
    if pairs:
        return tuple(dict[str, Any](pairs).items())
    return () if _NOT_NEEDED.search(plain) else None


def with_common_security(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings without the security that only samples show, where most operations are shown without any."""
    sampled = [
        reading
        for reading in readings
        if (evidence := reading.operation.security_evidence) and evidence.grade is Grade.SAMPLED
    ]
    if len(sampled) >= _COMMON * len(readings):
        return list(readings)
    shown = set(map(id, sampled))
    return [
        replace(reading, operation=replace(reading.operation, security=(), security_evidence=None), security_schemes={})
        if id(reading) in shown
        else reading
        for reading in readings
    ]
