"""Header field values, read and written with Werkzeug: media types, languages, dates, cookies, URIs (RFC 9110)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import http_date as http_date
from werkzeug.http import parse_accept_header, parse_etags, parse_options_header, parse_range_header, unquote_etag
from werkzeug.http import parse_date as parse_date
from werkzeug.sansio.http import parse_cookie
from werkzeug.urls import iri_to_uri as iri_to_uri

from docdouble.schemas import Call
from docdouble.schemas.contract.media_types import media_type_parameters
from docdouble.schemas.contract.parameter_styles import Pair, SentPairs
from docdouble.schemas.http import FORM, is_json, media_type

from .charsets import codec_name as codec_name

_EXACT, _ALIKE, _OF_TYPE, _ANY = 4, 3, 2, 1
"""Precision with which a media range names a media type: by its name, by its structure, by its type, or not at all."""

_NOT_LIKED = (0.0, 0)
_MOST, _LONGEST = 1000, 200
"""Number of header values that are remembered, and their length: callers may send any."""


class ContentType(NamedTuple):
    """Value of a ``Content-Type``; ``charset`` is the name of its codec, ``None`` where it is not read.

    It ``is_form`` where the fields of a form follow.
    """

    header: str
    media_type: str
    charset: str | None
    boundary: str
    is_form: bool


def content_type(call: Call, default: str = "") -> ContentType:
    """Return what a call says of its body, ``default`` where it says nothing: UTF-8 where no charset is named."""
    header = call.header("Content-Type") or default
    return (_content_type if len(header) <= _LONGEST else _content_type.__wrapped__)(header)


@lru_cache(_MOST)
def _content_type(header: str) -> ContentType:
    parameters = parse_options_header(header)[1]
    charset = codec_name(parameters.get("charset", "utf-8"))
    name = media_type(header)
    is_form = name == FORM or name.startswith("multipart/")
    return ContentType(header, name, charset, parameters.get("boundary", ""), is_form)


def charset_of(header: str | None) -> str:
    """Return the charset that a ``Content-Type`` names, as it is spelled there; empty for none."""
    header = header or ""
    return (_charset_of if len(header) <= _LONGEST else _charset_of.__wrapped__)(header)


@lru_cache(_MOST)
def _charset_of(header: str) -> str:
    return parse_options_header(header)[1].get("charset", "")


def best_media_type(accept: str, offered: Sequence[str]) -> str | None:
    """Return the offered media type that an ``Accept`` header likes best (RFC 9110, section 12.5.1).

    Parameters only decide between offered types that have them. JSON and XML of any name with their suffix are taken
    for each other (RFC 6839) where the header doesn't name the offered type itself. Clients choose the version of an
    API by JSON of its vendor, such as ``application/vnd.github.v3+json``, also where texts or files alone are offered.
    """
    return (_best_media_type if len(accept) <= _LONGEST else _best_media_type.__wrapped__)(accept, tuple(offered))


def accepted_media_types(accept: str) -> list[str]:
    """Return the media types that an ``Accept`` header names without a wildcard, the best liked first."""
    ranges = parse_accept_header(accept, MIMEAccept)
    return [media_type(value) for value, quality in ranges if quality and "*" not in value]


class _MediaRange(NamedTuple):
    """A media range of an ``Accept`` header, its parameters and its quality."""

    name: str
    parameters: dict[str, str]
    quality: float


@lru_cache(_MOST)
def _best_media_type(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = [
        _MediaRange(media_type(value), media_type_parameters(value), quality)
        for value, quality in parse_accept_header(accept, MIMEAccept)
    ]
    if _chooses_version(ranges, offered):
        ranges.append(_MediaRange("*/*", {}, 1))
    liked = [(_liking(name, ranges), name) for name in offered]
    best = max((liking for liking, _ in liked), default=_NOT_LIKED)
    return next((name for liking, name in liked if liking == best), None) if best > _NOT_LIKED else None


def _chooses_version(ranges: list[_MediaRange], offered: tuple[str, ...]) -> bool:
    names = [accepted.name for accepted in ranges if accepted.quality]
    is_version = all(name.startswith("application/vnd.") and _structure(name) == "json" for name in names)
    return bool(names) and is_version and not any(_structure(name) for name in offered)


def _liking(offered: str, ranges: list[_MediaRange]) -> tuple[float, int]:
    """Return the quality of an offered media type, which the most specific range that it is in decides."""
    name, parameters = media_type(offered), media_type_parameters(offered)
    ranked = ((_specificity(name, parameters, media_range), media_range.quality) for media_range in ranges)
    specificity, quality = max((pair for pair in ranked if pair[0]), default=(0, 0.0))
    return (quality, specificity) if quality else _NOT_LIKED


def _specificity(name: str, parameters: dict[str, str], accepted: _MediaRange) -> int:
    """Return how exactly a range names a media type, 0 where that isn't in it."""
    if accepted.name == name:
        common = [parameters.get(key) == value for key, value in accepted.parameters.items() if key in parameters]
        return _EXACT + sum(common) if all(common) else 0
    kind, slash, subtype = accepted.name.partition("/")
    if subtype == "*":
        return _ANY if kind == "*" else _OF_TYPE * (bool(slash) and name.startswith(f"{kind}/"))
    return _ALIKE * (accepted.quality > 0 and _are_alike(name, accepted.name))


