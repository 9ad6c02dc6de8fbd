"""Sample values of parameters: what requests of ``verify``, and the curl of ``show``, send."""

from typing import Any

import pytest

from docdouble.fakeserver import Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.schemas import from_openapi

Schema = dict[str, Any]


def sent(schema: Schema) -> Any:
    """Return the sample of a path parameter with a schema."""
    parameter = {"name": "n", "in": "path", "required": True, "schema": schema}
    operation = {"parameters": [parameter], "responses": {"200": {"description": "fine"}}}
    info = {"title": "Boats", "version": "1"}
    contract = from_openapi({"openapi": "3.1.0", "info": info, "paths": {"/boats/{n}": {"get": operation}}})
    (boat,) = contract.operations
    return Answerer(contract, Settings()).sample_requests.parameter(boat, boat.parameters[0])


@pytest.mark.parametrize("schema", [{}, {"description": "any"}, {"type": ["null", "string"]}, {"minLength": 3}])
def test_a_parameter_of_which_no_type_is_known_is_a_text(schema: Schema) -> None:
    assert isinstance(sent(schema), str)
    assert sent(schema)


@pytest.mark.parametrize(("schema", "kind"), [({"type": "integer"}, int), ({"type": "null"}, type(None))])
def test_a_parameter_has_the_type_that_is_documented(schema: Schema, kind: type) -> None:
    assert type(sent(schema)) is kind
