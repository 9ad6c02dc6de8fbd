"""Keys that a path names, in what is answered: in the property that has them, as the schema allows.

``/orders/{orderId}/items/{itemId}`` answers an item whose ``orderId`` and ``itemId``, or ``id``, are those of the path.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, Operation, Schema, Validator
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches, value_kinds
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.resources.envelopes import answered_schema, listed_in, wrapped_in
from docdouble.schemas.resources.list_parameters import name_set, squeezed
from docdouble.schemas.words import singulars

from ..sampler import Sampler
from .row_properties import value_at, with_value_at

_KINDS_OF_KEYS = ("uuid", "guid", "slug", "login", "name", "key", "code", "number", "hash", "sha", "email", "ref", "id")
"""Ends of the names of keys."""

_GENERAL = ("id", "uuid", "slug", "key", "login", "username", "name", "code", "number", "identifier", "ref")
"""Properties that may be the key of something, the likeliest first."""

_OF_PEOPLE = name_set("username owner login user")
_PROBED = 7


@dataclass(frozen=True, slots=True)
class EchoedKey:
    """A variable of a path, and the property of the answer, or of each row of it, that has its value."""

    variable: str
    path: tuple[str, ...]
    fits: Callable[[Any], bool]

    def put(self, value: Any, parameters: Mapping[str, Any]) -> Any:
        """Return a value that has the key of a request; as it is where that doesn't fit."""
        asked = parameters.get(self.variable)
        around = value_at(value, self.path[:-1])
        if asked is None or not isinstance(around, dict) or isinstance(value_at(value, self.path), dict | list):
            return value
        if value_at(value, self.path) == asked:
            return value
        fitting = next((form for form in _forms(asked) if self.fits(form)), None)
        return value if fitting is None else with_value_at(value, self.path, fitting)


@dataclass(frozen=True, slots=True)
class EchoedKeys:
    """The keys that an operation's answers repeat: ``rows`` is the path of the list that has them, if one does."""

    keys: tuple[EchoedKey, ...]
    rows: tuple[str, ...] | None

    def put(self, body: Any, parameters: Mapping[str, Any]) -> Any:
        """Return a body with the keys of a request."""
        if self.rows is None:
            for key in self.keys:
                body = key.put(body, parameters)
            return body
        rows = value_at(body, self.rows)
        return with_value_at(body, self.rows, self.in_rows(rows, parameters)) if isinstance(rows, list) else body

    def in_rows(self, rows: Sequence[Any], parameters: Mapping[str, Any]) -> list[Any]:
        """Return rows with the keys of a request."""
        keyed = list(rows)
        for key in self.keys:
            keyed = [key.put(row, parameters) for row in keyed]
        return keyed


def echoed_keys(operation: Operation, contract: Contract, sampler: Sampler) -> EchoedKeys | None:
    """Return what the answers of an operation repeat of its path, ``None`` where the sampler sees to all of it."""
    schema = answered_schema(operation)
    variables = path_variables(operation.path)
    if schema is None or not variables:
        return None
    listed = listed_in(operation, contract)
    around = listed.inside if listed else wrapped_in(operation, contract)
    whole = listed.items if listed else schema
    by_path: dict[tuple[str, ...], EchoedKey] = {}
    for variable in reversed(variables):
        is_own = not listed and _is_own(operation, variable, schema, contract)
        places = _paths(operation.path, variable, whole, around, contract, is_own=is_own)
        known = [(path, _schema_at(whole, path, contract)) for path in places if path not in by_path]
        alike = [pair for pair in known if _is_alike(operation, variable, pair[1], contract)]
        # a key may be of another type there, but no other kind of key
        named = [pair for pair in known if squeezed(pair[0][-1]).endswith(("id", squeezed(variable)))]
        for path, part in (alike or named)[:1]:
            by_path[path] = EchoedKey(variable, path, Validator(part, contract).is_valid)
    may_have = [key for key in by_path.values() if _may_have(key, whole, contract, sampler)]
    left = tuple(key for key in may_have if not _is_sampled(key, operation, whole, sampler))
    return EchoedKeys(left, listed.path if listed else None) if left else None


def _is_own(operation: Operation, variable: str, schema: Schema, contract: Contract) -> bool:
    """Tell whether a variable is the key of what is answered: the last one of a path, or below it of an action."""
    head, _, tail = operation.path.rpartition("{" + variable + "}")
    if not tail.strip("/"):
        return True
    if "{" in tail or operation.method in ("GET", "HEAD"):
        return False
    item = f"{head}{{{variable}}}"
    read = next((reading for reading in contract.operations if reading.method == "GET" and reading.path == item), None)
    return read is not None and answered_schema(read) == schema


