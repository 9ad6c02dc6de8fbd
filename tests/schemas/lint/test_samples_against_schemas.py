"""Examples of OpenAPI documents that break their schemas are named; texts that are sent as they stand are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import extract
from docdouble.schemas.lint import lint

PET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
TEXTS = {"type": "array", "items": {"type": "integer"}}


def messages(tmp_path: Path, response: dict[str, Any]) -> list[str]:
    operation = {"responses": {"200": {"description": "", **response}}}
    document = {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": operation}}}
    (tmp_path / "a.json").write_text(json.dumps(document), "utf-8")
    return [
        contradiction.message
        for contradiction in lint(extract(str(tmp_path / "a.json")))
        if contradiction.rule == "sample-schema"
    ]


@pytest.mark.parametrize(
    ("media_type", "content", "message"),
    [
        ("application/json", {"example": {"id": 1}}, ""),
        ("application/json", {"example": '{"id": 1}'}, ""),
        ("application/json", {"example": '{"id": "x"}'}, '/id is stated as integer, the sample shows "x"'),
        ("application/json", {"example": "id"}, 'the body is stated as object, the sample shows "id"'),
        (
            "application/json",
            {"examples": {"dog": {"value": {"id": "x"}}}},
            "/id is stated as integer, the example 'dog' shows \"x\"",
        ),
        ("application/xml", {"example": "<pet><id>1</id></pet>"}, ""),
        ("text/csv", {"example": "id\n1\n"}, ""),
        ("application/xml", {"example": {"id": "x"}}, '/id is stated as integer, the sample shows "x"'),
    ],
)
def test_an_example_that_breaks_its_schema_is_named(
    tmp_path: Path, media_type: str, content: dict[str, Any], message: str
) -> None:
    assert messages(tmp_path, {"content": {media_type: {"schema": PET, **content}}}) == ([message] if message else [])


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ('{"id": 1}', ""),
        ('{"id": "x"}', '/id is stated as integer, the sample shows "x"'),
        ("id", 'the body is stated as object, the sample shows "id"'),
    ],
)
def test_a_text_is_no_object_where_its_schema_states_no_type(tmp_path: Path, example: str, message: str) -> None:
    schema = {"properties": PET["properties"]}
    content = {"content": {"application/json": {"schema": schema, "example": example}}}
    assert messages(tmp_path, content) == ([message] if message else [])


def test_the_operation_is_named_whose_example_breaks_a_schema_that_others_share(tmp_path: Path) -> None:
    lines = """
        openapi: 3.1.0
        info: {title: a, version: '1'}
        components:
          schemas: {Pet: {type: object, required: [id, name], properties: {id: {type: integer}}}}
        paths:
          /a:
            get:
              responses:
                '200':
                  description: ''
                  content:
                    application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {id: x}}
    """.splitlines()
    (tmp_path / "a.yaml").write_text("\n".join(line[8:] for line in lines), "utf-8")
    contradictions = [
        (contradiction.line, contradiction.message) for contradiction in lint(extract(str(tmp_path / "a.yaml")))
    ]
    assert contradictions == [
        (13, '/id is stated as integer, the sample shows "x"'),
        (13, "the body is stated as the properties id, name, the sample lacks name"),
    ]


@pytest.mark.parametrize(
    ("header", "is_broken"),
    [
        ({"schema": {"type": "integer"}, "example": 5}, False),
        ({"schema": {"type": "integer"}, "example": "5"}, False),
        ({"schema": TEXTS, "example": [1, 2]}, False),
        ({"schema": TEXTS, "example": "1,2"}, False),
        ({"schema": {"type": "integer"}, "example": "many"}, True),
        ({"schema": TEXTS, "examples": {"a": {"value": ["x"]}}}, True),
    ],
)
def test_an_example_of_a_header_field_that_breaks_its_schema_is_named(
    tmp_path: Path, header: dict[str, Any], is_broken: bool
) -> None:
    shown = messages(tmp_path, {"headers": {"X-Count": header}})
    assert [message.endswith("of the header field X-Count breaks its schema") for message in shown] == [
        True
    ] * is_broken
