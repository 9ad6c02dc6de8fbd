"""Writes that stick: what the calls of an operation with a role do to a world, and which entities answer them.

The roles are those that were worked out of the documentation, see ``docdouble.schemas.resource``. Nothing here answers:
a ``Change`` tells whose values are shown, and the sampler shows them as the world has them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from docdouble.schemas import Contract, Operation
from docdouble.schemas.message import Headers
from docdouble.schemas.resource import Criterion, Place, Resource, Role

from .behaviours.conditional import last_modified, precondition
from .documented import body_schema, documented_answer
from .patch import Patch, same
from .request import Request
from .sampler import Sampler
from .sampler.present import Values
from .saying import Sayings, Stamp, combined, moment_after, stamped, stamps, type_of, whole_number
from .stores.store import Row
from .worlds import RefusedChangeError, View

MOST_BYTES = 1024 * 1024
"""Bytes of JSON that may be said of one entity."""

_VARIABLE = re.compile(r"\{[^{}]*\}")

_DIGITS = re.compile(r"[0-9]{1,18}")
"""A key that is documented as a text."""

WRITING = frozenset({"create", "save", "update", "patch", "delete"})
"""Roles that change the world."""

DRAFT, FIRST = 0, 1
"""The key of an entity that isn't kept, and the one of the first that is."""


@dataclass(frozen=True, slots=True)
class Change:
    """What comes of a call: ``numbers`` of the entities that are shown, and the ``rows`` that are written.

    ``missing`` says what there is none of, ``unmet`` is the status where a condition doesn't hold, of a thing that was
    last changed at ``changed``.
    """

    numbers: Sequence[int] = ()
    rows: tuple[Row, ...] = ()
    missing: str = ""
    unmet: int = 0
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """What an operation does: its role, and the resource that it has it for."""

    role: Role
    resource: Resource

    @property
    def writes(self) -> bool:
        """Whether it changes the world."""
        return self.role.name in WRITING


