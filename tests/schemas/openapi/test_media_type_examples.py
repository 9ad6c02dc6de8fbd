"""Examples of media types as they are read: named, beside each other, serialised, and of Swagger 2.0."""

from typing import Any

import pytest

from docdouble.schemas import MediaType
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi

INFO = {"title": "harbour", "version": "1"}


def media_type(name: str, content: dict[str, Any]) -> MediaType:
    operation = {"responses": {"200": {"description": "", "content": {name: content}}}}
    document = {"openapi": "3.2.0", "info": INFO, "paths": {"/a": {"get": operation}}}
    contract = from_openapi(document, "a.json")
    (read,) = contract.operations[0].responses[0].media_types
    again = from_openapi(to_openapi(contract), "a.json").operations[0].responses[0].media_types[0]
    assert (again.samples, again.sample_names) == (read.samples, read.sample_names)
    return read


@pytest.mark.parametrize(
    ("name", "example", "samples"),
    [
        ("application/json", {"value": '{"a": 1}'}, ('{"a": 1}',)),
        ("application/json", {"dataValue": {"a": 1}, "serializedValue": '{"a":1}'}, ({"a": 1},)),
        ("application/json", {"serializedValue": '{"a": 12345678901234567890123}'}, ({"a": 12345678901234567890123},)),
        ("application/vnd.a+json", {"serializedValue": "{"}, ("{",)),
        ("text/csv", {"dataValue": [["a"]], "serializedValue": "a\r\n"}, ("a\r\n",)),
        ("text/csv", {"dataValue": [["a"]]}, ([["a"]],)),
        ("text/csv", {"externalValue": "a.csv"}, ()),
    ],
)
def test_the_value_is_that_which_is_sent(name: str, example: dict[str, Any], samples: tuple[Any, ...]) -> None:
    assert media_type(name, {"examples": {"x": example}}).samples == samples


def test_an_example_beside_examples_is_the_first() -> None:
    read = media_type("application/json", {"example": 1, "examples": {"x": {"value": 2}}})
    assert (read.samples, read.sample_names) == ((1, 2), ("", "x"))


def test_examples_of_swagger_are_of_media_types_alone() -> None:
    answer = {"description": "", "examples": {"application/json": [1], "error": False}}
    operation = {"get": {"produces": ["text/csv"], "responses": {"200": answer}}}
    document = {"swagger": "2.0", "info": INFO, "paths": {"/a": operation}}
    (read,) = from_openapi(document, "a.json").operations[0].responses[0].media_types
    assert (read.name, read.samples) == ("application/json", ([1],))
