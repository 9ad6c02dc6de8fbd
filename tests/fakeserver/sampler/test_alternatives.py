"""Answers fit exactly one alternative of ``oneOf``, also where alternatives overlap."""

from contextlib import suppress
from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.sampler.alternatives import Alternatives
from docdouble.fakeserver.sampler.bounds import DRAWS_PER_NARROWED, MOST_TESTED
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.schemas import Contract, Schema, Validator

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


def _nested(depth: int, number: int = 1) -> Schema:
    """An ``oneOf`` of two, and so on, down to objects that need properties of their own."""
    if not depth:
        name = f"k{number}"
        return {"type": "object", "required": [name], "properties": {name: TEXT}}
    return {"oneOf": [_nested(depth - 1, 2 * number), _nested(depth - 1, 2 * number + 1)]}


@pytest.mark.parametrize("depth", [6, 8, 10])
def test_alternatives_in_alternatives_are_told_apart_or_given_up_within_a_bound(
    monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    made, one_of = [], Alternatives._one_of

    def counted(*arguments: Any) -> Any:
        made.append(arguments)
        return one_of(*arguments)

    monkeypatch.setattr(Alternatives, "_one_of", counted)
    schema = _nested(depth)
    with suppress(NoValueError):
        value = Sampler(Contract("library", "1", ())).sample(schema, 1)
        assert Validator(schema, Contract("library", "1", ())).accepts(value)
    assert len(made) <= 2 ** (depth + 1) + MOST_TESTED // DRAWS_PER_NARROWED * depth
