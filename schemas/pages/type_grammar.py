"""Grammar of type spellings in documentation: arrays, maps, unions, enumerations, nullable and referenced types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..contract.model import Schema, types_of
from .inline_text import plain_text

_OBJECT: Schema = {"type": "object"}
_STRING: Schema = {"type": "string"}
_FORMATS = {
    r"(?:offset|zoned|local)?date[- ]?time(?:offset|stamp)?|iso[- ]?8601.*|rfc[- ]?3339.*|time\.time": "date-time",
    r"(?:local|naive)?date": "date",
    r"uuid|guid|globally unique identifier": "uuid",
    r"e-?mail(?: address)?": "email",
    r"ur[il]|link": "uri",
    r"ipv4(?: address)?": "ipv4",
    r"ipv6(?: address)?": "ipv6",
    r"byte|base64": "byte",
    r"binary|file|stream|image data|bytes|bytearray|blob|filestream|pathbuf|splfileobject|os\.file": "binary",
}
_WORDS: tuple[tuple[str, Schema], ...] = (
    *((pattern, {"type": "string", "format": name}) for pattern, name in _FORMATS.items()),
    (r"bool(?:ean)?s?|true ?/ ?false|flag", {"type": "boolean"}),
    (r"(?:u?int(?:eger)?|long|short|[iu](?:8|16)|[iu]?size)s?", {"type": "integer"}),
    (
        r"u?int(?:eger)?[ ]?(?:8|16)|byte count|(?:positive|unsigned|non-negative|signed|whole) (?:int|integer|number)",
        {"type": "integer"},
    ),
    (r"u?int(?:eger)?[ ]?32|[iu]32", {"type": "integer", "format": "int32"}),
    (r"u?int(?:eger)?[ ]?64|big ?int(?:eger)?|[iu]64", {"type": "integer", "format": "int64"}),
    (r"(?:unix|epoch)[ -]?(?:time|timestamp).*", {"type": "integer"}),
    (r"(?:number|numeric|(?:big)?decimal|real|money|percentage)s?", {"type": "number"}),
    (r"floats?|float32|f32", {"type": "number", "format": "float"}),
    (r"doubles?|float64|f64", {"type": "number", "format": "double"}),
    (r"(?:string|str|text|char|varchar)s?|strings? literal", _STRING),
    (
        r"id|ids?entifier|etag|(?:time|byte|size) units?|(?:byte|time) (?:size|value)s?"
        r"|duration|time|timestamp|ip(?: address)?|regex|cron|path"
        r"|password|slug|keyword|token|enum",
        _STRING,
    ),
    (r"(?:comma|space|pipe)[- ](?:separated|delimited).*|csv", _STRING),
    (
        r"(?:json )?(?:object|obj|hash|hashmap|map|mapping|dict|dictionary|struct|record|key[- ]value[- ](?:map"
        r"|pairs?))s?(?: object)?",
        _OBJECT,
    ),
    (r"(?:json )?(?:array|list|collection|set|tuple|slice)s?", {"type": "array"}),
)
_KNOWN = tuple((re.compile(rf"(?:{pattern})\Z"), schema) for pattern, schema in _WORDS)
_ARRAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:an? )?(?:json )?(?:array|list|collection|set|sequence|slice)s?(?: of|:| containing) (?:the "
        r"|one or more |zero or more )?(?P<bracket>\[)?(?P<item>.+?)(?(bracket)\])\Z",
        r"(?:array|list|collection|set|vec|seq)\s*[<\[(]\s*(?P<item>.+?)\s*[>\])]\Z",
        r"\[\s*(?P<item>[\w.:]+)\s*\]\Z",
        r"(?P<item>.+?)\s*\[\s*\]\Z",
        r"\[\](?P<item>.+)\Z",
        r"\[\s*(?P<item>[^\[\]]+?)\s*\]\Z",
        r"<\s*(?P<item>.+?)\s*>\s*array(?:\(\w+\))?\Z",
        r"(?P<item>\w+)s? (?:array|list|collection)\Z",
        r"array (?P<item>\w+)\Z",
    )
)
_MAPS = re.compile(
    r"(?:(?:hash)?map|dict|dictionary|record|hash|object|mapping|array(?=<[^<>]*,))\s*(?:[<\[{(]\s*(?P<inner>.*?)\s*[>\]})]"
    r"|\[(?P<key>[^\]]*)\](?P<value>.*)|of .+|with .+|\(.*\))\Z"
    r"|\{\s*(?:\[\s*)?\w+(?:: *\w+\s*\])?: *(?P<braced>[^{}]+?);?\s*\}\Z",
    re.IGNORECASE,
)
_ENUM = re.compile(
    r"(?:string )?(?:enum(?:eration)?|one of|either)\b(?:\s+of)?(?: strings?)?\s*[:(<]?\s*(?P<values>.*?)[)>]?\Z",
    re.IGNORECASE | re.DOTALL,
)
_OR_NULL = re.compile(r"(?P<type>.+?)\s*(?:/|\||\bor\b)\s*(?:null|nil)\Z", re.IGNORECASE)
_ARTICLE = re.compile(
    r"\A(?:an?|the|optional|required|nullable|valid|single|partial|json|nested|simple|raw)\s+", re.IGNORECASE
)
_NULLABLE = re.compile(r"\A(?:[Nn]ullable |Nullable(?=[A-Z]))")
_WRAPPED = re.compile(
    r"(?:option(?:al)?|nullable)\s*[<\[]\s*(?P<type>.+?)\s*[>\]]\Z|pointer to (?P<pointed>.+)\Z"
    r"|enum\s*<\s*(?P<listed>\w+)\s*>\Z",
    re.IGNORECASE,
)
_LINK = re.compile(r"\W{0,3}\[[^\[\]]+\](?=[(\[])")
_LINKED_ITEM = re.compile(
    r"\[\W*(?P<kind>list|array|set|collection|map)\W*\]\((?:[^()#]*/)?(?P<item>(?!(?P=kind)\b)[A-Za-z]\w*)(?:\.\w+)?\)",
    re.IGNORECASE,
)
"""A link whose text names a container, and its target what that holds: ``[**List**](../Models/Boat.md)``."""
_UNLINKED = re.compile(r"\A\[(\*\*[^*\[\]]+\*\*)\]\Z")
_BARE_WORDS = re.compile(r"[a-z][a-z0-9_-]*(?:\|[a-z][a-z0-9_-]*)+")
_QUALIFIER = re.compile(r"\A\\?(?:[A-Za-z_]\w*(?:::|\\))*")
"""Names of modules before that of a type in some languages, which say nothing of it."""
_DESCRIBED = re.compile(r"(?:[\w-]+ ){1,3}(?P<type>string|object|array|number|integer|boolean)s?", re.IGNORECASE)
"""A basic type with words before it that say what it is of: ``time string``, ``Query DSL object``."""
_NAME = re.compile(r"[A-Za-z_][\w.]*(?:\s+(?:object|resource|model|facet))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class DocumentedType:
    """The meaning of a type's spelling; ``named`` is the name of a type that is described elsewhere."""

    schema: Schema
    nullable: bool = False
    named: str = ""


