"""Alternatives of ``oneOf`` that overlap: narrower schemas whose values may fit one of them alone."""

from collections.abc import Iterator, Sequence

from docdouble.schemas import Contract, Schema

from .narrow import flattened
from .variants import outside


def apart(branches: Sequence[Schema], contract: Contract) -> Iterator[Schema]:
    """Yield narrower schemas of each alternative, the likeliest to fit no other first."""
    merged = [flattened(contract.resolve(branch), contract) for branch in branches]
    for number, branch in enumerate(merged):
        others = [*merged[:number], *merged[number + 1 :]]
        for other in others:
            for limit in outside(other):
                yield {"allOf": [branch, limit]}
        if branch.get("type") == "number" and any(other.get("type") == "integer" for other in others):
            yield {"allOf": [branch, {"multipleOf": 0.5}]}
        required = branch.get("required", ())
        if len(branch.get("properties", {})) > len(required):
            kept = {name: part for name, part in branch["properties"].items() if name in required}
            yield {**branch, "properties": kept}
