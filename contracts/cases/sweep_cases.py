"""Cases of sweeps: an odd value wherever it may stand, and field by field where a server refuses them together."""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

from ..generation.fields import Path, RequestField
from ..model.case import Case
from ..model.exchange import Exchange
from .baseline_request import Base, Bases
from .better_requests import BetterRequests
from .draft import Draft
from .known_values import KnownValues
from .spoiling import within_exact
from .sweeps import sweeps, swept

_MOST_ALONE = 12
"""Fields of a sweep that are tried alone."""

Sending = Callable[[Draft, str], Generator[Case, None, Exchange | None]]
"""Yields the case of a request, with what it is about, and returns the reply where that refuses it."""


class SweepCases:
    """Maker of requests that hold an odd value in many places; which entities they are about nobody knows.

    A field that a server refuses to have one in is left out of what is tried together, and tried alone: the refusal
    would hide what others do. So is a field that must be unique, which holds another value beside others.
    """

    def __init__(self, bases: Bases, better: BetterRequests, values: KnownValues, sending: Sending) -> None:
        self._bases = bases
        self._better = better
        self._values = values
        self._sending = sending

    def cases(self, base: Base, ids: Sequence[RequestField]) -> Iterator[Case]:
        """Yield the cases of a request that is accepted."""
        whole = self._bases.filled(base)
        if whole.draft != base.draft:
            yield from self._sending(whole.draft, "every property")
        operation = base.draft.operation
        keys = [*ids, *(field for field in base.fields if self._values.references(operation, field))]
        picky: set[Path] = set()
        for about, changes in sweeps(base, keys):
            sent = changes if operation.only_reads else [(field, within_exact(value)) for field, value in changes]
            yield from self._swept(base, about, sent, picky)

    def _swept(
        self, base: Base, about: str, changes: list[tuple[RequestField, Any]], picky: set[Path]
    ) -> Iterator[Case]:
        """Yield a sweep, and its ``picky`` fields alone, to which those are added that the server refuses."""
        operation = base.draft.operation
        together = [(field, value) for field, value in changes if field.path not in picky]
        alone = [(field, value) for field, value in changes if field.path in picky]
        for draft in swept(base, (about, together), self._bases.is_valid):
            refused = yield from self._sending(draft, about)
            some = [(field, value) for field, value in together if draft.get(field) == value]
            alone += some if refused and len(some) > 1 else []
        alone += [each for each in together if self._better.must_be_unique(operation, each[0]) and each not in alone]
        for field, value in alone[:_MOST_ALONE]:
            draft = base.with_value(field, value)
            if self._bases.is_valid(draft):
                refused = yield from self._sending(draft, f"{field.place}: {about}")
                is_picky = refused or self._better.must_be_unique(operation, field)
                (picky.add if is_picky else picky.discard)(field.path)
