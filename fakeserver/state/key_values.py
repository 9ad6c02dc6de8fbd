"""Keys of entities as values: a number for each text that callers name, and the text of each number.

The entities that were drawn, and those that a server makes, have small numbers, of which their keys are made. A text
that a caller chooses has a large one, which follows from the text alone, so that all processes agree.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from threading import Lock
from typing import Any
from urllib.parse import quote

from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract.parameter_values import member_of, schema_branches
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.documented_keys import DocumentedKeys
from docdouble.schemas.resources.entity_keys import kinds_shown
from docdouble.schemas.resources.list_parameters import squeezed

from ..sampler import Sampler
from ..sampler.meaning.identifiers import id_texts
from ..sampler.narrow import flattened
from ..sampler.seeds import mix, salt
from ..sampler.shapes import value_test

CHOSEN = 2**32
"""Numbers from here on are those of texts that callers chose."""

MOST_KEYS = 20_000
"""Keys that are texts are made for so many entities of a resource, or for the whole population where that is larger."""

_TRIES = 64
"""Texts that are drawn for a number, until one is no other number's."""

_DIGITS = 18

_NO_KEY = re.compile(r"-\d+|0+", re.ASCII)
"""A number that is the key of nothing."""


@dataclass(frozen=True, slots=True)
class EntityScope:
    """The entities of a resource that stand below the same parents, which their paths name."""

    resource: Resource
    parents: tuple[str, ...] = ()

    @property
    def rows(self) -> str:
        """The name under which a world keeps them."""
        below = "/".join(quote(parent, safe="") for parent in self.parents)
        return f"{self.resource.name}?{below}" if self.parents else self.resource.name

    @property
    def salt(self) -> int:
        """The number that makes its entities differ from those below other parents."""
        return salt(self.rows)


@dataclass
class _Texts:
    """The texts of the numbers from 1 on, as far as they were asked for; no more follow where it ``ends``."""

    of_numbers: list[Any] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    ends: bool = False


class KeyValues:
    """The keys of the resources of one contract; ``sampler`` draws them, whatever a call prefers."""

    def __init__(self, contract: Contract, sampler: Sampler, schema_of: Callable[[Resource], Schema]) -> None:
        self._contract = contract
        self._sampler = sampler
        self._schema_of = schema_of
        self._schema = cache(self._find_schema)
        self._documented = DocumentedKeys(contract)
        self._known: dict[str, _Texts] = {}
        self._lock = Lock()

    def is_number(self, resource: Resource) -> bool:
        """Tell whether the key of an entity is its number."""
        return kinds_shown(self._schema(resource.name)[1], self._contract) == {"integer"}

    def number(self, scope: EntityScope, key: Any, drawn: int) -> int:
        """Return the number of a key, 0 for what can be none; ``drawn`` entities have keys that were made for them."""
        resource = scope.resource
        if _NO_KEY.fullmatch(str(key)) and (type(key) is int or self.is_number(resource)):
            return 0
        if self.is_number(resource):
            text = str(key)
            is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
            # a path may take any text though what it names shows an integer
            return int(text) - self._before(resource) if is_number else chosen_number(text)
        known = self._texts(scope, drawn).numbers.get(str(key), 0)
        return known if 0 < known <= drawn else chosen_number(str(key))

    def value(self, scope: EntityScope, number: int) -> Any:
        """Return the key of an entity that was drawn, or that a server made; ``None`` where there are no more keys."""
        if scope.resource.singleton:
            return None
        if self.is_number(scope.resource):
            return number + self._before(scope.resource)
        if number >= CHOSEN:
            return None  # that of a text that a caller chose, of which nothing is left
        if not 0 < number <= max(MOST_KEYS, self._sampler.world.population):
            return None  # a number that only a reference mentions
        texts = self._texts(scope, number).of_numbers
        return texts[number - 1] if number <= len(texts) else None

    def _before(self, resource: Resource) -> int:
        """Return what the keys of entities are larger than their numbers, where small ones aren't allowed."""
        least = self._schema(resource.name)[1].get("minimum", 0)
        return max(0, least - 1) if type(least) is int else 0

    def _find_schema(self, name: str) -> tuple[str, Schema]:
        """Return what a key is called, and its schema: what shows it and what asks for it say, together."""
        resource = next(resource for resource in self._contract.resources.resources if resource.name == name)
        shown: Schema = self._schema_of(resource)
        for step in resource.key.split("/") if resource.key else ():
            shown = member_of(tuple(schema_branches(shown, self._contract)), step)
        asked = self._asked(resource)
        called = resource.key.rpartition("/")[2] or resource.variable or "id"
        if not resource.key:
            return called, asked or {"type": "string"}
        kinds, asked_kinds = kinds_shown(shown, self._contract), kinds_shown(asked, self._contract)
        if kinds == {"string"} and asked_kinds == {"integer"} and value_test(shown, self._contract)("1"):
            return called, asked  # numerals, which rows show as text
        if kinds == {"integer"} or asked_kinds != {"string"}:
            return called, shown or {"type": "string"}
        return called, {"allOf": [shown, asked]} if shown else asked

    def _asked(self, resource: Resource) -> Schema:
        """Return the schema of the variable that names an entity."""
        operations: Mapping[str, Operation] = {operation.id: operation for operation in self._contract.operations}
        for role in resource.roles:
            for parameter in operations[role.operation].parameters if role.key and role.operation in operations else ():
                if role.key and parameter.location == "path" and parameter.name == role.key.name:
                    return parameter.schema
        return {}

    def _texts(self, scope: EntityScope, count: int) -> _Texts:
        """Return the texts of at least so many numbers, as far as there are."""
        known = self._known.setdefault(scope.rows, _Texts())
        if len(known.of_numbers) >= count or known.ends:
            return known
        with self._lock:
            called, schema = self._schema(scope.resource.name)
            if not known.of_numbers and not scope.parents:
                for key in self._documented.of(scope.resource)[:count]:
                    _add(known, str(key))
            named = self._contract.resolve(flattened(schema, self._contract))
            candidates = self._candidates(scope, called, flattened(named, self._contract))
            while len(known.of_numbers) < count and not known.ends:
                text = _first_free(candidates(len(known.of_numbers) + 1), known.numbers)
                known.ends = not text
                if text:
                    _add(known, text)
        return known

    def _candidates(self, scope: EntityScope, called: str, schema: Schema) -> Callable[[int], Iterator[str]]:
        """Return the function for what may be the key of a number, the likeliest first."""
        identifies = squeezed(called).endswith(("id", "uuid", "guid"))
        salted = scope.salt if identifies and scope.parents else salt(scope.resource.name)
        seed = self._sampler.world.seed
        made = id_texts(schema, called, mix(salted, seed))
        draw, fits = self._sampler.drawn(schema, called), value_test(schema, self._contract)

        def candidates(number: int) -> Iterator[str]:
            text = made(number)
            if fits(text):
                yield text
            keys = (mix(salted ^ number, attempt) for attempt in range(_TRIES))
            yield from (_text(draw(key, key)) for key in keys)

        return candidates


def _add(known: _Texts, text: str) -> None:
    known.of_numbers.append(text)
    known.numbers[text] = len(known.of_numbers)


def _first_free(texts: Iterable[str], taken: Mapping[str, int]) -> str:
    """Return the first text that no other number has and that a path holds as it is, else any; empty for none."""
    other = ""
    for text in texts:
        if text and text not in taken:
            if quote(text, safe="") == text:
                return text
            other = other or text
    return other


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def chosen_number(text: str) -> int:
    """Return the number of a text that a caller chose: the same in any process."""
    return CHOSEN + int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % 2**62
