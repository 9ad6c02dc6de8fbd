"""Writes that stick: what the calls of an operation with a role do to a world, and which entities answer them.

The roles are those that were worked out of the documentation, see ``docdouble.schemas.contract.resources``.
Nothing here answers:
a ``EntityChange`` tells whose values are shown, and the sampler shows them as the world has them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.model import reference
from docdouble.schemas.contract.paths import unnamed_template
from docdouble.schemas.contract.resources import Criterion, Resource, Role
from docdouble.schemas.http import Headers
from docdouble.schemas.jsonschema.directions import component_without_direction
from docdouble.schemas.resources.audit_properties import says_deleted
from docdouble.schemas.resources.bindings import Binding, RequestValues, bindings, entity_schema
from docdouble.schemas.resources.documented_keys import DocumentedKeys
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.path_resources import path_template
from docdouble.schemas.resources.signature import object_properties, typed_value

from ..behaviours.conditional_requests import last_modified, precondition
from ..http.documented import documented_answer, response_schema
from ..requests.patch import Patch, same
from ..requests.request_reader import Request
from ..sampler import Sampler
from ..sampler.meaning.initial_values import initial_values
from ..sampler.overlay import EntityValues
from .action_effects import action_effect
from .change_moments import moment_after, with_moments
from .edits import RequestEdits, Stamp, combined, stamped, stamps, whole_number
from .entity_change import EntityChange, missing_text, taken_text
from .request_entities import entity_in, received_entity, request_values
from .soft_deletion import asks_for_deleted, deletion_effect, keeps_deleted
from .stores.store import EntityRow
from .worlds import WorldView, check_kept

_DIGITS = re.compile(r"[0-9]{1,18}")
"""A key that is documented as a text."""

_TOO_LARGE = 2**63
"""Stores keep integers of 64 bits."""

DRAFT, FIRST = 0, 1
"""The key of an entity that isn't kept, and the one of the first that is."""


