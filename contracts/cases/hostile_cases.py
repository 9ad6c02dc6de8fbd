"""Cases that a server has to refuse: requests that break one rule each, and some that break one in many places."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from docdouble.schemas import Call, Evidence, Operation

from ..generation.fields import RequestField
from ..model.budget import Budget
from ..model.case import Breach, Case, Origin, Purpose
from .baseline_request import Base, Bases, call_of, is_near
from .better_requests import BetterRequests
from .boundary import with_drawn_values
from .conversions import is_converted
from .draft import Draft
from .hostile import CALENDAR, SURROGATE, Broken, Wrong, broken_bodies, hostile
from .purpose import Purposes
from .sampling import chosen_tries, rotated, spread
from .sweeps import wrong_sweeps

ALWAYS_BROKEN = ("no body", "broken off", "null", "an array", "a media type that nobody documents")
"""Broken bodies that every operation is sent, in every run."""

_KEPT = (CALENDAR, SURROGATE)
"""Rules of texts that some servers take, and show in later replies."""

MOST_EACH = 100
"""Rules of an operation's fields that are each broken in a run."""

_SPARE = 3
"""Hostile cases that are thought of for each that is sent: some turn out to be allowed."""


Try = tuple[Base, RequestField, Wrong]
"""A request, the field of it that is broken, and how."""


class HostileCases:
    """Maker of hostile cases; ``within`` returns as many tries of an operation as a run has."""

    def __init__(
        self,
        bases: Bases,
        purposes: Purposes,
        better: BetterRequests,
        budget: Budget,
        within: Callable[[Operation, Iterable[Try], int], list[Try]],
    ) -> None:
        self._bases = bases
        self._purposes = purposes
        self._better = better
        self._budget = budget
        self._within = within

    def cases(self, base: Base, variants: list[Base]) -> Iterator[Case]:
        """Yield requests that break one rule each, as many as the budget has, of which some are always the same."""
        broken = list(broken_bodies(base.draft, is_required=_needs_body(base.draft.operation)))
        always = [breakage for breakage in broken if breakage[0] in ALWAYS_BROKEN]
        others = [breakage for breakage in broken if breakage[0] not in ALWAYS_BROKEN]
        count = max(self._budget.boundaries - len(always), 0)
        whole = spread([others], count // 4, self._budget.seed)
        yield from (case for breakage in (*always, *whole) for case in self._broken(base.draft, breakage))
        tries = _wrongs(base)
        if self._budget.boundaries:
            each = [(base, *spoiled) for spoiled in _of_each(tries, self._budget.seed)]
            for variant in variants:
                each += [(variant, *spoiled) for spoiled in _of_each(_wrongs(variant), self._budget.seed)]
            for broken_base, field, wrong in self._within(base.draft.operation, each, MOST_EACH):
                yield from self._wrong(broken_base, field, *wrong)
            yield from self._wrong_sweeps(base)
        chosen = chosen_tries(tries, count * _SPARE, self._budget.seed)
        made = (case for field, wrong in chosen for case in self._wrong(base, field, *wrong))
        yield from islice(made, count - len(whole))

    def _wrong(self, base: Base, field: RequestField, about: str, rule: str, value: Any) -> Iterator[Case]:
        base = replace(base, draft=self._better.unique(base.draft, f"{field.place}:"))
        draft = base.with_value(field, with_drawn_values(value, self._bases.sampler))
        call = call_of(draft)
        purpose = self._purposes.of(draft.operation, call) if call else None
        if call and purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE):
            breach = Breach(field.place, rule, field.evidence(rule))
            yield Case(draft.operation, call, purpose, Origin.HOSTILE, f"{field.place}: {about}", breach)

    def _wrong_sweeps(self, base: Base) -> Iterator[Case]:
        """Yield requests that hold in many places what isn't valid there; what nobody has to refuse only probes."""
        for about, changes in wrong_sweeps(base):
            changed = self._bases.filled(base)
            for field, value in changes:
                changed = replace(changed, draft=changed.with_value(field, value))
            call = call_of(changed.draft) if changes else None
            purpose = self._purposes.of(base.draft.operation, call) if call else None
            if call and purpose:
                breach = breach_of(base, self._purposes, call) if purpose is not Purpose.VALID else None
                purpose = Purpose.PROBE if purpose is Purpose.VALID else purpose
                yield Case(base.draft.operation, call, purpose, Origin.HOSTILE, about, breach)

    def _broken(self, draft: Draft, broken: Broken) -> Iterator[Case]:
        about, rule, call = broken
        if self._purposes.of(draft.operation, call) is Purpose.HOSTILE:
            breach = Breach("body", rule, _of_body(draft.operation))
            yield Case(draft.operation, call, Purpose.HOSTILE, Origin.HOSTILE, f"body: {about}", breach)


def _needs_body(operation: Operation) -> bool:
    return operation.request is not None and bool(operation.request.required)


def _of_body(operation: Operation) -> Evidence | None:
    return (operation.request.evidence if operation.request else None) or operation.evidence


def breach_of(base: Base, purposes: Purposes, call: Call) -> Breach | None:
    """Return what a call breaks, where that is a rule of a documented field or of a part of one."""
    place, rule = purposes.first_broken(base.draft.operation, call)
    around = [field for field in base.fields if f"{place}/".startswith(f"{field.place}/")]
    field = max(around, key=lambda field: len(field.place), default=None)
    return Breach(place, rule, field.evidence(rule)) if field else None


def _wrongs(base: Base) -> list[tuple[RequestField, list[Wrong]]]:
    """Return the values that each field may not have.

    A lone surrogate is for operations that keep nothing: it makes all later replies fail that show it.
    """
    only_reads = base.draft.operation.only_reads
    return [
        (field, [wrong for wrong in hostile(field, base.draft.media_type) if wrong[1] not in _KEPT or only_reads])
        for field in base.fields
    ]


def _of_each(tries: list[tuple[RequestField, list[Wrong]]], seed: int) -> list[tuple[RequestField, Wrong]]:
    """Return each rule of the near fields with a value that breaks it: types first, then what is listed, then null."""
    ranked: list[tuple[int, RequestField, Wrong]] = []
    for field, of_field in tries:
        by_rule: dict[str, list[Wrong]] = {}
        broken = (wrong for wrong in of_field if wrong[1] != SURROGATE and not is_converted(wrong[2], field.kind))
        for wrong in broken if is_near(field) else ():
            by_rule.setdefault("null" if wrong[2] is None else wrong[1], []).append(wrong)
        ranked += [(_RANKS.get(rule, len(_RANKS)), field, rotated(wrongs, seed)[0]) for rule, wrongs in by_rule.items()]
    return [(field, wrong) for _, field, wrong in sorted(ranked, key=lambda try_: try_[0])]


_RANKS = {"type": 0, "format": 0, "enum": 1, "const": 1, "required": 1, "null": 2}
"""Rule → when it is broken: the first ones before those that few servers check."""
