"""Operation → cases."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from docdouble.schemas import Call, Contract, Evidence, Operation
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.http import is_json

from ..checks.request_case import OTHER_CASE
from ..generation.fields import RequestField, Where
from ..generation.schemathesis import CallStrategies, selecting
from ..model.budget import Budget
from ..model.case import Breach, Case, Origin, Purpose
from ..model.exchange import Exchange
from .baseline_request import Base, Bases, call_of, is_near
from .better_requests import BetterRequests
from .boundary import boundaries, with_drawn_values
from .conversions import is_converted
from .draft import ABSENT, Draft
from .hostile import SURROGATE, Broken, Wrong, broken_bodies, hostile
from .known_values import KnownValues
from .optional_parameters import asking
from .purpose import Purposes
from .sampling import in_turn, rotated, scattered, spread
from .sweeps import respelled, sweeps, swept

_Try = TypeVar("_Try")

ALWAYS_BROKEN = ("no body", "broken off", "null", "an array", "a media type that nobody documents")
"""Broken bodies that every operation is sent, in every run."""

MOST_EACH = 100
"""Rules of an operation's fields that are each broken in a run."""

MOST_ALTERNATIVES = 20
"""Alternatives of an operation's fields that are each sent in a run."""

MOST_LISTED = 12
"""Values of a property that an alternative is sent with."""

_SPARE = 3
"""Hostile cases that are thought of for each that is sent: some turn out to be allowed."""


