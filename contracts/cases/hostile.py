"""Values and bodies that break what is documented, each one rule."""

import json
from collections.abc import Iterator
from typing import Any

from docdouble.schemas import Call, Schema
from docdouble.schemas.http import FORM, is_json

from ..generation.fields import RequestField
from .boundary import MOST_ITEMS, Sampled, limits, may_stand_at
from .draft import ABSENT, Draft
from .texts import LONE_SURROGATE, LONGEST, NO_DAY, WRONG

_TOO_DEEP = 200
"""Levels that readers of JSON refuse, and that harm none of them."""

UNKNOWN = "docdouble-unknown"
"""A value that no documentation lists."""

CALENDAR = "calendar"
"""Rule of days that there are: readers of dates may look at their shape only."""

SURROGATE = "surrogate"
"""Rule that a text with a lone surrogate breaks: receivers may do anything with it (RFC 8259, section 8.2)."""

Wrong = tuple[str, str, Any]
"""Words about a broken value, the rule that it breaks, and the value: ``ABSENT`` to leave the field out."""

Broken = tuple[str, str, Call]
"""Words about a broken call, the rule that it breaks, and the call."""

_OTHERS: dict[str, tuple[tuple[str, Any], ...]] = {
    "integer": (("a text", "many"), ("a fraction", 1.5), ("true", True), ("an array", [1])),
    "number": (("a text", "many"), ("true", True), ("an object", {})),
    "boolean": (("a text", "perhaps"), ("a number", 2)),
    "string": (("a number", 12), ("an object", {}), ("true", True)),
    "array": (("an object", {}), ("a text", UNKNOWN)),
    "object": (("an array", []), ("a text", UNKNOWN), ("a number", 12)),
    "dictionary": (("an array", []), ("a text", UNKNOWN)),
}
"""Kind of a field → values of other kinds."""

_AS_TEXT = {"integer": ("many", "1.5", "0x10", ""), "number": ("many", "1,5"), "boolean": ("perhaps", "2")}
"""Kind of a parameter → texts that mean no value of it."""


def hostile(field: RequestField, media_type: str = "application/json") -> Iterator[Wrong]:
    """Yield values that a field may not have; a form has parts, each of which is a text of any kind, and never null."""
    is_in_form = field.where == "body" and _is_form(media_type)
    yield from () if is_in_form and (not field.path or field.kind == "string") else _of_other_kinds(field)
    if field.is_required and field.where != "path" and field.path:
        yield "left out", "required", ABSENT
    if field.where == "body" and not field.may_be_null and not is_in_form:
        yield "null", "type", None
    if "enum" in field.schema:
        yield "not listed", "enum", UNKNOWN if field.kind in ("string", "") else 2**31 - 1
    elif "const" in field.schema:
        yield "another value", "const", UNKNOWN
    yield from _out_of_range(field)
    yield from _texts(field)
    yield from _counts(field)


def _is_form(media_type: str) -> bool:
    return media_type == FORM or media_type.startswith("multipart/")


def _of_other_kinds(field: RequestField) -> Iterator[Wrong]:
    if field.where == "body":
        yield from ((about, "type", value) for about, value in _OTHERS.get(field.kind, ()))
    else:
        texts = (text for text in _AS_TEXT.get(field.kind, ()) if text or field.where != "path")
        yield from ((repr(text), "type", text) for text in texts)


def _out_of_range(field: RequestField) -> Iterator[Wrong]:
    if field.kind not in ("integer", "number") or "enum" in field.schema:
        return
    low, high = limits(field.schema)
    name = field.schema.get("format") if field.kind == "integer" else None
    if high is not None:
        yield f"above {name or 'the greatest'}", "maximum", high + 1
    if low is not None:
        yield f"below {name or 'the least'}", "minimum", low - 1
    step = field.schema.get("multipleOf")
    if step:
        yield "no multiple", "multipleOf", step * 1.5


