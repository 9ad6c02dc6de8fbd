"""Parameters in their documented styles: the specification's table, what practice adds, and the way there and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Contract, Parameter, Validator
from docdouble.schemas.contract.parameter_styles import (
    Pair,
    ParameterReader,
    query_pairs,
    unusual_booleans,
    written_pairs,
    written_text,
)
from docdouble.schemas.http import FORM

CONTRACT = Contract("library", "1", ())
PAGES = Contract("library", "1", (), dialect="library")
WORDS = {"type": "array", "items": {"type": "string"}}
NUMBERS = {"type": "array", "items": {"type": "integer"}}
HUE = {
    "type": "object",
    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "name": {"type": "string"}},
}


def reader(parameter: Parameter, contract: Contract = CONTRACT, names: frozenset[str] = frozenset()) -> ParameterReader:
    return ParameterReader(parameter, contract, Validator(parameter.schema, contract).is_valid, names)


def read(parameter: Parameter, sent: str, contract: Contract = CONTRACT) -> Any:
    """Return what a path's or a header's text means, or a query, or the value of the header field Cookie."""
    parameter_reader = reader(parameter, contract)
    match parameter.location:
        case "path" | "header":
            return parameter_reader.read([(parameter.name, sent)])
        case "cookie":
            return parameter_reader.read(parameter_reader.pairs(query_pairs(sent.replace("; ", "&"))))
    return parameter_reader.read(parameter_reader.pairs(query_pairs(sent)))


def written(parameter: Parameter, value: Any) -> str:
    if parameter.location in ("path", "header"):
        return written_text(parameter, value)
    return ("; " if parameter.location == "cookie" else "&").join(written_pairs(parameter, value))


BLUES = ["blue", "black"]
RED = {"R": 100, "G": 200}

TABLE = [
    ("path", "matrix", False, "blue", ";c=blue"),
    ("path", "matrix", False, BLUES, ";c=blue,black"),
    ("path", "matrix", True, BLUES, ";c=blue;c=black"),
    ("path", "matrix", False, RED, ";c=R,100,G,200"),
    ("path", "matrix", True, RED, ";R=100;G=200"),
    ("path", "label", False, "blue", ".blue"),
    ("path", "label", False, BLUES, ".blue,black"),
    ("path", "label", True, BLUES, ".blue.black"),
    ("path", "label", False, RED, ".R,100,G,200"),
    ("path", "label", True, RED, ".R=100.G=200"),
    ("path", "simple", False, "blue", "blue"),
    ("path", "simple", False, BLUES, "blue,black"),
    ("path", "simple", True, BLUES, "blue,black"),
    ("path", "simple", False, RED, "R,100,G,200"),
    ("path", "simple", True, RED, "R=100,G=200"),
    ("header", "simple", False, BLUES, "blue,black"),
    ("header", "simple", False, RED, "R,100,G,200"),
    ("header", "simple", True, RED, "R=100,G=200"),
    ("query", "form", False, "blue", "c=blue"),
    ("query", "form", False, BLUES, "c=blue,black"),
    ("query", "form", True, BLUES, "c=blue&c=black"),
    ("query", "form", False, RED, "c=R,100,G,200"),
    ("query", "form", True, RED, "R=100&G=200"),
    ("query", "spaceDelimited", False, BLUES, "c=blue%20black"),
    ("query", "spaceDelimited", False, RED, "c=R%20100%20G%20200"),
    ("query", "spaceDelimited", True, BLUES, "c=blue&c=black"),
    ("query", "pipeDelimited", False, BLUES, "c=blue%7Cblack"),
    ("query", "pipeDelimited", False, RED, "c=R%7C100%7CG%7C200"),
    ("query", "tabDelimited", False, BLUES, "c=blue%09black"),
    ("path", "pipeDelimited", False, BLUES, "blue%7Cblack"),
    ("header", "pipeDelimited", False, BLUES, "blue|black"),
    ("header", "spaceDelimited", False, BLUES, "blue black"),
    ("query", "deepObject", True, RED, "c%5BR%5D=100&c%5BG%5D=200"),
    ("cookie", "form", False, "blue", "c=blue"),
    ("cookie", "form", False, BLUES, "c=blue,black"),
    ("cookie", "form", True, BLUES, "c=blue; c=black"),
    ("cookie", "form", True, RED, "R=100; G=200"),
    ("cookie", "cookie", True, RED, "R=100; G=200"),
]


@pytest.mark.parametrize(("location", "style", "explode", "value", "text"), TABLE)
def test_the_table_of_the_specification_is_written_and_read(
    location: Any, style: str, explode: bool, value: Any, text: str
) -> None:
    schema: dict[str, Any] = HUE if isinstance(value, dict) else WORDS if isinstance(value, list) else {}
    parameter = Parameter("c", location, schema, style=style, explode=explode)
    assert written(parameter, value) == text
    assert read(parameter, text) == value


@pytest.mark.parametrize(
    ("parameter", "sent", "value"),
    [
        (Parameter("n", "header", NUMBERS), "1, 2 ,3", [1, 2, 3]),
        (Parameter("n", "query", NUMBERS, explode=False), "n=1%2C2", [1, 2]),
        (Parameter("n", "query", WORDS, explode=False), "n=a%2Cb,c", ["a,b", "c"]),
        (Parameter("n", "query", WORDS, explode=False), "n=a%2Cb", ["a,b"]),
        (Parameter("n", "query", NUMBERS, explode=False), "n=", []),
        (Parameter("n", "query", NUMBERS), "n=7", [7]),
        (Parameter("n", "query", NUMBERS, style="pipeDelimited"), "n=1|2", [1, 2]),
        (Parameter("n", "query", NUMBERS, style="spaceDelimited"), "n=1+2", [1, 2]),
        (Parameter("n[]", "query", NUMBERS), "n%5B%5D=1&n[]=2", [1, 2]),
        (Parameter("n", "query", {"anyOf": [NUMBERS, {"enum": ["all"]}]}), "n=all", "all"),
        (Parameter("n", "query", {"anyOf": [NUMBERS, {"enum": ["all"]}]}), "n=1&n=2", [1, 2]),
        (Parameter("n", "query", {"enum": [1, 2]}), "n=2", 2),
        (Parameter("n", "query", {"type": "boolean"}), "n=1", True),
        (Parameter("n", "query", {"type": "boolean"}), "n=False", False),
        (Parameter("n", "query", {"type": ["boolean", "integer"]}), "n=1", 1),
        (Parameter("n", "query", {"type": ["integer", "null"]}), "n=", None),
        (Parameter("n", "path", NUMBERS, style="label"), ".1.2", [1, 2]),
        (Parameter("n", "path", {"type": "object"}, style="label", explode=True), ".R=1.5.G=x", {"R": "1.5", "G": "x"}),
        (Parameter("n", "query", {"type": "object"}, content="application/json"), "n=%7B%22a%22%3A1%7D", {"a": 1}),
        (Parameter("n", "querystring", HUE, content=FORM), "R=1&name=a+b", {"R": 1, "name": "a b"}),
    ],
)  # fmt: skip
def test_other_spellings_are_read(parameter: Parameter, sent: str, value: Any) -> None:
    read_value = read(parameter, sent)
    assert (read_value, type(read_value)) == (value, type(value))


DEEP = {
    "type": "object",
    "properties": {
        "b": {"type": "object", "properties": {"c": {"type": "integer"}}},
        "many": NUMBERS,
        "rows": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "boolean"}}}},
    },
}


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("a[b][c]=1", {"b": {"c": 1}}),
        ("a[B][C]=1", {"b": {"c": 1}}),
        ("a[many][]=1&a[many][]=2", {"many": [1, 2]}),
        ("a[many]=1&a[many]=2", {"many": [1, 2]}),
        ("a[many][1]=2&a[many][0]=1", {"many": [1, 2]}),
        ("a[rows][0][x]=true&a[rows][1][x]=false", {"rows": [{"x": True}, {"x": False}]}),
        ("a%5Bfree%5D=x%26y", {"free": "x&y"}),
    ],
)
def test_a_deep_object_nests(query: str, value: Any) -> None:
    assert read(Parameter("a", "query", DEEP, style="deepObject"), query) == value


def test_a_deep_object_that_is_also_a_number_or_a_list_is_read_as_either() -> None:
    schema = {"anyOf": [{"type": "integer"}, DEEP]}
    assert read(Parameter("a", "query", schema, style="deepObject"), "a=5") == 5
    assert read(Parameter("a", "query", WORDS, style="deepObject"), "a[]=x&a[]=y") == ["x", "y"]


@pytest.mark.parametrize(
    ("parameter", "sent"),
    [
        (Parameter("n", "path", {"type": "integer"}, style="label"), "5"),
        (Parameter("n", "path", {"type": "integer"}, style="matrix"), ";m=5"),
        (Parameter("n", "path", NUMBERS, style="matrix", explode=True), ";n=1;m=2"),
        (Parameter("n", "path", HUE), "R,1,G"),
        (Parameter("n", "path", HUE, explode=True), "R,1"),
        (Parameter("n", "query", NUMBERS, explode=False), "n=1&n=2"),
        (Parameter("n", "query", {}, content="application/json"), "n=x"),
        (Parameter("n", "query", HUE, style="deepObject"), "n[R=1"),
        (Parameter("n", "query", HUE, style="deepObject"), "n[a]=1&n[a][b]=1"),
        (Parameter("n", "query", HUE, style="deepObject"), f"n{'[a]' * 99}=1"),
    ],
)
def test_what_is_not_in_the_style_is_refused(parameter: Parameter, sent: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(parameter, sent)


def test_lists_of_pages_are_written_in_either_way() -> None:
    assert read(Parameter("n", "query", NUMBERS), "n=1,2", PAGES) == [1, 2]
    assert read(Parameter("n", "query", NUMBERS), "n=1&n=2", PAGES) == [1, 2]
    assert read(Parameter("n", "query", NUMBERS), "n=1,2", CONTRACT) == ["1,2"]


@pytest.mark.parametrize("style", ["form", "pipeDelimited"])
@pytest.mark.parametrize("explode", [True, False])
def test_items_may_be_sent_below_the_name_with_brackets(style: str, explode: bool) -> None:
    listed = reader(Parameter("n", "query", NUMBERS, style=style, explode=explode))
    pairs = listed.pairs(query_pairs("n%5B%5D=1&other=2&N[]=3"))
    assert listed.has_brackets(pairs)
    assert listed.read(pairs) == [1, 3]
    assert not listed.has_brackets(listed.pairs(query_pairs("n=1&n[]=2")))


def test_brackets_are_no_other_parameters_and_only_of_arrays() -> None:
    sent = query_pairs("n[]=1&=2")
    assert reader(Parameter("n", "query", NUMBERS), names=frozenset({"n", "n[]"})).pairs(sent) == ()
    assert reader(Parameter("n", "query", {"type": "integer"})).pairs(sent) == ()


def test_the_properties_of_an_exploded_object_are_the_parameters() -> None:
    sent = query_pairs("R=1&limit=5&more=x")
    assert reader(Parameter("hue", "query", HUE), names=frozenset({"hue", "limit"})).pairs(sent) == [
        ("R", "1"),
        ("more", "x"),
    ]
    closed = {**HUE, "additionalProperties": False}
    assert reader(Parameter("hue", "query", closed)).pairs(sent) == [("R", "1")]


def test_booleans_in_other_letters_are_reported() -> None:
    def unusual(value: Any, *sent: Pair) -> bool:
        return unusual_booleans(value, sent)

    assert not unusual(True, ("lent", "true"))
    assert unusual(True, ("lent", "1"))
    assert unusual([True, False], ("lent", "true,FALSE"))
    assert not unusual({"a": True, "b": 1}, ("a", "true"), ("b", "1"))


TEXT = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="|"), min_size=1, max_size=5)
STYLES = [
    *(("path", style) for style in ("simple", "label", "matrix")),
    *(("query", style) for style in ("form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject")),
    ("header", "simple"),
    ("cookie", "form"),
    ("cookie", "cookie"),
]
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "boolean": st.booleans(),
}


@st.composite
def parameters_and_values(draw: st.DrawFn) -> tuple[Parameter, Any]:
    location, style = draw(st.sampled_from(STYLES))
    kind = draw(st.sampled_from(sorted(SCALARS)))
    values, item = SCALARS[kind], {"type": kind}
    if kind in ("string", "number") and location != "query":
        # texts in paths and header fields are decoded before they are read, and may hold no delimiter
        values = st.text("abcXYZ09_-", min_size=1, max_size=5) if kind == "string" else st.integers(0, 9)
    explode = draw(st.sampled_from([None, False, True]))
    shape = draw(st.sampled_from(["array", "object"] if style == "deepObject" else ["scalar", "array", "object"]))
    if shape == "array":
        value: Any = draw(st.lists(values, min_size=1, max_size=3))
        return Parameter("p", location, {"type": "array", "items": item}, style=style, explode=explode), value
    if shape == "object":
        value = draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), values, min_size=1))
        schema = {"type": "object", "properties": dict.fromkeys("abc", item)}
        return Parameter("p", location, schema, style=style, explode=explode), value
    return Parameter("p", location, item, style=style, explode=explode), draw(values)


@given(parameters_and_values())
def test_what_is_written_is_read_again(drawn: tuple[Parameter, Any]) -> None:
    parameter, value = drawn
    assert read(parameter, written(parameter, value)) == value