NOTHING = DocumentedType({})


def read_documented_type(text: str, own: Mapping[str, Any]) -> DocumentedType | None:
    """Return what a type's spelling means, ``None`` where it can't be read; ``own`` are spellings of the family."""
    written = _UNLINKED.sub(r"\1", text.strip())
    if linked := _LINKED_ITEM.fullmatch(written):
        item, is_map = linked["item"].lower(), linked["kind"].lower() == "map"
        return _read(f"map<string, {item}>" if is_map else f"array of {item}", own, 0)
    plain = re.sub(r"\A\(([^()]*)\)\Z", r"\1", plain_text(written).strip(" .;,:*"))
    if not plain or plain.lower() in ("n/a", "-", "—", "\u2013", "none", "any", "mixed", "varies", "various", "*"):
        return NOTHING
    for spelling in (f"{plain} object".lower(),) * bool(_LINK.match(written)) + (plain.lower(),):
        if spelling in own:
            return DocumentedType(dict(own[spelling]))
    if values := _listed(written, plain) or _bare_words(plain, own):
        return DocumentedType({"type": "string", "enum": values})
    return _read(plain, own, 0)


def _listed(written: str, plain: str) -> list[str]:
    """Return the values that a type lists: ``Enum: a, b``, or quoted ones between bars."""
    if match := _ENUM.match(plain):
        values = re.split(r"\s*[,|]\s*(?:or\s+)?|\s+or\s+", match["values"])
        values = [value.strip("\"'` ") for value in values]
        return values if len(values) > 1 and all(re.fullmatch(r"[\w.:+/-]+", value) for value in values) else []
    quoted = re.findall(r"`\"?([\w.:+-]+)\"?`|\"([\w.:+-]+)\"|'([\w.:+-]+)'", written)
    rest = re.sub(r"`[^`]*`|\"[^\"]*\"|'[^']*'", "", written)
    values = [next(filter(None, groups)) for groups in quoted]
    if len(values) > 1 and not rest.strip(" |,/").replace("or", "").strip() and not all(map(basic_type, values)):
        return values
    return []


