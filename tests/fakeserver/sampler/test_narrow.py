"""Several schemas that all hold are read as one."""

from typing import Any

import pytest

from docdouble.fakeserver.sampler import narrow
from docdouble.fakeserver.sampler.narrow import constrains, flattened, narrowed
from docdouble.schemas import Contract

Schema = dict[str, Any]

BOOK: Schema = {"type": "object", "properties": {"Title": {"type": "string"}}}
ATLAS: Schema = {"allOf": [{"$ref": "#/components/schemas/Book"}], "required": ["Scale"]}
NAMED: Schema = {"type": "object", "title": "Named", "minProperties": 1}
CONTRACT = Contract("library", "1", (), {"Book": BOOK, "Atlas": ATLAS, "Named": NAMED})


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("word", ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"])
def test_the_higher_of_two_lower_bounds_holds(word: str) -> None:
    assert narrowed({word: 3}, {word: 5}) == narrowed({word: 5}, {word: 3}) == {word: 5}


@pytest.mark.parametrize("word", ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"])
def test_the_lower_of_two_upper_bounds_holds(word: str) -> None:
    assert narrowed({word: 3}, {word: 5}) == narrowed({word: 5}, {word: 3}) == {word: 3}


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        pytest.param({"type": "string"}, {"minLength": 3}, {"type": "string", "minLength": 3}, id="different words"),
        pytest.param({"type": "string"}, {"type": "string"}, {"type": "string"}, id="equal"),
        pytest.param({"type": ["string", "null"]}, {"type": "string"}, {"type": ["string"]}, id="common type"),
        pytest.param({"type": "number"}, {"type": ["integer", "string"]}, {"type": ["integer"]}, id="whole number"),
        pytest.param({"type": "integer"}, {"type": "number"}, {"type": ["integer"]}, id="whole number first"),
        pytest.param({"type": "integer"}, {"type": "string"}, {"type": []}, id="nothing in common"),
        pytest.param({"type": ["integer", "number"]}, {"type": "array"}, {"type": []}, id="no number on one side"),
        pytest.param({"type": "number"}, {"type": ["number", "null"]}, {"type": ["number"]}, id="any number"),
        pytest.param(
            {"type": ["integer", "number"]},
            {"type": ["number", "integer", "null"]},
            {"type": ["integer", "number"]},
            id="whole and any number",
        ),
        pytest.param({"required": ["a", "b"]}, {"required": ["b", "c"]}, {"required": ["a", "b", "c"]}, id="required"),
        pytest.param({"examples": [{}]}, {"examples": [1]}, {"examples": [{}, 1]}, id="examples"),
        pytest.param({"enum": [1, 2, 3]}, {"enum": [3, 2]}, {"enum": [2, 3]}, id="enum"),
        pytest.param({"multipleOf": 4}, {"multipleOf": 6}, {"multipleOf": 12}, id="multiples"),
        pytest.param({"multipleOf": 2}, {"multipleOf": 0.5}, {"multipleOf": 2}, id="multiple and fraction"),
        pytest.param({"multipleOf": 0.5}, {"multipleOf": 2}, {"multipleOf": 2}, id="fraction and multiple"),
        pytest.param(
            {"oneOf": [{"minimum": 1}]},
            {"oneOf": [{"maximum": 3}]},
            {"oneOf": [{"allOf": [{"minimum": 1}, {"maximum": 3}]}]},
            id="one alternative",
        ),
        pytest.param(
            {"properties": {"a": {"type": "string"}, "b": {}}},
            {"properties": {"c": {}, "a": {"minLength": 3}}},
            {"properties": {"a": {"allOf": [{"type": "string"}, {"minLength": 3}]}, "b": {}, "c": {}}},
            id="properties",
        ),
        pytest.param(
            {"items": ref("Book")},
            {"items": {"required": ["a"]}},
            {"items": {"allOf": [ref("Book"), {"required": ["a"]}]}},
            id="items",
        ),
        pytest.param({"items": ref("Book")}, {"items": False}, {"items": False}, id="no items"),
        pytest.param(
            {"additionalProperties": ref("Book")},
            {"additionalProperties": True},
            {"additionalProperties": ref("Book")},
            id="open",
        ),
        pytest.param(
            {"additionalProperties": ref("Book")},
            {"additionalProperties": False},
            {"additionalProperties": False},
            id="closed",
        ),
        pytest.param(
            {"anyOf": [{"minimum": 1}, {"minimum": 2}]},
            {"anyOf": [{"maximum": 3}]},
            {"anyOf": [{"allOf": [{"minimum": 1}, {"maximum": 3}]}, {"allOf": [{"minimum": 2}, {"maximum": 3}]}]},
            id="alternatives",
        ),
        pytest.param(
            {"format": "date"},
            {"format": "date-time"},
            {"format": "date-time", "allOf": [{"format": "date"}]},
            id="two formats",
        ),
        pytest.param(
            {"if": {"minimum": 1}, "then": {"maximum": 3}},
            {"if": {"maximum": 1}, "else": {"minimum": 3}},
            {
                "if": {"maximum": 1},
                "else": {"minimum": 3},
                "allOf": [{"if": {"minimum": 1}, "then": {"maximum": 3}}],
            },
            id="two conditions",
        ),
        pytest.param({"not": BOOK}, {"not": NAMED}, {"not": {"anyOf": [BOOK, NAMED]}}, id="neither"),
        pytest.param(
            {"properties": {"a": {}}, "additionalProperties": False},
            {"properties": {"a": {"minLength": 1}, "b": {}}},
            {
                "properties": {"a": {"allOf": [{}, {"minLength": 1}]}, "b": {"allOf": [{"not": {}}, {}]}},
                "additionalProperties": False,
            },
            id="closed to what the other lists",
        ),
        pytest.param(
            {"patternProperties": {"^x-": {}}, "additionalProperties": False},
            {"properties": {"x-a": {"minLength": 1}, "b": {}}},
            {
                "properties": {"x-a": {"minLength": 1}, "b": {"allOf": [{"not": {}}, {}]}},
                "patternProperties": {"^x-": {}},
                "additionalProperties": False,
            },
            id="closed beside a pattern",
        ),
        pytest.param(
            {"items": {"minimum": 1}},
            {"prefixItems": [{"maximum": 3}], "items": False},
            {"prefixItems": [{"allOf": [{"minimum": 1}, {"maximum": 3}]}], "items": False},
            id="first items",
        ),
        pytest.param({"uniqueItems": True}, {"uniqueItems": False}, {"uniqueItems": True}, id="different items"),
        pytest.param({"multipleOf": 0.2}, {"multipleOf": 0.3}, {"multipleOf": 0.6}, id="multiples of fractions"),
        pytest.param(
            {"dependentRequired": {"a": ["b"]}},
            {"dependentRequired": {"a": ["c"], "d": ["e"]}},
            {"dependentRequired": {"a": ["b", "c"], "d": ["e"]}},
            id="dependents",
        ),
    ],
)
def test_two_schemas_are_joined_word_by_word(first: Schema, second: Schema, both: Schema) -> None:
    assert narrowed(first, second) == both


