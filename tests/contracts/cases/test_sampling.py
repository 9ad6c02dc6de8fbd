from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.cases.sampling import in_turn, rotated, scattered, spread

GROUPS = st.lists(st.lists(st.integers(), max_size=6), max_size=8)


@given(st.lists(st.integers()))
def test_scattering_keeps_all_items(items: list[int]) -> None:
    assert sorted(scattered(items)) == sorted(items)


def test_the_first_few_are_spread_over_all() -> None:
    chosen = sorted(scattered(range(100))[:10])
    assert max(second - first for first, second in zip([0, *chosen], [*chosen, 99], strict=True)) <= 25


@given(GROUPS)
def test_taking_turns_keeps_all_items(groups: list[list[int]]) -> None:
    assert sorted(in_turn(groups)) == sorted(chain.from_iterable(groups))


@given(GROUPS, st.integers(1, 10))
def test_in_the_end_all_are_chosen_as_often(groups: list[list[int]], count: int) -> None:
    marked = [[(number, place) for place, _ in enumerate(group)] for number, group in enumerate(groups)]
    everything = list(chain.from_iterable(marked))
    seen = [member for seed in range(len(everything)) for member in spread(marked, count, seed)]
    assert all(seen.count(member) == min(count, len(everything)) for member in everything)


@given(GROUPS.filter(any))
def test_no_group_gets_two_before_all_got_one(groups: list[list[int]]) -> None:
    marked = [[(number, place) for place, _ in enumerate(group)] for number, group in enumerate(groups) if group]
    assert {number for number, _ in spread(marked, len(marked), 0)} == {group[0][0] for group in marked}


def test_nothing_is_rotated_to_nothing() -> None:
    assert rotated([], 3) == []
