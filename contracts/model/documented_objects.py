"""The objects of a body that are documented by their properties, and the places that findings about them name."""

import itertools
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX, non_null
from docdouble.schemas.json_pointer import escape_token, unescape_token
from docdouble.schemas.jsonschema.subschemas import subschemas

ANY = "*"
"""Stands in a place for a key of a dictionary, and for a name that nothing documents."""

_INDEX = re.compile(r"/\d+(?=/|$)")
_COMPOSED = frozenset({"allOf", "anyOf", "oneOf", "if", "patternProperties"})


@dataclass(frozen=True, slots=True)
class DocumentedObject:
    """An object at ``pointer`` of a body, and the schema that documents its properties.

    ``place`` is the same for all objects that one part of the documentation speaks of: keys of dictionaries are
    ``*`` there, and what a named type documents is stated at the first place that shows the type.
    """

    pointer: str
    place: str
    value: dict[str, Any]
    schema: Schema
    type_name: str = ""


class _Resolved(NamedTuple):
    """A schema behind references and null: the name of its type, empty where it has none, and what it documents."""

    outer: Any
    type_name: str
    schema: Schema
    is_record: bool


_NOTHING = _Resolved(None, "", {}, False)


class DocumentedObjects:
    """Documentation of the objects in a body, by its schema; ``samples`` are documented bodies."""

    def __init__(self, schema: Schema, contract: Contract, samples: Sequence[Any] = ()) -> None:
        self._schema = schema
        self._contract = contract
        self._samples = samples
        self._known: dict[int, _Resolved] = {}

    def of(self, value: Any) -> list[DocumentedObject]:
        """Return the objects of a body that are documented by their properties."""
        objects: list[DocumentedObject] = []
        self._walk(value, self._schema, "", "", objects)
        return objects

    def place(self, pointer: str) -> str:
        """Return a pointer into a body with the keys of dictionaries as ``*``."""
        return self._followed(pointer)[0]

    def shared_place(self, pointer: str) -> str:
        """Return the place of a pointer as ``DocumentedObject`` tells it: the same wherever a named type is shown."""
        return self._followed(pointer)[1]

    def schema_at(self, pointer: str) -> Schema:
        """Return the schema of a part of a body, empty where nothing does."""
        schema = self._resolved(self._schema).schema
        for token in pointer.split("/")[1:]:
            schema = self._resolved(self._part(schema, unescape_token(token))[1]).schema
        return schema

    def is_optional(self, pointer: str) -> bool:
        """Tell whether a pointer leads to a documented property that need not be there."""
        outer, _, token = pointer.rpartition("/")
        name = unescape_token(token)
        applied = list(self._applied(self.schema_at(outer), frozenset()))
        is_required = any(name in part.get("required", ()) for part in applied)
        return not is_required and any(name in part.get("properties", {}) for part in applied)

    def shown_names(self, record: DocumentedObject) -> frozenset[str]:
        """Return the names of properties that documented samples and examples show of an object."""
        return frozenset().union(*self._shown_at(record))

    def is_shown_without(self, record: DocumentedObject, name: str) -> bool:
        """Tell whether documented samples and examples show such an object that has no property of a name."""
        return any(name not in names for names in self._shown_at(record))

    def _shown_at(self, record: DocumentedObject) -> set[frozenset[str]]:
        return self._shown_names.get(_INDEX.sub("/0", record.place), set())

    @cached_property
    def _shown_names(self) -> Mapping[str, set[frozenset[str]]]:
        objects: list[DocumentedObject] = []
        for sample in self._samples:
            self._walk(sample, self._schema, "", "", objects)
        for place, schema in self._positions():
            for example in (*_examples(schema), *_examples(self._resolved(schema).schema)):
                self._walk(example, schema, "", place, objects)
        names: dict[str, set[frozenset[str]]] = {}
        for shown in objects:
            names.setdefault(_INDEX.sub("/0", shown.place), set()).add(frozenset(shown.value))
        return names

    def _walk(self, value: Any, schema: Any, pointer: str, place: str, objects: list[DocumentedObject]) -> None:
        _, name, schema, is_record = self._resolved(schema)
        place = self._homes.get(name, place)
        if isinstance(value, list):
            items = schema.get("items")
            for index, item in enumerate(value):
                if isinstance(item, dict | list):
                    self._walk(item, items, f"{pointer}/{index}", f"{place}/{index}", objects)
        if isinstance(value, dict):
            if is_record:
                objects.append(DocumentedObject(pointer, place, value, schema, name))
            for key, part in value.items():
                if isinstance(part, dict | list):
                    token, below = _member(schema, key)
                    self._walk(part, below, f"{pointer}/{escape_token(key)}", f"{place}/{token}", objects)

    def _followed(self, pointer: str) -> tuple[str, str]:
        _, name, schema, _ = self._resolved(self._schema)
        place, shared = "", self._homes.get(name, "")
        for token in pointer.split("/")[1:]:
            key = unescape_token(token)
            shown, below = self._part(schema, key)
            _, name, schema, _ = self._resolved(below)
            place, shared = f"{place}/{shown}", self._homes.get(name, f"{shared}/{shown}")
        return place, shared

    def _part(self, schema: Schema, key: str) -> tuple[str, Any]:
        """Return how a place names a part of a value, and what documents it, if only an alternative does."""
        applied = list(self._applied(schema, frozenset()))
        named = (_member(part, key) for part in applied if key in part.get("properties", {}))
        items = ((key, part["items"]) for part in applied if key.isdecimal() and isinstance(part.get("items"), dict))
        others = (_member(part, key) for part in applied if isinstance(part.get("additionalProperties"), dict))
        return next(itertools.chain(named, items, others), (ANY, None))

    def _applied(self, schema: Schema, seen: frozenset[int]) -> Iterator[Schema]:
        """Yield a schema and those that it is composed of."""
        if id(schema) in seen:
            return
        yield schema
        for keyword in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(keyword, ()):
                yield from self._applied(self._resolved(part).schema, seen | {id(schema)})

    @cached_property
    def formats(self) -> frozenset[str]:
        """The formats that are documented anywhere in the body."""
        formats: set[str] = set()
        named: set[str] = set()
        waiting: list[Schema] = [self._schema]
        while waiting:
            schema = waiting.pop()
            formats |= {str(schema["format"])} if "format" in schema else set()
            waiting += subschemas(schema)
            ref = schema.get("$ref")
            if ref and ref not in named:
                named.add(ref)
                waiting.append(self._contract.resolve(schema))
        return frozenset(formats)

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """The first place that shows a named type, nearest to the root."""
        homes: dict[str, str] = {}
        for place, schema in self._positions():
            if name := self._resolved(schema).type_name:
                homes.setdefault(name, place)
        return homes

    def _positions(self) -> Iterator[tuple[str, Schema]]:
        """Yield the schemas in the body with their places, those nearest to the root first, what is in a type once."""
        named: set[str] = set()
        waiting: deque[tuple[Any, str]] = deque([(self._schema, "")])
        while waiting:
            part, place = waiting.popleft()
            _, name, schema, _ = self._resolved(part)
            yield place, part
            if name in named:
                continue
            named |= {name} if name else set()
            inside = {f"/{escape_token(key)}": below for key, below in schema.get("properties", {}).items()}
            inside |= {"/0": schema.get("items"), f"/{ANY}": schema.get("additionalProperties")}
            waiting += [(below, place + token) for token, below in inside.items() if isinstance(below, dict)]

    def _resolved(self, schema: Any) -> _Resolved:
        if not isinstance(schema, dict):
            return _NOTHING
        known = self._known.get(id(schema))
        if known is None or known.outer is not schema:
            inner = non_null(schema)
            name = str(inner.get("$ref", "")).removeprefix(COMPONENT_PREFIX)
            resolved = self._contract.resolve(non_null(self._contract.resolve(inner)))
            known = self._known[id(schema)] = _Resolved(schema, name, resolved, _is_record(resolved))
        return known


def _examples(schema: Schema) -> tuple[Any, ...]:
    listed = schema.get("examples")
    return (*(listed if isinstance(listed, list) else ()), schema.get("example"), schema.get("default"))


def _is_record(schema: Schema) -> bool:
    return bool(schema.get("properties")) and "additionalProperties" not in schema and not _COMPOSED & schema.keys()


def _member(schema: Schema, key: str) -> tuple[str, Any]:
    """Return how a place names a member, and what documents it."""
    properties = schema.get("properties", {})
    if key in properties:
        return escape_token(key), properties[key]
    return ANY, schema.get("additionalProperties")
