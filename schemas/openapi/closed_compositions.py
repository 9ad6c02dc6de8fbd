"""Closed objects in `allOf` that forbid what another part requires, so that to the letter no object fits.

``additionalProperties: false`` knows only the properties beside it (JSON Schema 2020-12, section 10.3.2.3). Many
take it for what ``unevaluatedProperties: false`` is, which closes the whole composition (section 11.3).
"""

from collections.abc import Iterator
from typing import Any

from .document import DocumentError, DocumentNode


def forbidden_names(node: DocumentNode, is_modern: bool) -> list[str]:
    """Return the properties that a composition requires in vain: a closed part forbids them, another part has them.

    Nothing is returned where some object is valid to the letter, or none would be without the closed part either.
    """
    try:
        parts = [part.data for part in _conjuncts(node, is_modern, set(), ())]
    except DocumentError:  # reported where the reference is read
        return []
    required = dict.fromkeys(name for part in parts for name in _required(part))
    declared = {name for part in parts for name in _properties(part)}
    closed = [_properties(part) for part in parts if _is_closed(part)]
    forbidden = [name for name in required if any(name not in properties for properties in closed)]
    return forbidden if declared.issuperset(forbidden) else []


def has_closed_part(node: DocumentNode, is_modern: bool) -> bool:
    """Tell whether a schema, or one that it is composed of, is closed; raises ``DocumentError``."""
    return any(_is_closed(part.data) for part in _conjuncts(node, is_modern, set(), ()))


def _conjuncts(
    node: DocumentNode, is_modern: bool, seen: set[tuple[str, str]], path: tuple[tuple[str, str], ...]
) -> Iterator[DocumentNode]:
    """Yield the schemas that a value has to fit, each once: by `$ref` and `allOf`."""
    place = node.file.location, node.pointer
    if place in path:
        raise node.error("allOf leads in a circle")
    if place in seen or not isinstance(node.data, dict):
        return
    seen.add(place)
    ref, parts = node.data.get("$ref"), node.data.get("allOf")
    if isinstance(ref, str):
        yield from _conjuncts(node.target(ref), is_modern, seen, (*path, place))
        if not is_modern:
            return
    yield node
    for index, part in enumerate(parts if isinstance(parts, list) else ()):
        yield from _conjuncts(node.child("allOf", parts).child(index, part), is_modern, seen, (*path, place))


def _is_closed(schema: dict[str, Any]) -> bool:
    return schema.get("additionalProperties") is False and not schema.get("patternProperties")


def _required(schema: dict[str, Any]) -> list[str]:
    names = schema.get("required")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _properties(schema: dict[str, Any]) -> frozenset[str]:
    properties = schema.get("properties")
    return frozenset(properties) if isinstance(properties, dict) else frozenset()