@dataclass(frozen=True)
class Maker:
    """Maker of the cases of a contract's operations.

    ``values`` are those that are known to mean something; ``stored`` are cases of earlier runs, by operation id, which
    are sent first. ``left_out`` counts, by operation id, rules and alternatives beyond the most that a run tries.
    ``run`` tells its texts from those of other runs.
    """

    contract: Contract
    budget: Budget
    strategies: CallStrategies
    purposes: Purposes
    values: KnownValues
    stored: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    run: str = ""

    def cases(self, operation: Operation) -> Iterator[Case]:
        """Yield the cases of an operation, each call once."""
        self.values.ask((operation,))
        sent: set[Call] = set()
        for case in self._all(operation):
            if case.call not in sent:
                sent.add(case.call)
                yield case

    def guessed(self, operation: Operation) -> tuple[RequestField, ...]:
        """Return the fields of a valid request whose values only the server can tell, and nobody knows."""
        base = self.bases.of(operation)
        told = (
            (one, base.draft.get(one)) for one in base.fields if "enum" not in one.schema and "const" not in one.schema
        )
        return tuple(
            one
            for one, value in told
            if value is not ABSENT and value is not None and self.values.must_be_known(operation, one)
            if not self.values.exists(operation, one, value)
        )

    def _all(self, operation: Operation) -> Iterator[Case]:
        yield from self.stored.get(operation.id, ())
        base = self.bases.of(operation)
        ids = self.bases.ids(base)
        for draft in documented(base.draft):
            yield from self._case(draft, Origin.SAMPLE, "the documented sample", ids)
        yield from self._case(base.draft, Origin.BOUNDARY, "", ids)
        base = replace(base, draft=(yield from self._accepted(base, ids)))
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
                yield from self._sweeps(swept_base, ids)
            yield from self._hostile(base, [variant for _, variant in alternatives])
        yield from self._random(base)

    def _within(self, operation: Operation, tries: Iterable[_Try], most: int) -> list[_Try]:
        """Return as many tries as a run has; the seed says which, and what is left out is counted."""
        everything = list(tries)
        self.left_out[operation.id] += max(len(everything) - most, 0)
        return rotated(everything, self.budget.seed * most)[:most]

    def _swept_bases(self, base: Base, alternatives: list[tuple[str, Base]]) -> list[Base]:
        """Return the request, and those with another kind of body."""
        kinds = [one for _, one in alternatives if one.fields[0].path == () and one.draft != base.draft]
        return [base, *kinds] if self.budget.boundaries else []

    def _random(self, base: Base) -> Iterator[Case]:
        operation = base.draft.operation
        fields = {(one.where, one.name): one for one in reversed(base.fields) if len(one.path) == 1}

        def known(where: Where, name: str) -> tuple[Any, ...]:
            return self.values.known(operation, fields[where, name]) if (where, name) in fields else ()

        drawn = self.strategies.drawn(operation, self.budget, known)
        for call in (*drawn.valid, *drawn.hostile):
            if purpose := self.purposes.of(operation, call):
                breach = _breach(base, self.purposes, call) if purpose is not Purpose.VALID else None
                yield Case(operation, call, purpose, Origin.RANDOM, breach=breach)

    @cached_property
    def better(self) -> BetterRequests:
        """Maker of better requests in place of refused ones."""
        return BetterRequests(self.contract, self.values, self.bases.sampler, self.run, self.budget.seed)

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
        asked = [one for one in base.fields if one.where in ("query", "header") and not one.steers]
        drawn = {one.name: sampler.sample_if_any(one.schema, 0) for one in asked}
        for about, changed in asking(draft, self.strategies.selectable(draft.operation), drawn):
            yield from self._case(changed, Origin.BOUNDARY, about, ids)
        other = respelled(self.bases.filled(base)) if draft.operation.behaves(BehaviourName.ANY_CASE) else None
        if other:
            yield from self._case(other, Origin.BOUNDARY, OTHER_CASE, ids)

    def _sweeps(self, base: Base, ids: list[RequestField]) -> Iterator[Case]:
        """Yield requests that hold an odd value in many places; which things they are about nobody knows."""
        whole = self.bases.filled(base)
        if whole.draft != base.draft:
            yield from self._case(whole.draft, Origin.BOUNDARY, "every property", [])
        for sweep in sweeps(base, ids):
            for draft in swept(base, sweep, self.bases.is_valid):
                yield from self._case(draft, Origin.BOUNDARY, sweep[0], [])

    def _listed(self, variant: Base, ids: list[RequestField]) -> Iterator[Case]:
        """Yield an alternative with each value that its own properties list, such as those of a discriminator."""
        depth = len(variant.fields[0].path) + 1
        for one in variant.fields:
            for value in one.schema.get("enum", ())[:MOST_LISTED] if len(one.path) == depth and one.is_required else ():
                yield from self._case(variant.with_value(one, value), Origin.BOUNDARY, f"{one.place}: {value!r}", ids)

    def _boundaries(self, base: Base, ids: list[RequestField]) -> Iterator[Case]:
        """Yield valid requests at the edges of what is documented, as many as the budget has."""
        tries = [(one, [each for each in boundaries(one) if not base.has(one, each[1])]) for one in base.fields]
        chosen = _chosen(tries, self.budget.boundaries, self.budget.seed)
        for one, (about, value) in chosen:
            draft = base.with_value(one, with_drawn_values(value, self.bases.sampler))
            known = [] if one in ids and value == 0 else ids
            yield from self._case(draft, Origin.BOUNDARY, f"{one.place}: {about}", known)

    def _case(self, draft: Draft, origin: Origin, about: str, ids: list[RequestField]) -> Iterator[Case]:
        """Yield the case of a request that is meant to be valid, and a better one where the server knows its values."""
        is_sample = origin is Origin.SAMPLE
        refused = yield from self._sent(draft if is_sample else self.better.unique(draft, about), origin, about, ids)
        if refused and self.better.learn(refused, draft):
            yield from self._sent(self.better.unique(draft, about), Origin.BOUNDARY, about, ids)

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

    def _hostile(self, base: Base, variants: list[Base]) -> Iterator[Case]:
        """Yield requests that break one thing each, as many as the budget has, of which some are always the same."""
        broken = list(broken_bodies(base.draft, is_required=_needs_body(base.draft.operation)))
        always = [one for one in broken if one[0] in ALWAYS_BROKEN]
        others = [one for one in broken if one[0] not in ALWAYS_BROKEN]
        count = max(self.budget.boundaries - len(always), 0)
        whole = spread([others], count // 4, self.budget.seed)
        yield from (case for one in (*always, *whole) for case in self._broken(base.draft, one))
        tries = _wrongs(base)
        if self.budget.boundaries:
            each = [(base, *one) for one in _of_each(tries, self.budget.seed)]
            for variant in variants:
                each += [(variant, *one) for one in _of_each(_wrongs(variant), self.budget.seed)]
            for broken_base, one, wrong in self._within(base.draft.operation, each, MOST_EACH):
                yield from self._wrong(broken_base, one, *wrong)
        chosen = _chosen(tries, count * _SPARE, self.budget.seed)
        made = (case for one, wrong in chosen for case in self._wrong(base, one, *wrong))
        yield from islice(made, count - len(whole))

    def _wrong(self, base: Base, field: RequestField, about: str, rule: str, value: Any) -> Iterator[Case]:
        base = replace(base, draft=self.better.unique(base.draft, f"{field.place}:"))
        draft = base.with_value(field, with_drawn_values(value, self.bases.sampler))
        call = call_of(draft)
        purpose = self.purposes.of(draft.operation, call) if call else None
        if call and purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE):
            breach = Breach(field.place, rule, field.evidence(rule))
            yield Case(draft.operation, call, purpose, Origin.HOSTILE, f"{field.place}: {about}", breach)

    def _broken(self, draft: Draft, broken: Broken) -> Iterator[Case]:
        about, rule, call = broken
        if self.purposes.of(draft.operation, call) is Purpose.HOSTILE:
            breach = Breach("body", rule, _of_body(draft.operation))
            yield Case(draft.operation, call, Purpose.HOSTILE, Origin.HOSTILE, f"body: {about}", breach)


