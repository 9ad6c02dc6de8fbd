"""The page of limits tells the bounds that hold."""

from docdouble.contracts.checks import undocumented_field
from docdouble.contracts.generation.drawable import MOST_DRAWN
from docdouble.fakeserver.http import body_limits
from docdouble.fakeserver.sampler import bounds
from docdouble.fakeserver.serving import silent_connections
from docdouble.fakeserver.state import key_values
from docdouble.schemas.contract import regular_expressions
from docdouble.schemas.jsonschema import explain_violations, first_parts
from docdouble.schemas.openapi import evaluations, reference_chains
from docdouble.schemas.pages import documents, includes

from .blocks import ROOT

BOUNDS = {
    "parts of a made value of which some named types may end sooner": bounds.LARGE,
    "parts of a made value: objects, arrays, texts, numbers": bounds.MOST_VALUES,
    "characters of a made text": bounds.MOST_CHARACTERS,
    "properties that an object needs": bounds.MOST_PROPERTIES,
    "items that `contains` asks for": bounds.MOST_PLACES,
    "draws that are tested for one value with conditions": bounds.MOST_TESTED,
    "parts of a value that Hypothesis draws": MOST_DRAWN,
    "steps of backtracking of a regular expression": regular_expressions.MOST_STEPS,
    "files that a page includes, there or not": includes.MAX_INCLUDES,
    "rows of the tables of a page": documents.MAX_ROWS,
    "columns of a table": documents.MAX_COLUMNS,
    "headings, items, samples and paragraphs of a page": documents.MAX_BLOCKS,
    "characters of a sample of a page": documents.MAX_SAMPLE,
    "lists of a page inside of each other": documents.MAX_DEPTH,
    "components of a page inside of each other": documents.MAX_COMPONENTS,
    "characters of a heading, a cell, an item or a paragraph of a page": documents.MAX_TEXT,
    "made-up entities of a resource whose keys are texts": key_values.MOST_KEYS,
    "connections of a worker of `serve` (on Linux) until those are closed soon on which nothing moves": (
        silent_connections.MOST_CONNECTIONS
    ),
    "operations of a JSON Patch": body_limits.MOST_PATCH_OPERATIONS,
    "elements and attributes of XML that is sent": body_limits.MOST_XML_PARTS,
    "violations of one value that are listed": explain_violations.MOST_LISTED,
    "undocumented properties of all objects of an array that are named": undocumented_field.MOST_OF_ITEMS,
    "parts of a value that breaks its schema which are judged one by one": first_parts.MOST_PARTS,
    "schemas that decide about one value by `allOf`, `anyOf`, `not` and so on": evaluations.MOST_EVALUATIONS,
    "references that lead to references, one after the other": reference_chains.MOST_REFERENCES,
    "repetitions that the quantifiers of a regular expression ask for, nested ones multiplied": (
        regular_expressions.MOST_REPETITIONS
    ),
}


def test_the_page_has_the_bounds_of_the_code() -> None:
    rows = [line.split(" | ") for line in (ROOT / "docs" / "limits.md").read_text("utf-8").splitlines()]
    table = {row[0].removeprefix("| "): row[1] for row in rows if len(row) > 2}
    assert table == {"what": "most"} | {what: f"{most:,}" for what, most in BOUNDS.items()}
