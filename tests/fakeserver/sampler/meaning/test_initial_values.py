"""What was just created is in the first of its states."""

from typing import Any

import pytest

from docdouble.fakeserver.sampler.meaning.initial_values import initial_values
from docdouble.schemas import Contract

CONTRACT = Contract("t", "1", (), {"Status": {"type": "string", "enum": ["sold", "active", "draft"]}})


@pytest.mark.parametrize(
    ("name", "schema", "value"),
    [
        ("status", {"$ref": "#/components/schemas/Status"}, "draft"),
        ("status", {"enum": ["delivered", "shipped", "pending"]}, "pending"),
        ("orderState", {"enum": ["IN_PROGRESS", "DONE"]}, "IN_PROGRESS"),
        ("status", {"enum": ["cancelled", "active"]}, "active"),
        ("status", {"enum": ["active", "new"], "default": "active"}, "active"),
        ("is_deleted", {"type": "boolean"}, False),
        ("archived", {"type": "boolean"}, False),
        ("notify", {"type": "boolean", "default": True}, True),
        ("commentCount", {"type": "integer"}, 0),
        ("deletedAt", {"type": ["string", "null"], "format": "date-time"}, None),
        ("delivered_at", {"type": ["string", "null"], "format": "date-time"}, None),
    ],
)
def test_a_new_entity_is_at_its_beginning(name: str, schema: dict[str, Any], value: Any) -> None:
    assert initial_values({name: schema}, CONTRACT) == {name: value}


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("name", {"type": "string"}),
        ("colour", {"enum": ["red", "green"]}),
        ("enabled", {"type": "boolean"}),
        ("delivered_at", {"type": "string", "format": "date-time"}),
        ("count", {"type": "integer", "minimum": 1}),
    ],
)
def test_nothing_is_documented_of_other_properties(name: str, schema: dict[str, Any]) -> None:
    assert initial_values({name: schema}, CONTRACT) == {}
