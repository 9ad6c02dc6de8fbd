"""Values of parameters: what their text means by their schemas."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Contract, Parameter, Validator
from docdouble.schemas.contract.parameter_styles import ParameterReader

CONTRACT = Contract(
    "library",
    "1",
    (),
    {"Number": {"type": "integer"}, "Kind": {"enum": ["Novel"]}, "Maybe": {"anyOf": [{"type": "boolean"}]}},
)
NUMBER = {"$ref": "#/components/schemas/Number"}
NULL = {"type": "null"}


def parameter_value(texts: list[str], schema: dict[str, Any], contract: Contract) -> Any:
    """Return what a header field, or a query with a parameter several times, means."""
    parameter = Parameter("x", "header" if len(texts) == 1 else "query", schema)
    reader = ParameterReader(parameter, contract, Validator(schema, contract).is_valid)
    return reader.read([("x", text) for text in texts])


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "7", 7),
        ({"type": "integer"}, "-7", -7),
        ({"type": "integer"}, "007", 7),
        ({"type": "integer"}, str(2**63 - 1), 2**63 - 1),
        ({"type": "integer"}, str(2**63), 2**63),
        ({"type": "integer"}, str(-(2**63)), -(2**63)),
        ({"type": "integer"}, str(-(2**63) - 1), -(2**63) - 1),
        ({"type": "number"}, "7", 7.0),
        ({"type": "number"}, "-0.25", -0.25),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "number"}, "2.5E-1", 0.25),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "FALSE", False),
        ({"type": "string"}, "7", "7"),
        ({"type": "string"}, "true", "true"),
        ({}, "7", "7"),
        ({"enum": ["Novel"]}, "Novel", "Novel"),
        (NUMBER, "7", 7),
        ({"type": ["integer", "null"]}, "7", 7),
        ({"anyOf": [{"type": "integer"}, NULL]}, "7", 7),
        ({"oneOf": [NULL, NUMBER]}, "7", 7),
        ({"allOf": [NUMBER, {"minimum": 3}]}, "7", 7),
        ({"$ref": "#/components/schemas/Maybe"}, "true", True),
        ({"type": ["integer", "string"]}, "seven", "seven"),
        ({"type": "array", "items": {"type": "integer"}}, "7,8", [7, 8]),
        ({"type": "array", "items": NUMBER}, "7", [7]),
        ({"type": "array"}, "a,b", ["a", "b"]),
        ({"type": ["array", "null"], "items": {"type": "boolean"}}, "true,false", [True, False]),
        ({"anyOf": [{"type": "array", "items": {"type": "integer"}}, NULL]}, "7", [7]),
    ],
)
def test_text_is_decoded_by_its_schema(schema: dict[str, Any], text: str, value: Any) -> None:
    decoded = parameter_value([text], schema, CONTRACT)
    assert (decoded, type(decoded)) == (value, type(value))


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize(
    "text",
    ["", "1_000", " 1", "1 ", "+1", "0x1", "nan", "inf", "-", "1e999", "\u0661", "1.", ".5", "1\n", "9" * 400, "true"],
)
def test_what_is_no_number_stays_text(kind: str, text: str) -> None:
    assert parameter_value([text], {"type": kind}, CONTRACT) == text


@pytest.mark.parametrize("text", ["1.0", "1e3"])
def test_a_number_with_a_point_or_exponent_is_no_integer(text: str) -> None:
    assert parameter_value([text], {"type": "integer"}, CONTRACT) == text


@pytest.mark.parametrize("text", ["", "1", "yes", " true"])
def test_what_is_no_boolean_stays_text(text: str) -> None:
    assert parameter_value([text], {"type": "boolean"}, CONTRACT) == text


def test_of_repeated_values_the_last_counts_unless_an_array_is_documented() -> None:
    assert parameter_value(["7", "8"], {"type": "integer"}, CONTRACT) == 8
    assert parameter_value(["7", "8"], {"type": "array", "items": {"type": "integer"}}, CONTRACT) == [7, 8]
    assert parameter_value(["a,b", "c"], {"type": "array", "items": {"type": "string"}}, CONTRACT) == ["a,b", "c"]


@given(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_the_way_through_text(whole: int, number: float) -> None:
    assert parameter_value([str(whole)], {"type": "integer"}, CONTRACT) == whole
    assert parameter_value([f"{number:.20e}"], {"type": "number"}, CONTRACT) == pytest.approx(number, rel=1e-15, abs=0)
