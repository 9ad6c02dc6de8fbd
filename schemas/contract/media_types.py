"""Choice of a documented media type: by its name, its parameters, or its range (RFC 9110, section 8.3)."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ..http import is_json, media_type
from .model import MediaType, Schema

_OF_THE_WIRE = frozenset({"charset", "boundary", "q"})
"""Parameters that say how a body is written, and not what it is."""

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
