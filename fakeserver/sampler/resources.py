"""Which named types show one and the same thing, by what id it is known, and which properties refer to it.

``ContactEntity``, ``Contact`` and ``ContactEntityWithLinks`` are views of the resource ``contact``; their key is
``ContactId``. A property ``ContactId`` of any other type is a reference to it, a property ``Contact`` shows it, and
``ContactName`` tells its ``Name``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract import COMPONENT_PREFIX, types_of

from .rules import words

_VIEW = re.compile(r"(WithLinks|Entity|Dto|Model|Resource|Carrier|View|Summary)\Z")
_REFERENCE = re.compile(r"[a-z]I[dD]\Z|[A-Za-z][_-]id\Z")
_MADE_UP = re.compile(r"_(request|response)\Z")
"""Names that the reader gives to bodies that have none of their own."""

_UNBOUND = {"type", "format", "description", "title", "example", "examples", "readOnly", "default"}
"""Keywords of an id that may be any small positive number."""


@dataclass(frozen=True, slots=True)
class Key:
    """The property that holds a type's id, and the resource that the id is of."""

    name: str
    resource: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an object refers to: ``stems``, in lower case and the longest first, with the resource of each.

    ``ids`` are those that it has the id of, ``own`` is its own resource and ``id_name`` the property of its own id.
    """

    stems: Mapping[str, str]
    ids: frozenset[str]
    own: str = ""
    id_name: str = ""

    def id_stem(self, name: str, schema: Any) -> str:
        """Return what a property is the id of, empty for one that is none."""
        stem = stem_of(name).lower()
        return stem if stem in self.ids and is_id(schema) else ""

    def told(self, name: str) -> tuple[str, str] | None:
        """Return of what a property tells, and which property of that."""
        lower = name.lower()
        found = next((stem for stem in self.stems if lower.startswith(stem) and len(stem) < len(lower)), None)
        return (found, name[len(found) :].lstrip("_-")) if found and self.stems[found] else None


class Resources:
    """The resources of one contract; a type is only looked into when it is asked for."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas

    @cached_property
    def views(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the types that show each resource."""
        found: dict[str, list[str]] = {}
        for name in self._schemas:
            if not _MADE_UP.search(name):
                found.setdefault(resource_name(name), []).append(name)
        return {resource: tuple(names) for resource, names in found.items()}

    def key(self, type_name: str, schema: Schema) -> Key | None:
        """Return the key of a named type whose schema is given, merged; ``None`` for one that has no id."""
        if _MADE_UP.search(type_name) or not type_name:
            return None
        properties: Mapping[str, Any] = schema.get("properties", {})
        own = resource_name(type_name)
        by_name = {name.lower(): name for name in properties}
        for wanted in (f"{own}id", f"{type_name.lower()}id", "id"):
            if wanted in by_name and is_id(properties[by_name[wanted]]):
                return Key(by_name[wanted], own)
        first = next(iter(properties), "")
        stem = stem_of(first)
        return Key(first, stem.lower()) if stem and is_id(properties[first]) else None

    def surroundings(
        self, type_name: str, properties: Mapping[str, Any], key_of: Callable[[str], Key | None]
    ) -> Surroundings:
        """Return what an object of a type, empty for none, refers to; ``key_of`` tells the key of a named type."""
        own = self.key(type_name, {"properties": properties})
        shown = {
            name.lower(): found.resource
            for name, schema in properties.items()
            if isinstance(schema, dict) and (named := referred(schema)) and (found := key_of(named))
        }
        ids = {stem.lower(): stem for name, schema in properties.items() if is_id(schema) and (stem := stem_of(name))}
        stems = {lower: shown.get(lower) or self.meant(stem) for lower, stem in ids.items()}
        stems |= shown | ({own.resource: own.resource} if own else {})
        ordered = dict(sorted(stems.items(), key=lambda item: (-len(item[0]), item[0])))
        return Surroundings(ordered, frozenset(ids), own.resource if own else "", own.name if own else "")

    def properties(self, resource: str, name: str) -> list[Schema]:
        """Return what each view of a resource says of a property, its name in any letter case."""
        found = []
        for view in self.views.get(resource, ()):
            properties = self._schemas[view].get("properties", {})
            spelled = (
                name if name in properties else next((one for one in properties if one.lower() == name.lower()), "")
            )
            if spelled and isinstance(properties[spelled], dict):
                found.append(properties[spelled])
        return found

    def type_of(self, resource: str) -> str:
        """Return the name of a resource as its types spell it; empty for one that has none."""
        return plain_name(min(self.views.get(resource, ()), key=len, default=""))

    def meant(self, stem: str) -> str:
        """Return the resource that a reference means by its last words: ``source contact`` the contact."""
        spoken = words(stem).split()
        ends = ("".join(spoken[place:]) for place in range(len(spoken)))
        return next((end for end in ends if end in self.views), "")


def resource_name(type_name: str) -> str:
    """Return the name of the resource that a type shows, in lower case."""
    return plain_name(type_name).lower()


def plain_name(type_name: str) -> str:
    """Return a type's name without what says which view it is."""
    shorter = _VIEW.sub("", type_name)
    return plain_name(shorter) if shorter and shorter != type_name else type_name


def stem_of(name: str) -> str:
    """Return what an id is of: ``Contact`` of ``ContactId``; empty for a name that is of no reference."""
    return name[:-2].rstrip("_-") if _REFERENCE.search(name) else ""


def is_id(schema: Any) -> bool:
    """Tell whether a property may be any small positive integer."""
    if not isinstance(schema, dict) or types_of(schema) != ("integer",):
        return False
    low = schema.get("minimum", 0)
    return low <= 1 and {word for word in schema if not word.startswith("x-")} <= {*_UNBOUND, "minimum"}


def referred(schema: Schema) -> str:
    """Return the named type that a property shows, which may be null; empty for any other schema."""
    branches = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}] or [schema]
    reference = branches[0].get("$ref", "") if len(branches) == 1 and isinstance(branches[0], dict) else ""
    return str(reference).removeprefix(COMPONENT_PREFIX)
