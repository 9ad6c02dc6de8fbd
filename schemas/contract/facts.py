"""Documented facts of an operation, by name: what a caller can touch, and what a new version can change."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..json_pointer import escape_token
from .model import COMPONENT_PREFIX, Contract, MediaType, Operation, Schema, is_left_out

MOST_DEEP = 8
"""Steps of the deepest places that are facts."""

MOST_PLACES = 2_000
"""Places of one body that are facts, those with fewer steps first."""

ANY = "*"
"""The step of a place to any item of an array, and to any key of a dictionary."""

_BRANCHES = ("allOf", "anyOf", "oneOf")


class FactKind(StrEnum):
    """The kinds of facts; what ``Fact.name`` is of each stands beside it."""

    OPERATION = "operation"
    """The operation itself; the name is empty."""
    PARAMETER = "parameter"
    """``query/$select``: where it stands, and its name."""
    REQUEST_MEDIA_TYPE = "request-media-type"
    """``application/json``."""
    REQUEST = "request"
    """A place in the request's body, ``/Author/Name``; empty for the whole body."""
    STATUS = "status"
    """``200``."""
    RESPONSE_MEDIA_TYPE = "response-media-type"
    """``200 application/json``: the status, and the media type."""
    RESPONSE = "response"
    """``200/Author/Name``: the status, and a place in the body."""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One fact of an operation (an id).

    Places are JSON Pointers (RFC 6901) of properties as documented, with ``*`` for any item of an array and any key of
    a dictionary.
    """

    operation: str
    part: FactKind = FactKind.OPERATION
    name: str = ""


def documented_facts(operation: Operation, contract: Contract) -> frozenset[Fact]:
    """Return all that is documented of an operation; ``Facts`` does the same for many operations in less time."""
    return Facts(contract).of(operation)


Key = tuple[FactKind, str]
"""A fact of an operation that is known: ``Fact.part`` and ``Fact.name``."""


class Facts:
    """Documented facts of the operations of one contract; a named type is looked through once."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._known: dict[str | int, tuple[Schema, DocumentedPlace]] = {}

    def of(self, operation: Operation) -> frozenset[Fact]:
        """Return the facts of an operation."""
        return frozenset(Fact(operation.id, part, name) for part, name in self.keys(operation))

    def keys(self, operation: Operation) -> frozenset[Key]:
        """Return the facts without the operation's name."""
        facts: set[Key] = {(FactKind.OPERATION, "")}
        facts.update(
            (FactKind.PARAMETER, f"{parameter.location}/{parameter.name}") for parameter in operation.parameters
        )
        for media_type in operation.request.media_types if operation.request else ():
            facts.add((FactKind.REQUEST_MEDIA_TYPE, media_type.name))
            facts.update((FactKind.REQUEST, pointer) for pointer in self.places(media_type).pointers)
        for response in operation.responses:
            facts.add((FactKind.STATUS, response.status))
            for media_type in response.media_types:
                facts.add((FactKind.RESPONSE_MEDIA_TYPE, f"{response.status} {media_type.name}"))
                pointers = self.places(media_type).pointers
                facts.update((FactKind.RESPONSE, response.status + pointer) for pointer in pointers)
        return frozenset(facts)

    def places(self, media_type: MediaType) -> "DocumentedPlace":
        """Return the whole of a body, with the documented places in it."""
        schema = media_type.schema
        if schema is None:
            return DocumentedPlace()
        name = schema.get("$ref")
        key = name if isinstance(name, str) else id(schema)
        known = self._known.get(key)
        if known is None:
            # with the schema, so that no other one gets its id
            known = self._known.setdefault(key, (schema, _places(schema, self.contract)))
        return known[1]


class DocumentedPlace:
    """A documented place in a body, and those in it; ``pointer`` is its JSON Pointer with ``*`` for any item or key."""

    __slots__ = ("_lower", "_pointers", "below", "pointer")

    def __init__(self, pointer: str = "") -> None:
        self.pointer = pointer
        self._pointers: tuple[str, ...] = ()
        self.below: dict[str, DocumentedPlace] = {}
        self._lower: dict[str, DocumentedPlace] | None = None

    @property
    def pointers(self) -> tuple[str, ...]:
        """The pointers of this place, and of all in it."""
        if not self._pointers:
            inside = [pointer for place in self.below.values() for pointer in place.pointers]
            self._pointers = (self.pointer, *inside)
        return self._pointers

    def step(self, name: str) -> "DocumentedPlace | None":
        """Return the place of a member: of this name, else of this name in another letter case, else of any key."""
        if (place := self.below.get(name)) is not None or not self.below:
            return place
        if self._lower is None:
            self._lower = {key.lower(): place for key, place in self.below.items()}
        return self._lower.get(name.lower()) or self.below.get(ANY)

    def touched_by(self, value: Any) -> set[str]:
        """Return the pointers of the places that a JSON value has."""
        touched = {self.pointer}
        waiting: list[tuple[DocumentedPlace, Any]] = [(self, value)]
        while waiting:
            place, part_value = waiting.pop()
            for below, part in place.inside(part_value):
                touched.add(below.pointer)
                if below.below and isinstance(part, dict | list):
                    waiting.append((below, part))
        return touched

    def inside(self, value: Any) -> Iterator[tuple["DocumentedPlace", Any]]:
        """Yield the documented places directly inside a JSON value that stands here, with what is there."""
        if isinstance(value, dict):
            for name, part in value.items():
                below = self.below.get(name) or self.step(name)
                if below:
                    yield below, part
        elif isinstance(value, list) and (any_item := self.below.get(ANY)):
            for part in value:
                yield any_item, part


_Inside = tuple[DocumentedPlace, Schema, frozenset[str], int]
"""A place, its schema, the named types that it stands in, and its steps from the whole body."""


def _places(schema: Schema, contract: Contract) -> DocumentedPlace:
    whole = DocumentedPlace()
    waiting: deque[_Inside] = deque([(whole, schema, frozenset(), 0)])
    count = 1
    while waiting:
        place, part, outer, depth = waiting.popleft()
        for name, member, inside in _members(part, contract, outer):
            below = place.below.get(name)
            if below is None:
                if count == MOST_PLACES:
                    return whole
                count += 1
                below = place.below[name] = DocumentedPlace(f"{place.pointer}/{escape_token(name)}")
            if depth + 1 < MOST_DEEP:
                waiting.append((below, member, inside, depth + 1))
    return whole


def _members(schema: Any, contract: Contract, outer: frozenset[str]) -> Iterator[tuple[str, Schema, frozenset[str]]]:
    """Yield the steps from a schema, what is there, and the named types around it; a type is not entered twice."""
    if not isinstance(schema, dict):
        return
    if isinstance(reference := schema.get("$ref"), str):
        name = reference.removeprefix(COMPONENT_PREFIX)
        if name not in outer:
            yield from _members(contract.schemas.get(name), contract, outer | {name})
    for word in _BRANCHES:
        branches = schema.get(word)
        for branch in branches if isinstance(branches, list) else ():
            yield from _members(branch, contract, outer)
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if not is_left_out(part):
            yield name, part, outer
    for word in ("items", "additionalProperties"):
        if isinstance(part := schema.get(word), dict):
            yield ANY, part, outer
    patterns = schema.get("patternProperties")
    for part in patterns.values() if isinstance(patterns, dict) else ():
        yield ANY, part, outer
