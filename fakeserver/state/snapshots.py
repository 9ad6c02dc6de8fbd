"""Snapshots of a world: what callers changed in it as one JSON value, to be saved, compared and loaded again."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.json_pointer import escape_token

from .stores.store import EntityRow
from .worlds import MOST_NUMBER, World

_NUMBER = re.compile(r"[1-9][0-9]{0,18}")


def snapshot(world: World) -> dict[str, Any]:
    """Return what callers changed: by resource and id the values of an entity, null of those that are deleted."""
    by_resource: dict[str, dict[str, Any]] = {}
    for row in sorted(world.rows(), key=lambda row: (row.resource, row.number)):
        by_resource.setdefault(row.resource, {})[str(row.number)] = row.values
    return {"resources": by_resource}


def rows_of(document: Any, contract: Contract) -> tuple[EntityRow, ...]:
    """Return the rows of a snapshot; raises ``ConfigError`` that names the JSON Pointer of what is none."""
    resources = document.get("resources") if isinstance(document, Mapping) else None
    if not isinstance(resources, Mapping):
        raise ConfigError("/resources", type(resources).__name__, expected="an object, as in a snapshot that was saved")
    known = {resource.name: bool(resource.path) for resource in contract.resources.resources}
    return tuple(row for name, entities in resources.items() for row in _rows(name, entities, known))


def _rows(name: str, entities: Any, known: Mapping[str, bool]) -> Iterator[EntityRow]:
    pointer = f"/resources/{escape_token(name)}"
    resource = name.partition("?")[0]  # what stands behind it tells below what the entities stand
    if resource not in known or (resource != name and not known[resource]):
        raise ConfigError(pointer, name, list(known), "a resource that is kept")
    most, spelled = (2**63 - 1, str) if known[resource] else (MOST_NUMBER, str.lower)
    if not isinstance(entities, Mapping):
        raise ConfigError(pointer, type(entities).__name__, expected="an object")
    for number, values in entities.items():
        if not _NUMBER.fullmatch(number) or int(number) > most:
            raise ConfigError(pointer, number, expected=f"the id of an entity, a number from 1 to {most}")
        if values is not None and not isinstance(values, Mapping):
            raise ConfigError(f"{pointer}/{number}", type(values).__name__, expected="an object or null")
        kept = None if values is None else {spelled(key): part for key, part in values.items()}
        yield EntityRow(name, int(number), kept)
