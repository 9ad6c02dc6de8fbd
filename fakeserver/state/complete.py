"""Completion of objects that callers sent: with every documented property, and no other, as a server shows them."""

from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import is_left_out, non_null, sends_null
from docdouble.schemas.resources.naming import referred

from ..sampler import Sampler
from ..sampler.narrow import flattened


def completed(value: Any, schema: Any, contract: Contract, sampler: Sampler, live: frozenset[str] = frozenset()) -> Any:
    """Return a value with its objects completed: by null where that is allowed, else by what ``sampler`` draws.

    ``schema`` documents the value; where it says nothing of what is inside, that stays as it is. An object that shows
    an entity by its key is completed by what is known of that. The items of an array that show ``live`` resources stay,
    too: they are shown as these look when they are asked for.
    """
    if not isinstance(value, dict | list) or not isinstance(schema, dict):
        return value
    named = referred(schema)
    key = sampler.key(named) if named else None
    if key and isinstance(value, dict) and _names_one(value.get(key.name)):
        value = {**sampler.entity(named, value[key.name]), **value}
    whole = contract.resolve(non_null(contract.resolve(schema)))
    schema = flattened(whole, contract)
    if isinstance(value, list):
        of_live = _is_live(schema.get("items"), sampler, live)
        return [
            part if of_live and _has_key(part, of_live) else completed(part, schema.get("items"), contract, sampler)
            for part in value
        ]
    documented, rest = schema.get("properties", {}), schema.get("additionalProperties")
    properties = {name: part for name, part in documented.items() if not is_left_out(part)}
    kept = {
        name: completed(part, properties.get(name, rest), contract, sampler)
        for name, part in value.items()
        if name in properties or (name not in documented and (rest is not None or not documented))
    }
    missing = _missing(kept, whole, properties, sampler) if properties.keys() - kept.keys() else {}
    if key and key.name in missing:
        missing[key.name] = 0  # no entity that there is
    return {**missing, **kept}


def _is_live(items: Any, sampler: Sampler, live: frozenset[str]) -> str:
    """Return the name of the key of an array's items, empty where they show nothing live."""
    named = referred(items) if live and isinstance(items, dict) else ""
    key = sampler.key(named) if named else None
    return key.name if key and key.resource in live else ""


def _has_key(part: Any, name: str) -> bool:
    return isinstance(part, dict) and _names_one(part.get(name))


def _names_one(key: Any) -> bool:
    """Tell whether an entity can have a key: zero and less stand for none."""
    return type(key) is int and key >= 1


def _missing(kept: dict[str, Any], whole: Schema, properties: dict[str, Any], sampler: Sampler) -> dict[str, Any]:
    """Return the properties that an object of the ``whole`` schema lacks."""
    drawn = sampler.sample(whole, 0)  # a schema of the contract: the sampler remembers those
    known = drawn if isinstance(drawn, dict) else {}
    missing = {name: part for name, part in properties.items() if name not in kept}
    return {
        name: None if sends_null(sampler.contract.resolve(part)) else known.get(name) for name, part in missing.items()
    }
