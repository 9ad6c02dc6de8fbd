"""What a comparison of two contracts finds, by name, and how bad that is at worst."""

from collections.abc import Mapping
from dataclasses import dataclass

from .change import Judgement

BREAKING, RISKY, SAFE = Judgement


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule finds, and the worst judgement that it comes to: what nobody has stated is at most risky."""

    worst: Judgement
    finds: str


_OPERATION = {
    "operation-removed": Rule(BREAKING, "an operation that is gone"),
    "operation-moved": Rule(BREAKING, "an operation with another method or path"),
    "operation-renamed": Rule(SAFE, "the same method and path under another id"),
    "operation-added": Rule(SAFE, "a new operation"),
    "security-required": Rule(BREAKING, "credentials are needed where none were"),
    "security-removed": Rule(BREAKING, "a way to authenticate that is no longer accepted"),
    "security-changed": Rule(BREAKING, "a scheme of the same name that asks for something else"),
    "security-added": Rule(SAFE, "another way to authenticate"),
    "security-dropped": Rule(SAFE, "credentials are no longer needed"),
    "behaviour-removed": Rule(BREAKING, "a behaviour that is no longer documented, such as $select"),
    "behaviour-added": Rule(SAFE, "a behaviour that is documented now"),
    "effect-changed": Rule(RISKY, "what only read may write now, or the other way round (safe)"),
}

_PARAMETERS = {
    "parameter-removed": Rule(RISKY, "a parameter that is gone: whoever sends it does so in vain"),
    "required-parameter-added": Rule(BREAKING, "a new parameter without which calls fail"),
    "parameter-added": Rule(SAFE, "a new optional parameter"),
    "parameter-became-required": Rule(BREAKING, "a parameter that may no longer be left out"),
    "parameter-became-optional": Rule(SAFE, "a parameter that may be left out now"),
    "parameter-renamed": Rule(SAFE, "another name of a path variable"),
}

_REQUEST = {
    "request-body-added": Rule(BREAKING, "a body where none was; risky where nothing says whether it is needed"),
    "request-body-removed": Rule(RISKY, "no body where one was"),
    "request-body-became-required": Rule(BREAKING, "a body that may no longer be left out"),
    "request-body-became-optional": Rule(SAFE, "a body that may be left out now"),
    "request-media-type-removed": Rule(BREAKING, "a media type that is no longer accepted"),
    "request-media-type-added": Rule(SAFE, "another media type that is accepted"),
    "request-property-removed": Rule(BREAKING, "a property that is gone: breaking where others are refused"),
    "request-required-property-added": Rule(BREAKING, "a new property without which calls fail"),
    "request-property-added": Rule(SAFE, "a new optional property"),
    "request-property-unstated": Rule(RISKY, "a property that only a sample or another page shows now"),
    "request-property-became-required": Rule(BREAKING, "a property that may no longer be left out"),
    "request-property-became-optional": Rule(SAFE, "a property that may be left out now"),
    "request-null-refused": Rule(BREAKING, "null is no longer accepted"),
    "request-null-accepted": Rule(SAFE, "null is accepted now"),
    "request-properties-refused": Rule(BREAKING, "properties that aren't documented are refused now"),
    "request-properties-accepted": Rule(SAFE, "properties that aren't documented are accepted now"),
}

_RESPONSE = {
    "status-removed": Rule(BREAKING, "a status that is gone: risky for redirects, safe for errors"),
    "status-added": Rule(RISKY, "a new status: risky for successes and redirects, safe for errors"),
    "response-media-type-removed": Rule(BREAKING, "a media type that is no longer sent"),
    "response-media-type-added": Rule(SAFE, "another media type that can be asked for"),
    "response-header-removed": Rule(BREAKING, "a header that is gone"),
    "response-header-added": Rule(SAFE, "a new header"),
    "response-header-changed": Rule(BREAKING, "a header with other values than before, or one that may be missing now"),
    "response-property-removed": Rule(BREAKING, "a property that is gone"),
    "response-property-added": Rule(SAFE, "a new property"),
    "response-property-unstated": Rule(RISKY, "a property that only a sample or another page shows now"),
    "response-property-became-optional": Rule(BREAKING, "a property that may be missing now"),
    "response-property-became-required": Rule(SAFE, "a property that always comes now"),
    "response-null-possible": Rule(BREAKING, "null may come now; risky where only a sample shows it"),
    "response-null-excluded": Rule(SAFE, "null comes no longer"),
    "response-properties-possible": Rule(SAFE, "properties that aren't documented may come now"),
    "response-properties-excluded": Rule(SAFE, "properties that aren't documented come no longer"),
}


def _values(side: str, of: str, removed: Judgement, added: Judgement) -> dict[str, Rule]:
    """Return the rules for the values of a place: ``removed`` is the worst of less values, ``added`` of more."""
    return {
        f"{side}-type-changed": Rule(BREAKING, f"another type of {of}"),
        f"{side}-format-changed": Rule(BREAKING, f"another format of {of}"),
        f"{side}-enum-value-removed": Rule(removed, f"a value that {of} no longer has"),
        f"{side}-enum-value-added": Rule(added, f"a new value of {of}"),
        f"{side}-enum-introduced": Rule(removed, f"values of {of} are listed where all were possible"),
        f"{side}-enum-lifted": Rule(added, f"values of {of} are listed no longer"),
        f"{side}-bounds-changed": Rule(BREAKING, f"other bounds, length or pattern of {of}"),
        f"{side}-schema-changed": Rule(BREAKING, f"another combination of schemas of {of}; risky where undecided"),
    }


RULES: Mapping[str, Rule] = {
    **_OPERATION,
    **_PARAMETERS,
    **_values("parameter", "a parameter", BREAKING, SAFE),
    "parameter-type-changed": Rule(BREAKING, "another type of a parameter; risky where a number became any text"),
    "parameter-default-changed": Rule(RISKY, "another value stands for a parameter that is left out"),
    **_REQUEST,
    **_values("request", "a place in a request", BREAKING, SAFE),
    "request-default-changed": Rule(RISKY, "another value stands for a property that is left out"),
    **_RESPONSE,
    **_values("response", "a place in a response", SAFE, RISKY),
}
"""Rule → what it finds."""
