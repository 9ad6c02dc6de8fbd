"""Conversions that common frameworks make of values of another type than the documented one, without a loss.

``"5"``, ``"0x5"``, ``"5e0"`` and digits of other scripts are taken for 5, a blank or an empty text for 0, ``true`` for
1, 12 for ``"12"``, and a date-time without an offset for one of some zone.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from docdouble.schemas import Violation

_INTEGER = re.compile(r"\s*|\s*([+-]?\d+(\.0*)?([eE]\+?\d+)?|0[xX][0-9a-fA-F]+)\s*")
_NUMBER = re.compile(r"\s*|\s*([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|0[xX][0-9a-fA-F]+)\s*")
_FLAGS = frozenset(("true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0"))


def is_converted(value: Any, kind: str) -> bool:
    """Tell whether a value of another type stands for one of a type of JSON Schema."""
    match value:
        case str():
            is_number = kind == "number" and bool(_NUMBER.fullmatch(value))
            is_flag = kind == "boolean" and value.lower() in _FLAGS
            return is_number or is_flag or (kind == "integer" and bool(_INTEGER.fullmatch(value)))
        case bool():
            return kind in ("integer", "number", "string")
        case int() | float():
            return kind == "string" or (kind == "boolean" and value in (0, 1))
    return False


def are_converted(violations: Iterable[Violation]) -> bool:
    """Tell whether conversions, or the tolerance of texts slightly off their format, do away with all violations."""
    return all(map(_is_converted, violations))


def _is_converted(violation: Violation) -> bool:
    if violation.rule != "type":
        return violation.is_drift or not violation.counts
    kinds = violation.expected.partition(" (")[0].split(" or ")
    try:
        value = json.loads(violation.got)
    except ValueError:  # it was too long to be quoted whole
        return False
    return any(is_converted(value, kind) for kind in kinds)
