"""One broken promise at a time."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.control.violations import RULES, broken, check
from docdouble.schemas import ConfigError, Contract, Operation

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("aA*1/", max_size=2), inner, max_size=3),
)
BODY: dict[str, Any] = {"Id": 1, "Links": {"Rel": "x"}, "Tags": [{"Name": "a"}, {"Name": "b"}], "On": True, "No": None}


def after(violation: str, value: Any = BODY) -> Any:
    return broken(orjson.loads(orjson.dumps(value)), violation)


@pytest.mark.parametrize(
    ("violation", "changed"),
    [
        ("null-field:/id", {"Id": None}),
        ("wrong-type:/Id", {"Id": "1"}),
        ("wrong-type:/On", {"On": "True"}),
        ("wrong-type:/No", {"No": [None]}),
        ("wrong-type:/Tags", {"Tags": {}}),
        ("wrong-type:/Links", {"Links": [{"Rel": "x"}]}),
        ("wrong-type:/links/rel", {"Links": {"Rel": 12345}}),
        ("out-of-range:/Id", {"Id": 2**63}),
        ("wrong-format:/Id", {"Id": "not a date-time"}),
        ("undocumented-field:/Id", {"undocumentedId": "added by a fault on request"}),
        ("missing-field:/Tags/*", {"Tags": []}),
        ("missing-field:/Tags/1", {"Tags": [{"Name": "a"}]}),
        ("missing-field:/Tags/Name", {"Tags": [{}, {}]}),
        ("null-field:/Tags/*/Name", {"Tags": [{"Name": None}, {"Name": None}]}),
        ("null-field:/Tags/0/NAME", {"Tags": [{"Name": None}, {"Name": "b"}]}),
        ("wrong-case:/Tags/0", {}),
        ("undocumented-field:/Tags/0", {}),
        ("missing-field:/Nowhere", {}),
        ("missing-field:/Tags/7/Name", {}),
        ("missing-field:/Id/Below", {}),
    ],
)
def test_a_rule_changes_the_place_alone(violation: str, changed: dict[str, Any]) -> None:
    assert after(violation) == {**BODY, **changed}


def test_a_missing_field_is_gone() -> None:
    assert after("missing-field:/Links") == {name: value for name, value in BODY.items() if name != "Links"}


def test_a_renamed_property_stays_where_it_was() -> None:
    assert list(after("wrong-case:/Links")) == ["Id", "links", "Tags", "On", "No"]
    assert after("wrong-case:/A", {"A": 1, "a": 2}) == {"A": 1, "a": 2}
    assert after("wrong-case:/*", {"1a": 1, "2": 2}) == {"1A": 1, "2": 2}


def test_an_array_is_gone_through_and_tokens_are_unescaped() -> None:
    assert after("missing-field:/a~1b~0", [{"a/b~": 1}, {"x": 1}, 5]) == [{}, {"x": 1}, 5]


@given(JSON, st.sampled_from(sorted(RULES)), st.lists(st.text("aA*1~", max_size=2), min_size=1, max_size=3))
def test_any_body_is_left_as_json(value: Any, rule: str, tokens: list[str]) -> None:
    orjson.dumps(broken(value, f"{rule}:/{'/'.join(tokens)}"))


@pytest.fixture(scope="module")
def shelf(make_contract: Callable[..., Contract]) -> Contract:
    """Books in an array, each with a nullable author, a dictionary and a parent of its own kind."""
    author = {"anyOf": [{"$ref": "#/components/schemas/Author"}, {"type": "null"}]}
    book = {
        "type": "object",
        "properties": {
            "Title": {"type": "string"},
            "Author": author,
            "Fields": {"type": "object", "additionalProperties": {"type": "string"}},
            "Anything": {"type": "object"},
            "Part": {"allOf": [{"$ref": "#/components/schemas/Book"}]},
        },
    }
    schemas = {"Book": book, "Author": {"type": "object", "properties": {"Name": {"type": "string"}}}}
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}
    response = {"description": "", "content": {"application/json": {"schema": schema}}}
    paths = {"/shelf": {"get": {"operationId": "Shelf", "responses": {"200": response}}}}
    return make_contract(paths, schemas=schemas)


@pytest.fixture(scope="module")
def operation(shelf: Contract) -> Operation:
    return shelf.operation("Shelf")


@pytest.mark.parametrize(
    "pointer",
    [
        "/Title", "/0/title", "/*/Author/Name", "/author/name", "/Fields/Any", "/Anything/At/All", "/Part/Part/Title",
        "/*", "/0", "/Part/*", "/Fields/*",
    ],
)  # fmt: skip
def test_a_documented_place_is_accepted(shelf: Contract, operation: Operation, pointer: str) -> None:
    check(f"null-field:{pointer}", operation, shelf)


@pytest.mark.parametrize(
    ("violation", "message"),
    [
        ("null-field:/Titel", "violate: 'Titel' is not in the answer of Shelf; did you mean 'Title'?"),
        ("null-field:/Author/Nam", "did you mean 'Name'?"),
        ("null-field:/Title/Below", "'Below' is not in the answer"),
        ("null-field:/Fields/Any/Below", "'Below' is not in the answer"),
        ("nul-field:/Title", "violate: 'nul-field' is not a rule; did you mean 'null-field'?"),
        ("null-field", "RULE:/POINTER"),
        ("null-field:Title", "RULE:/POINTER"),
    ],
)
def test_what_can_not_be_broken_is_refused(shelf: Contract, operation: Operation, violation: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        check(violation, operation, shelf)
    assert message in str(raised.value)


def test_without_an_operation_any_place_is_accepted(shelf: Contract) -> None:
    check("null-field:/Nowhere", None, shelf)
