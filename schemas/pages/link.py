"""Linking of named types over many pages: they become components, completed from wherever they are shown."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..contract.model import (
    COMPONENT_PREFIX,
    EVIDENCE,
    Contract,
    Grade,
    MediaType,
    Operation,
    Schema,
    evidence_of,
    reference,
    with_evidence,
    with_media_types,
)
from ..dialects.base import Dialect
from ..extraction import Contradiction
from ..resources.infer_roles import with_resources
from ..resources.links import with_flow
from ..words import singular
from .infer_schemas import combine, shows_nothing, with_null_evidence
from .page_reader import Reading
from .type_names import FEWEST, SAME, ResolvedTypes, likeness, name_stems, resolve_type_names

_DOMINANT = 0.9
"""Part of the namesakes elsewhere that have one type, from which on a property that is only null here has it, too."""


def link(readings: Iterable[Reading], dialect: Dialect) -> tuple[Contract, tuple[Contradiction, ...]]:
    """Return the contract of all readings, and their contradictions among themselves.

    Operations are ordered by path and method, whatever the order of the pages.
    """
    ordered = sorted(readings, key=lambda reading: (reading.operation.path, reading.operation.method))
    type_readings = ((page.operation.id, reading) for page in ordered for reading in page.type_readings)
    resolved = resolve_type_names(type_readings, dialect)
    schemes: dict[str, dict[str, Any]] = {}
    for reading in ordered:
        schemes = reading.security_schemes | schemes
    types = _Types(resolved, dialect)
    schemas = _complete(types)
    wrong = (cell for reading in ordered for cell in _wrong_cells(reading, types))
    operations = tuple(_with_bodies(reading.operation, resolved) for reading in ordered)
    named = dict(sorted(schemas.items()))
    contract = Contract(dialect.name, "0", operations, named, schemes, dialect=dialect.name)
    contract = with_resources(with_flow(contract, dialect), dialect.verbs)
    return contract, (*resolved.contradictions, *types.contradictions, *wrong)


class _Types:
    """The types of all pages, found by the names of properties."""

    def __init__(self, resolved: ResolvedTypes, dialect: Dialect) -> None:
        self.dialect = dialect
        self.doubtful = resolved.doubtful
        self.schemas = resolved.schemas
        self.by_stem = {
            stem: name for name in sorted(resolved.schemas, reverse=True) for stem in name_stems(name, dialect)
        }
        self.dominant = _dominant(resolved, self.by_property)
        self.contradictions: list[Contradiction] = []
        self.shown: defaultdict[str, list[Schema]] = defaultdict(list)
        self.by_shape: defaultdict[frozenset[str], list[str]] = defaultdict(list)
        for name, schema in resolved.schemas.items():
            self.by_shape[frozenset(schema.get("properties", {}))].append(name)

    def by_property(self, name: str) -> str:
        """Return the type that a property is named after, in the singular or plural, empty where there is none."""
        return self.by_stem.get(name) or self.by_stem.get(singular(name), "")


def _dominant(resolved: ResolvedTypes, by_property: Callable[[str], str]) -> dict[str, str]:
    """Return the type of the properties of a name, where nearly all that name a type name the same."""
    named: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for schema in resolved.schemas.values():
        for name, part in schema.get("properties", {}).items():
            if target := _target(part):
                named[name][by_property(name) if target in resolved.doubtful else target] += 1
    commonest = {name: counts.most_common(1)[0] for name, counts in named.items()}
    return {name: top for name, (top, count) in commonest.items() if top and count >= _DOMINANT * named[name].total()}


def _target(schema: Schema) -> str:
    """Return the named type that a schema refers to, also beside null; empty where it refers to none."""
    for part in (schema, *schema.get("anyOf", ())):
        if "$ref" in part:
            return str(part["$ref"]).removeprefix(COMPONENT_PREFIX)
    return ""


def _complete(types: _Types) -> dict[str, Schema]:
    """Return the components with every part referred to the type that it is of."""
    schemas = {name: _inside(schema, name, types) for name, schema in types.schemas.items()}
    for name, shown in types.shown.items():
        for schema in shown:
            schemas[name] = combine(schemas[name], schema)
    mentions = _mentions(schemas)
    unknown = [name for name, schema in schemas.items() if shows_nothing(schema)]
    for name in unknown:
        if mention := mentions.get(name):
            message = f"type {name} is described on none of the pages"
            types.contradictions.append(Contradiction("undefined-type", mention["page"], mention["line"], message))
    return schemas | {name: _assumed_record(mentions.get(name)) for name in unknown}


def _inside(schema: Schema, name: str, types: _Types) -> Schema:
    """Return a schema with its parts referred to their types; ``name`` is the property that it stands under."""
    changed = dict(schema)
    if "properties" in schema:
        changed["properties"] = {key: _referred(part, key, types) for key, part in schema["properties"].items()}
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            changed[keyword] = _referred(schema[keyword], name, types)
    return changed


def _referred(schema: Schema, name: str, types: _Types) -> Schema:
    """Return the schema of a value under the property ``name``, as a reference where its type is known."""
    target = _target(schema)
    if target in types.doubtful:
        return _retargeted(schema, types.by_property(name))
    if target:
        return schema
    if shows_nothing(schema) and (null := evidence_of(schema, "null")):
        meant = reference(types.dominant[name]) if name in types.dominant else types.dialect.sampled_null
        own = evidence_of(schema) or null
        kept = {"description": schema["description"]} if "description" in schema else {}
        return {**kept, **with_null_evidence(with_evidence(meant, own, type=own.with_grade(Grade.ASSUMED)), null)}
    inside = _inside(schema, name, types)
    return _as_reference(inside, name, types) if "properties" in inside else inside


def _wrong_cells(reading: Reading, types: _Types) -> Iterator[Contradiction]:
    """Yield the type cells of a page that hold a doubtful name and mean another."""
    rows = (row for part in reading.type_readings for row in part.schema.get("properties", {}).items())
    for name, part in rows:
        stated, meant = _target(part), types.by_property(name)
        if stated in types.doubtful and meant != stated and (evidence := evidence_of(part)):
            message = f"{name} is stated as {stated}, a name that pages give to unlike types"
            mend = f"write {meant or 'what is meant'} as the type of {name}"
            yield Contradiction("wrong-type-cell", evidence.page, evidence.line, message, mend)


def _retargeted(schema: Schema, target: str) -> Schema:
    """Return a reference to a doubtful name as one to ``target``, or as a record of which nothing is known."""
    meant = reference(target) if target else {"type": "object"}
    if "$ref" in schema:
        return {**{key: value for key, value in schema.items() if key != "$ref"}, **meant}
    return {**schema, "anyOf": [meant if "$ref" in part else part for part in schema["anyOf"]]}


def _as_reference(record: Schema, name: str, types: _Types) -> Schema:
    """Return a reference in place of a record that is of a named type: by the property's name, and by its shape."""
    target = types.by_property(name)
    known = types.schemas.get(target, {}).get("properties", {})
    fits = target and (not known or likeness(record["properties"], known) >= SAME)
    if not fits:
        target = _same_shape(record, types)
    if not target:
        return record
    own = {key: value for key, value in record.items() if key != "type"}
    types.shown[target].append({**own, "type": "object"})
    assumed = {key: value for key, value in record.get(EVIDENCE, {}).items() if key in ("page", "line")}
    evidence = {EVIDENCE: {**assumed, "grade": Grade.ASSUMED.value}} if assumed else {}
    return {**reference(target), **evidence}


