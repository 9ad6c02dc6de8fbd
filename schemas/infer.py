"""Sample value → schema, with the line on which the sample shows each part."""

import re
from dataclasses import dataclass
from typing import Any

from .contract import EVIDENCE, Evidence, Grade, Schema, allow_null, evidence_of, non_null, nullable, with_evidence
from .dialect import Dialect
from .positions import Lines, escape

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?\Z")
_TERM = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*\Z")
"""A word that looks chosen from a list (``OnlyThis``, ``System.Int32``) rather than written."""


@dataclass(frozen=True)
class Sample:
    """A sample body: its value, the line of each node, its page and the dialect to read it by."""

    value: Any
    lines: Lines
    page: str
    dialect: Dialect

    def evidence(self, pointer: str, grade: Grade = Grade.SAMPLED) -> Evidence:
        """Return the evidence of the node at a JSON Pointer."""
        return Evidence(grade, self.page, self.lines[pointer])

    def infer(self, value: Any, pointer: str = "", name: str = "", description: str = "") -> Schema:
        """Return the schema that ``value``, found at ``pointer`` under the property ``name``, shows."""
        match value:
            case None:
                schema: Schema = {}
            case list():
                items = [self.infer(item, f"{pointer}/{index}", name) for index, item in enumerate(value)]
                schema = {"type": "array", "items": combine_all(items)} if items else {"type": "array"}
            case dict():
                schema = self._object(value, pointer, name, description)
            case _:
                return self._scalar(value, pointer)
        found = self.evidence(pointer)
        return with_evidence(schema, found, null=found) if value is None else with_evidence(schema, found)

    def _object(self, value: dict[str, Any], pointer: str, name: str, description: str) -> Schema:
        parts = {key: self.infer(part, f"{pointer}/{escape(key)}", key) for key, part in value.items()}
        if self.is_dictionary(value, name, description):
            return {"type": "object", "additionalProperties": combine_all(list(parts.values()))}
        return {"type": "object", "properties": parts} if parts else {"type": "object"}

    def is_dictionary(self, value: dict[str, Any], name: str, description: str) -> bool:
        """Tell a dictionary from a record: by the description's word, else by what the sample's keys look like."""
        words = self.dialect.dictionary_words
        said = bool(words and words.search(description))
        return bool(value) and (said or all(self.dialect.is_placeholder(name, key) for key in value))

    def _scalar(self, value: Any, pointer: str) -> Schema:
        found = self.evidence(pointer)
        convention = self.evidence(pointer, Grade.ASSUMED)
        match value:
            case bool():
                return with_evidence({"type": "boolean"}, found)
            case int():
                return with_evidence(self.dialect.sampled_integer, found, format=convention)
            case float():
                return with_evidence(self.dialect.sampled_number, found, format=convention)
        schema: Schema = {"type": "string"}
        if _DATE_TIME.match(value):
            schema |= {"format": "date-time", "examples": [value]}
        elif _TERM.match(value):
            schema["examples"] = [value]
        return with_evidence(schema, found)


def combine_all(schemas: list[Schema]) -> Schema:
    """Return one schema that admits all that the given ones show."""
    combined = schemas[0] if schemas else {}
    for schema in schemas[1:]:
        combined = combine(combined, schema)
    return combined


def shows_nothing(schema: Schema) -> bool:
    """Tell whether a schema says nothing of its value, apart from evidence."""
    return not set(schema) - {EVIDENCE, "description"}


def combine(first: Schema, second: Schema) -> Schema:
    """Return a schema that admits what either shows; where both say the same, the first's evidence stays."""
    if shows_nothing(first) or shows_nothing(second):
        known, other = (second, first) if shows_nothing(first) else (first, second)
        return _with_null_of(known, other)
    if nullable(first) != nullable(second):
        return allow_null(combine(_without_null(first), _without_null(second)))
    if "$ref" in first or "anyOf" in first:
        return first
    kinds = {_kind(first), _kind(second)}
    if kinds == {"integer", "number"}:
        return first if _kind(first) == "number" else second
    if len(kinds) > 1:
        return {EVIDENCE: first[EVIDENCE]} if EVIDENCE in first else {}
    return _combine_same(first, second)


def _combine_same(first: Schema, second: Schema) -> Schema:
    merged = dict(first)
    for keyword in ("items", "additionalProperties"):
        if keyword in second:
            merged[keyword] = combine(first.get(keyword, {}), second[keyword])
    if "properties" in second:
        own = first.get("properties", {})
        merged["properties"] = own | {
            name: combine(own[name], part) if name in own else part for name, part in second["properties"].items()
        }
    if first.get("format") != second.get("format"):
        merged.pop("format", None)
    examples = list(dict.fromkeys(first.get("examples", []) + second.get("examples", [])))
    return {**merged, "examples": examples} if examples else merged


def _with_null_of(known: Schema, other: Schema) -> Schema:
    found = evidence_of(other, "null") if "null" in other.get(EVIDENCE, {}).get("keywords", {}) else None
    return said_null(known, found) if found and not shows_nothing(known) else known


def said_null(schema: Schema, found: Evidence) -> Schema:
    """Return the schema widened by null, with the evidence for it."""
    widened = allow_null(schema)
    own = widened.get(EVIDENCE, found.as_dict())
    keywords = {"null": found.as_dict()} | own.get("keywords", {})
    return {**widened, EVIDENCE: {**own, "keywords": dict(sorted(keywords.items()))}}


def _without_null(schema: Schema) -> Schema:
    if isinstance(declared := schema.get("type"), list):
        return {**schema, "type": next(kind for kind in declared if kind != "null")}
    return non_null(schema)


def _kind(schema: Schema) -> Any:
    declared = schema.get("type")
    return declared[0] if isinstance(declared, list) else declared
