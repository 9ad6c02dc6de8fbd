"""Samples of many values, evenly chosen: every group, and in it every field, gets its turn over the seeds."""

from collections.abc import Iterator, Sequence
from math import gcd
from typing import TypeVar

from ..generation.fields import RequestField

_Item = TypeVar("_Item")

_GOLDEN = 0.618


def scattered(items: Sequence[_Item]) -> list[_Item]:
    """Return the items in an order of which every stretch is spread evenly over them; always the same one."""
    count = len(items)
    step = max(int(count * _GOLDEN), 1)
    while gcd(step, count) != 1:
        step += 1
    return [items[place * step % count] for place in range(count)]


def in_turn(groups: Sequence[Sequence[_Item]]) -> Iterator[_Item]:
    """Yield one item of each group in turn, until nothing is left."""
    for number in range(max(map(len, groups), default=0)):
        yield from (group[number] for group in groups if number < len(group))


def rotated(items: Sequence[_Item], by: int) -> list[_Item]:
    """Return the items, starting at another one."""
    start = by % len(items) if items else 0
    return [*items[start:], *items[:start]]


def spread(groups: Sequence[Sequence[_Item]], count: int, seed: int) -> list[_Item]:
    """Return ``count`` items, or all there are: the groups in turn, in each other items first.

    The next seed goes on where this one ends, so that in the end all are chosen.
    """
    turned = [rotated(group, number) for number, group in enumerate(groups)]
    return rotated(list(in_turn(turned)), seed * count)[:count]


def chosen_tries(
    tries: list[tuple[RequestField, list[_Item]]], count: int, seed: int
) -> list[tuple[RequestField, _Item]]:
    """Return some of the tries of fields: parameters, the nearer and the farther parts of a body get equal shares."""
    groups: dict[str, list[list[tuple[RequestField, _Item]]]] = {}
    for field, of_field in tries:
        if of_field:
            groups.setdefault(_group(field), []).append([(field, each) for each in of_field])
    return spread(list(in_turn([scattered(fields) for fields in groups.values()])), count, seed)


def _group(field: RequestField) -> str:
    if field.where != "body":
        return "header" if field.where in ("header", "cookie") else "target"
    return "near" if len(field.path) < 2 else "far"
