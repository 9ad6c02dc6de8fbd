"""References between entities: named types that show the same resource, its id, and the properties that refer to it.

``ContactEntity``, ``Contact`` and ``ContactEntityWithLinks`` are views of the resource ``contact``; their key is
``ContactId``. A property ``ContactId`` of any other type is a reference to it, a property ``Contact`` shows it, and
``ContactName`` tells its ``Name``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.directions import component_without_direction
from docdouble.schemas.resources.naming import (
    TypeKey,
    is_id,
    is_made_up,
    plain_name,
    referred,
    resource_name,
    stem_of,
    type_key,
)
from docdouble.schemas.words import endings, words_of


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Resources that an object refers to: ``stems``, in lower case and the longest first, with the resource of each.

    ``ids`` are those that it has the id of, ``resource`` is that of the object and ``id_name`` the name of its id,
    ``None`` where it has none.
    """

    stems: Mapping[str, str]
    ids: frozenset[str]
    resource: str = ""
    id_name: str | None = None

    def id_stem(self, name: str, schema: Any) -> str:
        """Return what a property is the id of, empty for one that is none."""
        stem = stem_of(name).lower()
        return stem if stem in self.ids and is_id(schema) else ""

    def referred_property(self, name: str) -> tuple[str, str] | None:
        """Return the stem of the entity that a name is about, and the property of that."""
        lower = name.lower()
        prefix = next((stem for stem in self.stems if lower.startswith(stem) and len(stem) < len(lower)), None)
        return (prefix, name[len(prefix) :].lstrip("_-")) if prefix and self.stems[prefix] else None


class SampledResources:
    """The resources of one contract; a type is only looked into when it is asked for.

    ``keys`` are those that were worked out of what operations do; those of other types are found by names.
    """

    def __init__(self, schemas: Mapping[str, Schema], keys: Mapping[str, TypeKey]) -> None:
        self._schemas = schemas
        self._keys = keys

    @cached_property
    def views(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the types that show each resource."""
        names_by_resource: dict[str, list[str]] = {}
        for name in self._schemas:
            if not is_made_up(name):
                names_by_resource.setdefault(self._by_plain_name[resource_name(name)], []).append(name)
        return {resource: tuple(names) for resource, names in names_by_resource.items()}

    @cached_property
    def _by_plain_name(self) -> Mapping[str, str]:
        """The resource that each plain name of a type stands for: ``User`` may be another name of an author."""
        names = {resource_name(name): resource_name(name) for name in self._schemas}
        return names | {resource_name(name): key.resource for name, key in self._keys.items()}

    def key(self, type_name: str, schema: Schema) -> TypeKey | None:
        """Return the key of a named type whose schema is given, merged; ``None`` for one that has no id."""
        known = self._keys.get(component_without_direction(type_name))  # requests may lack it
        return known or type_key(type_name, schema.get("properties", {}))

    def surroundings(
        self, type_name: str, properties: Mapping[str, Any], key_by_type: Callable[[str], TypeKey | None]
    ) -> Surroundings:
        """Return what an object of a type, empty for none, refers to; ``key_by_type`` tells the key of a named type."""
        own = self.key(type_name, {"properties": properties})
        shown = {
            name.lower(): shown_key.resource
            for name, schema in properties.items()
            if isinstance(schema, dict) and (named := referred(schema)) and (shown_key := key_by_type(named))
        }
        ids = {stem.lower(): stem for name, schema in properties.items() if is_id(schema) and (stem := stem_of(name))}
        stems = {lower: shown.get(lower) or self.meant(stem) for lower, stem in ids.items()}
        stems |= shown | ({own.resource: own.resource} if own else {})
        ordered = dict(sorted(stems.items(), key=lambda item: (-len(item[0]), item[0])))
        return Surroundings(ordered, frozenset(ids), own.resource if own else "", own.name if own else None)

    def properties(self, resource: str, name: str) -> list[Schema]:
        """Return what each view of a resource says of a property, its name in any letter case."""
        schemas = []
        for view in self.views.get(resource, ()):
            properties = self._schemas[view].get("properties", {})
            others = (other for other in properties if other.lower() == name.lower())
            spelled = name if name in properties else next(others, "")
            if spelled and isinstance(properties[spelled], dict):
                schemas.append(properties[spelled])
        return schemas

    def type_of(self, resource: str) -> str:
        """Return the name of a resource as its types spell it; empty for one that has none."""
        return plain_name(min(self.views.get(resource, ()), key=len, default=""))

    def meant(self, stem: str) -> str:
        """Return the resource that a reference means by its last words: ``source contact`` the contact."""
        ends = endings(words_of(stem))
        return next((self._by_plain_name[end] for end in ends if end in self._by_plain_name), "")
