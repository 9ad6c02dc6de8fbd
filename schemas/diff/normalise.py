"""Normal forms of schemas to compare: without null, references and `allOf` followed, annotations and order ignored."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..contract.evidence import is_documented
from ..contract.model import COMPONENT_PREFIX, EVIDENCE, Grade, Schema, evidence_of
from ..jsonschema.subschemas import is_annotation, subschemas, with_subschemas

ANNOTATIONS_COMPARED = ("default", "discriminator")
"""Annotations that a change of counts, since they tell what a value stands for."""
_UNORDERED = frozenset({"enum", "required", "type", "anyOf", "oneOf", "allOf"})
_KINDS: dict[str, type] = {
    **dict.fromkeys(("enum", "required", "allOf", "anyOf", "oneOf"), list),
    "properties": dict,
    **dict.fromkeys(("$ref", "format", "pattern"), str),
}
"""Types of the values that keywords must have to be compared."""

ALTERNATIVES = ("anyOf", "oneOf")
"""Keywords of which the values are alternatives."""
ANY_TYPE = frozenset({"string", "number", "integer", "boolean", "array", "object"})
"""The types of what has none."""

_TYPE_OF = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def canonical_json(value: Any) -> str:
    """Return what two JSON values have in common exactly when they are equal, whatever the order of their members."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)  # orjson refuses integers of more than 64 bits


def is_same(first: Any, second: Any) -> bool:
    """Tell whether two JSON values are equal; Python takes 1 for ``true``."""
    return bool(first == second) and canonical_json(first) == canonical_json(second)


def meaning(schema: Schema) -> Schema:
    """Return a schema without annotations, its unordered lists sorted."""
    bare = with_subschemas({key: part for key, part in schema.items() if not is_annotation(key)}, meaning)
    return {
        key: sorted(part, key=canonical_json) if key in _UNORDERED and isinstance(part, list) else part
        for key, part in bare.items()
    }


def without(schema: Schema, *keywords: str) -> Schema:
    """Return a schema without these keywords."""
    return {key: part for key, part in schema.items() if key not in keywords}


def lost_pages(old: Any, new: Any) -> frozenset[str]:
    """Return the pages that state the one schema and not the other, which is read elsewhere now."""
    if not all(isinstance(schema, dict) and EVIDENCE in schema for schema in (old, new)):
        return frozenset()
    return _stating(old[EVIDENCE]) - _stating(new[EVIDENCE])


