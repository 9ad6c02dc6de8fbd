"""Names that the values of requests and replies are kept under, and the places of replies that have them.

What is the key of a resource has the same name wherever it stands: the ``ContactId`` of a reply is what
``/Contact/{id}`` and ``ContactIds`` ask for. Other values are called as they are documented, without letter case.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.json_pointer import unescape_token
from docdouble.schemas.resources.bindings import bindings
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.words import singular

from ..generation.fields import (
    ITEM,
    SCALARS,
    Path,
    RequestField,
    Where,
    documented_type_name,
    kind_of_values,
    request_body_schema,
    resolve_schema,
)
from .named_references import entity_names, named_references, possible_references

MOST_ITEMS = 5
"""Items of an array or a dictionary whose values are read."""

_DEEPEST = 3
_LISTING = frozenset({"list", "search"})
_SHOWING = _LISTING | {"create", "read", "update", "patch"}
"""Roles of operations that answer with entities of their resource."""

_LAST_COLLECTION = re.compile(r"([^/{}]+)/\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class ReplyValue:
    """A place in a reply whose value is kept; ``is_key`` tells that it is what its entity is known by."""

    path: Path
    name: str
    is_key: bool


class ValueNames:
    """Names of the values of one contract: ``views`` and ``keys`` are the resources of keys, by type and by name."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.views, keys = _keys_of(contract)
        self.keys = named_references(contract) | keys
        self.possible_keys = possible_references(contract) | self.keys
        self._bindings = bindings(contract)

    def name_of(self, operation: Operation, where: Where, name: str, owner: str = "") -> str:
        """Return the name that the values of a place are kept under."""
        lower = name.lower()
        if resource := self.key_place(operation.id, where, lower) or self.views.get((owner, lower)):
            return f"key {resource}"
        if where == "path" and lower == "id":
            collections = [match[1] for match in _LAST_COLLECTION.finditer(operation.path) if match[2] == name]
            lower = f"{singular(collections[0].lower())}id" if collections else lower
        for known in (lower, singular(lower), squeezed(lower), singular(squeezed(lower))):
            if known in self.keys:
                return f"key {self.keys[known]}"
        return lower

    def of_field(self, operation: Operation, field: RequestField) -> str:
        """Return the name that the values of a field of a request are kept under."""
        return self.name_of(operation, field.where, field.name, field.owner)

    def asked_by(self, operation: Operation) -> Iterator[str]:
        """Yield the names of the values that requests of an operation hold."""
        for parameter in operation.parameters:
            if parameter.location in ("path", "query"):
                yield self.name_of(operation, parameter.location, parameter.name)
        outer = request_body_schema(operation)
        schema, _ = resolve_schema(outer, self._contract)
        owner = documented_type_name(outer)
        yield from (self.name_of(operation, "body", name, owner) for name in schema.get("properties", ()))

    def variable_of(self, operation: Operation, field: RequestField) -> str:
        """Return the variable of the path that holds the same key as a member of the body, empty for none."""
        name = self.of_field(operation, field)
        if field.where != "body" or len(field.path) != 1 or not name.startswith("key "):
            return ""
        variables = (parameter.name for parameter in operation.parameters if parameter.location == "path")
        return next((variable for variable in variables if self.name_of(operation, "path", variable) == name), "")

    def of_replies(self, operation: Operation, wanted: Collection[str]) -> Iterator[ReplyValue]:
        """Yield the places of a reply that are asked for under a wanted name: those of links first."""
        response = operation.success()
        for link in response.links if response else ():
            name = self._linked(link.operation, link.location, link.name)
            if name in wanted:
                steps = (ITEM if step.isdecimal() else unescape_token(step) for step in link.pointer.split("/")[1:])
                yield ReplyValue(tuple(steps), name, is_key=False)
        media_types = response.media_types if response else ()
        schema = primary_schema(media_types)
        if schema is not None:
            yield from self._bare_keys(operation, schema, wanted)
            yield from self._inside(operation, schema, (), self._shown_resource(operation), wanted)

    def may_tell(self, operation: Operation, asking: Operation, fields: Iterable[RequestField]) -> bool:
        """Tell whether replies of an operation may show values for fields of the requests of another."""
        wanted = set()
        for field in fields:
            wanted.add(self.name_of(asking, field.where, field.name, field.owner))
            if resource := self.possible_keys.get(singular(field.name.lower())):
                wanted.add(f"key {resource}")
        binding = self._bindings.get(operation.id)
        if binding and binding.role.name == "delete":
            return False
        is_shown = binding is not None and f"key {binding.resource.name}" in wanted  # by a link or a path, too
        return is_shown or any(self.of_replies(operation, wanted))

    def _shown_resource(self, operation: Operation) -> Resource | None:
        """Return the resource whose entities an answer shows, ``None`` where it may be another."""
        binding = self._bindings.get(operation.id)
        return binding.resource if binding and binding.role.name in _SHOWING and binding.resource.key else None

    def _bare_keys(self, operation: Operation, outer: Schema, wanted: Collection[str]) -> Iterator[ReplyValue]:
        """Yield the place of keys that stand alone: a create may answer with nothing else, a list be one of them."""
        binding = self._bindings.get(operation.id)
        name = f"key {binding.resource.name}" if binding else ""
        if binding is None or name not in wanted:
            return
        schema, _ = resolve_schema(outer, self._contract)
        path: Path = ()
        if (
            binding.role.name in _LISTING
            and kind_of_values(schema) == "array"
            and isinstance(schema.get("items"), dict)
        ):
            path, (schema, _) = (ITEM,), resolve_schema(schema["items"], self._contract)
        if path or binding.role.name == "create":
            kind = kind_of_values(schema)
            # a text without a format may be a message
            if kind in SCALARS:
                yield ReplyValue(path, name, bool(path) or kind == "integer" or "format" in schema)

    def key_place(self, operation_id: str, location: str, name: str) -> str:
        """Return the resource whose key requests of an operation hold at a place, empty for none."""
        binding = self._bindings.get(operation_id)
        place = binding.role.key if binding else None
        is_key = place is not None and (place.location, place.name.lower()) == (location, name)
        return binding.resource.name if binding and is_key else ""

    def _linked(self, operation_id: str, location: str, name: str) -> str:
        known = self.key_place(operation_id, location, name.lower())
        return f"key {known}" if known else name.lower()

    def _inside(
        self, operation: Operation, outer: Schema, path: Path, shown: Resource | None, wanted: Collection[str]
    ) -> Iterator[ReplyValue]:
        """Yield the places of a part of an answer; ``shown`` is the resource whose entities may stand there unnamed."""
        schema, _ = resolve_schema(outer, self._contract)
        kind = kind_of_values(schema)
        inner = schema.get({"array": "items", "dictionary": "additionalProperties"}.get(kind, ""))
        if isinstance(inner, dict) and len(path) <= _DEEPEST:
            yield from self._inside(operation, inner, (*path, ITEM), shown, wanted)
        if kind != "object" or len(path) > _DEEPEST:
            return
        owner = documented_type_name(outer)
        properties = [(name, part) for name, part in schema["properties"].items() if isinstance(part, dict)]
        own_key = shown.key.lower() if shown else ""
        for name, part in properties:
            kept = self.name_of(operation, "body", name, owner) if name.lower() != "id" else ""
            resource = self.views.get((owner, name.lower())) or (
                shown.name if shown and name.lower() == own_key else ""
            )
            kept = f"key {resource}" if resource else kept
            if kept in wanted and kind_of_values(resolve_schema(part, self._contract)[0]) in SCALARS:
                yield ReplyValue((*path, name), kept, bool(resource))
        has_key = any(name.lower() == own_key for name, _ in properties)
        is_envelope = not has_key and all(step == ITEM for step in path)
        for name, part in properties:
            if kind_of_values(resolve_schema(part, self._contract)[0]) in ("object", "array", "dictionary"):
                yield from self._inside(operation, part, (*path, name), shown if is_envelope else None, wanted)