def _texts(field: RequestField) -> Iterator[Wrong]:
    schema = field.schema
    if field.kind != "string":
        return
    texts = [text for text in WRONG.get(str(schema.get("format", "")), ()) if may_stand_at(field, text)]
    yield from ((f"no {schema['format']}: {text!r}", "format", text) for text in texts if text or field.where == "body")
    if day := NO_DAY.get(str(schema.get("format"))):
        yield f"no day: {day!r}", CALENDAR, day
    if schema.get("minLength"):
        yield "too short", "minLength", "x" * (schema["minLength"] - 1)
    if schema.get("maxLength", LONGEST) < LONGEST:
        yield "too long", "maxLength", "x" * (schema["maxLength"] + 1)
    if "pattern" in schema:
        broken = (
            ("!", " ") if field.where in ("header", "cookie") else ("!", "a\nb", " ")
        )  # no field holds a line break
        yield from ((f"not the pattern: {text!r}", "pattern", text) for text in broken)
    if field.where == "body":
        yield "a lone surrogate", SURROGATE, LONE_SURROGATE


def _counts(field: RequestField) -> Iterator[Wrong]:
    schema = field.schema
    items = schema.get("items") if isinstance(schema.get("items"), dict) else {}
    if field.kind == "array":
        if schema.get("minItems"):
            yield (
                "too few items",
                "minItems",
                [Sampled(items or {}, number) for number in range(schema["minItems"] - 1)],
            )
        if schema.get("maxItems", MOST_ITEMS) < MOST_ITEMS:
            yield (
                "too many items",
                "maxItems",
                [Sampled(items or {}, number) for number in range(schema["maxItems"] + 1)],
            )
        if schema.get("uniqueItems"):
            yield "one item twice", "uniqueItems", [Sampled(items or {}, 0)] * 2
    if field.kind in ("object", "dictionary") and field.where == "body":
        yield from _members(schema)


def _members(schema: Schema) -> Iterator[Wrong]:
    if schema.get("additionalProperties") is False:
        yield "an undocumented property", "additionalProperties", {UNKNOWN: 1}
    if schema.get("minProperties"):
        yield "too few members", "minProperties", {}
    rest = schema.get("additionalProperties")
    if schema.get("maxProperties", MOST_ITEMS) < MOST_ITEMS and rest is not False:
        members = range(schema["maxProperties"] + 1)
        drawn = [Sampled(rest if isinstance(rest, dict) else {}, number) for number in members]
        yield "too many members", "maxProperties", {f"docdouble{number}": drawn[number] for number in members}


def broken_bodies(base: Draft, *, is_required: bool) -> Iterator[Broken]:
    """Yield calls whose body can't be read, or isn't what was announced."""
    if base.body is ABSENT:
        return
    yield "a media type that nobody documents", "media-type", base.calling(b"\x00docdouble", "application/x-docdouble")
    if is_required:
        # a form without any part has no boundary, and clients announce none
        yield "no body", "required", base.calling(b"", "" if base.media_type.startswith("multipart/") else None)
    if not is_json(base.media_type):
        return
    text = json.dumps(base.body)
    octets = {
        "null": ("type", b"null"),
        "an array": ("type", b"[]"),
        "broken off": ("syntax", text[:-1].encode()),
        "no UTF-8": ("UTF-8", b'{"docdouble":"\xff\xfe"}'),
        "something behind it": ("syntax", text.encode() + b"}"),
        "a comma too many": ("syntax", text[:-1].encode() + b"," + text[-1:].encode()),
        "NaN": ("NaN", b'{"docdouble":NaN}'),
        "nested too deep": ("depth", b"[" * _TOO_DEEP + b"]" * _TOO_DEEP),
    } | dict(_twice(base.body))
    yield from ((about, rule, base.calling(body)) for about, (rule, body) in octets.items())
    yield "a charset that isn't", "charset", base.calling(text.encode(), f"{base.media_type}; charset=docdouble")


def _twice(body: Any) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Yield bodies that hold a property twice: readers of JSON disagree about which one counts."""
    if not isinstance(body, dict) or not body:
        return
    name, value = next(iter(body.items()))
    rest = json.dumps(body)[1:]
    for about, spelled in (("a property twice", name), ("a property twice, in other letters", name.swapcase())):
        if about == "a property twice" or spelled != name:
            yield about, ("unique", f"{{{json.dumps(spelled)}: {json.dumps(value)}, {rest}".encode())
