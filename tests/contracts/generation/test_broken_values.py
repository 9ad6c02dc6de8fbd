from random import Random

import pytest

from docdouble.contracts.generation.broken_values import broken_value
from docdouble.schemas import Schema


@pytest.mark.parametrize(
    ("schema", "nearly"),
    [
        ({"type": "string", "format": "email"}, False),
        ({"type": "string", "format": "email", "pattern": "^[a-z]+@"}, True),
        ({"type": "string"}, True),
    ],
)
def test_a_text_of_a_format_is_broken_plainly(schema: Schema, nearly: bool) -> None:
    broken = [broken_value("ann@example.com", schema, Random(seed)) for seed in range(200)]
    assert any("ann" in str(value).lower() for value in broken) is nearly
    assert any(isinstance(value, str) for value in broken)
