"""Bodies that are documented as a whole: their media types, and the parameter or the type that they are."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from ..contract.model import COMPONENT_PREFIX, Schema, types_of
from ..dialects.family_settings import FamilySettings
from ..http import FORM, MULTIPART, is_json
from .infer_schemas import record_of
from .merge import TypeReading
from .parameter_rows import DocumentedRow
from .row_schemas import RowSchemas
from .section_contents import SectionContents
from .type_grammar import read_documented_type

_MEDIA_TYPE = re.compile(
    r"(?<![\w/])(?:(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+*-]*[\w*]|\*/\*)"
)
_NONE = "not defined"
_BODY_NAME = re.compile(r"(?:.*_)?(?:body|payload)")


def stated_media_types(contents: SectionContents, header: str) -> tuple[str, ...] | None:
    """Return the media types that the rows of a header list, JSON first; ``None`` where there is no such row."""
    rows = [row for row in contents.rows["header"] if row.name.lower() == header]
    texts = [f"{row.type} {row.text} {row.default or ''} {row.example} {' '.join(row.listed)}" for row in rows]
    listed = dict.fromkeys(media for text in texts for media in _MEDIA_TYPE.findall(text))
    says_none = any(_NONE in text.lower() for text in texts)
    return tuple(sorted(listed, key=lambda media: not is_json(media))) if listed or says_none else None


def whole_body(
    contents: SectionContents, stated: Collection[str], is_variable: Callable[[str], bool], settings: FamilySettings
) -> DocumentedRow | None:
    """Return the parameter, or the type alone, that is the whole request body, ``None`` where its fields are listed.

    Such a parameter is called a body, or is of a type that other pages describe, and no heading says where it goes. It
    stands alone, or the media types of the body are ``stated``.
    """
    if any(media in (FORM, MULTIPART) for media in stated):
        return None
    if row := contents.types.get("request"):
        return row
    if len(contents.rows["body"]) == 1 and not (only := contents.rows["body"][0]).type:
        return replace(only, type=only.name) if "$ref" in settings.types.get(only.name.lower(), {}) else None
    if len(contents.rows["body"]) == 1 and (only := contents.rows["body"][0]).location == "body":
        return only if _BODY_NAME.fullmatch(only.name.lower()) or _is_record(only, True, settings) else None
    rows = [row for row in contents.rows["parameters"] if not is_variable(row.name)]
    if len(rows) > 1 and not stated:
        return None
    named = (row for row in rows if _BODY_NAME.fullmatch(row.name.lower()))
    return next((row for row in rows if _is_record(row, bool(stated), settings)), None) or next(named, None)


def _is_record(row: DocumentedRow, takes_body: bool, settings: FamilySettings) -> bool:
    """Tell whether a row is of a type that has a page of its own, or is a list of such."""
    meaning = read_documented_type(row.type, settings.types) if row.type else None
    inner = meaning.schema.get("items", meaning.schema) if meaning else {}
    return "$ref" in inner or (takes_body and meaning is not None and bool(meaning.named) and "](" in row.type)


def stated_schema(
    whole: DocumentedRow, seen: Schema, is_sentence: bool, schemas: RowSchemas
) -> tuple[Schema, list[TypeReading]]:
    """Return the schema of a body of a stated type, and what samples show of a described type.

    Of a list that a sentence names, samples show whether it is the body or stands in it.
    """
    stated = schemas.value_schema(whole)
    items = stated.get("items", {})
    target, place = items.get("$ref", stated.get("$ref")), seen
    if items and "object" in types_of(seen) and is_sentence:
        lists = {name: part for name, part in seen.get("properties", {}).items() if "items" in part and record_of(part)}
        if len(lists) != 1:
            return seen, []
        ((name, place),) = lists.items()
        stated = {**seen, "properties": {**seen["properties"], name: {**place, "items": items}}}
    shown = record_of(place)
    if not target or not shown or ("items" in place) != bool(items):
        return schemas.value_schema(whole, seen), []
    return stated, [TypeReading(target.removeprefix(COMPONENT_PREFIX), shown)]
