"""Changes of how the value of a parameter is written."""

from collections.abc import Iterator
from typing import Any

from ..contract.model import Contract, Parameter, types_of
from .change import Judgement
from .diff_rules import BREAKING, RISKY, SAFE

_ALWAYS_SEEN = frozenset({"label", "matrix"})
"""Styles in which a single value is written otherwise than as it stands."""


def serialisation_changes(
    old: Parameter, new: Parameter, before: Contract, after: Contract
) -> Iterator[tuple[str, Judgement, str]]:
    """Yield the rule, the judgement and what to say of the parameter."""
    forms = _written(old, before), _written(new, after)
    if any(forms[0].get(kind, form) != form for kind, form in forms[1].items()):
        yield "parameter-style-changed", BREAKING, f"is written {_words(new)} now, was {_words(old)}"
    if old.allow_reserved != new.allow_reserved:
        rule, judgement = ("accepted", SAFE) if new.allow_reserved else ("refused", RISKY)
        word = "may" if new.allow_reserved else "may no longer"
        yield f"parameter-reserved-{rule}", judgement, f"{word} have reserved characters as they are"
    if old.allow_empty != new.allow_empty:
        rule, judgement = ("accepted", SAFE) if new.allow_empty else ("refused", BREAKING)
        yield f"parameter-empty-{rule}", judgement, f"may be empty {'now' if new.allow_empty else 'no longer'}"
    if old.deprecated != new.deprecated:
        word = "deprecated" if new.deprecated else "undeprecated"
        yield f"parameter-{word}", SAFE, "is deprecated now" if new.deprecated else "is deprecated no longer"


def _written(parameter: Parameter, contract: Contract) -> dict[str, Any]:
    """Return what tells how single values, arrays and objects are written, as far as the parameter may be these."""
    if parameter.content:
        return dict.fromkeys(("single", "array", "object"), parameter.content.lower())
    kinds = types_of(contract.resolve(parameter.schema)) or ("string", "array", "object")
    style, explodes = parameter.effective_style, parameter.explodes
    forms: dict[str, Any] = {"single": style if style in _ALWAYS_SEEN else ""}
    if "array" in kinds:
        forms["array"] = style, explodes and style != "simple"
    if "object" in kinds:
        forms["object"] = style, explodes or style == "deepObject"
    return {kind: form for kind, form in forms.items() if kind != "single" or set(kinds) - {"array", "object"}}


def _words(parameter: Parameter) -> str:
    if parameter.content:
        return f"as {parameter.content}"
    return f"in the style {parameter.effective_style}{', exploded' if parameter.explodes else ''}"