def _bare_words(plain: str, own: Mapping[str, Any]) -> list[str]:
    """Return the values of a list of small words with bars between them, none of which is a type."""
    words = plain.split("|") if _BARE_WORDS.fullmatch(plain) else []
    return words if not any(word in own or word in ("null", "nil") or basic_type(word) for word in words) else []


def basic_type(word: str) -> Schema | None:
    """Return the schema of a word that means the same in all documentation, ``None`` for any other."""
    lowered = word.lower().strip()
    return next((dict(schema) for pattern, schema in _KNOWN if pattern.match(lowered)), None)


def _read(text: str, own: Mapping[str, Any], depth: int) -> DocumentedType | None:
    text = _QUALIFIER.sub("", re.sub(r"\A\(([^()]*)\)\Z", r"\1", text.strip()))
    lowered = text.lower()
    if depth > 6 or not text:
        return None
    if lowered in ("null", "nil", "none"):
        return DocumentedType({}, nullable=True)
    if lowered in own:
        return DocumentedType(dict(own[lowered]))
    if schema := basic_type(text):
        return DocumentedType(schema)
    if text.startswith("?") or text.endswith("?") or _NULLABLE.match(text):
        return _nullable(_read(_NULLABLE.sub("", text.strip("?")), own, depth + 1))
    if match := _OR_NULL.match(text):
        return _nullable(_read(match["type"], own, depth + 1))
    if match := _WRAPPED.match(text):
        return _read(match["type"] or match["pointed"] or match["listed"], own, depth + 1)
    for reading in (_array, _map, _union, _qualified):
        if meaning := reading(text, own, depth):
            return meaning
    shorter = _ARTICLE.sub("", text)
    if shorter != text:
        return _read(shorter, own, depth + 1)
    if _NAME.match(text):
        return DocumentedType({}, named=text.partition(" ")[0])
    described = _DESCRIBED.fullmatch(text)
    return _read(described["type"], own, depth + 1) if described else None


def _nullable(read: DocumentedType | None) -> DocumentedType | None:
    return replace(read, nullable=True) if read else None


def _array(text: str, own: Mapping[str, Any], depth: int) -> DocumentedType | None:
    for pattern in _ARRAYS:
        match = pattern.match(text)
        if not match or (_top_level(match["item"], r" or |/|\|") and "of" not in match[0][: match.start("item")]):
            continue
        if text.lower().startswith("array<") and _top_level(match["item"], ","):
            return None  # which PHP calls a map
        item = _read(re.sub(r"\s+objects?\Z", " object", match["item"]), own, depth + 1) or _read(
            match["item"].rstrip("s"), own, depth + 1
        )
        if item is None and pattern is not _ARRAYS[0]:
            continue
        schema: Schema = {"type": "array"}
        if item and (item.schema or item.named):
            schema["items"] = item.schema or _OBJECT
        return DocumentedType(schema, named="")
    return None


