"""What a caller sent of an object → the object as a server shows it: every documented property, and no other."""

from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract import non_null, nullable
from docdouble.schemas.things import referred

from .sampler import Sampler
from .sampler.narrow import flattened


def completed(value: Any, schema: Any, contract: Contract, sampler: Sampler) -> Any:
    """Return a value with its objects completed: by null where that is allowed, else by what ``sampler`` draws.

    ``schema`` documents the value; where it says nothing of what is inside, that stays as it is, and so does what shows
    an entity by its key.
    """
    if not isinstance(value, dict | list) or not isinstance(schema, dict):
        return value
    named = referred(schema)
    key = sampler.key(named) if named else None
    if key and isinstance(value, dict) and value.get(key.name):
        return value
    schema = flattened(contract.resolve(non_null(contract.resolve(schema))), contract)
    if isinstance(value, list):
        return [completed(part, schema.get("items"), contract, sampler) for part in value]
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties")
    kept = {
        name: completed(part, properties.get(name, rest), contract, sampler)
        for name, part in value.items()
        if name in properties or rest is not None or not properties
    }
    missing = _missing(kept, schema, contract, sampler) if properties else {}
    if key and key.name in missing:
        missing[key.name] = 0  # no entity that there is
    return {**missing, **kept}


def _missing(kept: dict[str, Any], schema: Schema, contract: Contract, sampler: Sampler) -> dict[str, Any]:
    names = [name for name in schema["properties"] if name not in kept]
    drawn = sampler.sample(schema, 0) if names else None
    known = drawn if isinstance(drawn, dict) else {}
    may_be_null = {name for name in names if nullable(contract.resolve(schema["properties"][name]))}
    return {name: None if name in may_be_null else known.get(name) for name in names}
