"""Checks of a case: whether a value, a header field or a text is as the case expects."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import time
from typing import Any, Final

from jsonschema import ValidationError
from jsonschema.validators import extend
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator, oas30_format_checker, oas31_format_checker

ABSENT: Final = object()

_DATA = ("components", "definitions")
"""Parts of a document that references in its schemas may lead to."""

_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, anything else as its only item, nothing for ``None``."""
    return [] if value is None else value if isinstance(value, list) else [value]


def at_pointer(value: Any, pointer: str) -> Any:
    """Return the value at a JSON Pointer, or ``ABSENT``."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(step, ABSENT)
        elif isinstance(value, list) and re.fullmatch(r"-1|\d+", step) and value and int(step) < len(value):
            value = value[int(step)]
        else:
            return ABSENT
    return value


def is_same(left: Any, right: Any) -> bool:
    """JSON equality: 1 is 1.0, and ``true`` is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(is_same(left[key], right[key]) for key in left)
    return bool(left == right)


def value_problem(value: Any, check: Any, document: Mapping[str, Any], place: str) -> str:
    """Return what is wrong with the value at a place, else nothing."""
    if not (isinstance(check, dict) and check and check.keys() <= CHECKS):
        check = {"equals": check}
    for word, expected in check.items():
        if problem := _problem(value, word, expected, document, place):
            shown = "nothing" if value is ABSENT else json.dumps(value, ensure_ascii=False)[:160]
            return f"expected {place or 'the body'} {problem}, came {shown}"
    return ""


def _problem(value: Any, word: str, expected: Any, document: Mapping[str, Any], place: str) -> str:
    if word in ("absent", "present"):
        return "" if (value is ABSENT) is (expected is (word == "absent")) else f"{word}: {expected}"
    if value is ABSENT:
        return "" if word in ("contains-not", "not-equals") else f"{word} {expected!r:.120}"
    if word == "schema":
        fault = schema_fault(value, expected, document)
        return f"to fit the schema {expected!r:.100}: {fault}" if fault else ""
    if word == "every":
        pairs = ((item, pointer, check) for item in value for pointer, check in expected.items())
        problems = (value_problem(at_pointer(item, at), check, document, f"{place}/…{at}") for item, at, check in pairs)
        return next(filter(None, problems), "")
    return "" if _PLAIN[word](value, expected) else f"{word} {json.dumps(expected, ensure_ascii=False)[:120]}"


def _contains(value: Any, expected: Any) -> bool:
    return expected in value if isinstance(value, str) else any(_has(item, expected) for item in value)


def _has(item: Any, expected: Any) -> bool:
    if isinstance(expected, dict) and isinstance(item, dict):
        return all(key in item and _has(item[key], inner) for key, inner in expected.items())
    return is_same(item, expected)


def _size(value: Any) -> float:
    return value if isinstance(value, int | float) else len(value)


def _is_type(value: Any, expected: Any) -> bool:
    return bool(OAS31Validator({"type": expected}).is_valid(value))


_PLAIN: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": is_same,
    "not-equals": lambda value, expected: not is_same(value, expected),
    "type": _is_type,
    "one-of": lambda value, expected: any(is_same(value, other) for other in expected),
    "contains": _contains,
    "contains-not": lambda value, expected: not _contains(value, expected),
    "length": lambda value, expected: len(value) in as_list(expected),
    "matches": lambda value, expected: isinstance(value, str) and re.search(expected, value) is not None,
    "at-least": lambda value, expected: _size(value) >= expected,
    "at-most": lambda value, expected: _size(value) <= expected,
}

CHECKS = {"absent", "present", "schema", "every"} | _PLAIN.keys()


def schema_fault(value: Any, schema: Any, document: Mapping[str, Any]) -> str:
    """Return what a schema of the document, named or written out, has against a value that a server sent."""
    whole = {key: _without_written(document[key]) for key in _DATA if key in document}
    if isinstance(schema, str):
        place = "definitions" if "definitions" in document else "components/schemas"
        schema = {"$ref": f"#/{place}/{schema.replace('~', '~0').replace('/', '~1')}"}
    is_new = str(document.get("openapi", "2")).startswith(("3.1", "3.2"))
    base = OAS31Validator if is_new else OAS30ReadValidator
    formats = copy(oas31_format_checker if is_new else oas30_format_checker)
    formats.checkers = {**formats.checkers, "time": (_is_time, ValueError)}
    validator = extend(base, {"multipleOf": _multiple_of})({**whole, "allOf": [schema]}, format_checker=formats)
    return next((f"{error.json_path}: {error.message:.200}" for error in validator.iter_errors(value)), "")


def _is_time(text: object) -> bool:
    """Tell whether a text is a ``full-time`` of RFC 3339; jsonschema alone knows the ``time`` of draft 3."""
    return not isinstance(text, str) or bool(_TIME.fullmatch(text) and time.fromisoformat(text))


def _multiple_of(_: Any, step: float, value: Any, __: Any) -> Iterator[ValidationError]:
    """Allow for binary fractions, which are no exact multiples of 0.01."""
    if isinstance(value, int | float) and abs(round(value / step) - value / step) > 1e-9 * max(1, abs(value / step)):
        yield ValidationError(f"{value} is no multiple of {step}")


def _without_written(schema: Any) -> Any:
    """Drop from ``required`` what is ``writeOnly``: no server sends it."""
    if isinstance(schema, list):
        return [_without_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_written(inner) for key, inner in schema.items()}
    properties = schema.get("properties")
    if isinstance(kept.get("required"), list) and isinstance(properties, dict):
        hidden = {name for name, inner in properties.items() if isinstance(inner, dict) and inner.get("writeOnly")}
        kept["required"] = [name for name in kept["required"] if name not in hidden]
        if not kept["required"]:
            del kept["required"]  # Swagger and OpenAPI 3.0 allow no empty list
    return kept


def output_problems(expected: Mapping[str, Any], text: str) -> Iterator[str]:
    """Yield what the output of a command should contain, or should not."""
    for pattern in as_list(expected.get("says")):
        if not re.search(pattern, text, re.IGNORECASE):
            yield f"expected the output to say /{pattern}/"
    for pattern in as_list(expected.get("says-not")):
        if re.search(pattern, text, re.IGNORECASE):
            yield f"expected the output not to say /{pattern}/"
