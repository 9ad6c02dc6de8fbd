"""How far a schema is from an end."""

from math import inf
from typing import Any

import pytest

from docdouble.fakeserver.sampler.recursion import Endings


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def record(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


SCHEMAS: dict[str, Any] = {
    "Leaf": record(Title={"type": "string"}),
    "Branch": record(("Leaf",), Leaf=ref("Leaf")),
    "Trunk": record(("Branch",), Branch=ref("Branch"), Loop=ref("Loop")),
    "Loop": record(("Loop",), Loop=ref("Loop")),
    "Circle": record(("Loop",), Loop=ref("Loop")),
}


@pytest.mark.parametrize(
    ("schema", "rank"),
    [
        pytest.param({}, 0, id="anything"),
        pytest.param(True, 0, id="true"),
        pytest.param(ref("Leaf"), 0, id="a type that names none"),
        pytest.param(ref("Branch"), 1, id="a type that names one"),
        pytest.param(ref("Trunk"), 2, id="a type that names one that names one"),
        pytest.param(ref("Loop"), inf, id="a type that needs itself"),
        pytest.param(ref("Circle"), inf, id="a type that needs one without end"),
        pytest.param({"enum": [1], **ref("Loop")}, 0, id="listed values"),
        pytest.param({"const": 1, **ref("Loop")}, 0, id="constant"),
        pytest.param({**record(("Loop",), Loop=ref("Loop")), "type": ["object", "null"]}, 0, id="null"),
        pytest.param({"anyOf": [ref("Loop"), {"type": "null"}]}, 0, id="or null"),
        pytest.param({"anyOf": [ref("Loop"), ref("Trunk"), ref("Branch")]}, 1, id="the nearest of several"),
        pytest.param({"oneOf": [ref("Loop")]}, inf, id="the only one"),
        pytest.param({"allOf": [ref("Branch"), ref("Trunk")]}, 2, id="all of them"),
        pytest.param(record(Loop=ref("Loop")), 0, id="optional"),
        pytest.param(record(("Loop", "Ghost"), Loop=ref("Loop")), inf, id="required"),
        pytest.param({"items": ref("Loop")}, 0, id="array"),
        pytest.param({"items": ref("Branch"), "minItems": 1}, 1, id="array of at least one"),
        pytest.param({"additionalProperties": ref("Loop")}, 0, id="dictionary"),
        pytest.param({"additionalProperties": ref("Trunk"), "minProperties": 1}, 2, id="dictionary of at least one"),
    ],
)
def test_rank_counts_the_named_types_that_can_not_be_left_out(schema: Any, rank: float) -> None:
    assert Endings(SCHEMAS).rank(schema) == rank


def test_rank_of_a_value_does_not_count_on_null() -> None:
    endings = Endings(SCHEMAS)
    assert endings.rank_of_value({"anyOf": [ref("Loop"), {"type": "null"}]}) == inf
    assert endings.rank_of_value({**record(("Branch",), Branch=ref("Branch")), "type": ["object", "null"]}) == 1
