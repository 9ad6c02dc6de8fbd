"""Formats that are checked, each strictly and loosely: what is only slightly off is drift, not a broken promise."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime

_OFFSET = re.compile(r"([Zz]|[+-]\d\d:\d\d)\Z")
_FRACTION = re.compile(r"\.\d+")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def is_loose_date_time(text: str) -> bool:
    """Accept ISO 8601 as real servers send it: without an offset, without seconds, or with a date alone."""
    if _DATE.match(text):
        return is_date(text)
    return bool(_DATE_TIME.match(text)) and _parses(_FRACTION.sub("", text).upper())


def is_date_time(text: str) -> bool:
    """Accept a ``date-time`` of RFC 3339: seconds and an offset are needed."""
    return is_loose_date_time(text) and bool(_OFFSET.search(text)) and text.count(":", 0, 19) == 2


def is_date(text: str) -> bool:
    """Accept a ``full-date`` of RFC 3339."""
    return bool(_DATE.match(text)) and _parses(text)


def is_uuid(text: str) -> bool:
    """Accept a UUID in its five-group form (RFC 9562)."""
    return bool(_UUID.match(text))


def is_loose_uuid(text: str) -> bool:
    """Accept a UUID in braces or without hyphens, too."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _parses(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


STRICT: dict[str, Callable[[str], bool]] = {"date-time": is_date_time, "date": is_date, "uuid": is_uuid}
LOOSE: dict[str, Callable[[str], bool]] = {
    "date-time": is_loose_date_time,
    "date": is_loose_date_time,
    "uuid": is_loose_uuid,
}

INTEGER_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
