"""Places at which a document contradicts itself, as generated ones do of the rows of a page."""

from typing import Any

import pytest

from docdouble.contracts.model.exclusive_types import excludes_all_types
from docdouble.schemas import Contract

ROW = {"type": "object", "properties": {"size": {"type": "integer"}}}
PAGE = {"type": "object", "properties": {"data": {"type": "array", "items": {"type": "array"}}}}
CONTRACT = Contract("library", "1", (), {"Page": PAGE, "Row": ROW})


def of_rows(schema: Any) -> dict[str, Any]:
    """A page by name, of which another part says what its rows are."""
    rows = {"properties": {"data": {"type": "array", "items": schema}}}
    return {"allOf": [{"$ref": "#/components/schemas/Page"}, rows]}


@pytest.mark.parametrize(
    ("schema", "pointer", "expected"),
    [
        (of_rows({"$ref": "#/components/schemas/Row"}), "/data/0", True),
        (of_rows({"type": "array"}), "/data/0", False),
        (of_rows({}), "/data/0", False),
        (of_rows({"$ref": "#/components/schemas/Row"}), "/data", False),
        (of_rows({"$ref": "#/components/schemas/Row"}), "/data/0/size", False),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, "", False),
        ({"allOf": [{"type": ["string", "null"]}, {"type": ["null", "integer"]}]}, "", True),
        ({"additionalProperties": {"allOf": [{"type": "string"}, {"type": "boolean"}]}}, "/any", True),
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, "", False),
    ],
)
def test_types_exclude_each_other(schema: dict[str, Any], pointer: str, expected: bool) -> None:
    assert excludes_all_types(schema, CONTRACT, pointer) is expected