def _exists(values: KnownValues, draft: Draft, ids: list[RequestField]) -> bool:
    """Tell whether a request is about things that are known to be there, and only about such."""
    at_path = {one.name: draft.get(one) for one in ids if one.where == "path"}
    is_path_known = bool(at_path) and values.paths.exists(draft.operation, at_path)
    sent = [(one, value) for one in ids if (value := draft.get(one)) is not ABSENT and value not in (None, 0)]
    return bool(sent or is_path_known) and all(
        (is_path_known and one.where == "path") or values.exists(draft.operation, one, value) for one, value in sent
    )


def _breach(base: Base, purposes: Purposes, call: Call) -> Breach | None:
    """Return what a random call breaks, where that is a rule of a documented field or of a part of one."""
    place, rule = purposes.first_broken(base.draft.operation, call)
    around = [one for one in base.fields if f"{place}/".startswith(f"{one.place}/")]
    field = max(around, key=lambda one: len(one.place), default=None)
    return Breach(place, rule, field.evidence(rule)) if field else None


def _needs_body(operation: Operation) -> bool:
    return operation.request is not None and bool(operation.request.required)


def _of_body(operation: Operation) -> Evidence | None:
    return (operation.request.evidence if operation.request else None) or operation.evidence


def _chosen(tries: list[tuple[RequestField, list[_Try]]], count: int, seed: int) -> list[tuple[RequestField, _Try]]:
    """Return some of the tries of fields: parameters, the nearer and the farther parts of a body get equal shares."""
    groups: dict[str, list[list[tuple[RequestField, _Try]]]] = {}
    for one, of_field in tries:
        if of_field:
            groups.setdefault(_group(one), []).append([(one, each) for each in of_field])
    return spread(list(in_turn([scattered(fields) for fields in groups.values()])), count, seed)


def _wrongs(base: Base) -> list[tuple[RequestField, list[Wrong]]]:
    """Return the values that each field may not have.

    A lone surrogate is for operations that keep nothing: it makes all later replies fail that show it.
    """
    only_reads = base.draft.operation.only_reads
    return [
        (one, [wrong for wrong in hostile(one, base.draft.media_type) if wrong[1] != SURROGATE or only_reads])
        for one in base.fields
    ]


def _of_each(tries: list[tuple[RequestField, list[Wrong]]], seed: int) -> list[tuple[RequestField, Wrong]]:
    """Return each rule of the near fields with a value that breaks it: types first, then what is listed, then null."""
    found: list[tuple[int, RequestField, Wrong]] = []
    for one, of_field in tries:
        by_rule: dict[str, list[Wrong]] = {}
        broken = (wrong for wrong in of_field if wrong[1] != SURROGATE and not is_converted(wrong[2], one.kind))
        for wrong in broken if is_near(one) else ():
            by_rule.setdefault("null" if wrong[2] is None else wrong[1], []).append(wrong)
        found += [(_RANKS.get(rule, len(_RANKS)), one, rotated(wrongs, seed)[0]) for rule, wrongs in by_rule.items()]
    return [(one, wrong) for _, one, wrong in sorted(found, key=lambda try_: try_[0])]


_RANKS = {"type": 0, "format": 0, "enum": 1, "const": 1, "required": 1, "null": 2}
"""Rule → when it is broken: the first ones before those that few servers check."""


def _group(field: RequestField) -> str:
    if field.where != "body":
        return "header" if field.where in ("header", "cookie") else "target"
    return "near" if len(field.path) < 2 else "far"


def documented(base: Draft) -> Iterator[Draft]:
    """Yield the request with each documented sample of its body."""
    request = base.operation.request
    for one in request.media_types if request else ():
        if is_json(one.name):
            yield from (replace(base, body=sample, media_type=one.name) for sample in one.samples)
