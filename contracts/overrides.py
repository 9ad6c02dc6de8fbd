"""The table ``[resources]`` of ``docdouble.toml``: what a user says of the resources of a contract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from docdouble.schemas import ConfigError
from docdouble.schemas.resource import RoleName

ROLES: tuple[RoleName, ...] = get_args(RoleName)


@dataclass(frozen=True, slots=True)
class Override:
    """What a user says of one resource: what is empty stays as it was worked out.

    ``roles`` are the names of operations by role, ``none`` those of operations that have no role. One that is not
    ``kept`` stays without state.
    """

    key: str = ""
    views: tuple[str, ...] = ()
    roles: Mapping[RoleName, tuple[str, ...]] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    kept: bool = True


def read_overrides(table: Mapping[str, Any], where: str) -> dict[str, Override]:
    """Read the table; raises ``ConfigError`` for a key or a value that means nothing."""
    return {name: _read(told, f"{where}.{name}") for name, told in table.items()}


def _read(told: Any, where: str) -> Override:
    if told is False:
        return Override(kept=False)
    if not isinstance(told, dict):
        raise ConfigError(where, told, expected="false, or a table")
    for name in told:
        if name not in ("key", "views", "none", *ROLES):
            raise ConfigError(f"{where}: key", name, ("key", "views", "none", *ROLES))
    key = told.get("key", "")
    if not isinstance(key, str):
        raise ConfigError(f"{where}.key", key, expected="the name of a property")
    roles = {role: _texts(told[role], f"{where}.{role}") for role in ROLES if role in told}
    views, none = (_texts(told.get(name, []), f"{where}.{name}") for name in ("views", "none"))
    return Override(key, views, roles, none)


def _texts(told: Any, where: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise ConfigError(where, told, expected="an array of names")
    return tuple(told)


def meant(name: str, valid: Iterable[str], where: str) -> str:
    """Return the valid name that is meant, its letter case aside; raises ``ConfigError`` with the nearest."""
    names = list(valid)
    for one in (name, *names):
        if one in names and one.casefold() == name.casefold():
            return one
    raise ConfigError(where, name, names)
