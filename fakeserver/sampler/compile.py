"""Schema → a function from a key to a value, made once per schema.

A key is a 64-bit number. A part's key is mixed from its owner's and the part's name, so a value depends on
the seed, the request and its place alone: never on the order of calls, the process or the machine.
"""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract import COMPONENT_PREFIX, non_null, nullable
from docdouble.schemas.formats import INTEGER_RANGES

from .dates import moment, written
from .pools import Pools
from .rules import provider

Draw = Callable[[int], Any]

MAX_REFERENCES = 4
"""Named types nest this deep in an answer; below, they are null, as the documented samples end them."""

_MASK = 2**64 - 1


def _mix(key: int, salt: int) -> int:
    """Return a new key, spread by a multiplication with an odd constant near 2^64 / phi."""
    mixed = ((key ^ salt) * 0x9E3779B97F4A7C15) & _MASK
    return mixed ^ (mixed >> 29)


def _salt(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


class Sampler:
    """Values for the schemas of one contract."""

    def __init__(self, contract: Contract, seed: int = 0, locale: str = "en_US") -> None:
        self._contract = contract
        self._seed = _salt(f"seed {seed}")
        self._pools = Pools(seed, locale)
        self._named = cache(self._compile_named)
        self._compiled: dict[int, tuple[Schema, Draw]] = {}

    def sample(self, schema: Schema, key: int) -> Any:
        """Return the value of ``schema`` for ``key``."""
        known = self._compiled.get(id(schema))
        if known is None:
            known = self._compiled[id(schema)] = (schema, self._draw(schema, "", 0))
        return known[1](_mix(key, self._seed))

    def _compile_named(self, name: str, depth: int) -> Draw:
        return self._draw(self._contract.schemas[name], name, depth)

    def _draw(self, schema: Schema, name: str, depth: int) -> Draw:
        """Return the function for a schema that stands under the property ``name``, ``depth`` named types deep."""
        if "enum" in schema or "const" in schema:
            return _pick(tuple(schema.get("enum") or (schema["const"],)))
        if "$ref" in schema:
            return self._reference(schema["$ref"].removeprefix(COMPONENT_PREFIX), depth)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._alternative(schema, schema[word], name, depth)
        if "allOf" in schema:
            return self._all(schema, name, depth)
        match _kind(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "string":
                return self._string(schema, name)
            case "integer" | "number" as kind:
                return _number(schema, kind)
            case "boolean":
                return lambda key: bool(key & 1)
        return lambda key: None

    def _reference(self, name: str, depth: int) -> Draw:
        if depth >= MAX_REFERENCES:
            return lambda key: None
        made: list[Draw] = []

        def draw(key: int) -> Any:
            if not made:
                made.append(self._named(name, depth + 1))
            return made[0](key)

        return draw

    def _alternative(self, schema: Schema, branches: list[Schema], name: str, depth: int) -> Draw:
        """Return the first branch that isn't null; a named type of which nothing is known stays null."""
        meant = non_null(schema)
        if meant is schema:
            meant = next((branch for branch in branches if branch.get("type") != "null"), {})
        resolved = self._contract.resolve(meant)
        known = set(resolved) & {"properties", "additionalProperties", "enum", "items", "allOf", "anyOf", "oneOf"}
        if nullable(schema) and _kind(resolved) == "object" and not known:
            return lambda key: None
        return self._draw(meant, name, depth)

    def _all(self, schema: Schema, name: str, depth: int) -> Draw:
        own = {key: part for key, part in schema.items() if key != "allOf"}
        parts = [
            self._draw(part, name, depth) for part in (*schema["allOf"], own) if _kind(self._contract.resolve(part))
        ]

        def draw(key: int) -> Any:
            values = [part(key) for part in parts]
            if all(isinstance(value, dict) for value in values):
                return {name: part for value in values for name, part in value.items()}
            return values[0]

        return draw if parts else lambda key: None

    def _object(self, schema: Schema, depth: int) -> Draw:
        properties = schema.get("properties", {})
        parts = [(name, _salt(name), self._draw(part, name, depth)) for name, part in properties.items()]
        values = schema.get("additionalProperties")
        if not parts and isinstance(values, dict):
            keys = schema.get("propertyNames", {}).get("examples") or ["Key1", "Key2"]
            parts = [(name, _salt(name), self._draw(values, name, depth)) for name in keys]
        return lambda key: {name: draw(_mix(key, salt)) for name, salt, draw in parts}

    def _array(self, schema: Schema, name: str, depth: int) -> Draw:
        item = self._draw(schema.get("items", {}), name.removesuffix("s"), depth)
        if not schema.get("items"):
            return lambda key: []
        least, most = schema.get("minItems", 1), schema.get("maxItems", 3)
        span = max(most - least, 0) + 1
        return lambda key: [item(_mix(key, number)) for number in range(1, least + key % span + 1)]

    def _string(self, schema: Schema, name: str) -> Draw:
        examples = tuple(schema.get("examples", ()))
        format_name = schema.get("format", "")
        if format_name == "date-time":
            style = str(examples[0]) if examples else ""
            return lambda key: written(moment(key), style)
        if format_name == "date":
            return lambda key: moment(key).date().isoformat()
        if format_name in ("byte", "binary"):
            return _pick(("",))
        if examples:
            return _pick(examples)
        chosen, pools = provider(name, format_name), self._pools
        least, most = schema.get("minLength", 0), schema.get("maxLength")

        def draw(key: int) -> str:
            pool = pools.get(chosen)
            return pool[key % len(pool)].ljust(least, "x")[:most]

        return draw


def _kind(schema: Schema) -> str | None:
    declared = schema.get("type")
    if isinstance(declared, list):
        declared = next((kind for kind in declared if kind != "null"), "null")
    if declared is None and ("properties" in schema or "additionalProperties" in schema):
        return "object"
    return "array" if declared is None and "items" in schema else declared


def _pick(values: tuple[Any, ...]) -> Draw:
    return lambda key: values[key % len(values)]


def _number(schema: Schema, kind: str) -> Draw:
    low, high = INTEGER_RANGES.get(schema.get("format", ""), INTEGER_RANGES["int64"])
    low = schema.get("minimum", schema.get("exclusiveMinimum", max(low, 1 if schema.get("maximum", 1) >= 1 else low)))
    high = min(schema.get("maximum", schema.get("exclusiveMaximum", high)), low + 999)
    step = schema.get("multipleOf", 1)
    first = -(-low // step) + ("exclusiveMinimum" in schema)
    last = high // step - ("exclusiveMaximum" in schema)
    count = int(max(last - first, 0)) + 1
    if kind == "integer":
        return lambda key: int((first + key % count) * step)
    return lambda key: float((first + key % count) * step)
