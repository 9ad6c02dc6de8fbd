"""Schema → a function from a key to a value, made once per schema.

A value depends on the seed, the request and its place alone: never on the order of calls, the process or the machine.
"""

from collections.abc import Callable
from functools import cache
from math import inf
from typing import Any

from docdouble.schemas import Contract, ContractError, Schema, Validator
from docdouble.schemas.contract import COMPONENT_PREFIX, EVIDENCE, nullable

from .endings import Endings
from .keys import Draw, mix, pick, salt
from .narrow import constrains, flattened
from .numbers import number
from .pools import Pools
from .strings import string

MAX_REFERENCES = 4
"""Named types nest this deep in an answer; below stands only what a value can't do without."""

KEYS = 2
"""A dictionary of which nothing is known has this many keys."""

ITEMS = 3
"""An array has up to this many items, where it may."""

_TRIES = 50
"""Draws per value that fits only by chance, such as an item that must differ from all others."""

_TRIED_KEYS = tuple(mix(number, 1) for number in range(8))
_NULL = {"type": "null"}


class Sampler:
    """Values for the schemas of one contract; words may be in the ``language`` of another locale than names are."""

    def __init__(self, contract: Contract, seed: int = 0, locale: str = "en_US", language: str = "") -> None:
        self._contract = contract
        self._seed = salt(f"seed {seed}")
        self._pools = Pools(seed, locale, language)
        self._endings = Endings(contract.schemas)
        self._named = cache(self._compile_named)
        self._compiled: dict[int, tuple[Schema, Draw]] = {}

    def sample(self, schema: Schema, key: int) -> Any:
        """Return the value of ``schema`` for ``key``."""
        known = self._compiled.get(id(schema))
        if known is None:
            known = self._compiled[id(schema)] = (schema, self._draw(schema, "", 0))
        return known[1](mix(key, self._seed))

    def drawn(self, schema: Schema, name: str, salted: int) -> Draw:
        """Return the function for a value under the name of a property; nothing of it is kept."""
        draw = self._draw(schema, name, MAX_REFERENCES)
        return lambda key: draw(mix(mix(key, self._seed), salted))

    def _compile_named(self, name: str, depth: int) -> Draw:
        return self._draw(self._contract.schemas[name], name, depth)

    def _draw(self, schema: Any, name: str, depth: int) -> Draw:
        """Return the function for a schema that stands under the property ``name``, ``depth`` named types deep."""
        if not isinstance(schema, dict) or self._must_be_null(schema, depth):
            return _null
        merged = flattened(schema, self._contract)
        if "$ref" not in merged and _names_a_type(schema):
            depth += 1
        schema = merged
        if "enum" in schema or "const" in schema:
            return self._listed(schema)
        if "$ref" in schema:
            return self._reference(schema, depth)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._alternative(schema, word, name, depth)
        match _kind(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "string":
                return string(schema, name, self._pools, self._test)
            case "integer" | "number" as kind:
                return number(schema, kind)
            case "boolean":
                return lambda key: bool(key & 1)
        return _null

    def _test(self, schema: Schema) -> Callable[[Any], bool]:
        """Return the test that a value fits; every value does where the schema itself is broken."""
        validator = Validator(schema, self._contract)
        try:
            validator.is_valid(None)
        except ContractError:
            return lambda value: True
        return validator.is_valid

    def _must_be_null(self, schema: Schema, depth: int) -> bool:
        """Tell whether a value that leads on, too deep, ends here: because it may be null, or has no end at all."""
        if depth >= MAX_REFERENCES and nullable(schema):
            return self._endings.rank_of_value(schema) > 0
        return depth > MAX_REFERENCES and self._endings.rank(schema) == inf

    def _listed(self, schema: Schema) -> Draw:
        values = tuple(schema["enum"] if "const" not in schema else (schema["const"],))
        return pick(tuple(filter(self._test(schema), values)) or values or (None,))

    def _reference(self, schema: Schema, depth: int) -> Draw:
        name = schema["$ref"].removeprefix(COMPONENT_PREFIX)
        made: list[Draw] = []

        def draw(key: int) -> Any:
            if not made:
                made.append(self._named(name, depth + 1))
            return made[0](key)

        return draw

    def _alternative(self, schema: Schema, word: str, name: str, depth: int) -> Draw:
        """Return the first branch that is meant; a named type of which nothing is known stays null."""
        own = {key: part for key, part in schema.items() if key != word}
        branches = [branch for branch in schema[word] if isinstance(branch, dict) and branch != _NULL]
        if not branches or (nullable(schema) and self._is_unknown(branches[0])):
            return _null
        meant = [{"allOf": [branch, own]} if constrains(own) else branch for branch in branches]
        if depth >= MAX_REFERENCES:
            meant = [min(meant, key=self._endings.rank)]
        draws = [self._draw(branch, name, depth) for branch in meant]
        if len(draws) == 1:
            return draws[0]
        fits = self._test(schema)
        best = max(draws, key=lambda draw: sum(fits(draw(key)) for key in _TRIED_KEYS))
        hits = sum(fits(best(key)) for key in _TRIED_KEYS)
        return _fitting(best, fits) if 0 < hits < len(_TRIED_KEYS) else best

    def _is_unknown(self, schema: Schema) -> bool:
        resolved = self._contract.resolve(schema)
        known = {"properties", "additionalProperties", "enum", "items", "allOf", "anyOf", "oneOf"}
        return _kind(resolved) == "object" and not known & set(resolved)

    def _object(self, schema: Schema, depth: int) -> Draw:
        values = schema.get("additionalProperties")
        properties = schema.get("properties", {})
        if not properties and isinstance(values, dict):
            return self._dictionary(schema, values, depth)
        required = schema.get("required", ())
        unlisted = {name: values if isinstance(values, dict) else {} for name in required if name not in properties}
        parts = [
            (name, salt(name), draw)
            for name, part in (*properties.items(), *unlisted.items())
            if (draw := self._property(part, name, name in required, depth)) is not None
        ]
        return lambda key: {name: draw(mix(key, salted)) for name, salted, draw in parts}

    def _property(self, part: Any, name: str, required: bool, depth: int) -> Draw | None:
        """Return the function for a property, ``None`` for one that is left out.

        What leads on, too deep, is left out where it may be. Pages call nothing required and end their samples with
        null instead.
        """
        if part is False:
            return None
        if required or depth < MAX_REFERENCES or self._endings.rank(part) == 0:
            return self._draw(part, name, depth)
        return _null if EVIDENCE in part else None

    def _dictionary(self, schema: Schema, values: Schema, depth: int) -> Draw:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
        must_end = depth >= MAX_REFERENCES and self._endings.rank(values) > 0
        count = least if must_end else min(max(least, KEYS), most)
        parts = [(name, salt(name), self._draw(values, name, depth)) for name in self._keys(schema, count)]
        return lambda key: {name: draw(mix(key, salted)) for name, salted, draw in parts}

    def _keys(self, schema: Schema, count: int) -> list[str]:
        """Return the keys of a dictionary: those that were seen, else ones that fit."""
        names = schema.get("propertyNames", {})
        names = names if isinstance(names, dict) else {}
        known = [*names.get("examples", ()), *names.get("enum", ())]
        if known and count == KEYS:
            return known[: schema.get("maxProperties")]
        draw = self._draw({"type": "string", **names}, "", 0) if constrains(names) else "Key{}".format
        made = (str(draw(key)) for key in range(1, 8 * count + 1))
        return list(dict.fromkeys([*known, *made]))[:count]

    def _array(self, schema: Schema, name: str, depth: int) -> Draw:
        first = [self._draw(part, name, depth) for part in schema.get("prefixItems", ())[: schema.get("maxItems")]]
        items = schema.get("items", {})
        most = schema.get("maxItems", inf)
        low = schema.get("minItems", 0 if first or not constrains(items) else min(1, most))
        high = max(low, min(ITEMS, most))
        if first or not constrains(items) or (depth >= MAX_REFERENCES and self._endings.rank(items) > 0):
            high = low = schema.get("minItems", 0)
        item = self._draw(items, name.removesuffix("s"), depth)
        span = high - low + 1
        is_set = schema.get("uniqueItems", False)

        def draw(key: int) -> list[Any]:
            values = [part(mix(key, -place)) for place, part in enumerate(first, 1)]
            wanted = low + key % span
            for place in range(1, wanted * (_TRIES if is_set else 1) + 1):
                if len(values) >= wanted:
                    break
                value = item(mix(key, place))
                if not is_set or value not in values:
                    values.append(value)
            return values

        return draw


def _null(key: int) -> None:
    return None


def _fitting(draw: Draw, fits: Callable[[Any], bool]) -> Draw:
    """Return the function that draws until a value fits, as long as there is hope."""

    def drawn(key: int) -> Any:
        values = (draw(mix(key, attempt)) for attempt in range(_TRIES))
        return next(filter(fits, values), draw(key))

    return drawn


def _names_a_type(schema: Schema) -> bool:
    return "$ref" in schema or any(_names_a_type(part) for part in schema.get("allOf", ()) if isinstance(part, dict))


def _kind(schema: Schema) -> str | None:
    declared = schema.get("type")
    if isinstance(declared, list):
        declared = next((kind for kind in declared if kind != "null"), "null")
    if declared is None and {"properties", "additionalProperties", "required"} & set(schema):
        return "object"
    return "array" if declared is None and "items" in schema else declared
