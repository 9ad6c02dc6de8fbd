"""Comparison of two schemas: the differences, place by place, and whom each breaks in one direction.

Of a request breaks what refuses something that was allowed, if both sides are stated: nobody could rely on what was
never documented. Of a response breaks what is possible now and wasn't before, if the old promise was stated: it is
taken back, whatever the new side shows.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..contract.model import Schema
from .diff_rules import BREAKING
from .normalise import NonNullSchema, SchemaPlace, is_same, named_types
from .sides import Difference, Sides
from .structure_differences import (
    closing_differences,
    inner_places,
    lost_alternatives,
    paired_alternatives,
    property_differences,
)
from .value_differences import is_comparable, other_difference, value_differences

MOST_PLACES = 5_000
"""Places of one body at which changed types are reported; what lies beyond has been reported nearer to its root."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A named type of either side that stands at a place."""

    pointer: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The differences of two schemas down to the named types in them, and where those are."""

    differences: tuple[Difference, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """A difference of a type, at a place of a whole body: ``prefix`` leads to the type."""

    difference: Difference
    prefix: str
    type_name: str


class SchemaComparison:
    """The comparison of schemas of two contracts in one direction; named types are compared once."""

    def __init__(self, sides: Sides, changed_types: frozenset[str]) -> None:
        self.sides = sides
        self.changed_types = changed_types
        self._frames: dict[tuple[str, str], Frame] = {}

    def differences(self, old: Schema, new: Schema) -> Iterator[TypeDifference]:
        """Yield how two schemas differ, at each place where a type stands that differs, nearest ones first.

        A type inside itself is reported there once more, and not followed.
        """
        root = Frame(*_split(self._place(SchemaPlace.of(old), SchemaPlace.of(new), "")))
        waiting: deque[tuple[str, Frame, str, frozenset[Edge]]] = deque([("", root, "", frozenset())])
        seen: set[tuple[str, str]] = set()
        places = 0
        while waiting:
            prefix, frame, name, trail = waiting.popleft()
            yield from (TypeDifference(difference, prefix, name) for difference in frame.differences)
            for edge in frame.edges:
                pair, step = (edge.old, edge.new), replace(edge, pointer="")
                if self._may_differ(edge) and (places < MOST_PLACES or pair not in seen):
                    seen.add(pair)
                    places += 1
                    inner = self._frame(*pair)
                    inner = Frame(inner.differences, ()) if step in trail else inner
                    waiting.append((prefix + edge.pointer, inner, edge.old, trail | {step}))

    def _may_differ(self, edge: Edge) -> bool:
        return edge.old != edge.new or edge.old in self.changed_types

    def _frame(self, old: str, new: str) -> Frame:
        frame = self._frames.get((old, new))
        if frame is None:
            places = (
                SchemaPlace.of(self.sides.old.schemas.get(old, {})),
                SchemaPlace.of(self.sides.new.schemas.get(new, {})),
            )
            frame = self._frames[old, new] = Frame(*_split(self._place(*places, "")))
        return frame

    def _place(self, old: SchemaPlace, new: SchemaPlace, pointer: str) -> Iterator[Difference | Edge]:
        """Yield the differences at a place and inside it, and the named types there."""
        if is_same(old.schema, new.schema) and self.changed_types.isdisjoint(named_types(old.schema)):
            return
        before, after = self.sides.old_views.of(old), self.sides.new_views.of(new)
        if before.ref and after.ref:
            yield from self._null_beside_types(before, after, pointer)
            yield Edge(pointer, before.ref, after.ref)
            return
        before, after = self.sides.old_views.followed(before), self.sides.new_views.followed(after)
        if is_comparable(before, after):
            yield from (_at(pointer, difference) for difference in value_differences(before, after, self.sides))
            yield from self._inside(before, after, pointer)
        else:
            differences = self._with_lost(list(value_differences(before, after, self.sides)), before, after)
            yield from (_at(pointer, difference) for difference in differences)

    def _null_beside_types(self, old: NonNullSchema, new: NonNullSchema, pointer: str) -> Iterator[Difference]:
        """Yield a difference of null where a named type stands, unless the type itself allows it."""
        if old.is_nullable != new.is_nullable:
            before, after = self.sides.old_views.followed(old), self.sides.new_views.followed(new)
            if before.is_nullable != after.is_nullable:
                differences = value_differences(replace(before, keywords={}), replace(after, keywords={}), self.sides)
                yield from (_at(pointer, difference) for difference in differences)

    def _inside(self, old: NonNullSchema, new: NonNullSchema, pointer: str) -> Iterator[Difference | Edge]:
        yield from (_at(pointer, difference) for difference in property_differences(old, new, self.sides))
        yield from (_at(pointer, difference) for difference in closing_differences(old, new, self.sides))
        for step, before, after in inner_places(old, new, self.sides):
            yield from self._place(before, after, pointer + step)
        same, rest = paired_alternatives(old, new)
        if rest is None:
            differences = self._with_lost(list(other_difference(old, new, self.sides)), old, new)
            yield from (_at(pointer, difference) for difference in differences)
        for before, after in (*same, *(rest or ())):
            yield from self._place(before, after, pointer)

    def _with_lost(self, differences: list[Difference], old: NonNullSchema, new: NonNullSchema) -> list[Difference]:
        """Return what changed of combined schemas: by their values, and where that breaks nobody, by their names."""
        is_broken = any(difference.judgement is BREAKING for difference in differences)
        return differences if is_broken else list(lost_alternatives(old, new, self.sides)) or differences


def _split(parts: Iterator[Difference | Edge]) -> tuple[tuple[Difference, ...], tuple[Edge, ...]]:
    differences: list[Difference] = []
    edges: list[Edge] = []
    for part in parts:
        if isinstance(part, Edge):
            edges.append(part)
        else:
            differences.append(part)
    return tuple(differences), tuple(dict.fromkeys(edges))


def _at(pointer: str, difference: Difference) -> Difference:
    if not pointer:
        return difference
    return replace(difference, pointer=pointer + difference.pointer, around=pointer + difference.around)
