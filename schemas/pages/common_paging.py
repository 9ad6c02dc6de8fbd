"""Parameters of paging that a family describes once for all of its lists, under a heading that says so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..contract.model import Evidence, Grade, Parameter, Schema, types_of
from .blocks import Label, ListItem, Page, Paragraph
from .headed_blocks import sections_of
from .inline_text import heading_words
from .page_reader import Reading
from .prose_facts import query_names

_HEADING = re.compile(r"(?:.* )?(?:pagination|paging|paginating)(?: .*)?|page size.*")
_OF_MANY = re.compile(
    r"\b(?:requests|endpoints|methods|operations|calls|responses|resources|collections|lists|apis)\b", re.IGNORECASE
)
_NAMED = re.compile(r"`\?(?P<name>[A-Za-z_][\w.-]*)(?:=[^`]*)?`")
_SHOWN = re.compile(r"`(?:GET )?(?:https?:/)?/[^`\s?]*\?(?P<query>[^`\s]+)`")


def with_common_paging(readings: Sequence[Reading], pages: Iterable[Page]) -> list[Reading]:
    """Return readings in which reads that answer with a list of records have the parameters of paging, assumed.

    A read that describes one of them itself keeps its own.
    """
    paging: dict[str, Parameter] = {}
    for page in pages:
        for parameter in _described(page):
            if parameter.name not in paging or not paging[parameter.name].schema:
                paging[parameter.name] = parameter
    return [_paged(reading, tuple(paging.values())) for reading in readings] if paging else list(readings)


def _paged(reading: Reading, paging: tuple[Parameter, ...]) -> Reading:
    operation = reading.operation
    success = operation.success() if operation.method == "GET" else None
    lists = any(_is_list(media.schema or {}) for media in (success.media_types if success else ()))
    own = {parameter.name for parameter in operation.parameters}
    if not lists or any(parameter.name in own for parameter in paging):
        return reading
    return replace(reading, operation=replace(operation, parameters=(*operation.parameters, *paging)))


def _is_list(schema: Schema) -> bool:
    """Tell whether a body is a list of records, and not one of words."""
    items = schema.get("items") or {}
    return types_of(schema) == ("array",) and ("$ref" in items or "object" in types_of(items))


def _described(page: Page) -> Iterator[Parameter]:
    """Yield the parameters that a page names in sections about the paging of all lists."""
    for section in sections_of(page.blocks, lambda text: bool(_HEADING.fullmatch(heading_words(text)))):
        blocks = [block for block in section if isinstance(block, Paragraph | ListItem | Label)]
        if any(_OF_MANY.search(block.text) for block in blocks):
            for block in blocks:
                for name, schema in _names(f"`{block.text}`" if isinstance(block, Label) else block.text):
                    evidence = Evidence(Grade.ASSUMED, page.name, block.line)
                    yield Parameter(name, "query", schema, None, evidence=evidence)


def _names(text: str) -> Iterator[tuple[str, Schema]]:
    for name in (*query_names(text), *(match["name"] for match in _NAMED.finditer(text))):
        yield name, {}
    for match in _SHOWN.finditer(text):
        for pair in match["query"].split("&"):
            name, _, value = pair.partition("=")
            if re.fullmatch(r"[A-Za-z_][\w.-]*", name) and value:
                yield name, {"type": "integer"} if value.isdigit() else {}
