"""Valid requests that put one odd value wherever it may stand: which place a server stumbles over is found later."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

from ..generation.fields import DEEPEST, RequestField
from .baseline_request import Base
from .boundary import DOUBLE, limits
from .draft import ABSENT, Draft
from .texts import LONGEST, MIXED, RIGHT, USUAL_LENGTH

_DEEPEST_SWEPT = DEEPEST - 1

_WORDED = {"enum", "const", "pattern", "format"}
"""Keywords that forbid most texts."""

Sweep = tuple[str, list[tuple[RequestField, Any]]]
"""Words about the values that are tried, and the fields with them."""


def sweeps(base: Base, ids: Collection[RequestField]) -> Iterator[Sweep]:
    """Yield what may be changed at once; of what says which entities are meant, only at last."""
    near = [field for field in base.fields if 0 < len(field.path) <= _DEEPEST_SWEPT and not field.steers]
    fields = [field for field in near if field.where in ("query", "body")]
    yield "every text empty", [(field, "") for field in fields if _may_be_empty(field)]
    for depth in range(1, _DEEPEST_SWEPT + 1):
        nulls = [field for field in fields if field.where == "body" and len(field.path) == depth and field.may_be_null]
        yield f"every null at depth {depth}", [(field, None) for field in nulls if isinstance(field.path[-1], str)]
    for about, value in (("the greatest", _greatest), ("the least", _least), ("minus one", _minus_one)):
        numbers = [(field, number) for field in fields if (number := value(field)) is not None]
        kept = [(field, number) for field, number in numbers if field not in ids]
        yield f"every number {about}", kept
        yield f"every number {about}, keys as well", numbers if len(numbers) > len(kept) else []
    yield from _mixed([field for field in fields if field not in ids])


def _mixed(fields: Sequence[RequestField]) -> Iterator[Sweep]:
    """Yield the fields with odd texts, with texts of their formats and with values that are listed, one after another.

    Long texts are tried alone: a server may refuse them, and would not show how it takes what else it was sent.
    """
    texts: list[tuple[RequestField, Any]]
    for number, (about, text) in enumerate(MIXED.items()):
        fitting = [(field, _cut(field.schema, text)) for field in fields]
        texts = [(field, cut) for field, cut in fitting if _may_be(field, cut)]
        texts += [(field, [text]) for field in fields if field.where == "query" and _may_hold(field, text)]
        yield f"every text {about}", texts if len(text) >= USUAL_LENGTH else [*texts, *_listed(fields, number)]
    lengths = [(field, limit) for field in fields if _is_free_text(field) and (limit := _longest(field)) is not None]
    yield "every text the longest", [(field, "x" * limit) for field, limit in lengths]
    shortest = [(field, field.schema.get("minLength", 0)) for field in fields if _is_free_text(field)]
    yield "every text the shortest", [(field, "x" * length) for field, length in shortest if length]


def _listed(fields: Sequence[RequestField], number: int) -> Iterator[tuple[RequestField, Any]]:
    """Yield the fields with the value of that number, of those that are listed or known of their formats."""
    for field in fields:
        values = field.schema.get("enum") or RIGHT.get(str(field.schema.get("format", "")), ())
        if values and (field.where == "body" or field.kind == "string"):
            yield field, values[number % len(values)]


def _is_free_text(field: RequestField) -> bool:
    return field.kind == "string" and not _WORDED & field.schema.keys()


def _cut(schema: Schema, text: str) -> str:
    """Return as much of a mixed text as a schema allows; one that is tried for its length stays as it is."""
    return text if len(text) >= USUAL_LENGTH else text[: int(schema.get("maxLength", LONGEST))]


def _may_be(field: RequestField, text: str) -> bool:
    """Tell whether a text is valid in a field; those of several lines, and the longest, are for bodies only."""
    is_short = text.isprintable() and len(text) <= USUAL_LENGTH
    least, most = field.schema.get("minLength", 0), field.schema.get("maxLength", LONGEST)
    return _is_free_text(field) and (field.where == "body" or is_short) and least <= len(text) <= most


def _may_hold(field: RequestField, text: str) -> bool:
    items = field.schema.get("items")
    return field.kind == "array" and isinstance(items, dict) and _may_be(replace(field, schema=items), text)


def _longest(field: RequestField) -> int | None:
    limit = field.schema.get("maxLength", LONGEST + 1)
    return int(limit) if limit <= LONGEST else None


def wrong_sweeps(base: Base) -> Iterator[Sweep]:
    """Yield what mustn't stand in a request, but crashes some servers, and the fields that it is put into at once."""
    near = [field for field in base.fields if 0 < len(field.path) <= _DEEPEST_SWEPT and not field.steers]
    fields = [
        field for field in near if field.where in ("query", "body") and not {"enum", "const"} & field.schema.keys()
    ]
    texts = [field for field in fields if field.kind == "string" and not _may_be_empty(field)]
    yield "empty texts everywhere", [(field, "") for field in texts]
    listed = [field for field in near if field.where == "query" and field.kind == "string" and "enum" in field.schema]
    yield "empty listed parameters everywhere", [(field, "") for field in listed if "" not in field.schema["enum"]]
    numbers = [field for field in fields if field.kind in ("integer", "number") and _minus_one(field) is None]
    yield "minus one everywhere", [(field, -1) for field in numbers]


