"""Error bodies in the shape that a document gives them, of which some members state what broke.

A body begins as a documented sample, else as a made-up value; what its members mean by their names (``error_words``)
is then filled in as far as the schema allows.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

from docdouble.schemas import Contract, Schema
from docdouble.schemas.http import PHRASES

from ..http.refusal import field_path
from ..sampler import Sampler
from ..sampler.shapes import named_type
from .error_schemas import ANYTHING, ErrorSchemas
from .error_values import ErrorContext, FailureFacts, field_tokens, scalar_value
from .error_words import ErrorRole, error_roles, word_likeness

_DEEPEST = 6
"""Levels of a body that are looked at."""

_DROP = object()
"""Marker in place of the new value of a member that is left out."""

_FIELDS = frozenset((ErrorRole.FIELD, ErrorRole.POINTER, ErrorRole.PARAMETER, ErrorRole.HEADER))
_TELLING = _FIELDS | {ErrorRole.SENTENCE, ErrorRole.TITLE, ErrorRole.CODE, ErrorRole.OAUTH_CODE}
_LISTING = frozenset((ErrorRole.LIST, ErrorRole.SENTENCE, ErrorRole.TITLE, ErrorRole.CODE))
_OF_ONE_PLACE = {
    ErrorRole.POINTER: "body",
    ErrorRole.PARAMETER: "query path cookie",
    ErrorRole.HEADER: "header",
}
"""Members that name a field only where it is there."""


class _Edit(NamedTuple):
    """The new value of a place."""

    steps: tuple[str, ...]
    value: Any
    role: ErrorRole


class ErrorBodies:
    """Error bodies by the schemas of one contract, whose made-up parts are drawn by ``sampler``."""

    def __init__(self, contract: Contract, sampler: Sampler) -> None:
        self._schemas = ErrorSchemas(contract)
        self._sampler = sampler

    def value(self, schema: Schema, samples: Sequence[Any], failure: FailureFacts, key: int = 0) -> Any:
        """Return a value of a schema that reports a failure, made of the documented sample that is most like it.

        Raises ``ValueError`` where no value of the schema is known.
        """
        context = ErrorContext(failure, failure.places[0])
        if not samples and self._schemas.is_anything(schema):
            return {"status": failure.status, "title": PHRASES.get(failure.status, ""), "detail": failure.summary}
        shown = [sample for sample in samples if self._schemas.validator(schema).accepts(sample)]
        drawn = () if shown else self._drawn(schema, key)
        return self._best(shown or drawn, schema, replace(context, is_sample=bool(shown)))

    def _best(self, bases: Iterable[Any], schema: Schema, context: ErrorContext) -> Any:
        """Return the base that fits a failure best, filled in; raises ``ValueError`` where none is valid."""
        valid = [base for base in bases if self._schemas.validator(schema).accepts(base)]
        if not valid:
            raise ValueError("no value of the documented schema is known")
        return self._filled(max(valid, key=lambda base: _fitness(base, context)), schema, context)

    def _drawn(self, schema: Schema, key: int) -> Iterator[Any]:
        branches = self._schemas.alternatives(schema)
        for branch in [schema, *(branches if len(branches) > 1 else ())]:
            yield self._sampler.sample_if_any(branch, key)

    def _filled(self, base: Any, schema: Schema, context: ErrorContext) -> Any:
        """Return a value with all of a failure that its schema lets it report."""
        accepts = self._schemas.validator(schema).accepts
        edits = list(self._edits(base, schema, context, ()))
        value = _edited(base, edits)
        if accepts(value):
            return value
        value = base
        for edit in edits:
            changed = _edited(value, [edit])
            value = changed if accepts(changed) else value
        return value

    def _edits(self, value: Any, schema: Schema, context: ErrorContext, steps: tuple[str, ...]) -> Iterator[_Edit]:
        """Yield what changes in a value, which may be a part of a body."""
        if isinstance(value, dict):
            yield from self._edits_of_object(value, schema, context, steps)
        else:
            yield from self._edits_of_member(value, schema, context, steps, ErrorRole.SENTENCE)

    def _edits_of_object(
        self, value: dict[str, Any], schema: Schema, context: ErrorContext, steps: tuple[str, ...]
    ) -> Iterator[_Edit]:
        branch = self._schemas.alternative(schema, value)
        properties, required = branch.get("properties", {}), branch.get("required", ())
        if not properties and not context.is_sample:
            yield _Edit(steps, self._by_field(branch, context), ErrorRole.LIST)
            return
        known = error_roles(dict.fromkeys((*value, *properties)), in_item=context.in_item)
        context = replace(context, has_field=context.has_field or not _FIELDS.isdisjoint(known.values()))
        type_name = named_type(schema).split(".")
        for name, part in value.items():
            below, place = self._schemas.of_property(branch, name), (*steps, name)
            edits = list(self._edits_of_member(part, below, context, place, known.get(name)))
            if known.get(name) in (ErrorRole.TYPE_NAME, ErrorRole.TYPE_VERSION) and len(type_name) > 1:
                edits = [_Edit(place, type_name[-1 if known[name] is ErrorRole.TYPE_NAME else -2], known[name])]
            is_optional = name not in required and (context.in_item or not context.is_sample)
            if is_optional and self._is_pointless(part, edits, context, known.get(name)):
                edits = [_Edit(place, _DROP, ErrorRole.ABSENT)]
            yield from edits

    def _edits_of_member(
        self, part: Any, schema: Schema, context: ErrorContext, steps: tuple[str, ...], role: ErrorRole | None
    ) -> Iterator[_Edit]:
        """Yield what changes in a member of an object, whose name has a ``role`` or none."""
        if isinstance(part, dict) and len(steps) < _DEEPEST:
            if role in _LISTING or self._schemas.alternative(schema, part).get("properties") or context.is_sample:
                yield from self._edits_of_object(part, schema, context, steps)
        elif isinstance(part, list):
            if role is ErrorRole.FIELD:
                kinds = self._schemas.kinds(self._schemas.items(schema, part))
                yield _Edit(steps, field_tokens(context, kinds), role)
            elif role in _LISTING:
                # an item reports one violation: lists below it, of the same type often, have nothing to report
                listed = [] if context.in_item else self._listed(part, schema, context)
                yield _Edit(steps, listed, role or ErrorRole.LIST)
        elif role is ErrorRole.ABSENT and not context.is_sample:
            yield _Edit(steps, None, role)
        elif role:
            name, alternative = steps[-1] if steps else "", self._schemas.alternative(schema, part)
            changed = scalar_value(role, context, name, alternative, part)
            if changed != part or role in _TELLING:
                yield _Edit(steps, changed, role)

    def _is_pointless(self, part: Any, edits: list[_Edit], context: ErrorContext, role: ErrorRole | None) -> bool:
        """Tell whether a member that may be missing would tell nothing, or nothing that is true."""
        if role is ErrorRole.ABSENT:
            return True
        if isinstance(part, dict | list):
            tells = any(edit.role in _TELLING and edit.value != [] for edit in edits)
            return not tells and role is not ErrorRole.LIST
        place = str(context.violation.get("in", ""))
        if role in _OF_ONE_PLACE:
            return place not in _OF_ONE_PLACE[role].split()
        return role in (ErrorRole.FIELD, ErrorRole.PLACE) and not place

    def _listed(self, now: list[Any], schema: Schema, context: ErrorContext) -> list[Any]:
        """Return an item for each violation, none where items can't report them."""
        items, most = self._schemas.items(schema, now), self._schemas.alternative(schema, now).get("maxItems")
        listed: list[Any] = []
        for place in context.failure.places[: most if isinstance(most, int) else None]:
            item_context = replace(context, violation=place, in_item=True, is_sample=context.is_sample and bool(now))
            bases = now[:1] if item_context.is_sample else self._drawn(items, len(listed))
            item = self._item_of(bases, items, item_context)
            if item is _DROP:
                return [] if not context.is_sample else now
            listed.append(item)
        return listed

    def _item_of(self, bases: Iterable[Any], items: Schema, context: ErrorContext) -> Any:
        bases = list(bases)
        if self._schemas.is_anything(items) and not context.is_sample:
            return context.sentence
        edits = (edit for base in bases for edit in self._edits(base, items, context, ()))
        if not any(edit.role in _TELLING for edit in edits):
            return _DROP
        try:
            return self._best(bases, items, context)
        except ValueError:
            return _DROP

    def _by_field(self, branch: Schema, context: ErrorContext) -> dict[str, Any]:
        """Return what is wrong by fields, for an object whose names are those of fields."""
        values = branch.get("additionalProperties")
        values = values if isinstance(values, dict) else ANYTHING
        by_field: dict[str, Any] = {}
        for violation in context.failure.places:
            item_context = replace(context, violation=violation, in_item=True)
            name, message = field_path(violation), str(violation.get("message", ""))
            if not name:
                continue
            if "array" in self._schemas.kinds(values):
                by_field.setdefault(name, []).append(message)
            else:
                now = message if self._schemas.is_anything(values) else self._sampler.sample_if_any(values, 0)
                is_text = isinstance(now, str)
                by_field.setdefault(name, message if is_text else self._filled(now, values, item_context))
        return by_field


