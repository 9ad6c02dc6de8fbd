"""Type words of a documentation page (``int32``, ``array``, ``Enum: a, b``) and the schemas that they mean."""

import re
from dataclasses import dataclass

from ..contract.model import Schema, reference
from ..dialects.base import Dialect

_NAME = re.compile(r"[A-Za-z_][\w.]*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypeWord:
    """The meaning of a type word: a schema, and the named type it refers to (empty for a built-in one)."""

    schema: Schema
    named: str = ""


def read_type(word: str, dialect: Dialect) -> TypeWord | None:
    """Return the meaning of a type word, or ``None`` when it fits no rule of the dialect."""
    word = word.strip()
    known = dialect.types.get(word.lower())
    if known is not None:
        return TypeWord(dict(known))
    if word.lower().startswith("enum:"):
        values = [value.strip() for value in word[5:].split(",") if value.strip()]
        return TypeWord({"type": "string", "enum": values} if values else {"type": "string"})
    if _NAME.match(word):
        return TypeWord(reference(word), word)
    return None
