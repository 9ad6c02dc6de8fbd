"""Embedded entities: the ``customer`` in an order shows the customer that there is, as callers changed it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.signature import typed_value

from ..sampler import Sampler
from ..sampler.seeds import mix, salt
from ..sampler.shapes import value_test
from .entity_change import FACTS, PathEntity
from .key_values import CHOSEN, EntityScope, KeyValues

_TRIES = 8
"""Entities that are tried, until one is not deleted."""


@dataclass(frozen=True, slots=True)
class _Embedded:
    """A property that shows an entity, and beside it the one that is its key, empty for none."""

    name: str
    schema: Schema
    resource: Resource
    beside: str
    takes_key: Callable[[Any], bool]
    takes_null: bool


def _is_key(value: Any) -> bool:
    """Tell whether a value that is sent for an entity may be its key."""
    return isinstance(value, str | int) and not isinstance(value, bool) and value not in ("", 0)


class EmbeddedEntities:
    """The entities in others of one contract: those that its paths tell, and that stand below no others."""

    def __init__(self, contract: Contract, keys: KeyValues) -> None:
        self._contract = contract
        self._keys = keys
        self._by_schema: dict[int, tuple[Schema, tuple[_Embedded, ...]]] = {}
        flat = (
            resource
            for resource in contract.resources.resources
            if resource.path and resource.variable and "{" not in resource.path
        )
        self._by_type = {view: resource for resource in flat for view in resource.views}

    def shown(
        self,
        schema: Schema,
        value: dict[str, Any],
        entity: PathEntity,
        sampler: Sampler,
        show: Callable[[Schema, PathEntity], Any],
    ) -> dict[str, Any]:
        """Return what is shown of an entity, with those in it as ``show`` shows them; what callers sent stays."""
        known = self._by_schema.get(id(schema))
        if known is None or known[0] is not schema:
            known = self._by_schema[id(schema)] = schema, self._find(schema) if self._by_type else ()
        if not known[1]:
            return value
        sent, filled = {squeezed(name): part for name, part in entity.values.items() if name}, dict(value)
        for member in known[1]:
            inner, given = filled.get(member.name), sent.get(squeezed(member.name))
            names_entity = _is_key(given) and inner != given  # who sends a key is shown what has it
            if names_entity:
                key = given
            elif not isinstance(inner, dict):
                continue
            elif squeezed(member.name) in sent:
                key = inner.get(member.resource.key)
                if member.beside and squeezed(member.beside) not in sent and member.takes_key(key):
                    filled[member.beside] = key
                continue
            else:
                key = filled.get(member.beside) if member.beside else None
            embedded = self._entity(member, key, entity, sampler)
            if embedded is not None:
                filled[member.name] = show(member.schema, embedded)
                if member.beside and member.takes_key(embedded.key):
                    filled[member.beside] = embedded.key
            elif member.takes_null:
                filled[member.name] = None
        return filled

    def _entity(self, member: _Embedded, key: Any, outer: PathEntity, sampler: Sampler) -> PathEntity | None:
        """Return the entity that has a key, else one that nobody deleted; ``None`` for none."""
        scope, world = EntityScope(member.resource), sampler.present.known
        changed = world.changed(scope.rows) if world else {}
        drawn = max(sampler.world.population, *(number for number in changed if number < CHOSEN), 0)
        if key is not None:
            numbers: Iterable[int] = (self._keys.number(scope, key, drawn),)
        else:
            seed = mix(mix(outer.scope.salt, outer.number), salt(member.name))
            numbers = (1 + mix(seed, attempt) % sampler.world.population for attempt in range(_TRIES))
        number = next((number for number in numbers if number > 0 and changed.get(number, {}) is not None), 0)
        values = changed.get(number) or {}
        known = values.get(FACTS, {}).get("key") or key or (self._keys.value(scope, number) if number else None)
        return PathEntity(scope, number, known, values) if number and known is not None else None

    def _find(self, schema: Schema) -> tuple[_Embedded, ...]:
        properties = properties_of(tuple(schema_branches(schema, self._contract)))
        embedded = []
        for name, part in properties.items():
            resource = self._by_type.get(typed_value(part, self._contract).type) if isinstance(part, dict) else None
            if resource is None or typed_value(part, self._contract).many:
                continue
            wanted = {squeezed(name) + squeezed(key) for key in ("id", "uuid", "guid", resource.key)}
            beside = next((other for other in properties if squeezed(other) in wanted), "")
            takes_key = value_test(properties.get(beside, {}), self._contract)
            embedded.append(_Embedded(name, part, resource, beside, takes_key, value_test(part, self._contract)(None)))
        return tuple(embedded)
