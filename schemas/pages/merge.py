"""Merging of a property table and a sample into one object schema, with their contradictions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ..contract.model import Evidence, Grade, Schema, evidence_of, types_of, with_evidence
from ..dialects.base import Dialect
from ..extraction import Contradiction, contradiction_at
from ..json_pointer import escape_token
from ..jsonschema.text_kinds import KINDS
from .blocks import TableRow
from .infer_schemas import Sample, combine_all, with_null_of, without_null
from .type_words import TypeWord, read_type


@dataclass(frozen=True, slots=True)
class TypeReading:
    """Reading of a type at one place of a page: a body, or the value of a ``property``.

    ``name`` is the type's, or, when ``is_named`` is false, one made of the operation's id.
    """

    name: str
    schema: Schema
    property: str = ""
    is_named: bool = True


@dataclass(frozen=True)
class Merged:
    """The schema of a documented object, the readings of named types it refers to, and the contradictions."""

    schema: Schema
    type_readings: tuple[TypeReading, ...]
    contradictions: tuple[Contradiction, ...]


def merge(rows: tuple[TableRow, ...], sample: Sample | None, pointer: str, page: str, dialect: Dialect) -> Merged:
    """Merge a table with what ``sample`` shows at ``pointer``: an object or an array of them (``None``: nothing)."""
    shown = _shown(sample, pointer) if sample else {}
    shows_records = bool(shown)
    properties: dict[str, Schema] = {}
    type_readings: list[TypeReading] = []
    contradictions: list[Contradiction] = []
    described: set[str] = set()
    for row in rows:
        name, word, description = row.cells[:3]
        evidence = Evidence(Grade.STATED, page, row.line)
        if name.lower() in described:
            contradictions.append(contradiction_at(evidence, "described-twice", f"{name} is described twice"))
            continue
        described.add(name.lower())
        meaning = read_type(word, dialect)
        if meaning is None:
            contradictions.append(
                contradiction_at(evidence, "unreadable-type", f"type {word!r} of {name} means nothing")
            )
            meaning = TypeWord({})
        nodes = shown.pop(name.lower(), [])
        if shows_records and not nodes:
            message = f"the table's {name} is not in the sample"
            contradictions.append(contradiction_at(evidence, "not-in-sample", message, f"add {name} to the sample"))
        seen = combine_all([node.infer(name, description) for node in nodes])
        joined = join(name, meaning, seen, evidence)
        contradictions += joined.contradictions
        if meaning.named and joined.shape is not None:
            type_readings.append(TypeReading(meaning.named, joined.shape, name))
        properties[name] = {**joined.schema, "description": description} if description else joined.schema
    for nodes in shown.values():
        key = nodes[0].key
        schema = properties[key] = combine_all([node.infer(key) for node in nodes])
        message, mend = f"the sample's {key} is in no table", f"add a row for {key} to the table"
        contradictions.append(contradiction_at(evidence_of(schema), "not-in-table", message, mend))
    return Merged({"type": "object", "properties": properties}, tuple(type_readings), tuple(contradictions))


@dataclass(frozen=True, slots=True)
class _SampleProperty:
    """A property in a sample: where it is, its name as the sample spells it, its value."""

    sample: Sample
    pointer: str
    key: str
    value: Any

    def infer(self, name: str, description: str = "") -> Schema:
        return self.sample.infer(self.value, self.pointer, name, description)


def _shown(sample: Sample, pointer: str) -> dict[str, list[_SampleProperty]]:
    """Return the properties of the objects at ``pointer``, by lower-case name."""
    value = sample.value
    for part in pointer.split("/")[1:]:
        value = value[int(part)]
    records = [(f"{pointer}/{index}", record) for index, record in enumerate(value)] if isinstance(value, list) else []
    nodes: dict[str, list[_SampleProperty]] = {}
    for at, record in records or [(pointer, value)]:
        for key, part in record.items() if isinstance(record, dict) else ():
            nodes.setdefault(key.lower(), []).append(_SampleProperty(sample, f"{at}/{escape_token(key)}", key, part))
    return nodes


@dataclass(frozen=True, slots=True)
class Joined:
    """The result of joining a type word and a sample; ``shape`` is what the sample shows of the type that is named.

    ``shape`` is ``None`` where the sample shows something that is not of that type.
    """

    schema: Schema
    shape: Schema | None
    contradictions: tuple[Contradiction, ...] = ()


def join(name: str, meaning: TypeWord, seen: Schema, evidence: Evidence) -> Joined:
    """Join the stated type of ``name`` with what samples show; what the sample can't know stays as it is stated."""
    stated = with_evidence(meaning.schema, evidence)
    if not types_of(seen):
        return Joined(with_null_of(stated, seen), {})
    expected = ("object",) if meaning.named else types_of(meaning.schema)
    wrong = unlike(types_of(seen), expected[:1])
    if wrong:
        contradiction = sample_type(name, expected[:1], wrong[0], evidence)
        return Joined(seen if meaning.named else with_null_of(stated, seen), None, (contradiction,))
    if meaning.named:
        return Joined(with_null_of(stated, seen), without_null(seen))
    completed = _completed(stated, seen, evidence) if meaning.schema else seen
    return Joined(with_null_of(completed, seen), None)


def sample_type(name: str, stated: Iterable[str], shown: str, evidence: Evidence) -> Contradiction:
    """Return the contradiction of stated types and a sample that shows another."""
    message = f"{name} is stated as {' or '.join(stated)}, the sample shows {shown}"
    return contradiction_at(
        evidence, "sample-type", message, f"write {shown} as the type of {name}, or mend the sample"
    )


def unlike(shown: Iterable[str], stated: Collection[str]) -> list[str]:
    """Return the types that samples show and none of the stated ones is; none where nothing is stated."""
    return [kind for kind in shown if stated and kind not in stated and not (kind == "integer" and "number" in stated)]


def _completed(stated: Schema, seen: Schema, evidence: Evidence) -> Schema:
    """Return the stated schema with what only the sample shows: format, what lies inside, terms in use, kinds."""
    inside = ("items", "properties", "propertyNames", "additionalProperties", "examples", KINDS)
    extra: Schema = {key: seen[key] for key in inside if key in seen}
    evidence_shown = evidence_of(seen)
    if "format" in seen and "format" not in stated and evidence_shown and types_of(seen) == ("string",):
        return with_evidence({**stated, **extra, "format": seen["format"]}, evidence, format=evidence_shown)
    return {**stated, **extra}