@pytest.mark.parametrize("word", ["items", "additionalProperties", "propertyNames"])
@pytest.mark.parametrize(
    ("first", "second", "both"),
    [(False, BOOK, False), (BOOK, False, False), (True, BOOK, BOOK), (BOOK, True, BOOK), (True, False, False)],
)
def test_nothing_goes_before_all_else_and_anything_behind(word: str, first: Any, second: Any, both: Any) -> None:
    assert narrowed({word: first}, {word: second}) == {word: both}


@pytest.mark.parametrize("word", ["items", "additionalProperties", "propertyNames"])
def test_schemas_inside_both_hold_together(word: str) -> None:
    assert narrowed({word: ref("Book")}, {word: BOOK}) == {word: {"allOf": [ref("Book"), BOOK]}}


def test_sixteen_alternatives_are_kept() -> None:
    numbers = [{"const": number} for number in range(5)]
    both = narrowed({"anyOf": numbers}, {"anyOf": numbers[:4]})["anyOf"]
    assert both == [{"allOf": [first, other]} for first in numbers[:4] for other in numbers[:4]]


@pytest.mark.parametrize("schema", [True, False, {}])
def test_a_schema_without_keywords_constrains_nothing(schema: Schema | bool) -> None:
    assert not constrains(schema)


def test_joined_schemas_are_not_changed_in_place() -> None:
    first, second = {"properties": {"a": {}}}, {"properties": {"a": {"type": "string"}}}
    narrowed(first, second)
    assert (first, second) == ({"properties": {"a": {}}}, {"properties": {"a": {"type": "string"}}})


