"""Schemas of error bodies: their alternatives, and what of them a value is like."""

from collections.abc import Iterator
from typing import Any

from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.contract.parameter_values import json_type

from ..sampler.narrow import flattened, narrowed

_MOST_BRANCHES, _DEEPEST = 16, 6
"""Alternatives of a schema, and alternatives inside each other, that are looked at."""

ANYTHING: Schema = {}
"""The schema of a value of which nothing is documented."""

_SAYS_NOTHING = {"description", "title", "type", "additionalProperties"}


class ErrorSchemas:
    """The schemas of one contract; what is worked out of one is kept as long as the contract is."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._validators: dict[int, Validator] = {}
        self._alternatives: dict[int, tuple[Schema, list[Schema]]] = {}

    def validator(self, schema: Schema) -> Validator:
        """Return the validator of a schema."""
        known = self._validators.get(id(schema))
        return known or self._validators.setdefault(id(schema), Validator(schema, self._contract))

    def alternatives(self, schema: Schema) -> list[Schema]:
        """Return the alternatives of a schema, each merged with all that holds of it; the same ones each time."""
        known = self._alternatives.get(id(schema))
        if known is None:
            alternatives = list(self._find_alternatives(schema, 0))[:_MOST_BRANCHES]
            known = self._alternatives[id(schema)] = schema, alternatives
        return known[1]

    def _find_alternatives(self, schema: Schema, depth: int) -> Iterator[Schema]:
        merged = schema
        for _ in range(_DEEPEST):  # a type may be nothing but another one, or itself
            merged = flattened(self._contract.resolve(merged), self._contract)
            if "$ref" not in merged:
                break
        word = next((word for word in ("oneOf", "anyOf") if isinstance(merged.get(word), list)), None)
        if word is None or depth > _DEEPEST:
            yield merged
            return
        rest = {name: part for name, part in merged.items() if name != word}
        for branch in merged[word]:
            if isinstance(branch, dict):
                for alternative in self._find_alternatives(branch, depth + 1):
                    yield narrowed(rest, alternative)

    def alternative(self, schema: Schema, value: Any) -> Schema:
        """Return the alternative of a schema that is most like a value."""
        kinds = {json_type(value), "number" if json_type(value) == "integer" else ""}
        typed = [(branch, types_of(branch)) for branch in self.alternatives(schema)]
        fitting = [branch for branch, named in typed if value is None or not named or not kinds.isdisjoint(named)]
        if len(fitting) < 2:
            return next(iter(fitting), ANYTHING)
        names = value.keys() if isinstance(value, dict) else frozenset()

        def nearness(alternative: Schema) -> tuple[bool, int]:
            return self.validator(alternative).is_valid(value), len(names & alternative.get("properties", {}).keys())

        return max(fitting, key=nearness)

    def of_property(self, schema: Schema, name: str) -> Schema:
        """Return the schema of a property, of which nothing may be documented: ``true`` is a schema, too."""
        inner = schema.get("properties", {}).get(name)
        return inner if isinstance(inner, dict) else ANYTHING

    def items(self, schema: Schema, value: list[Any]) -> Schema:
        """Return the schema of the items of an array."""
        items = self.alternative(schema, value).get("items")
        return items if isinstance(items, dict) else ANYTHING

    def kinds(self, schema: Schema) -> set[str]:
        """Return the JSON types that a schema names."""
        return {kind for alternative in self.alternatives(schema) for kind in types_of(alternative)}

    def is_anything(self, schema: Schema) -> bool:
        """Tell whether a schema states nothing of a value but that it may be an object."""
        return all(
            {name for name in alternative if not name.startswith("x-")} <= _SAYS_NOTHING
            and alternative.get("additionalProperties", True) in (True, {})
            and alternative.get("type", "object") == "object"
            for alternative in self.alternatives(schema)
        )
