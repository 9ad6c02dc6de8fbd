"""Nodes of a JSON document that somebody else wrote: every error names the JSON Pointer of its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ..contract.model import EVIDENCE, Evidence, Grade
from ..errors import ContractError, PageError, did_you_mean
from ..http import without_url_credentials
from ..json_pointer import escape_token, unescape_token
from .files import SourceFile
from .schema_identifiers import SchemaResource, joined_uri

MAX_DEPTH = 200
"""Documents nested deeper are refused, before recursion would fail."""


class DocumentError(ContractError):
    """A place that can't be used as it stands."""

    def __init__(self, node: "DocumentNode", message: str) -> None:
        super().__init__(node.pointer, message, node.source)
        self.node = node


class DocumentEvidence(Evidence):
    """The evidence of a place in a file; its line is looked up when it is first asked for."""

    __slots__ = ("_file", "_pointer")
    _file: SourceFile
    _pointer: str

    def __init__(self, file: SourceFile, pointer: str, grade: Grade = Grade.STATED) -> None:
        object.__setattr__(self, "grade", grade)
        object.__setattr__(self, "page", file.name)
        object.__setattr__(self, "_file", file)
        object.__setattr__(self, "_pointer", pointer)

    @property
    def line(self) -> int:
        """The 1-based line."""
        return self._file.line(self._pointer)

    def with_grade(self, grade: Grade) -> Evidence:
        """Return the same place with another grade."""
        return DocumentEvidence(self._file, self._pointer, grade)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evidence) and self._parts() == (other.grade, other.page, other.line)

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[Grade, str, int]:
        return self.grade, self.page, self.line

    def __reduce__(self) -> Any:
        return Evidence, self._parts()


@dataclass(frozen=True, slots=True)
class DocumentNode:
    """The ``data`` at ``pointer`` (RFC 6901) of a file."""

    data: Any
    pointer: str
    file: SourceFile

    @property
    def source(self) -> str:
        """The name of the file."""
        return self.file.name

    def error(self, message: str) -> "DocumentError":
        """Return the error to raise about this place."""
        return DocumentError(self, without_url_credentials(message))

    def evidence(self) -> Evidence:
        """Return this place as evidence: whatever an OpenAPI document says is stated."""
        if self.file.text:
            return DocumentEvidence(self.file, self.pointer)
        return Evidence(Grade.STATED, f"{self.source}#{self.pointer}", 0)

    def child(self, key: str | int, data: Any) -> "DocumentNode":
        """Return the node one step below."""
        return DocumentNode(data, f"{self.pointer}/{escape_token(str(key))}", self.file)

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
        for node in self.elements(key):
            yield node.object()

    def object(self) -> "DocumentNode":
        """Return the node itself; raises ``ContractError`` where it is no object."""
        self._members()
        return self

    def members(self, extensible: bool = False) -> Iterator[tuple[str, "DocumentNode"]]:
        """Yield the members of an object, whatever they are; ``extensible`` as of ``items``."""
        for name, part in self._members().items():
            if not (extensible and str(name).startswith("x-")):
                yield str(name), self.child(str(name), part)

    def elements(self, key: str) -> Iterator["DocumentNode"]:
        """Yield the elements of the array under ``key``, whatever they are; none where it is missing."""
        value = self._members().get(key, [])
        if not isinstance(value, list):
            raise self.child(key, value).error(f"expected an array, found {_kind(value)}")
        node = self.child(key, value)
        for index, part in enumerate(value):
            yield node.child(index, part)

    def items(self, extensible: bool = False) -> Iterator[tuple[str, "DocumentNode"]]:
        """Yield the members of an object as nodes; each must be an object.

        Where the object is ``extensible``, a name that starts with ``x-`` is an extension and passed over.
        """
        for name, node in self.members(extensible):
            yield name, node.object()

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
        """Follow references; raises ``ContractError`` where one leads nowhere, in a circle, or to what is no object."""
        node = self.followed()
        node._members()
        return node

    def followed(self) -> "DocumentNode":
        """Follow references; raises ``ContractError`` where one leads nowhere or in a circle."""
        node, seen = self, set()
        while isinstance(ref := node.data.get("$ref") if isinstance(node.data, dict) else None, str):
            if (node.file.location, ref) in seen:
                raise self.error(f"$ref {ref!r} leads in a circle")
            seen.add((node.file.location, ref))
            node = node.target(ref)
        return node

    def target(self, ref: str) -> "DocumentNode":
        """Return the place that a reference from here names (RFC 3986, section 4.2; RFC 6901, section 6)."""
        try:
            return self._target(ref)
        except RecursionError as error:
            raise self.error(f"$ref {ref!r} leads in a circle") from error

    def _target(self, ref: str) -> "DocumentNode":
        address, _, fragment = ref.partition("#")
        file, fragment = self.file, unquote(fragment)
        resource: SchemaResource | None = file.identifiers.resource_at(self.pointer)
        if address and resource:
            resource = file.identifiers.resource_of(joined_uri(resource.uri, address))
        if resource is None:
            try:
                file = file.open(address)
            except (OSError, PageError) as error:
                raise self.error(f"$ref {ref!r} names nothing: {error}") from error
            resource = file.identifiers.resource_at("")
        root = DocumentNode(file.data, "", file)
        if fragment and not fragment.startswith("/"):
            pointer = file.identifiers.anchor(fragment, resource)
            if pointer is None:
                raise self.error(f"$ref {ref!r} names nothing: there is no $anchor {fragment!r}")
            return root.below(pointer, ref, self)
        try:
            return root.below(resource.pointer + fragment, ref, self)
        except DocumentError:
            if not resource.pointer or address:
                raise
            return root.below(fragment, ref, self)  # many a document counts from its root below an $id, too

    def below(self, pointer: str, ref: str, origin: "DocumentNode") -> "DocumentNode":
        """Return the place at a pointer below this one; ``ref`` and ``origin`` are for the error."""
        node = self
        for token in pointer.split("/")[1:]:
            node = node._step(unescape_token(token), ref, origin)
        return node

    def _step(self, name: str, ref: str, origin: "DocumentNode") -> "DocumentNode":
        if isinstance(self.data, list) and name.isdecimal() and int(name) < len(self.data):
            return self.child(name, self.data[int(name)])
        members = self.data if isinstance(self.data, dict) else {}
        if name in members:
            return self.child(name, members[name])
        if isinstance(inner := members.get("$ref"), str) and (origin.pointer, origin.file) != (self.pointer, self.file):
            return self.target(inner)._step(name, ref, origin)
        raise origin.error(f"$ref {ref!r} names nothing{did_you_mean(name, map(str, members))}")

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


def document_root(document: Any, source: str) -> DocumentNode:
    """Return the root of data that is called ``source`` in messages, and that no other file belongs to."""
    return DocumentNode(document, "", SourceFile(source, "", document))


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
