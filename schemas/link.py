"""Readings of many pages → one contract: named types become components, completed from wherever they are shown."""

from collections.abc import Iterable, Iterator
from typing import Any

from .contract import COMPONENT_PREFIX, EVIDENCE, Contract, Grade, Schema, reference
from .dialect import Dialect
from .infer import combine, shows_nothing
from .reader import Reading


def link(readings: Iterable[Reading], dialect: Dialect) -> Contract:
    """Join the readings; operations are ordered by path and method, whatever the order of the pages."""
    ordered = sorted(readings, key=lambda reading: (reading.operation.path, reading.operation.method))
    schemas: dict[str, Schema] = {}
    schemes: dict[str, dict[str, Any]] = {}
    for reading in ordered:
        for name, schema in reading.schemas.items():
            schemas[name] = combine(schemas[name], schema) if name in schemas else schema
        schemes = reading.security_schemes | schemes
    _complete(schemas, dialect)
    unknown = {name: _assumed_record(name, schemas) for name, schema in schemas.items() if shows_nothing(schema)}
    operations = tuple(reading.operation for reading in ordered)
    return Contract(dialect.name, "0", operations, dict(sorted((schemas | unknown).items())), schemes)


def _complete(schemas: dict[str, Schema], dialect: Dialect) -> None:
    """Give a named type without a shape that of the items of its plural: ``Participants`` holds ``ParticipantInfo``."""
    plurals = {name: (owner, name) for owner, name in _arrays_of_records(schemas)}
    for name, schema in list(schemas.items()):
        singulars = {name, *(name.removesuffix(suffix) for suffix in dialect.type_suffixes)}
        found = next((plurals[plural] for one in sorted(singulars) if (plural := f"{one}s") in plurals), None)
        if not found or not shows_nothing(schema):
            continue
        owner, plural = found
        array = schemas[owner]["properties"][plural]
        schemas[name] = array["items"]
        link_evidence = {**array[EVIDENCE], "grade": Grade.ASSUMED.value}
        array = {**array, "items": {**reference(name), EVIDENCE: link_evidence}}
        schemas[owner] = {**schemas[owner], "properties": {**schemas[owner]["properties"], plural: array}}


def _arrays_of_records(schemas: dict[str, Schema]) -> Iterator[tuple[str, str]]:
    for owner, schema in schemas.items():
        for name, part in schema.get("properties", {}).items():
            if "properties" in part.get("items", {}):
                yield owner, name


def _assumed_record(name: str, schemas: dict[str, Schema]) -> Schema:
    """Return an open record for a type that no page shows, with the line that first names it as evidence."""
    wanted = COMPONENT_PREFIX + name
    for schema in schemas.values():
        for part in schema.get("properties", {}).values():
            refers = wanted in (part.get("$ref"), *(branch.get("$ref") for branch in part.get("anyOf", ())))
            if refers and EVIDENCE in part:
                found = {key: part[EVIDENCE][key] for key in ("page", "line")}
                return {"type": "object", EVIDENCE: {"grade": Grade.ASSUMED.value, **found}}
    return {"type": "object"}