def _are_alike(name: str, other: str) -> bool:
    """Tell whether two media types are JSON, or XML, which the suffix of at least one of them says."""
    return "+" in name + other and "*" not in other and _structure(name) == _structure(other) != ""


def _structure(name: str) -> str:
    if not name.startswith(("application/", "text/")):
        return ""
    if is_json(name):
        return "json"
    return "xml" if name.endswith(("/xml", "+xml")) else ""


def requested_octets(header: str, length: int) -> range | None:
    """Return the octets that a ``Range`` header asks for, an empty range for none that there are.

    ``None`` stands for the whole: where the header can't be read, has another unit, or several ranges.
    """
    wanted = parse_range_header(header)
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    bounds = wanted.range_for_length(length)
    return range(*bounds) if bounds else range(0)


def has_entity_tag(call: Call, tag: str) -> bool:
    """Tell whether ``If-None-Match`` names an entity tag, weakly compared."""
    bare, _ = unquote_etag(tag)
    return bare is not None and parse_etags(call.header("If-None-Match")).contains_weak(bare)


def is_named_tag(header: str, tag: str) -> bool:
    """Tell whether an ``If-Match`` or ``If-None-Match`` names a tag, or any by ``*``; weakly where it is weak."""
    bare, is_weak = unquote_etag(tag)
    named = parse_etags(header)
    return bare is not None and (named.contains_weak(bare) if is_weak else named.contains(bare))


def accepted_languages(header: str) -> list[str]:
    """Return the language tags that an ``Accept-Language`` header accepts, the best liked first."""
    return [tag for tag, quality in parse_accept_header(header, LanguageAccept) if quality]


def sent_header(call: Call, name: str) -> str | None:
    """Return a header field's value; WSGI has no underscores in names, so that hyphens stand for them."""
    value = call.header(name)
    return call.header(name.replace("_", "-")) if value is None and "_" in name else value


def cookie_values(call: Call, name: str) -> list[str]:
    """Return the values of the cookies of a name."""
    return parse_cookie(call.header("Cookie")).getlist(name)


def cookie_pairs(call: Call, name: str) -> SentPairs:
    """Return the names and values of the cookies, without those whose names only differ from one in letter case."""
    sent: dict[str, list[Pair]] = {}
    for sent_name, value in parse_cookie(call.header("Cookie")).items(multi=True):
        if sent_name == name or sent_name.lower() != name.lower():
            sent.setdefault(sent_name.lower(), []).append((sent_name, value))
    return sent
