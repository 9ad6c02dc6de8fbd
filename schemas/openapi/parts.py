"""Tolerant reading of parts of a document: a broken part is left out and reported."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from .document import DocumentError, DocumentNode

Report = Callable[[str, DocumentNode, str], None]
"""A function that takes a rule of ``lint``, the place and a message."""

T = TypeVar("T")

_STATUS = re.compile(r"[1-5](\d\d|XX)|default", re.IGNORECASE | re.ASCII)


class PartReader:
    """The reader of the parts of a document, which reports those that are broken."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def part(self, read: Callable[[], T]) -> T | None:
        """Return the result of a function that reads a part, ``None`` where the part is broken, which is reported."""
        try:
            return read()
        except DocumentError as error:
            self.report(_rule(error.message), error.node, error.message)
            return None

    def object_in(self, node: DocumentNode, key: str) -> DocumentNode:
        """Return the object under a key; an empty one where it is missing, or broken, which is reported."""
        return self.part(lambda: node.mapping(key, optional=True)) or node.child(key, {})

    def parts(self, nodes: Iterator[tuple[str, DocumentNode]], read: Callable[[str, DocumentNode], T]) -> Iterator[T]:
        """Yield the result of a function for each node; those that are broken are left out and reported."""
        for name, node in nodes:
            yield from self.part(partial(_in_list, read, name, node)) or ()

    def members(self, node: DocumentNode, key: str, extensible: bool = False) -> Iterator[tuple[str, DocumentNode]]:
        """Yield the members of an object under a key of an object; none where it is broken, which is reported."""
        return iter(self.part(lambda: list(node.mapping(key, optional=True).members(extensible))) or ())

    def elements(self, node: DocumentNode, key: str) -> Iterator[tuple[str, DocumentNode]]:
        """Yield the elements of an array under a key of an object, as ``members`` does."""
        return iter(self.part(lambda: [("", element) for element in node.elements(key)]) or ())


def status_of(name: str, node: DocumentNode) -> str:
    """Return the status of a response; raises ``DocumentError`` for what is none (OpenAPI, Responses Object)."""
    if not _STATUS.fullmatch(name):
        raise node.error(f"expected a status from 100 to 599, a range such as 4XX or default, found {name!r}")
    return name


def media_type_of(name: str, node: DocumentNode) -> str:
    """Return the name of a media type; raises ``DocumentError`` for what no field of a head can hold."""
    if not (name.isascii() and name.isprintable() and name.strip()):
        raise node.error(f"expected a media type, found {name!r}")
    return name


def _rule(message: str) -> str:
    if "$ref" not in message:
        return "broken-part"
    return "unread-reference" if "is outside the host" in message else "broken-reference"


def _in_list(read: Callable[[str, DocumentNode], T], name: str, node: DocumentNode) -> list[T]:
    return [read(name, node)]
