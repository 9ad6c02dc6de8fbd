"""Envelopes of answers: where the rows of a list stand, and where one entity does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any

from ..contract.media_types import primary_schema
from ..contract.model import Contract, Operation, Schema
from ..contract.parameter_values import items_of, properties_of, schema_branches, value_kinds
from ..contract.paths import without_extension
from ..words import singulars
from .list_parameters import PAGING, list_role, name_set, query_values, squeezed
from .page_members import PageMember, page_member

_ROWS = name_set(
    "items data results result value values records list entries content contents rows hits objects edges nodes"
    " elements members resources docs documents entities collection embedded response"
)
"""Names of the rows of a list, and of what holds them, without letter case and separators."""

_ENTITIES = name_set("data result item response payload value entity object record meta")
"""Names of one entity inside of an answer."""

_BESIDE = name_set(
    "object kind type self etag success ok status statuscode message code error errors warnings url path requestid meta"
    " metadata links included jsonapi context schema version time timestamp took"
)
"""Names of what envelopes hold beside the rows."""

MOST_LOOKED_INTO = 10_000
"""Properties of an answer among which its rows are looked for."""

_DEEPEST = 3
"""Objects that may stand around the rows, one in the other."""


@dataclass(frozen=True, slots=True)
class ListedRows:
    """The rows of a list in an answer: the array at ``path``, empty where it is the whole answer.

    ``items`` is the schema of a row; ``inside`` leads from a row to the entity that it shows: the ``node`` of an edge.
    ``members`` tell of the page.
    """

    path: tuple[str, ...]
    items: Schema
    inside: tuple[str, ...] = ()
    members: tuple[PageMember, ...] = ()


@dataclass(frozen=True, slots=True)
class _Array:
    path: tuple[str, ...]
    items: Schema


def answered_schema(operation: Operation) -> Schema | None:
    """Return the schema of the documented success of an operation, ``None`` where it has none."""
    success = operation.success() or operation.response(200)
    return primary_schema(success.media_types) if success else None


def listed_in(operation: Operation, contract: Contract) -> ListedRows | None:
    """Return where an operation answers the rows of a list, ``None`` where it doesn't seem to answer one."""
    branches = tuple(schema_branches(answered_schema(operation), contract))
    if "array" in value_kinds(branches):
        return ListedRows((), items_of(branches))
    if not properties_of(branches):
        return None
    roles = {list_role(asked) for asked in query_values(operation, contract)}
    arrays = list(_arrays(branches, contract, (), count()))
    array = _likeliest(arrays, operation, is_paged=bool(roles & PAGING))
    if array is None:
        return None
    members, others = _members(branches, contract, array.path, has_cursor="cursor" in roles)
    is_named = squeezed(array.path[-1]) in _names_of(operation.path) or not others
    path = without_extension(operation.path)
    stands_above = not path.endswith("}") or (not others and _names_items(path, contract))
    is_list = bool(roles & PAGING) or (stands_above and is_named)
    inside = ("node",) if "node" in properties_of(schema_branches(array.items, contract)) else ()
    return ListedRows(array.path, array.items, inside, tuple(members)) if is_list else None


def _names_items(path: str, contract: Contract) -> bool:
    """Tell whether what stands directly below a path is named by a variable, as what is in a list is."""
    return any(
        other.path.startswith(f"{path}/{{") and other.path.count("/") == path.count("/") + 1
        for other in contract.operations
    )


def wrapped_in(operation: Operation, contract: Contract) -> tuple[str, ...]:
    """Return where an operation that answers one entity has it: empty where the answer is the entity."""
    branches = tuple(schema_branches(answered_schema(operation), contract))
    properties = properties_of(branches)
    objects = [name for name, part in properties.items() if _is_object(part, contract)]
    named = [name for name in objects if squeezed(name) in _names_of(operation.path)]
    if len(named) == 1:
        objects = named
    elif len(objects) != 1 and "data" in objects:
        objects = ["data"]
    others = {name: part for name, part in properties.items() if name not in objects}
    # beside what the path names may stand what that refers to
    beside = [name for name, part in others.items() if not (named and _is_structure(part, contract))]
    if len(objects) != 1 or any(squeezed(name) not in _BESIDE for name in beside):
        return ()
    return (objects[0],) if named or squeezed(objects[0]) in _ENTITIES else ()


