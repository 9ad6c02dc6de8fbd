"""A request that keeps to the documentation: what all other cases of its operation are made from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import Any

from docdouble.fakeserver import Sampler, Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.fakeserver.http.negotiate import writable_media_types
from docdouble.schemas import Call, Contract, Operation, Validator
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.resources.bindings import bindings

from ..generation.fields import (
    ITEM,
    Path,
    RequestField,
    alternatives,
    fields_from,
    parameter_fields,
    request_body_schema,
    request_fields,
    resolve_schema,
)
from ..model.case import Purpose
from .boundary import may_stand_at
from .draft import ABSENT, Draft
from .known_rows import typed
from .known_values import KnownValues
from .purpose import Purposes

_NEAR = 2
"""Names that lead to the fields of a body that are all tried, in items, too."""

_TRIED_TEXTS = 5
_TRIED_ALTERNATIVES = 4


@dataclass(frozen=True)
class Base:
    """A request, and everything that may be changed in it.

    ``fill`` are the values of parts that can't be empty, for those that the request doesn't hold.
    """

    draft: Draft
    fields: tuple[RequestField, ...]
    fill: dict[Path, Any]
    media_types: tuple[str, ...]
    is_valid: bool

    def with_value(self, field: RequestField, value: Any) -> Draft:
        """Return the request with another value of a field, or without it."""
        if value is not ABSENT:
            return self.draft.put(field, value, self.fill)
        around = replace(field, path=field.path[:-1])
        whole = self.fill.get(around.path) if field.where == "body" else None
        if isinstance(whole, dict) and self.draft.get(around) is ABSENT:
            return self.draft.put(around, {name: part for name, part in whole.items() if name != field.name}, self.fill)
        return self.draft.without(field)

    def has(self, field: RequestField, value: Any) -> bool:
        """Tell whether the request has a field's value already, or leaves it out as wanted."""
        there = self.draft.get(field)
        if there is ABSENT or value is ABSENT:
            return there is value
        return (type(there), there) == (type(value), value)


