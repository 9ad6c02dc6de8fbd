"""Kinds of values in a configuration: each reads a value of TOML, and says in JSON Schema what it reads.

The two agree: what ``read`` refuses, ``schema`` refuses. What depends on more than the text, such as whether a file is
there or an operation is documented, is told later, by what needs it.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Protocol

from docdouble.schemas import ConfigError

Schema = dict[str, Any]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_MOST_SHOWN = 60
_MOST_INTEGER = 2**63 - 1


class MisreadError(ConfigError):
    """A key or a value that means nothing, before the file and the line are known; ``path`` leads to it."""

    def __init__(
        self, path: tuple[str, ...], key: str, value: object, valid: tuple[str, ...] = (), expected: str = ""
    ) -> None:
        super().__init__(key, value, valid, expected)
        self.path = path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands; files that it names are relative to ``folder``."""

    path: tuple[str, ...]
    folder: Path

    def below(self, name: str) -> "Place":
        """Return the place of a member."""
        return Place((*self.path, name), self.folder)

    @property
    def key(self) -> str:
        """The dotted key, as TOML writes it, and ``[0]`` for the first of an array."""
        names = (name if _BARE.fullmatch(name) or name.startswith("[") else f'"{name}"' for name in self.path)
        return ".".join(names).replace(".[", "[")

    def refused(self, value: object, expected: str, valid: tuple[str, ...] = ()) -> MisreadError:
        """Return what is to be raised for a value."""
        return MisreadError(self.path, self.key, _shown(value), valid, expected)

    def unknown(self, name: str, valid: tuple[str, ...], expected: str = "") -> MisreadError:
        """Return what is to be raised for a key that this table doesn't have."""
        return MisreadError((*self.path, name), f"{self.key}: key" if self.path else "key", name, valid, expected)


class Written(str):
    """A value as the user wrote it, which isn't quoted again."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def kind_of(value: object) -> Written:
    """Return what kind of value this is, in the place of one that may be secret."""
    if value == "":
        return Written("an empty text")
    kinds = {bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "an array"}
    return Written({**kinds, dict: "a table"}.get(type(value), "a date"))


def _shown(value: object) -> object:
    if isinstance(value, bool):
        return Written(str(value).lower())
    if isinstance(value, dict | date | time):
        return kind_of(value)
    text = repr(value)
    return value if len(text) <= _MOST_SHOWN else Written(text[:_MOST_SHOWN] + "…")


class Kind(Protocol):
    """What a value may be."""

    def read(self, value: Any, at: Place) -> Any:
        """Return what the value means; raises ``MisreadError``."""
        ...

    def schema(self) -> Schema:
        """Return the JSON Schema of what ``read`` takes."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text; a secret one is shown by no error."""

    expected: str = "a text"
    is_secret: bool = False
    may_be_empty: bool = False

    def read(self, value: Any, at: Place) -> str:
        """Return the text."""
        if isinstance(value, str) and (value or self.may_be_empty):
            return value
        raise at.refused(kind_of(value) if self.is_secret else value, self.expected)

    def schema(self) -> Schema:
        """Return the schema of a text."""
        return {"type": "string"} if self.may_be_empty else {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class File:
    """A path, relative to the file that names it."""

    def read(self, value: Any, at: Place) -> Path:
        """Return the path."""
        return at.folder / Text("a path").read(value, at)

    def schema(self) -> Schema:
        """Return the schema of a text."""
        return Text().schema()


@dataclass(frozen=True, slots=True)
class Flag:
    """``true`` or ``false``."""

    def read(self, value: Any, at: Place) -> bool:
        """Return the value."""
        if isinstance(value, bool):
            return value
        raise at.refused(value, "true or false")

    def schema(self) -> Schema:
        """Return the schema of a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]
    expected: str = ""

    def read(self, value: Any, at: Place) -> str:
        """Return the word."""
        if isinstance(value, str) and value in self.words:
            return value
        raise at.refused(value, self.expected, self.words)

    def schema(self) -> Schema:
        """Return the words, or what the environment makes of a text."""
        return {"anyOf": [{"enum": list(self.words)}, {"type": "string", "pattern": VARIABLE}]}


VARIABLE = r"\$\{[^{}]*\}"
"""What stands in a text that a choice may be; what it is then is seen when the text is filled in."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, within bounds."""

    least: int = -_MOST_INTEGER
    most: int = _MOST_INTEGER

    def read(self, value: Any, at: Place) -> int:
        """Return the number."""
        whole = int(value) if type(value) is float and value.is_integer() else value
        if type(whole) is int and self.least <= whole <= self.most:
            return whole
        bounded = f" from {self.least} to {self.most}" if self.least > -_MOST_INTEGER else ""
        raise at.refused(value, f"a whole number{bounded}")

    def schema(self) -> Schema:
        """Return the schema of an integer with its bounds."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``least`` to ``most``; 0 as well, where ``or_zero`` says what it means then."""

    least: float
    most: float
    or_zero: str = ""
    is_above: bool = False

    def read(self, value: Any, at: Place) -> float:
        """Return the number."""
        if type(value) in (int, float) and math.isfinite(value) and self._has(value):
            return float(value)
        least, most = (int(one) if one >= 1 or not one else one for one in (self.least, self.most))
        bounded = f"above {least} and at most {most}" if self.is_above else f"from {least} to {most}"
        raise at.refused(value, (f"0 for {self.or_zero}, or " if self.or_zero else "") + f"a number {bounded}")

    def _has(self, value: float) -> bool:
        if self.or_zero and not value:
            return True
        return (self.least < value if self.is_above else self.least <= value) and value <= self.most

    def schema(self) -> Schema:
        """Return the schema of a number with its bounds."""
        bounds = {"exclusiveMinimum" if self.is_above else "minimum": self.least, "maximum": self.most}
        if not self.or_zero:
            return {"type": "number", **bounds}
        return {"type": "number", "anyOf": [{"const": 0}, bounds]}


@dataclass(frozen=True, slots=True)
class Texts:
    """An array of texts."""

    expected: str = "an array of names"

    def read(self, value: Any, at: Place) -> tuple[str, ...]:
        """Return the texts."""
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise at.refused(value, self.expected)
        return tuple(value)

    def schema(self) -> Schema:
        """Return the schema of an array of texts."""
        return {"type": "array", "items": Text().schema()}


@dataclass(frozen=True, slots=True)
class Scalar:
    """Anything that a text, a number or a truth value says."""

    def read(self, value: Any, at: Place) -> str | bool | float:
        """Return the value."""
        if isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        raise at.refused(value, "a text, a number, true or false")

    def schema(self) -> Schema:
        """Return the schema of the three."""
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class No:
    """``false``."""

    def read(self, value: Any, at: Place) -> bool:
        """Return ``False``."""
        return False

    def schema(self) -> Schema:
        """Return the schema of it."""
        return {"const": False}


@dataclass(frozen=True, slots=True)
class Values:
    """An array of any values, at least one."""

    def read(self, value: Any, at: Place) -> tuple[Any, ...]:
        """Return the values."""
        if not value:
            raise at.refused(value, "an array of values")
        return tuple(value)

    def schema(self) -> Schema:
        """Return the schema of an array that isn't empty."""
        return {"type": "array", "minItems": 1}
