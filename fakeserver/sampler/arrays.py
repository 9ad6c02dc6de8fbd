"""Arrays: the functions for their items, of which the first shows what the documentation does."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.words import singular

from .bounds import MOST_PLACES
from .documented_draws import documented_draw, later_choice
from .entities import Entities
from .meaning.documented_choice import DocumentedDraw, example_items
from .meaning.string_meaning import SchemaPosition
from .narrow import constrains
from .object_sampler import Deferred, Items
from .sampler_context import SamplerContext
from .seeds import Draw
from .sizes import MOST_DRAWN_ITEMS


class Arrays:
    """The functions for the arrays of one contract; ``draw`` makes that for a schema at a position."""

    def __init__(
        self, context: SamplerContext, entities: Entities, draw: Callable[[Any, SchemaPosition], Draw]
    ) -> None:
        self._context = context
        self._entities = entities
        self._draw = draw

    def array(self, schema: Schema, position: SchemaPosition) -> Draw:
        """Return the function for an array."""
        is_set = schema.get("uniqueItems", False)
        inside = replace(position, nested=True, is_type=False, documented=())
        inside = replace(inside, encoded=False) if is_set else inside  # JSON that is written can't be compared
        first = [self._draw(part, inside) for part in self._first(schema, position)]
        items: Any = schema.get("items", schema.get("unevaluatedItems", {}))
        if is_set and items is not False and not constrains(items):
            items = {"type": "string"}  # which differ
        if not first and (documented := self._documented(schema, position)):
            return documented
        most, least = schema.get("maxItems", inf), schema.get("minItems", 0)
        low = schema.get("minItems", 0 if first or not constrains(items) else min(1, most))
        high = max(low, min(MOST_DRAWN_ITEMS, most))
        if first or not constrains(items) or self._context.endings.ends(items, position.depth):
            high = low = least
        belonging = self._entities.belonging(items, position) if least == 0 and most == inf else None
        if rule := self._context.user_rules.of_items(schema, inside):
            return Items(rule.draw, low, high - low + 1, tuple(first), is_set, belonging, least=least)
        inside = replace(inside, name=singular(position.name))
        leading: tuple[Draw, ...] = ()
        if position.choice == "first" and high and not first:
            shown = next((value for value in position.documented if isinstance(value, list)), [])[:high]
            leading = self._leading(items, shown, inside)
            if shown:
                low = high = max(low, len(shown))
        later = replace(inside, documented=example_items(position.documented), choice=later_choice(position.choice))
        # what leads on without an end is not even looked into where there is no item
        item = self._draw(items, later) if high else Deferred(lambda: self._draw(items, later))
        return Items(item, low, high - low + 1, tuple(first), is_set, belonging, leading, least)

    def _first(self, schema: Schema, position: SchemaPosition) -> list[Any]:
        """Return the schemas of the first items; too deep, without those that may be left out and lead on."""
        parts: list[Any] = schema.get("prefixItems", [])[: min(schema.get("maxItems", inf), MOST_PLACES)]
        leading_on = (index for index, part in enumerate(parts) if self._context.endings.ends(part, position.depth))
        return parts[: max(schema.get("minItems", 0), next(leading_on, len(parts)))]

    def _documented(self, schema: Schema, position: SchemaPosition) -> Draw | None:
        """Return the function for documented arrays of texts, numbers and flags, and for the beginnings of such."""
        whole = tuple(value for value in position.documented if isinstance(value, list))
        if not whole or any(isinstance(item, dict | list) for item in example_items(whole)):
            return None
        if position.choice != "varied":
            return documented_draw(schema, position, self._context)
        beginnings = [value[:count] for value in whole for count in range(len(value), 0, -1)]
        values = tuple(filter(self._context.test(schema), beginnings))
        return DocumentedDraw(values) if values else None

    def _leading(self, items: Any, shown: Sequence[Any], position: SchemaPosition) -> tuple[Draw, ...]:
        """Return the functions for the first items of an array: for those that an example shows, else for one."""
        positions = [replace(position, documented=(value,)) for value in shown] or [position]
        return tuple(self._draw(items, schema_position) for schema_position in positions)
