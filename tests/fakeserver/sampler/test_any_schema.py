"""Whatever a schema says, a value that is made of it fits: by two validators, and after a bounded number of draws."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

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


@pytest.mark.parametrize("derandomize", [True, False], ids=["the same schemas each time", "any schemas"])
def test_values_of_any_satisfiable_schema_fit(tested: list[int], *, derandomize: bool) -> None:
    refused = []

    @settings(any_schema, derandomize=derandomize)
    @given(satisfiable())
    def values_fit(drawn: tuple[Schema, Any, dict[str, Schema]]) -> None:
        schema, example, named = drawn
        judges = _judges(bundle(schema, named))
        assert all(fits(example) for fits in judges)
        sampler = Sampler(Contract("library", "1", (), named))
        try:
            values = [sampler.sample(schema, key) for key in range(KEYS)]
        except NoValueError:
            refused.append(schema)
            return
        assert [value for value in values if not all(fits(value) for fits in judges)] == []

    values_fit()
    if derandomize:  # by chance, many that are alike may be tried in a row
        assert len(refused) <= MOST_REFUSED
    assert 0 < max(tested) <= MOST_TESTED
