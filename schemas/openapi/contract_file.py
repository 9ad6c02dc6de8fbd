"""Contract file: each operation and each schema is read when it is first asked for.

What we write ends in a digest of all before it. A document whose digest is right is known to be indented by two spaces
and to have been checked before it was written, so the beginnings of its lines tell where everything is. Whatever
anybody else has written or edited is for ``from_openapi`` to read, whole.

The text is kept in memory: a file may be rewritten in place while a contract of its former text is still served.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from ..contract.lazy import pending_reader
from ..contract.model import Contract, Operation, Schema
from ..contract.resources import NO_RESOURCES, Resources
from ..jsonschema.json_text import exact_json, json_bytes
from .convert import to_openapi
from .document import document_root
from .keywords import METHODS, OTHER_METHODS
from .reader import OpenApiReader, operation_from_openapi, operation_id, raise_problem
from .resource_keywords import RESOURCES, read_resources

DIGEST = "x-docdouble-digest"
"""The last member of a document of ours."""

_LAYOUT = b"docdouble contract 2\n"
"""The layout of the file, part of the digest; one that this module couldn't read would get another name."""

_MEMBER = re.compile(rb'\n {2,6}"((?:[^"\\\n]|\\.)*)": ')
"""A member in the first three levels of a document: a string of JSON holds no line feed, so this is none."""

_ID = re.compile(rb'\{\n {8}"operationId": ("(?:[^"\\]|\\.)*")')


def contract_file_bytes(document: Any) -> bytes:
    """Return a document of ``to_openapi`` as indented JSON that ends in its digest and a line feed."""
    text = json_bytes(document, option=orjson.OPT_INDENT_2).removesuffix(b"\n}")
    return text + _ending(text)


def read_stored(path: Path, source: str, most: int) -> Contract | None:
    """Read a file of at most ``most`` bytes that ``contract_file_bytes`` made; ``None`` for any other.

    ``source`` names it in errors.
    """
    ending = len(_ending(b""))
    with suppress(OSError):
        size = path.stat().st_size  # 0 for what isn't there to be read twice, such as a pipe
        if not ending < size <= most:
            return None
        with path.open("rb") as file:
            file.seek(size - ending)
            if DIGEST.encode() not in file.read(ending):
                return None
            file.seek(0)
            text = file.read(size)
        return _contract(text, source) if text.endswith(_ending(memoryview(text)[:-ending])) else None
    return None


def _ending(text: bytes | memoryview) -> bytes:
    digest = sha256(_LAYOUT)
    digest.update(text)
    return f',\n  "{DIGEST}": "{digest.hexdigest()}"\n}}\n'.encode()


@dataclass(frozen=True, slots=True)
class _JsonMember:
    """A value in the text, from ``start`` to ``end``, and the names of the members that lead to it."""

    names: tuple[str, ...]
    start: int
    end: int


