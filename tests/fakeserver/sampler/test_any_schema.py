"""Whatever a schema says, a value that is made of it fits: by two validators, and after a bounded number of draws."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.sampler.guarded import MOST_TESTED, DrawBudget, Guarded
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.schemas import Contract
from docdouble.schemas.jsonschema.bundle import bundle
from docdouble.schemas.jsonschema.formats import STRICT

from .satisfiable import Schema, satisfiable

KEYS = 5
EXAMPLES = 60
MOST_REFUSED = 6
"""Conditions may be met by values that are hard to find; of so many schemas there may be none."""

any_schema = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the number of tested draws of each value, or search for how to make one, that isn't a part of another."""
    tested, tried, spending = [0], Guarded._tried, DrawBudget.spending

    def counted(*args: Any) -> Iterator[Any]:
        for value in tried(*args):
            tested[-1] += 1
            yield value

    def counted_apart(budget: DrawBudget) -> Any:
        if not budget.depth:
            tested.append(0)
        return spending(budget)

    monkeypatch.setattr(Guarded, "_tried", counted)
    monkeypatch.setattr(DrawBudget, "spending", counted_apart)
    return tested


def _on_texts(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or check(value)


def _judges(bundled: Schema) -> list[Callable[[Any], bool]]:
    checker = jsonschema.FormatChecker(formats=())
    for name, check in STRICT.items():
        checker.checks(name)(_on_texts(check))
    fast = jsonschema_rs.Draft202012Validator(bundled, validate_formats=True).is_valid
    full = jsonschema.Draft202012Validator(bundled, format_checker=checker).is_valid
    return [fast] if "\\p" in str(bundled) else [fast, full]  # which Python's patterns don't know


def _values(schema: Schema, example: Any, named: dict[str, Schema]) -> list[Any]:
    """Return the values that are sampled of a schema, all of which fit; none where it is refused."""
    judges = _judges(bundle(schema, named))
    assert all(fits(example) for fits in judges)
    sampler = Sampler(Contract("library", "1", (), named))
    try:
        values = [sampler.sample(schema, key) for key in range(KEYS)]
    except NoValueError:
        return []
    assert [value for value in values if not all(fits(value) for fits in judges)] == []
    return values


def _drawn(number: int) -> tuple[Schema, Any, dict[str, Schema]]:
    """Return the schema of a seed; those of one run are often alike, and would be refused together."""
    drawn: list[tuple[Schema, Any, dict[str, Schema]]] = []

    @seed(number)
    @settings(any_schema, max_examples=2, database=None, phases=[Phase.generate])
    @given(satisfiable())
    def draw(schema: tuple[Schema, Any, dict[str, Schema]]) -> None:
        drawn.append(schema)

    draw()
    return drawn[-1]  # the first is the simplest of all


@any_schema
@given(drawn=satisfiable())
def test_values_of_any_satisfiable_schema_fit(tested: list[int], drawn: tuple[Schema, Any, dict[str, Schema]]) -> None:
    _values(*drawn)
    assert max(tested) <= MOST_TESTED


def test_few_satisfiable_schemas_are_refused(tested: list[int]) -> None:
    refused = [number for number in range(EXAMPLES) if not _values(*_drawn(number))]
    assert len(refused) <= MOST_REFUSED
    assert max(tested) > 0
