"""Nodes of a JSON document that somebody else wrote: every error names the JSON Pointer of its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.model import COMPONENT_PREFIX, EVIDENCE, Evidence, Grade
from ..errors import ContractError, did_you_mean
from ..json_pointer import escape_token, unescape_token
from ..jsonschema.subschemas import NAMED, is_data

MAX_DEPTH = 200
"""Documents nested deeper are refused, before recursion would fail."""

NAMED_MAPS = NAMED | {
    "callbacks",
    "content",
    "headers",
    "links",
    "parameters",
    "pathItems",
    "paths",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
}
"""Words of OpenAPI and JSON Schema whose object maps names to values of one kind."""


@dataclass(frozen=True, slots=True)
class DocumentNode:
    """The ``data`` at ``pointer`` (RFC 6901) of the document ``root`` that was read from ``source``."""

    data: Any
    pointer: str
    root: Any
    source: str

    def error(self, message: str) -> ContractError:
        """Return the error to raise about this place."""
        return ContractError(self.pointer, message, self.source)

    def evidence(self) -> Evidence:
        """Return this place as evidence: whatever an OpenAPI document says is stated."""
        return Evidence(Grade.STATED, f"{self.source}#{self.pointer}", 0)

    def child(self, key: str | int, data: Any) -> "DocumentNode":
        """Return the node one step below."""
        return DocumentNode(data, f"{self.pointer}/{escape_token(str(key))}", self.root, self.source)

    def mapping(self, key: str, optional: bool = False) -> "DocumentNode":
        """Return the object under ``key``; a missing one is an error, or empty when ``optional``."""
        members = self._members()
        node = self.child(key, members.get(key, {} if optional else None))
        if key not in members and not optional:
            raise node.error("missing")
        node._members()
        return node

    def sequence(self, key: str) -> Iterator["DocumentNode"]:
        """Yield the objects of the array under ``key``, none where it is missing."""
        value = self._members().get(key, [])
        if not isinstance(value, list):
            raise self.child(key, value).error(f"expected an array, found {_kind(value)}")
        for index, part in enumerate(value):
            node = self.child(key, value).child(index, part)
            node._members()
            yield node

    def items(self, extensible: bool = False) -> Iterator[tuple[str, "DocumentNode"]]:
        """Yield the members of an object as nodes; each must be an object.

        Where the object is ``extensible``, a name that starts with ``x-`` is an extension and passed over.
        """
        for name, part in self._members().items():
            if extensible and str(name).startswith("x-"):
                continue
            node = self.child(str(name), part)
            node._members()
            yield str(name), node

    def text(self, key: str) -> str:
        """Return the string under ``key``; a missing one is an error."""
        value = self._members().get(key)
        if not isinstance(value, str):
            raise self.error(
                f"{key!r} is missing" if value is None else f"{key!r} is {_kind(value)}, expected a string"
            )
        return value

    def text_or_empty(self, key: str) -> str:
        """Return the string under ``key``, empty where it is missing."""
        return self.text(key) if key in self._members() else ""

    def texts(self, key: str) -> list[str]:
        """Return the strings of the array under ``key``, none where it is missing."""
        value = self._members().get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise self.child(key, value).error("expected an array of strings")
        return value

    def _members(self) -> dict[str, Any]:
        if not isinstance(self.data, dict):
            raise self.error(f"expected an object, found {_kind(self.data)}")
        return self.data

    def resolved(self) -> "DocumentNode":
        """Follow references inside the document; raises ``ContractError`` where one leads nowhere or in a circle."""
        node, seen = self, set()
        while isinstance(ref := node.data.get("$ref") if isinstance(node.data, dict) else None, str):
            if ref in seen:
                raise self.error(f"$ref {ref!r} leads in a circle")
            seen.add(ref)
            node = self._follow(ref)
        node._members()
        return node

    def _follow(self, ref: str) -> "DocumentNode":
        if not ref.startswith("#/"):
            raise self.error(f"$ref {ref!r} leaves the document; only references that start with '#/' can be followed")
        node = DocumentNode(self.root, "", self.root, self.source)
        for token in ref[2:].split("/"):
            name = unescape_token(token)
            if not isinstance(node.data, dict) or name not in node.data:
                raise self._broken(ref, name, node.data if isinstance(node.data, dict) else {})
            node = node.child(name, node.data[name])
        return node

    def _broken(self, ref: str, name: str, siblings: Mapping[str, Any]) -> ContractError:
        return self.error(f"$ref {ref!r} names nothing{did_you_mean(name, siblings)}")

    def read_evidence(self, keyword: str = EVIDENCE) -> Evidence | None:
        """Return the evidence that is written under a keyword, ``None`` where there is none."""
        if keyword not in self.data:
            return None
        try:
            return Evidence.from_dict(self.data[keyword])
        except (KeyError, TypeError, ValueError) as error:
            raise self.error(f"{keyword} is no evidence: {error}") from error

    def check_depth(self) -> None:
        """Raise ``ContractError`` when the node is nested so deep that recursion would fail."""
        level, depth = [self.data], 0
        while level := [inner for part in level for inner in _inside(part)]:
            depth += 1
            if depth > MAX_DEPTH:
                raise self.error(f"nested more than {MAX_DEPTH} deep")

    def check_references(self, schemas: Mapping[str, Any], named: bool = False) -> None:
        """Raise ``ContractError`` for a ``$ref`` below this node that leads nowhere.

        ``named`` tells that the keys of this node are names that somebody chose, not words of a format.
        """
        if isinstance(self.data, list):
            for index, part in enumerate(self.data):
                self.child(index, part).check_references(schemas)
        if isinstance(self.data, dict):
            if not named and isinstance(ref := self.data.get("$ref"), str):
                self._check_reference(ref, schemas)
            for key, part in self.data.items():
                if named or not is_data(str(key)):
                    self.child(str(key), part).check_references(schemas, not named and key in NAMED_MAPS)

    def _check_reference(self, ref: str, schemas: Mapping[str, Any]) -> None:
        if ref.startswith(COMPONENT_PREFIX) and (name := ref.removeprefix(COMPONENT_PREFIX)) not in schemas:
            raise self._broken(ref, name, schemas)
        self.resolved()


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
