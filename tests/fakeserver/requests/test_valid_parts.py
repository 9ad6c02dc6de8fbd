from typing import Any

import pytest

from docdouble.fakeserver.requests.valid_parts import with_offsets
from docdouble.schemas import Validator
from docdouble.schemas.contract.model import Contract

MOMENT = {"type": "string", "format": "date-time"}
SCHEMA = {
    "type": "object",
    "properties": {
        "due": MOMENT,
        "many": {"type": "array", "items": {"properties": {"at": MOMENT}}},
        "text": {"type": "string"},
    },
}


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"due": "2024-06-15T12:30:00"}, {"due": "2024-06-15T12:30:00Z"}),
        (
            {"many": [{"at": "x"}, {"at": "2024-06-15T12:30:00.5"}]},
            {"many": [{"at": "x"}, {"at": "2024-06-15T12:30:00.5Z"}]},
        ),
        ({"due": "2024-06-15T12:30:00+02:00"}, {"due": "2024-06-15T12:30:00+02:00"}),
        ({"due": "2024-06-15", "text": "2024-06-15T12:30:00"}, {"due": "2024-06-15", "text": "2024-06-15T12:30:00"}),
    ],
)
def test_date_times_without_an_offset_are_of_utc(sent: Any, taken: Any) -> None:
    kept = dict(sent)
    assert with_offsets(sent, Validator(SCHEMA, Contract("", "", ())).violations(sent)) == taken
    assert sent == kept