@pytest.mark.parametrize(
    "annotation",
    [
        *("description", "title", "default", "example", "examples", "$comment", "deprecated", "readOnly", "writeOnly"),
        *("discriminator", "externalDocs", "xml", "x-docdouble-evidence", "x-anything"),
    ],
)
def test_annotations_leave_a_single_reference_what_it_is(annotation: str) -> None:
    assert not constrains({annotation: {}})
    assert flattened({"allOf": [ref("Book")], annotation: {}}, CONTRACT) == ref("Book")
    assert flattened({**ref("Book"), annotation: {}}, CONTRACT) == ref("Book")


@pytest.mark.parametrize(
    ("schema", "merged"),
    [
        pytest.param({"type": "string"}, {"type": "string"}, id="nothing to merge"),
        pytest.param({**ref("Book"), "minProperties": 1}, {**BOOK, "minProperties": 1}, id="keywords beside"),
        pytest.param({"allOf": [BOOK, {"required": ["Title"]}]}, {**BOOK, "required": ["Title"]}, id="parts"),
        pytest.param({"allOf": [{"allOf": [BOOK]}]}, BOOK, id="parts of parts"),
        pytest.param(
            {"allOf": [ref("Atlas"), {"title": "An atlas"}]},
            {**BOOK, "required": ["Scale"], "title": "An atlas"},
            id="inherited",
        ),
        pytest.param({"allOf": [True, BOOK]}, BOOK, id="true"),
        pytest.param({"allOf": []}, {}, id="empty"),
        pytest.param(
            {**ref("Named"), "allOf": [{"title": "Part"}]},
            {"type": "object", "title": "Part", "minProperties": 1},
            id="a reference comes before its parts",
        ),
    ],
)
def test_all_of_is_merged_into_the_schema(schema: Schema, merged: Schema) -> None:
    assert flattened(schema, CONTRACT) == merged


def test_a_type_made_of_itself_is_merged_once() -> None:
    contract = Contract("library", "1", (), {"Loop": {"allOf": [ref("Loop"), BOOK]}})
    assert flattened({"allOf": [ref("Loop"), {"required": ["Title"]}]}, contract) == {**BOOK, "required": ["Title"]}


def test_a_schema_with_nothing_to_merge_is_returned_as_it_is() -> None:
    assert flattened(BOOK, CONTRACT) is BOOK


class CountedText(str):
    """A text that counts how often it is compared."""

    comparisons = 0

    def __eq__(self, other: object) -> bool:
        CountedText.comparisons += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_the_common_values_of_long_lists_are_looked_up() -> None:
    left, right = ([CountedText(number) for number in numbers] for numbers in (range(200), range(100, 300)))
    CountedText.comparisons = 0
    assert narrowed({"enum": left}, {"enum": right}) == {"enum": left[100:]}
    assert CountedText.comparisons < 1000


def test_common_values_with_parts_are_found_among_others() -> None:
    first, second = [{"a": 1}, [1], 1, "b"], ["b", {"a": 1}, 2, [1]]
    assert narrowed({"enum": first}, {"enum": second}) == {"enum": [{"a": 1}, [1], "b"]}


@pytest.mark.parametrize("count", [1, 2, 3, 7, 300])
def test_of_many_parts_that_all_hold_none_is_lost(count: int) -> None:
    parts = [{"properties": {f"p{number}": {"type": "integer"}}, "minProperties": number} for number in range(count)]
    whole = flattened({"allOf": parts, "required": ["p0"]}, CONTRACT)
    assert list(whole["properties"]) == [f"p{number}" for number in range(count)]
    assert (whole["minProperties"], whole["required"]) == (count - 1, ["p0"])


def test_each_of_many_parts_that_all_hold_is_copied_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = 0

    def counted(first: Schema, second: Schema) -> Schema:
        nonlocal copied
        copied += len(first["properties"]) + len(second["properties"])
        return narrowed(first, second)

    monkeypatch.setattr(narrow, "narrowed", counted)
    parts = [{"properties": {f"p{number}": {"type": "integer"}}} for number in range(300)]
    assert len(flattened({"allOf": parts, "properties": {"a": {}}}, CONTRACT)["properties"]) == 301
    assert copied < 4000