class State:
    """What the operations of one contract do to a world."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        resources = contract.resources.resources
        self.stateful = frozenset(one.name for one in resources if not one.collection)
        self._acting = {role.operation: Acting(role, one) for one in resources for role in one.roles}
        self._by_key = {key: one for one in resources if not one.collection for key in one.views.values()}
        self._items = dict(self._find_items())
        self._owner = cache(self._find_owner)
        self._sayings = Sayings(contract, self.stateful)
        self._stamps: dict[str, tuple[Stamp, ...]] = {}

    def _find_items(self) -> Iterator[tuple[str, Resource]]:
        """Yield the paths whose last variable tells which entity is read, without the names of variables."""
        for operation in self._contract.operations:
            acting = self._acting.get(operation.id)
            if acting and acting.role.name == "read" and operation.path.endswith("}"):
                yield _template(operation.path), acting.resource

    def _find_owner(self, path: str) -> tuple[Resource, str] | None:
        """Return the resource below whose entities a path leads, and the variable that tells which."""
        steps = path.split("/")
        heads = ("/".join(steps[:end]) for end in range(len(steps), 0, -1) if steps[end - 1].startswith("{"))
        found = ((self._items.get(_template(head)), head.rpartition("{")[2].rstrip("}")) for head in heads)
        return next(((resource, name) for resource, name in found if resource), None)

    def location(self, change: Change, acting: Acting) -> Headers:
        """Return where a new entity is read (RFC 9110, section 10.2.2), where its key in a path tells that."""
        reads = (one for one in acting.resource.roles if one.name == "read" and one.key and one.key.location == "path")
        paths = {operation.id: operation.path for operation in self._contract.operations}
        read = min((paths[one.operation] for one in reads), key=len, default="")
        numbers = change.numbers if read.count("{") == 1 else ()
        return tuple(("Location", _VARIABLE.sub(str(number), read)) for number in numbers[:1])

    def missing(self, request: Request, view: View) -> str:
        """Say what there is none of: the entity below which a request leads, where such a 404 is documented."""
        owner = self._owner(request.operation.path) if request.operation.response(404) else None
        number = _number(request.parameters.get(owner[1])) if owner else None
        return _missing(owner[0], [number]) if owner and number and view.is_gone(owner[0].name, number) else ""

    def acting(self, operation: Operation) -> Acting | None:
        """Return what an operation does, ``None`` where nobody knows."""
        return self._acting.get(operation.id)

    def known(self, acting: Acting, view: View, sampler: Sampler) -> View | None:
        """Return what the sampler shows while an operation is answered: of all collections of its types, its own."""
        resource = acting.resource
        key = sampler.key(next(iter(resource.views))) if resource.collection and view.known else None
        return view.with_collection(key.resource, resource.name) if key else view.known

    def views(self, resource: Resource) -> tuple[str, ...]:
        """Return the types that show an entity, the one that shows most of it first."""
        schemas = self._contract.schemas
        return tuple(sorted(resource.views, key=lambda name: -len(schemas[name].get("properties", {}))))

    def told(self, type_name: str, number: int, entity: Mapping[str, Any], sampler: Sampler) -> Values:
        """Return what is said of an entity by an object of a type that shows it."""
        return self._sayings.said(type_name, sampler.entity(type_name, number), entity, sampler, whole=False)

    def change(self, acting: Acting, request: Request, view: View, sampler: Sampler) -> Change:
        """Return what comes of a request in a world, which ``sampler`` must be showing.

        Raises ``PatchConflictError`` for a patch that doesn't fit, and ``RefusedChangeError`` for an entity that is too
        large.
        """
        role, resource = acting.role, acting.resource
        if role.entity and role.entity.name and _value(role.entity, request) is None:
            return Change()
        match role.name:
            case "draft":
                return Change((DRAFT,))
            case "list" | "search" if role.key is None:
                return self._found(acting, request, view, sampler)
            case "create" | "save":
                return self._saved(acting, request, view, sampler)
        keys = _keys(role, request) or [_key_in(_value(role.entity, request), resource)]
        known = [number for number in keys if not view.is_gone(resource.name, number)]
        if role.name == "delete" and not known and request.operation.response(404) is None:
            return Change()
        if role.many:
            rows = tuple(Row(resource.name, number, None) for number in known) if role.name == "delete" else ()
            return Change(known, rows)
        if not known:
            return Change(missing=_missing(resource, keys))
        return self._of_one(acting, request, view, sampler, known[0])

    def _of_one(self, acting: Acting, request: Request, view: View, sampler: Sampler, number: int) -> Change:
        """Return what comes of a request for one entity that there is."""
        role, resource = acting.role, acting.resource
        if role.name not in WRITING:
            return Change((number,))
        changed = self._changed(resource, number, sampler)
        if unmet := precondition(request.operation, request.call, changed):
            return Change((number,), unmet=unmet, changed=changed)
        if role.name == "delete":
            return Change((number,), (Row(resource.name, number, None),))
        if isinstance(request.body, Patch):
            row = self._patched(acting, request, view, sampler, number, request.body)
        else:
            row = self._row(acting, _value(role.entity, request), request.operation, number, view, sampler)
        return Change((number,), (row,))

    def _saved(self, acting: Acting, request: Request, view: View, sampler: Sampler) -> Change:
        """Return what comes of entities that are sent: new ones, and known ones where they are told by a key."""
        role, resource = acting.role, acting.resource
        sent = _value(role.entity, request)
        following = view.following(resource.name)
        rows: dict[int, Row] = {}
        for one in sent if role.many and isinstance(sent, list) else [sent]:
            number = _key_in(one, resource) if role.name == "save" else 0
            if number and view.is_gone(resource.name, number):
                return Change(missing=_missing(resource, [number]))
            if not number:
                number, following = following, following + 1
            rows[number] = self._row(acting, one, request.operation, number, view, sampler)
        return Change(tuple(rows), tuple(rows.values()))

    def _row(self, acting: Acting, sent: Any, operation: Operation, number: int, view: View, sampler: Sampler) -> Row:
        """Return the row of an entity that is sent in a request's body."""
        resource = acting.resource
        type_name = self._type_sent(acting, operation)
        sent = sent if isinstance(sent, Mapping) else {}
        new = self._sayings.changed(type_name, _shown(resource, number, sampler), sent, sampler, whole=False)
        return self._stamped(resource, number, new, view, sampler)

    def _patched(
        self, acting: Acting, request: Request, view: View, sampler: Sampler, number: int, patch: Patch
    ) -> Row:
        resource = acting.resource
        type_name = type_of(body_schema(documented_answer(request.operation)), self._contract)
        before = sampler.entity(type_name, number)
        after = patch.applied(before)
        removed = dict.fromkeys(before.keys() - after.keys())
        shown = _shown(resource, number, sampler)
        new = self._sayings.changed(type_name, shown, {**after, **removed}, sampler, whole=True)
        return self._stamped(resource, number, new, view, sampler)

    def _stamped(self, resource: Resource, number: int, new: Mapping[str, Any], view: View, sampler: Sampler) -> Row:
        """Return the row with all that is said of an entity; raises ``RefusedChangeError`` where that is too much."""
        known = view.said(resource.name, number)
        is_new = known is None and number > view.population
        previous = None if is_new else self._changed(resource, number, sampler)
        by_server = stamped(self._stamps_of(resource, sampler), moment_after(previous), is_new=is_new)
        values = combined(known or {}, {**new, **by_server})
        _check(values, f"{resource.name} {number}")
        return Row(resource.name, number, values)

    def _changed(self, resource: Resource, number: int, sampler: Sampler) -> datetime | None:
        """Return when an entity was last changed, as the first of its views that tells it does."""
        shown = (sampler.entity(view, number) for view in resource.views)
        return next((moment for one in shown if (moment := last_modified(one))), None)

    def _stamps_of(self, resource: Resource, sampler: Sampler) -> tuple[Stamp, ...]:
        """Return the properties of all views that tell of changes; they are written alike by all samplers."""
        known = self._stamps.get(resource.name)
        if known is None:
            found = {one.name: one for view in resource.views for one in stamps(view, sampler)}
            known = self._stamps[resource.name] = tuple(found.values())
        return known

    def _type_sent(self, acting: Acting, operation: Operation) -> str:
        """Return the type of the entities that an operation's requests hold."""
        media_types = operation.request.media_types if operation.request else ()
        schema: Any = next((one.schema for one in media_types if one.schema is not None), {})
        place = acting.role.entity
        if place and place.name:
            schema = self._contract.resolve(schema).get("properties", {}).get(place.name, {})
        return type_of(schema, self._contract)

    def _found(self, acting: Acting, request: Request, view: View, sampler: Sampler) -> Change:
        """Return the entities that fulfil all criteria of a request; all where it tells none."""
        wanted = [(one, value) for one in acting.role.criteria if (value := _value(one.place, request)) is not None]
        for criterion, value in wanted:
            owner = self._by_key.get(criterion.property.rpartition("/")[2])
            if criterion.place.location == "path" and owner and view.is_gone(owner.name, value):
                return Change(missing=_missing(owner, [value]))
        numbers = view.numbers(acting.resource.name)
        return Change([number for number in numbers if _fulfils(wanted, number, sampler)] if wanted else numbers)