def swept(base: Base, sweep: Sweep, is_valid: Callable[[Draft], bool]) -> Iterator[Draft]:
    """Yield the request with all changes, or with parts of them where all together aren't valid."""
    _, changes = sweep
    waiting, tries = [changes], _MOST_TRIES
    while waiting and tries:
        some = waiting.pop()
        tries -= 1
        changed = base
        for field, value in some:
            changed = replace(changed, draft=changed.with_value(field, value))
        if not some or changed.draft == base.draft:
            continue
        if is_valid(changed.draft):
            yield changed.draft
        elif len(some) > 1:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]


_MOST_TRIES = 8


def respelled(base: Base) -> Draft | None:
    """Return the request with the first letters of its names in the other case; ``None`` where that changes nothing."""
    known = {field.path for field in base.fields if field.where == "body"}
    body = _respelled(base.draft.body, (), known)
    return replace(base.draft, body=body) if base.draft.body is not ABSENT and body != base.draft.body else None


def _respelled(value: Any, path: tuple[str | int, ...], known: Collection[tuple[str | int, ...]]) -> Any:
    if isinstance(value, list):
        return [_respelled(part, (*path, 0), known) for part in value]
    if not isinstance(value, dict):
        return value
    spelled = {}
    for name, part in value.items():
        swapped = name[:1].swapcase() + name[1:]
        is_free = (*path, name) in known and swapped not in value and swapped not in spelled
        spelled[swapped if is_free else name] = _respelled(part, (*path, name), known)
    return spelled


def _may_be_empty(field: RequestField) -> bool:
    return _is_free_text(field) and not field.schema.get("minLength")


def _greatest(field: RequestField) -> float | None:
    return _edge(field, 1)


def _least(field: RequestField) -> float | None:
    return _edge(field, -1)


def _edge(field: RequestField, sign: int) -> float | None:
    """Return the greatest or the least number of a field: the documented one, else that of any."""
    if not _is_free_number(field):
        return None
    low, high = limits(field.schema)
    edge = high if sign > 0 else low
    if edge is None and field.kind == "integer":
        edge = INTEGER_RANGES["int64"][sign > 0]
    elif edge is None:
        edge = sign * DOUBLE
    return int(edge) if field.kind == "integer" else edge


def _minus_one(field: RequestField) -> int | None:
    if not _is_free_number(field) or field.kind != "integer":
        return None
    low, high = limits(field.schema)
    return -1 if (low is None or low <= -1) and (high is None or high >= -1) else None


def _is_free_number(field: RequestField) -> bool:
    return field.kind in ("integer", "number") and not {"enum", "const", "multipleOf"} & field.schema.keys()
