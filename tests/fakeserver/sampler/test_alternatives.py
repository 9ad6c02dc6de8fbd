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
        [
            {"type": "object", "properties": {}},
            {"type": "object", "properties": {"kind": {"const": "mail"}}},
            *(
                {"type": "object", "required": ["kind"], "properties": {"kind": {"const": name}, name: TEXT}}
                for name in ("file", "queue", "topic", "table", "bucket", "socket")
            ),
        ],
    ],
)
def test_one_alternative_alone_fits(drawn: Any, branches: list[Any]) -> None:
    assert drawn({"oneOf": branches})


def test_alternatives_that_differ_in_optional_properties_are_distinguished(drawn: Any) -> None:
    common = {"type": "object", "required": ["kind"]}
    first = {**common, "properties": {"kind": {"type": "string"}, "color": {"type": "string"}}}
    second = {**common, "properties": {"kind": {"type": "string"}, "description": {"type": "string"}}}
    assert drawn({"type": "object", "discriminator": {"propertyName": "kind"}, "oneOf": [first, second]})
