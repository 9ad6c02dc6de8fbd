"""Dynamic scope of a schema: the anchors that a `$dynamicRef` finds there (JSON Schema 2020-12, section 8.2.3.2).

A schema with such references is read once for each scope that it is used in, as a type with parameters would be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .document import DocumentError, DocumentNode

ScopeKey = frozenset[tuple[str, str, str]]
"""The anchors of a scope: name, file and pointer of each."""


@dataclass(frozen=True, slots=True)
class DynamicScope:
    """The outermost places of the dynamic anchors, by name, in the resources that lead to a schema."""

    anchors: Mapping[str, DocumentNode] = field(default_factory=dict)

    def entered(self, node: DocumentNode) -> "DynamicScope":
        """Return the scope in a schema: what its resource has is added, where no outer one has it."""
        identifiers = node.file.identifiers
        if not identifiers.is_dynamic:
            return self
        pointers = identifiers.resource_at(node.pointer).dynamic_anchors
        if pointers.keys() <= self.anchors.keys():
            return self
        root = DocumentNode(node.file.data, "", node.file)
        own = {name: root.below(pointer, "", root) for name, pointer in pointers.items()}
        return DynamicScope({**own, **self.anchors})

    def target(self, node: DocumentNode, ref: str) -> DocumentNode:
        """Return the place that a ``$dynamicRef`` names."""
        target, name = node.target(ref), ref.rpartition("#")[2]
        is_dynamic = isinstance(target.data, dict) and target.data.get("$dynamicAnchor") == name
        return self.anchors.get(name, target) if is_dynamic else target

    def key(self, node: DocumentNode) -> ScopeKey:
        """Return what of the scope decides how a schema is read: nothing where no dynamic reference is reached."""
        if not self.anchors or not _is_dynamic(node, set()):
            return frozenset()
        return frozenset((name, place.file.location, place.pointer) for name, place in self.anchors.items())


NO_SCOPE = DynamicScope()


def _is_dynamic(node: DocumentNode, seen: set[tuple[str, str]]) -> bool:
    """Tell whether a schema, or one that it refers to, has a ``$dynamicRef``."""
    place = node.file.location, node.pointer
    if place in seen:
        return False
    seen.add(place)
    return any(key == "$dynamicRef" or _leads_to_dynamic(part, ref, seen) for part, key, ref in _references(node))


def _leads_to_dynamic(node: DocumentNode, ref: str, seen: set[tuple[str, str]]) -> bool:
    try:
        return _is_dynamic(node.target(ref), seen)
    except DocumentError:  # reported where the reference is read
        return False


def _references(node: DocumentNode) -> Iterator[tuple[DocumentNode, str, str]]:
    """Yield the references in a place, each with the node that holds it and its keyword."""
    members: Any = node.data.items() if isinstance(node.data, dict) else enumerate(node.data)
    for key, part in members:
        if key in ("$ref", "$dynamicRef") and isinstance(part, str):
            yield node, key, part
        elif isinstance(part, dict | list):
            yield from _references(node.child(key, part))
