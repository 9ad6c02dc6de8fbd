"""Naming of types and ids: views of one resource, and the id by which it is known.

``ContactEntity``, ``Contact`` and ``ContactEntityWithLinks`` are views of a ``contact``; their key is ``ContactId``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.model import COMPONENT_PREFIX, Schema, types_of

_VIEW = re.compile(r"(WithLinks|Entity|Dto|Model|Resource|Carrier|View|Summary)\Z")
_REFERENCE = re.compile(r"[a-z]I[dD]\Z|[A-Za-z][_-]id\Z")
_NAMESPACE = re.compile(r"\A.*[.:](?=.)", re.DOTALL)
_EDITION = re.compile(r"(?<=.)[.:](?:v?\d\w*|(?=[a-f]*\d)[\da-f]{6,})\Z", re.IGNORECASE)
"""The version or the digest that some generators write behind a type's name."""

_MADE_UP = re.compile(r"_(request|response)\Z")
_CARRIER = re.compile(r"(request|response)\Z", re.IGNORECASE)

_SEARCHES = ("search", "query", "filter", "find", "list", "lookup")

_UNBOUND = {"type", "format", "description", "title", "example", "examples", "readOnly", "default", "minimum"}
"""Keywords of an id that may be any small positive number."""


@dataclass(frozen=True, slots=True)
class TypeKey:
    """The property that holds a type's id, and the resource that the id is of."""

    name: str
    resource: str


def type_key(type_name: str, properties: Mapping[str, Any]) -> TypeKey | None:
    """Return the key of a named type with these properties; ``None`` for one that has no id."""
    if is_made_up(type_name) or not type_name:
        return None
    if name := named_key(type_name, properties):
        return TypeKey(name, resource_name(type_name))
    name = leading_key(properties)
    return TypeKey(name, stem_of(name).lower()) if name else None


def named_key(type_name: str, properties: Mapping[str, Any]) -> str:
    """Return the id that is named after the type, or just ``id``; empty where there is none."""
    return id_named((f"{resource_name(type_name)}id", f"{short_name(type_name).lower()}id", "id"), properties)


def leading_key(properties: Mapping[str, Any]) -> str:
    """Return the first property where it is an id of something; else an empty text."""
    first = next(iter(properties), "")
    return first if stem_of(first) and is_id(properties[first]) else ""


def id_named(names: tuple[str, ...], properties: Mapping[str, Any]) -> str:
    """Return the first property with one of these lower-case names that is an id; empty where there is none."""
    by_name = {name.lower(): name for name in properties}
    return next((by_name[name] for name in names if name in by_name and is_id(properties[by_name[name]])), "")


def is_made_up(type_name: str) -> bool:
    """Tell whether a type's name is one that the reader gave to a body that has none of its own."""
    return bool(_MADE_UP.search(type_name))


def is_carrier(type_name: str) -> bool:
    """Tell whether a type's name says that it only carries a request or a response, and is no resource."""
    return bool(_CARRIER.search(type_name))


def resource_name(type_name: str) -> str:
    """Return the name of the resource that a type shows, in lower case."""
    return plain_name(type_name).lower()


def plain_name(type_name: str) -> str:
    """Return a type's name without its namespace, and without the suffix of its view."""
    name = short_name(type_name)
    shorter = _VIEW.sub("", name)
    return plain_name(shorter) if shorter and shorter != name else name


def short_name(type_name: str) -> str:
    """Return a type's name without its namespace and edition: the ``Pet`` of ``Shop.Pet`` and of ``Pet.7d10434``."""
    return _NAMESPACE.sub("", _EDITION.sub("", type_name))


def stem_of(name: str) -> str:
    """Return what an id is of: ``Contact`` of ``ContactId``; empty for a name that is of no reference."""
    return name[:-2].rstrip("_-") if _REFERENCE.search(name) else ""


def is_id(schema: Any) -> bool:
    """Tell whether a property may be any small positive integer."""
    if not isinstance(schema, dict) or types_of(schema) != ("integer",):
        return False
    low = schema.get("minimum", 0)
    return (
        isinstance(low, int | float) and low <= 1 and {word for word in schema if not word.startswith("x-")} <= _UNBOUND
    )


def referred(schema: Schema) -> str:
    """Return the named type that a property shows, which may be null; empty for any other schema."""
    branches = [branch for branch in schema.get("anyOf", ()) if branch != {"type": "null"}] or [schema]
    reference = branches[0].get("$ref", "") if len(branches) == 1 and isinstance(branches[0], dict) else ""
    return str(reference).removeprefix(COMPONENT_PREFIX)


def is_search(segment: str) -> bool:
    """Tell whether a segment of a path below a list says that some of it is answered: ``search``, ``findByStatus``."""
    return segment.lower().startswith(_SEARCHES)