def _shown(resource: Resource, number: int, sampler: Sampler) -> dict[str, Mapping[str, Any]]:
    """Return what each view shows of an entity."""
    return {view: sampler.entity(view, number) for view in resource.views}


def about_first(body: Any, acting: Acting) -> Any:
    """Return a sample of a request's body with the key of the first entity, which exists, where it tells a key."""
    role, keys = acting.role, set(acting.resource.views.values())
    is_named = isinstance(body, dict)
    if role.key and role.key.location == "body" and (not role.key.name or (is_named and role.key.name in body)):
        key = [FIRST] if role.many else FIRST
        return {**body, role.key.name: key} if role.key.name else key
    if role.entity is None or (role.entity.name and not is_named):
        return body
    name = role.entity.name
    return {**body, name: _of_first(body.get(name), keys)} if name else _of_first(body, keys)


def _of_first(entity: Any, keys: set[str]) -> Any:
    if isinstance(entity, list):
        return [_of_first(one, keys) for one in entity[:1]]
    return {**entity, **dict.fromkeys(entity.keys() & keys, FIRST)} if isinstance(entity, dict) else entity


def _fulfils(wanted: Iterable[tuple[Criterion, Any]], number: int, sampler: Sampler) -> bool:
    for criterion, value in wanted:
        shown = sampler.entity(criterion.view, number)
        for step in criterion.property.split("/"):
            shown = shown.get(step) if isinstance(shown, dict) else None
        if not same(shown, value):
            return False
    return True


def _value(place: Place | None, request: Request) -> Any:
    """Return what stands at a place of a request, ``None`` where nothing does."""
    if place is None:
        return None
    if place.location != "body":
        return request.parameters.get(place.name)
    body = request.body
    if not place.name:
        return body
    return body.get(place.name) if isinstance(body, dict) else None


def _keys(role: Role, request: Request) -> list[int]:
    """Return the keys that a request tells, each once; an undescribed body may hold their array under some name."""
    told = _value(role.key, request)
    if isinstance(told, dict):
        told = next((one for one in told.values() if isinstance(one, list)), None)
    found = told if isinstance(told, list) else [told]
    return list(dict.fromkeys(number for one in found if (number := _number(one)) is not None))


def _number(told: Any) -> int | None:
    """Return the key that a value tells, which pages may document as a text."""
    return int(told) if isinstance(told, str) and _DIGITS.fullmatch(told) else whole_number(told)


def _template(path: str) -> str:
    """Return a path without letter case and the names of its variables."""
    return _VARIABLE.sub("{}", path).lower()


def _check(values: Values, name: str) -> None:
    """Raise ``RefusedChangeError`` where what is said of an entity can't be kept."""
    try:
        size = len(orjson.dumps(values))
    except orjson.JSONEncodeError as error:  # integers of more than 64 bits, octets of a form, what is too deep
        raise RefusedChangeError(f"{name} can't be kept: {error}") from error
    if size > MOST_BYTES:
        raise RefusedChangeError(f"{name} would have more than {MOST_BYTES} bytes")


def _key_in(sent: Any, resource: Resource) -> int:
    """Return the key of an entity that is sent, 0 for a new one."""
    known = set(resource.views.values())
    found = (value for name, value in sent.items() if name in known) if isinstance(sent, dict) else ()
    return next((number for value in found if (number := whole_number(value)) and number > 0), 0)


def _missing(resource: Resource, numbers: Iterable[int]) -> str:
    told = ", ".join(map(str, numbers))
    return f"{resource.collection} has no {told}" if resource.collection else f"there is no {resource.name} {told}"