def _members(text: bytes) -> Iterator[_JsonMember]:
    """Yield the members of the first three levels, inner ones first; the last one of all, the digest, is left out."""
    opened: list[tuple[int, str, int]] = []
    for match in _MEMBER.finditer(text):
        depth = (match.start(1) - match.start() - len('\n"')) // 2
        while opened and opened[-1][0] >= depth:
            names = tuple(name for _, name, _ in opened)
            level, _, start = opened.pop()
            brackets = sum(2 * outer + len("\n}") for outer in range(depth, level))
            yield _JsonMember(names, start, match.start() - len(",") - brackets)
        opened.append((depth, orjson.loads(b'"%b"' % match[1]), match.end()))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A value to be read when it is asked for."""

    text: bytes
    member: _JsonMember
    source: str

    @property
    def raw(self) -> memoryview:
        """Its JSON."""
        return memoryview(self.text)[self.member.start : self.member.end]

    def value(self) -> Any:
        return exact_json(self.raw)

    def resources(self) -> Resources:
        """Read all resources."""
        document = {RESOURCES: self.value()}
        return read_resources(document_root(document, self.source))

    def operation(self) -> Operation:
        """Read an operation."""
        _, path, method = self.member.names
        return operation_from_openapi(self.value(), method, path, self.source)


@dataclass(frozen=True, slots=True)
class _WrittenText:
    """A text that we wrote. ``whole`` are the places of what is read later, ``operations`` those in it."""

    text: bytes
    whole: tuple[_JsonMember, ...]
    operations: tuple[Operation, ...]


class _Schemas(Mapping[str, Schema]):
    """The schemas of a document by name, each read when it is first asked for."""

    def __init__(self, document: _WrittenText, stored: dict[str, _Stored]) -> None:
        self.document = document
        self._stored = stored
        self._read: dict[str, Schema] = {}

    def __getitem__(self, name: str) -> Schema:
        schema = self._read.get(name)
        return self._read.setdefault(name, self._stored[name].value()) if schema is None else schema

    def raw(self, name: str) -> memoryview:
        """Return the JSON of a schema."""
        return self._stored[name].raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def unread_operation(operation: Operation) -> memoryview | None:
    """Return the JSON of an operation that we wrote and that nothing was asked of yet, ``None`` for any other."""
    stored = getattr(pending_reader(operation), "__self__", None)
    return stored.raw if isinstance(stored, _Stored) else None


def written_schema(schemas: Mapping[str, Schema], name: str) -> memoryview | None:
    """Return the JSON of a schema that we wrote, ``None`` for any other."""
    return schemas.raw(name) if isinstance(schemas, _Schemas) and name in schemas else None


def _contract(text: bytes, source: str) -> Contract:
    operations: list[Operation] = []
    schemas: dict[str, _Stored] = {}
    whole: list[_JsonMember] = []
    resources = NO_RESOURCES
    for member in _members(text):
        match member.names:
            case ("paths",) | ("components", "schemas"):
                whole.append(member)
            case (name,) if name == RESOURCES:
                whole.append(member)
                resources = Resources.deferred(_Stored(text, member, source).resources)
            case ("paths", path, method) if method in METHODS and not path.startswith("x-"):
                operations.append(_operation(_Stored(text, member, source)))
            case ("paths", path, word) if word == f"x-{OTHER_METHODS}" and not path.startswith("x-"):
                others = _Stored(text, member, source).value()
                operations += [operation_from_openapi(data, method, path, source) for method, data in others.items()]
            case ("components", "schemas", name):
                schemas[name] = _Stored(text, member, source)
    document = _WrittenText(text, tuple(whole), tuple(operations))
    root = document_root(_rest(document), source)
    contract = OpenApiReader(root, raise_problem, reads_schemas=False).contract()
    return replace(contract, operations=document.operations, schemas=_Schemas(document, schemas), resources=resources)


def _operation(stored: _Stored) -> Operation:
    _, path, method = stored.member.names
    documented = _ID.match(stored.text, stored.member.start)
    name = operation_id(orjson.loads(documented[1]) if documented else None, method, path)
    return Operation.deferred(stored.operation, id=name, method=method.upper(), path=path)


def _rest(document: _WrittenText) -> dict[str, Any]:
    """Return the document with no paths, no schemas and no resources."""
    edges = [0, *(edge for member in document.whole for edge in (member.start, member.end)), len(document.text)]
    pieces = (document.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    rest: dict[str, Any] = exact_json(b"{}".join(pieces))
    return rest


def openapi_json(contract: Contract, servers: tuple[str, ...]) -> bytes:
    """Return the contract as OpenAPI 3.1 in JSON, with these URLs for its own.

    One that stands as we wrote it is copied, which takes no reading of its operations.
    """
    schemas = contract.schemas
    urls = [{"url": url} for url in servers]
    if not isinstance(schemas, _Schemas) or schemas.document.operations is not contract.operations:
        return json_bytes({**to_openapi(contract), "servers": urls})
    rest = _rest(schemas.document)
    for member in schemas.document.whole:
        *outer, name = member.names
        holder = rest[outer[0]] if outer else rest
        holder[name] = orjson.Fragment(schemas.document.text[member.start : member.end])
    return json_bytes({**{name: part for name, part in rest.items() if name != DIGEST}, "servers": urls})
