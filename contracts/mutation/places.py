"""Places where a promise can be broken: every documented one of an answer or of a request, a few levels deep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import islice

from docdouble.fakeserver.http.documented import documented_answer, is_patched, response_schema
from docdouble.schemas import Operation, Schema
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.contract.model import EVIDENCE, evidence_of, non_null, nullable, types_of
from docdouble.schemas.http import is_json
from docdouble.schemas.json_pointer import escape_token

from .mutant import Scope

MAX_DEPTH = 3
"""Steps of a pointer; entities refer to each other without end."""

MAX_SPOTS = 500
"""Places of one body."""


@dataclass(frozen=True, slots=True)
class MutationPlace:
    """A documented place: ``*`` in its pointer stands for every item of an array or every value of a dictionary.

    ``schema`` is what is there when it isn't null. ``is_property`` tells it from items and values.
    """

    pointer: str
    schema: Schema
    can_be_null: bool
    is_property: bool
    is_required: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The JSON types that are documented."""
        return types_of(self.schema)

    @property
    def is_record(self) -> bool:
        """Whether it is an object with documented properties."""
        return bool(self.schema.get("properties"))

    @property
    def is_promised(self) -> bool:
        """Whether the property is documented to be there: in a table, or as one that always is."""
        return self.is_required or evidence_of(self.schema) is not None


_Find = Callable[[Operation, Scope], list[MutationPlace]]


def _once_each(find: _Find) -> _Find:
    """Return a function that remembers in the scope what it has found for an operation."""

    @wraps(find)
    def known(operation: Operation, scope: Scope) -> list[MutationPlace]:
        key = find.__name__, operation.id
        if key not in scope.known:
            scope.known[key] = find(operation, scope)
        found: list[MutationPlace] = scope.known[key]
        return found

    return known


@_once_each
def answer_spots(operation: Operation, scope: Scope) -> list[MutationPlace]:
    """Return the places of the JSON that an operation answers."""
    answer = documented_answer(operation)
    names = [one.name for one in answer.media_types] if answer else []
    return _spots(response_schema(answer), scope) if any(map(is_json, names)) else []


@_once_each
def request_spots(operation: Operation, scope: Scope) -> list[MutationPlace]:
    """Return the places of the JSON that an operation is sent; none of patch documents."""
    media_types = operation.request.media_types if operation.request and not is_patched(operation) else ()
    return _spots(primary_schema(media_types), scope) if any(is_json(one.name) for one in media_types) else []


def _spots(schema: Schema | None, scope: Scope) -> list[MutationPlace]:
    places = _walk(schema, scope, "", 0, is_property=False, is_required=False) if schema is not None else ()
    return list(islice(places, MAX_SPOTS))


def _walk(
    schema: Schema, scope: Scope, pointer: str, depth: int, *, is_property: bool, is_required: bool
) -> Iterator[MutationPlace]:
    contract = scope.contract
    resolved = contract.resolve(schema)
    inner = contract.resolve(non_null(resolved))
    has_fact = evidence_of(schema) is not None
    shown = inner if evidence_of(inner) or not has_fact else {**inner, EVIDENCE: schema[EVIDENCE]}
    yield MutationPlace(pointer, shown, nullable(schema) or nullable(resolved), is_property, is_required)
    if depth == MAX_DEPTH:
        return
    required = inner.get("required", ())
    for name, part in inner.get("properties", {}).items():
        below = f"{pointer}/{escape_token(name)}"
        yield from _walk(part, scope, below, depth + 1, is_property=True, is_required=name in required)
    for word in ("items", "additionalProperties"):
        if isinstance(inner.get(word), dict):
            yield from _walk(inner[word], scope, f"{pointer}/*", depth + 1, is_property=False, is_required=False)
