"""Keys of entities that paths name: which property shows what ``{dock_id}``, ``{slug}`` or ``{repo}`` stands for."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..contract.model import Contract
from ..contract.parameter_values import properties_of, schema_branches, value_kinds
from ..words import singulars
from .list_parameters import squeezed

KEY_NAMES = ("id", "uuid", "guid", "key", "slug", "code", "number", "name", "login", "handle", "sha", "ref", "username")
"""Names of properties by which entities are known, the likeliest first."""

_TEXT_KEYS = ("id", "slug", "login", "username", "name", "key", "code")
"""Those that a variable named after the entity stands for, where it is a text: the ``{repo}`` of a repository."""

_CONTAINERS = ("metadata", "meta", "attributes", "info", "system", "sys")
"""Names of objects inside of an entity that may show its key."""


def members_of(schema: Any, contract: Contract) -> dict[str, Any]:
    """Return the properties that objects of a schema may have, with those of all that it is composed of."""
    return properties_of(tuple(schema_branches(schema, contract)))


def kinds_shown(schema: Any, contract: Contract) -> frozenset[str]:
    """Return the JSON types of the values of a schema but null; empty for any."""
    return value_kinds(tuple(schema_branches(schema, contract))) - {"null"}


def key_property(
    variable: str, kinds: frozenset[str], names: Iterable[str], properties: Mapping[str, Any], contract: Contract
) -> str:
    """Return what shows the value of a path variable: ``id``, ``metadata/name``, or ``user/id`` of a ``{userId}``.

    An entity that is nothing but a value is known by that. Empty where nothing shows the value.

    ``kinds`` are the JSON types of the variable, ``names`` what the entity is called.
    """
    own = _own_property(variable, kinds, frozenset(map(squeezed, names)), properties, contract)
    if own:
        return own
    wanted = squeezed(variable)
    ending = next((name for name in ("uuid", "guid", "id") if wanted.endswith(name)), "")
    for name, schema in properties.items():
        is_other = bool(ending) and squeezed(name) == wanted.removesuffix(ending)
        if is_other or squeezed(name) in _CONTAINERS:
            inner = _named(members_of(schema, contract), (ending if is_other else wanted,), kinds, contract)
            if inner:
                return f"{name}/{inner}"
    return _named(properties, ("value",), kinds, contract) if len(properties) == 1 else ""


def _own_property(
    variable: str, kinds: frozenset[str], names: frozenset[str], properties: Mapping[str, Any], contract: Contract
) -> str:
    wanted = squeezed(variable)
    if found := _named(properties, (wanted,), kinds, contract):
        return found
    ending = next((name for name in KEY_NAMES if wanted.endswith(name)), "")
    called = frozenset(single for name in names for single in singulars(name))
    tried: list[str] = []
    if ending:
        tried += [ending, *(f"{name}{ending}" for name in called)]
    if ending in ("id", "uuid", "guid", "key") or not ending:
        tried += ["id", "uuid", "guid", *(f"{name}id" for name in called), "key"]
    is_called = wanted in called or wanted in ("id", "key")
    if is_called:
        tried = [*_TEXT_KEYS, *tried] if "string" in kinds and wanted in called else [*tried, "number"]
    return _named(properties, tried, kinds, contract) or _named(properties, tried, frozenset(), contract)


def _named(properties: Mapping[str, Any], wanted: Iterable[str], kinds: frozenset[str], contract: Contract) -> str:
    """Return the first property of one of these squeezed names that is a scalar, and of one of the types."""
    by_name = {squeezed(name): name for name in reversed(list(properties))}
    for name in wanted:
        if name in by_name:
            found = kinds_shown(properties[by_name[name]], contract)
            if not found & {"object", "array", "boolean"} and (not kinds or not found or found & kinds):
                return by_name[name]
    return ""