class Bases:
    """Maker of the requests that cases start from."""

    def __init__(self, contract: Contract, purposes: Purposes, values: KnownValues) -> None:
        self._contract = contract
        self._purposes = purposes
        self._values = values
        self._bindings = bindings(contract)

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(self._contract, Settings(state="off"))

    @property
    def sampler(self) -> Sampler:
        """Source of drawn values."""
        return self._answerer.sampler

    def of(self, operation: Operation) -> Base:
        """Return the request that an operation's cases start from; the best there is where none seems valid."""
        media_types = (
            tuple(writable_media_types(operation.request.media_types, self._contract)) if operation.request else ()
        )
        fields = request_fields(operation, self._contract)
        chosen = next((name for name in media_types if is_json(media_type(name))), next(iter(media_types), ""))
        empty = Draft(operation, self._contract, self._parameters(operation, fields), ABSENT, chosen)
        drafts = chain(self._drafts(empty), self._elsewhere(empty, fields))
        draft, is_valid = self._best(self._knowing(candidate, fields) for candidate in drafts)
        return Base(draft, fields, self._fill(fields), media_types, is_valid)

    def of_alternatives(self, base: Base) -> Iterator[tuple[str, Base]]:
        """Yield the request with each alternative of its near fields, and where it is which one."""
        for field in base.fields:
            if is_near(field):
                for name, schema in alternatives(field.outer, self._contract):
                    inner, _ = resolve_schema(schema, self._contract)
                    variant = self._of_alternative(base, replace(field, schema=inner, outer=schema))
                    if variant:
                        yield f"{field.place}: {name}", variant

    def _of_alternative(self, base: Base, field: RequestField) -> Base | None:
        fits = Validator(field.outer, self._contract).is_valid
        sent = base.draft.get(field)
        drawn = (self.sampler.sample_if_any(field.outer, number) for number in range(_TRIED_ALTERNATIVES))
        drafts = (base.with_value(field, value) for value in drawn if value is not None)
        valid = [base.draft] if sent is not ABSENT and fits(sent) else islice(filter(self.is_valid, drafts), 1)
        fields = tuple(fields_from(field, self._contract)) if field.where == "body" else (field,)
        return next(
            (Base(draft, fields, base.fill | self._fill(fields), base.media_types, True) for draft in valid), None
        )

    def _fill(self, fields: Iterable[RequestField]) -> dict[Path, Any]:
        objects = (field for field in fields if field.where == "body" and field.kind == "object")
        return {
            field.path: self.sampler.sample_if_any(field.outer, 0) for field in objects if field.schema.get("required")
        }

    def filled(self, base: Base) -> Base:
        """Return the request with every documented property of its body; as it is where that isn't valid."""
        schema = request_body_schema(base.draft.operation)
        whole = self.sampler.sample_if_any(schema, 0) if schema and base.draft.body is not ABSENT else ABSENT
        if isinstance(whole, dict) and isinstance(base.draft.body, dict):
            whole = {**whole, **base.draft.body}
        draft = replace(base.draft, body=whole)
        usable = whole is not ABSENT and whole != base.draft.body and self.is_valid(draft)
        return replace(base, draft=draft) if usable else base

    def in_media_type(self, draft: Draft, name: str) -> Draft:
        """Return a request in another media type, with another body where that has another schema."""
        if request_body_schema(draft.operation, name) == request_body_schema(draft.operation, draft.media_type):
            return replace(draft, media_type=name)
        return replace(draft, media_type=name, body=self._sample(draft.operation, name))

    def _sample(self, operation: Operation, name: str) -> Any:
        return self._answerer.sample_requests.upload(operation, name)

    def ids(self, base: Base) -> list[RequestField]:
        """Return the fields that say which entities a request is about."""
        return [field for field in base.fields if self._values.is_key(base.draft.operation, field)]

    def _best(self, drafts: Iterator[Draft]) -> tuple[Draft, bool]:
        """Return the first valid request, else the first, and whether it is valid."""
        first = next(drafts)
        valid = next((draft for draft in chain([first], drafts) if self.is_valid(draft)), None)
        return valid or first, valid is not None

    def is_valid(self, draft: Draft) -> bool:
        """Tell whether a request keeps to the documentation."""
        call = call_of(draft)
        return call is not None and self._purposes.of(draft.operation, call) is Purpose.VALID

    def _drafts(self, empty: Draft) -> Iterator[Draft]:
        """Yield requests, the likeliest to be valid first."""
        operation = empty.operation
        if not empty.media_type:
            yield empty
            return
        yield replace(empty, body=self._sample(operation, empty.media_type))
        schema = request_body_schema(operation, empty.media_type)
        yield from (replace(empty, body=self.sampler.sample_if_any(schema, number)) for number in range(2))
        yield replace(empty, body={})
        yield empty

    def _elsewhere(self, empty: Draft, fields: tuple[RequestField, ...]) -> Iterator[Draft]:
        """Yield requests with other texts in the path: some text may be the path of another operation."""
        texts = [field for field in fields if field.where == "path" and field.kind == "string"]
        for number in range(1, _TRIED_TEXTS + 1) if texts else ():
            draft = next(self._drafts(empty))
            for text in texts:
                others = {word: part for word, part in text.schema.items() if word not in ("examples", "default")}
                draft = draft.put(text, self.sampler.sample_if_any(others, number))
            yield draft

    def _parameters(self, operation: Operation, fields: tuple[RequestField, ...]) -> dict[str, dict[str, Any]]:
        documented = {(parameter.location, parameter.name): parameter for parameter in operation.parameters}
        values: dict[str, dict[str, Any]] = {}
        together = self.path_values(operation)
        for field in fields:
            if field.where != "body" and field.is_required:
                is_tag = field.where == "header" and field.name.lower() == "if-match"
                documented_values = ("*",) if is_tag else tuple(field.schema.get("examples", ()))
                shown = (together[field.name],) if field.where == "path" and field.name in together else ()
                shown = shown or self._values.known(operation, field) or documented_values
                drawn = self._answerer.sample_requests.parameter(operation, documented[field.where, field.name])
                values.setdefault(field.where, {})[field.name] = self._sendable(field, shown[0] if shown else drawn)
        return values

    def _sendable(self, field: RequestField, value: Any) -> Any:
        """Return a value, of a text that would be several segments of a path the last one where that is valid."""
        if may_stand_at(field, value):
            return value
        last = re.split(r"[/\\]", str(value))[-1]
        return last if last and Validator(field.outer, self._contract).is_valid(last) else value

    def path_values(self, operation: Operation) -> dict[str, Any]:
        """Return the user's own values of path parameters, and known ones that belong together with them."""
        inside, own = self._in_path(operation)
        texts = self._values.paths.variables(operation, {name: str(value) for name, value in own.items()})
        return {name: typed(inside[name], text) for name, text in texts.items() if name in inside} | own

    def _in_path(self, operation: Operation) -> tuple[dict[str, RequestField], dict[str, Any]]:
        """Return the variables of a path, and the user's own values of them."""
        inside = {field.name: field for field in parameter_fields(operation, self._contract) if field.where == "path"}
        return inside, {name: own[0] for name, field in inside.items() if (own := self._values.own(operation, field))}

    def others(self, draft: Draft) -> Iterator[Draft]:
        """Yield the request about other entities that are known, where a path says which one is read."""
        operation = draft.operation
        inside, own = self._in_path(operation)
        asked = {name: str(value) for name, value in own.items()}
        for texts in self._values.paths.choices(operation, asked) if operation.method == "GET" else ():
            if inside.keys() == texts.keys():
                keys = {name: typed(inside[name], text) for name, text in texts.items()}
                yield replace(draft, parameters={**draft.parameters, "path": keys})

    def _knowing(self, draft: Draft, fields: tuple[RequestField, ...]) -> Draft:
        """Return the request about entities that are known, where it is about any, and those of its path once more."""
        in_path = draft.parameters.get("path", {})
        for field in fields:
            if field.where == "body" and field.kind in ("integer", "string"):
                there = draft.get(field)
                if there is not ABSENT and there and self._values.is_key(draft.operation, field):
                    again = in_path.get(self._values.names.variable_of(draft.operation, field))
                    is_alike = again is not None and type(again) is type(there)
                    known = (again,) if is_alike else self._values.known(draft.operation, field)
                    draft = draft.put_in_each(field, known) if known else draft
        binding = self._bindings.get(draft.operation.id)
        is_new = binding is not None and binding.role.creates  # what is in a row may be there once only
        return draft if is_new else next(of_one_row(draft, fields, self._values), draft)


def keys_in(draft: Draft, fields: Iterable[RequestField], values: KnownValues) -> list[RequestField]:
    """Return the fields of a request that hold keys, each of one entity."""
    sent = (field for field in fields if draft.get(field) not in (ABSENT, None) and ITEM not in field.path)
    return [field for field in sent if values.may_be_key(draft.operation, field)]


def of_one_row(draft: Draft, fields: Iterable[RequestField], values: KnownValues) -> Iterator[Draft]:
    """Yield the request with keys that stand together in one row of a reply, in place of its own."""
    for row in values.rows.together(draft.operation, keys_in(draft, fields, values)):
        if all(value in (values.own(draft.operation, field) or (value,)) for field, value in row):
            changed = draft
            for field, value in row:
                changed = changed.put(field, value)
            yield changed


def is_near(field: RequestField) -> bool:
    """Tell whether a field is one of those whose rules and alternatives are all tried."""
    return sum(step != ITEM for step in field.path) <= _NEAR


def call_of(draft: Draft) -> Call | None:
    """Return the call of a request, ``None`` where its body can't be written."""
    try:
        return draft.call()
    except (TypeError, ValueError):  # such as an object as octets
        return None
