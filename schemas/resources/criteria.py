"""Criteria of a search: which of its parameters and members are properties of what it answers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..contract.model import Contract, Schema, reference, types_of
from ..contract.resources import Criterion
from .naming import is_id, stem_of
from .related_types import RelatedTypes
from .signature import RequestValue, object_properties, typed_value


def criteria(
    asked: Iterable[RequestValue], views: Iterable[str], contract: Contract, by_type: Mapping[str, RelatedTypes]
) -> tuple[Criterion, ...]:
    """Return the criteria that are understood, each of the first of the ``views`` that has such a property."""
    types = list(views)
    return tuple(criterion for member in asked if (criterion := _criterion(member, types, contract, by_type)))


def _criterion(
    member: RequestValue, types: list[str], contract: Contract, by_type: Mapping[str, RelatedTypes]
) -> Criterion | None:
    for view in types:
        for name in _properties(member, object_properties(reference(view), contract), contract, by_type):
            return Criterion(member.place, view, name)
    return None


def _properties(
    member: RequestValue, properties: Mapping[str, Any], contract: Contract, by_type: Mapping[str, RelatedTypes]
) -> Iterator[str]:
    """Yield the property that a member asks for: one of its name, or the key of what is shown under that name."""
    wanted = member.place.name.lower()
    if member.value.many:
        return
    for name, schema in properties.items():
        if name.lower() == wanted and _is_comparable(schema, member.value.schema):
            yield name
    stem = stem_of(member.place.name).lower()
    for name, schema in properties.items():
        shown = typed_value(schema, contract)
        if stem and name.lower() == stem and member.value.is_integer and not shown.many and shown.type in by_type:
            yield f"{name}/{by_type[shown.type].views[shown.type]}"


def _is_comparable(schema: Any, asked: Schema) -> bool:
    """Tell whether a property can be compared with what is asked: ids, texts and truths; a date may begin a span."""
    if not isinstance(schema, dict) or types_of(schema) != types_of(asked):
        return False
    kinds = types_of(schema)
    return is_id(schema) if kinds == ("integer",) else kinds in (("string",), ("boolean",)) and "format" not in schema


def parent_criterion(
    member: RequestValue, parent: RelatedTypes, child: RelatedTypes, contract: Contract
) -> Criterion | None:
    """Return what makes entities of ``child`` belong to one of ``parent``, whose key is in a path."""
    for view in child.views:
        properties = object_properties(reference(view), contract)
        for name, schema in properties.items():
            if name.lower() in parent.keys - {"id"} and is_id(schema) and name != child.views[view]:
                return Criterion(member.place, view, name)
            shown = typed_value(schema, contract)
            if name.lower() in parent.names and shown.type in parent.views and not shown.many:
                return Criterion(member.place, view, f"{name}/{parent.views[shown.type]}")
    return None
