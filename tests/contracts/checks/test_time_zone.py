import pytest

from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call, Reply

from .made import documented, exchange, findings_of, line, operation, probed, reply, summary

BEHAVIOUR = {"name": "time-zone", "parameter": "SO-TimeZone", **line(31)}
CONTRACT = documented(operation(**{"x-docdouble-behaviours": [BEHAVIOUR]}))


def probe(utc: str, tokyo: str, status: int = 200) -> list[Finding]:
    def answer(call: Call) -> Reply:
        return reply({"At": utc if call.header("SO-TimeZone") == "UTC" else tokyo}, status)

    return probed("time-zone", exchange(CONTRACT, reply({"At": utc})), answer)[0]


def test_another_moment_is_a_warning() -> None:
    (finding,) = probe("2026-03-01T10:00:00+00:00", "2026-03-01T10:00:00+09:00")
    assert summary(finding) == ("warning", "books.md:31", "/At", "moment")
    assert finding.expected == "/At of 2026-03-01T10:00:00+00:00 (UTC) as in Asia/Tokyo"


def test_a_clock_that_stays_is_a_note() -> None:
    assert [finding.severity for finding in probe("2026-03-01T10:00:00", "2026-03-01T10:00:00")] == ["note"]


@pytest.mark.parametrize(
    ("utc", "tokyo"),
    [
        ("2026-03-01T10:00:00", "2026-03-01T19:00:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01T19:00:00+09:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"),
        ("2026-03-01T00:00:00", "2026-03-01T00:00:00"),
        ("0001-01-01T01:00:00", "0001-01-01T01:00:00"),
        ("2026-03-01", "2026-03-01"),
        ("Ten o'clock", "T"),
    ],
)
def test_the_same_moment_and_what_is_no_time_of_day(utc: str, tokyo: str) -> None:
    assert probe(utc, tokyo) == []


def asked(*times: str) -> list[Finding]:
    call = Call((("SO-TimeZone", "Asia/Tokyo"),), b"", "GET", "/books/7")
    return findings_of(
        "time-zone", exchange(CONTRACT, reply({str(number): text for number, text in enumerate(times)}), call)
    )


def test_a_zone_that_is_ignored_is_a_warning() -> None:
    (finding,) = asked("2026-03-01T10:00:00+01:00", "2026-07-01T10:00:00Z")
    assert summary(finding) == ("warning", "books.md:31", "/0", "zone")


@pytest.mark.parametrize("time", ["2026-03-01T10:00:00+09:00", "2026-03-01T10:00:00", "2026-03-01T00:00:00Z", "x"])
def test_times_in_the_zone_and_those_that_tell_none(time: str) -> None:
    assert asked(time) == []


def test_names_of_zones_may_be_unknown() -> None:
    assert probe("2026-03-01T10:00:00", "2026-03-01T10:00:00", 400) == []


def test_only_times_that_may_be_converted_are_asked_for() -> None:
    body = reply({"At": "2026-03-01T10:00:00"})
    for first in (exchange(documented(operation()), body), exchange(CONTRACT, reply({"At": "2026-03-01"}))):
        assert probed("time-zone", first, lambda call: body)[1] == []
