"""Objects: the properties that are drawn of a schema, and the keys of dictionaries."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import chain, islice
from math import inf
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import is_read_as_written

from .bounds import MOST_NAMES, MOST_PROPERTIES
from .documented_draws import documented_draw
from .guarded import drawn_values
from .meaning.string_meaning import SchemaPosition
from .narrow import NEVER, constrains
from .object_sampler import ObjectSampler, RecordProperty
from .records import Records
from .sampler_context import SamplerContext
from .seeds import Draw, salt
from .shapes import drawn_properties, property_schema, values_of
from .sizes import DICTIONARY_KEYS
from .strings import pattern_texts


class Objects:
    """The functions for the objects of one contract; ``draw`` makes that for a schema at a position."""

    def __init__(self, context: SamplerContext, records: Records, draw: Callable[[Any, SchemaPosition], Draw]) -> None:
        self._context = context
        self._records = records
        self._draw = draw

    def object(self, schema: Schema, position: SchemaPosition) -> Draw:
        """Return the function for an object."""
        required, is_name = frozenset(schema.get("required", ())), self._name_test(schema)
        drawn = drawn_properties(schema)
        properties = {
            name: part
            for name, part in drawn.items()
            if name in required or (is_name(name) and is_read_as_written(part, self._context.contract.schemas))
        }
        least = schema.get("minProperties", 0)
        most = min(schema.get("maxProperties", inf), max(MOST_PROPERTIES, len(required)))
        if not properties:
            whole = replace(position, choice="any" if position.choice == "varied" else position.choice)
            if documented := documented_draw(schema, whole, self._context):
                return documented
        values = values_of(schema)
        if not properties and (values is not None or "patternProperties" in schema):
            return self._dictionary(schema, values, position)
        if len(properties) > most:
            first = sorted(properties, key=lambda name: name not in required)[:most]
            properties = {name: properties[name] for name in first}
        shown = self._context.endings.shown(properties, required, position.depth)
        more = self._keys(schema, least - len(shown), properties) if least > len(shown) else []
        properties = {**properties, **{name: property_schema(schema, name) for name in more}}
        return self._records.record(properties, required, position)

    def _dictionary(self, schema: Schema, values: Schema | None, position: SchemaPosition) -> Draw:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
        parts = [values, *schema.get("patternProperties", {}).values()]
        must_end = any(self._context.endings.ends(part, position.depth) for part in parts)
        count = least if must_end else min(max(least, DICTIONARY_KEYS), most)
        inside = replace(position, nested=True, is_type=False, documented=())
        schemas = {name: property_schema(schema, name) for name in self._keys(schema, count)}
        return ObjectSampler(
            [RecordProperty(name, salt(name), self._meant(part, inside)) for name, part in schemas.items()]
        )

    def _keys(self, schema: Schema, count: int, taken: Collection[str] = ()) -> list[str]:
        """Return the keys of a dictionary: those that were seen, else ones that fit and are not ``taken``."""
        names = schema.get("propertyNames", {})
        names = names if isinstance(names, dict) else {}
        known = [name for name in (*names.get("examples", ()), *names.get("enum", ())) if isinstance(name, str)]
        if known and count == DICTIONARY_KEYS and not taken:
            return known[: schema.get("maxProperties")]
        is_name = self._name_test(schema)
        tried = islice(chain(known, self._made_keys(schema, 8 * count)), MOST_NAMES + 8 * count)
        keys: dict[str, None] = {}
        for name in tried:
            if len(keys) >= count:
                break
            if name not in taken and is_name(name) and property_schema(schema, name) != NEVER:
                keys[name] = None
        return [*keys]

    def _made_keys(self, schema: Schema, count: int) -> Iterator[str]:
        """Yield keys that are likely to fit: those of patterns, then so many others."""
        names = schema.get("propertyNames", {})
        yield from chain.from_iterable(map(pattern_texts, schema.get("patternProperties", ())))
        if not isinstance(names, dict) or not constrains(names):
            yield from (f"Key{number}" for number in range(1, count + 1))
        else:
            yield from drawn_values(self._draw({**names, "type": "string"}, SchemaPosition()), count)

    def _name_test(self, schema: Schema) -> Callable[[str], bool]:
        names = schema.get("propertyNames", True)
        if names is False:
            return lambda name: False
        return self._context.test(names) if constrains(names) else lambda name: True

    def _meant(self, schema: Any, position: SchemaPosition) -> Draw:
        """Return the function of the user's rule for a position, else that for its schema."""
        rule = self._context.user_rules.at(schema, position)
        return rule.draw if rule else self._draw(schema, position)
