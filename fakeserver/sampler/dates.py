"""Moments, written as the documentation's samples write them."""

import re
from datetime import UTC, datetime, timedelta, timezone

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
"""A fixed "now": answers must not change from day to day."""

SPAN_MINUTES = 4 * 365 * 24 * 60
"""Moments lie within this many minutes before the epoch."""

_STYLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?P<seconds>:\d\d)?(\.(?P<fraction>\d+))?(?P<offset>Z|[+-]\d\d:\d\d)?\Z")


def moment(number: int) -> datetime:
    """Return the moment that a hash stands for, on a quarter of an hour."""
    return EPOCH - timedelta(minutes=number % SPAN_MINUTES // 15 * 15)


def written(when: datetime, style: str = "") -> str:
    """Return a moment with the fraction digits and offset of the sample ``style``; RFC 3339 in UTC without one."""
    match = _STYLE.match(style)
    if not match:
        return when.strftime("%Y-%m-%dT%H:%M:%SZ")
    offset = match["offset"] or ""
    local = when.astimezone(_zone(offset))
    fraction = f".{'0' * len(match['fraction'])}" if match["fraction"] else ""
    seconds = ":%S" if match["seconds"] else ""
    return local.strftime(f"%Y-%m-%dT%H:%M{seconds}") + fraction + offset


def _zone(offset: str) -> timezone:
    if offset in ("", "Z"):
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