def _paths(
    template: str, variable: str, whole: Schema, around: tuple[str, ...], contract: Contract, *, is_own: bool
) -> Iterator[tuple[str, ...]]:
    """Yield where the value of a variable may stand, the likeliest first."""
    steps = template[: template.rindex("{" + variable + "}")].strip("/").split("/")
    before = next((step for step in reversed(steps) if step and not step.startswith("{")), "")
    owners = singulars(squeezed(before)) | {squeezed(before)} - {""}
    names = list(dict.fromkeys(_own_names(variable, owners) if is_own else _parent_names(variable, owners)))
    places = dict.fromkeys((around, (), (*around, "attributes")))
    for name in names:
        for place in places:
            properties = properties_of(schema_branches(_schema_at(whole, place, contract), contract))
            yield from (
                (*place, member)
                for member in properties
                if squeezed(member) == name and not _is_object(properties[member], contract)
            )
    if not is_own:
        yield from _inside(variable, owners, whole, around, contract)


def _inside(
    variable: str, owners: frozenset[str], whole: Schema, around: tuple[str, ...], contract: Contract
) -> Iterator[tuple[str, ...]]:
    """Yield where an object shows what a variable is the key of: ``owner.login`` for ``{owner}``."""
    stem = squeezed(variable).removesuffix("id")
    properties = properties_of(schema_branches(_schema_at(whole, around, contract), contract))
    for name, part in properties.items():
        if squeezed(name) in {stem, *owners} and _is_object(part, contract):
            members = properties_of(schema_branches(part, contract))
            for wanted in _own_names(variable, owners | {stem}):
                yield from ((*around, name, member) for member in members if squeezed(member) == wanted)


def _own_names(variable: str, owners: frozenset[str]) -> Iterator[str]:
    """Yield the squeezed names of the property that is the key of what a variable names."""
    whole = squeezed(variable)
    for name in (whole, *(part for part in whole.split("or") if "_or_" in variable.lower() or "Or" in variable)):
        yield name
        yield from (name.removeprefix(owner) for owner in sorted(owners, key=len, reverse=True) if name != owner)
        kind = next((end for end in _KINDS_OF_KEYS if name.endswith(end)), "")
        if kind in ("id", "uuid", "guid"):
            yield from (kind, "id", *(f"{owner}{kind}" for owner in sorted(owners)), "uuid", "key")
        elif name in _OF_PEOPLE:
            yield from ("login", "username", "name", "id")
        elif kind:
            yield from (kind, *(f"{owner}{kind}" for owner in sorted(owners)), "id")
        else:
            yield from _GENERAL


def _parent_names(variable: str, owners: frozenset[str]) -> Iterator[str]:
    """Yield the squeezed names of a property that refers to what a variable names."""
    name = squeezed(variable)
    if name not in _KINDS_OF_KEYS:
        yield name
    for owner in sorted(owners):
        yield from (f"{owner}{name}", f"{owner}id")
    if name.removesuffix("id") in owners:
        yield name.removesuffix("id")


def _schema_at(schema: Any, path: tuple[str, ...], contract: Contract) -> Schema:
    for step in path:
        schema = properties_of(schema_branches(schema, contract)).get(step)
    return schema if isinstance(schema, dict) else {}


def _is_object(schema: Any, contract: Contract) -> bool:
    return not value_kinds(schema_branches(schema, contract)).isdisjoint(("object", "array"))


def _is_alike(operation: Operation, variable: str, schema: Schema, contract: Contract) -> bool:
    """Tell whether a property has the type of a variable, or says nothing of its own."""
    asked = next((parameter.schema for parameter in operation.parameters if parameter.name == variable), {})
    kinds = value_kinds(schema_branches(schema, contract)) - {"null"}
    wanted = value_kinds(schema_branches(asked, contract)) - {"null"} or {"string"}
    return not kinds or not kinds.isdisjoint(wanted)


def _forms(value: Any) -> list[Any]:
    """Return a key as the types of JSON may have it."""
    if isinstance(value, str):
        is_number = value.removeprefix("-").isdecimal() and len(value) < 19 and str(int(value)) == value
        return [value, int(value)] if is_number else [value]
    return [value, str(value)]


def _may_have(key: EchoedKey, whole: Schema, contract: Contract, sampler: Sampler) -> bool:
    """Tell whether an answer has the property of a key, or may have it: other parts of its schema may close it."""
    sample = sampler.sample_if_any(whole, 0)
    if value_at(sample, key.path) is not None or not isinstance(value_at(sample, key.path[:-1]), dict):
        return True
    value = sampler.sample_if_any(_schema_at(whole, key.path, contract), 0)
    return Validator(whole, contract).is_valid(with_value_at(sample, key.path, value))


def _is_sampled(key: EchoedKey, operation: Operation, whole: Schema, sampler: Sampler) -> bool:
    """Tell whether the sampler gives a property the number that is known of it."""
    asked = next((parameter.schema for parameter in operation.parameters if parameter.name == key.variable), {})
    if not key.fits(_PROBED) or len(key.path) > 1 or types_of(asked) != ("integer",):
        return False
    sample = sampler.sample_if_any(whole, 0, {key.variable.lower(): _PROBED})
    return bool(value_at(sample, key.path) == _PROBED)


def unnamed_parents(operation: Operation, contract: Contract) -> frozenset[str]:
    """Return the variables of a path that are keys of something else than the answer, and don't say of what."""
    schema = answered_schema(operation) or {}
    keys = (name for name in path_variables(operation.path) if squeezed(name) in _KINDS_OF_KEYS)
    return frozenset(name for name in keys if not _is_own(operation, name, schema, contract))
