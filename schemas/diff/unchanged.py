"""What is the same word for word in two contracts of ours, told without reading it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

import orjson

from ..contract.model import COMPONENT_PREFIX, Operation, Schema
from ..openapi.contract_file import unread_operation, written_schema
from .normalise import is_same, named_types

_REFERENCE = re.compile(rb'"' + COMPONENT_PREFIX.encode() + rb'((?:[^"\\]|\\.)*)"')


def changed_types(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> frozenset[str]:
    """Return the named types that aren't the same word for word on both sides, or refer to one that isn't."""
    changed = {name for name in old.keys() | new.keys() if not _is_same_type(name, old, new)}
    users: dict[str, set[str]] = {}
    for name in old.keys() - changed if changed else ():
        for used in _named_by(name, old):
            users.setdefault(used, set()).add(name)
    waiting = list(changed)
    while waiting:
        found = users.get(waiting.pop(), set()) - changed
        changed |= found
        waiting += found
    return frozenset(changed)


def _is_same_type(name: str, old: Mapping[str, Schema], new: Mapping[str, Schema]) -> bool:
    texts = written_schema(old, name), written_schema(new, name)
    return (None not in texts and texts[0] == texts[1]) or (
        name in old and name in new and is_same(old[name], new[name])
    )


def _named_by(name: str, schemas: Mapping[str, Schema]) -> Iterator[str]:
    text = written_schema(schemas, name)
    return named_types(schemas[name]) if text is None else _named_in(text)


def _named_in(text: memoryview) -> Iterator[str]:
    for found in _REFERENCE.finditer(text):
        with suppress(orjson.JSONDecodeError):
            yield orjson.loads(b'"%b"' % found[1])


def is_same_unread(old: Operation, new: Operation, changed: frozenset[str]) -> bool:
    """Tell whether two operations that nobody has read yet are the same, and refer to nothing that changed."""
    texts = unread_operation(old), unread_operation(new)
    if texts[0] is None or texts[0] != texts[1] or (old.method, old.path) != (new.method, new.path):
        return False
    return changed.isdisjoint(_named_in(texts[0]))
