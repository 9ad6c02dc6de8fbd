"""Moments: written as samples are, and in an order that can be believed."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.sampler.data.dates import (
    DAY,
    EPOCH,
    SPAN,
    day_of,
    minutes_of,
    moment,
    now_of,
    style_of,
    undocumented_style,
)
from docdouble.fakeserver.sampler.seeds import PRIME
from docdouble.schemas.jsonschema.formats import is_date_time

WHEN = datetime(2024, 3, 5, 15, 30, tzinfo=UTC)
NOW = minutes_of(EPOCH)
KEYS = st.integers(0, PRIME - 1)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("", "2024-03-05T15:30:00Z"),
        ("no date", "2024-03-05T15:30:00Z"),
        ("2011-11-02", "2024-03-05T15:30:00Z"),
        ("2011-11-02T13:38:12Z", "2024-03-05T15:30:00Z"),
        ("2011-11-02T13:38:12", "2024-03-05T15:30:00"),
        ("2011-11-02T13:38", "2024-03-05T15:30"),
        ("2011-11-02T13:38:12.9678107+01:00", "2024-03-05T16:30:00.0000000+01:00"),
        ("2011-11-02T13:38:12.9-05:30", "2024-03-05T10:00:00.0-05:30"),
        ("2011-11-02T13:38:12.967", "2024-03-05T15:30:00.000"),
        ("0001-01-01T00:00:00", "2024-03-05T15:30:00"),
    ],
)
def test_a_moment_is_written_as_the_sample_is(style: str, text: str) -> None:
    assert style_of(style)(minutes_of(WHEN)) == text


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.sampled_from(["", "2011-11-02T13:38:12.9+01:00"]))
def test_what_is_written_can_be_read_back(when: datetime, style: str) -> None:
    when = when.replace(second=0, microsecond=0, tzinfo=UTC)
    text = style_of(style)(minutes_of(when))
    assert is_date_time(text)
    assert datetime.fromisoformat(text) == when
    assert day_of(minutes_of(when)) == when.date().isoformat()


@given(KEYS, KEYS, KEYS)
def test_entities_are_created_before_they_are_updated(entity: int, first: int, second: int) -> None:
    created, registered = (moment(name, NOW)(entity, first) for name in ("created date", "registered"))
    updated, changed = (moment(name, NOW)(entity, second) for name in ("updated date", "last changed"))
    closed = moment("closed at", NOW)(entity, second)
    assert created == registered <= updated == changed <= NOW
    assert created <= closed <= NOW
    assert NOW - created <= SPAN


@given(KEYS, KEYS, KEYS)
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("start date", "end date"),
        ("start time", "end time"),
        ("valid from", "valid to"),
        ("publish from", "publish to"),
        ("from date", "to date"),
        ("mon start", "mon stop"),
        ("when started", "when ended"),
    ],
)
def test_entities_start_before_they_end(first: str, last: str, entity: int, key: int, second: int) -> None:
    start, end = moment(first, NOW)(entity, key), moment(last, NOW)(entity, second)
    assert moment("created", NOW)(entity, key) <= start < end
    assert end - start <= 13 * 30 * DAY
    assert moment(last, NOW, of_days=True)(entity, second) // DAY > start // DAY


def test_meetings_are_in_office_hours() -> None:
    hours = {moment("start date", NOW)(number, 0) % DAY // 60 for number in range(0, PRIME, 2**23)}
    assert hours <= set(range(8, 17))
    assert len(hours) > 5


def test_people_are_born_long_ago() -> None:
    ages = {(NOW - moment("birth date", NOW)(1, own)) // DAY // 365 for own in range(0, PRIME, 2**21)}
    assert min(ages) >= 22
    assert max(ages) <= 68


def test_now_depends_on_the_seed_alone() -> None:
    assert now_of(3) == now_of(3) != now_of(4)
    assert 0 <= (now_of(5) - EPOCH).days < 366


def test_without_a_style_moments_are_written_in_utc_with_and_without_a_fraction() -> None:
    minutes, entities = minutes_of(WHEN), range(200)
    texts = [undocumented_style("created")(minutes, entity) for entity in entities]
    for text in texts:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d{3})?Z", text)
        assert text.startswith(style_of()(minutes)[:16])
    assert 50 < sum("." in text for text in texts) < 150
    planned = {undocumented_style("start")(minutes, entity)[16:] for entity in entities}
    assert planned == {":00Z", ":00.000Z"}
    later = [undocumented_style("updated")(minutes + 1, entity) for entity in entities]
    assert all(len(text) == len(after) and text < after for text, after in zip(texts, later, strict=True))