def _same_shape(record: Schema, types: _Types) -> str:
    """Return the one type that has exactly the record's properties, empty where none or several have."""
    names = frozenset(record["properties"])
    same = types.by_shape.get(names, [])
    return same[0] if len(names) >= FEWEST and len(same) == 1 else ""


def _mentions(schemas: dict[str, Schema]) -> dict[str, dict[str, Any]]:
    """Return the evidence of the first property that refers to a type, by the type's name."""
    mentions: dict[str, dict[str, Any]] = {}
    for schema in schemas.values():
        for part in schema.get("properties", {}).values():
            if (target := _target(part)) and EVIDENCE in part:
                mentions.setdefault(target, part[EVIDENCE])
    return mentions


def _assumed_record(mention: dict[str, Any] | None) -> Schema:
    """Return an open record for a type that no page shows, with the line that first names it as evidence."""
    if mention is None:
        return {"type": "object"}
    evidence = {"page": mention["page"], "line": mention["line"], "grade": Grade.ASSUMED.value}
    return {"type": "object", EVIDENCE: evidence}


def _with_bodies(operation: Operation, resolved: ResolvedTypes) -> Operation:
    """Return the operation with its bodies referred to what they really are."""
    return with_media_types(operation, lambda media_type: _renamed(media_type, operation.id, resolved))


def _renamed(media_type: MediaType, operation: str, resolved: ResolvedTypes) -> MediaType:
    schema = media_type.schema
    if schema is None:
        return media_type
    if "items" in schema:
        items = _renamed(replace(media_type, schema=schema["items"]), operation, resolved).schema
        return replace(media_type, schema={**schema, "items": items})
    target = resolved.bodies.get((operation, _target(schema)))
    return replace(media_type, schema=_retargeted(schema, target)) if target else media_type
