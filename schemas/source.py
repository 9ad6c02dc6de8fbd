"""Sources → one contract: a page, a folder of pages, an OpenAPI or Swagger file, or the name of a shipped contract."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from .contract import Contract, Operation
from .errors import ConfigError, PageError
from .link import link
from .merge import Contradiction
from .openapi import from_openapi
from .page import read_page, read_text, yaml_fault
from .reader import Reading, is_operation, read_operation
from .superoffice import SUPEROFFICE
from .upgrade import upgrade

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""The largest OpenAPI document that is read; the vendor files seen have up to about ten."""

_DOCUMENT_SUFFIXES = (".json", ".yaml", ".yml")
_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Extraction:
    """A contract and what was noticed on the way; nothing that was given vanishes without a line here."""

    contract: Contract
    contradictions: tuple[Contradiction, ...] = ()
    failures: tuple[PageError, ...] = ()
    """Pages that could not be read."""
    skipped: tuple[str, ...] = ()
    """Pages that describe no operation."""


def shipped() -> tuple[str, ...]:
    """Return the names of the contracts that come with docdouble."""
    return tuple(sorted(path.parent.name for path in _SHIPPED.glob("*/contract.json")))


def extract(source: str) -> Extraction:
    """Read one source; raises ``PageError``, ``ContractError`` or ``ConfigError`` when nothing comes of it."""
    path = Path(source)
    exists = os.path.exists(source)
    if source in shipped() and not exists:
        return Extraction(_document(_SHIPPED / source / "contract.json", source))
    if not exists:
        raise ConfigError("source", source, shipped(), "a page, a folder, an OpenAPI file or a shipped contract")
    if path.is_dir():
        return _folder(path)
    if path.suffix.lower() in _DOCUMENT_SUFFIXES:
        return Extraction(_document(path, path.name))
    return _linked([read_operation(read_page(path, path.name), SUPEROFFICE)])


def _document(path: Path, name: str) -> Contract:
    text = read_text(path, name, MAX_DOCUMENT_BYTES)
    return from_openapi(upgrade(_parse(text, path, name), name), name)


def _parse(text: str, path: Path, name: str) -> Any:
    if path.suffix.lower() == ".json":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise PageError(name, error.lineno, f"no JSON: {error.msg}") from error
    try:
        return yaml.load(text, Loader=_DocumentLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, problem = yaml_fault(error)
        raise PageError(name, line, f"no YAML: {problem}") from error


class _DocumentLoader(yaml.SafeLoader):
    """YAML as JSON would have it: names are text, and so are dates.

    Aliases are refused, since they let a small file grow without bound, and so are tags.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise _unsupported("aliases are not supported", event)
        if tag not in (None, "!", _TEXT_TAG):
            raise _unsupported(f"the tag {tag!r} is not supported", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode):
                name.tag = _TEXT_TAG
        return super().construct_mapping(node, deep)


def _unsupported(problem: str, event: Any) -> yaml.YAMLError:
    return yaml.composer.ComposerError(None, None, problem, event.start_mark)


_TEXT_TAG = "tag:yaml.org,2002:str"


_DocumentLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _pages(folder: Path) -> Iterator[tuple[Path, str]]:
    found = sorted(Path(root) / name for root, _, names in os.walk(folder) for name in names if name.endswith(".md"))
    for path in found:
        yield path, path.relative_to(folder).as_posix()


def _claim(operation: Operation, page: str, claimed: dict[str, Operation]) -> None:
    """Raise ``PageError`` when an earlier page has the operation's label or id: a contract holds each once."""
    line = operation.evidence.line if operation.evidence else 0
    for kind, key in (("operation", operation.label), ("operation id", operation.id)):
        if earlier := claimed.get(key):
            raise PageError(page, line, f"the {kind} {key!r} is already described in {earlier.evidence}")
    claimed |= {operation.label: operation, operation.id: operation}


def _folder(folder: Path) -> Extraction:
    readings: list[Reading] = []
    failures: list[PageError] = []
    skipped: list[str] = []
    claimed: dict[str, Operation] = {}
    for path, name in _pages(folder):
        try:
            page = read_page(path, name)
            if is_operation(page, SUPEROFFICE):
                reading = read_operation(page, SUPEROFFICE)
                _claim(reading.operation, name, claimed)
                readings.append(reading)
            else:
                skipped.append(name)
        except PageError as error:
            failures.append(error)
    if not readings:
        reason = f"; the first: {failures[0]}" if failures else ""
        counts = f"{len(skipped)} pages without an operation, {len(failures)} that can't be read{reason}"
        raise PageError(str(folder), 0, f"no operation found: {counts}")
    return _linked(readings, tuple(failures), tuple(skipped))


def _linked(readings: list[Reading], failures: tuple[PageError, ...] = (), skipped: tuple[str, ...] = ()) -> Extraction:
    contract, among_pages = link(readings, SUPEROFFICE)
    contradictions = {one for reading in readings for one in reading.contradictions} | set(among_pages)
    ordered = sorted(contradictions, key=lambda one: (one.page, one.line, one.rule))
    return Extraction(contract, tuple(ordered), failures, skipped)
