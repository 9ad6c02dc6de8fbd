"""Inclusion of schemas: whether one allows all that another does, and a value that one allows and the other doesn't."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import jsonschema_rs

from ..contract.model import COMPONENT_PREFIX, Contract, Schema
from ..errors import ContractError
from ..jsonschema.bundle import bundle
from ..jsonschema.formats import INTEGER_RANGES
from ..jsonschema.subschemas import with_subschemas
from ..jsonschema.validator import Validator
from .change import NO_VALUE
from .normalise import readable

_MOST_CANDIDATES = 400
_DEEPEST = 8
_LONGEST = 2000
"""Texts and arrays of more are not built."""

_TEXTS = (
    "",
    "a",
    "A",
    "0",
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "z",
    "Z",
    "9",
    "xyz",
    "abc",
    "ABC",
    "Ab",
    "a1",
    "A1",
    "a b",
    "é",
)
_OF_FORMAT = {
    "date-time": ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00"),
    "date": ("2024-02-29",),
    "time": ("12:00:00Z",),
    "uuid": ("3f2504e0-4f89-41d3-9a0c-0305e82c3301",),
    "email": ("ada@example.org",),
    "uri": ("https://example.org/",),
    "ipv4": ("192.0.2.1",),
}
_LITERAL = re.compile(r"(?<!\\)[\w:/@ -]")
"""A letter of a pattern that stands for itself."""
_ANYTHING: tuple[Any, ...] = ("a", 1, 0.5, True, [], {}, "", 0, "1", -1, 1.0, None)


def allows_all(wide: Schema, narrow: Schema, wide_contract: Contract, narrow_contract: Contract) -> bool | None:
    """Tell whether ``wide`` allows every value that ``narrow`` does; ``None`` where nobody can tell."""
    try:
        outer = _canonical(wide, wide_contract)
        answer = str(outer.covers(_canonical(narrow, narrow_contract)))
    except (ValueError, TypeError):
        return None
    return {"yes": True, "no": False}.get(answer)


def witness(valid: Schema, invalid: Schema, valid_contract: Contract, invalid_contract: Contract) -> Any:
    """Return a value that the one schema allows and the other doesn't, the same one each time.

    ``NO_VALUE`` where none is found, or where a schema can't be used.
    """
    with suppress(ContractError):
        allowed, refused = Validator(valid, valid_contract), Validator(invalid, invalid_contract)
        for value in _candidates(valid, invalid, valid_contract, invalid_contract):
            if allowed.is_valid(value) and not refused.is_valid(value):
                return value
    return NO_VALUE


def _candidates(valid: Schema, invalid: Schema, valid_contract: Contract, invalid_contract: Contract) -> Iterator[Any]:
    makers = (
        ExampleValues(valid_contract.schemas).of(valid),
        _left_over(valid, invalid, valid_contract, invalid_contract),
        _near(valid, invalid, invalid_contract),
    )
    for maker in makers:
        for number, value in enumerate(maker):
            if number == _MOST_CANDIDATES:
                break
            yield value


def _near(valid: Schema, invalid: Schema, invalid_contract: Contract) -> Iterator[Any]:
    """Yield values at the edges of what is refused, of what is allowed without its formats, and some of any kind."""
    yield from ExampleValues(invalid_contract.schemas).of(invalid)
    for texts in _OF_FORMAT.values():
        yield from texts
    yield from _TEXTS if "pattern" in valid or "pattern" in invalid else ()
    yield from _ANYTHING


def _left_over(valid: Schema, invalid: Schema, valid_contract: Contract, invalid_contract: Contract) -> Iterator[Any]:
    """Yield values of what is left of the one schema without the other."""
    try:
        outer = _canonical(valid, valid_contract)
        rest: Any = outer.subtract(_canonical(invalid, invalid_contract)).to_json_schema()
    except (ValueError, TypeError):
        return
    if isinstance(rest, dict):
        yield from ExampleValues(rest.get("$defs", {})).of(rest)


def _canonical(schema: Schema, contract: Contract) -> Any:
    whole = _with_ranges(bundle(schema, contract.schemas))
    return jsonschema_rs.canonicalize(whole, draft=jsonschema_rs.Draft202012, validate_formats=True)


def _with_ranges(schema: Schema) -> Schema:
    """Return the schema with integer formats as bounds."""
    inner = with_subschemas(schema, _with_ranges)
    if isinstance(name := inner.get("format"), str) and name in INTEGER_RANGES:
        low, high = INTEGER_RANGES[name]
        return {"minimum": low, "maximum": high, **inner}
    return inner


class ExampleValues:
    """Small values of schemas, at their edges; most are valid, none is promised to be."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.schemas = schemas

    def first(self, schema: Any, depth: int = 0) -> Any:
        """Return the plainest value of a schema; null where there is none."""
        return next(self.of(schema, depth), None)

    def of(self, schema: Any, depth: int = 0) -> Iterator[Any]:
        """Yield values of a schema, the plainest first."""
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        schema = readable(schema)
        if isinstance(ref := schema.get("$ref"), str):
            name = ref.removeprefix(COMPONENT_PREFIX).removeprefix("#/$defs/")
            yield from self.of(self.schemas.get(name), depth + 1)
        if "const" in schema:
            yield schema["const"]
        if isinstance(schema.get("enum"), list):
            yield from schema["enum"]
        for key in ("anyOf", "oneOf", "allOf"):
            for part in schema.get(key, ()) if isinstance(schema.get(key), list) else ():
                rest = {name: value for name, value in schema.items() if name != key}
                yield from self.of({**rest, **part} if isinstance(part, dict) else part, depth + 1)
        for kind in _kinds(schema):
            yield from self._of_kind(kind, schema, depth)

    def _of_kind(self, kind: str, schema: Schema, depth: int) -> Iterator[Any]:
        match kind:
            case "integer" | "number":
                yield from _numbers(kind, schema)
            case "string":
                yield from _texts(schema)
            case "boolean":
                yield from (True, False)
            case "array":
                yield from self._arrays(schema, depth)
            case "object":
                yield from self._objects(schema, depth)
            case "null":
                yield None

    def _arrays(self, schema: Schema, depth: int) -> Iterator[Any]:
        items = schema.get("items", {})
        item = self.first(items, depth + 1) if items not in ({}, True) else 0
        distinct = list(_some(self.of(items, depth + 1), 12)) if isinstance(items, dict) and items else list(range(12))
        least, most = _count(schema, "minItems", 0), _count(schema, "maxItems", 2)
        for length in dict.fromkeys((least, most, least + 1, most + 1, 1, 2)):
            if length <= _LONGEST:
                yield [item] * length
                yield distinct[:length]
        for other in distinct:
            yield [other]

    def _objects(self, schema: Schema, depth: int) -> Iterator[Any]:
        properties = schema.get("properties")
        known = properties if isinstance(properties, dict) else {}
        required = [name for name in schema.get("required", ()) if isinstance(name, str)]
        least = {name: self.first(known.get(name, {}), depth + 1) for name in required if known.get(name) is not False}
        yield least
        for name, part in known.items():
            for value in _some(self.of(part, depth + 1), 12):
                yield {**least, name: value}
        if isinstance(schema.get("additionalProperties", {}), dict):
            for value in _some(self.of(schema.get("additionalProperties") or {"type": "string"}, depth + 1), 12):
                yield {**least, "other": value}
        for key in _key_candidates(schema):
            for value in ("a", 0, None):
                yield {**least, key: value}
        for count in (_count(schema, "minProperties", 0), _count(schema, "maxProperties", 0) + 1):
            if count <= _LONGEST:
                yield {**least, **{f"key{number}": 0 for number in range(count - len(least))}}


