"""Schemas of OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0 to JSON Schema 2020-12 with references to named components only.

A keyword whose value its specification doesn't allow is left out and reported: a broken part costs that part.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ..contract.model import COMPONENT_PREFIX, NOT_AS_WRITTEN, Evidence, Schema, allow_null, reference
from ..contract.regular_expressions import pattern_test
from ..json_pointer import unescape_token
from ..jsonschema.subschemas import LISTED, NAMED, SINGLE
from .closed_compositions import forbidden_names, has_closed_part
from .document import DocumentError, DocumentNode
from .dynamic_scope import NO_SCOPE, DynamicScope, ScopeKey
from .evaluations import MOST_EVALUATIONS
from .group_version_kind import with_group_version_kind
from .parts import Report
from .reference_chains import References

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_COUNTS = frozenset(
    {
        *("maxContains", "maxItems", "maxLength", "maxProperties"),
        *("minContains", "minItems", "minLength", "minProperties"),
    }
)
_BOUNDS = frozenset({"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"})
_NULLABLE = ("nullable", "x-nullable")
_FLAGS = frozenset({"deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly", "x-nullable"})
_MOVED = frozenset({"$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$schema", "$vocabulary", "definitions"})
"""Keywords that only say where schemas are: what refers to them is given a component of its own."""

_MOST_LISTED = 3
"""Names in one message."""

_STRUCTURE = frozenset({"components", "schemas", "definitions", "$defs", "properties", "paths", "responses", "content"})
"""Words of a pointer that say nothing to a reader of the name that is made of it."""

_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_NO_NAME = re.compile(r"[^a-zA-Z0-9._-]+")


class SchemaReader:
    """The reader of the schemas of one document, which names those that are referred to.

    ``is_modern`` tells that keywords beside ``$ref`` count, as they do from OpenAPI 3.1 on; ``components`` is the
    place of the named schemas.
    """

    def __init__(self, components: DocumentNode, is_modern: bool, report: Report) -> None:
        self._components = components
        self._is_modern = is_modern
        self._report = report
        self._places: dict[str, DocumentNode] = {}
        self._names: dict[tuple[str, str, ScopeKey], str] = {}
        self._scopes: dict[str, DynamicScope] = {}
        self._scope = NO_SCOPE
        self._references = References()
        self._schemas: dict[str, Schema] = {}
        for name, data in components.data.items():
            node = components.child(name, data)
            self._name_place(node, str(name), NO_SCOPE.entered(node))

    def named(self, name: str) -> Schema:
        """Return a component; raises ``KeyError``."""
        if name not in self._schemas:
            self._schemas[name] = {}  # while it is read, which ends whatever refers to itself
            self._scope = self._scopes.get(name, NO_SCOPE)
            self._schemas[name] = with_group_version_kind(as_object(self.read(self._places[name])))
            self._scope = NO_SCOPE
        return self._schemas[name]

    @property
    def evidence(self) -> Mapping[str, Callable[[str], Evidence]]:
        """Functions that return the evidence of a place below each named schema, by its JSON Pointer from there."""
        return {name: partial(_evidence_below, node) for name, node in self._places.items()}

    def names(self) -> tuple[str, ...]:
        """The names of the components that are known so far."""
        return tuple(self._places)

    def read(self, node: DocumentNode) -> Schema | bool:
        """Return the schema at a place."""
        outer, self._scope = self._scope, self._scope.entered(node)
        try:
            return self._read(node)
        finally:
            self._scope = outer

    def _read(self, node: DocumentNode) -> Schema | bool:
        data = node.data
        if isinstance(data, bool):
            return data
        if not isinstance(data, dict):
            self._report("broken-schema", node, f"expected an object, found {_kind(data)}")
            return {}
        ref = data.get("$ref")
        if "allOf" in data and (names := forbidden_names(node, self._is_modern)):
            listed = ", ".join(names[:_MOST_LISTED]) + (" and others" if len(names) > _MOST_LISTED else "")
            message = f"a closed part forbids {listed}, which the whole requires: read as unevaluatedProperties"
            self._report("closed-composition", node, message)
            return self._opened(node, {"unevaluatedProperties": False, NOT_AS_WRITTEN: True})
        if isinstance(ref, str) and not self._is_modern:
            if ignored := sorted(set(data) & _CONSTRAINTS):
                self._report("ref-siblings", node, f"beside $ref, {', '.join(ignored)} is ignored before OpenAPI 3.1")
            beside = {key: value for key, value in data.items() if key in _NULLABLE}  # which .NET's generators write
            return self._with_null({**self._reference(node, ref), **beside})
        schema = {**self._reference(node, ref)} if isinstance(ref, str) else {}
        for key, value in data.items():
            if key not in ("$ref", "$dynamicRef") and key not in _MOVED:
                schema.update(self._keyword(node, str(key), value))
        if isinstance(ref := data.get("$dynamicRef"), str):
            schema = _with_reference(schema, self._reference(node, ref, is_dynamic=True))
        return self._with_null(_with_bounds(schema))

    def _opened(self, node: DocumentNode, beside: Schema) -> Schema | bool:
        """Return a composition with other keywords ``beside`` it, and without what closes its parts.

        Named types that are closed stand in it as copies: where they stand alone, they stay closed.
        """
        ref, parts = node.data.get("$ref"), []
        if isinstance(ref, str):
            target = node.target(ref)
            if not self._is_modern:
                return self._opened(target, beside)
            is_closed = has_closed_part(target, self._is_modern)
            parts.append(self._opened(target, {}) if is_closed else self._reference(node, ref))
        for index, data in enumerate(node.data.get("allOf", ())):
            part = node.child("allOf", data).child(index, data)
            parts.append(self._opened(part, {}) if has_closed_part(part, self._is_modern) else self.read(part))
        rest = {key: value for key, value in node.data.items() if key not in ("$ref", "allOf", *_NULLABLE)}
        if rest.get("additionalProperties") is False:
            del rest["additionalProperties"]
        schema = as_object(self.read(DocumentNode(rest, node.pointer, node.file)))
        nullable = {key: node.data[key] for key in _NULLABLE if key in node.data}
        return self._with_null({**schema, **({"allOf": parts} if parts else {}), **beside, **nullable})

    def _keyword(self, node: DocumentNode, key: str, value: Any) -> Schema:
        """Return a keyword with its value, nothing where the value is broken."""
        child = node.child(key, value)
        try:
            if key in SINGLE:
                return self._subschema(child, key)
            if key in LISTED:
                return {key: [self.read(part) for part in _items(child)]}
            if key == "patternProperties":
                return {key: dict(self._patterned(child))}
            if key in NAMED:
                return {key: {name: self.read(part) for name, part in _members(child)}}
            if key == "discriminator":
                return self._discriminator(child)
            if key == "dependencies":
                return self._dependencies(child)
            check = _CHECKS.get(key)
            return check(child) if check else {key: value}
        except _RepairedError as repaired:
            self._report("broken-schema", child, f"{key} {repaired}")
            return repaired.schema
        except DocumentError as error:
            self._report("broken-schema", child, error.message)
            return {}

    def _patterned(self, child: DocumentNode) -> Iterator[tuple[str, Schema | bool]]:
        """Yield the members of ``patternProperties``; a name that is no regular expression is reported."""
        for name, part in _members(child):
            try:
                _check_pattern(name, part)
            except DocumentError as error:
                self._report("broken-schema", part, error.message)
            else:
                yield name, self.read(part)

    def _subschema(self, child: DocumentNode, key: str) -> Schema:
        if key == "items" and isinstance(child.data, list):
            self._report("broken-schema", child, "items is an array, which JSON Schema 2020-12 calls prefixItems")
            return {"prefixItems": [self.read(part) for part in _items(child)]}
        return {key: self.read(child)}

    def _dependencies(self, child: DocumentNode) -> Schema:
        """Return a keyword of older drafts as the two that it became (JSON Schema 2020-12, appendix A)."""
        parts = list(_members(child))
        self._report("broken-schema", child, "dependencies is called dependentRequired and dependentSchemas now")
        names = {name: _names(part) for name, part in parts if isinstance(part.data, list)}
        schemas = {name: self.read(part) for name, part in parts if not isinstance(part.data, list)}
        keywords = {"dependentRequired": names, "dependentSchemas": schemas}
        return {keyword: value for keyword, value in keywords.items() if value}

    def _with_null(self, schema: Schema) -> Schema:
        may_be_null = schema.pop("nullable", False) or schema.pop("x-nullable", False)
        if may_be_null is not True:
            return schema
        return {**allow_null(schema), "nullable": True} if self._is_modern else allow_null(schema)

    def _reference(self, node: DocumentNode, ref: str, *, is_dynamic: bool = False) -> Schema:
        try:
            target = self._scope.target(node, ref) if is_dynamic else node.target(ref)
            self._references.check(node, ref, target)
            return reference(self._name_of(target))
        except DocumentError as error:
            self._report("broken-reference", node, error.message)
            return {}

    def _discriminator(self, child: DocumentNode) -> Schema:
        """Return a Discriminator Object whose mapping holds references to components."""
        data = {"propertyName": child.data} if isinstance(child.data, str) else child.data
        if not isinstance(data, dict) or not isinstance(data.get("propertyName"), str):
            raise child.error("expected an object with a propertyName")
        mapping = data.get("mapping", {})
        if not isinstance(mapping, dict):
            whole = {key: value for key, value in data.items() if key != "mapping"}
            raise _RepairedError(f"has a mapping that is {_kind(mapping)}, left out", {"discriminator": whole})
        if not mapping:
            return {"discriminator": data}
        targets = {str(value): self._mapped(child, str(target)) for value, target in mapping.items()}
        return {"discriminator": {**data, "mapping": {value: ref for value, ref in targets.items() if ref}}}

    def _mapped(self, child: DocumentNode, target: str) -> str:
        """Return the reference of a mapping: a schema's name, or a reference (OpenAPI 3.1, Discriminator Object)."""
        if _NAME.fullmatch(target) and target in self._places and self._places[target].file == self._components.file:
            return COMPONENT_PREFIX + target
        return str(self._reference(child, target).get("$ref", ""))

    def _name_of(self, node: DocumentNode) -> str:
        if not isinstance(node.data, dict | bool):
            raise node.error(f"a $ref leads to {_kind(node.data)}, which is no schema")
        if not node.pointer and isinstance(node.data, dict) and node.data.keys() & {"openapi", "swagger"}:
            raise node.error("a $ref leads to a whole OpenAPI document, which is no schema")
        scope = self._scope.entered(node)
        known = self._names.get(_place(node, scope))
        return known or self._name_place(node, _speaking_name(node), scope)

    def _name_place(self, node: DocumentNode, wanted: str, scope: DynamicScope = NO_SCOPE) -> str:
        plain = _NO_NAME.sub("_", wanted).strip("_") or "schema"
        name, number = plain, 1
        while name in self._places:
            number += 1
            name = f"{plain}-{number}"
        self._places[name], self._scopes[name] = node, scope
        self._names[_place(node, scope)] = name
        return name


