"""Cases of an operation: the calls that verify it, with what each of them tries."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.http import is_json

from ..checks.request_case import OTHER_CASE
from ..generation.fields import RequestField, Where
from ..generation.schemathesis import CallStrategies, selecting
from ..model.budget import Budget
from ..model.case import Case, Origin, Purpose
from ..model.exchange import Exchange
from .baseline_request import Base, Bases, call_of, keys_in, of_one_row
from .better_requests import BetterRequests
from .boundary import boundaries, with_drawn_values
from .draft import ABSENT, Draft
from .hostile_cases import HostileCases
from .known_values import KnownValues
from .optional_parameters import asking
from .purpose import Purposes
from .random_cases import random_cases
from .sampling import chosen_tries, rotated
from .spoiling import is_spoiling
from .sweep_cases import SweepCases
from .sweeps import respelled

_Try = TypeVar("_Try")

MOST_ALTERNATIVES = 20
"""Alternatives of an operation's fields that are each sent in a run."""

MOST_READ = 16
"""Entities that are read by their paths: each may be of another alternative, or have another value that is listed."""

MOST_LISTED = 12
"""Values of a property that an alternative is sent with."""


@dataclass(frozen=True)
class Maker:
    """Maker of the cases of a contract's operations.

    ``values`` are those that are known to mean something; ``stored`` are cases of earlier runs, by operation id, which
    are sent first. ``left_out`` counts, by operation id, rules and alternatives beyond the most that a run tries.
    ``run`` distinguishes its texts from those of other runs.
    """

    contract: Contract
    budget: Budget
    strategies: CallStrategies
    purposes: Purposes
    values: KnownValues
    stored: Mapping[str, tuple[Case, ...]] = dataclass_field(default_factory=dict)
    left_out: Counter[str] = dataclass_field(default_factory=Counter)
    run: str = ""

    def cases(self, operation: Operation) -> Iterator[Case]:
        """Yield the cases of an operation, each call once."""
        self.values.ask((operation,))
        sent: set[Call] = set()
        for case in self._all(operation):
            if case.call not in sent and not is_spoiling(case):
                sent.add(case.call)
                yield case

    def guessed(self, operation: Operation) -> tuple[RequestField, ...]:
        """Return the fields of a valid request whose values only the server can show, and nobody knows."""
        base = self.bases.of(operation)
        free = (field for field in base.fields if "enum" not in field.schema and "const" not in field.schema)
        values = ((field, base.draft.get(field)) for field in free)
        return tuple(
            field
            for field, value in values
            if value is not ABSENT and value is not None and self.values.must_be_known(operation, field)
            if not self.values.exists(operation, field, value)
        )

    def known_rows(self, operation: Operation) -> int | None:
        """Return how many requests of an operation have keys of one row of a reply, ``None`` for those with one key."""
        base = self.bases.of(operation)
        is_about_several = len(keys_in(base.draft, base.fields, self.values)) > 1
        return sum(1 for _ in of_one_row(base.draft, base.fields, self.values)) if is_about_several else None

    def _all(self, operation: Operation) -> Iterator[Case]:
        yield from self.stored.get(operation.id, ())
        base = self.bases.of(operation)
        ids = self.bases.ids(base)
        for draft in documented(base.draft):
            yield from self._case(draft, Origin.SAMPLE, "the documented sample", ids)
        yield from self._case(base.draft, Origin.BOUNDARY, "", ids)
        base = replace(base, draft=(yield from self._accepted(base, ids)))
        for draft in islice(self.bases.others(base.draft), MOST_READ):
            yield from self._case(draft, Origin.BOUNDARY, "another entity", ids)
        yield from self._selecting(base.draft, ids)
        for name in base.media_types:
            yield from self._case(self.bases.in_media_type(base.draft, name), Origin.BOUNDARY, f"as {name}", ids)
        if base.is_valid and self.budget.boundaries:
            yield from self._asking(base, ids)
        if base.is_valid:
            alternatives = self._within(operation, self.bases.of_alternatives(base), MOST_ALTERNATIVES)
            for about, variant in alternatives:
                yield from self._case(variant.draft, Origin.BOUNDARY, about, ids)
                yield from self._listed(variant, ids)
            yield from self._boundaries(base, ids)
            for swept_base in self._swept_bases(base, alternatives):
                yield from self._sweeps.cases(swept_base, ids)
            yield from self._hostile.cases(base, [variant for _, variant in alternatives])
        yield from self._random(base)

    def _within(self, operation: Operation, tries: Iterable[_Try], most: int) -> list[_Try]:
        """Return as many tries as a run has; the seed says which, and what is left out is counted."""
        all_tries = list(tries)
        self.left_out[operation.id] += max(len(all_tries) - most, 0)
        return rotated(all_tries, self.budget.seed * most)[:most]

    def _swept_bases(self, base: Base, alternatives: list[tuple[str, Base]]) -> list[Base]:
        """Return the request, and those with another kind of body."""
        kinds = [other for _, other in alternatives if other.fields[0].path == () and other.draft != base.draft]
        return [base, *kinds] if self.budget.boundaries else []

    def _random(self, base: Base) -> Iterator[Case]:
        operation = base.draft.operation
        fields = {(field.where, field.name): field for field in reversed(base.fields) if len(field.path) == 1}

        def known(where: Where, name: str) -> tuple[Any, ...]:
            return self.values.related(operation, fields[where, name]) if (where, name) in fields else ()

        drawn = self.strategies.drawn(operation, self.budget, known)
        yield from random_cases(base, (*drawn.valid, *drawn.hostile), self.purposes)

    @cached_property
    def better(self) -> BetterRequests:
        """Maker of better requests in place of refused ones."""
        return BetterRequests(self.contract, self.values, self.bases.sampler, self.run, self.budget.seed)

    @cached_property
    def _hostile(self) -> HostileCases:
        return HostileCases(self.bases, self.purposes, self.better, self.budget, self._within)

    @cached_property
    def _sweeps(self) -> SweepCases:
        return SweepCases(
            self.bases, self.better, self.values, lambda draft, about: self._case(draft, Origin.BOUNDARY, about, [])
        )

    @cached_property
    def bases(self) -> Bases:
        """Maker of the requests that cases start from."""
        return Bases(self.contract, self.purposes, self.values)

    def _selecting(self, draft: Draft, ids: list[RequestField]) -> Iterator[Case]:
        for name in self.strategies.selectable(draft.operation)[:1]:
            for case in self._case(draft, Origin.BOUNDARY, f"only {name}", ids):
                yield replace(case, call=selecting(case.call, [name]))

    def _asking(self, base: Base, ids: list[RequestField]) -> Iterator[Case]:
        """Yield the request with each optional parameter, and with its names spelled otherwise."""
        draft, sampler = base.draft, self.bases.sampler
        asked = [field for field in base.fields if field.where in ("query", "header") and not field.steers]
        drawn = {field.name: sampler.sample_if_any(field.schema, 0) for field in asked}
        for about, changed in asking(draft, self.strategies.selectable(draft.operation), drawn):
            yield from self._case(changed, Origin.BOUNDARY, about, ids)
        other = respelled(self.bases.filled(base)) if draft.operation.behaves(BehaviourName.ANY_CASE) else None
        if other:
            yield from self._case(other, Origin.BOUNDARY, OTHER_CASE, ids)

    def _listed(self, variant: Base, ids: list[RequestField]) -> Iterator[Case]:
        """Yield an alternative with each value that its own properties list, such as those of a discriminator."""
        depth = len(variant.fields[0].path) + 1
        for field in variant.fields:
            is_choice = len(field.path) == depth and field.is_required
            for value in field.schema.get("enum", ())[:MOST_LISTED] if is_choice else ():
                about = f"{field.place}: {value!r}"
                yield from self._case(variant.with_value(field, value), Origin.BOUNDARY, about, ids)

    def _boundaries(self, base: Base, ids: list[RequestField]) -> Iterator[Case]:
        """Yield valid requests at the edges of what is documented, as many as the budget has."""
        tries = [(field, [each for each in boundaries(field) if not base.has(field, each[1])]) for field in base.fields]
        chosen = chosen_tries(tries, self.budget.boundaries, self.budget.seed)
        for field, (about, value) in chosen:
            draft = base.with_value(field, with_drawn_values(value, self.bases.sampler))
            is_none = isinstance(value, int) and value <= 0
            is_another = (field in ids and is_none) or (field not in ids and self.values.may_refer(field))
            known = [] if is_another else ids
            yield from self._case(draft, Origin.BOUNDARY, f"{field.place}: {about}", known)

    def _case(
        self, draft: Draft, origin: Origin, about: str, ids: list[RequestField]
    ) -> Generator[Case, None, Exchange | None]:
        """Yield the case of a request that is meant to be valid, and a better one where the server knows its values.

        Return the reply to the last one if that is a refusal.
        """
        is_sample = origin is Origin.SAMPLE
        refused = yield from self._sent(draft if is_sample else self.better.unique(draft, about), origin, about, ids)
        if refused and self.better.learn(refused, draft):
            refused = yield from self._sent(self.better.unique(draft, about), Origin.BOUNDARY, about, ids)
        return refused

    def _accepted(self, base: Base, ids: list[RequestField]) -> Generator[Case, None, Draft]:
        def sent(draft: Draft) -> Generator[Case, None, Exchange | None]:
            return self._sent(draft, Origin.BOUNDARY, "as a refusal asks", ids)

        return self.better.accepted(base.draft, self.bases.is_valid, sent)

    def _sent(
        self, draft: Draft, origin: Origin, about: str, ids: list[RequestField]
    ) -> Generator[Case, None, Exchange | None]:
        """Yield the case of a request, and return the reply if that is a refusal.

        A request that isn't valid is left out, if nobody documents it.
        """
        self.better.outcomes.last.pop(draft.operation.id, None)
        call = call_of(draft)
        purpose = self.purposes.of(draft.operation, call) if call else None
        if call and (purpose is Purpose.VALID or (purpose and origin is Origin.SAMPLE)):
            existing = purpose is Purpose.VALID and _exists(self.values, draft, ids)
            yield Case(draft.operation, call, purpose, origin, about, existing=existing)
        return self.better.outcomes.refusal(draft)


def _exists(values: KnownValues, draft: Draft, ids: list[RequestField]) -> bool:
    """Tell whether a request is about entities that are known to be there, and only about such."""
    at_path = {field.name: draft.get(field) for field in ids if field.where == "path"}
    is_path_known = bool(at_path) and values.paths.exists(draft.operation, at_path)
    sent = [(field, value) for field in ids if (value := draft.get(field)) is not ABSENT and value not in (None, 0)]
    return bool(sent or is_path_known) and all(
        (is_path_known and field.where == "path") or values.exists(draft.operation, field, value)
        for field, value in sent
    )


def documented(base: Draft) -> Iterator[Draft]:
    """Yield the request with each documented sample of its body."""
    request = base.operation.request
    for media_type in request.media_types if request else ():
        if is_json(media_type.name):
            yield from (replace(base, body=sample, media_type=media_type.name) for sample in media_type.samples)
