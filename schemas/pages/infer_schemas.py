"""Inference of schemas from samples, with the line on which the sample shows each part."""

import re
from dataclasses import dataclass
from typing import Any

from ..contract.model import (
    EVIDENCE,
    Evidence,
    Grade,
    Schema,
    allow_null,
    evidence_of,
    non_null,
    nullable,
    types_of,
    with_evidence,
)
from ..dialects.base import Dialect
from ..json_lines import Lines
from ..json_pointer import escape_token
from ..jsonschema.formats import INTEGER_RANGES, is_loose_date_time
from ..jsonschema.text_kinds import KINDS, counted_together, text_kind

_OBJECT_KEYWORDS = ("properties", "propertyNames", "additionalProperties")
_TERM = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*\Z")
"""A word that looks chosen from a list (``OnlyThis``, ``System.Int32``) rather than written."""

_DATE_TIMES = 2
"""Examples of a ``date-time`` that are kept: they only show its style."""


_DOUBT = {grade.value: number for number, grade in enumerate(Grade)}
"""Grades of evidence, the surest first."""


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
        evidence = self.evidence(pointer)
        return with_evidence(schema, evidence, null=evidence) if value is None else with_evidence(schema, evidence)

    def _object(self, value: dict[str, Any], pointer: str, name: str, description: str) -> Schema:
        parts = {key: self.infer(part, f"{pointer}/{escape_token(key)}", key) for key, part in value.items()}
        if self.is_dictionary(value, name, description):
            names = {"examples": list(value)}
            return {"type": "object", "propertyNames": names, "additionalProperties": combine_all(list(parts.values()))}
        return {"type": "object", "properties": parts} if parts else {"type": "object"}

    def is_dictionary(self, value: dict[str, Any], name: str, description: str) -> bool:
        """Tell a dictionary from a record: by the description's word, else by what the sample's keys look like."""
        words = self.dialect.dictionary_words
        is_named = bool(words and words.search(description))
        return bool(value) and (is_named or all(self.dialect.is_placeholder(name, key) for key in value))

    def _scalar(self, value: Any, pointer: str) -> Schema:
        evidence = self.evidence(pointer)
        convention = self.evidence(pointer, Grade.ASSUMED)
        match value:
            case bool():
                return with_evidence({"type": "boolean"}, evidence)
            case int():
                return self._integer(value, evidence, convention)
            case float():
                return with_evidence(self.dialect.sampled_number, evidence, format=convention)
        schema: Schema = {"type": "string", KINDS: {text_kind(value): 1}}
        if "T" in value and is_loose_date_time(value):
            schema |= {"format": "date-time", "examples": [value]}
        elif _TERM.match(value):
            schema["examples"] = [value]
        return with_evidence(schema, evidence)

    def _integer(self, value: int, evidence: Evidence, convention: Evidence) -> Schema:
        schema = self.dialect.sampled_integer
        low, high = INTEGER_RANGES.get(schema.get("format", ""), (value, value))
        if low <= value <= high:
            return with_evidence(schema, evidence, format=convention)
        return with_evidence({key: part for key, part in schema.items() if key != "format"}, evidence)


def combine_all(schemas: list[Schema]) -> Schema:
    """Return one schema that admits all that these show."""
    combined = schemas[0] if schemas else {}
    for schema in schemas[1:]:
        combined = combine(combined, schema)
    return combined


def record_of(schema: Schema) -> Schema:
    """Return the schema of an object, or of the objects of a list, empty for others."""
    inner: Schema = schema.get("items", schema)
    return inner if "object" in types_of(inner) else {}


def shows_nothing(schema: Schema) -> bool:
    """Tell whether a schema says nothing of its value, apart from annotations."""
    return not set(schema) - {EVIDENCE, KINDS, "description"}


def combine(first: Schema, second: Schema) -> Schema:
    """Return a schema that admits what either shows, with the evidence of the surer one, else of the first.

    Other pages that state it, too, are kept beside the evidence.
    """
    combined = _combine(first, second)
    for schema in (first, second):
        combined = _also_stated(combined, schema.get(EVIDENCE))
    return combined


def _also_stated(schema: Schema, other: dict[str, Any] | None) -> Schema:
    own = schema.get(EVIDENCE)
    if not own or not other or {own["grade"], other["grade"]} != {Grade.STATED.value}:
        return schema
    pages = {other["page"]: other["line"], **other.get("also", {}), **own.get("also", {})}
    pages.pop(own["page"], None)
    return {**schema, EVIDENCE: {**own, "also": dict(sorted(pages.items()))}} if pages else schema


