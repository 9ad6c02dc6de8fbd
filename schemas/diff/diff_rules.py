"""Rules of the comparison of contracts: the kinds of changes by name, and how bad each is at worst."""

from collections.abc import Mapping
from dataclasses import dataclass

from .change import Judgement

BREAKING, RISKY, SAFE = Judgement


@dataclass(frozen=True, slots=True)
class DiffRule:
    """Finding of a rule, and the worst judgement that it comes to: what nobody has stated is at most risky."""

    worst: Judgement
    finds: str


_OPERATION = {
    "operation-removed": DiffRule(BREAKING, "an operation that is gone; risky where its deprecation announced it"),
    "operation-moved": DiffRule(BREAKING, "an operation with another method or path"),
    "operation-renamed": DiffRule(SAFE, "the same method and path under another id"),
    "operation-added": DiffRule(SAFE, "a new operation"),
    "operation-deprecated": DiffRule(SAFE, "an operation that is to be used no longer"),
    "operation-undeprecated": DiffRule(SAFE, "an operation that may be used again"),
    "sunset-changed": DiffRule(RISKY, "another day from which an operation may be gone; safe where it is later"),
    "server-path-changed": DiffRule(BREAKING, "servers with other paths, so that calls go to other addresses"),
    "server-removed": DiffRule(RISKY, "a host or a path of the servers that is gone"),
    "server-added": DiffRule(SAFE, "another host or path of the servers"),
    "scope-added": DiffRule(RISKY, "a scope that a token needs now, and may lack"),
    "scope-removed": DiffRule(SAFE, "a scope that a token needs no longer"),
    "security-required": DiffRule(BREAKING, "credentials are needed where none were"),
    "security-removed": DiffRule(BREAKING, "a way to authenticate that is no longer accepted"),
    "security-changed": DiffRule(BREAKING, "a scheme of the same name that asks for something else"),
    "security-added": DiffRule(SAFE, "another way to authenticate"),
    "security-dropped": DiffRule(SAFE, "credentials are no longer needed"),
    "behaviour-removed": DiffRule(BREAKING, "a behaviour that is no longer documented, such as $select"),
    "behaviour-added": DiffRule(SAFE, "a behaviour that is documented now"),
    "effect-changed": DiffRule(RISKY, "what only read may write now, or the other way round (safe)"),
}

_PARAMETERS = {
    "parameter-removed": DiffRule(RISKY, "a parameter that is gone: whoever sends it does so in vain"),
    "required-parameter-added": DiffRule(BREAKING, "a new parameter without which calls fail"),
    "parameter-added": DiffRule(SAFE, "a new optional parameter"),
    "parameter-became-required": DiffRule(BREAKING, "a parameter that may no longer be left out"),
    "parameter-became-optional": DiffRule(SAFE, "a parameter that may be left out now"),
    "parameter-style-changed": DiffRule(BREAKING, "a parameter that is written in another style or media type"),
    "parameter-reserved-refused": DiffRule(RISKY, "reserved characters of a parameter have to be percent-encoded now"),
    "parameter-reserved-accepted": DiffRule(SAFE, "reserved characters of a parameter may be sent as they are"),
    "parameter-empty-refused": DiffRule(BREAKING, "a parameter that may be empty no longer"),
    "parameter-empty-accepted": DiffRule(SAFE, "a parameter that may be empty now"),
    "parameter-deprecated": DiffRule(SAFE, "a parameter that is to be used no longer"),
    "parameter-undeprecated": DiffRule(SAFE, "a parameter that may be used again"),
    "parameter-renamed": DiffRule(SAFE, "another name of a path variable"),
}

_REQUEST = {
    "request-body-added": DiffRule(BREAKING, "a body where none was; risky where nothing says whether it is needed"),
    "request-body-removed": DiffRule(RISKY, "no body where one was"),
    "request-body-became-required": DiffRule(BREAKING, "a body that may no longer be left out"),
    "request-body-became-optional": DiffRule(SAFE, "a body that may be left out now"),
    "request-media-type-removed": DiffRule(BREAKING, "a media type that is no longer accepted"),
    "request-media-type-added": DiffRule(SAFE, "another media type that is accepted"),
    "request-alternative-removed": DiffRule(BREAKING, "a named type that a place in a request may no longer be"),
    "request-property-removed": DiffRule(BREAKING, "a property that is gone: breaking where others are refused"),
    "request-encoding-changed": DiffRule(BREAKING, "a property of a form that is written otherwise"),
    "request-required-property-added": DiffRule(BREAKING, "a new property without which calls fail"),
    "request-property-added": DiffRule(SAFE, "a new optional property"),
    "request-discriminator-changed": DiffRule(RISKY, "another property, or value of it, that tells types apart"),
    "request-property-deprecated": DiffRule(SAFE, "a property that is to be used no longer"),
    "request-property-undeprecated": DiffRule(SAFE, "a property that may be used again"),
    "request-property-unstated": DiffRule(RISKY, "a property that only a sample or another page shows now"),
    "request-property-became-required": DiffRule(BREAKING, "a property that may no longer be left out"),
    "request-property-became-optional": DiffRule(SAFE, "a property that may be left out now"),
    "request-null-refused": DiffRule(BREAKING, "null is no longer accepted"),
    "request-null-accepted": DiffRule(SAFE, "null is accepted now"),
    "request-properties-refused": DiffRule(BREAKING, "properties that aren't documented are refused now"),
    "request-properties-accepted": DiffRule(SAFE, "properties that aren't documented are accepted now"),
}

