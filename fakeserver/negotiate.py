"""Which representation goes out, and which ones are understood coming in (RFC 9110, sections 8.3 and 12.5.1)."""

import codecs
from collections.abc import Iterable
from fnmatch import fnmatchcase

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from docdouble.schemas import Call, MediaType, Reply
from docdouble.schemas.message import is_json, media_type

from .problem import problem

_ANYTHING = {"*/*": "application/json", "application/*": "application/json", "application/*+json": "application/json"}
"""Documented ranges that JSON is in → how this server names what it sends there."""


def spoken(media_types: Iterable[MediaType]) -> list[str]:
    """Return the documented media types that this server can read and write."""
    bare = (media_type(one.name) for one in media_types)
    return list(dict.fromkeys(name for one in bare if is_json(name := _ANYTHING.get(one, one))))


def choose(accept: str | None, offered: list[str]) -> str | None:
    """Return the offered media type that an ``Accept`` header likes best; parameters other than ``q`` are ignored."""
    if not accept:
        return offered[0] if offered else None
    ranges = parse_accept_header(accept, MIMEAccept)
    bare = MIMEAccept([(media_type(value), quality) for value, quality in ranges])
    return bare.best_match(offered)


def not_acceptable(call: Call, media_types: tuple[MediaType, ...]) -> Reply:
    """Return the 406 that tells what is documented and what this server can send."""
    offered = spoken(media_types)
    documented = [one.name for one in media_types]
    accept = call.header("Accept")
    if not accept:
        detail = f"this fake can't write {' or '.join(documented)}, and nothing else is documented"
    elif choose(accept, [name for name in documented if "/" in name.strip("*/") and name not in offered]):
        detail = f"Accept: {accept} is documented, but this fake can't write it"
    else:
        detail = f"nothing documented fits Accept: {accept}"
    return problem(406, detail, offered=offered, documented=documented)


def unsupported(call: Call, media_types: tuple[MediaType, ...]) -> Reply | None:
    """Return the 415 for a body whose media type or charset is not understood, else ``None``."""
    documented = [one.name for one in media_types]
    offered = spoken(media_types)
    if call.media_type in offered or _is_in_range(call.media_type, media_types):
        if charset_of(call) is not None:
            return None
        detail = f"the charset of Content-Type: {call.header('Content-Type')} is not known"
    elif not call.media_type:
        detail = "a body needs a Content-Type"
    elif call.media_type in map(media_type, documented):
        detail = f"Content-Type: {call.media_type} is documented, but this fake can't read it"
    else:
        detail = f"Content-Type: {call.media_type} is not documented"
    return problem(415, detail, ("Accept", ", ".join(offered)), offered=offered, documented=documented)


def charset_of(call: Call) -> str | None:
    """Return the codec of the body's charset, UTF-8 where none is named, ``None`` for one that is not known."""
    name = parse_options_header(call.header("Content-Type"))[1].get("charset", "utf-8")
    try:
        codec = codecs.lookup(name).name
        "{}".encode(codec)  # fails for what is no charset, such as base64
    except (LookupError, ValueError):
        return None
    return codec


def _is_in_range(name: str, media_types: Iterable[MediaType]) -> bool:
    return is_json(name) and any(fnmatchcase(name, media_type(one.name)) for one in media_types if "*" in one.name)
