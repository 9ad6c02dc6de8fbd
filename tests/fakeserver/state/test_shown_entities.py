"""Entities as schemas show them: keys stand where the schema allows them."""

from typing import Any

import pytest

from docdouble.fakeserver.state.shown_entities import Pin, ShownEntities
from docdouble.schemas import Contract

TEXT = {"type": "string"}
BOAT: dict[str, Any] = {"type": "object", "properties": {"id": TEXT, "name": TEXT}}
CLOSED: dict[str, Any] = {"type": "object", "properties": {"name": TEXT}, "additionalProperties": False}
DRAWN = {"name": "Ida"}


@pytest.mark.parametrize(
    ("schema", "shown"),
    [(BOAT, {"name": "Ida", "id": "b7"}), (CLOSED, DRAWN), ({"allOf": [BOAT, CLOSED]}, DRAWN)],
)
@pytest.mark.parametrize("values", [{}, {"name": "Ida"}])
def test_a_key_is_shown_where_the_schema_allows_it(schema: Any, shown: Any, values: dict[str, Any]) -> None:
    entities = ShownEntities(Contract("", "", ()))
    assert entities.show(schema, lambda schema: dict(DRAWN), values, pins=[Pin(("id",), "b7")]) == shown