def report_evaluations(reader: SchemaReader, name: str) -> None:
    """Report that a component leads to too many others."""
    message = f"leads to more than {MOST_EVALUATIONS:,} schemas that decide about one value, which are left out"
    reader._report("broken-schema", reader._places[name], message)


def _place(node: DocumentNode, scope: DynamicScope) -> tuple[str, str, ScopeKey]:
    return node.file.location, node.pointer, scope.key(node)


def _with_reference(schema: Schema, referring: Schema) -> Schema:
    """Return a schema with one more reference."""
    if "$ref" not in schema or not referring:
        return {**referring, **schema}
    return {**schema, "allOf": [*schema.get("allOf", ()), referring]}


def _evidence_below(node: DocumentNode, pointer: str) -> Evidence:
    return DocumentNode(None, node.pointer + pointer, node.file).evidence()


class _RepairedError(ValueError):
    """A broken value whose meaning is plain: ``schema`` is what it means."""

    def __init__(self, message: str, schema: Schema) -> None:
        super().__init__(message)
        self.schema = schema


def as_object(schema: Schema | bool) -> Schema:
    """Return a boolean schema as an object (JSON Schema 2020-12, section 4.3.2), any other as it is."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    return schema


def _speaking_name(node: DocumentNode) -> str:
    tokens = [unescape_token(token) for token in node.pointer.split("/")[1:]]
    named = [token for token in tokens if token not in _STRUCTURE and "/" not in token.strip("/")]
    if (
        len(tokens) > 1
        and tokens[-2] in ("schemas", "definitions", "$defs")
        and len(named) > 1
        and tokens[0] != "paths"
    ):
        return ".".join(named) if tokens[-2] == "$defs" else named[-1]
    stem = node.file.name.rpartition("/")[2].partition(".")[0]
    return ".".join(named) or stem


def _members(child: DocumentNode) -> Iterator[tuple[str, DocumentNode]]:
    if not isinstance(child.data, dict):
        raise child.error(f"expected an object, found {_kind(child.data)}")
    for name, data in child.data.items():
        yield str(name), child.child(name, data)


def _items(child: DocumentNode) -> Iterator[DocumentNode]:
    if not isinstance(child.data, list) or not child.data:
        raise child.error(f"expected an array of schemas, found {_kind(child.data) if child.data != [] else 'none'}")
    for index, data in enumerate(child.data):
        yield child.child(index, data)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(child: DocumentNode) -> Schema:
    key, value = child.pointer.rpartition("/")[2], child.data
    if isinstance(value, str) and value.isdecimal():
        raise _RepairedError(f"is the text {value!r}, read as a number", {key: int(value)})
    if not _is_number(value) or value < 0 or value != int(value):
        raise child.error(f"expected a number from 0 on, found {value!r}")
    return {key: int(value)}


def _bound(child: DocumentNode) -> Schema:
    key, value = child.pointer.rpartition("/")[2], child.data
    if isinstance(value, bool) and key.startswith("exclusive"):
        return {key: value}
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        number = float(value) if "." in value else int(value)
        raise _RepairedError(f"is the text {value!r}, read as a number", {key: number})
    if not _is_number(value):
        raise child.error(f"expected a number, found {value!r}")
    return {key: value}


def _with_bounds(schema: Schema) -> Schema:
    """Return the schema with the boolean ``exclusiveMinimum`` of OpenAPI 3.0 as a number, and the same at the top."""
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(word) is True and bound in schema:
            schema[word] = schema.pop(bound)
        elif isinstance(schema.get(word), bool):
            del schema[word]
    return schema


def _multiple_of(child: DocumentNode) -> Schema:
    if not _is_number(child.data) or child.data <= 0:
        raise child.error(f"expected a number above 0, found {child.data!r}")
    return {"multipleOf": child.data}


def _flag(child: DocumentNode) -> Schema:
    key, value = child.pointer.rpartition("/")[2], child.data
    if value in ("true", "false"):
        raise _RepairedError(f"is the text {value!r}, read as a boolean", {key: value == "true"})
    if not isinstance(value, bool):
        raise child.error(f"expected true or false, found {value!r}")
    return {key: value}


def _type(child: DocumentNode) -> Schema:
    kinds = child.data if isinstance(child.data, list) else [child.data]
    unknown = [kind for kind in kinds if kind not in _TYPES]
    if child.data == "file":
        return {"type": "string", "format": "binary"}
    if unknown or not kinds:
        raise child.error(f"expected one of {', '.join(_TYPES)}, found {unknown or kinds!r}")
    return {"type": child.data if isinstance(child.data, str) else list(dict.fromkeys(kinds))}


def _required(child: DocumentNode) -> Schema:
    names = _names(child)
    unique = list(dict.fromkeys(names))
    if len(unique) < len(names):
        twice = next(name for name in unique if names.count(name) > 1)
        raise _RepairedError(f"names {twice!r} more than once", {"required": unique})
    return {"required": unique} if unique else {}


def _enum(child: DocumentNode) -> Schema:
    if not isinstance(child.data, list):
        raise child.error(f"expected an array of values, found {child.data!r}")
    if not child.data:
        raise _RepairedError("lists nothing, so that no value fits", {"enum": []})
    return {"enum": child.data}


def _pattern(child: DocumentNode) -> Schema:
    if not isinstance(child.data, str):
        raise child.error(f"expected a regular expression, found {_kind(child.data)}")
    _check_pattern(child.data, child)
    return {"pattern": child.data}


def _check_pattern(pattern: str, node: DocumentNode) -> None:
    """Raise ``DocumentError`` for what no value can be checked against."""
    try:
        pattern_test(pattern)
    except ValueError as error:
        raise node.error(f"{pattern!r} is no regular expression that can be checked: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip()


def _text(child: DocumentNode) -> Schema:
    if not isinstance(child.data, str):
        raise child.error(f"expected a text, found {_kind(child.data)}")
    return {child.pointer.rpartition("/")[2]: child.data}


def _examples(child: DocumentNode) -> Schema:
    if isinstance(child.data, dict):
        values = [
            example["value"] if isinstance(example, dict) and "value" in example else example
            for example in child.data.values()
        ]
        raise _RepairedError("is an object, as of a media type, read as an array of its values", {"examples": values})
    if not isinstance(child.data, list):
        raise child.error(f"expected an array of values, found {_kind(child.data)}")
    return {"examples": child.data}


def _dependent_required(child: DocumentNode) -> Schema:
    return {"dependentRequired": {name: list(dict.fromkeys(_names(part))) for name, part in _members(child)}}


def _names(child: DocumentNode) -> list[str]:
    if not isinstance(child.data, list) or not all(isinstance(name, str) for name in child.data):
        raise child.error(f"expected an array of property names, found {child.data!r}")
    return child.data


def _unsupported(child: DocumentNode) -> Schema:
    raise child.error("a keyword of an older draft, which JSON Schema 2020-12 doesn't have")


_CHECKS: Mapping[str, Callable[[DocumentNode], Schema]] = {
    **dict.fromkeys(_COUNTS, _count),
    **dict.fromkeys(_BOUNDS, _bound),
    **dict.fromkeys(_FLAGS, _flag),
    **dict.fromkeys(("format", "contentEncoding", "contentMediaType", "description", "title"), _text),
    **dict.fromkeys(("$recursiveRef", "$recursiveAnchor", "additionalItems"), _unsupported),
    "dependentRequired": _dependent_required,
    "enum": _enum,
    "examples": _examples,
    "multipleOf": _multiple_of,
    "pattern": _pattern,
    "required": _required,
    "type": _type,
}

_REMARKS = frozenset({"deprecated", "description", "examples", "title"})
_CONSTRAINTS = (_CHECKS.keys() | SINGLE | LISTED | NAMED) - _MOVED - _REMARKS - {*_NULLABLE}
