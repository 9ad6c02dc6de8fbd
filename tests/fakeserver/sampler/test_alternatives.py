"""Answers fit exactly one alternative of ``oneOf``, also where alternatives overlap."""

from typing import Any

import pytest

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    "branches",
    [
        [{"type": "integer"}, {"type": "number", "minimum": 2}],
        [{"type": "number", "minimum": 2}, {"type": "integer"}],
        [{"type": "integer", "maximum": 5000}, {"type": "integer", "minimum": -5000}],
        [{"type": "string", "maxLength": 4000}, {"type": "string", "minLength": 1}],
        [{"type": "number"}, {"type": "integer"}],
        [
            {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": TEXT}},
            {"type": "object", "required": ["b"], "properties": {"a": TEXT, "b": TEXT}},
        ],
        [
            {"type": "object", "required": ["a"], "properties": {"a": TEXT}},
            {"type": "object", "required": ["a", "b"], "properties": {"a": TEXT, "b": TEXT}},
        ],
    ],
)
def test_one_alternative_alone_fits(drawn: Any, branches: list[Any]) -> None:
    assert drawn({"oneOf": branches})
