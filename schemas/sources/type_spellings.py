"""Spellings of types in formats that state them: ``str``, ``Integer``, ``array[string]``, ``list of objects``."""

import re

from ..contract.model import Schema

_WORDS: tuple[tuple[str, Schema], ...] = (
    (r"str(ing)?s?|text|unicode|char|varchar|enum|any|id", {"type": "string"}),
    (r"u?int(eger)?s?|long|short|u?int(8|16)", {"type": "integer"}),
    (r"u?int32", {"type": "integer", "format": "int32"}),
    (r"u?int64", {"type": "integer", "format": "int64"}),
    (r"num(ber|eric)?s?|decimal|real|float|double", {"type": "number"}),
    (r"bool(ean)?s?", {"type": "boolean"}),
    (r"(json ?)?(object|obj|dict|dictionary|map|hash|json)s?", {"type": "object"}),
    (r"(json ?)?(array|list|tuple|set)s?", {"type": "array"}),
    (r"date-?time|timestamp|iso ?8601", {"type": "string", "format": "date-time"}),
    (r"date", {"type": "string", "format": "date"}),
    (r"uuid|guid", {"type": "string", "format": "uuid"}),
    (r"ur[il]", {"type": "string", "format": "uri"}),
    (r"e-?mail", {"type": "string", "format": "email"}),
    (r"file|binary|bytes", {"type": "string", "format": "binary"}),
    (r"null|none|varies|mixed|\*", {}),
)
_KNOWN = tuple((re.compile(pattern, re.IGNORECASE), schema) for pattern, schema in _WORDS)
_ARRAY = re.compile(
    r"(?:array|list)\s*[\[<(]\s*(?P<inside>.+?)\s*[\]>)]|(?:array|list) of (?P<of>.+)|(?P<before>.+?)\s*\[\]",
    re.IGNORECASE,
)
_MOST_NESTED = 20


def typed_schema(word: str, depth: int = 0) -> Schema | None:
    """Return the schema that a type's spelling means, empty for none, ``None`` for one that can't be read."""
    word = word.strip().strip("`*").strip()
    if not word:
        return {}
    for pattern, schema in _KNOWN:
        if pattern.fullmatch(word):
            return dict(schema)
    match = _ARRAY.fullmatch(word)
    if match and depth < _MOST_NESTED:
        items = typed_schema(match["inside"] or match["of"] or match["before"], depth + 1)
        return None if items is None else {"type": "array", "items": items} if items else {"type": "array"}
    return _union(word, depth)


def _union(word: str, depth: int) -> Schema | None:
    """Return the schema of alternatives: ``string or integer``, ``integer/null``."""
    parts = [part for part in re.split(r"\s*(?:\||/|,|\bor\b)\s*", word) if part]
    if not 1 < len(parts) <= _MOST_NESTED or depth >= _MOST_NESTED:
        return None
    schemas = [typed_schema(part, depth + 1) for part in parts if part.lower() not in ("null", "none")]
    kinds = [schema["type"] for schema in schemas if schema and isinstance(schema.get("type"), str)]
    if len(kinds) < len(schemas) or not kinds:
        return None
    if len(schemas) < len(parts):
        kinds.append("null")
    return {"type": kinds[0] if len(set(kinds)) == 1 else list(dict.fromkeys(kinds))}
