"""Kinds of values that hold others: arrays, tables with known keys, tables by names of the user's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .scalars import Kind, MisreadError, Place, Schema, Written, kind_of


@dataclass(frozen=True, slots=True)
class Listed:
    """An array of values of one kind."""

    kind: Kind
    expected: str
    least: int = 0

    def read(self, value: Any, at: Place) -> tuple[Any, ...]:
        """Return the values."""
        if not isinstance(value, list) or len(value) < self.least:
            raise at.refused(value, self.expected)
        return tuple(self.kind.read(one, at.below(f"[{number}]")) for number, one in enumerate(value))

    def schema(self) -> Schema:
        """Return the schema of an array."""
        return {"type": "array", "items": self.kind.schema()} | ({"minItems": self.least} if self.least else {})


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of the first of some kinds that can begin as it does."""

    kinds: tuple[Kind, ...]
    expected: str
    is_secret: bool = False

    def read(self, value: Any, at: Place) -> Any:
        """Return what the kind that is meant says: the one whose schema names the type, and the most of its keys."""
        meant = [kind for kind in self.kinds if _begins(kind.schema(), value)]
        if not meant:
            raise at.refused(kind_of(value) if self.is_secret else value, self.expected)
        return meant[0].read(value, at)

    def schema(self) -> Schema:
        """Return the schema of any of them."""
        return {"anyOf": [kind.schema() for kind in self.kinds]}


def _begins(schema: Schema, value: Any) -> bool:
    """Tell whether a value is of a schema's type, and has the first key that it needs."""
    if "const" in schema:
        return value is schema["const"]
    types = {"string": str, "array": list, "object": dict}
    needed = schema.get("required", ())[:1]
    return isinstance(value, types[schema["type"]]) and all(name in value for name in needed)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table: what its value may be, and what it means."""

    kind: Kind
    means: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with keys that are known, some of them ``needed``; ``others`` is what else may stand in it.

    ``elsewhere`` says of keys that stand in the wrong table where they belong.
    """

    keys: Mapping[str, Key]
    needed: tuple[str, ...] = ()
    others: Kind | None = None
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    expected: str = "a table"

    def read(self, value: Any, at: Place) -> dict[str, Any]:
        """Return what was told, by field."""
        if not isinstance(value, dict):
            raise at.refused(kind_of(value), self.expected)
        for name in self.needed:
            if name not in value:
                raise at.refused(Written("this"), f"complete: {name} is missing")
        read: dict[str, Any] = {}
        for name, told in value.items():
            if name in self.keys:
                read[name.replace("-", "_")] = self.keys[name].kind.read(told, at.below(name))
            elif self.others:
                read[name] = self.others.read(told, at.below(name))
            else:
                raise self._unknown(name, at)
        return read

    def _unknown(self, name: str, at: Place) -> MisreadError:
        if name in self.elsewhere:
            return at.unknown(name, (), self.elsewhere[name])
        return at.unknown(name, tuple(self.keys))

    def schema(self) -> Schema:
        """Return the schema of the table, with what each key means."""
        found: Schema = {
            "type": "object",
            "properties": {name: {"description": key.means, **key.kind.schema()} for name, key in self.keys.items()},
            "additionalProperties": self.others.schema() if self.others else False,
        }
        return found | ({"required": list(self.needed)} if self.needed else {})


@dataclass(frozen=True, slots=True)
class Named:
    """A table of values of one kind, by names of the user's; ``pattern`` is what a name has to be like."""

    kind: Kind
    expected: str = "a table"
    pattern: str = ""
    name: str = ""

    def read(self, value: Any, at: Place) -> dict[str, Any]:
        """Return the values by name."""
        if not isinstance(value, dict):
            raise at.refused(kind_of(value), self.expected)
        for name in value:
            if self.pattern and not re.search(self.pattern, name):
                raise at.unknown(name, (), self.name)
        return {name: self.kind.read(told, at.below(name)) for name, told in value.items()}

    def schema(self) -> Schema:
        """Return the schema of such a table."""
        names = {"propertyNames": {"pattern": self.pattern}} if self.pattern else {}
        return {"type": "object", **names, "additionalProperties": self.kind.schema()}


@dataclass(frozen=True, slots=True)
class Dotted:
    """A table of values by patterns of names; to TOML, ``Sale.Currency`` without quotes is a table in a table.

    ``definition`` is where the schema of the table stands among the definitions.
    """

    kinds: tuple[Kind, ...]
    expected: str
    definition: str

    def read(self, value: Any, at: Place) -> dict[str, Any]:
        """Return the values by the whole pattern."""
        if not isinstance(value, dict):
            raise at.refused(value, "a table")
        found: dict[str, Any] = {}
        for name, told in value.items():
            place = at.below(name)
            if told and isinstance(told, dict):
                found |= {f"{name}.{rest}": one for rest, one in self.read(told, place).items()}
            else:
                found[name] = OneOf(self.kinds, self.expected).read(told, place)
        return found

    def schema(self) -> Schema:
        """Return a reference to the schema, which holds itself."""
        return {"type": "object", "additionalProperties": {"$ref": f"#/definitions/{self.definition}"}}

    def defined(self) -> Schema:
        """Return the schema of a value, or a table of more."""
        inner = {**self.schema(), "minProperties": 1}
        return {"anyOf": [*(kind.schema() for kind in self.kinds), inner]}


@dataclass(frozen=True, slots=True)
class AsWritten:
    """What a kind takes, left as it was written for what reads it later."""

    kind: Kind

    def read(self, value: Any, at: Place) -> Any:
        """Return the value itself."""
        self.kind.read(value, at)
        return value

    def schema(self) -> Schema:
        """Return the schema of the kind."""
        return self.kind.schema()
