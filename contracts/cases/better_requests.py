"""Better requests in place of those that a server refuses, though they keep to the documentation."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from itertools import chain, islice
from typing import Any

from docdouble.fakeserver import Sampler
from docdouble.fakeserver.http.codecs import TextFile
from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.http import json_body
from docdouble.schemas.resources.bindings import bindings

from ..generation.fields import SCALARS, RequestField, request_fields
from ..model.case import Case, Origin, Purpose
from ..model.exchange import Exchange
from .baseline_request import is_near, of_one_row
from .draft import ABSENT, Draft
from .known_values import KnownValues
from .refusals import asked_values, is_refusal, is_repeated, is_taken, named_fields, refusal_text
from .unique_texts import UniqueTexts, seems_unique

MOST_TRIES = 6
"""Better requests that are tried of an operation."""

_SAMPLES = 4
_ROWS = 3
_FILE = re.compile(r"\bfiles?\b", re.IGNORECASE)


@dataclass
class Outcomes:
    """The last reply to a valid case of each operation, without those of chains, and what was accepted at last."""

    last: dict[str, Exchange] = dataclass_field(default_factory=dict)
    accepted: dict[str, Draft] = dataclass_field(default_factory=dict)

    def note(self, exchange: Exchange) -> None:
        """Keep a reply to a valid request."""
        case = exchange.case
        if case.purpose is Purpose.VALID and case.origin is not Origin.CHAIN:
            self.last[case.operation.id] = exchange

    def refusal(self, draft: Draft) -> Exchange | None:
        """Return the reply to a request that was just sent, if that is a refusal, and keep the request if it isn't."""
        reply = self.last.get(draft.operation.id)
        if reply and reply.succeeded:
            self.accepted[draft.operation.id] = draft
        return reply if reply and is_refusal(reply) else None


