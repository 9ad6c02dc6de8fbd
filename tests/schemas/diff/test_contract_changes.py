"""What changed between two contracts, and whom it breaks: edits one by one."""

import pytest

from docdouble.schemas.contract.facts import FactKind
from docdouble.schemas.contract.model import Contract, Schema
from docdouble.schemas.diff import diff
from docdouble.schemas.diff.change import NO_VALUE, Change, Judgement
from docdouble.schemas.diff.diff_rules import RULES
from docdouble.schemas.jsonschema.validator import Validator

from . import document_edits, operation_edits, request_edits, response_edits, schema_edits
from .edits import DOCUMENT, Edit, read, row_of

EDITS = (
    *operation_edits.EDITS,
    *request_edits.EDITS,
    *response_edits.EDITS,
    *schema_edits.EDITS,
    *document_edits.EDITS,
)

BASE = read(DOCUMENT)
EACH_EDIT = pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)


def test_there_are_at_least_fifty_edits() -> None:
    assert len({edit.name for edit in EDITS}) >= 50


@EACH_EDIT
def test_an_edit_is_reported_and_nothing_else(edit: Edit) -> None:
    assert tuple(map(row_of, diff(BASE, read(edit.edited())))) == edit.forth


@EACH_EDIT
def test_an_edit_taken_back_is_reported_and_nothing_else(edit: Edit) -> None:
    assert tuple(map(row_of, diff(read(edit.edited()), BASE))) == edit.back


def both_ways(edit: Edit) -> list[tuple[Contract, Contract, Change]]:
    """Return all changes of an edit and of its reverse, with the contracts before and after."""
    edited = read(edit.edited())
    return [(old, new, change) for old, new in ((BASE, edited), (edited, BASE)) for change in diff(old, new)]


@EACH_EDIT
def test_no_change_is_worse_than_its_rule_says(edit: Edit) -> None:
    for _, _, change in both_ways(edit):
        assert RULES[change.rule].worst.reaches(change.judgement)


def test_every_rule_is_found_by_some_edit_at_its_worst() -> None:
    reported = {(change.rule, change.judgement) for edit in EDITS for _, _, change in both_ways(edit)}
    assert {name for name, rule in RULES.items() if (name, rule.worst) not in reported} == set()


WITHOUT_EXAMPLE = {
    *("response-property-removed", "request-body-became-required", "request-body-added"),
    "request-alternative-removed",
}
"""Rules about bodies that say nothing of their values: a property that may be left out isn't missed by a schema."""


@EACH_EDIT
def test_what_breaks_by_its_schema_has_an_example(edit: Edit) -> None:
    for _, _, change in both_ways(edit):
        in_body = change.fact.part in (FactKind.REQUEST, FactKind.RESPONSE)
        if change.judgement is Judgement.BREAKING and in_body and change.rule not in WITHOUT_EXAMPLE:
            assert change.example is not NO_VALUE


@EACH_EDIT
def test_an_example_is_allowed_on_one_side_only(edit: Edit) -> None:
    for old, new, change in both_ways(edit):
        if change.example is not NO_VALUE and change.type_name:
            fits = [_allows(contract, change) for contract in (old, new)]
            assert fits == ([True, False] if change.fact.part is FactKind.REQUEST else [False, True])


def _allows(contract: Contract, change: Change) -> bool:
    schema = contract.schemas[change.type_name]
    steps = change.place.split("/")[1:]
    for step in steps[:-1] if "-property-" in change.rule else steps:
        schema = _member(schema, step)
    return Validator(schema, contract).is_valid(change.example)


def _member(schema: Schema, step: str) -> Schema:
    if step != "*":
        member: Schema = schema["properties"][step]
        return member
    keywords = ("items", "additionalProperties", "unevaluatedProperties")
    return next((schema[keyword] for keyword in keywords if keyword in schema), {})


@EACH_EDIT
def test_sentences_name_the_place_and_end_without_a_full_stop(edit: Edit) -> None:
    for _, _, change in both_ways(edit):
        assert change.message.endswith(change.summary)
        assert not change.message.endswith(".")
