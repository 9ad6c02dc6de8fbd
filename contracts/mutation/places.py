"""Places where a promise can be broken: every documented one of an answer or of a request, a few levels deep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import islice

from docdouble.fakeserver.http.codecs import Content
from docdouble.fakeserver.http.documented import documented_answer, is_patched, response_schema
from docdouble.schemas import Operation, Response, Schema
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.contract.model import EVIDENCE, evidence_of, is_left_out, non_null, nullable, types_of
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.json_pointer import escape_token, unescape_token
from docdouble.schemas.jsonschema.directions import operation_of

from ..checks.helpers import is_xml
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
    is_closed: bool = False
    """Whether it is a property of an object that documents all of its properties."""

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
            scope.known[key] = find(operation_of(scope.contract, operation), scope)
        places: list[MutationPlace] = scope.known[key]
        return places

    return known


@_once_each
def answer_spots(operation: Operation, scope: Scope) -> list[MutationPlace]:
    """Return the places of the JSON that an operation answers when it succeeds."""
    answer = _success(operation)
    names = [content.name for content in answer.media_types] if answer else []
    return _spots(response_schema(answer), scope) if any(map(is_json, names)) else []


def _success(operation: Operation) -> Response | None:
    answer = documented_answer(operation)
    return answer if answer and (answer.status.startswith("2") or not answer.status.isdigit()) else None


@_once_each
def request_spots(operation: Operation, scope: Scope) -> list[MutationPlace]:
    """Return the places of the JSON that an operation is sent; none of patch documents."""
    media_types = operation.request.media_types if operation.request and not is_patched(operation) else ()
    return _spots(primary_schema(media_types), scope) if any(is_json(content.name) for content in media_types) else []


@_once_each
def xml_spots(operation: Operation, scope: Scope) -> list[MutationPlace]:
    """Return the places of the XML that an operation answers, as those of the value that it says."""
    content = xml_content(operation, scope)
    return _spots(content.schema, scope) if content else []


def xml_content(operation: Operation, scope: Scope) -> Content | None:
    """Return what is documented of the XML that an operation answers, ``None`` where there is none."""
    answer = _success(operation_of(scope.contract, operation))
    schemas = (content.schema for content in (answer.media_types if answer else ()) if is_xml(media_type(content.name)))
    schema = next((schema for schema in schemas if schema is not None), None)
    return Content(schema, scope.contract) if schema is not None else None


def _spots(schema: Schema | None, scope: Scope) -> list[MutationPlace]:
    return list(islice(_walk(schema, scope, "", 0), MAX_SPOTS)) if schema is not None else []


def _walk(
    schema: Schema, scope: Scope, pointer: str, depth: int, owner: Schema | None = None
) -> Iterator[MutationPlace]:
    contract = scope.contract
    resolved = contract.resolve(schema)
    inner = contract.resolve(non_null(resolved))
    has_fact = evidence_of(schema) is not None
    shown = inner if evidence_of(inner) or not has_fact else {**inner, EVIDENCE: schema[EVIDENCE]}
    is_required = owner is not None and unescape_token(pointer.rpartition("/")[2]) in owner.get("required", ())
    can_be_null = nullable(schema) or nullable(resolved)
    yield MutationPlace(pointer, shown, can_be_null, owner is not None, is_required, _is_closed(owner))
    if depth == MAX_DEPTH:
        return
    for name, part in inner.get("properties", {}).items():
        if not is_left_out(part):
            yield from _walk(part, scope, f"{pointer}/{escape_token(name)}", depth + 1, inner)
    for word in ("items", "additionalProperties"):
        if isinstance(inner.get(word), dict):
            yield from _walk(inner[word], scope, f"{pointer}/*", depth + 1)


def _is_closed(owner: Schema | None) -> bool:
    """Tell whether an object documents all of its properties, by leaving others out of the documentation at least."""
    if owner is None:
        return False
    return not owner.get("additionalProperties") and not {"anyOf", "oneOf", "if", "patternProperties"} & owner.keys()
