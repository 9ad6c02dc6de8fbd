"""Bodies of answers that show entities which paths tell: rows of lists, and single entities in their envelopes."""

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract.parameter_values import member_of, schema_branches, value_kinds
from docdouble.schemas.contract.resources import Role
from docdouble.schemas.resources.audit_properties import marks_deletion
from docdouble.schemas.resources.entity_keys import KEY_NAMES, members_of
from docdouble.schemas.resources.envelopes import answered_schema, listed_in, wrapped_in
from docdouble.schemas.resources.list_parameters import PAGING, list_role, query_values, squeezed
from docdouble.schemas.resources.path_resources import answered_entity, listed_entity, sent_entity
from docdouble.schemas.words import singular

from ..sampler import Sampler
from ..sampler.no_value import NoValueError
from ..sampler.seeds import mix
from .embedded_entities import EmbeddedEntities
from .entity_change import EntityChange, PathEntity
from .entity_references import EntityReferences
from .key_values import KeyValues
from .shown_entities import Pin, ShownEntities


class PathBodies:
    """The bodies of the answers of one contract; ``sampler`` draws keys."""

    def __init__(self, contract: Contract, sampler: Sampler) -> None:
        self._contract = contract
        self._operations = {operation.id: operation for operation in contract.operations}
        self._shown = ShownEntities(contract)
        self.schema = cache(self._find_schema)
        self.keys = KeyValues(contract, sampler, lambda resource: self.schema(resource.name))
        self._references = EntityReferences(contract, self.keys)
        self._embedded = EmbeddedEntities(contract, self.keys)
        self._listed = cache(lambda name: listed_in(self._operations[name], contract))
        self.is_paged = cache(self._find_paged)
        self.least = cache(self._find_least)
        self._wrapped = cache(lambda name: wrapped_in(self._operations[name], contract))

    def entity(self, schema: Schema, entity: PathEntity, sampler: Sampler) -> Any:
        """Return an entity as a schema shows it, with the entities in it."""
        shown = self._alone(schema, entity, sampler)
        if not isinstance(shown, dict):
            return shown
        return self._embedded.shown(
            schema, shown, entity, sampler, lambda part, inner: self._alone(part, inner, sampler)
        )

    def _alone(self, schema: Schema, entity: PathEntity, sampler: Sampler) -> Any:
        scope, facts = entity.scope, entity.facts
        resource = scope.resource
        key = mix(scope.salt, entity.number)
        known = {"id": entity.identity} if self._shown.shape(schema).has_number else {}
        values = {name: value for name, value in entity.values.items() if name}
        pins = self._pins(entity)
        is_later = entity.number != 1 and any(role.many for role in resource.roles)

        def draw(part: Schema, place: int = 0) -> Any:
            here = mix(key, place) if place else key
            drawn = sampler.sample(part, here, {} if place else known, is_later=is_later)
            return self._references.consistent(part, drawn, here, sampler)

        return self._shown.show(schema, draw, values, facts.get("left_out", ()), pins)

    def _pins(self, entity: PathEntity) -> list[Pin]:
        """Return what an entity shows in any case: the keys of its parents, and its own."""
        resource = entity.scope.resource
        container, _, name = resource.key.rpartition("/")
        named = (
            *zip(parent_names(resource.path), entity.scope.parents, strict=False),
            *entity.facts.get("above", {}).items(),
        )
        pins = [Pin((parent,), value, container) for parent, value in named]
        if entity.key is None:
            return pins
        return [*pins, Pin(tuple(filter(None, (name, resource.variable))), entity.key, container)]

    def body(
        self, role: Role, operation: Operation, schema: Schema, key: int, change: EntityChange, sampler: Sampler
    ) -> Any:
        """Return what an operation answers: the entities of a change in their place."""
        whole = sampler.sample(schema, key)
        listed = self._listed(operation.id) if role.many else None
        if listed:
            most = None if self.is_paged(operation.id) else self._most(schema, listed.path)
            entities = change.entities if most is None else _latest(change.entities, most)
            try:
                rows = [self._row(listed.items, listed.inside, entity, sampler) for entity in entities]
            except NoValueError:  # entities that no value fits are in no list
                return whole
            placed, shape = _placed(whole, listed.path, rows), self._shown.shape(schema)
            return placed if not shape.alternatives or shape.fits(placed) else whole  # another one may have other rows
        entity = next(iter(change.entities), None)
        if entity is None:
            return whole
        kinds = value_kinds(tuple(schema_branches(schema, self._contract))) - {"null"}
        if kinds == {"boolean"}:
            return True
        if kinds in ({"integer"}, {"string"}) and role.name == "create":
            return entity.key if type(entity.key) is (int if kinds == {"integer"} else str) else whole
        path = self._wrapped(operation.id)
        inner = schema
        for step in path:
            inner = member_of(tuple(schema_branches(inner, self._contract)), step)
        if role.name in ("create", "delete", "action") and not self._is_like(inner, entity):
            return whole
        shown = self.entity(inner, entity, sampler)
        if role.name == "delete" and isinstance(shown, dict):
            shown = {name: True if marks_deletion(name) and value is False else value for name, value in shown.items()}
        return _placed(whole, path, shown)

    def _find_paged(self, name: str) -> bool:
        """Tell whether an operation answers a list page by page, of which callers see the first."""
        return any(list_role(asked) in PAGING for asked in query_values(self._operations[name], self._contract))

    def _most(self, schema: Schema, path: tuple[str, ...]) -> int | None:
        """Return how many rows a list may have, ``None`` for any number."""
        return min(self._limits("maxItems", schema, path), default=None)

    def _find_least(self, name: str) -> int:
        """Return how many rows the list that an operation answers must have."""
        listed, schema = self._listed(name), answered_schema(self._operations[name])
        return max(self._limits("minItems", schema or {}, listed.path if listed else ()), default=0)

    def _limits(self, keyword: str, schema: Schema, path: tuple[str, ...]) -> Iterator[int]:
        for step in path:
            schema = member_of(tuple(schema_branches(schema, self._contract)), step)
        limits = (branch.get(keyword) for branch in schema_branches(schema, self._contract))
        return (limit for limit in limits if isinstance(limit, int))

    def _row(self, items: Schema, inside: tuple[str, ...], entity: PathEntity, sampler: Sampler) -> Any:
        """Return a row of a list that shows an entity, itself or inside."""
        schema = items
        for step in inside:
            schema = member_of(tuple(schema_branches(schema, self._contract)), step)
        shown = self.entity(schema, entity, sampler)
        return _placed(sampler.sample(items, mix(entity.scope.salt, entity.number)), inside, shown) if inside else shown

    def _is_like(self, schema: Schema, entity: PathEntity) -> bool:
        """Tell whether a schema shows an entity, and no message about it.

        Most of its properties are the entity's, or it has most of what was sent of that.
        """
        own = {squeezed(name) for name in members_of(self.schema(entity.scope.resource.name), self._contract)}
        shown = {squeezed(name) for name in members_of(schema, self._contract)}
        sent = {squeezed(name) for name in entity.values if name}
        return 2 * len(own & shown) >= len(shown) or 2 * len(sent & shown) > len(sent)

    def _find_schema(self, name: str) -> Schema:
        """Return the schema that shows most of an entity."""
        roles = next(resource for resource in self._contract.resources.resources if resource.name == name).roles
        present = [role for role in reversed(roles) if role.operation in self._operations]
        reading = {role.name: self._operations[role.operation] for role in present}
        order = [reading[kind] for kind in ("read", "create", "update", "patch") if kind in reading]
        shown = (answered_entity(operation, self._contract) for operation in order)
        answered = next((schema for schema in shown if schema and members_of(schema, self._contract)), None)
        answered = answered or listed_entity(reading.get("list"), self._contract)
        sent = (sent_entity(operation, self._contract) for operation in order if operation.request)
        return answered or next((schema for schema in sent if schema), None) or {"type": "object"}


def _latest(entities: tuple[PathEntity, ...], most: int) -> tuple[PathEntity, ...]:
    """Return as many entities as a list may have, of those that callers made the last ones, and all in their order."""
    newest = sorted(enumerate(entities), key=lambda numbered: -numbered[1].facts.get("made", 0))
    return tuple(entities[number] for number, _ in sorted(newest[:most]))


@cache
def parent_names(path: str) -> tuple[str, ...]:
    """Return what what stands below a path calls the keys in it: ``siteId``, also for ``/sites/{id}``."""
    steps = path.split("/")
    pairs = itertools.pairwise(steps)
    named = ((segment, part[1:-1]) for segment, part in pairs if part.startswith("{") and part.endswith("}"))
    return tuple(
        f"{singular(segment)}_{name}" if squeezed(name) in KEY_NAMES and "{" not in segment else name
        for segment, name in named
    )


def _placed(whole: Any, path: tuple[str, ...], value: Any) -> Any:
    """Return an answer with a value at a path of property names."""
    if not path:
        return value
    outer: Mapping[str, Any] = whole if isinstance(whole, dict) else {}
    return {**outer, path[0]: _placed(outer.get(path[0]), path[1:], value)}