def _keys_of(contract: Contract) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Return the resource of each view's key, and of each key's name that only one resource has."""
    resources = contract.resources.resources
    views = {(view, key.lower()): other.name for other in resources for view, key in other.views.items()}
    named: dict[str, set[str]] = {}
    for (_, key), resource in views.items():
        named.setdefault(key, set()).add(resource)
    for other in resources:
        for key in {other.key.lower(), *(key.lower() for key in other.views.values())} & {"id", "uuid"}:
            for name in entity_names(other, contract):
                named.setdefault(f"{name}{key}".lower(), set()).add(other.name)
    return views, {name: next(iter(owners)) for name, owners in named.items() if len(owners) == 1 and name != "id"}


def values_at(value: Any, path: Path) -> Iterator[Any]:
    """Yield the values at a path, in the first few items of each array or dictionary."""
    if not path:
        yield value
    elif path[0] == ITEM and isinstance(value, list | dict):
        for item in islice(value.values() if isinstance(value, dict) else value, MOST_ITEMS):
            yield from values_at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from values_at(value[path[0]], path[1:])


def means_something(value: Any) -> bool:
    """Tell whether a value may be a name or a key: it is neither blank nor a number that stands for none."""
    return (isinstance(value, int) and not isinstance(value, bool) and value > 0) or (
        isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable()
    )
