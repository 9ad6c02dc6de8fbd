"""Items of a sequence are judged by the schema that is documented for them."""

from typing import Any

import pytest

from docdouble.contracts import assert_conforms
from docdouble.schemas import Reply, from_openapi

LINE = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}


@pytest.mark.parametrize("documented", [{"schema": LINE}, {"itemSchema": LINE}])
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("application/x-ndjson", b'{"a": 1}\n{"a": %b}\n'),
        ("text/event-stream", b'data: {"a": 1}\n\ndata: {"a": %b}\n\ndata: {"a'),
    ],
)
def test_each_item_is_judged(name: str, body: bytes, documented: Any) -> None:
    operation = {"responses": {"200": {"description": "", "content": {name: documented}}}}
    document = {"openapi": "3.2.0", "info": {"title": "", "version": ""}, "paths": {"/points": {"get": operation}}}
    contract = from_openapi(document, "points.json")
    content_type = (("Content-Type", name),)
    assert_conforms(Reply(content_type, body % b"2", 200), operation="GET /points", contract=contract)
    with pytest.raises(AssertionError, match="/1/a"):
        assert_conforms(Reply(content_type, body % b'"x"', 200), operation="GET /points", contract=contract)
