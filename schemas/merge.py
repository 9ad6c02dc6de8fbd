"""Rows of a property table + a sample → one object schema, and the list of what disagrees."""

from dataclasses import dataclass
from typing import Any

from .contract import Evidence, Grade, Schema, evidence_of, with_evidence
from .dialect import Dialect
from .infer import Sample, combine, said_null, shows_nothing
from .page import Row
from .positions import escape
from .types import TypeWord, read_type

_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places of the documentation that can't both be right."""

    rule: str
    page: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.message} [{self.rule}]"


@dataclass(frozen=True)
class Merged:
    """The schema of a documented object, the named types it refers to (name → what samples show), what disagrees."""

    schema: Schema
    named: dict[str, Schema]
    contradictions: tuple[Contradiction, ...]


def merge(rows: tuple[Row, ...], sample: Sample | None, pointer: str, page: str, dialect: Dialect) -> Merged:
    """Merge a table with the sample object at ``pointer`` of ``sample`` (``None``: the page shows no such object)."""
    value: dict[str, Any] = _at(sample, pointer) if sample else {}
    shown = {key.lower(): key for key in value}
    properties: dict[str, Schema] = {}
    named: dict[str, Schema] = {}
    contradictions: list[Contradiction] = []
    for row in rows:
        name, word, description = row.cells[:3]
        evidence = Evidence(Grade.STATED, page, row.line)
        meaning = read_type(word, dialect)
        if meaning is None:
            contradictions.append(_contradiction("unreadable-type", evidence, f"type {word!r} of {name} means nothing"))
            meaning = TypeWord({})
        schema = with_evidence(meaning.schema, evidence)
        shape: Schema | None = {}
        if sample and (key := shown.pop(name.lower(), None)) is not None:
            seen = sample.infer(value[key], f"{pointer}/{escape(key)}", name, description)
            schema, shape, wrong = _join(name, schema, meaning, seen, value[key], evidence)
            contradictions += wrong
        if meaning.named and shape is not None:
            named[meaning.named] = combine(named.get(meaning.named, {}), shape)
        properties[name] = {**schema, "description": description} if description else schema
    for key in shown.values():
        assert sample is not None
        found = sample.infer(value[key], f"{pointer}/{escape(key)}", key)
        properties[key] = found
        contradictions.append(_contradiction("not-in-table", evidence_of(found), f"the sample's {key} is in no table"))
    return Merged({"type": "object", "properties": properties}, named, tuple(contradictions))


def _at(sample: Sample, pointer: str) -> dict[str, Any]:
    value = sample.value
    for part in pointer.split("/")[1:]:
        value = value[int(part)]
    return value if isinstance(value, dict) else {}


def _contradiction(rule: str, evidence: Evidence | None, message: str) -> Contradiction:
    return Contradiction(rule, evidence.page if evidence else "", evidence.line if evidence else 0, message)


def _join(
    name: str, stated: Schema, meaning: TypeWord, seen: Schema, value: Any, evidence: Evidence
) -> tuple[Schema, Schema | None, list[Contradiction]]:
    """Return the property's schema, what its named type shows here (``None``: it isn't that type), what disagrees."""
    if value is None:
        found = evidence_of(seen, "null")
        assert found is not None
        return said_null(stated, found) if not shows_nothing(stated) else stated, {}, []
    kind = _JSON_TYPES[type(value)]
    expected = "object" if meaning.named else meaning.schema.get("type", kind)
    if kind != expected and not (kind == "integer" and expected == "number"):
        wrong = _contradiction("sample-type", evidence, f"{name} is {expected} in the table, {kind} in the sample")
        return (seen if meaning.named else stated), None, [wrong]
    if meaning.named:
        return stated, seen, []
    if not meaning.schema:
        return seen, None, []
    return _completed(stated, seen, evidence), None, []


def _completed(stated: Schema, seen: Schema, evidence: Evidence) -> Schema:
    """Return the stated schema with what only the sample shows: format, what lies inside, terms in use."""
    inside = ("items", "properties", "additionalProperties", "examples")
    extra: Schema = {key: seen[key] for key in inside if key in seen}
    found = evidence_of(seen)
    if "format" in seen and "format" not in stated and found and seen.get("type") == "string":
        return with_evidence({**stated, **extra, "format": seen["format"]}, evidence, format=found)
    return {**stated, **extra}