def _edited(value: Any, edits: Iterable[_Edit]) -> Any:
    """Return a copy of a value with other values at the places of edits."""
    changed = {"": deepcopy(value)}
    for edit in edits:
        holder: Any = changed
        for step in ("", *edit.steps)[:-1]:
            holder = holder[step]
        name = ("", *edit.steps)[-1]
        if edit.value is _DROP:
            del holder[name]
        else:
            holder[name] = edit.value
    return changed[""]


def _fitness(value: Any, context: ErrorContext) -> float:
    """Return how well the statuses and codes in a body fit a failure."""
    if not isinstance(value, dict):
        return 0.0
    known = error_roles(value, in_item=context.in_item)
    return sum(_fitness_of(part, known.get(name), context) for name, part in value.items())


def _fitness_of(part: Any, role: ErrorRole | None, context: ErrorContext) -> float:
    if isinstance(part, dict):
        return _fitness(part, context)
    if type(part) is int and role in (ErrorRole.STATUS, ErrorRole.CODE):
        return 3.0 if part == context.failure.status else -3.0 if 400 <= part < 600 else 0.0
    if isinstance(part, str) and role in (ErrorRole.STATUS, ErrorRole.CODE, ErrorRole.TITLE):
        return 2 * word_likeness(part, context.code_words)
    return 0.0