@dataclass(frozen=True, slots=True)
class _EditedEntity:
    """An entity that a call is to change, in a world, and what each of its views shows until then.

    ``is_new`` tells that the call makes it.
    """

    resource: Resource
    number: int
    shown: Mapping[str, Mapping[str, Any]]
    view: WorldView
    sampler: Sampler
    is_new: bool = False

    @property
    def changed(self) -> datetime | None:
        """When it was last changed, as the first of its views that tells it does."""
        return next((moment for view in self.shown.values() if (moment := last_modified(view))), None)

    def affected(self, effect: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that an action or a deletion gives it."""
        shown = {name.lower(): value for view in self.shown.values() for name, value in view.items()}
        return with_moments(effect, shown, moment_after(self.changed))


class State:
    """Effects of the operations of one contract on a world."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        resources = contract.resources.resources
        self.stateful = frozenset(
            resource.name for resource in resources if not resource.collection and not resource.path
        )
        self._bindings = bindings(contract)
        self._keys = DocumentedKeys(contract)
        reads = tuple(self._find_reads())
        self._items = {path_template(path): resource for path, resource in reads}
        self._paths = {resource.name: path for path, resource in reads if path.count("{") == 1}
        self._owner = cache(self._find_owner)
        self._takes_keys = cache(self._find_takes_keys)
        self._deletion = cache(lambda name: _find_deletion(name, contract))
        self.documented = cache(self._find_documented)
        self._edits = RequestEdits(contract, self.stateful)
        self._stamps: dict[str, tuple[Stamp, ...]] = {}

    def _find_reads(self) -> Iterator[tuple[str, Resource]]:
        """Yield the paths whose last variable tells which entity is read."""
        for operation in self._contract.operations:
            acting = self._bindings.get(operation.id)
            is_read = acting is not None and acting.role.name == "read" and not acting.resource.path
            if acting and is_read and operation.path.endswith("}"):
                yield operation.path, acting.resource

    def _find_documented(self, name: str) -> frozenset[int]:
        """Return the ids that samples name of a resource; none of one that isn't kept."""
        named = (owner for owner in self._contract.resources.resources if owner.name == name and not owner.singleton)
        keys = (key for resource in named for key in self._keys.of(resource))
        return frozenset(_numbers(keys))

    def _find_owner(self, path: str) -> tuple[Resource, str] | None:
        """Return the resource below whose entities a path leads, and the variable that tells which."""
        steps = path.split("/")
        heads = ("/".join(steps[:end]) for end in range(len(steps), 0, -1) if steps[end - 1].startswith("{"))
        owners = ((self._items.get(path_template(head)), head.rpartition("{")[2].rstrip("}")) for head in heads)
        return next(((resource, name) for resource, name in owners if resource), None)

    def location(self, change: EntityChange, acting: Binding) -> Headers:
        """Return where a new entity is read (RFC 9110, section 10.2.2), where its key in a path tells that."""
        path = self._paths.get(acting.resource.name)
        numbers = change.numbers[:1] if path else ()
        return tuple(("Location", unnamed_template(path or "").replace("{}", str(number))) for number in numbers)

    def missing(self, request: Request, view: WorldView) -> str:
        """Return the message that the entity below which a request leads is missing, where such a 404 is documented."""
        owner = self._owner(request.operation.path)
        number = _number(request.parameters.get(owner[1])) if owner and request.operation.response(404) else None
        return missing_text(owner[0], [number]) if owner and number and view.is_gone(owner[0].name, number) else ""

    def acting(self, operation: Operation) -> Binding | None:
        """Return what an operation does, ``None`` where nobody knows."""
        return self._bindings.get(operation.id)

    def known(self, resource: Resource, view: WorldView, sampler: Sampler) -> WorldView | None:
        """Return what the sampler shows of the entities of a resource: of all collections of its types, its own."""
        key = sampler.key(next(iter(resource.views))) if resource.collection and view.known else None
        return view.with_collection(key.resource, resource.name) if key else view.known

    def views(self, resource: Resource) -> tuple[str, ...]:
        """Return the types that show an entity, the one that shows most of it first."""
        return tuple(sorted(resource.views, key=lambda name: -len(object_properties(reference(name), self._contract))))

    def entity_values(self, type_name: str, number: int, entity: Mapping[str, Any], sampler: Sampler) -> EntityValues:
        """Return the values that an object of a type gives the entity that it shows."""
        return self._edits.entity_values(type_name, sampler.entity(type_name, number), entity, sampler, whole=False)

    def change(self, acting: Binding, request: Request, view: WorldView, sampler: Sampler) -> EntityChange:
        """Return the result of a request in a world, which ``sampler`` must be showing.

        Raises ``PatchConflictError`` for a patch that doesn't fit, and ``RefusedChangeError`` for an entity that is too
        large.
        """
        role, resource = acting.role, acting.resource
        values = request_values(request)
        if role.entity and role.entity.name and not any(value is not None for value in values.at(role.entity)):
            return EntityChange()
        match role.name:
            case "draft":
                return EntityChange((DRAFT,))
            case "list" | "search" if role.key is None:
                missing = self.missing(request, view)
                return EntityChange(missing=missing) if missing else self._listed(acting, values, view, sampler)
            case "create" | "save":
                return self._saved(acting, request, view, sampler)
        sent = entity_in(request, acting)
        keys = _numbers(acting.keys(values)) or [_number_sent(sent, request, acting, self._contract)]
        known = [number for number in keys if not view.is_gone(resource.name, number)]
        if role.name == "delete" and not known and request.operation.response(404) is None:
            return EntityChange()
        if role.many:
            rows = tuple(EntityRow(resource.name, number, None) for number in known) if role.name == "delete" else ()
            return EntityChange(known, rows)
        if not known:
            return EntityChange(missing=missing_text(resource, keys))
        return self._of_one(acting, request, view, sampler, known[0])

    def _of_one(
        self, acting: Binding, request: Request, view: WorldView, sampler: Sampler, number: int
    ) -> EntityChange:
        """Return what comes of a request for one entity that there is."""
        role, resource = acting.role, acting.resource
        if not role.writes:
            return EntityChange((number,))
        target = _target(resource, number, view, sampler)
        if unmet := precondition(request.operation, request.call, target.changed):
            return EntityChange((number,), unmet=unmet, changed=target.changed)
        if role.name == "delete":
            marks = self._deletion(resource.name)
            row = self._stamped(target, target.affected(marks)) if marks else EntityRow(resource.name, number, None)
        elif role.name == "action":
            find = partial(action_effect, request.operation.path)
            row = self._stamped(target, target.affected(_of_views(resource, find, self._contract)))
        elif isinstance(request.body, Patch):
            row = self._patched(target, request.operation, request.body)
        else:
            sent = entity_in(request, acting)
            row = self._row(target, _type_sent(role, request.operation, self._contract), sent)
        return EntityChange((number,), (row,))

    def _saved(self, acting: Binding, request: Request, view: WorldView, sampler: Sampler) -> EntityChange:
        """Return what comes of entities that are sent: new ones, and known ones where a key names them."""
        role, resource = acting.role, acting.resource
        following, type_name = view.following(resource.name), _type_sent(role, request.operation, self._contract)
        may_choose = role.name == "create" and self._takes_keys(request.operation.id)
        rows: dict[int, EntityRow] = {}
        for entity in acting.entities(request_values(request)):
            number = _number_inside(entity, acting) if role.name == "save" or may_choose else 0
            if number and role.name == "save" and view.is_gone(resource.name, number):
                return EntityChange(missing=missing_text(resource, [number]))
            if may_choose and (number in rows or view.values(resource.name, number) is not None):
                if request.operation.response(409):
                    return EntityChange(conflict=taken_text(resource, number))
                number = 0
            is_new = not number or may_choose
            if not number:
                number, following = following, view.following(resource.name, following)
            target = replace(_target(resource, number, view, sampler), is_new=is_new)
            initial = _initial(resource, entity, self._contract) if is_new else {}
            rows[number] = self._row(target, type_name, entity, initial)
        return EntityChange(tuple(rows), tuple(rows.values()))

    def _row(
        self, target: _EditedEntity, type_name: str, sent: Any, initial: EntityValues = MappingProxyType({})
    ) -> EntityRow:
        """Return the row of an entity that is sent as a type, one without a name as the first view of it.

        ``initial`` is what it has beside what was sent.
        """
        values = sent if isinstance(sent, Mapping) else {}
        type_name = type_name or next(iter(target.shown))
        changed = self._edits.changed(type_name, target.shown, values, target.sampler, whole=False)
        return self._stamped(target, {**initial, **changed})

    def _patched(self, target: _EditedEntity, operation: Operation, patch: Patch) -> EntityRow:
        """Return the row of an entity of which an operation changes parts, as its answers show them."""
        shown = typed_value(response_schema(documented_answer(operation)), self._contract).type
        type_name = shown or next(iter(target.shown))
        before = target.sampler.entity(type_name, target.number)
        after = patch.applied(before)
        values = {**after, **dict.fromkeys(before.keys() - after.keys())}
        return self._stamped(target, self._edits.changed(type_name, target.shown, values, target.sampler, whole=True))

    def _stamped(self, target: _EditedEntity, new: EntityValues) -> EntityRow:
        """Return the row with all values of an entity; raises ``RefusedChangeError`` where that is too much."""
        resource, number = target.resource, target.number
        known = target.view.values(resource.name, number)
        when = moment_after(None if target.is_new else target.changed)
        by_server = stamped(self._stamps_of(resource, target.sampler), when, is_new=target.is_new)
        values = combined(known or {}, {**new, **by_server})
        check_kept(values, f"{resource.name} {number}")
        return EntityRow(resource.name, number, values)

    def _stamps_of(self, resource: Resource, sampler: Sampler) -> tuple[Stamp, ...]:
        """Return the properties of all views that tell of changes; they are written alike by all samplers."""
        known = self._stamps.get(resource.name)
        if known is None:
            by_name = {stamp.name: stamp for view in resource.views for stamp in stamps(view, sampler)}
            known = self._stamps[resource.name] = tuple(by_name.values())
        return known

    def _find_takes_keys(self, name: str) -> bool:
        """Tell whether callers of an operation may choose the key of what they create: its requests document one."""
        acting = self._bindings[name]
        operation = next(operation for operation in self._contract.operations if operation.id == name)
        sent = members_of(entity_schema(acting.role, operation, self._contract), self._contract)
        return not self._contract.dialect and not acting.resource.key_names.isdisjoint(map(str.lower, sent))

    def _listed(self, acting: Binding, values: RequestValues, view: WorldView, sampler: Sampler) -> EntityChange:
        """Return the entities that fulfil all criteria of a request; all where it tells none."""
        placed = ((criterion, value) for criterion in acting.role.criteria for value in values.at(criterion.place))
        wanted = [(criterion, value) for criterion, value in placed if value is not None]
        numbers = view.numbers(acting.resource.name)
        if self._deletion(acting.resource.name) and not asks_for_deleted(values.query):
            numbers = _unmarked(numbers, view.changed(acting.resource.name))
        return EntityChange([number for number in numbers if _fulfils(wanted, number, sampler)] if wanted else numbers)


def _find_deletion(name: str, contract: Contract) -> Mapping[str, Any]:
    """Return what tells of a resource of a document that an entity is deleted, by lower-case names."""
    resource = next(resource for resource in contract.resources.resources if resource.name == name)
    is_kept = not contract.dialect and keeps_deleted(
        resource, {operation.id: operation for operation in contract.operations}
    )
    return _of_views(resource, deletion_effect, contract) if is_kept else {}


def _unmarked(numbers: Sequence[int], rows: Mapping[int, EntityValues | None]) -> Sequence[int]:
    """Return the numbers of entities that are kept, but for those that are so though they were deleted."""
    marked = {number for number, row in rows.items() if row and says_deleted(row)}
    return [number for number in numbers if number not in marked]


def _type_sent(role: Role, operation: Operation, contract: Contract) -> str:
    """Return the type of the entities that an operation's requests hold, as answers show it."""
    return component_without_direction(typed_value(entity_schema(role, operation, contract), contract).type)


def _of_views(
    resource: Resource, find: Callable[[Mapping[str, Any], Contract], Mapping[str, Any]], contract: Contract
) -> dict[str, Any]:
    """Return the values that are found of the properties of all views, by lower-case names."""
    by_view = (find(members_of(reference(view), contract), contract) for view in resource.views)
    return {name.lower(): value for values in by_view for name, value in values.items()}


def _initial(resource: Resource, sent: Any, contract: Contract) -> dict[str, Any]:
    """Return what a new entity has of what wasn't sent, by lower-case names; pages say nothing of that."""
    if contract.dialect:
        return {}
    names = {name.lower() for name in sent} if isinstance(sent, Mapping) else set()
    initial = _of_views(resource, initial_values, contract)
    return {name: value for name, value in initial.items() if name not in names}


def _target(resource: Resource, number: int, view: WorldView, sampler: Sampler) -> _EditedEntity:
    return _EditedEntity(
        resource, number, {name: sampler.entity(name, number) for name in resource.views}, view, sampler
    )


def _fulfils(wanted: Iterable[tuple[Criterion, Any]], number: int, sampler: Sampler) -> bool:
    for criterion, value in wanted:
        shown = sampler.entity(criterion.view, number)
        for step in criterion.property.split("/"):
            shown = shown.get(step) if isinstance(shown, dict) else None
        if not same(shown, value):
            return False
    return True


def _numbers(keys: Iterable[Any]) -> list[int]:
    """Return the keys that are numbers, each once."""
    return list(dict.fromkeys(number for key in keys if (number := _number(key)) is not None))


def _number(value: Any) -> int | None:
    """Return the key that a value tells, which pages may document as a text."""
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else whole_number(value)


def _number_inside(sent: Any, acting: Binding) -> int:
    """Return the key of an entity that is sent, 0 for a new one."""
    numbers = (whole_number(key) for key in acting.keys_inside(sent))
    return next((number for number in numbers if number and 0 < number < _TOO_LARGE), 0)


def _number_sent(sent: Any, request: Request, acting: Binding, contract: Contract) -> int:
    """Return the key of an entity that is sent back, which may be documented as ``readOnly``; 0 for none or several.

    Whoever keeps to the documentation leaves such a key out, and means the first entity where nothing else tells it.
    """
    if acting.role.many:
        return 0
    sent_key = _number_inside(sent, acting) or _number_inside(received_entity(request, acting), acting)
    is_unsent = any(_is_read_only(view, key, contract) for view, key in acting.resource.views.items())
    return sent_key or (FIRST if is_unsent and acting.role.name == "update" else 0)


def _is_read_only(view: str, key: str, contract: Contract) -> bool:
    """Tell whether requests don't hold the key of a type."""
    part = members_of(reference(view), contract).get(key)
    return isinstance(part, dict) and part.get("readOnly") is True
