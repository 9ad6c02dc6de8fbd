"""Dates and times: a timeline for each entity, which is created before it is updated, and starts before it ends.

A moment is a number of minutes since the year 1 began, in UTC. They are written as the documentation's samples are.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from ..seeds import mix, salt

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
"""The earliest "now": answers must not change from day to day."""

DAY = 24 * 60
SPAN = 4 * 365 * DAY
"""Age of the oldest entities, in minutes."""

_AHEAD = 60 * DAY
"""Entities start at most this long after now, in minutes."""

_STYLE = re.compile(
    r"\d{4}-\d\d-\d\d(?P<between>[T ])\d\d:\d\d(?P<seconds>:\d\d)?(\.(?P<fraction>\d+))?"
    r"(?P<offset>Z|[+-]\d\d:?\d\d)?\Z"
)
_TIMES = tuple(f"T{minute // 60:02}:{minute % 60:02}" for minute in range(DAY))
_TIMES_AFTER_SPACE = tuple(" " + time[1:] for time in _TIMES)

_ENDED = (
    r"ends?|ended|to|until|stop|stopped|due|deadline|timeout|closing|arriv\w*|landing|check ?out|drop ?off|finish\w*"
)
_STARTED = (
    r"starts?|started|begins?|from|activat\w*|active|scheduled|planned|appointment|sale|alarm|eta|followup|depart\w*"
    r"|take ?off|check ?in|pick ?up"
)
_CREATED = r"creat\w*|registered|added|posted|sent|received|requested|joined|opened|founded"
_UPDATED = r"updat\w*|modified|chang\w*"
_ROLES = tuple(
    (re.compile(rf"\b(?:{words})\b"), role)
    for words, role in (
        (r"birth|birthday|born|dob", "born"),
        (r"expir\w*|not after", "expiry"),
        (_UPDATED, "updated"),
        (_CREATED, "created"),
        (_ENDED, "end"),
        (_STARTED, "start"),
    )
)
_NEUTRAL = re.compile(rf"\b(?:{_ENDED}|{_STARTED}|dates?|times?|at|on|when|utc)\b")
_LONG = re.compile(r"\b(?:valid|publish|published|subscription|recurring|generation|period|contract|license)\b")
_CREATION, _UPDATE, _START, _LENGTH, _SECOND = map(salt, ("created", "updated", "start", "length", "second"))


def now_of(seed: int) -> datetime:
    """Return what is "now" for a seed: a full hour in the year after the epoch."""
    return EPOCH + timedelta(hours=salt(f"now {seed}") % (365 * 24))


def minutes_of(when: datetime) -> int:
    """Return a moment as minutes since the year 1 began."""
    return when.toordinal() * DAY + when.hour * 60 + when.minute


def role_of(spoken: str) -> str:
    """Return which moment of an entity a property tells, by the words of its name; empty for any."""
    return next((role for pattern, role in _ROLES if pattern.search(spoken)), "")


def moment(spoken: str, now: int, *, of_days: bool = False) -> Callable[[int, int], int]:
    """Return the function from an entity's key to the moment of a property, whose name is given as words.

    Its arguments are the key of the entity, and one of the property. What is given in days ends on another day.
    """
    role = role_of(spoken)
    pair = salt(" ".join(_NEUTRAL.sub(" ", spoken).split()))
    long = bool(_LONG.search(spoken))
    match role:
        case "born":
            return lambda entity, key: now - (22 * 365 + key % (45 * 365)) * DAY
        case "expiry":
            return lambda entity, key: now + (1 + mix(entity, _LENGTH) % 360) * DAY
        case "created":
            return lambda entity, key: now - _age(entity)
        case "updated":
            return lambda entity, key: now - _age(entity) * (mix(entity, _UPDATE) >> 10) // 2**20
        case "start":
            return lambda entity, key: _start(entity, pair, now, long)
        case "end":
            step = 30 * DAY if long else DAY if of_days else 15
            return lambda entity, key: _start(entity, pair, now, long) + _length(entity, pair, step)
    return lambda entity, key: now - _age(entity) * (key >> 10) // 2**20


@lru_cache(16)
def _age(entity: int) -> int:
    """Return how long ago an entity was created, in minutes; all its moments ask for it."""
    return 1 + mix(entity, _CREATION) % SPAN


def _start(entity: int, pair: int, now: int, long: bool) -> int:
    """Return when something starts: after its creation, in office hours; in the morning what lasts for days."""
    key = mix(entity, pair ^ _START)
    age = _age(entity)
    after = key % (age + _AHEAD)
    day = (now - age + after) // DAY + 1
    return day * DAY + 8 * 60 + (0 if long else key % 33 * 15)


def _length(entity: int, pair: int, step: int) -> int:
    """Return how long something lasts, up to twelve steps: of a quarter of an hour, a day or a month."""
    return (1 + mix(entity, pair ^ _LENGTH) % 12) * step


def unix_time(spoken: str, now: int, unit: int) -> Callable[[int, int], int]:
    """Return the function for the moment of a property as a Unix time, of which a second has ``unit`` units.

    Its arguments are the key of the property, and one of the entity.
    """
    when, start = moment(spoken, now), minutes_of(datetime(1970, 1, 1, tzinfo=UTC))
    return lambda key, entity: (when(entity, key) - start) * 60 * unit + mix(entity, _SECOND) % (60 * unit)


def style_of(sample: str = "") -> Callable[[int], str]:
    """Return what writes a moment with the fraction digits and offset of a sample; in UTC (RFC 3339) without one."""
    match = _STYLE.match(sample)
    if not match:
        return lambda minutes: _day(minutes // DAY) + _TIMES[minutes % DAY] + ":00Z"
    offset = match["offset"] or ""
    fraction = f".{'0' * len(match['fraction'])}" if match["fraction"] else ""
    ending = (":00" if match["seconds"] else "") + fraction + offset
    shift = _shift(offset)
    times = _TIMES if match["between"] == "T" else _TIMES_AFTER_SPACE

    def written(minutes: int) -> str:
        minutes += shift
        return _day(minutes // DAY) + times[minutes % DAY] + ending

    return written


def undocumented_style(role: str) -> Callable[[int, int], str]:
    """Return what writes a moment of an entity where nothing shows how: in UTC, of every other entity to milliseconds.

    What is planned begins and ends with a minute.
    """
    is_planned = role in ("start", "end", "expiry", "born")

    def written(minutes: int, entity: int) -> str:
        drawn = mix(entity ^ _SECOND, minutes)  # one for all moments of a minute, so that none is before another
        second, thousandth = (0, 0) if is_planned else (drawn % 60, drawn // 64 % 1000)
        fraction = f".{thousandth:03}" if mix(entity, _SECOND) >> 20 & 1 else ""
        return f"{_day(minutes // DAY)}{_TIMES[minutes % DAY]}:{second:02}{fraction}Z"

    return written


def day_of(minutes: int) -> str:
    """Return the date of a moment (RFC 3339, full-date)."""
    return _day(minutes // DAY)


@cache
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _shift(offset: str) -> int:
    if offset in ("", "Z"):
        return 0
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return -minutes if offset[0] == "-" else minutes
