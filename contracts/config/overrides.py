"""The table ``[resources]`` of ``docdouble.toml``: what a user says of the resources of a contract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from docdouble.schemas import ConfigError
from docdouble.schemas.contract.resources import RoleName

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


def override(told: Mapping[str, Any] | Literal[False]) -> Override:
    """Return what was read of one resource as a value."""
    if told is False:
        return Override(kept=False)
    roles = {role: told[role] for role in ROLES if role in told}
    return Override(told.get("key", ""), told.get("views", ()), roles, told.get("none", ()))


def meant(name: str, valid: Iterable[str], where: str) -> str:
    """Return the valid name that is meant, its letter case aside; raises ``ConfigError`` with the nearest."""
    names = list(valid)
    for one in (name, *names):
        if one in names and one.casefold() == name.casefold():
            return one
    raise ConfigError(where, name, names)
