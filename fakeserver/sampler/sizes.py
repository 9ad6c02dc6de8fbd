"""Sizes of values: how many parts the value of a schema will have, worked out before any is drawn."""

from collections.abc import Callable
from math import inf
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX

from .bounds import (
    CHARACTERS_PER_VALUE,
    LARGE,
    MOST_CHARACTERS,
    MOST_PLACES,
    MOST_PROPERTIES,
    MOST_VALUES,
    VALUES_PER_TEST,
)
from .narrow import constrains, flattened, is_never
from .recursion import BRIEF, DEEPEST, MAX_REFERENCES, Endings
from .shapes import drawn_properties, drawn_type, named_type, values_of

MOST_DRAWN_ITEMS = 3
"""An array has up to this many items, where it may."""

DICTIONARY_KEYS = 2
"""A dictionary of which nothing is known has this many keys."""

_NULL = {"type": "null"}


class Sizes:
    """The sizes of the values of one contract's schemas: an upper bound, with every array as long as it is drawn.

    Where ``are_parts_refused``, a part that is too large itself counts as none: it is refused where it stands.
    """

    def __init__(self, contract: Contract, endings: Endings, *, are_parts_refused: bool = True) -> None:
        self._contract = contract
        self._endings = endings
        self._are_parts_refused = are_parts_refused
        self._known: dict[tuple[int, int], tuple[Any, float]] = {}

    def fitting_depth(self, schema: Schema, depth: int) -> int | None:
        """Return how deep a value has to be taken to stand so that it isn't large, or at least not too large.

        ``None`` is returned where it always is too large.
        """
        if self.of(schema, depth) == inf:
            return None
        depths = (*range(depth, MAX_REFERENCES + 1), max(depth, BRIEF))
        fitting = (place for most in (LARGE, MOST_VALUES) for place in depths if self.of(schema, place) <= most)
        return next(fitting, None)

    def weight(self, schema: Schema, depth: int) -> int:
        """Return how many draws a value weighs as much as."""
        return 1 + int(min(self.of(schema, depth), MOST_VALUES)) // VALUES_PER_TEST

    def of(self, schema: Any, depth: int) -> float:
        """Return the size of the values of a schema that stands a number of named types deep."""
        if not isinstance(schema, dict) or is_never(schema) or "enum" in schema or "const" in schema:
            return 1
        known = self._known.get((id(schema), depth))
        if known is None:
            known = schema, self._worked_out(schema, depth)  # the schema is kept, so that nothing else gets its id
            self._known[id(schema), depth] = known
        return known[1]

    def _worked_out(self, schema: Schema, depth: int) -> float:
        if depth > DEEPEST or (depth > MAX_REFERENCES and self._endings.rank(schema) == inf):
            return 1
        merged = flattened(schema, self._contract)
        if "$ref" not in merged and named_type(schema):
            depth += 1  # as it is where values are drawn, so that a type made of itself comes to an end
        if "$ref" in merged:
            return self.of(self._contract.schemas.get(merged["$ref"].removeprefix(COMPONENT_PREFIX)), depth + 1)
        for word in ("anyOf", "oneOf"):
            if word in merged:
                return self._of_alternatives(merged, word, depth)
        match drawn_type(merged):
            case "object":
                return self._of_object(merged, depth)
            case "array":
                return self._of_array(merged, depth)
            case "string":
                return self._of_text(merged)
        return 1

    def _of_text(self, schema: Schema) -> float:
        least = schema.get("minLength", 0)
        return 1 + least // CHARACTERS_PER_VALUE if least <= MOST_CHARACTERS else inf

    def _of_alternatives(self, schema: Schema, word: str, depth: int) -> float:
        """Return the size of a value of one alternative, and of what holds of all of them, as if these were apart.

        Merged into each other they would be new schemas at every level of types that are made of each other.
        """
        own = {name: part for name, part in schema.items() if name != word}
        branches = [branch for branch in schema[word] if branch != _NULL and not is_never(branch)]
        if branches and depth >= MAX_REFERENCES and self._are_parts_refused:
            branches = [min(branches, key=self._endings.rank)]  # as it is where values are drawn
        chosen = max if self._are_parts_refused else min  # it isn't known which of them is drawn
        shared = self._of_part(own, depth) if constrains(own) else 0
        return shared + chosen((self._of_part(branch, depth) for branch in branches), default=1)

    def _of_part(self, schema: Any, depth: int) -> float:
        """Return the size of a part: no more than a value may have, and of one that is refused that of nothing."""
        size = self.of(schema, depth)
        if size <= MOST_VALUES or not self._are_parts_refused:
            return size
        return MOST_VALUES if self.of(schema, max(depth, BRIEF)) <= MOST_VALUES else 1

    def _of_object(self, schema: Schema, depth: int) -> float:
        required = frozenset(schema.get("required", ()))
        least: float = schema.get("minProperties", 0)
        values = values_of(schema)
        rest = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
        if len(required) > MOST_PROPERTIES or least > MOST_PROPERTIES:
            return inf
        properties = drawn_properties(schema)
        if not properties and (values is not None or "patternProperties" in schema):
            parts = [values, *schema.get("patternProperties", {}).values()]
            count = least if any(self._endings.ends(part, depth) for part in parts) else max(least, DICTIONARY_KEYS)
            return 1 + count * max(self._of_part(part, depth) for part in parts)
        shown = self._endings.shown(properties, required, depth)[: max(MOST_PROPERTIES, len(required))]
        more = max(0, least - len(shown))
        return 1 + sum(self._of_part(properties[name], depth) for name in shown) + more * self._of_part(rest, depth)

    def _of_array(self, schema: Schema, depth: int) -> float:
        items: Any = schema.get("items", schema.get("unevaluatedItems", True))
        least: float = schema.get("minItems", 0)
        contained: float = 0 if schema.get("contains", False) is False else schema.get("minContains", 1)
        first: list[Any] = schema.get("prefixItems", [])
        if contained > MOST_PLACES or min(least, len(first)) > MOST_PLACES:
            return inf
        ends = not constrains(items) or self._endings.ends(items, depth)
        count = least if first or ends else max(least, min(MOST_DRAWN_ITEMS, schema.get("maxItems", inf)))
        places = sum(self._of_part(part, depth) for part in first[:MOST_PLACES])
        size = 1 + places + max(0, count - len(first)) * self._of_part(items, depth)
        of_contained = contained * self._of_part(schema["contains"], depth) if contained else 0
        return max(size, of_contained)


def least_sizes(contract: Contract) -> Callable[[Any], float]:
    """Return the function for the size of the smallest values of a schema, whatever its parts ask for."""
    sizes = Sizes(contract, Endings(contract.schemas), are_parts_refused=False)
    return lambda schema: sizes.of(schema, BRIEF)
