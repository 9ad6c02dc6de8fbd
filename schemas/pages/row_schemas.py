"""Schemas of documented rows, completed by what samples show of the same parts."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..contract.model import Evidence, Grade, Schema, allow_null, types_of, with_evidence
from ..dialects.family_settings import FamilySettings
from ..extraction import Contradiction, contradiction_at
from ..jsonschema.text_kinds import KINDS
from .infer_schemas import combine, combine_all, record_of, with_null_of
from .inline_text import plain_text
from .merge import sample_type, unlike
from .parameter_rows import DocumentedRow
from .type_grammar import NOTHING, DocumentedType, read_documented_type, type_in_prose

_INSIDE = ("items", "properties", "propertyNames", "additionalProperties", "examples", KINDS)
_DATE_TIME = re.compile(
    r"\b(?:date and time|date-?time|timestamp)\b.{0,80}\b(?:rfc[ -]?3339|iso[ -]?8601)\b", re.IGNORECASE | re.DOTALL
)
_NULL_IF = re.compile(r"`null` (?:if|when)\b", re.IGNORECASE)
_EMPTY_DEFAULTS = (
    "",
    "nil",
    "null",
    "none",
    "n/a",
    "-",
    "\u2013",
    "*",
    "undefined",
    '""',
    "''",
    "[]",
    "{}",
    "<required>",
    "<optional>",
)


@dataclass
class RowSchemas:
    """Reading of rows of one page to schemas; collects the contradictions on the way."""

    page: str
    settings: FamilySettings
    contradictions: list[Contradiction] = field(default_factory=list)

    def evidence(self, row: DocumentedRow) -> Evidence:
        """Return the evidence of what a row states."""
        return Evidence(Grade.STATED, self.page, row.line)

    def meaning(self, row: DocumentedRow) -> DocumentedType:
        """Return what the type of a row means, or the type that its description begins with."""
        if not row.type:
            return DocumentedType(type_in_prose(row.text))
        read = read_documented_type(row.type, self.settings.types)
        if read is None:
            message = f"type {row.type!r} of {row.name} means nothing"
            self.contradictions.append(contradiction_at(self.evidence(row), "unreadable-type", message))
            return NOTHING
        if read.named:
            return DocumentedType({}, read.nullable, read.named)
        return read

    def value_schema(self, row: DocumentedRow, seen: Schema | None = None) -> Schema:
        """Return the schema of what a row describes; ``seen`` is what samples show of it."""
        meaning, evidence = self.meaning(row), self.evidence(row)
        stated = dict(meaning.schema)
        if row.choices and not stated.get("enum") and types_of(stated) in ((), ("string",)):
            stated = {"type": "string", "enum": list(row.choices)}
        if stated == {"type": "string"} and _DATE_TIME.search(row.text):
            stated = {**stated, "format": "date-time"}
        if row.children and ("array" in types_of(stated) or "object" in types_of(stated) or not stated):
            stated = self._with_children(row, stated, seen or {})
        schema = with_evidence(stated, evidence)
        if seen:
            schema = self._completed(row, schema, seen, evidence)
        if meaning.nullable or row.nullable or _NULL_IF.search(row.text):
            schema = allow_null(schema)
        direction = {"readOnly": True} if row.read_only else {}
        return {**schema, **direction, **self._annotations(row, schema)}

    def _with_children(self, row: DocumentedRow, stated: Schema, seen: Schema) -> Schema:
        if "array" in types_of(stated):
            inner = seen.get("items", {})
            return {**stated, "items": self.object_schema(row.children, inner, self.evidence(row))}
        values = list(seen.get("properties", {}).values())
        names = {part.name for part in row.children}
        if len(values) > 1 and all(_holds(record_of(value), names, only=False) for value in values):
            value = self.object_schema(row.children, combine_all(values), self.evidence(row))
            return {**stated, "type": "object", "additionalProperties": value}
        return {**stated, **self.object_schema(row.children, seen, self.evidence(row))}

    def _completed(self, row: DocumentedRow, stated: Schema, seen: Schema, evidence: Evidence) -> Schema:
        kinds, shown = types_of(stated), types_of(seen)
        if not shown or ("$ref" in stated and "array" not in shown):
            return with_null_of(stated, seen)
        if not kinds:
            return {**seen, **({} if "description" not in stated else {"description": stated["description"]})}
        if wrong := unlike(shown, kinds):
            self.contradictions.append(sample_type(row.name, kinds, wrong[0], evidence))
            return with_null_of({**_without_enum(stated), "type": [*kinds, *wrong]}, seen)
        inside = {key: seen[key] for key in _INSIDE if key in seen and key not in stated}
        for key in ("properties", "items"):
            if key in seen and key in stated:
                inside[key] = (
                    _joined(stated[key], seen[key])
                    if key == "properties"
                    else stated[key]
                    if "$ref" in stated[key]
                    else combine(stated[key], seen[key])
                )
        if "format" in seen and "format" not in stated and shown == kinds == ("string",):
            inside["format"] = seen["format"]
        return with_null_of({**stated, **inside}, seen)

    def _annotations(self, row: DocumentedRow, schema: Schema) -> Schema:
        annotations: Schema = {"description": plain_text(row.text)} if row.text.strip() else {}
        kinds = types_of(schema)
        if row.default is not None and (default := _fitting(row.default, schema)) is not None:
            annotations["default"] = default
        examples = [
            value for text in (row.example, *row.listed) if text and (value := _fitting(text, schema)) is not None
        ]
        if examples and "enum" not in schema and kinds and kinds[0] in ("string", "integer", "number"):
            annotations["examples"] = list(dict.fromkeys((*examples, *schema.get("examples", ()))))
        return annotations

    def object_schema(self, rows: Sequence[DocumentedRow], seen: Schema, evidence: Evidence) -> Schema:
        """Return the schema of an object with a row for each of its properties, or of its one part that has those."""
        if place := _wrapper(rows, seen):
            inside = [row for row in rows if row.name not in seen["properties"]]
            beside = [row for row in rows if row.name in seen["properties"]]
            outer = self.object_schema(beside, seen, evidence) if beside else seen
            part = outer["properties"][place]
            inner = self.object_schema(inside, record_of(part), evidence)
            wrapped = {**part, "items": inner} if "items" in part else inner
            return {**outer, "properties": {**outer["properties"], place: wrapped}}
        shown = {name.lower(): (name, part) for name, part in seen.get("properties", {}).items()}
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for row in with_nested_names(rows, seen):
            if row.name in properties:
                self.contradictions.append(
                    contradiction_at(self.evidence(row), "described-twice", f"{row.name} is described twice")
                )
                continue
            spelled, part = shown.pop(row.name.lower(), (row.name, {}))
            properties[spelled] = self.value_schema(row, part)
            if row.required:
                required.append(spelled)
        properties |= dict(shown.values())
        schema: Schema = {"type": "object", "properties": properties}
        return with_evidence({**schema, "required": required} if required else schema, evidence)


def _wrapper(rows: Sequence[DocumentedRow], seen: Schema) -> str:
    """Return the property of a sample in which it has what rows describe, and nowhere else; empty for none.

    That may be the first of the rows itself, where more of the others are inside of it than beside it.
    """
    properties = seen.get("properties", {})
    names = {row.name for row in rows}
    inside = names - properties.keys()
    only = len(properties) == 1
    holders = [name for name, part in properties.items() if _holds(record_of(part), inside, only)]
    if not inside or len(holders) != 1:
        return ""
    leads = rows[0].name == holders[0] and len(inside) > len(names - inside)
    return holders[0] if leads or inside == names else ""


def _holds(record: Schema, names: set[str], only: bool) -> bool:
    """Tell whether a record has half of the names, or they have half of its own where nothing stands beside it."""
    own = record.get("properties", {}).keys()
    return len(own & names) * 2 >= (min(len(own), len(names)) if only and own else len(names))


def _joined(stated: dict[str, Schema], seen: dict[str, Schema]) -> dict[str, Schema]:
    lowered = {name.lower() for name in stated}
    return {**stated, **{name: part for name, part in seen.items() if name.lower() not in lowered}}


def _without_enum(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "enum"}


def _fitting(text: str, schema: Schema) -> Any:
    """Return a documented text as a value of a schema's type, ``None`` where it is none."""
    bare = text.strip().strip("`").strip()
    if bare.lower() in _EMPTY_DEFAULTS or re.fullmatch(r":[\w-]+:", bare):
        return None
    kinds = types_of(schema)
    unquoted = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'" else bare
    if "enum" in schema:
        return unquoted if unquoted in schema["enum"] else None
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        value = {"true": True, "false": False}.get(bare.lower(), unquoted)
    shown = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}.get(
        type(value), ""
    )
    if shown in kinds or (shown == "integer" and "number" in kinds):
        return value
    if kinds == ("string",) and "format" not in schema and not isinstance(value, list | dict) and len(unquoted) <= 60:
        return unquoted
    return None


