"""Strategies for schemas of numbers, texts and anything: values shrink to 0, "" and the year 2000."""

import base64
from collections.abc import Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

Values = st.SearchStrategy[Any]

FORMATS = frozenset({"", "int32", "int64", "float", "double", "date-time", "date", "uuid", "byte", "binary"})
"""Formats that texts and numbers are drawn for here; others are drawn elsewhere."""

_INT64 = INTEGER_RANGES["int64"]
_MOST_BYTES, _MOST_PARTS = 32, 3
_NO_NUL = "\x00"

_EPOCH = datetime(2000, 1, 1)
_FIRST_SECOND = (datetime.min - _EPOCH) // timedelta(seconds=1) + 1
_LAST_SECOND = (datetime.max - _EPOCH) // timedelta(seconds=1)
_ENDINGS = ("Z", "+02:00", "-05:30", ".5Z", ".1234567+01:00")
"""Date-times are drawn in seconds from an epoch, which shrink faster than years and months."""

_BLANK: Mapping[str, Any] = {"integer": 0, "number": 0, "boolean": False, "string": "", "array": []}
"""Type → its smallest value, where nothing else is demanded."""

_BLANK_TEXTS = {
    "date-time": f"{_EPOCH.isoformat()}Z",
    "date": str(_EPOCH.date()),
    "uuid": str(UUID(int=0)),
}
"""Format → the text that is drawn for the smallest."""


def smallest(schema: Schema) -> Any:
    """Return the smallest value of a type, whatever else is demanded of it; ``None`` where that isn't known."""
    blank = copy(_BLANK.get(str(schema.get("type"))))
    return _BLANK_TEXTS.get(schema.get("format", ""), blank) if blank == "" else blank


def integers(schema: Schema) -> Values:
    """Return whole numbers within bounds and the range of their format."""
    low, high = INTEGER_RANGES.get(schema.get("format", ""), _INT64)
    low = max(low, int(schema.get("minimum", low)), int(schema.get("exclusiveMinimum", low - 1)) + 1)
    high = min(high, int(schema.get("maximum", high)), int(schema.get("exclusiveMaximum", high + 1)) - 1)
    return st.integers(low, high) if low <= high else st.nothing()


def numbers(schema: Schema) -> Values:
    """Return finite numbers within bounds."""
    low = schema.get("exclusiveMinimum", schema.get("minimum"))
    high = schema.get("exclusiveMaximum", schema.get("maximum"))
    return st.floats(
        low,
        high,
        allow_nan=False,
        allow_infinity=False,
        exclude_min="exclusiveMinimum" in schema,
        exclude_max="exclusiveMaximum" in schema,
    ).map(_spelled)


def _spelled(number: float) -> float | int:
    """Write whole numbers as such: servers may take 0.0 for something else."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def texts(schema: Schema) -> Values:
    """Return texts of a length, or of a format."""
    match schema.get("format", ""):
        case "date-time":
            return st.builds(_date_time, st.integers(_FIRST_SECOND, _LAST_SECOND), st.sampled_from(_ENDINGS))
        case "date":
            return st.dates().map(str)
        case "uuid":
            return st.uuids().map(str)
        case "byte":
            return st.binary(max_size=_MOST_BYTES).map(lambda octets: base64.b64encode(octets).decode())
    return _plain_texts(schema.get("minLength", 0), schema.get("maxLength"))


def _date_time(seconds: int, ending: str) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat() + ending


def _plain_texts(least: int = 0, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_characters=_NO_NUL, exclude_categories=["Cs"]), min_size=least, max_size=most)


ANY_VALUE: Values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(*_INT64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _plain_texts(),
    lambda inner: st.lists(inner, max_size=_MOST_PARTS) | st.dictionaries(_plain_texts(), inner, max_size=_MOST_PARTS),
    max_leaves=5,
)
"""Any JSON value."""
