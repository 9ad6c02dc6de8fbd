"""Requests that pages show of operations which others describe: their bodies are samples of these."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..dialects.family_settings import FamilySettings
from .blocks import Fence
from .documented_operations import sampled_operation
from .family_operations import with_other
from .markdown import Page
from .page_reader import Reading
from .page_samples import PageSample, fence_samples
from .request_lines import METHODS, path_templates

_REQUEST = re.compile(rf"\s*(?:\$\s*)?(?:curl\b|(?:{'|'.join(METHODS)})\s)")
_MOST_OF_ONE = 20
"""Bodies that are taken of one operation and page."""


def with_shown_requests(readings: Sequence[Reading], pages: Iterable[Page], settings: FamilySettings) -> list[Reading]:
    """Return readings, one for each operation, with the bodies that any page shows to be sent to it."""
    routes = _Routes(readings)
    shown: defaultdict[tuple[int, str], list[PageSample]] = defaultdict(list)
    for page in pages:
        for sample in _requests(page, settings):
            number = routes.asked(*sample.target)
            if number is not None and len(shown[number, page.name]) < _MOST_OF_ONE:
                shown[number, page.name].append(sample)
    completed = list(readings)
    for (number, page_name), samples in shown.items():
        own = completed[number].operation
        known = [value for media in (own.request.media_types if own.request else ()) for value in media.samples]
        if new := [sample for sample in samples if sample.value not in known]:
            other = sampled_operation(own, page_name, new, settings)
            completed[number] = with_other(completed[number], other)
    return completed


class _Routes:
    """Operations by the requests that they take: the one with the fewest variables of those that a path fits."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.by_size: defaultdict[tuple[str, int], list[tuple[int, int, list[str]]]] = defaultdict(list)
        for number, reading in enumerate(readings):
            parts = reading.operation.path.split("/")
            variables = sum("{" in part for part in parts)
            self.by_size[reading.operation.method, len(parts)].append((variables, number, parts))
        for listed in self.by_size.values():
            listed.sort()

    def asked(self, method: str, path: str) -> int | None:
        """Return the number of the operation that a request is one of, ``None`` for no operation."""
        for template in path_templates(path):
            parts = template.path.split("/")
            for _, number, own in self.by_size.get((method, len(parts)), ()):
                if all(part == known or "{" in known for part, known in zip(parts, own, strict=True)):
                    return number
        return None


def _requests(page: Page, settings: FamilySettings) -> Iterator[PageSample]:
    """Yield the bodies that a page shows together with the request that sends them."""
    for block in page.blocks:
        if isinstance(block, Fence) and _REQUEST.match(block.text):
            for sample in fence_samples(block, page.name, settings.samples.languages, settings.samples.mend):
                if isinstance(sample, PageSample) and sample.side == "request" and sample.lines is not None:
                    yield sample
