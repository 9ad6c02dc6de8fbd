"""Seed data: the user's entities, which every world begins with."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from docdouble.schemas import ConfigError, Contract, Schema, Validator
from docdouble.schemas.contract.model import reference
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.json_pointer import escape_token
from docdouble.schemas.jsonschema.validator import documented_spelling
from docdouble.schemas.resources.signature import object_properties

from ..sampler import Sampler
from ..sampler.overlay import EntityValues
from .changes import State
from .edits import whole_number
from .entity_change import FACTS
from .key_values import CHOSEN, EntityScope
from .path_bodies import PathBodies
from .worlds import MOST_ENTITIES, MOST_NUMBER, Rows, next_id

KEY = "seed data"
"""The name of it in errors."""


def seeded(
    entities: Mapping[str, Any],
    contract: Contract,
    state: State,
    path_bodies: PathBodies,
    sampler: Sampler,
    population: int,
) -> Rows:
    """Return the values of the user's entities: arrays of objects, by the name of a resource or of a type.

    One that tells its key is the entity of that key; others get the keys after the ``population``. Raises
    ``ConfigError`` that names the JSON Pointer (RFC 6901) of what doesn't fit the contract.
    """
    by_name = dict(_names(contract, state))
    rows: dict[str, dict[int, EntityValues]] = {}
    for name, sent in entities.items():
        pointer = f"{KEY}: /{escape_token(name)}"
        if name.lower() not in by_name:
            raise ConfigError(pointer, name, sorted(by_name), "a resource or a type that is kept")
        if not isinstance(sent, list) or len(sent) > MOST_ENTITIES:
            raise ConfigError(pointer, type(sent).__name__, expected=f"an array of at most {MOST_ENTITIES} objects")
        resource, type_name = by_name[name.lower()]
        if resource.path:
            rows[resource.name] = _seeded_by_path(resource, sent, pointer, contract, path_bodies, population)
            continue
        values_by_number = rows.setdefault(resource.name, {})
        for place, entity in enumerate(sent):
            view = type_name or _view(entity, resource, contract, state)
            checked = checked_entity(entity, reference(view), view, contract, f"{pointer}/{place}")
            key = resource.views[view]
            following = next_id(max(population, *values_by_number, 0), state.documented(resource.name))
            number = whole_number(checked.get(key)) or following
            if number in values_by_number or not 1 <= number <= MOST_NUMBER:
                expected = "given once" if number in values_by_number else f"from 1 to {MOST_NUMBER}"
                raise ConfigError(f"{pointer}/{place}/{key}", number, expected=expected)
            values_by_number[number] = state.entity_values(view, number, checked, sampler)
    return rows


def _seeded_by_path(
    resource: Resource, sent: list[Any], pointer: str, contract: Contract, path_bodies: PathBodies, population: int
) -> dict[int, EntityValues]:
    """Return the values of the user's entities of a resource that paths tell, by their numbers."""
    keys, scope, schema = path_bodies.keys, EntityScope(resource), path_bodies.schema(resource.name)
    if "{" in resource.path or resource.singleton:
        raise ConfigError(pointer, resource.name, expected=f"a list of its own: it is found at {resource.path}")
    rows: dict[int, EntityValues] = {}
    for place, entity in enumerate(sent):
        checked = checked_entity(entity, schema, resource.name, contract, f"{pointer}/{place}")
        given = key_of_entity(checked, resource.key)
        following = max(population, *(number for number in rows if number < CHOSEN), 0) + 1
        number = following if given is None else keys.number(scope, given, population)
        key = keys.value(scope, number) if given is None else given
        if number in rows or number < 1 or key is None:
            expected = "given once" if number in rows else "a key that an entity can have"
            raise ConfigError(f"{pointer}/{place}/{resource.key}", key, expected=expected)
        rows[number] = {**checked, FACTS: {"key": key, "left_out": []}}
    return rows


def key_of_entity(entity: Any, key: str) -> Any:
    """Return the key of an entity, ``None`` where it tells none."""
    for step in key.split("/"):
        entity = entity.get(step) if isinstance(entity, dict) else None
    return entity


def _names(contract: Contract, state: State) -> Iterator[tuple[str, tuple[Resource, str]]]:
    """Yield names of what is kept, in lower case: with the resource, and with the type, empty for any of its views."""
    for resource in contract.resources.resources:
        if resource.path:
            yield resource.path.rpartition("/")[2].lower(), (resource, "")
        if not resource.collection:
            yield from ((view.lower(), (resource, view)) for view in resource.views)
        yield resource.name.lower(), (resource, "")


def _view(entity: Any, resource: Resource, contract: Contract, state: State) -> str:
    """Return the first view that has all properties of an entity, the fullest one where none has."""
    views = state.views(resource)
    sent = {name.lower() for name in entity} if isinstance(entity, dict) else set()
    properties = ((view, object_properties(reference(view), contract)) for view in views)
    return next((view for view, names in properties if sent <= {name.lower() for name in names}), views[0])


def checked_entity(entity: Any, schema: Schema, type_name: str, contract: Contract, pointer: str) -> dict[str, Any]:
    """Return an entity in the documented spelling; raises ``ConfigError`` for one that doesn't fit."""
    if not isinstance(entity, dict):
        raise ConfigError(pointer, type(entity).__name__, expected="an object")
    try:
        spelled: dict[str, Any] = documented_spelling(entity, schema, contract)
    except ValueError as error:
        raise ConfigError(pointer, type_name, expected=f"spelled in one way: {error}") from error
    branches = tuple(schema_branches(schema, contract))
    properties = properties_of(branches)
    is_open = not properties or any(branch.get("additionalProperties") for branch in branches)
    for name in () if is_open else spelled.keys() - properties.keys():
        near = get_close_matches(name, properties, n=1)
        raise ConfigError(f"{pointer}/{escape_token(name)}", name, near, f"a property of {type_name}")
    broken = (
        violation
        for violation in Validator(schema, contract).violations(spelled)
        if violation.counts and violation.rule != "required"
    )
    for violation in broken:
        raise ConfigError(pointer + violation.pointer, violation.got, expected=f"as documented, {violation.expected}")
    return spelled