def _is_structure(schema: Schema, contract: Contract) -> bool:
    kinds = value_kinds(schema_branches(schema, contract)) - {"null"}
    return bool(kinds) and kinds <= {"object", "array"}


def _is_object(schema: Any, contract: Contract) -> bool:
    return "object" in value_kinds(schema_branches(schema, contract))


def _arrays(
    branches: tuple[Schema, ...], contract: Contract, path: tuple[str, ...], looked_into: Iterator[int]
) -> Iterator[_Array]:
    """Yield the arrays in an object, those deeper inside after them; ``looked_into`` counts the properties."""
    named = takewhile(lambda _: next(looked_into) < MOST_LOOKED_INTO, properties_of(branches).items())
    below = {name: tuple(schema_branches(part, contract)) for name, part in named}
    for name, parts in below.items():
        if "array" in value_kinds(parts):
            yield _Array((*path, name), items_of(parts))
    for name, parts in below.items() if len(path) < _DEEPEST - 1 else ():
        if "object" in value_kinds(parts):
            yield from _arrays(parts, contract, (*path, name), looked_into)


def _likeliest(arrays: list[_Array], operation: Operation, *, is_paged: bool) -> _Array | None:
    """Return the array of the rows: by its name, or because it is the only one."""
    names = _ROWS | _names_of(operation.path)
    around = names | _BESIDE
    for array in arrays:
        if squeezed(array.path[-1]) in names and all(squeezed(step) in around for step in array.path):
            return array
    whole = [array for array in arrays if len(array.path) == 1 and squeezed(array.path[0]) not in _BESIDE]
    return whole[0] if len(whole) == 1 and is_paged else None


def _names_of(path: str) -> frozenset[str]:
    """Return what a path may call its rows, or one of them: ``boats`` and ``boat`` of ``/harbours/{id}/boats``."""
    fixed = [step for step in without_extension(path).split("/") if step and not step.startswith("{")]
    last = squeezed(fixed[-1]) if fixed else ""
    return singulars(last) | {last} if last else frozenset()


def _members(
    branches: tuple[Schema, ...], contract: Contract, rows: tuple[str, ...], *, has_cursor: bool
) -> tuple[list[PageMember], list[tuple[str, ...]]]:
    """Return the members that tell of the page, and the paths of those that tell of something else."""
    leaves = list(_leaves(branches, contract, rows, ()))
    has_total = any(squeezed(path[-1]).startswith("total") for path, _ in leaves)
    members: list[PageMember] = []
    others: list[tuple[str, ...]] = []
    for path, parts in leaves:
        schema = next((part for part in parts if value_kinds([part]) - {"null"}), {})
        kinds = value_kinds(parts) - {"null"}
        member = page_member(path, kinds, schema, has_cursor=has_cursor, is_alone=not has_total)
        if member is not None:
            members.append(member)
        elif squeezed(path[0]) not in _BESIDE | _ROWS:
            others.append(path)
    return members, others


def _leaves(
    branches: tuple[Schema, ...], contract: Contract, rows: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[Schema, ...]]]:
    """Yield the members that are no objects, with their schemas; nothing of the rows."""
    properties: Mapping[str, Any] = properties_of(branches)
    for name, part in properties.items():
        below = (*path, name)
        if below == rows:
            continue
        parts = tuple(schema_branches(part, contract))
        if "object" in value_kinds(parts) and properties_of(parts) and len(below) <= _DEEPEST:
            yield from _leaves(parts, contract, rows, below)
        else:
            yield below, parts
