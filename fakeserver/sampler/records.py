"""Objects with properties: the function for each property, and the entities that it refers to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from docdouble.schemas.contract.model import EVIDENCE, sends_null
from docdouble.schemas.jsonschema.documented_values import documented_values
from docdouble.schemas.resources.audit_properties import DELETION_MOMENTS
from docdouble.schemas.resources.list_parameters import squeezed

from .consistency import mailboxes, repairs
from .data.data_source import SHARED
from .data.locales import LOCAL_ID
from .documented_draws import shows_documented
from .entities import Entities, reference_salt
from .meaning.documented_choice import example_members
from .meaning.string_meaning import SchemaPosition
from .object_sampler import Items, ObjectSampler, RecordProperty, Reference
from .recursion import MAX_REFERENCES
from .references import Surroundings
from .sampler_context import SamplerContext
from .seeds import Constant, Draw, is_number_of_one, part, salt
from .shapes import drawn_type
from .strings import string

_NAMES = ("name", "fullname")
"""Properties of an entity that texts show even where its type has no such property."""

_COMPOUND = ("file_name", "user name")
"""Names that only look as if they were somebody's: ``UserName`` is no user's name."""

_SELDOM = 8
"""One in so many values that may be null is."""

_FORBIDDING = frozenset({"$ref", "allOf", "const", "enum", "if", "not", "oneOf"})
"""Keywords by which a value isn't null, whatever its type."""

draw_null = Constant(None)
"""The function for null."""