_RESPONSE = {
    "status-removed": DiffRule(BREAKING, "a status that is gone: risky for redirects, safe for errors"),
    "status-added": DiffRule(RISKY, "a new status: risky for successes and redirects, safe for errors"),
    "response-media-type-removed": DiffRule(BREAKING, "a media type that is no longer sent"),
    "response-media-type-added": DiffRule(SAFE, "another media type that can be asked for"),
    "response-encoding-changed": DiffRule(BREAKING, "a property of a form that is written otherwise"),
    "response-header-removed": DiffRule(BREAKING, "a header that is gone"),
    "response-header-added": DiffRule(SAFE, "a new header"),
    "response-header-changed": DiffRule(
        BREAKING, "a header with other values than before, or one that may be missing now"
    ),
    "response-property-removed": DiffRule(BREAKING, "a property that is gone"),
    "response-property-added": DiffRule(SAFE, "a new property"),
    "response-discriminator-changed": DiffRule(RISKY, "another property, or value of it, that tells types apart"),
    "response-property-deprecated": DiffRule(SAFE, "a property that is to be used no longer"),
    "response-property-undeprecated": DiffRule(SAFE, "a property that may be used again"),
    "response-property-unstated": DiffRule(RISKY, "a property that only a sample or another page shows now"),
    "response-property-became-optional": DiffRule(BREAKING, "a property that may be missing now"),
    "response-property-became-required": DiffRule(SAFE, "a property that always comes now"),
    "response-null-possible": DiffRule(BREAKING, "null may come now; risky where only a sample shows it"),
    "response-null-excluded": DiffRule(SAFE, "null comes no longer"),
    "response-properties-possible": DiffRule(SAFE, "properties that aren't documented may come now"),
    "response-properties-excluded": DiffRule(SAFE, "properties that aren't documented come no longer"),
}

_RECEIVED = {
    "webhook-removed": DiffRule(BREAKING, "a webhook that is gone"),
    "webhook-added": DiffRule(SAFE, "a new webhook"),
    "callback-removed": DiffRule(BREAKING, "a callback that is gone"),
    "callback-added": DiffRule(SAFE, "a new callback"),
    "received-parameter-removed": DiffRule(BREAKING, "a parameter that a webhook or callback no longer has"),
    "received-body-removed": DiffRule(BREAKING, "a body that a webhook or callback may come without"),
    "received-body-added": DiffRule(SAFE, "a body that a webhook or callback comes with"),
    "received-status-removed": DiffRule(RISKY, "a status by which a webhook or callback was documented to be answered"),
}
"""Rules of requests that the server sends: their content is compared as a response, their answers as a request."""


def _values(side: str, of: str, removed: Judgement, added: Judgement) -> dict[str, DiffRule]:
    """Return the rules for the values of a place: ``removed`` is the worst of less values, ``added`` of more."""
    return {
        f"{side}-type-changed": DiffRule(BREAKING, f"another type of {of}"),
        f"{side}-format-changed": DiffRule(BREAKING, f"another format of {of}"),
        f"{side}-enum-value-removed": DiffRule(removed, f"a value that {of} no longer has"),
        f"{side}-enum-value-added": DiffRule(added, f"a new value of {of}"),
        f"{side}-enum-introduced": DiffRule(removed, f"values of {of} are listed where all were possible"),
        f"{side}-enum-lifted": DiffRule(added, f"values of {of} are listed no longer"),
        f"{side}-bounds-changed": DiffRule(BREAKING, f"other bounds, length or pattern of {of}"),
        f"{side}-content-changed": DiffRule(RISKY, f"another encoding or media type of what the text of {of} holds"),
        f"{side}-schema-changed": DiffRule(BREAKING, f"another combination of schemas of {of}; risky where undecided"),
    }


RULES: Mapping[str, DiffRule] = {
    **_OPERATION,
    **_PARAMETERS,
    **_values("parameter", "a parameter", BREAKING, SAFE),
    "parameter-type-changed": DiffRule(BREAKING, "another type of a parameter; risky where a number became any text"),
    "parameter-default-changed": DiffRule(RISKY, "another value stands for a parameter that is left out"),
    **_REQUEST,
    **_values("request", "a place in a request", BREAKING, SAFE),
    "request-default-changed": DiffRule(RISKY, "another value stands for a property that is left out"),
    **_RESPONSE,
    **_values("response", "a place in a response", SAFE, RISKY),
    **_RECEIVED,
    "response-enum-value-added": DiffRule(BREAKING, "a new value of a place in a response; risky beside old ones"),
}
"""Rule → what it finds."""
