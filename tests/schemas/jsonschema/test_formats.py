import pytest

from docdouble.schemas.jsonschema.formats import (
    INTEGER_RANGES,
    is_date,
    is_date_time,
    is_loose_date_time,
    is_loose_uuid,
    is_uuid,
)


@pytest.mark.parametrize(
    "text",
    [
        "2002-03-31T18:00:00Z",
        "2002-03-31t18:00:00.1234567+01:00",
        "0001-01-01T00:00:00-23:59",
        "2024-02-29 10:00:00z",
    ],
)
def test_a_date_time_is_strict_and_loose(text: str) -> None:
    assert is_date_time(text)
    assert is_loose_date_time(text)


@pytest.mark.parametrize(
    "text", ["2002-03-31T18:00:00", "0001-01-01T00:00:00", "2002-03-31T18:00Z", "2002-03-31T18:00+01:00", "2002-03-31"]
)
def test_a_date_time_that_is_slightly_off_is_loose_only(text: str) -> None:
    assert is_loose_date_time(text)
    assert not is_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2002-02-30T18:00:00Z",
        "2002-03-31T25:00:00Z",
        "2002-03-31T18:00:00+99:00",
        "02-03-31T18:00:00Z",
        "2002-03-31T18:00:00Z\n",
        "٢٠٠٢-03-31T18:00:00Z",
        "2002-W13-7",
        "20020331T180000Z",
        "2002-02-30",
    ],
)
def test_anything_else_is_no_date_time(text: str) -> None:
    assert not is_loose_date_time(text)
    assert not is_date_time(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("2024-02-29T00:00:00Z", False),
        ("20240229", False),
        ("2024-02-29\n", False),
        ("", False),
    ],
)
def test_a_date_is_a_day_of_the_calendar(text: str, expected: bool) -> None:
    assert is_date(text) is expected


@pytest.mark.parametrize(
    ("text", "strict", "loose"),
    [
        ("00112233-4455-6677-8899-AAbbCCddEEff", True, True),
        ("{00112233-4455-6677-8899-aabbccddeeff}", False, True),
        ("00112233445566778899aabbccddeeff", False, True),
        ("00112233-4455-6677-8899-aabbccddeef", False, False),
        ("00112233-4455-6677-8899-aabbccddeegg", False, False),
        ("", False, False),
    ],
)
def test_a_uuid_has_five_groups_unless_read_loosely(text: str, strict: bool, loose: bool) -> None:
    assert (is_uuid(text), is_loose_uuid(text)) == (strict, loose)


def test_integer_formats_are_two_s_complement() -> None:
    assert INTEGER_RANGES == {
        "int32": (-2147483648, 2147483647),
        "int64": (-9223372036854775808, 9223372036854775807),
    }