def _map(text: str, own: Mapping[str, Any], depth: int) -> DocumentedType | None:
    match = _MAPS.match(text)
    if not match:
        return None
    value = match["value"] or match["braced"] or (re.split(r"[,|:]", match["inner"] or "", maxsplit=1)[1:] or [""])[0]
    inner = _read(value, own, depth + 1) if value else None
    return DocumentedType({**_OBJECT, **({"additionalProperties": inner.schema} if inner and inner.schema else {})})


def _top_level(text: str, separators: str) -> list[str]:
    """Return the parts of a text between separators that stand outside brackets, empty for a single part."""
    masked = re.sub(r"\([^()]*\)|<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}", lambda match: "\0" * len(match[0]), text)
    parts, start = [], 0
    for match in re.finditer(separators, masked, re.IGNORECASE):
        parts.append(text[start : match.start()])
        start = match.end()
    return [*parts, text[start:]] if parts else []


def _union(text: str, own: Mapping[str, Any], depth: int) -> DocumentedType | None:
    parts = _top_level(text, r"\s*,?\s+or\s+|\s*\|\s*|\s*/\s*|\s*,\s*|\s+and\s+")
    if not parts:
        return None
    read = [_read(part, own, depth + 1) for part in parts if part.strip()]
    known = [part for part in read if part is not None and not part.named]
    if not known or len(known) < len(read):
        is_nullable = any(part and part.nullable for part in read)
        return next((part for part in read if part and not part.nullable), None) if is_nullable else None
    nullable = any(part.nullable for part in known)
    schemas = [part.schema for part in known if part.schema]
    return DocumentedType(_any_of(schemas), nullable)


def _any_of(schemas: list[Schema]) -> Schema:
    distinct = [schema for number, schema in enumerate(schemas) if schema not in schemas[:number]]
    if len(distinct) < 2:
        return distinct[0] if distinct else {}
    if not all(map(types_of, distinct)):
        return {"anyOf": distinct}
    kinds = list(dict.fromkeys(kind for schema in distinct for kind in types_of(schema)))
    merged: Schema = {"type": kinds if len(kinds) > 1 else kinds[0]}
    arrays = [schema["items"] for schema in distinct if "items" in schema]
    return {**merged, "items": arrays[0]} if len(arrays) == 1 else merged


def _qualified(text: str, own: Mapping[str, Any], depth: int) -> DocumentedType | None:
    """Read a type with a note in brackets or behind a comma: ``string (url)``, ``string <uuid>``."""
    match = re.match(r"(?P<type>[\w -]+?)\s*(?:[(<\[](?P<note>.*)[)>\]]|[,;:\u2013-].*|\"\")\Z", text)
    if not match:
        return None
    bare = _read(match["type"], own, depth + 1)
    if bare is None or bare.named:
        return None
    note = (match["note"] or "").strip()
    extra = basic_type(note) if note else None
    if extra and types_of(extra) == types_of(bare.schema) == ("string",):
        return DocumentedType({**bare.schema, **extra}, bare.nullable)
    return DocumentedType(bare.schema, bare.nullable or "null" in text.lower().split())


_PROSE = re.compile(
    r"(?:an? |the )?(?:json )?(?P<type>string|boolean|integer|number|array|list|object|map)s?\b(?: value)?",
    re.IGNORECASE,
)
_BOOLEAN_PROSE = re.compile(
    r"1/true(?:/\w+)? or 0/false|(?:0|1) or (?:0|1)\b|(?:true|false) (?:or|/) (?:true|false)"
    r"|(?:if|when) (?:set to )?`?true\b|whether\b|bool\b",
    re.IGNORECASE,
)


def type_in_prose(text: str) -> Schema:
    """Return the type that a description begins with, empty where it begins with none."""
    plain = plain_text(text).strip()
    match = _PROSE.match(plain)
    if not match:
        return {"type": "boolean"} if _BOOLEAN_PROSE.match(plain) else {}
    follows = plain[match.end() : match.end() + 14].lower()
    usual = re.match(r"\s*(?:value|,|\.|:|;|\(|\Z|specifying|that|containing|mapping|in\b|to\b)", follows)
    holds = match["type"].lower() in ("array", "list", "map", "object") and follows.lstrip().startswith("of ")
    return (basic_type(match["type"]) or {}) if usual or holds or "value" in match[0] else {}