class BetterRequests:
    """Maker of requests from refused ones: taken values become unique, others are what the refusal asks for."""

    def __init__(self, contract: Contract, values: KnownValues, sampler: Sampler, run: str, seed: int) -> None:
        self._bindings = bindings(contract)
        self._values = values
        self._sampler = sampler
        self.texts = UniqueTexts(run, seed, sampler)
        self.outcomes = Outcomes()
        self._contract = contract
        self._fields: dict[str, tuple[RequestField, ...]] = {}
        self._unique: dict[str, frozenset[str]] = {}

    def learn(self, refused: Exchange, draft: Draft) -> bool:
        """Take note of which values have to be unique, if a refusal says so; tell whether that is news."""
        if not is_taken(refused):
            return False
        inside = [field for field in _near(self._fields_of(draft.operation)) if draft.get(field) is not ABSENT]
        named = named_fields(refused, inside)
        chosen = named or [field for field in inside if seems_unique(field.name)] or inside
        place = self._place(draft.operation)
        known = self._unique.get(place, frozenset())
        self._unique[place] = known | {field.name for field in chosen}
        return self._unique[place] != known

    def must_be_unique(self, operation: Operation, field: RequestField) -> bool:
        """Tell whether a refusal has shown that the values of a field have to be unique."""
        return field.name in self._unique.get(self._place(operation), ())

    def unique(self, draft: Draft, about: str = "") -> Draft:
        """Return a request with other values where they have to be unique, but for the field that it is ``about``."""
        names = self._unique.get(self._place(draft.operation), ())
        for field in _near(self._fields_of(draft.operation)) if names else ():
            is_meant = about.startswith(f"{field.place}:") or self._is_in_path(draft, field)
            if field.name in names and not is_meant and draft.get(field) is not ABSENT:
                value = self.texts.value(field.name, field.schema)
                draft = draft if value is None else draft.put(field, value)
        return draft

    def _is_in_path(self, draft: Draft, field: RequestField) -> bool:
        """Tell whether a field repeats the key that the path names."""
        variable = self._values.names.variable_of(draft.operation, field)
        return bool(variable) and draft.parameters.get("path", {}).get(variable) == draft.get(field)

    def better(self, draft: Draft, refused: Exchange) -> Iterator[Draft]:
        """Yield requests that the refusal of one leads to, the likeliest first."""
        fields = self._fields_of(draft.operation)
        if is_taken(refused):
            self.learn(refused, draft)
            yield self.unique(draft)
        named = named_fields(refused, (field for field in fields if field.path and field.where != "path"))
        if _FILE.search(refusal_text(refused)):
            yield from self._with_files(draft, named)
        repeated = [field for field in _near(fields) if is_repeated(refused, draft.get(field))]
        for field in repeated:
            self._values.doubt(draft.operation, field)
        meant = [field for field in fields if field in (*named, *repeated) or not (named or repeated)]
        if not is_taken(refused) and any(self._values.may_be_key(draft.operation, field) for field in meant):
            yield from islice(of_one_row(draft, fields, self._values), _ROWS)
        yield from self._with_references(draft, meant, refusal_text(refused))
        options = [
            (field, list(islice(self._options(draft, field, refusal_text(refused)), MOST_TRIES))) for field in named
        ]
        for number in range(max((len(values) for _, values in options), default=0)):
            changed = draft
            for field, values in options:
                if number < len(values):
                    changed = changed.without(field) if values[number] is ABSENT else changed.put(field, values[number])
            yield changed
        if not named:
            yield from self._others(draft, fields)

    def accepted(
        self,
        base: Draft,
        is_valid: Callable[[Draft], bool],
        sent: Callable[[Draft], Generator[Case, None, Exchange | None]],
    ) -> Generator[Case, None, Draft]:
        """Yield better requests in place of one that is refused, and return the one that is accepted, if any is."""
        name, tries = base.operation.id, 0
        refused = self.outcomes.last.get(name)
        if refused is None or not is_refusal(refused):
            return base
        better = self.better(base, refused)
        while name not in self.outcomes.accepted and tries < MOST_TRIES:
            draft = next(better, None)
            if draft is None:
                break
            if draft != base and is_valid(draft):
                tries += 1
                again = yield from sent(draft)
                if again and refusal_text(again) != refusal_text(refused):
                    refused, better = again, self.better(draft, again)
        return self.outcomes.accepted.get(name, base)

    def bodies(self, refused: Exchange) -> Iterator[Any]:
        """Yield bodies in place of a refused one: what was accepted before, then what the refusal asks for."""
        operation = refused.operation
        if (accepted := self.outcomes.accepted.get(operation.id)) and accepted.body is not ABSENT:
            yield self.unique(accepted).body
        with suppress(ValueError):
            media_type = refused.call.header("Content-Type") or ""
            draft = Draft(operation, self._contract, {}, json_body(refused.call), media_type)
            yield from (improved.body for improved in islice(self.better(draft, refused), MOST_TRIES))

    def _with_references(self, draft: Draft, fields: list[RequestField], refusal: str) -> Iterator[Draft]:
        """Yield the request with keys of other entities where it may want some: those that other operations showed."""
        present = [field for field in _near(tuple(fields)) if draft.get(field) is not ABSENT]
        sent = [draft.get(field) for field in _near(self._fields_of(draft.operation))]
        known = [(field, self._values.references(draft.operation, field, refusal)) for field in present]
        keys = [(field, sorted(references, key=sent.count)) for field, references in known if references]
        for number in range(min(_SAMPLES, max((len(references) for _, references in keys), default=0))):
            changed = draft
            for place, (field, values) in enumerate(keys):
                changed = changed.put_in_each(field, values[(number + place) % len(values) :])
            yield changed

    def _with_files(self, draft: Draft, named: list[RequestField]) -> Iterator[Draft]:
        """Yield the request as a form with files for texts that are named, where the document has such a form."""
        request = draft.operation.request
        names = (
            [media_type.name for media_type in request.media_types if media_type.name.startswith("multipart/")]
            if request
            else []
        )
        changed = draft if draft.media_type in names else replace(draft, media_type=(names or [""])[0])
        for field in named:
            if field.where == "body" and len(field.path) == 1 and field.kind == "string" and not _is_file(field.schema):
                value = draft.get(field)
                text = value if isinstance(value, str) else self._sampler.sample_if_any(field.schema, 0)
                changed = changed.put(field, TextFile(str(text)))
        if names and changed.body != draft.body:
            yield changed

    def _options(self, draft: Draft, field: RequestField, text: str) -> Iterator[Any]:
        """Yield other values of a field: asked for, documented, known, drawn, none."""
        there = draft.get(field)
        shown = (*field.schema.get("examples", ()), *field.schema.get("enum", ()))
        known = self._values.known(draft.operation, field)
        drawn = (self._sampler.sample_if_any(field.schema, number) for number in range(_SAMPLES))
        leaving = () if field.is_required else (ABSENT,)
        for value in chain(known, asked_values(text, field.schema), shown, drawn, leaving):
            if value is not None and value != there:
                yield value

    def _others(self, draft: Draft, fields: tuple[RequestField, ...]) -> Iterator[Draft]:
        """Yield requests that say less, and others at random, where a refusal names no field."""
        smaller = draft
        for field in fields:
            if field.where == "body" and len(field.path) == 1 and not field.is_required:
                smaller = smaller.without(field)
        yield smaller
        root = next(
            (field for field in fields if field.where == "body" and not field.path),
            None,
        )
        for number in range(1, _SAMPLES) if root else ():
            value = self._sampler.sample_if_any(root.outer, number) if root else None
            if value is not None and root:
                yield draft.put(root, value)

    def _fields_of(self, operation: Operation) -> tuple[RequestField, ...]:
        if operation.id not in self._fields:
            self._fields[operation.id] = request_fields(operation, self._contract)
        return self._fields[operation.id]

    def _place(self, operation: Operation) -> str:
        binding = self._bindings.get(operation.id)
        return binding.resource.name if binding else operation.id


def _is_file(schema: Schema) -> bool:
    return schema.get("format") == "binary" or "contentMediaType" in schema


def _near(fields: tuple[RequestField, ...]) -> list[RequestField]:
    """Return the scalars of a body that may have to be unique."""
    return [field for field in fields if field.where == "body" and is_near(field) and field.kind in SCALARS]
