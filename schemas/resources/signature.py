"""Signature of an operation: what it asks for and answers, as named types and members."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.behaviour_names import LIST_BEHAVIOURS
from ..contract.model import COMPONENT_PREFIX, Contract, MediaType, Operation, Schema, types_of
from ..contract.resources import RequestPlace

MOST_NESTED = 20
"""References that are followed, one after the other."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value of a request or an answer: the named ``type`` of it, or of its items where they are ``many``.

    ``schema`` is that of one, with references followed; it is empty where nothing is documented.
    """

    type: str
    many: bool
    schema: Schema

    @property
    def is_integer(self) -> bool:
        """Tell whether it, or each of many, is an integer."""
        return types_of(self.schema) == ("integer",)

    @property
    def is_described(self) -> bool:
        """Tell whether anything is documented of it."""
        return bool(self.type or self.many or any(not word.startswith("x-") for word in self.schema))

    @property
    def is_object(self) -> bool:
        """Tell whether it, or each of many, is an object."""
        return "properties" in self.schema or "allOf" in self.schema or "object" in types_of(self.schema)


@dataclass(frozen=True, slots=True)
class RequestValue:
    """A value that a request holds, and where."""

    place: RequestPlace
    value: TypedValue


@dataclass(frozen=True, slots=True)
class OperationSignature:
    """Values that an operation asks for and answers.

    ``asked`` are its path and query parameters, without those that only steer the answer, and the members of a body
    that is an object; ``body`` is the whole of one. ``answer`` is ``None`` where success has no body.
    """

    operation: Operation
    asked: tuple[RequestValue, ...]
    body: TypedValue | None
    answer: TypedValue | None
    is_list: bool

    @property
    def id(self) -> str:
        """The id of the operation."""
        return self.operation.id

    @property
    def method(self) -> str:
        """The HTTP method of the operation."""
        return self.operation.method

    def answers_one(self, types: Mapping[str, Any]) -> bool:
        """Tell whether the answer is one of these named types."""
        return self.answer is not None and not self.answer.many and self.answer.type in types

    def answers_many(self, types: Mapping[str, Any]) -> bool:
        """Tell whether the answer is an array of one of these named types."""
        return self.answer is not None and self.answer.many and self.answer.type in types


def signature_of(operation: Operation, contract: Contract) -> OperationSignature:
    """Return the signature of an operation: what it asks for and answers."""
    request, success = operation.request, operation.success()
    body = _value_of(request.media_types, contract) if request else None
    answer = _value_of(success.media_types, contract) if success else None
    steering = {behaviour.parameter.lower() for behaviour in operation.behaviours}
    parameters = (
        RequestValue(RequestPlace(parameter.location, parameter.name), typed_value(parameter.schema, contract))
        for parameter in operation.parameters
        if parameter.location in ("path", "query")
        and not parameter.name.startswith("$")
        and parameter.name.lower() not in steering
    )
    members = (
        RequestValue(RequestPlace("body", name), typed_value(part, contract))
        for name, part in (object_properties(body.schema, contract) if body and not body.many else {}).items()
    )
    listed = any(behaviour.name in LIST_BEHAVIOURS for behaviour in operation.behaviours)
    return OperationSignature(operation, (*parameters, *members), body, answer, listed)


def _value_of(media_types: tuple[MediaType, ...], contract: Contract) -> TypedValue | None:
    schemas = [media_type.schema for media_type in media_types if media_type.schema is not None]
    return typed_value(schemas[0], contract) if schemas else None


def typed_value(schema: Any, contract: Contract) -> TypedValue:
    """Return a value as a schema describes it."""
    name, followed = _followed(schema, contract)
    if isinstance(items := followed.get("items"), dict):
        item_name, item = _followed(items, contract)
        return TypedValue(item_name, True, item)
    return TypedValue(name, "array" in types_of(followed), {} if "array" in types_of(followed) else followed)


def object_properties(schema: Any, contract: Contract) -> Mapping[str, Any]:
    """Return the properties of an object, with those of what it is put together of."""
    return _properties(schema, contract, {})


def _properties(schema: Any, contract: Contract, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the properties of an object; ``known`` are those of the named types that were looked into."""
    name, followed = _followed(schema, contract)
    if name in known:
        return known[name]
    own = followed.get("properties")
    own = own if isinstance(own, dict) else {}
    if name:
        known[name] = own  # of a type that is put together of itself
    parts = followed.get("allOf")
    properties: dict[str, Any] = {}
    for part in parts if isinstance(parts, list) else ():
        properties |= _properties(part, contract, known)
    properties |= own
    if name:
        known[name] = properties
    return properties


def _followed(schema: Any, contract: Contract) -> tuple[str, Schema]:
    """Return the first named type on the way to a schema with keywords of its own, and that schema."""
    name = ""
    for _ in range(MOST_NESTED):
        if not isinstance(schema, dict):
            break
        if isinstance(reference := schema.get("$ref"), str):
            target = reference.removeprefix(COMPONENT_PREFIX)
            name, schema = name or target, contract.schemas.get(target)
        elif (only := list(_alternatives(schema))) and len(only) == 1 and "properties" not in schema:
            schema = only[0]
        else:
            return name, schema
    return name, {}


def _alternatives(schema: Schema) -> Iterator[Any]:
    """Yield what a schema may be other than null."""
    for keyword in ("anyOf", "oneOf", "allOf"):
        parts = schema.get(keyword)
        yield from (part for part in parts if part != {"type": "null"}) if isinstance(parts, list) else ()