def _stating(data: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((data["page"], *data.get("also", ()))) if data["grade"] == Grade.STATED.value else frozenset()


def named_types(schema: Schema) -> Iterator[str]:
    """Yield the names of the components that a schema refers to."""
    ref = schema.get("$ref")
    if isinstance(ref, str):
        yield ref.removeprefix(COMPONENT_PREFIX)
    for part in subschemas(schema):
        yield from named_types(part)


@dataclass(frozen=True, slots=True)
class SchemaPlace:
    """A schema, and the nearest schema around it that says where it was read."""

    schema: Schema
    holder: Schema

    @classmethod
    def of(cls, schema: Schema) -> "SchemaPlace":
        """Return a place that nothing stands around."""
        return cls(schema, schema)

    def inner(self, schema: Any) -> "SchemaPlace":
        """Return a place inside this one; what is no schema object is an empty schema."""
        schema = schema if isinstance(schema, dict) else {}
        return SchemaPlace(schema, schema if EVIDENCE in schema else self.holder)

    def is_sure(self, *keywords: str) -> bool:
        """Tell whether the documentation states the ``keywords`` of it; what says nothing of its evidence does."""
        return all(is_documented(evidence_of(self.holder, keyword)) for keyword in keywords or ("",))


@dataclass(frozen=True, slots=True)
class NonNullSchema:
    """A schema without null: ``ref`` is the named type that it is, or else ``keywords`` are what it says."""

    place: SchemaPlace
    is_nullable: bool
    keywords: Schema
    ref: str = ""
    types: frozenset[str] = ANY_TYPE
    """The JSON types that are allowed, null left out, integers beside all numbers."""

    @property
    def is_typed(self) -> bool:
        """Tell whether not every type is allowed."""
        return self.types != ANY_TYPE

    @property
    def is_combined(self) -> bool:
        """Tell whether it has alternatives."""
        return any(key in self.keywords for key in ALTERNATIVES)

    @property
    def properties(self) -> Mapping[str, Any]:
        """The documented properties."""
        properties = self.keywords.get("properties")
        return properties if isinstance(properties, dict) else {}

    @property
    def required(self) -> frozenset[str]:
        """The names of the properties that have to be there."""
        names = self.keywords.get("required")
        return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()

    def bare(self, *keywords: str) -> Schema:
        """Return the schema of these keywords alone."""
        return {key: self.keywords[key] for key in keywords if key in self.keywords}


class NonNullSchemas:
    """The views of a contract's schemas."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.schemas = schemas

    def of(self, place: SchemaPlace) -> NonNullSchema:
        """Return the schema of a place; a reference is followed where other keywords stand beside it."""
        schema, is_nullable = _without_null(place.schema)
        keywords = {key: part for key, part in schema.items() if not is_annotation(key)}
        if keywords.keys() == {"$ref"}:
            return NonNullSchema(place, is_nullable, {}, str(keywords["$ref"]).removeprefix(COMPONENT_PREFIX))
        if keywords.keys() == {"allOf"} and len(keywords["allOf"]) == 1:
            inner = self.of(place.inner(keywords["allOf"][0]))
            return replace(inner, place=place, is_nullable=inner.is_nullable or is_nullable)
        joined = self._joined(schema, frozenset())
        return NonNullSchema(place, is_nullable, joined, "", self._types(joined, frozenset()))

    def followed(self, view: NonNullSchema) -> NonNullSchema:
        """Return a view of what a reference leads to."""
        seen: set[str] = set()
        while view.ref and view.ref not in seen and view.ref in self.schemas:
            seen.add(view.ref)
            target = self.of(SchemaPlace.of(self.schemas[view.ref]))
            view = replace(target, place=view.place, is_nullable=view.is_nullable or target.is_nullable)
        return view

    def is_marked(self, schema: Any, mark: str, seen: frozenset[str] = frozenset()) -> bool:
        """Tell whether a schema, or one that it refers to or is made of, has ``mark: true``, such as ``readOnly``."""
        if not isinstance(schema, dict):
            return False
        if mark in schema:
            return schema[mark] is True
        name = str(schema.get("$ref", "")).removeprefix(COMPONENT_PREFIX)
        parts = schema["allOf"] if _is_list(schema, "allOf") else []
        known = [self.schemas[name]] if name in self.schemas and name not in seen else []
        return any(self.is_marked(part, mark, seen | {name}) for part in (*known, *parts))

    def _types(self, schema: Schema, seen: frozenset[str]) -> frozenset[str]:
        """Return the types that a schema allows, as its ``type``, terms, reference and alternatives tell."""
        allowed = _declared(schema)
        name = str(schema.get("$ref", "")).removeprefix(COMPONENT_PREFIX)
        if name in self.schemas and name not in seen:
            allowed = common_types(allowed, self._types(self.schemas[name], seen | {name}))
        for key in ALTERNATIVES:
            if _is_list(schema, key):
                branches = [part for part in schema[key] if not _is_null(part)]
                kinds = [self._types(part, seen) if isinstance(part, dict) else ANY_TYPE for part in branches]
                allowed = common_types(allowed, frozenset().union(*kinds))
        return allowed

    def _joined(self, schema: Schema, seen: frozenset[str]) -> Schema:
        """Return the keywords of a schema, those of its references and of its ``allOf`` among them."""
        own = {key: part for key, part in schema.items() if not is_annotation(key) and key not in ("$ref", "allOf")}
        own.update({key: schema[key] for key in ANNOTATIONS_COMPARED if key in schema})
        others = [part for part in schema.get("allOf", ()) if isinstance(part, dict)]
        if name := str(schema.get("$ref", "")).removeprefix(COMPONENT_PREFIX):
            known = name not in seen and name in self.schemas
            others += [self.schemas[name]] if known else []
            seen |= {name}
        for other in others:
            own = _both(own, self._joined(_without_null(other)[0], seen))
        return own


def _declared(schema: Schema) -> frozenset[str]:
    declared = schema.get("type")
    kinds = declared if isinstance(declared, list) else [declared]
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    named = frozenset(kind for kind in kinds if isinstance(kind, str) and kind != "null")
    allowed = _with_integers(named) or ANY_TYPE
    if allowed == ANY_TYPE and isinstance(values, list):
        return frozenset(_TYPE_OF[type(value)] for value in values if type(value) in _TYPE_OF) or ANY_TYPE
    return allowed


def common_types(first: frozenset[str], second: frozenset[str]) -> frozenset[str]:
    """Return the types that both allow."""
    return _with_integers(first) & _with_integers(second)


def _with_integers(types: frozenset[str]) -> frozenset[str]:
    """Return the types and integers, where all numbers are allowed."""
    return types | {"integer"} if "number" in types else types


def _both(first: Schema, second: Schema) -> Schema:
    """Return the keywords of two schemas that both hold; what can't be written in one schema is left as ``allOf``."""
    joined = {**second, **first}
    rest = {}
    for key in first.keys() & second.keys():
        if key == "properties":
            joined[key] = {**second[key], **first[key], **_shared(first[key], second[key])}
        elif key == "required":
            joined[key] = sorted({*first[key], *second[key]})
        elif key == "allOf":
            joined[key] = [*first[key], *second[key]]
        elif first[key] != second[key]:
            rest[key] = second[key]
    return {**joined, "allOf": [*joined.get("allOf", ()), rest]} if rest else joined


def _shared(first: Mapping[str, Any], second: Mapping[str, Any]) -> Schema:
    both = first.keys() & second.keys()
    return {name: {"allOf": [first[name], second[name]]} for name in both if first[name] != second[name]}


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """Return the schema without null, and whether it allowed null."""
    schema = readable(schema)
    declared = schema.get("type")
    kinds = declared if isinstance(declared, list) else [declared]
    values = schema.get("enum", ())
    if ("null" in kinds and kinds != ["null"]) or (None in values and len(values) > 1 and "type" not in schema):
        left = [kind for kind in kinds if kind != "null"]
        types = {"type": left[0] if len(left) == 1 else left} if "type" in schema else {}
        terms = {"enum": [value for value in values if value is not None]} if values else {}
        return {**schema, **types, **terms}, True
    for key in ALTERNATIVES:
        if key in schema:
            return _alternatives_without_null(schema, key)
    return schema, False


def _alternatives_without_null(schema: Schema, key: str) -> tuple[Schema, bool]:
    split = [_without_null(part) if isinstance(part, dict) else (part, False) for part in schema[key]]
    left = [part for part, _ in split if not _is_null(part)]
    is_nullable = len(left) < len(split) or any(nullable for _, nullable in split)
    rest = {name: part for name, part in schema.items() if name != key}
    if len(left) == 1 and isinstance(left[0], dict):
        return _beside(rest, left[0]), is_nullable
    return ({**rest, key: left}, True) if is_nullable else (schema, False)


def readable(schema: Schema) -> Schema:
    """Return a schema without the keywords that have no value of theirs: they say nothing."""
    wrong = [key for key, kind in _KINDS.items() if key in schema and not isinstance(schema[key], kind)]
    return {key: part for key, part in schema.items() if key not in wrong} if wrong else schema


def _beside(rest: Schema, inner: Schema) -> Schema:
    if all(is_annotation(key) for key in rest):
        return {**inner, **rest}
    return {**rest, "allOf": [*rest.get("allOf", ()), inner]}


def _is_null(part: Any) -> bool:
    return isinstance(part, dict) and (part.get("type") == "null" or part.get("enum") == [None])


def _is_list(schema: Schema, keyword: str) -> bool:
    return isinstance(schema.get(keyword), list)
