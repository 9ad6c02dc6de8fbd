"""Variables of paths that no parameter of an OpenAPI or Swagger document declares: texts, assumed."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import extract
from docdouble.schemas.contract.evidence import Grade

INFO = {"title": "Harbour", "version": "1"}
SORT = {"name": "sort", "in": "query", "type": "string", "schema": {"type": "string"}}
DAY = {"name": "day", "in": "path", "required": True, "type": "integer", "schema": {"type": "integer"}}
CALLBACKS = {"moored": {"{$request.body#/url}": {"post": {"responses": {"204": {"description": ""}}}}}}


def operation(folder: Path, version: dict[str, str], **parts: Any) -> Any:
    """The only operation of a document, whose path has the variables boat and day."""
    get = {"responses": {"204": {"description": ""}}} | parts
    path = folder / "api.json"
    document = {**version, "info": INFO, "paths": {"/boats/{boat}/trips/{day}.{boat}": {"get": get}}}
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    (read,) = extract(str(path)).contract.operations
    return read


@pytest.mark.parametrize("version", [{"swagger": "2.0"}, {"openapi": "3.0.3"}, {"openapi": "3.1.0"}])
def test_a_variable_without_parameter_is_a_text(tmp_path: Path, version: dict[str, str]) -> None:
    read = operation(tmp_path, version, parameters=[SORT, DAY])
    sort, day, boat = read.parameters
    assert (sort.name, day.name, day.schema["type"]) == ("sort", "day", "integer")
    assert (boat.name, boat.location, boat.schema, boat.required) == ("boat", "path", {"type": "string"}, True)
    assert (boat.evidence.grade, boat.evidence.line) == (Grade.ASSUMED, read.evidence.line)


def test_a_broken_parameter_leaves_a_text(tmp_path: Path) -> None:
    read = operation(tmp_path, {"openapi": "3.0.3"}, parameters=[DAY | {"in": "pat"}])
    assert [(parameter.name, parameter.schema) for parameter in read.parameters] == [
        ("boat", {"type": "string"}),
        ("day", {"type": "string"}),
    ]


def test_expressions_of_callbacks_are_no_variables(tmp_path: Path) -> None:
    read = operation(tmp_path, {"openapi": "3.0.3"}, parameters=[DAY], callbacks=CALLBACKS)
    assert read.callbacks[0].operation.parameters == ()