class Records:
    """The functions for the objects of one contract; ``draw`` makes that for a schema at a position."""

    def __init__(
        self, context: SamplerContext, entities: Entities, draw: Callable[[Any, SchemaPosition], Draw]
    ) -> None:
        self._context = context
        self._entities = entities
        self._draw = draw

    def inside(self, properties: Mapping[str, Any], position: SchemaPosition) -> tuple[Surroundings, SchemaPosition]:
        """Return what an object refers to, and where its properties stand."""
        owner = position.owner if position.is_type else f"{position.owner} {position.name}"
        type_name = position.owner if position.is_type else ""
        around = self._context.resources.surroundings(type_name, properties, self._entities.key)
        kind = self._context.meaning.kind_of_owner(properties.keys(), owner)
        inside = replace(position, owner=owner, resource=around.resource, nested=True, is_type=False, documented=())
        return around, replace(inside, kind=kind)

    def record(
        self, properties: Mapping[str, Any], required: Collection[str], position: SchemaPosition
    ) -> ObjectSampler:
        """Return the function for an object of these properties; the ``required`` ones are never left out."""
        examples = position.documented
        if self._context.settings.documented and examples and isinstance(examples[0], dict):
            properties = {name: part for name, part in properties.items() if name in examples[0] or name in required}
        around, inside = self.inside(properties, position)
        positions = {
            name: replace(inside, name=name, documented=example_members(examples, name)) for name in properties
        }
        ids = self._shown_ids(properties, positions, around) if position.choice == "first" else {}
        parts = (
            self._part(schema, name in required, positions[name], around, ids) for name, schema in properties.items()
        )
        documented = {name for name, schema in properties.items() if shows_documented(schema, positions[name])}
        # what the user's rules draw stays, and what is documented
        repairing = [
            repair
            for repair in (*repairs(properties), *mailboxes(properties, documented))
            if not self._context.user_rules.at(properties[repair.name], positions[repair.name])
            and repair.name not in documented
        ]
        drawn = (replace(part, is_required=part.name in required) for part in parts if part is not None)
        return ObjectSampler([*drawn], repairing)

    def _shown_ids(
        self, properties: Mapping[str, Any], positions: Mapping[str, SchemaPosition], around: Surroundings
    ) -> Mapping[str, int]:
        """Return the documented id of each entity that an object refers to, by its stem in lower case."""
        numbers: dict[str, int] = {}
        for name, schema in properties.items():
            if stem := around.id_stem(name, schema):
                documented = (*positions[name].documented, *documented_values(schema))
                if documented and is_number_of_one(documented[0]):
                    numbers[stem] = documented[0]
            elif name.lower() in around.stems and isinstance(draw := self._draw(schema, positions[name]), Reference):
                numbers.setdefault(name.lower(), draw.fixed)
        return numbers

    def _part(
        self,
        schema: Any,
        is_required: bool,
        position: SchemaPosition,
        around: Surroundings,
        ids: Mapping[str, int],
    ) -> RecordProperty | None:
        """Return a property of an object, ``None`` for one that is left out; ``ids`` are those of what it refers to.

        What leads on, too deep, is left out where it may be. Pages call nothing required and end their samples with
        null instead.
        """
        name, lower = position.name, position.name.lower()
        is_last = position.depth >= MAX_REFERENCES
        if not is_required and self._context.endings.ends(schema, position.depth):
            return RecordProperty(name, 0, draw_null, is_fixed=True) if EVIDENCE in schema else None
        if name == around.id_name:
            number = next(filter(is_number_of_one, position.documented), 0)
            return RecordProperty(name, 0, lambda key, entity: number)
        if rule := self._context.user_rules.at(schema, position):
            return RecordProperty(name, salt(lower), self._sometimes(schema, rule.draw))
        if stem := around.id_stem(name, schema):
            fixed = LOCAL_ID if around.stems[stem] in SHARED else ids.get(stem, 0)
            itself = Reference(lambda number: number, fixed, population=self._context.world.population)
            return _referring(name, stem, itself)
        if lower in around.stems and isinstance(draw := self._draw(schema, position), Reference):
            draw = replace(draw, fixed=ids.get(lower, draw.fixed))
            draw = _unless_gone(draw) if draw.gone and sends_null(schema) else draw
            drawn = draw if lower in around.ids else self._sometimes(schema, draw)
            nothing = (None,) if sends_null(schema) else ()
            return RecordProperty(name, reference_salt(lower), drawn, lower, draw.by_id, nothing=nothing)
        if shows_documented(schema, position):
            return RecordProperty(name, salt(lower), self._draw(schema, position))
        if text := self._reference_text(schema, position, around, ids):
            return text
        if squeezed(name) in DELETION_MOMENTS and self.may_be_null(schema):
            return RecordProperty(name, 0, draw_null)  # what is shown isn't deleted, until a caller deletes it
        draw = self._draw(schema, position)
        item = draw.item if isinstance(draw, Items) else None
        items = item if isinstance(item, Reference) and item.gone else None
        has_ended = is_last and isinstance(draw, Items) and draw.is_empty
        is_fixed = has_ended or bool(items and is_last) or (isinstance(draw, Items) and draw.belonging is not None)
        items = None if is_last else items  # what leads back to itself ends as deep as everything else
        return RecordProperty(name, salt(lower), self._sometimes(schema, draw), items=items, is_fixed=is_fixed)

    def _sometimes(self, schema: Any, draw: Draw) -> Draw:
        """Return the function that is null now and then, where that is wanted and may be."""
        is_wanted = self._context.settings.nulls == "sometimes" and draw is not draw_null
        if not is_wanted or not self.may_be_null(schema):
            return draw
        return lambda key, entity: None if (key >> 16) % _SELDOM == 0 else draw(key, entity)

    def may_be_null(self, schema: Any) -> bool:
        """Tell whether a schema allows null, and nothing else that it says forbids that."""
        if not isinstance(schema, dict) or not sends_null(schema):
            return False
        is_plain = _FORBIDDING.isdisjoint(schema) and not ("type" in schema and "anyOf" in schema)
        return is_plain or self._context.test(schema)(None)

    def referred_property(self, schema: Any, position: SchemaPosition, around: Surroundings) -> tuple[str, str] | None:
        """Return the entity and its property that a text shows: the contact and ``Name`` for ``ContactName``."""
        is_text = isinstance(schema, dict) and drawn_type(schema) == "string"
        referred = around.referred_property(position.name) if is_text else None
        if referred is None or "format" in schema or "enum" in schema:
            return None
        stem, rest = referred
        resource = around.stems[stem]
        if not self._context.resources.properties(resource, rest) and rest.lower() not in _NAMES:
            return None
        choice = self._context.meaning.choice(schema, position)
        return None if choice.values or choice.source in _COMPOUND else referred

    def _reference_text(
        self, schema: Any, position: SchemaPosition, around: Surroundings, ids: Mapping[str, int]
    ) -> RecordProperty | None:
        """Return a text that shows a property of another entity: ``ContactName`` beside a ``ContactId``."""
        referred = self.referred_property(schema, position, around)
        if referred is None:
            return None
        stem, rest = referred
        resource = around.stems[stem]
        rule = self._context.user_rules.at(schema, SchemaPosition(rest, resource=resource))
        choice = self._context.meaning.choice({}, SchemaPosition(rest, resource=resource))
        draw = rule.draw if rule else string(schema, rest, choice, self._context.world, self._context.test)
        lower, salted = rest.lower(), salt(rest.lower())
        world, present = self._context.world, self._entities.present
        is_stateful = resource in self._context.settings.stateful

        def by_id(number: int) -> Any:
            if is_stateful and present.is_gone(resource, number):
                return ""
            changed = (present.values(resource, number) or {}).get(lower)
            entity = world.entity(resource, number)
            return changed if isinstance(changed, str) else draw(part(entity, salted), entity)

        if stem == around.resource:
            return RecordProperty(position.name, salted, draw)
        fixed = LOCAL_ID if resource in SHARED else ids.get(stem, 0)
        reference = Reference(by_id, fixed, population=world.population)
        return replace(_referring(position.name, stem, reference), nothing=("",))


def _referring(name: str, stem: str, reference: Reference) -> RecordProperty:
    return RecordProperty(name, reference_salt(stem), reference, stem, reference.by_id)


def _unless_gone(reference: Reference) -> Reference:
    """Return the reference that shows null where callers deleted what it refers to."""
    by_id, gone = reference.by_id, reference.gone
    return replace(reference, by_id=lambda number: None if gone and gone(number) else by_id(number))
