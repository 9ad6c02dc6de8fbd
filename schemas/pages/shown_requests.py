"""Requests and answers that pages show of operations which others describe: their bodies are samples of these."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from ..contract.model import COMPONENT_PREFIX, Operation
from ..contract.paths import unnamed_template
from ..dialects.family_settings import FamilySettings
from .blocks import Fence, Heading, Page
from .documented_operations import sampled_operation
from .family_operations import with_other
from .merge import TypeReading
from .page_reader import Reading
from .page_samples import PageSample, fence_samples, sample_names
from .request_lines import METHODS, path_templates
from .section_kinds import section_kind

_REQUEST = re.compile(rf"\s*(?:\$\s*)?(?:curl\b|(?:{'|'.join(METHODS)})\s)")
_MESSAGE = re.compile(rf"{_REQUEST.pattern}|\s*HTTP/")
_VALUE = re.compile(r"[{\d]")
_FEWEST_PARTS = 2
_MOST_OF_ONE = 20
"""Bodies that are taken of one operation and page."""


def with_shown_requests(readings: Sequence[Reading], pages: Iterable[Page], settings: FamilySettings) -> list[Reading]:
    """Return readings, one for each operation, with the bodies that any page shows to be sent to it, or answered."""
    routes = _Routes(readings)
    shown: defaultdict[tuple[int, str], list[PageSample]] = defaultdict(list)
    for page in pages:
        for sample in _exchanged(page, settings):
            number = routes.asked(*sample.target)
            if number is not None and len(shown[number, page.name]) < _MOST_OF_ONE:
                shown[number, page.name].append(sample)
    completed = list(readings)
    for (number, page_name), samples in shown.items():
        reading = completed[number]
        if new := [sample for sample in samples if _is_new(sample, reading, page_name)]:
            other = sampled_operation(reading.operation, page_name, new, settings)
            completed[number] = with_other(reading, _of_its_type(other, reading.operation))
    return completed


def _is_new(sample: PageSample, reading: Reading, page: str) -> bool:
    """Tell whether a sample is another one of an operation; an answer, of another page and like those of its own."""
    operation, success = reading.operation, reading.operation.success()
    if sample.side == "request":
        known = operation.request.media_types if operation.request else ()
        return all(sample.value not in media.samples for media in known)
    if page == operation.page or not success or success.status != sample.status:
        return False
    body = next((part.schema for part in reading.type_readings if part.name == f"{operation.id}_response"), {})
    names, shown = set(body.get("properties", ())), sample_names(sample.value)
    is_like = not names or len(shown & names) * 2 >= len(shown)
    return is_like and all(sample.value not in media.samples for media in success.media_types)


def _of_its_type(other: Reading, operation: Operation) -> Reading:
    """Return what a sample shows of an answer as that of the described type that an operation answers with, if any."""
    success = operation.success()
    schema = (success.media_types[0].schema if success and success.media_types else None) or {}
    target = str(schema.get("items", schema).get("$ref", "")).removeprefix(COMPONENT_PREFIX)
    own = f"{operation.id}_response"
    if target in ("", own):
        return other
    parts = (TypeReading(target, part.schema) if part.name == own else part for part in other.type_readings)
    return replace(other, type_readings=tuple(parts))


class _Routes:
    """Operations by the requests that they take: the one with the fewest variables of those that a path fits."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.by_size: defaultdict[tuple[str, int], list[tuple[int, int, list[str]]]] = defaultdict(list)
        self.pages: list[str] = []
        for number, reading in enumerate(readings):
            parts = reading.operation.path.rstrip("/").split("/")
            self.pages.append(reading.operation.page)
            variables = sum("{" in part for part in parts)
            self.by_size[reading.operation.method, len(parts)].append((variables, number, parts))
        for listed in self.by_size.values():
            listed.sort()

    def asked(self, method: str, path: str) -> int | None:
        """Return the number of the operation that a request is one of, ``None`` for no operation.

        A path that none fits as a whole may be the end of one: ``/boats/{id}`` of ``/me/boats/{id}``.
        """
        for template in path_templates(path):
            parts = template.path.rstrip("/").split("/")
            for _, number, own in self.by_size.get((method, len(parts)), ()):
                if _fits(parts, own):
                    return number
            longer = [
                (number, unnamed_template("/".join(own[1 - len(parts) :])))
                for (sent, size), listed in self.by_size.items()
                if sent == method and size > len(parts) > _FEWEST_PARTS
                for _, number, own in listed
                if _ends(own, parts)
            ]
            pages, ends = {self.pages[number] for number, _ in longer}, {end for _, end in longer}
            if len(pages) == 1 or (len(ends) == 1 and _words(*ends) > 1):
                return longer[0][0]
        return None


def _words(path: str) -> int:
    return sum(bool(part) and "{" not in part for part in path.split("/"))


def _fits(parts: Sequence[str], template: Sequence[str]) -> bool:
    return all(part == known or _pattern(known).fullmatch(part) for part, known in zip(parts, template, strict=True))


@cache
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, re.split(r"\{[^{}]*\}", part))))


def _ends(template: Sequence[str], parts: Sequence[str]) -> bool:
    """Tell whether a path is the end of a template, with the same words, and no word in place of a variable."""
    end = template[1 - len(parts) :]
    words = (part for part, known in zip(parts[1:], end, strict=True) if known.startswith("{"))
    return _fits(parts[1:], end) and end[0] == parts[1] and all(map(_VALUE.search, words))


def _exchanged(page: Page, settings: FamilySettings) -> Iterator[PageSample]:
    """Yield the bodies that a page shows together with the request that sends them, or that they answer."""
    target = ("", "")
    for block in page.blocks:
        if isinstance(block, Heading) and section_kind(block.text, settings.sections).side != "response":
            target = ("", "")
        if not isinstance(block, Fence) or not (_REQUEST if not target[0] else _MESSAGE).match(block.text):
            continue
        for sample in fence_samples(block, page.name, settings.samples.languages, settings.samples.mend):
            if isinstance(sample, PageSample):
                target = sample.target if sample.side == "request" else target
                if sample.lines is not None:
                    yield replace(sample, target=target)
