"""Choice of a documented media type: by its name, its parameters, or its range (RFC 9110, section 8.3)."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ..http import is_json, media_type
from .model import MediaType, Schema

_OF_THE_WIRE = frozenset({"charset", "boundary", "q"})
"""Parameters that say how a body is written, and not what it is."""

SEQUENCES = frozenset(
    {
        *("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"),
        *("application/json-seq", "application/geo+json-seq", "text/event-stream"),
    }
)
"""Media types of sequences of values (OpenAPI 3.2, section 4.14.4)."""

_SAME, _OTHERWISE = 1000, 500
"""Scores of a media type with all its documented parameters, and with some of them left out."""


def chosen_media_type(media_types: Iterable[MediaType], content_type: str) -> MediaType | None:
    """Return the documented media type that a ``Content-Type`` names most exactly, ``None`` for an undocumented one."""
    scored = [(_score(documented.name, content_type), documented) for documented in media_types]
    score, best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best if score else None


def primary_schema(media_types: Iterable[MediaType]) -> Schema | None:
    """Return the schema of the first JSON media type that has one, else of the first other: what a body is about."""
    known = [documented for documented in media_types if documented.schema is not None]
    json_first = sorted(known, key=lambda documented: not is_json(media_type(documented.name)))
    return json_first[0].schema if json_first else None


def body_schema(documented: MediaType, media_types: Iterable[MediaType]) -> Schema | None:
    """Return the schema of one representation of a body: its own, of JSON and XML without one that of the others."""
    if documented.schema is not None or not _is_structured(media_type(documented.name)):
        return documented.schema
    return primary_schema(media_types)


def sequence_schema(documented: MediaType) -> Schema | None:
    """Return the schema of a whole body; of a sequence such as JSON lines it is an array of what is documented.

    The ``schema`` of a sequence is that of each item, unless it is an array or a text (OpenAPI 3.2, section 4.14.1).
    """
    schema, items = documented.schema, documented.item_schema
    if items is not None:
        return {"type": "array", "items": items, "minItems": 1, **({"allOf": [schema]} if schema else {})}
    if schema is None or not is_sequence(documented.name) or schema.get("type") in ("array", "string"):
        return schema
    return {"type": "array", "items": schema, "minItems": 1}


def is_sequence(name: str) -> bool:
    """Tell whether bodies of a media type are sequences: JSON lines, JSON text sequences or server-sent events."""
    return media_type(name) in SEQUENCES


def with_parameters(name: str) -> str:
    """Return a media type in lower case, with the parameters that are part of what it is."""
    parameters = "".join(f";{key}={value}" for key, value in media_type_parameters(name).items())
    return media_type(name) + parameters


def media_type_parameters(name: str) -> dict[str, str]:
    """Return the parameters of a media type that are part of what it is; ``charset`` is none of them."""
    pairs = (part.partition("=") for part in name.split(";")[1:])
    named = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
    return {key: value for key, value in named.items() if key and key not in _OF_THE_WIRE}


def _is_structured(name: str) -> bool:
    return is_json(name) or name.endswith(("/xml", "+xml"))


def _score(documented: str, content_type: str) -> int:
    name, sent = media_type(documented), media_type(content_type)
    if name != sent:
        plain = name.replace("*+", "")  # ``application/*+json`` takes what has no prefix, too
        return len(name) if "*" in name and (fnmatchcase(sent, name) or sent == plain) else 0
    wanted, there = media_type_parameters(documented), media_type_parameters(content_type)
    if any(there.get(key, value) != value for key, value in wanted.items()):
        return 0
    return _SAME + len(wanted) if wanted.keys() <= there.keys() else _OTHERWISE
