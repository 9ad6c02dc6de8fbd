"""Edits of entities: the properties that a request changes, and their new values.

The values are kept by property names in lower case, so that every view of the entity can show it. An object that
shows another entity is kept as its id alone: a caller who saves an appointment says which contact it is with, and not
what that contact is called.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.resources.audit_properties import is_change_time, is_creation_time, is_set_by_server
from docdouble.schemas.resources.naming import is_id, referred, stem_of

from ..behaviours.odata_filter import CALLER
from ..requests.patch import same
from ..sampler import Sampler
from ..sampler.narrow import flattened
from ..sampler.overlay import EntityValues
from .change_moments import moment_like
from .complete import completed

_TRIED = range(1, 9)
"""Entities that are looked at for how a moment is written: some of them may have none."""

_UPDATED_BY, _CREATED_BY = "updatedbyid", "createdbyid"


@dataclass(frozen=True, slots=True)
class _Property:
    """A property of a view, ``is_kept`` by the server alone; ``stem`` is what it is the id of, in lower case.

    ``shows`` is the name of the key of what it shows, ``is_live`` where callers may change that.
    """

    schema: Schema
    is_kept: bool
    stem: str = ""
    shows: str = ""
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """A property that tells when an entity was last changed, or when it was created, and a moment as it shows one."""

    name: str
    is_creation: bool
    shown: Any


class RequestEdits:
    """Values that requests give the entities of a contract; ``stateful`` are the resources that callers may change."""

    def __init__(self, contract: Contract, stateful: frozenset[str]) -> None:
        self._contract = contract
        self._stateful = stateful
        self._known: dict[str, dict[str, _Property]] = {}

    def changed(
        self,
        type_name: str,
        shown: Mapping[str, Mapping[str, Any]],
        sent: Mapping[str, Any],
        sampler: Sampler,
        *,
        whole: bool,
    ) -> EntityValues:
        """Return what is new in an object of a type; ``shown`` is what each view of the entity shows.

        With ``whole``, objects inside are sent as they shall be; otherwise what they don't mention stays. What the
        server keeps itself is left out, as is what no view has.
        """
        properties = [self._properties(view, sampler) for view in dict.fromkeys((type_name, *shown))]

        def is_new(name: str, value: Any) -> bool:
            known = [by_name[name.lower()] for by_name in properties if name.lower() in by_name]
            now = [view[name] for view in shown.values() if name in view]
            is_old = bool(now) and all(same(present, value) for present in now)
            return bool(known) and not is_old and not any(documented.is_kept for documented in known)

        new = {name: value for name, value in sent.items() if is_new(name, value)}
        return self.entity_values(type_name, shown.get(type_name, {}), new, sampler, whole=whole)

    def entity_values(
        self, type_name: str, before: Mapping[str, Any], sent: Mapping[str, Any], sampler: Sampler, *, whole: bool
    ) -> dict[str, Any]:
        """Return the values that an object of a type gives its entity, but for its key."""
        properties = self._properties(type_name, sampler)
        key = sampler.key(type_name)
        values: dict[str, Any] = {}
        for name, value in sent.items():
            if key is None or name != key.name:
                known = properties.get(name.lower(), _PLAIN)
                values |= self._property_values(name.lower(), known, before.get(name), value, sampler, whole)
        return values

    def _property_values(
        self, name: str, known: _Property, before: Any, value: Any, sampler: Sampler, whole: bool
    ) -> dict[str, Any]:
        if known.shows:
            number = whole_number(value.get(known.shows)) if isinstance(value, dict) else None
            if number is None or number < 1:
                return {name: completed(value, known.schema, self._contract, sampler), f"{name}id": 0}
            if known.is_live:
                return {f"{name}id": number}
            shown = sampler.sample(known.schema, 0, {"id": number})
            whole_value = completed(merged_entity(shown, value), known.schema, self._contract, sampler)
            return {name: whole_value, f"{name}id": number}
        if known.stem:
            number = whole_number(value)
            return {name: number} if number else {name: value, known.stem: None}
        merged_value = value if whole else merged_entity(before, value)
        return {name: completed(merged_value, known.schema, self._contract, sampler, self._stateful)}

    def _properties(self, type_name: str, sampler: Sampler) -> dict[str, _Property]:
        """Return the properties of a type by lower-case names; they are the same to all samplers."""
        known = self._known.get(type_name)
        return known or self._known.setdefault(type_name, self._find_properties(type_name, sampler))

    def _find_properties(self, type_name: str, sampler: Sampler) -> dict[str, _Property]:
        properties = flattened(self._contract.schemas[type_name], self._contract).get("properties", {})
        own = sampler.key(type_name)
        return {
            name.lower(): self._property(name, schema, sampler, is_kept=own is not None and name == own.name)
            for name, schema in properties.items()
            if isinstance(schema, dict)
        }

    def _property(self, name: str, schema: Schema, sampler: Sampler, *, is_kept: bool) -> _Property:
        is_kept = is_kept or is_set_by_server(name, schema)
        stem = stem_of(name).lower() if is_id(schema) else ""
        named = referred(schema)
        key = sampler.key(named) if named else None
        if key is None:
            return _Property(schema, is_kept, stem)
        return _Property(schema, is_kept, stem, key.name, key.resource in self._stateful)


_PLAIN = _Property({}, False)


def whole_number(value: Any) -> int | None:
    """Return the integer that a value is to JSON Schema, for which 3.0 is one; ``None`` for any other."""
    is_whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    return int(value) if is_whole else None


def combined(before: EntityValues, new: EntityValues) -> EntityValues:
    """Return all values of an entity: new ones stand for those of the same property before."""
    replaced = {name[:-2] for name in new if name.endswith("id")} - new.keys()
    return {**{name: value for name, value in before.items() if name not in replaced}, **new}


def merged_entity(before: Any, value: Any) -> Any:
    """Return a value with what it doesn't mention of an object as before; an object with another id is another one."""
    if not isinstance(before, dict) or not isinstance(value, dict):
        return value
    if any(name.lower().endswith("id") and before.get(name) != part for name, part in value.items()):
        return value
    return {**before, **{name: merged_entity(before.get(name), part) for name, part in value.items()}}


def stamps(type_name: str, sampler: Sampler) -> Iterator[Stamp]:
    """Yield the properties of a view by which its entities tell when they were changed."""
    shown = [sampler.entity(type_name, number) for number in _TRIED]
    for name in shown[0] if isinstance(shown[0], dict) else ():
        if is_change_time(name) or is_creation_time(name):
            moment = next((entity[name] for entity in shown if entity.get(name) is not None), None)
            yield Stamp(name.lower(), is_creation_time(name), moment)


def stamped(properties: tuple[Stamp, ...], when: datetime, *, is_new: bool) -> dict[str, Any]:
    """Return what a server says of an entity when it is changed: when and by whom."""
    moments = {stamp.name: moment_like(stamp.shown, when) for stamp in properties if is_new or not stamp.is_creation}
    return {
        **{name: moment for name, moment in moments.items() if moment is not None},
        _UPDATED_BY: CALLER,
        **({_CREATED_BY: CALLER} if is_new else {}),
    }
