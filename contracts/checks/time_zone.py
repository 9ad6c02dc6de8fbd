"""Time zones: the documented parameter moves the clock of every time of day, not the moment that it stands for."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from docdouble.schemas.contract.behaviour_names import BehaviourName

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send
from .helpers import scalars, severity_at_most

ASKED_ZONE = "Asia/Tokyo"
"""The time zone that cases ask for: in it no clock is ever moved."""

_ZONES = ("UTC", ASKED_ZONE)
_DISTANCE = timedelta(hours=9)
"""Distance of the zones, in summer and in winter."""


def _applies(exchange: Exchange) -> bool:
    behaviour = exchange.operation.behaviour(BehaviourName.TIME_ZONE)
    is_asked = behaviour is not None and exchange.call.header(behaviour.parameter) == ASKED_ZONE
    return is_asked and exchange.succeeded and bool(_moments(exchange))


def _run(exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding when times show their offsets, and not one of them is given in the zone that was asked for."""
    with_offset = {place: moment for place, moment in _moments(exchange).items() if moment.tzinfo is not None}
    behaviour = exchange.operation.behaviour(BehaviourName.TIME_ZONE)
    if not with_offset or behaviour is None or any(moment.utcoffset() == _DISTANCE for moment in with_offset.values()):
        return
    place, moment = next(iter(with_offset.items()))
    severity = severity_at_most(Severity.WARNING, behaviour.evidence)
    yield _finding(exchange, severity, "zone", place, f"times as in {ASKED_ZONE}, +09:00", moment)


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    behaviour = first.operation.behaviour(BehaviourName.TIME_ZONE)
    if behaviour is None or not first.operation.only_reads or not _moments(first):
        return
    replies = [send(first.call.with_headers((behaviour.parameter, zone)), True) for zone in _ZONES]
    if not all(reply and reply.succeeded and reply.is_readable for reply in replies):
        return  # names of zones differ from server to server
    in_utc, in_asked = (reply for reply in replies if reply)
    before, after = _moments(in_utc), _moments(in_asked)
    shared = before.keys() & after.keys()
    if wrong := sorted(place for place in shared if not _agree(before[place], after[place])):
        place = min(wrong, key=lambda pointer: (not _tell_offsets(before[pointer], after[pointer]), pointer))
        # a clock that stays may be one that isn't meant to be converted, another moment can't be
        is_sure = _tell_offsets(before[place], after[place])
        severity = severity_at_most(Severity.WARNING, behaviour.evidence) if is_sure else Severity.NOTE
        expected = f"{place} of {before[place].isoformat()} ({_ZONES[0]}) as in {_ZONES[1]}"
        yield _finding(in_asked, severity, "moment", place, expected, after[place])


def _moments(exchange: Exchange) -> Mapping[str, datetime]:
    """Return the times of day in a body by their places; midnight may be a day, and year 1 is never."""
    moments = {}
    for place, value in scalars(exchange.json) if exchange.is_readable else ():
        if not isinstance(value, str) or "T" not in value:
            continue
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            continue
        if 1970 < moment.year < 2200 and (moment.hour or moment.minute):
            moments[place] = moment
    return moments


def _agree(before: datetime, after: datetime) -> bool:
    """Tell whether two times are one moment in two zones; what was asked for at another second may have moved."""
    if _tell_offsets(before, after):
        return abs(before - after) < timedelta(minutes=5)
    apart = after.replace(tzinfo=UTC) - before.replace(tzinfo=UTC)
    return abs(apart - _DISTANCE) < timedelta(minutes=5)


def _tell_offsets(before: datetime, after: datetime) -> bool:
    return before.tzinfo is not None and after.tzinfo is not None


def _finding(exchange: Exchange, severity: Severity, rule: str, place: str, expected: str, moment: datetime) -> Finding:
    behaviour = exchange.operation.behaviour(BehaviourName.TIME_ZONE)
    evidence, got = behaviour.evidence if behaviour else None, moment.isoformat()
    return exchange.finding(
        "time-zone", severity, expected=expected, got=got, pointer=place, rule=rule, evidence=evidence
    )


CHECK = Check("time-zone", "times are in the time zone that is asked for", _run, _applies, _probe)
