"""Bindings of requests to entities: the keys that a request names, the entities that it holds, and what they change."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ..contract.media_types import primary_schema
from ..contract.model import Contract, Operation, Schema, non_null
from ..contract.resources import WHOLE_BODY, RequestPlace, Resource, Role
from ..http import Call, json_body
from ..json_pointer import unescape_token

_NO_ENTITY = ("", "0", "00000000-0000-0000-0000-000000000000")
"""Keys of what doesn't exist yet."""


@dataclass(frozen=True, slots=True)
class RequestValues:
    """The values of a request: parameters with their names, each as often as it is sent, and the body."""

    path: Collection[tuple[str, Any]]
    query: Collection[tuple[str, Any]]
    body: Any

    def at(self, place: RequestPlace | None) -> list[Any]:
        """Return everything that stands at a place, however its name is spelled."""
        if place == WHOLE_BODY:
            return [self.body]
        members = self.body.items() if isinstance(self.body, dict) else ()
        named = {"path": self.path, "query": self.query, "body": members}.get(place.location, ()) if place else ()
        return [value for name, value in named if place and name.lower() == place.name.lower()]


@dataclass(frozen=True, slots=True)
class Binding:
    """The role that an operation has for a resource: where its requests hold keys and entities."""

    role: Role
    resource: Resource

    def keys(self, values: RequestValues) -> list[Any]:
        """Return the keys at their place, with the items of an array, which an undescribed body may name."""
        keys: list[Any] = []
        for value in values.at(self.role.key):
            arrays = [part for part in value.values() if isinstance(part, list)] if isinstance(value, dict) else []
            items = arrays[0] if len(arrays) == 1 else value
            if self.role.many and isinstance(items, str) and self.role.key and self.role.key.location != "body":
                items = items.split(",")
            keys += items if isinstance(items, list) else [items]
        return keys

    def entities(self, values: RequestValues) -> list[Any]:
        """Return the entities at their place, with the items of an array of them."""
        placed = values.at(self.role.entity)
        return [
            entity for value in placed for entity in (value if self.role.many and isinstance(value, list) else [value])
        ]

    def keys_inside(self, entity: Any) -> list[Any]:
        """Return the keys that an entity holds, or that a JSON Patch of one sets."""
        records = entity if isinstance(entity, list) else [entity]
        members = (*sent_members(records), *(member for record in records for member in sent_members(record)))
        return [value for name, value in members if name.lower() in self.resource.key_names]

    def named_keys(self, call: Call, variables: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the keys of all entities that a call may change, none of a new one; ``None`` where they aren't clear.

        ``variables`` are the values of the variables of its path. Servers may go by the key at its place or by the one
        inside of the entity, and by any of two spellings: all are named.
        """
        places = [place for place in (self.role.key, self.role.entity) if place]
        try:
            body = json_body(call) if any(place.location == "body" for place in places) else None
            values = RequestValues(variables.items(), parse_qsl(call.query, keep_blank_values=True), body)
            if self.role.key and not values.at(self.role.key):
                return None
            inside = [key for entity in self.entities(values) for key in self.keys_inside(entity)]
            keys = map(_key_text, (*self.keys(values), *inside))
            return tuple(dict.fromkeys(key for key in keys if key not in _NO_ENTITY))
        except ValueError:
            return None

    def with_key(self, body: Any, key: int) -> Any:
        """Return the body of a request with the key of an entity, wherever it holds one."""
        place, entity = self.role.key, self.role.entity
        is_named = isinstance(body, dict)
        if place and place.location == "body" and (not place.name or (is_named and place.name in body)):
            keys = placed(self.role, key=key)[place]
            return {**body, place.name: keys} if place.name else keys
        if entity is None or (entity.name and not is_named):
            return body
        return {**body, entity.name: self._keyed(body.get(entity.name), key)} if entity.name else self._keyed(body, key)

    def _keyed(self, entity: Any, key: int) -> Any:
        if isinstance(entity, list):
            return [self._keyed(element, key) for element in entity[:1]]
        names = self.resource.key_names
        if not isinstance(entity, dict):
            return entity
        return {name: key if name.lower() in names else value for name, value in entity.items()}


def bindings(contract: Contract) -> Mapping[str, Binding]:
    """Return the bindings of the operations that have a role, by their ids."""
    return {
        role.operation: Binding(role, resource) for resource in contract.resources.resources for role in resource.roles
    }


def entity_schema(role: Role, operation: Operation, contract: Contract) -> Schema:
    """Return the schema of the entities that requests of an operation hold."""
    schema = (primary_schema(operation.request.media_types) if operation.request else None) or {}
    if role.entity and role.entity.name:
        record = contract.resolve(non_null(contract.resolve(schema)))
        schema = record.get("properties", {}).get(role.entity.name, {})
    items = contract.resolve(non_null(schema)).get("items")
    return items if isinstance(items, dict) else non_null(schema)


def placed(role: Role, *, key: Any = None, entity: Any = None) -> dict[RequestPlace, Any]:
    """Return a key and an entity at the places where requests of a role hold them."""
    pairs = ((role.key, key), (role.entity, entity))
    return {place: [value] if role.many else value for place, value in pairs if place and value is not None}


def sent_members(entity: Any) -> Iterator[tuple[str, Any]]:
    """Yield the members of an object, or those that a JSON Patch (RFC 6902) sets, with their values."""
    if isinstance(entity, dict):
        yield from entity.items()
    for step in entity if isinstance(entity, list) else ():
        if isinstance(step, dict) and "value" in step and step.get("op", "test") != "test":
            name = str(step.get("path")).strip("/")
            if "/" not in name:
                yield unescape_token(name), step["value"]


def shown_keys(record: Any, key_names: Collection[str]) -> list[Any]:
    """Return the keys in an object of a reply, whose lower-case names are given; a blank one and zero are none.

    A name may lead into an object inside: ``metadata/name``.
    """
    members = record.items() if isinstance(record, dict) else ()
    shown = [value for name, value in members if name.lower() in key_names and value]
    ways = [name.partition("/") for name in key_names if "/" in name] if members else ()
    inside = ((value, {below}) for head, _, below in ways for name, value in members if name.lower() == head)
    return [*shown, *(key for value, names in inside for key in shown_keys(value, names))]


def _key_text(key: Any) -> str:
    """Return a key as text; raises ``ValueError`` for what may be read in several ways."""
    if key is None:
        return ""
    if isinstance(key, bool) or not isinstance(key, int | str):
        raise ValueError(f"no key: {key!r}")
    return str(key)
