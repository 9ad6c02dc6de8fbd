"""Rows of stores: versions of their changes, and their form as JSON."""

import secrets
from collections.abc import Sequence

import orjson

from .store import EntityRow, StoreError


def new_generation() -> str:
    """Return a name that no generation of any world has had."""
    return secrets.token_hex(8)


def versioned_rows(rows: Sequence[EntityRow], version: int) -> tuple[EntityRow, ...]:
    """Return the rows as the change of this version leaves them: of several for an entity, the last."""
    last = {(row.resource, row.number): row.values for row in rows}
    return tuple(EntityRow(resource, number, values, version) for (resource, number), values in last.items())


def to_json(row: EntityRow) -> bytes:
    """Return the values of a row as JSON, ``null`` for a deleted entity; ``StoreError`` if they have no such form."""
    try:
        return orjson.dumps(None if row.values is None else dict(row.values))
    except TypeError as error:
        raise StoreError(f"{row.resource} {row.number} can't be kept: {error}") from error


def from_json(resource: str, number: int, data: bytes | str, version: int) -> EntityRow:
    """Return the row whose values are this JSON; ``StoreError`` if they aren't."""
    try:
        return EntityRow(resource, number, orjson.loads(data), version)
    except orjson.JSONDecodeError as error:
        raise StoreError(f"what is kept of {resource} {number} can't be read: {error}") from error
