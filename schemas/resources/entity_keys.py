"""Keys of entities that paths name: which property shows what ``{dock_id}``, ``{slug}`` or ``{repo}`` stands for."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..contract.model import Contract, Schema
from ..contract.parameter_values import properties_of, schema_branches, value_kinds
from ..words import singulars
from .audit_properties import is_set_by_server
from .list_parameters import squeezed

KEY_NAMES = (
    "id",
    "uuid",
    "guid",
    "gid",
    "key",
    "slug",
    "code",
    "number",
    "name",
    "login",
    "handle",
    "sha",
    "ref",
    "username",
)
"""Names of properties by which entities are known, the likeliest first."""

_VALUE = "value"
"""Name of the only property of an entity that is nothing but its key, such as a label."""

_TEXT_KEYS = ("id", "slug", "login", "username", "name", "key", "code")
"""Those that a variable named after the entity stands for, where it is a text: the ``{repo}`` of a repository."""

_CONTAINERS = ("metadata", "meta", "attributes", "info", "system", "sys")
"""Names of objects inside of an entity that may show its key."""


_MEANING = frozenset({"enum", "const", "default"})
"""Keywords of properties that are no keys."""

_NO_KEYS = frozenset({"date-time", "date", "time", "uri", "uri-reference", "email"})
"""Formats of texts that are no keys."""


def members_of(schema: Any, contract: Contract) -> dict[str, Any]:
    """Return the properties that objects of a schema may have, with those of all that it is composed of."""
    return properties_of(tuple(schema_branches(schema, contract)))


def is_read_only(schema: Any, contract: Contract) -> bool:
    """Tell whether a property is documented as ``readOnly``, itself or in what it refers to or is composed of."""
    return any(branch.get("readOnly") is True for branch in schema_branches(schema, contract))


def key_ending(name: str) -> str:
    """Return the longest name of a key that a squeezed name ends with: ``guid`` of ``orderguid``; empty for none."""
    return max((key for key in KEY_NAMES if name.endswith(key)), key=len, default="")


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
    ending = next((name for name in ("uuid", "guid", "gid", "id") if wanted.endswith(name)), "")
    for name, schema in properties.items():
        is_other = bool(ending) and squeezed(name) == wanted.removesuffix(ending)
        if is_other or squeezed(name) in _CONTAINERS:
            inner = _named(members_of(schema, contract), (ending if is_other else wanted,), kinds, contract)
            if inner:
                return f"{name}/{inner}"
    return _named(properties, (_VALUE,), kinds, contract) if len(properties) == 1 else ""


def unchanging_key(key: str, sent: Iterable[Schema | None], contract: Contract) -> str:
    """Return a key, empty where it is a value that requests change: ``PUT /settings/{name}`` is ``sent`` one."""
    return "" if key == _VALUE and any(key in members_of(schema, contract) for schema in sent) else key


def made_key(kinds: frozenset[str], properties: Mapping[str, Any], sent: Mapping[str, Any], contract: Contract) -> str:
    """Return the one property that may be a key which the server makes, whatever its name; empty for none or several.

    It is of the JSON types of the path variable, and not among what is ``sent`` to create an entity.
    """
    writable = {name for name, schema in sent.items() if not is_read_only(schema, contract)}
    if not writable & properties.keys():
        return ""
    names = [
        name
        for name, schema in properties.items()
        if name not in writable
        and not is_set_by_server(name, {})
        and kinds_shown(schema, contract) <= kinds & {"string", "integer"}
        and not any(_says_more(branch) for branch in schema_branches(schema, contract))
    ]
    return names[0] if len(names) == 1 else ""


def _says_more(schema: Mapping[str, Any]) -> bool:
    """Tell whether a schema says of a value that it is something else than a key."""
    return bool(_MEANING & schema.keys()) or schema.get("format") in _NO_KEYS


def _own_property(
    variable: str, kinds: frozenset[str], names: frozenset[str], properties: Mapping[str, Any], contract: Contract
) -> str:
    wanted = squeezed(variable)
    if exact := _named(properties, (wanted,), kinds, contract):
        return exact
    ending = key_ending(wanted)
    called = frozenset(single for name in names for single in singulars(name))
    tried: list[str] = []
    if ending:
        tried += [ending, *(f"{name}{ending}" for name in called)]
    if ending in ("id", "uuid", "guid", "gid", "key") or not ending:
        tried += ["id", "uuid", "guid", "gid", *(f"{name}id" for name in called), "key"]
    is_called = wanted in called or wanted in ("id", "key")
    if is_called:
        tried = [*_TEXT_KEYS, *tried] if "string" in kinds and wanted in called else [*tried, "number"]
    return _named(properties, tried, kinds, contract) or _named(properties, tried, frozenset(), contract)


def _named(properties: Mapping[str, Any], wanted: Iterable[str], kinds: frozenset[str], contract: Contract) -> str:
    """Return the first property of one of these squeezed names that is a scalar, and of one of the types."""
    by_name = {squeezed(name): name for name in reversed(list(properties))}
    for name in wanted:
        if name in by_name:
            shown = kinds_shown(properties[by_name[name]], contract)
            if not shown & {"object", "array", "boolean"} and (not kinds or not shown or shown & kinds):
                return by_name[name]
    return ""
