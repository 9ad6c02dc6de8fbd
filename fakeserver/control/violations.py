"""Violations of the documentation, on request: ``missing-field:/Links`` takes ``Links`` out of an answer.

A pointer is a JSON Pointer (RFC 6901) with three liberties: names match without regard to case, ``*`` means every
item or property, and an array that no token indexes means every item.
"""

from collections.abc import Callable, Iterator
from typing import Any

from docdouble.schemas import ConfigError, Contract, Operation, Schema
from docdouble.schemas.json_pointer import unescape_token

Violate = Callable[[Any, Any], None]
"""Function that changes what a container (an object or an array) holds at a key (a name or an index), in place."""

_BEYOND_ANY_INTEGER = 2**63
"""The first number that neither int32 nor int64 holds."""


def broken(value: Any, violation: str) -> Any:
    """Return a JSON value with the promise broken, in place; as it is where the value lacks the place.

    ``violation`` is one that ``check`` has accepted.
    """
    rule, tokens = _parsed(violation)
    for container, key in reversed(list(_places(value, tokens))):  # from the end: indices stay right
        RULES[rule](container, key)
    return value


def check(violation: str, operation: Operation | None, contract: Contract) -> None:
    """Raise ``ConfigError`` for an unknown rule, no pointer, or a place that ``operation`` doesn't document."""
    _, tokens = _parsed(violation)
    response = operation.success() if operation else None
    if operation is None or response is None:
        return
    schemas = [media_type.schema for media_type in response.media_types if media_type.schema is not None]
    places = _alternatives(schemas, contract)
    for token in tokens:
        below = _below(places, token, contract)
        if not below and places:
            raise ConfigError("violate", token, _names(places, contract), expected=f"in the answer of {operation.id}")
        places = below


def _parsed(violation: str) -> tuple[str, list[str]]:
    rule, _, pointer = violation.partition(":")
    if rule not in RULES:
        raise ConfigError("violate", rule, RULES, expected="a rule")
    if not pointer.startswith("/"):
        raise ConfigError("violate", violation, expected="RULE:/POINTER, such as missing-field:/Links")
    return rule, [unescape_token(token) for token in pointer[1:].split("/")]


def _places(value: Any, tokens: list[str]) -> Iterator[tuple[Any, Any]]:
    token, rest = tokens[0], tokens[1:]
    if isinstance(value, list) and not _is_index(token):
        for item in value:
            yield from _places(item, tokens)
        return
    for key in _keys(value, token):
        if rest:
            yield from _places(value[key], rest)
        else:
            yield value, key


def _keys(value: Any, token: str) -> list[Any]:
    if isinstance(value, list):
        return [index for index in range(len(value)) if token in ("*", str(index))]
    if isinstance(value, dict):
        return [name for name in value if token == "*" or name.casefold() == token.casefold()]
    return []


def _is_index(token: str) -> bool:
    return token == "*" or (token.isascii() and token.isdecimal())


def _alternatives(schemas: list[Schema], contract: Contract) -> list[Schema]:
    """Return the schemas with references followed and combinations taken apart."""
    known: dict[int, Schema] = {}
    waiting = list(schemas)
    while waiting:
        schema = contract.resolve(waiting.pop())
        if id(schema) not in known:
            known[id(schema)] = schema
            parts = (schema.get(keyword, ()) for keyword in ("anyOf", "oneOf", "allOf"))
            waiting += [part for several in parts for part in several if isinstance(part, dict)]
    return list(known.values())


def _below(schemas: list[Schema], token: str, contract: Contract) -> list[Schema]:
    """Return the schemas of a token's place; ``[{}]`` where anything may stand, empty where nothing does."""
    below = _members(schemas, token)
    items = _alternatives(_items(schemas), contract)
    below += items if _is_index(token) else _below(items, token, contract) if items else []
    return _alternatives(below, contract)


def _items(schemas: list[Schema]) -> list[Schema]:
    return [schema["items"] for schema in schemas if isinstance(schema.get("items"), dict)]


def _members(schemas: list[Schema], token: str) -> list[Schema]:
    members: list[Schema] = []
    for schema in schemas:
        properties = schema.get("properties", {})
        members += [properties[name] for name in _keys(properties, token)]
        others = schema.get("additionalProperties", _is_open(schema))
        members += [others if isinstance(others, dict) else {}] if others is not False else []
    return members


def _is_open(schema: Schema) -> bool:
    """Tell whether a schema says nothing of what is below: an object without properties, or no type at all."""
    stated = {"properties", "items", "anyOf", "oneOf", "allOf", "enum", "const"} & schema.keys()
    return not stated and schema.get("type", "object") in ("object", ["object", "null"])


def _names(schemas: list[Schema], contract: Contract) -> list[str]:
    items = _items(schemas)
    below = _names(_alternatives(items, contract), contract) if items else []
    return [name for schema in schemas for name in schema.get("properties", {})] + below


def _missing_field(container: Any, key: Any) -> None:
    del container[key]


def _null_field(container: Any, key: Any) -> None:
    container[key] = None


def _wrong_type(container: Any, key: Any) -> None:
    match container[key]:
        case str():
            container[key] = 12345
        case bool() | int() | float() as value:
            container[key] = str(value)
        case list():
            container[key] = {}
        case value:
            container[key] = [value]


def _wrong_case(container: Any, key: Any) -> None:
    """Rename a property in its place; one without letters, or whose new name is taken, stays."""
    other = _other_case(key) if isinstance(container, dict) else key
    if other in container or not isinstance(container, dict):
        return
    members = [(other if name == key else name, value) for name, value in container.items()]
    container.clear()
    container.update(members)


def _other_case(name: str) -> str:
    first = name[:1].swapcase() + name[1:]
    return first if first != name else name.swapcase()


def _undocumented_field(container: Any, key: Any) -> None:
    if isinstance(container, dict):
        container[f"undocumented{key}"] = "added by a fault on request"


def _out_of_range(container: Any, key: Any) -> None:
    container[key] = _BEYOND_ANY_INTEGER


def _wrong_format(container: Any, key: Any) -> None:
    container[key] = "not a date-time"


RULES: dict[str, Violate] = {
    "missing-field": _missing_field,
    "null-field": _null_field,
    "wrong-type": _wrong_type,
    "wrong-case": _wrong_case,
    "undocumented-field": _undocumented_field,
    "out-of-range": _out_of_range,
    "wrong-format": _wrong_format,
}
"""Name → what it does to a place."""
