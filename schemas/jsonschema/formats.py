"""Formats that are checked, each strictly and loosely: what is only slightly off is drift, not a broken promise.

Those of JSON Schema 2020-12 are jsonschema-rs's; those of OpenAPI's format registry, and the loose ones, are here.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

import jsonschema_rs

_FRACTION = re.compile(r"\.\d+")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:[0-5]\d)?\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?\Z", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_BARE_UUID = re.compile(r"[0-9a-fA-F]{32}\Z")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BASE64_URL = re.compile(r"[\w-]*=*\Z", re.ASCII)

EMAIL = jsonschema_rs.EmailOptions(allow_display_text=False)
"""An address alone is an email, and one with a name before it is none (RFC 5321, Mailbox)."""

_OF_JSON_SCHEMA = (
    *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
    *("uri", "uri-reference", "uri-template", "iri", "iri-reference", "uuid", "json-pointer", "relative-json-pointer"),
    "regex",
)


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True, email_options=EMAIL)


def _check(name: str) -> Callable[[str], bool]:
    return lambda text: _validator(name).is_valid(text)


def is_loose_date_time(text: str) -> bool:
    """Accept ISO 8601 as real servers send it: without an offset, without seconds, or with a date alone."""
    if _DATE.match(text):
        return is_date(text)
    return bool(_DATE_TIME.match(text)) and _parses(_FRACTION.sub("", text).upper())


def is_date_time(text: str) -> bool:
    """Accept a ``date-time`` of RFC 3339: seconds and an offset are needed; a blank may stand for the ``T``."""
    return _validator("date-time").is_valid(f"{text[:10]}T{text[11:]}" if text[10:11] == " " else text)


def is_date(text: str) -> bool:
    """Accept a ``full-date`` of RFC 3339."""
    return bool(_DATE.match(text)) and _parses(text)


def is_loose_time(text: str) -> bool:
    """Accept a time of day without an offset, too, and without seconds."""
    return bool(_TIME.match(text)) and _parses(f"2000-01-01T{_FRACTION.sub('', text)}")


def _in_any_script(name: str) -> Callable[[str], bool]:
    """Return the check of a format in which letters of other scripts than ASCII may stand, as browsers take them."""
    return lambda text: _validator(name).is_valid(_NOT_ASCII.sub("x", text))


def is_uuid(text: str) -> bool:
    """Accept a UUID in its five-group form (RFC 9562)."""
    return bool(_UUID.match(text))


def is_loose_uuid(text: str) -> bool:
    """Accept a UUID in braces, as a URN, or without hyphens, too."""
    bare = text.removeprefix("urn:uuid:")
    bare = bare[1:-1] if bare.startswith("{") and bare.endswith("}") else bare
    return is_uuid(bare) or bool(_BARE_UUID.match(bare))


def is_base64(text: str) -> bool:
    """Accept octets in the base64 of RFC 4648, section 4."""
    try:
        a2b_base64(text, strict_mode=True)
    except (Base64Error, ValueError):
        return text == ""
    return True


def is_loose_base64(text: str) -> bool:
    """Accept base64 in lines, without its padding, and in the alphabet for URLs, too."""
    joined = "".join(text.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    return is_base64(joined + "=" * (-len(joined) % 4))


def is_base64_url(text: str) -> bool:
    """Accept octets in the base64 for URLs of RFC 4648, section 5, with or without padding."""
    return bool(_BASE64_URL.match(text)) and is_loose_base64(text)


def is_decimal(text: str) -> bool:
    """Accept the text of a decimal number."""
    return bool(_DECIMAL.match(text))


def _parses(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


OWN_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "date-time": is_date_time,
    "byte": is_base64,
    "base64url": is_base64_url,
    "decimal": is_decimal,
}
"""Format → the check of texts that jsonschema-rs needs to be given."""

STRICT: Mapping[str, Callable[[str], bool]] = {**{name: _check(name) for name in _OF_JSON_SCHEMA}, **OWN_CHECKS}
"""Format → the check of texts, for every format that is checked."""

LOOSE: Mapping[str, Callable[[str], bool]] = {
    "date-time": is_loose_date_time,
    "date": is_loose_date_time,
    "time": is_loose_time,
    "uuid": is_loose_uuid,
    "byte": is_loose_base64,
    **{name: _in_any_script(name) for name in ("email", "hostname", "uri", "uri-reference")},
}
"""Format → the check that texts pass which are no more than slightly off, where any are."""

UNCHECKED_FORMAT = "x-docdouble-unchecked-format"
"""The keyword that stands for ``format`` in schemas that are checked, where nobody checks that format."""

INTEGER_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}

_FLOAT = (2 - 2**-23) * 2.0**127

NUMBER_RANGES: Mapping[str, tuple[float, float]] = {**INTEGER_RANGES, "float": (-_FLOAT, _FLOAT)}
"""Format → the least and the largest number that has it; JSON has no number outside of ``double``."""
