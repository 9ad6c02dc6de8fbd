"""Structure of an OpenAPI document: fields that are missing, unknown, of the wrong kind, or that exclude each other."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..extraction import Contradiction
from ..jsonschema.subschemas import NAMED, holds_schemas
from ..openapi.document import DocumentError, DocumentNode
from .openapi_fields import OpenApiField, fields_of, may_be_reference
from .openapi_rules import EXCLUSIVE, Problem, value_problems

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
_IN_SCHEMAS = {"xml": "XML", "discriminator": "Discriminator", "externalDocs": "ExternalDocs"}
_VERSION = re.compile(r"\d+\.\d+")


def structure_problems(root: DocumentNode) -> Iterator[Contradiction]:
    """Yield where a document breaks the rules of the specification for its version."""
    version = _VERSION.match(str(root.data.get("openapi") or root.data.get("swagger") or ""))
    number = min(float(version[0]), 3.2) if version else 3.1
    for problem in StructureWalk(number).problems(root, "OpenAPI" if number >= 3 else "Swagger"):
        node = problem.node
        message = f"{node.pointer or '/'}: {problem.message}"
        yield Contradiction(problem.rule, node.source, node.file.line(node.pointer), message)


@dataclass
class StructureWalk:
    """A walk over all objects of a document, each once, also those in other files that references lead to."""

    version: float
    _waiting: deque[tuple[DocumentNode, str]] = field(default_factory=deque)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)
    _operation_ids: dict[str, DocumentNode] = field(default_factory=dict)

    def problems(self, root: DocumentNode, kind: str) -> Iterator[Problem]:
        """Yield all that is wrong at and below a place."""
        self._waiting.append((root, kind))
        while self._waiting:
            node, kind = self._waiting.popleft()
            key = (node.file.location, node.pointer, kind)
            if key not in self._seen:
                self._seen.add(key)
                yield from self._visit(node, kind)

    def _visit(self, node: DocumentNode, kind: str) -> Iterator[Problem]:
        if kind == "any":
            return
        if kind == "Schema":
            yield from self._schema(node)
        elif kind[0] == "[":
            yield from self._all(node, kind[1:-1], list)
        elif kind[0] == "{":
            yield from self._all(node, kind[1:-1], dict)
        elif kind in _TYPES:
            if not _is_of(node.data, kind):
                yield Problem("wrong-type", node, f"is {_shown(node.data)}, expected {_article(kind)}")
        elif not isinstance(node.data, dict):
            yield Problem("wrong-type", node, f"is {_shown(node.data)}, expected an object")
        elif "$ref" in node.data and may_be_reference(kind, self.version):
            self._follow(node, kind)
        else:
            yield from self._object(node, kind)

    def _all(self, node: DocumentNode, kind: str, container: type) -> Iterator[Problem]:
        data = node.data
        if not isinstance(data, container):
            word = "an array" if container is list else "an object"
            yield Problem("wrong-type", node, f"is {_shown(data)}, expected {word}")
        elif isinstance(data, list):
            self._waiting.extend((node.child(index, part), kind) for index, part in enumerate(data))
        else:
            self._waiting.extend((part, kind) for _, part in node.members(extensible=kind == "PathItem"))

    def _follow(self, node: DocumentNode, kind: str) -> None:
        try:
            target = node.followed()
        except DocumentError:
            return  # reported as broken-reference
        self._waiting.append((target, kind))

    def _object(self, node: DocumentNode, kind: str) -> Iterator[Problem]:
        fields = fields_of(kind, self.version) or ()
        for known in fields:
            if known.is_required and known.name not in node.data:
                yield Problem("missing-field", node, f"{known.name} is missing, {_article(kind)} needs it")
        for name, part in node.members():
            match = next((known for known in fields if known.is_named(name)), None)
            if match:
                self._waiting.append((part, match.kind))
            elif not name.startswith("x-"):
                yield _unknown(part, name, kind, fields, self.version)
        for names in EXCLUSIVE.get(kind, ()):
            if all(name in node.data for name in names):
                yield Problem("exclusive-fields", node, f"has {names[0]} and {names[1]}, which exclude each other")
        yield from value_problems(node, kind, self.version)
        if kind == "PathItem":
            if isinstance(node.data.get("$ref"), str):
                self._follow(node, kind)
        elif kind == "Operation":
            yield from self._operation_id(node)

    def _operation_id(self, node: DocumentNode) -> Iterator[Problem]:
        name = node.data.get("operationId")
        if isinstance(name, str):
            first = self._operation_ids.setdefault(name, node)
            if first is not node:
                yield Problem("described-twice", node, f"the operationId {name!r} is that of {first.pointer}, too")

    def _schema(self, node: DocumentNode) -> Iterator[Problem]:
        if isinstance(node.data, bool) and self.version >= 3.1:
            return
        if not isinstance(node.data, dict):
            yield Problem("broken-schema", node, f"is {_shown(node.data)}, expected a schema")
            return
        for key, part in node.members():
            if key in _IN_SCHEMAS and isinstance(part.data, dict):
                self._waiting.append((part, _IN_SCHEMAS[key]))
            elif key in NAMED and isinstance(part.data, dict):
                self._waiting.extend((inner, "Schema") for _, inner in part.members() if isinstance(inner.data, dict))
            elif holds_schemas(key):
                branches = part.data if isinstance(part.data, list) else ()
                inner = [part, *(part.child(index, branch) for index, branch in enumerate(branches))]
                self._waiting.extend(
                    (document_node, "Schema") for document_node in inner if isinstance(document_node.data, dict)
                )


def _unknown(node: DocumentNode, name: str, kind: str, fields: tuple[OpenApiField, ...], version: float) -> Problem:
    patterns = [known.name for known in fields if known.is_pattern]
    if kind == "Paths":
        return Problem("wrong-value", node, f"{name!r} is no path, since it doesn't start with a slash")
    if kind == "Responses" and patterns:
        return Problem("wrong-value", node, f"{name!r} is no status, expected one such as 200, 4XX or default")
    return Problem("unknown-field", node, f"{_article(kind)} of version {version:g} has no field {name!r}")


def _is_of(value: object, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiouAEIOUX' else 'a'} {kind if kind in _TYPES else f'{kind} Object'}"


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return "null" if value is None else repr(value) if not isinstance(value, bool) else str(value).lower()
