"""Numbers of OpenAPI documents are those that names, descriptions, formats and examples tell."""

from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.schemas import Contract

Schema = dict[str, Any]
KEYS = range(60)
DECADE = range(1_580_000_000, 1_900_000_000)


def drawn(name: str, **schema: Any) -> list[Any]:
    """Return values of the later items of a list, which vary."""
    entity = {"type": "object", "properties": {name: schema}}
    entities = {"type": "array", "items": entity, "minItems": 2}
    sampler = Sampler(Contract("t", "1", ()), Sampling(nulls="never"))
    return [sampler.sample(entities, key)[1][name] for key in KEYS]


@pytest.mark.parametrize(
    ("name", "schema", "unit"),
    [
        ("created_at", {"type": "integer"}, 1),
        ("created", {"type": "integer", "example": 1718000000}, 1),
        ("created", {"type": "integer", "example": 1718000000123}, 1000),
        ("created", {"type": "integer", "example": 1718000000123456}, 10**6),
        ("timestamp", {"type": "integer", "description": "In milliseconds"}, 1000),
        ("timestamp_ms", {"type": "integer", "format": "int64"}, 1000),
        ("updated", {"type": "integer", "description": "Unix time of the last change"}, 1),
        ("seen", {"type": "integer", "format": "unix-time"}, 1),
        ("time", {"type": "number", "description": "Seconds since the epoch"}, 1),
    ],
)
def test_unix_times_are_of_this_decade_in_their_unit(name: str, schema: Schema, unit: int) -> None:
    values = drawn(name, **schema)
    assert all(value // unit in DECADE for value in values)
    assert len(set(values)) > 20


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("duration", {"type": "integer"}),
        ("processing_time", {"type": "integer"}),
        ("created", {"type": "integer", "example": 3}),
        ("timestamp", {"type": "integer", "maximum": 100}),
    ],
)
def test_other_numbers_are_no_unix_times(name: str, schema: Schema) -> None:
    assert all(value < 10**6 for value in drawn(name, **schema))


@pytest.mark.parametrize(
    ("name", "schema", "low", "high"),
    [
        ("percentage", {"type": "number"}, 0, 100),
        ("completion_percent", {"type": "integer"}, 0, 100),
        ("conversion_ratio", {"type": "number"}, 0, 1),
        ("confidence", {"type": "number"}, 0, 1),
        ("rating", {"type": "number"}, 1, 5),
        ("rating", {"type": "integer", "maximum": 3}, 1, 3),
        ("http_status", {"type": "integer"}, 200, 204),
        ("exp_month", {"type": "integer"}, 1, 12),
        ("exp_year", {"type": "integer"}, 2027, 2031),
        ("lat", {"type": "number"}, -90, 90),
        ("lng", {"type": "number", "minimum": -180, "maximum": 180}, -180, 180),
        ("amount", {"type": "integer", "description": "In cents"}, 500, 40_000),
        ("opacity", {"type": "number", "example": 0.5}, 0, 1),
        ("zqx", {"type": "number", "example": 0.68}, 0, 1),
        ("zqx", {"type": "integer", "example": 400}, 200, 600),
        ("zqx", {"type": "number", "example": -4.5}, -6.75, -2.25),
    ],
)
def test_figures_are_within_what_is_believable(name: str, schema: Schema, low: float, high: float) -> None:
    values = drawn(name, **schema)
    assert all(low <= value <= high for value in values)
    assert len(set(values)) > 2


@pytest.mark.parametrize("name", ["price", "total_amount", "shippingFee", "tax"])
def test_money_has_two_places_at_most(name: str) -> None:
    assert all(value == round(value, 2) for value in drawn(name, type="number"))


def test_most_flags_are_as_documented() -> None:
    assert sum(drawn("zqx", type="boolean", example=True)) > len(KEYS) * 2 / 3
    assert sum(drawn("zqx", type="boolean", default=False)) < len(KEYS) / 3
