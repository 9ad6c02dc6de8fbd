"""Names of documented properties with their types, and the nearest of them to a pattern."""

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.errors import nearest
from docdouble.schemas.jsonschema.subschemas import subschemas

from ..narrow import flattened


def documented_properties(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield the properties of all schemas of a contract, each with the named type it is of, empty for none."""
    for name, schema in contract.schemas.items():
        yield from _properties_in(whole(schema, contract), name)
    for operation in contract.operations:
        bodies = (operation.request, *operation.responses)
        for media_type in (content for body in bodies if body for content in body.media_types):
            yield from _properties_in(media_type.schema, "")


def whole(schema: Schema, contract: Contract) -> Schema:
    """Return what a schema means with all that it is composed of."""
    return contract.resolve(flattened(contract.resolve(schema), contract))


def _properties_in(schema: Any, owner: str) -> Iterator[tuple[str, str]]:
    """Yield the properties at all depths of a schema, without those of the named types that it refers to."""
    for name, part in schema.get("properties", {}).items() if isinstance(schema, dict) else ():
        yield owner, name
        yield from _properties_in(part, f"{owner} {name}")
    others = {word: part for word, part in schema.items() if word != "properties"} if isinstance(schema, dict) else {}
    for part in subschemas(others):
        yield from _properties_in(part, owner)


def nearest_pattern(pattern: str, known: Collection[tuple[str, str]]) -> str:
    """Return a pattern with the nearest names in place of those that nothing has, empty where none are near."""
    owner, dot, name = pattern.rpartition(".")
    owners = {known_owner for known_owner, _ in known if known_owner}
    meant = {known_owner for known_owner in owners if fnmatchcase(known_owner.lower(), owner.lower())}
    near_owner = owner if not dot or meant else nearest(owner, owners) or ""
    of_owner = {known_name for known_owner, known_name in known if not dot or known_owner in (meant or {near_owner})}
    is_name = any(fnmatchcase(known_name.lower(), name.lower()) for known_name in of_owner)
    near_name = name if is_name else nearest(name, of_owner) or ""
    return f"{near_owner}{dot}{near_name}" if near_name and (near_owner or not dot) else ""
