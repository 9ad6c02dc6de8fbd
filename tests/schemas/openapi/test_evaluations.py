"""Schemas that lead to too many others for one value, and references to references, in any shape."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract
from docdouble.schemas.contract.model import Schema
from docdouble.schemas.jsonschema.validator import Validator
from docdouble.schemas.openapi.document import DocumentNode, document_root
from docdouble.schemas.openapi.evaluations import MOST_EVALUATIONS, bounded_evaluations
from docdouble.schemas.openapi.reader import read_contract
from docdouble.schemas.openapi.reference_chains import MOST_REFERENCES

DEEP = 40


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def read(schemas: dict[str, Any]) -> tuple[Contract, list[tuple[str, str, str]]]:
    """Return the contract of an operation that answers the first type, and the problems of the types."""
    content = {"application/json": {"schema": ref(next(iter(schemas)))}}
    paths = {"/things": {"get": {"responses": {"200": {"description": "ok", "content": content}}}}}
    document = {"openapi": "3.1.0", "info": {}, "paths": paths, "components": {"schemas": schemas}}
    problems: list[tuple[str, str, str]] = []

    def report(rule: str, node: DocumentNode, message: str) -> None:
        if node.pointer.startswith("/components"):
            problems.append((rule, node.pointer, message))

    return read_contract(document_root(document, "api.json"), report), problems


@pytest.mark.parametrize(
    "leading",
    [
        lambda inner: {"allOf": [inner, inner], "properties": {"a": {"type": "integer"}}},
        lambda inner: {"anyOf": [inner, {"allOf": [inner]}]},
        lambda inner: {"oneOf": [{"not": inner}, inner]},
        lambda inner: {"not": {"allOf": [inner, inner]}},
        lambda inner: {"if": inner, "then": inner, "else": inner},
        lambda inner: {"dependentSchemas": {"a": inner, "b": inner}},
        lambda inner: {"properties": {"a": {"allOf": [inner, inner]}}, "allOf": [inner, inner]},
    ],
    ids=["allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas", "inside"],
)
def test_types_that_lead_to_each_other_twice_each_are_cut(leading: Callable[[Schema], Schema]) -> None:
    types = {f"T{number}": leading(ref(f"T{number + 1}")) for number in range(DEEP)}
    contract, problems = read({**types, f"T{DEEP}": {"type": "object"}})
    assert problems
    assert {rule for rule, _, _ in problems} == {"broken-schema"}
    assert all("more than 2,000 schemas that decide about one value" in message for _, _, message in problems)
    for name in contract.schemas:
        Validator(ref(name), contract).is_valid({"a": {"a": 1, "b": 2}, "b": 1})
    assert FakeServer(contract).handle(Call(method="GET", target="/things")).status in (200, 406)


names = st.sampled_from("ABCDE")
references = names.map(ref)
schemas = st.recursive(
    references | st.just({"type": "object"}),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3), "not": inner}),
        st.fixed_dictionaries({"properties": st.dictionaries(names, inner, max_size=2), "if": inner}),
    ),
    max_leaves=8,
)


@given(st.dictionaries(names, schemas, min_size=1))
def test_small_schemas_stay_as_they_are(types: dict[str, Schema]) -> None:
    reported: list[str] = []
    bounded = bounded_evaluations(types, reported.append)
    if not reported:
        assert bounded == types
    assert list(bounded) == list(types)


@pytest.mark.parametrize("count", [MOST_EVALUATIONS - 2, MOST_EVALUATIONS + 2])
def test_alternatives_are_left_out_only_beyond_the_bound(count: int) -> None:
    types = {"A": {"type": "string", "enum": ["x"], "anyOf": [{"minLength": number} for number in range(count)]}}
    reported: list[str] = []
    bounded = bounded_evaluations(types, reported.append)
    assert (bounded == types, reported) == ((True, []) if count < MOST_EVALUATIONS else (False, ["A"]))
    assert bounded["A"]["enum"] == ["x"]


def test_references_to_references_end() -> None:
    count = 3_000
    contract, problems = read({**{f"T{at}": ref(f"T{at + 1}") for at in range(count)}, f"T{count}": {"type": "string"}})
    assert len(problems) == count - MOST_REFERENCES - 1
    assert (
        problems[0][2]
        == f"$ref '#/components/schemas/T1' leads to a reference, and on over more than {MOST_REFERENCES} others"
    )
    assert contract.schemas["T0"] == {}
    assert contract.schemas[f"T{count - 50}"] == ref(f"T{count - 49}")


def test_a_circle_of_references_is_reported_at_each_of_them() -> None:
    _, problems = read({"A": ref("B"), "B": ref("C"), "C": ref("A"), "D": ref("A")})
    assert [(pointer[-1], message.rpartition("leads")[2]) for _, pointer, message in problems] == [
        (name, " in a circle") for name in "ABCD"
    ]
