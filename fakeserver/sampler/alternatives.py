"""Alternatives of ``oneOf`` that overlap: narrower schemas whose values may fit one of them alone."""

from collections.abc import Iterator, Sequence

from docdouble.schemas import Contract, Schema

from .narrow import flattened

_OUTSIDE = {
    "minimum": ("exclusiveMaximum", 0),
    "exclusiveMinimum": ("maximum", 0),
    "maximum": ("exclusiveMinimum", 0),
    "exclusiveMaximum": ("minimum", 0),
    "minLength": ("maxLength", -1),
    "maxLength": ("minLength", 1),
    "minItems": ("maxItems", -1),
    "maxItems": ("minItems", 1),
}
"""Keyword of another alternative → the keyword, and what is added to the limit, of values that are outside of it."""


def apart(branches: Sequence[Schema], contract: Contract) -> Iterator[Schema]:
    """Yield narrower schemas of each alternative, the likeliest to fit no other first."""
    merged = [flattened(contract.resolve(branch), contract) for branch in branches]
    for number, branch in enumerate(merged):
        others = [*merged[:number], *merged[number + 1 :]]
        for other in others:
            for keyword, (outside, step) in _OUTSIDE.items():
                if keyword in other:
                    yield {"allOf": [branch, {outside: other[keyword] + step}]}
        if branch.get("type") == "number" and any(other.get("type") == "integer" for other in others):
            yield {"allOf": [branch, {"multipleOf": 0.5}]}
        required = branch.get("required", ())
        if len(branch.get("properties", {})) > len(required):
            kept = {name: part for name, part in branch["properties"].items() if name in required}
            yield {**branch, "properties": kept}
