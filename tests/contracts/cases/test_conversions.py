from typing import Any

import pytest

from docdouble.contracts.cases.conversions import is_converted


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *(("5", "integer"), ("-5.0", "integer"), (" 5 ", "integer"), (True, "integer")),
        *(("0x1F", "integer"), ("1e400", "integer"), (" ", "integer"), ("", "integer"), ("\u0665", "integer")),
        *(("5", "number"), ("1e3", "number"), ("0xff", "number"), (".5", "number"), (False, "number")),
        *((12, "string"), (1.5, "string"), (True, "string")),
        *(("true", "boolean"), ("No", "boolean"), (1, "boolean"), (0.0, "boolean")),
    ],
)
def test_what_is_converted_without_a_loss(value: Any, kind: str) -> None:
    assert is_converted(value, kind)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *(("many", "integer"), ("1.5", "integer"), (1.5, "integer"), ([1], "integer")),
        *(("0x", "integer"), ("0xg", "number"), ("1,5", "number"), ({}, "number"), (None, "number")),
        *(([], "string"), ({}, "string"), (None, "string")),
        *(("perhaps", "boolean"), (2, "boolean"), ("a", "array"), (1, "object")),
    ],
)
def test_what_is_not(value: Any, kind: str) -> None:
    assert not is_converted(value, kind)
