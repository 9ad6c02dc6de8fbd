"""Values that report a failure: its sentence, status, code words and fields, each as its place in a body takes it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Call, Operation, Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.http import PHRASES
from docdouble.schemas.json_pointer import pointer_of, steps_of
from docdouble.schemas.words import singular

from ..http.refusal import Member, field_path, place_of
from .error_words import (
    ErrorRole,
    bare_name,
    is_contradicted,
    nearest_word,
    oauth_code,
    quoted_words,
    rule_words,
    spelled_like,
    status_words,
)

_MOST_LISTED = 10
"""Violations that a list in a body names."""

_IN_SENTENCE = 3
"""Violations that one sentence names."""

_BLANK_TYPE = "about:blank"
"""The type of a problem that says no more than its status (RFC 9457, section 4.2.1)."""

_PLACES: Mapping[int, Member] = {
    401: {"in": "header", "name": "Authorization"},
    403: {"in": "header", "name": "Authorization"},
    406: {"in": "header", "name": "Accept"},
    415: {"in": "header", "name": "Content-Type"},
}
"""Status → what of the call it is about, where that is the same always."""

_CODE_STYLES = {"name": "SHOUTED_WORDS", "status": "SHOUTED_WORDS", "reason": "CamelWords"}
"""Name of a member → how its codes are mostly spelled; others are ``snake_case``."""


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """Facts of a failure for an error body: status, reason in a ``sentence``, ``violations`` of the documentation.

    ``path`` and ``method`` are those of the call, ``variable`` is the last of its path, ``resource`` the name of what
    it is about.
    """

    status: int
    sentence: str
    violations: tuple[Member, ...] = ()
    path: str = ""
    method: str = ""
    variable: str = ""
    resource: str = ""

    @property
    def summary(self) -> str:
        """One sentence that names the first violations, and what is wrong where there are none."""
        named = [sentence_of(violation) for violation in self.violations[:_IN_SENTENCE]]
        left = len(self.violations) - len(named)
        return "; ".join(named + ([f"and {left} more"] if left else [])) or self.sentence

    @property
    def places(self) -> tuple[Member, ...]:
        """The violations, else the one place of the call that a failure without any is about."""
        named = {"in": "path", "name": self.variable} if self.variable and self.status in (404, 410) else {}
        return self.violations[:_MOST_LISTED] or ({**_PLACES.get(self.status, named), "message": self.sentence},)


def failure_of(
    operation: Operation, call: Call, status: int, sentence: str, violations: tuple[Member, ...] = ()
) -> FailureFacts:
    """Return a failure of a call to an operation."""
    variables = path_variables(operation.path)
    fixed = [step for step in operation.path.split("/") if step and "{" not in step]
    resource = singular(fixed[-1]) if fixed else ""
    variable = variables[-1] if variables else ""
    places = tuple(place for violation in violations for place in _places(violation))
    return FailureFacts(status, sentence, places, call.path, call.method, variable, resource)


def _places(violation: Member) -> Iterator[Member]:
    """Yield the places that a violation is about: each property that is missing, else the place itself."""
    for name in violation.get("missing", ()):
        yield {**violation, "pointer": f"{violation.get('pointer', '')}{pointer_of([name])}", "message": "missing"}
    if not violation.get("missing"):
        yield violation


def sentence_of(violation: Member) -> str:
    """Return a violation as a sentence: ``/name in the body: expected a string, got 1``."""
    message, place = str(violation.get("message", "")), place_of(violation)
    return f"{place}: {message}" if "rule" in violation and place else message


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """Facts for a place of an error body: a failure, and for an item of a list, ``in_item``, its own violation only.

    The body begins as a documented sample where it ``is_sample``. A place ``has_field`` beside it where the field is
    named by another member.
    """

    failure: FailureFacts
    violation: Member
    in_item: bool = False
    is_sample: bool = False
    has_field: bool = False

    @property
    def sentence(self) -> str:
        """The sentence that says what broke, and where unless another member does."""
        if not self.in_item:
            return self.failure.summary
        return str(self.violation.get("message", "")) if self.has_field else sentence_of(self.violation)

    @property
    def code_words(self) -> list[str]:
        """The words of which a code is made, the most usual first."""
        rule = self.violation.get("rule")
        return rule_words(str(rule)) if self.in_item and rule else status_words(self.failure.status)


def field_tokens(context: ErrorContext, kinds: Collection[str]) -> list[Any]:
    """Return the field as an array of its steps, as FastAPI and Zod write it, of items of some ``kinds``."""
    violation = context.violation
    named = [violation[word] for word in ("in", "name") if violation.get(word)]
    steps = steps_of(str(violation.get("pointer") or ""))
    has_numbers = "integer" in kinds or "number" in kinds or not kinds
    return [*named, *(int(step) if step.isdecimal() and has_numbers else step for step in steps)]


def scalar_value(role: ErrorRole, context: ErrorContext, name: str, schema: Schema, now: Any) -> Any:
    """Return the value that a scalar member of a role gets, ``now`` where it states nothing.

    ``schema`` is the merged schema of it, ``now`` what it holds in the sample or the made-up value.
    """
    kinds = types_of(schema) or ({bool: "boolean", int: "integer", float: "number"}.get(type(now), "string"),)
    if "boolean" in kinds and isinstance(now, bool):
        return {ErrorRole.SUCCEEDED: False, ErrorRole.TITLE: True}.get(role, now)
    if isinstance(now, int | float):
        is_status = role in (ErrorRole.STATUS, ErrorRole.CODE, ErrorRole.TITLE) and context.failure.status != now
        return context.failure.status if is_status and (not context.is_sample or 400 <= now < 600) else now
    if "string" not in kinds:
        return now
    text = _text(role, context, name, schema, now)
    return now if text is None else _fitting(text, schema)


def _text(role: ErrorRole, context: ErrorContext, name: str, schema: Schema, now: Any) -> str | None:
    failure, violation = context.failure, context.violation
    match role:
        case ErrorRole.SENTENCE:
            return nearest_word(_allowed(schema), [context.sentence, *context.code_words]) or context.sentence
        case ErrorRole.OAUTH_CODE if not _allowed(schema) and not context.is_sample:
            return oauth_code(failure.status)
        case ErrorRole.TITLE | ErrorRole.CODE | ErrorRole.STATUS | ErrorRole.OAUTH_CODE:
            return _code(role, context, name, schema, now)
        case ErrorRole.FIELD:
            return field_path(violation) or None
        case ErrorRole.POINTER:
            return str(violation["pointer"]) if violation.get("pointer") else None
        case ErrorRole.PARAMETER | ErrorRole.HEADER:
            return str(violation["name"]) if violation.get("name") else None
        case ErrorRole.PLACE:
            return _listed(schema, [str(violation.get("in"))], context) or violation.get("in")
        case ErrorRole.TYPE_URI:
            return None if context.is_sample else _BLANK_TYPE
    known = {
        ErrorRole.PATH: failure.path,
        ErrorRole.METHOD: failure.method,
        ErrorRole.RESOURCE: failure.resource,
    }
    return known.get(role) or None


def _code(role: ErrorRole, context: ErrorContext, name: str, schema: Schema, now: Any) -> str | None:
    """Return a code word, a phrase of the status or the status in digits; a documented one stays unless it is wrong."""
    if _allowed(schema):
        return _listed(schema, context.code_words, context)
    status = context.failure.status
    is_digits = isinstance(now, str) and len(now) == len(str(status)) and now.isdecimal()
    shown = documented_text(schema)
    if (context.is_sample or now == shown) and isinstance(now, str) and not is_digits:
        return spelled_like(context.code_words[0], now) if is_contradicted(now, context.code_words) else None
    if role is ErrorRole.STATUS or is_digits:
        return _listed(schema, context.code_words, context) or str(status)
    if role is ErrorRole.TITLE:
        return PHRASES.get(status, f"Status {status}")
    style = shown or _CODE_STYLES.get(bare_name(name), "snake_case")
    return _listed(schema, context.code_words, context) or spelled_like(context.code_words[0], style)


def documented_text(schema: Schema) -> str:
    """Return the text that a schema shows as an example or a default, empty for none."""
    shown = (schema.get("example"), *_list(schema.get("examples")), schema.get("default"))
    return next((text for text in shown if isinstance(text, str)), "")


def _listed(schema: Schema, words: Sequence[str], context: ErrorContext) -> str | None:
    """Return the listed value of a member that is nearest to some words; its description may list them, too."""
    allowed = _allowed(schema) or quoted_words(str(schema.get("description", "")))
    return nearest_word(allowed, words, in_item=context.in_item and bool(context.failure.violations))


def _allowed(schema: Schema) -> list[str]:
    listed = [schema["const"]] if "const" in schema else _list(schema.get("enum") or schema.get("x-extensible-enum"))
    return [value for value in listed if isinstance(value, str)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _fitting(text: str, schema: Schema) -> str:
    """Return a text that is no longer than a schema allows, cut after a word."""
    most = schema.get("maxLength")
    if not isinstance(most, int) or len(text) <= most:
        return text
    cut = text[:most]
    words, _, _ = cut.rpartition(" ")
    return words.rstrip(" ,;:") if len(words) * 2 > most else cut