def _key_candidates(schema: Schema) -> Iterator[str]:
    """Yield names of properties that patterns are about: their letters, and words of several forms."""
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict):
        for pattern in patterns:
            letters = "".join(_LITERAL.findall(str(pattern)))
            yield from (letters, letters + "a", letters + "1", "a" + letters)
    if patterns or "propertyNames" in schema:
        yield from _TEXTS


def _kinds(schema: Schema) -> list[str]:
    declared = schema.get("type")
    kinds = declared if isinstance(declared, list) else [declared]
    return [kind for kind in kinds if isinstance(kind, str)] or _guessed(schema)


def _guessed(schema: Schema) -> list[str]:
    """Return the types that the keywords of a schema without one are about."""
    if schema.keys() & {"const", "enum", "anyOf", "oneOf", "allOf", "$ref"}:
        return []
    if schema.keys() & {"properties", "required", "additionalProperties"}:
        return ["object"]
    return ["string", "integer", "boolean", "object", "array", "number", "null"]


def _numbers(kind: str, schema: Schema) -> Iterator[Any]:
    step = _number(schema.get("multipleOf")) or 1
    ranges = INTEGER_RANGES.get(str(schema.get("format")), ())
    edges = [schema[key] for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if key in schema]
    for number in (1, 0, *edges, *ranges):
        if _number(number) is not None:
            yield from (number, number + step, number - step, number + 1, number - 1)
    yield from (step, 2 * step, 3 * step, 2**31, -(2**31) - 1, 2**63, 10**20)
    if kind == "number":
        yield from (0.5, 1.5, -0.5)


def _number(value: Any) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(schema: Schema) -> Iterator[str]:
    yield from _OF_FORMAT.get(str(schema.get("format")), ())
    least, most = _count(schema, "minLength", 0), _count(schema, "maxLength", 1)
    for length in dict.fromkeys((max(least, 1), least, most, most + 1)):
        if length <= _LONGEST:
            yield "a" * length
    if "pattern" in str(schema):
        yield from _TEXTS
        for letter in "aA1":
            yield from (letter * length for length in range(2, 12))


def _count(schema: Schema, keyword: str, otherwise: int) -> int:
    count = schema.get(keyword, otherwise)
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else otherwise


def _some(values: Iterator[Any], most: int) -> Iterator[Any]:
    for _, value in zip(range(most), values, strict=False):
        yield value
