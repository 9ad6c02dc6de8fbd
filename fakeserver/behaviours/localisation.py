"""Localisation by language, culture and time zone: words, numbers and dates written as text, offsets of times."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from docdouble.schemas.contract.behaviour_names import BehaviourName

from ..http.codecs import Content
from ..http.header_fields import accepted_languages
from ..sampler.data.faker_pools import known_locales

_NUMBER = re.compile(r"-?\d{1,15}\.\d{1,15}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?", re.ASCII)
_ALIASES = {"nb": "no", "nn": "no", "iw": "he"}
"""Language → the code that Faker's locales have for it."""

_MOST_TAGS, _LONGEST = 1000, 200
"""Number of headers and language tags that are remembered with their locales, and their length."""

Change = Callable[[str, Content], str]


def asked_locale(asked: Mapping[str, Any], default: str) -> str:
    """Return the Faker locale of the language that a call asks for, empty for none that is known.

    ``own`` is the server's locale, which stands for its language.
    """
    header = str(asked.get(BehaviourName.LANGUAGE_OVERRIDE) or asked.get(BehaviourName.LANGUAGE) or "")
    if not header:
        return ""
    return _first_known(header, default) if len(header) <= _LONGEST else _first_known.__wrapped__(header, default)


@lru_cache(_MOST_TAGS)
def _first_known(header: str, default: str) -> str:
    return next(filter(None, (_locale(tag, default) for tag in accepted_languages(header))), "")


@lru_cache(_MOST_TAGS)
def _locale(tag: str, server_locale: str) -> str:
    language, _, region = tag.lower().replace("_", "-").partition("-")
    language = _ALIASES.get(language, language)
    known = [locale for locale in known_locales() if locale.partition("_")[0] == language]
    wanted = (f"{language}_{region.upper()}", server_locale, f"{language}_{language.upper()}")
    return next((locale for locale in wanted if locale in known), min(known, default=""))


def rewritten(value: Any, content: Content, change: Change) -> Any:
    """Return a body with every text changed that the schema lets stand as text."""
    if isinstance(value, dict):
        texts = {name: part for name, part in value.items() if isinstance(part, str | dict | list)}
        return value | {name: rewritten(part, content.member(name), change) for name, part in texts.items()}
    if isinstance(value, list):
        return [rewritten(part, content.items, change) for part in value]
    return change(value, content) if isinstance(value, str) else value


def time_zone(name: str) -> Change | None:
    """Return what converts date-times to a time zone of the IANA database, ``None`` for an unknown name.

    A time without an offset is taken for UTC; year 1 stands for "never" and stays.
    """
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

    def converted(text: str, content: Content) -> str:
        moment = _moment(text) if content.format == "date-time" else None
        if moment is None or not 1 < moment.year < 9999:
            return text
        there = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
        # local mean times had seconds, which the offsets of RFC 3339 have not
        minutes = (there.utcoffset() or timedelta()) // timedelta(minutes=1)
        return there.astimezone(timezone(timedelta(minutes=minutes))).isoformat()

    return converted


def culture(name: str) -> Change | None:
    """Return what writes numbers and dates inside texts as a culture does, ``None`` for an unknown one."""
    try:
        locale = Locale.parse(name.strip().replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None

    def converted(text: str, content: Content) -> str:
        if content.format:
            return text
        if _NUMBER.fullmatch(text):
            return str(format_decimal(text, locale=locale, decimal_quantization=False))
        moment = _moment(text) if _DATE.fullmatch(text) else None
        if moment is None:
            return text
        write = format_datetime if "T" in text else format_date
        return str(write(moment, "short", locale=locale))

    return converted


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
