"""Strategies of JSON Schemas of all keywords that are satisfiable by construction: each is built around a value."""

import json
import re
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

Schema = dict[str, Any]

TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")
FORMATS = {
    "date-time": "2024-02-29T12:30:00Z",
    "date": "2024-02-29",
    "time": "12:30:00Z",
    "duration": "P1DT12H",
    "email": "di@quay.example",
    "hostname": "quay.example",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://quay.example/a",
    "uuid": "7d7f0c86-6d12-4be1-a7f0-1c2f3b4d5e6f",
    "json-pointer": "/a/0",
}
NAMES = ("", "id", "kind", "name", "email", "x-a", "x-b", "A", "other", "createdAt")

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1000, 10_000),
    st.integers(-4000, 4000).map(lambda number: number / 4),
    st.text("abcXYZ019 -_", max_size=12),
    st.sampled_from(sorted(FORMATS.values())),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


def kind_of(value: Any) -> str:
    """Return the narrowest JSON type of a value."""
    kinds = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object", type(None): "null"}
    return "integer" if isinstance(value, float) and value.is_integer() else kinds.get(type(value), "number")


def fits(schema: Any, value: Any) -> bool:
    """Tell whether a value fits a schema without references."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


def some(draw: Any, schema: Schema) -> Schema:
    """Return a part of the keywords of a schema."""
    kept = draw(st.sets(st.sampled_from(sorted(schema)), max_size=4)) if schema else set()
    return {word: part for word, part in schema.items() if word in kept}


@st.composite
def around(draw: Any, value: Any, depth: int = 2) -> Any:
    """Draw a schema that a value fits."""
    kind = kind_of(value)
    schema: Schema = {}
    if draw(st.integers(0, 4)):
        schema["type"] = draw(st.sampled_from([kind, [kind, draw(st.sampled_from(TYPES))]]))
        if isinstance(schema["type"], list):
            schema["type"] = list(dict.fromkeys(schema["type"]))
    elif not draw(st.integers(0, 3)):
        return draw(st.sampled_from([True, {}, {"enum": [value, "other"]}, {"const": value}]))
    schema |= {"string": _text, "integer": _number, "number": _number, "array": _array, "object": _object}.get(
        kind, lambda draw, value, depth: {}
    )(draw, value, depth)
    return schema | (draw(conditions(value, depth)) if depth and draw(st.booleans()) else {})


def _text(draw: Any, value: str, depth: int) -> Schema:
    start = re.escape(value[:2]).replace("\\-", "-").replace("\\ ", " ")
    patterns = [f"^{start}", "^[\\s\\S]*$", "^[^\\p{Lu}]*$" if value == value.lower() else "[a-zA-Z]", "^(?!zz)"]
    schema = {
        "minLength": draw(st.integers(0, len(value))),
        "maxLength": len(value) + draw(st.integers(0, 9)),
        "pattern": draw(st.sampled_from(patterns)),
    }
    name = next((name for name, text in FORMATS.items() if text == value), "")
    return some(draw, schema | ({"format": name} if name else {}))


def _number(draw: Any, value: float, depth: int) -> Schema:
    span = st.integers(0, 20)
    steps = [step for step in (1, 2, 3, 5, 0.25, 0.5) if (value / step).is_integer()]
    return some(
        draw,
        {
            "minimum": value - draw(span),
            "maximum": value + draw(span),
            "exclusiveMinimum": value - draw(span) - 1,
            "exclusiveMaximum": value + draw(span) + 1,
            **({"multipleOf": draw(st.sampled_from(steps))} if steps else {}),
        },
    )


def _array(draw: Any, value: list[Any], depth: int) -> Schema:
    inner = max(depth - 1, 0)
    first = draw(st.integers(0, len(value)))
    prefix = [draw(around(item, inner)) for item in value[:first]]
    rest = _common(draw, value[first:], inner)
    schema: Schema = {
        "minItems": draw(st.integers(0, len(value))),
        "maxItems": len(value) + draw(st.integers(0, 3)),
        draw(st.sampled_from(["items", "unevaluatedItems"])): rest,
    }
    if len({json.dumps(item, sort_keys=True) for item in value}) == len(value):
        schema["uniqueItems"] = draw(st.booleans())
    if value:
        wanted = draw(around(draw(st.sampled_from(value)), inner))
        count = sum(fits(wanted, item) for item in value)
        schema["contains"] = wanted
    constraints = some(draw, schema) | ({"prefixItems": prefix} if prefix else {})
    if "contains" in constraints:
        limits = {"minContains": draw(st.integers(0, count)), "maxContains": count + draw(st.integers(0, 2))}
        constraints |= some(draw, limits)
    return constraints if prefix == [] or "items" not in constraints or first == len(prefix) else {}


def _common(draw: Any, values: list[Any], depth: int) -> Any:
    """Return a schema that all of the values fit."""
    if not values:
        return draw(st.sampled_from([False, {"type": "string"}, {"type": "integer"}]))
    return (
        {"anyOf": [draw(around(value, depth)) for value in values]}
        if len(values) > 1
        else draw(around(values[0], depth))
    )


_NAMED_ANY: list[Schema] = [{"enum": list(NAMES)}, {"pattern": "^[a-zA-Z]?"}]
_NAMED_ALL: list[Schema] = [*_NAMED_ANY, {"minLength": 1}, {"pattern": "^[a-zA-Z]"}]


def _object(draw: Any, value: dict[str, Any], depth: int) -> Schema:
    inner = max(depth - 1, 0)
    listed = draw(st.sets(st.sampled_from(sorted(value)))) if value else set()
    properties = {name: draw(around(value[name], inner)) for name in sorted(listed)}
    for name in draw(st.sets(st.sampled_from(sorted(set(NAMES) - value.keys())), max_size=2)):
        properties[name] = draw(st.sampled_from([False, {"type": "string"}, {"type": "integer", "minimum": 3}]))
    rest = [part for name, part in value.items() if name not in listed]
    patterned = all(fits({"type": ["string", "null"]}, part) for name, part in value.items() if name.startswith("x-"))
    schema: Schema = {
        "required": sorted(draw(st.sets(st.sampled_from(sorted(value))))) if value else [],
        draw(st.sampled_from(["additionalProperties", "unevaluatedProperties"])): _common(draw, rest, inner),
        "minProperties": draw(st.integers(0, len(value))),
        "maxProperties": len(value) + draw(st.integers(0, 3)),
        "propertyNames": draw(st.sampled_from(_NAMED_ALL if all(value) else _NAMED_ANY)),
        "dependentRequired": {name: sorted(value)[:2] for name in sorted(value)[:1]} | {"missing": ["other"]},
        "dependentSchemas": {name: {"required": sorted(value)[:2]} for name in sorted(value)[:1]},
    }
    if patterned:
        schema["patternProperties"] = {"^x-": {"type": ["string", "null"]}}
    constraints = some(draw, schema)
    return (
        {**constraints, "properties": properties}
        if draw(st.integers(0, 4)) or set(constraints) & _SEEING
        else constraints
    )


_SEEING = {"additionalProperties", "unevaluatedProperties"}


@st.composite
def conditions(draw: Any, value: Any, depth: int) -> Schema:
    """Draw keywords that combine schemas, which a value fits."""
    inner = max(depth - 1, 0)
    some_schema = around(value, inner)
    other = draw(values.flatmap(lambda another: around(another, 0)))
    is_other = fits(other, value)
    match draw(st.sampled_from(["allOf", "anyOf", "oneOf", "not", "if"])):
        case "allOf":
            return {"allOf": [draw(some_schema), draw(some_schema)]}
        case "anyOf":
            return {"anyOf": draw(st.permutations([draw(some_schema), other]))}
        case "oneOf":
            return {"oneOf": [draw(some_schema), other]} if not is_other else {"oneOf": [other]}
        case "not":
            return {"not": other} if not is_other else {"not": {"not": other}}
        case _:
            met, failed = (
                ({"then": draw(some_schema)}, {"else": other}) if is_other else ({"else": draw(some_schema)}, {})
            )
            return {"if": other, **met, **failed}


@st.composite
def satisfiable(draw: Any) -> tuple[Schema, Any, dict[str, Schema]]:
    """Draw a schema, a value of it, and the named types that it refers to, of which one may refer to itself."""
    value = draw(values)
    schema = draw(around(value))
    if schema is True or draw(st.booleans()):
        return {} if schema is True else schema, value, {}
    inside = (
        {"properties": {"again": {"$ref": "#/components/schemas/Named"}}} if "unevaluated" not in str(schema) else {}
    )
    named = schema if "properties" in schema or "additionalProperties" in str(schema) else {**schema, **inside}
    return {"$ref": "#/components/schemas/Named"}, value, {"Named": named}