def _combine(first: Schema, second: Schema) -> Schema:
    if _surer(second, first):
        first, second = second, first
    if shows_nothing(second):
        return with_null_of(first, second)
    if shows_nothing(first):
        return with_null_of(second, first)
    if nullable(first) != nullable(second):
        both = combine(without_null(first), without_null(second))
        return with_null_of(both, first if nullable(first) else second)
    for schema in (first, second):
        if "$ref" in schema or "anyOf" in schema:
            return schema
    return _combine_inline(first, second)


def _surer(schema: Schema, other: Schema, keyword: str = "") -> bool:
    """Tell whether a schema, or its ``keyword``, is better supported than the other's."""
    return _doubt(schema, keyword) < _doubt(other, keyword)


def _doubt(schema: Schema, keyword: str) -> int:
    evidence = schema.get(EVIDENCE, {})
    return _DOUBT.get(evidence.get("keywords", {}).get(keyword, evidence).get("grade"), len(_DOUBT))


def _combine_inline(first: Schema, second: Schema) -> Schema:
    kinds = dict.fromkeys((*types_of(first), *types_of(second)))
    if set(kinds) == {"integer", "number"}:
        return first if "number" in types_of(first) else second
    merged = {key: value for key, value in first.items() if key not in _OBJECT_KEYWORDS}
    if len(kinds) > 1:
        merged["type"] = [*kinds, *(["null"] if nullable(first) else [])]
    if "items" in second:
        merged["items"] = combine(first.get("items", {}), second["items"])
    if first.get("format") != second.get("format") and not (_is_stated(first) and _surer(first, second, "format")):
        merged = _without_format(merged)
    annotations = _joined_examples(merged, second) | counted_together(merged, second)
    return merged | annotations | _combine_objects(first, second)


def _without_format(schema: Schema) -> Schema:
    plain = {key: value for key, value in schema.items() if key != "format"}
    if keywords := schema.get(EVIDENCE, {}).get("keywords"):
        others = {key: fact for key, fact in keywords.items() if key != "format"}
        own = {key: fact for key, fact in schema[EVIDENCE].items() if key != "keywords"}
        plain[EVIDENCE] = {**own, "keywords": others} if others else own
    return plain


def _joined_examples(first: Schema, second: Schema) -> Schema:
    values = list(dict.fromkeys((*first.get("examples", ()), *second.get("examples", ()))))
    kept = values[:_DATE_TIMES] if first.get("format") == "date-time" else values
    return {"examples": kept} if kept else {}


def _combine_objects(first: Schema, second: Schema) -> Schema:
    """Return what both objects hold: a record that a table states, else a dictionary where either is one."""
    own, others = first.get("properties", {}), second.get("properties", {})
    both = own | {name: combine(own[name], part) if name in own else part for name, part in others.items()}
    dictionaries = [dictionary for dictionary in (first, second) if "additionalProperties" in dictionary]
    if not dictionaries or any(_is_stated(part) for part in both.values()):
        return {"properties": both} if both else {}
    values = combine_all([*(dictionary["additionalProperties"] for dictionary in dictionaries), *both.values()])
    names = [name for dictionary in dictionaries for name in dictionary.get("propertyNames", {}).get("examples", ())]
    return {"propertyNames": {"examples": list(dict.fromkeys((*names, *both)))}, "additionalProperties": values}


def _is_stated(schema: Schema) -> bool:
    evidence = evidence_of(schema)
    return evidence is not None and evidence.grade is Grade.STATED


def with_null_of(known: Schema, other: Schema) -> Schema:
    """Return ``known``, widened by null where ``other`` may be null."""
    if "null" in other.get(EVIDENCE, {}).get("keywords", {}) and (evidence := evidence_of(other, "null")):
        return with_null_evidence(known, evidence)
    return allow_null(known) if nullable(other) else known


def with_null_evidence(schema: Schema, evidence: Evidence) -> Schema:
    """Return the schema widened by null, with the evidence for it."""
    widened = allow_null(schema)
    own = widened.get(EVIDENCE, evidence.as_dict())
    keywords = {"null": evidence.as_dict()} | own.get("keywords", {})
    return {**widened, EVIDENCE: {**own, "keywords": dict(sorted(keywords.items()))}}


def without_null(schema: Schema) -> Schema:
    """Return the schema narrowed to what is not null."""
    if not isinstance(schema.get("type"), list):
        outer = {key: schema[key] for key in (EVIDENCE, "description") if key in schema}
        return {**non_null(schema), **outer}
    kinds = list(types_of(schema))
    values = {"enum": [value for value in schema["enum"] if value is not None]} if "enum" in schema else {}
    return {**schema, "type": kinds[0] if len(kinds) == 1 else kinds, **values}
