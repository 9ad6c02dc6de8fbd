"""Header field values, read and written with Werkzeug: media types, languages, dates, cookies, URIs (RFC 9110)."""

import codecs
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import http_date as http_date
from werkzeug.http import parse_accept_header, parse_options_header
from werkzeug.http import parse_date as parse_date
from werkzeug.sansio.http import parse_cookie
from werkzeug.urls import iri_to_uri as iri_to_uri

from docdouble.schemas import Call
from docdouble.schemas.contract.media_types import media_type_parameters
from docdouble.schemas.contract.parameter_styles import Pair, SentPairs
from docdouble.schemas.http import media_type

_MOST, _LONGEST = 1000, 200
"""How many header values are remembered, and how long ones: callers may send any."""


class ContentType(NamedTuple):
    """What a ``Content-Type`` says; ``charset`` is the name of its codec, ``None`` where it is not known."""

    header: str
    media_type: str
    charset: str | None
    boundary: str


def content_type(call: Call, default: str = "") -> ContentType:
    """Return what a call says of its body, ``default`` where it says nothing: UTF-8 where no charset is named."""
    header = call.header("Content-Type") or default
    return (_content_type if len(header) <= _LONGEST else _content_type.__wrapped__)(header)


@lru_cache(_MOST)
def _content_type(header: str) -> ContentType:
    parameters = parse_options_header(header)[1]
    charset = _codec_name(parameters.get("charset", "utf-8"))
    return ContentType(header, media_type(header), charset, parameters.get("boundary", ""))


def _codec_name(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
        "{}".encode(name)  # fails for what is no charset, such as base64
    except (LookupError, ValueError):
        return None
    return name


def charset_of(header: str | None) -> str:
    """Return the charset that a ``Content-Type`` names, as it is spelled there; empty for none."""
    return parse_options_header(header)[1].get("charset", "")


def best_media_type(accept: str, offered: Sequence[str]) -> str | None:
    """Return the offered media type that an ``Accept`` header likes best.

    Parameters other than ``q`` only decide between offered types that have them.
    """
    return (_best_media_type if len(accept) <= _LONGEST else _best_media_type.__wrapped__)(accept, tuple(offered))


@lru_cache(_MOST)
def _best_media_type(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = parse_accept_header(accept, MIMEAccept)
    bare = MIMEAccept([(media_type(value), quality) for value, quality in ranges])
    best = bare.best_match([media_type(name) for name in offered])
    wanted = [media_type_parameters(value) for value, _ in ranges if media_type(value) == best]
    fitting = [name for name in offered if media_type(name) == best]
    return next((name for name in fitting if media_type_parameters(name) in wanted), next(iter(fitting), None))


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