def with_nested_names(rows: Iterable[DocumentedRow], seen: Schema) -> list[DocumentedRow]:
    """Return rows with those of dotted names (``a.b``, ``a[].b``, ``a[b]``, ``a:b``) below the row of the whole.

    A name whose first part has no row, and that no sample shows as an object, is one with a dot in it.
    """
    listed = list(rows)
    names = {row.name for row in listed}
    shown = {name for name, part in seen.get("properties", {}).items() if set(types_of(part)) & {"object", "array"}}
    by_name: dict[str, DocumentedRow] = {}
    for row in listed:
        outer, inner = _split(row.name)
        literal = row.name in seen.get("properties", {})
        if inner and not literal and (outer in names or outer in shown or "[" in row.name or _many(outer, names)):
            parent = by_name.get(outer) or DocumentedRow(
                outer, row.line, "array" if "[]" in row.name.partition(".")[0] else "object"
            )
            by_name[outer] = replace(parent, children=(*parent.children, replace(row, name=inner)))
        elif row.name in by_name and by_name[row.name].children and not row.children and by_name[row.name].text == "":
            by_name[row.name] = replace(row, children=by_name[row.name].children)
        else:
            by_name.setdefault(row.name, row)
    return list(by_name.values())


def _split(name: str) -> tuple[str, str]:
    match = re.match(
        r"(?P<outer>[\w$@-]+)(?:\[\]|\[\d*\]|\.\*|\.\{[^}]*\}|\.<[^>]*>)*(?:\.|:(?=\w)|\[(?=\w))(?P<inner>.+)\Z", name
    )
    return (match["outer"], match["inner"].rstrip("]")) if match else (name, "")


def _many(outer: str, names: set[str]) -> bool:
    return sum(name.startswith((f"{outer}.", f"{outer}:")) for name in names) > 1
