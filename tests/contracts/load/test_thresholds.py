"""Thresholds: what they mean, what breaks them, and how a wrong one is reported."""

import pytest

from docdouble.contracts.load.thresholds import Figures, broken_thresholds, read_threshold
from docdouble.schemas import ConfigError

FIGURES = Figures(
    requests=200,
    errors=3,
    judged=100,
    violations=2,
    rps=48.5,
    average=120.0,
    min=3.0,
    max=1500.0,
    percentiles={"p50": 90.0, "p95": 301.0, "p99.9": 1400.0},
)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("p95>300ms", "p95 is 301 ms"),
        ("p95>301", ""),
        ("p95>=301", "p95 is 301 ms"),
        ("p99.9 > 1s", "p99.9 is 1.40 s"),
        ("max<2s", "max is 1.50 s"),
        ("average>200ms", ""),
        ("errors>1%", "errors is 1.50 %"),
        ("errors>1.5%", ""),
        ("errors>2", "errors is 3"),
        ("violations>0", "violations is 2"),
        ("violations>2%", ""),
        ("violations>=2%", "violations is 2 %"),
        ("rps<50", "rps is 48.50"),
        ("requests<=200", "requests is 200"),
    ],
)
def test_a_threshold_is_broken_beyond_its_limit(text: str, broken: str) -> None:
    assert read_threshold(text).broken_by(FIGURES) == broken


def test_nothing_sent_is_no_share() -> None:
    assert read_threshold("errors>0%").broken_by(Figures()) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p950>300ms", "did you mean 'p95'"),
        ("error>1%", "did you mean 'errors'"),
        ("p95", "a figure, a comparison and a limit, such as p95>300ms"),
        ("p95=300ms", "a figure, a comparison and a limit"),
        ("p95>300%", "of the form p95>300 or p95>300ms or p95>300s"),
        ("errors>1ms", "of the form errors>1 or errors>1%"),
        ("requests>1%", "of the form requests>1"),
        ("rps<5s", "of the form rps<5"),
    ],
)
def test_a_wrong_one_is_reported_with_the_nearest(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match="--fail-if") as error:
        read_threshold(text)
    assert message in str(error.value)


def test_of_operations_each_is_compared() -> None:
    slow, fast = Figures(percentiles={"p99": 1200.0}), Figures(percentiles={"p99": 10.0})
    asked: list[str] = []

    def ids(selector: str) -> set[str]:
        asked.append(selector)
        return {"listGuests", "getGuest", "neverCalled"}

    thresholds = [read_threshold("tag:guests: p99>1s")]
    broken = broken_thresholds(thresholds, FIGURES, {"listGuests": slow, "getGuest": fast, "other": slow}, ids)
    assert broken == ["tag:guests: p99>1s: listGuests: p99 is 1.20 s"]
    assert asked == ["tag:guests"]
