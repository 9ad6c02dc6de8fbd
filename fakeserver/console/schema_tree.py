"""Tree of a body as a person reads it: each property with its type, limits, evidence and example."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from docdouble.schemas import Contract, Evidence, Schema
from docdouble.schemas.contract.evidence import LocatedSchemas
from docdouble.schemas.contract.model import COMPONENT_PREFIX, evidence_of, non_null
from docdouble.schemas.contract.types_in_words import type_in_words
from docdouble.schemas.json_pointer import escape_token
from docdouble.schemas.words import singular

MAX_DEPTH = 5
"""Levels of properties that are shown; below, only their type is named."""

MOST_NODES = 400
"""Properties that a tree shows, the nearest first."""

_MOST_LISTED = 12
"""Values of an enumeration that are listed."""

_MOST_LETTERS = 200
"""Letters of an example that are shown."""

_LIMITS = {
    "pattern": "matches {}",
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} letters",
    "maxLength": "at most {} letters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} properties",
    "maxProperties": "at most {} properties",
}
_ANNOTATIONS = {"readOnly": "read only", "writeOnly": "write only", "deprecated": "deprecated", "uniqueItems": "unique"}


@dataclass(slots=True)
class SchemaNode:
    """A property, or an alternative of one, with what is ``inner``; ``more`` says why not all of that is there."""

    name: str
    type: str
    marks: tuple[str, ...]
    limits: tuple[str, ...]
    description: str
    evidence: Evidence | None
    example: str
    inner: list["SchemaNode"] = field(default_factory=list)
    more: str = ""


def schema_tree(schema: Schema, contract: Contract, page: str = "") -> SchemaNode:
    """Return the tree of a body's schema, as seen from a page of the documentation."""
    return _Tree(contract, page).grown(schema)


def shown_value(value: Any, most: int = _MOST_LETTERS) -> str:
    """Return a value as JSON of bounded length; a text of its own needs no quotes."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[:most]}…"


@dataclass(frozen=True, slots=True)
class _Place:
    """Place of a schema: a named one, the pointer from there, and those that it is inside of."""

    name: str = ""
    pointer: str = ""
    outer: frozenset[str] = frozenset()
    depth: int = 0

    def inside(self) -> "_Place":
        """Return the place of what is inside."""
        outer = self.outer | {self.name} if self.name and not self.pointer else self.outer
        return replace(self, outer=outer, depth=self.depth + 1)

    def below(self, *steps: str) -> "_Place":
        return replace(self, pointer=self.pointer + "".join(f"/{escape_token(step)}" for step in steps))


class _Tree:
    """One tree, which grows from its root, level by level, so that what is near is never left out for what is deep."""

    def __init__(self, contract: Contract, page: str) -> None:
        self._contract = contract
        self._page = page
        self._left = MOST_NODES
        self._growing: deque[tuple[SchemaNode, Schema, _Place]] = deque()

    def grown(self, schema: Schema) -> SchemaNode:
        root = self._node("", schema, False, _Place())
        while self._growing:
            self._grow(*self._growing.popleft())
        return root

    def _node(self, name: str, schema: Any, required: bool, place: _Place) -> SchemaNode:
        self._left -= 1
        if not isinstance(schema, dict):
            return SchemaNode(name, "anything" if schema else "nothing", (), (), "", None, "")
        meant, at = self._resolved(schema, place)
        marks = [word for key, word in _ANNOTATIONS.items() if True in (schema.get(key), meant.get(key))]
        node = SchemaNode(
            name,
            type_in_words(schema),
            (*(["required"] if required else []), *marks),
            tuple(_limits(meant)),
            str(schema.get("description") or meant.get("description") or ""),
            self._evidence(schema, place) or self._evidence(meant, at),
            _example(schema) or _example(meant),
        )
        self._growing.append((node, meant, at))
        return node

    def _grow(self, node: SchemaNode, schema: Schema, place: _Place) -> None:
        """Add what is inside a node."""
        if place.name in place.outer and not place.pointer:
            node.more = "as above"
            return
        inside = place.inside()
        for name, part, required, at in self._members(schema, inside):
            if place.depth >= MAX_DEPTH or self._left <= 0:
                node.more = "and more"
                return
            node.inner.append(self._node(name, part, required, at))

    def _evidence(self, schema: Schema, place: _Place) -> Evidence | None:
        schemas = self._contract.schemas
        if (evidence := evidence_of(schema, page=self._page)) or not isinstance(schemas, LocatedSchemas):
            return evidence
        return schemas.evidence_at(place.name, place.pointer) if place.name else None

    def _resolved(self, schema: Schema, place: _Place) -> tuple[Schema, _Place]:
        """Return the schema that is meant, without its null, and where that stands."""
        for _ in range(20):  # references lead in circles where a document is broken
            schema = non_null(schema)
            if "$ref" not in schema:
                break
            name = str(schema["$ref"]).removeprefix(COMPONENT_PREFIX)
            place = replace(place, name=name, pointer="")
            schema = self._contract.schemas.get(name, {})
        return schema, place

    def _members(self, schema: Schema, place: _Place) -> Iterator[tuple[str, Any, bool, _Place]]:
        """Yield what is worth a line below a schema, each with whether it is required."""
        required = schema.get("required", ())
        for name, part in schema.get("properties", {}).items():
            yield name, part, name in required, place.below("properties", name)
        for index, part in enumerate(schema.get("allOf", ())):
            yield from self._of_part(part, place.below("allOf", str(index)))
        for keyword, word in (("oneOf", "one of"), ("anyOf", "any of")):
            alternatives = [branch for branch in schema.get(keyword, ()) if branch != {"type": "null"}]
            for index, part in enumerate(alternatives):
                yield f"{word} {len(alternatives)}", part, False, place.below(keyword, str(index))
        if isinstance(items := schema.get("items"), dict):
            yield from self._of_part(items, place.below("items"))
        if isinstance(values := schema.get("additionalProperties"), dict):
            yield "any other name", values, False, place.below("additionalProperties")
        for name, part in schema.get("patternProperties", {}).items():
            yield f"names like {name}", part, False, place.below("patternProperties", name)

    def _of_part(self, part: Any, place: _Place) -> Iterator[tuple[str, Any, bool, _Place]]:
        """Yield what is inside a part that needs no line of its own."""
        if isinstance(part, dict):
            meant, at = self._resolved(part, place)
            if at.name not in at.outer or at.pointer:
                yield from self._members(meant, replace(at.inside(), depth=at.depth))


def _limits(schema: Schema) -> Iterator[str]:
    for keyword, words in _LIMITS.items():
        if keyword in schema and not isinstance(schema[keyword], bool):
            limit = words.format(schema[keyword])
            yield singular(limit) if schema[keyword] == 1 else limit
    if "const" in schema:
        yield f"always {shown_value(schema['const'])}"
    values = schema.get("enum")
    if isinstance(values, list):
        more = f" and {len(values) - _MOST_LISTED} more" if len(values) > _MOST_LISTED else ""
        yield f"one of {', '.join(map(shown_value, values[:_MOST_LISTED]))}{more}"
    if "default" in schema:
        yield f"default {shown_value(schema['default'])}"


def _example(schema: Schema) -> str:
    examples = schema.get("examples")
    value = examples[0] if isinstance(examples, list) and examples else schema.get("example")
    return "" if value is None else shown_value(value)
