"""Moments of changes: when an entity was created, changed or deleted, written as its properties show moments."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..sampler.data.dates import minutes_of, style_of

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")

_SECONDS = slice(17, 19)
"""The place of the seconds in a moment (RFC 3339)."""

_MILLISECONDS = 10**11
"""Unix times from here on are in milliseconds."""


def moment_after(previous: datetime | None) -> datetime:
    """Return the present second in UTC, a later one where that would not be after the previous change.

    Otherwise conditions (RFC 9110, section 13.1.4) could not tell two changes of one second apart.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    return now if previous is None else max(now, previous.astimezone(UTC) + timedelta(seconds=1))


def moment_like(shown: Any, when: datetime) -> Any:
    """Return a moment as a shown value of its property is written, ``None`` where that is no moment."""
    if type(shown) is int:
        return int(when.timestamp()) * (1000 if shown >= _MILLISECONDS else 1)
    if shown is not None and not isinstance(shown, str):
        return None
    if shown and _DATE.match(shown):
        return when.date().isoformat()
    text = style_of(shown or "")(minutes_of(when))  # the sampler writes moments to the minute
    has_seconds = len(text) >= _SECONDS.stop
    return f"{text[: _SECONDS.start]}{when.second:02}{text[_SECONDS.stop :]}" if has_seconds else text


def with_moments(effect: Mapping[str, Any], shown: Mapping[str, Any], when: datetime) -> dict[str, Any]:
    """Return the effect of an action or a deletion with a moment wherever ``None`` stands for that."""
    values = {name: moment_like(shown.get(name), when) if value is None else value for name, value in effect.items()}
    return {name: value for name, value in values.items() if value is not None}
