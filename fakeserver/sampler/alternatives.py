"""Alternatives of ``anyOf`` and ``oneOf``: the one that is drawn, and narrower ones where those of ``oneOf`` meet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import sends_null

from .bounds import DRAWS_PER_NARROWED, MOST_NARROWED
from .guarded import TRIED, drawn_values
from .meaning.string_meaning import SchemaPosition
from .narrow import NEVER, constrains, flattened
from .no_value import impossible, no_value
from .object_sampler import Deferred
from .records import draw_null
from .recursion import MAX_REFERENCES
from .sampler_context import SamplerContext
from .seeds import Draw
from .shapes import drawn_type
from .variants import fails, outside

_NULL = {"type": "null"}
_MOST_FAILURES = 8
"""Ways to break an alternative that are tried."""


def apart(branches: Sequence[Schema], contract: Contract) -> Iterator[Schema]:
    """Yield narrower schemas of each alternative, the likeliest to fit no other first."""
    merged = [flattened(contract.resolve(branch), contract) for branch in branches]
    for number, branch in enumerate(merged):
        others = [*merged[:number], *merged[number + 1 :]]
        for other in others:
            for limit in outside(other):
                yield {"allOf": [branch, limit]}
        if branch.get("type") == "number" and any(other.get("type") == "integer" for other in others):
            yield {"allOf": [branch, {"multipleOf": 0.5}]}
        required = branch.get("required", ())
        if len(branch.get("properties", {})) > len(required):
            kept = {name: part for name, part in branch["properties"].items() if name in required}
            yield {**branch, "properties": kept}
    for number, branch in enumerate(merged):
        yield _alone(branch, [*merged[:number], *merged[number + 1 :]])
    for number, branch in enumerate(merged):
        for other in (*merged[:number], *merged[number + 1 :]):
            yield from ({"allOf": [branch, limit]} for limit in islice(fails(other, contract), _MOST_FAILURES))


def _alone(branch: Schema, others: list[Schema]) -> Schema:
    """Return a branch whose objects lack what others require, and have properties of types that the rest exclude."""
    required, listed = branch.get("required", ()), branch.get("properties", {})
    spared = [[name for name in other.get("required", ()) if name not in required] for other in others]
    firm = [other for other, names in zip(others, spared, strict=True) if not names]
    free = (next((name for name in other.get("properties", ()) if name not in listed), None) for other in firm)
    added = [name for name in dict.fromkeys(free) if name is not None]
    left_out = (next((name for name in names if name not in added), None) for names in spared)
    properties = {name: NEVER for name in left_out if name is not None} | {
        name: {"allOf": [{"not": other["properties"][name]} for other in others if name in other.get("properties", ())]}
        for name in added
    }
    return {"allOf": [branch, {"type": "object", "required": added, "properties": properties}]}


class Alternatives:
    """The functions for the alternatives of one contract; ``draw`` makes that for a schema at a position."""

    def __init__(
        self,
        context: SamplerContext,
        draw: Callable[[Any, SchemaPosition], Draw],
        may_be_null: Callable[[Any], bool],
    ) -> None:
        self._context = context
        self._draw = draw
        self._may_be_null = may_be_null

    def alternative(self, schema: Schema, word: str, position: SchemaPosition) -> Draw:
        """Return the function for the branch that is drawn."""
        branches = self.branches(schema, word, position.depth)
        if not branches:
            is_null = self._may_be_null(schema) or self._context.test(schema)(None)
            return draw_null if is_null else impossible(schema, position)
        if len(branches) == 1 and all(branch == _NULL for branch in schema[word][1:]):
            return self._draw(branches[0], position)
        # values that end early and are not encoded tell as much, and each takes a thousandth of the time
        brief = replace(position, depth=max(position.depth, MAX_REFERENCES - 1), encoded=False)
        draws: list[Draw] = [Deferred(partial(self._draw, branch, brief)) for branch in branches]
        if word == "anyOf":
            possible = (
                branch for branch, draw in zip(branches, draws, strict=True) if any(True for _ in drawn_values(draw))
            )
            return self._draw(next(possible, branches[0]), position)
        return self._one_of(schema, branches, draws, replace(position, encoded=False))

    def _one_of(self, schema: Schema, branches: list[Schema], draws: list[Draw], position: SchemaPosition) -> Draw:
        """Return the function for values of the branch that most likely no other fits."""
        context, weight = self._context, self._context.sizes.weight(schema, position.depth)
        fits, error = context.test(schema), no_value(schema, position.owner, position.name)
        with context.budget.spending():
            hits = [context.hits(draw, fits, weight) for draw in draws]
            likely = sorted(zip(hits, branches, strict=True), key=itemgetter(0), reverse=True)
            deeper = replace(position, depth=position.depth + 1)  # so that a type made of itself comes to an end
            narrower = ((branch, deeper) for branch in islice(apart(branches, context.contract), MOST_NARROWED))
            usual = ((branch, position) for _, branch in likely)
            is_hard = likely[0][0] < TRIED / 2
            for branch, place in chain(narrower, usual) if is_hard else usual:
                if place is deeper:
                    context.budget.spend(DRAWS_PER_NARROWED)
                draw = self._draw(branch, place)
                if context.hits(draw, fits, weight):
                    return context.guarded((draw,), fits, error, weight)
        return context.guarded(tuple(draws), fits, error, weight)

    def branches(self, schema: Schema, word: str, depth: int) -> list[Schema]:
        """Return the branches of which one is drawn; none for a named type of which nothing is known: it stays null."""
        own = {key: part for key, part in schema.items() if key != word}
        branches = [branch if isinstance(branch, dict) else {} for branch in schema[word] if branch is not False]
        branches = [branch for branch in branches if branch != _NULL]
        if not branches or (sends_null(schema) and self._is_unknown(branches[0])):
            return []
        meant = [_within(own, branch) if constrains(own) else branch for branch in branches]
        return [min(meant, key=self._context.endings.rank)] if depth >= MAX_REFERENCES else meant

    def _is_unknown(self, schema: Schema) -> bool:
        resolved = self._context.contract.resolve(schema)
        known = {"properties", "additionalProperties", "enum", "items", "allOf", "anyOf", "oneOf"}
        return drawn_type(resolved) == "object" and not known & set(resolved)


def _within(own: Schema, branch: Schema) -> Schema:
    """Return a schema with one of its alternatives in it, which is seen by what it says of all that is unevaluated."""
    return {**own, "allOf": [*own.get("allOf", ()), branch]}
