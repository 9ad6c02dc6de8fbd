"""Values of discriminators in types that are made of each other."""

from typing import Any

from docdouble.schemas import Contract
from docdouble.schemas.contract.model import reference
from docdouble.schemas.jsonschema.discriminators import Discriminators


def test_types_that_lead_to_each_other_many_times_come_to_an_end() -> None:
    names = [f"T{number}" for number in range(12)]
    union = {"oneOf": [reference(name) for name in names], "discriminator": {"propertyName": "kind"}}
    schemas: dict[str, Any] = dict.fromkeys(names, union)
    schemas |= {f"A{number}": {"allOf": [reference(f"A{number + 1 & 7}")] * 3} for number in range(8)}
    shown = Discriminators(Contract("union", "1", (), schemas)).inline(union)
    assert shown["discriminator"]["mapping"].keys() <= set(names)
    composed = {"oneOf": [reference("A0")], "discriminator": {"propertyName": "kind"}}
    mapped = Discriminators(Contract("union", "1", (), schemas)).inline(composed)["discriminator"]["mapping"]
    assert mapped == {"A0": "#/components/schemas/A0"}
