"""Which things a call would change, told by the keys in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.resources import RequestPlace, Resource, Role
from docdouble.schemas.http import is_json

_NOBODY = ("", "0", "00000000-0000-0000-0000-000000000000")
"""Keys of what doesn't exist yet."""


class _UnclearKey(Exception):  # noqa: N818 - never leaves this module
    """It can't be told which things are meant."""


@dataclass(frozen=True, slots=True)
class ChangingOperation:
    """What a changing operation does to which resource; ``key_names`` are the lower-case names of its keys."""

    operation: str
    resource: str
    role: Role
    key_names: frozenset[str]

    @property
    def needs_key(self) -> bool:
        """Whether a call without a key can't be one that creates."""
        return not self.role.creates

    def keys(self, call: Call, variables: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the keys of what a call would change, none of what it would create; ``None`` if they can't be told."""
        try:
            told = (*self._addressed(call, variables), *self._held(call))
            return tuple(dict.fromkeys(key for key in map(_text, told) if key not in _NOBODY))
        except _UnclearKey:
            return None

    def _addressed(self, call: Call, variables: Mapping[str, str]) -> Iterator[Any]:
        """Yield what stands where the request tells which things it is about."""
        place = self.role.key
        if place is None:
            return
        found = list(_found(place, call, variables))
        if not found:
            raise _UnclearKey
        for value in found:
            if self.role.many and isinstance(value, str) and place.location != "body":
                yield from value.split(",")
            else:
                yield from value if isinstance(value, list) else (value,)

    def _held(self, call: Call) -> Iterator[Any]:
        """Yield the keys inside the entities that the request tells."""
        place = self.role.entity
        if place is None:
            return
        for entity in _found(place, call, {}):
            for one in entity if isinstance(entity, list) else (entity,):
                if isinstance(one, dict):
                    yield from (value for name, value in one.items() if name.lower() in self.key_names)
                    yield from self._patched(one)

    def _patched(self, step: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the key that a step of a JSON Patch would set."""
        path = step.get("path")
        if "op" in step and isinstance(path, str) and path.strip("/").lower() in self.key_names:
            yield step.get("value")


class Acts:
    """What the changing operations of a contract do; each is told by its id."""

    def __init__(self, contract: Contract) -> None:
        resources = contract.resources.resources
        self._by_id = {acting.operation: acting for resource in resources for acting in _acting(resource)}

    def of(self, operation: Operation) -> ChangingOperation | None:
        """Return what an operation does, ``None`` for one that changes no resource as far as is known."""
        return self._by_id.get(operation.id)


def _acting(resource: Resource) -> Iterator[ChangingOperation]:
    names = frozenset(name.lower() for name in resource.views.values())
    for role in resource.roles:
        if role.writes:
            yield ChangingOperation(role.operation, resource.name, role, names)


def _found(place: RequestPlace, call: Call, variables: Mapping[str, str]) -> Iterator[Any]:
    wanted = place.name.lower()
    match place.location:
        case "path":
            yield from (value for name, value in variables.items() if name.lower() == wanted)
        case "query":
            pairs = parse_qsl(call.query, keep_blank_values=True)
            yield from (value for name, value in pairs if name.lower() == wanted)
        case "body":
            body = _json(call)
            if not wanted:
                yield body
            elif isinstance(body, dict):
                yield from (value for name, value in body.items() if name.lower() == wanted)
        case _:
            raise _UnclearKey


def _json(call: Call) -> Any:
    if not is_json(call.media_type):
        raise _UnclearKey
    try:
        return orjson.loads(call.body)
    except ValueError:
        raise _UnclearKey from None


def _text(key: Any) -> str:
    if key is None:
        return ""
    if isinstance(key, bool) or not isinstance(key, int | str):
        raise _UnclearKey
    return str(key)
