"""State of resources that paths name: effects of calls on ``/orders/{id}/items/{itemId}``, and what answers show."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any
from urllib.parse import quote, unquote

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.paths import unnamed_template, without_extension
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.http import Headers
from docdouble.schemas.resources.audit_properties import says_deleted
from docdouble.schemas.resources.bindings import Binding
from docdouble.schemas.resources.entity_keys import is_read_only, members_of
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.path_resources import path_template

from ..behaviours.conditional_requests import last_modified, precondition
from ..requests.request_reader import Request
from ..sampler import Sampler
from ..settings import POPULATION
from .entity_change import FACTS, EntityChange, PathEntity, missing_text, taken_text
from .key_values import CHOSEN, EntityScope
from .path_bodies import PathBodies, parent_names
from .path_edits import PathEdits
from .request_entities import entity_in, received_entity, request_values
from .soft_deletion import asks_for_deleted
from .stores.store import EntityRow
from .worlds import WorldView

_FEWEST, _RANGE = 2, 4
"""Drawn entities in a list below another entity: two to five."""

_SINGLE = 1
"""The number of what there is one of."""


class PathState:
    """Effects of the operations of one contract on the resources that its paths name."""

    def __init__(self, contract: Contract, bodies: PathBodies, sampler: Sampler) -> None:
        self._contract = contract
        resources = [resource for resource in contract.resources.resources if resource.path]
        self._by_path = {
            path_template(resource.path): resource for resource in resources if resource.variable or resource.singleton
        }
        self._bodies = bodies
        self._edits = PathEdits(contract, bodies, sampler)
        self.keys = bodies.keys
        self._extension = cache(partial(_extension, contract))

    def change(self, acting: Binding, request: Request, view: WorldView) -> EntityChange:
        """Return the result of a request; raises ``PatchConflictError`` and ``RefusedChangeError``."""
        role, resource = acting.role, acting.resource
        parents = tuple(str(request.parameters.get(place.name)) for place in role.parents)
        own = resource.path.count("{")
        scope, below = EntityScope(resource, parents[:own]), parents[own:]
        if role.name in ("list", "create") and (missing := self.missing(request, view)):
            return EntityChange(missing=missing)
        match role.name:
            case "list" if len(parents) < own:
                return EntityChange(entities=self._everywhere(resource, view))
            case "list":
                names = parent_names(request.operation.path)[own:]
                listed = self.listed_below(scope, below, view)
                is_whole = not self._edits.deletion(resource.name) or asks_for_deleted(request.parameters.items())
                entities = tuple(
                    _placed(entity, names, below) for entity in listed if is_whole or not says_deleted(entity.values)
                )
                if self._bodies.is_paged(role.operation):
                    return EntityChange(entities=_newest_first(entities))
                return EntityChange(entities=_few_below(entities, view, self._bodies.least(role.operation)))
            case "create":
                return self._created(acting, request, scope, below, view)
            case "delete" if role.many:
                entities = self.listed_below(scope, below, view)
                return EntityChange(rows=tuple(EntityRow(scope.rows, entity.number, None) for entity in entities))
        return self._of_one(acting, request, scope, below, view)

    def missing(self, request: Request, view: WorldView) -> str:
        """Return the message that the entity below which a request leads was deleted, empty where it wasn't."""
        steps = request.operation.path.rstrip("/").split("/")
        for end in range(1, len(steps)):
            head = "/".join(steps[:end])
            resource = self._by_path.get(path_template(head))
            if resource and resource.variable and steps[end].startswith("{") and end + 1 < len(steps):
                names = [step.strip("{}") for step in steps[: end + 1] if step.startswith("{")]
                values = [str(request.parameters.get(name)) for name in names]
                scope = EntityScope(resource, tuple(values[:-1]))
                if self.is_gone(scope, self.keys.number(scope, values[-1], self.drawn(scope, view)), view):
                    return missing_text(resource, values[-1:])
        return ""

    def resource_at(self, path: str) -> Resource | None:
        """Return the resource whose list stands at a path, whatever its variables are called."""
        return self._by_path.get(path_template(path))

    def first_key(self, resource: Resource) -> Any:
        """Return the key of the first entity below the first ones of all that it stands below."""
        steps = resource.path.split("/")
        heads = ["/".join(steps[:place]) for place, step in enumerate(steps) if step.startswith("{")]
        above = [self.resource_at(head) for head in heads]
        parents = tuple(str(self.first_key(outer)) if outer and outer is not resource else "1" for outer in above)
        return self.keys.value(EntityScope(resource, parents), 1)

    def documented_missing(self, request: Request, view: WorldView) -> str:
        """Return the message of ``missing`` where such a 404 is documented, empty elsewhere."""
        if not self._by_path or request.operation.method == "DELETE" or not _tells_missing(request.operation):
            return ""
        return self.missing(request, view)

    def drawn(self, scope: EntityScope, view: WorldView) -> int:
        """Return the number of keys of drawn entities and of ones that the server made."""
        made = (number for number in view.changed(scope.rows) if number < CHOSEN)
        return max(view.population, *made, 0)

    def is_gone(self, scope: EntityScope, number: int, view: WorldView) -> bool:
        """Tell whether there is no such entity. A text that nobody deleted is always the key of one."""
        changed = view.changed(scope.rows)
        if number in changed:
            return changed[number] is None
        if scope.resource.singleton or number >= CHOSEN:
            return view.population == 0
        return view.is_gone(scope.rows, number)

    def entity(self, scope: EntityScope, number: int, view: WorldView, key: Any = None) -> PathEntity:
        """Return an entity by its number."""
        row = view.values(scope.rows, number) or {}
        known = row.get(FACTS, {}).get("key")
        return PathEntity(scope, number, known or key or self.keys.value(scope, number), row)

    def listed_below(self, scope: EntityScope, below: tuple[str, ...], view: WorldView) -> tuple[PathEntity, ...]:
        """Return the entities of a list: the drawn ones, then those that callers made."""
        entities = (self.entity(scope, number, view) for number in view.numbers(scope.rows))
        listed = (entity for entity in entities if entity.key is not None and _is_below(entity, below))
        return tuple(sorted(listed, key=lambda entity: (entity.facts.get("made", 0), entity.number)))

    def _everywhere(self, resource: Resource, view: WorldView) -> tuple[PathEntity, ...]:
        """Return the entities below all parents of which something was changed."""
        scopes = [name for name in view.rows if name.startswith(f"{resource.name}?")]
        parents = [tuple(map(unquote, name.partition("?")[2].split("/"))) for name in scopes]
        return tuple(entity for keys in parents for entity in self.listed_below(EntityScope(resource, keys), (), view))

    def _created(
        self, acting: Binding, request: Request, scope: EntityScope, below: tuple[str, ...], view: WorldView
    ) -> EntityChange:
        drawn, following = self.drawn(scope, view), self.following(scope, view)
        is_counted, made = self.keys.is_number(scope.resource), len(view.changed(scope.rows)) + 1
        names, sendable = parent_names(request.operation.path), self._edits.sent_names(request.operation.id)
        entities: dict[int, PathEntity] = {}
        for sent in acting.entities(request_values(request)) if acting.role.entity else [None]:
            key = self._key_sent(scope.resource, sendable, sent)
            number = self.keys.number(scope, key, drawn) if key is not None else 0
            is_taken = number > 0 and (number in entities or view.values(scope.rows, number) is not None)
            if is_taken and _documents(request.operation, "409"):
                return EntityChange(conflict=taken_text(scope.resource, key))
            if number <= 0 or (is_taken and is_counted):
                while following in entities:
                    following += 1
                number, key = following, None
            new = PathEntity(scope, number, self.keys.value(scope, number) if key is None else key)
            placed = _placed(new, names[len(scope.parents) :], below)
            facts = {**placed.facts, "made": made + len(entities)}
            entities[number] = self._edits.written(new, acting, request, sent, facts, is_whole=True)
        return EntityChange(entities=tuple(entities.values()), rows=tuple(map(_row, entities.values())), is_new=True)

    def following(self, scope: EntityScope, view: WorldView) -> int:
        """Return the first number that no entity has or had: one that a caller chose may be the last one allowed."""
        taken = view.changed(scope.rows)
        documented = view.documented(scope.rows) if self.keys.is_number(scope.resource) else ()
        number = view.population + 1
        while number in taken or number in documented:
            number += 1
        return number

    def _key_sent(self, resource: Resource, sendable: frozenset[str], values: Any) -> Any:
        """Return the key that a caller gives a new entity, ``None`` where it leaves that to the server."""
        part: Any = self._bodies.schema(resource.name)
        for step in resource.key.split("/"):
            part = members_of(part, self._contract).get(step)
        is_made = is_read_only(part, self._contract) and squeezed(resource.key) not in sendable
        return None if is_made else self._key_inside(resource, values)

    def _key_inside(self, resource: Resource, sent: Any) -> Any:
        """Return the key of an entity that is sent, ``None`` where it has none."""
        for step in resource.key.split("/"):
            named = sent.items() if isinstance(sent, Mapping) else ()
            sent = next((value for name, value in named if squeezed(name) == squeezed(step)), None)
        is_key = isinstance(sent, str | int) and not isinstance(sent, bool) and sent not in ("", 0)
        return sent if is_key and resource.key else None

    def _of_one(
        self, acting: Binding, request: Request, scope: EntityScope, below: tuple[str, ...], view: WorldView
    ) -> EntityChange:
        role, resource = acting.role, acting.resource
        sent = entity_in(request, acting)
        key = request.parameters.get(role.key.name) if role.key else None
        if role.key is None and not resource.singleton:
            key = self._key_inside(resource, received_entity(request, acting))
        number = _SINGLE if resource.singleton else self.keys.number(scope, key, self.drawn(scope, view))
        is_gone, is_below_gone = number <= 0 or self.is_gone(scope, number, view), bool(self.missing(request, view))
        if is_below_gone and not is_gone and role.name == "delete":
            return EntityChange()  # it went with what it stood below
        is_gone = is_gone or is_below_gone
        if is_gone and number > 0 and role.name == "update" and _may_create(request.operation):
            made = {"made": len(view.changed(scope.rows)) + 1}
            new = self._edits.written(PathEntity(scope, number, key), acting, request, sent, made, is_whole=True)
            return EntityChange(entities=(new,), rows=(_row(new),), is_new=True)
        if is_gone:
            is_ignored = role.name == "delete" and not _tells_missing(request.operation)
            return EntityChange() if is_ignored else _missing(resource, key)
        entity = self.entity(scope, number, view, key)
        if not _is_below(entity, below):
            return _missing(resource, key)
        entity = _placed(entity, parent_names(request.operation.path)[len(scope.parents) :], below)
        if not role.writes:
            return EntityChange(entities=(entity,))
        if _documents(request.operation, "412"):
            changed = last_modified(self._edits.shown(entity))
            if unmet := precondition(request.operation, request.call, changed):
                return EntityChange(entities=(entity,), unmet=unmet, changed=changed)
        if role.name == "delete" and not self._edits.deletion(resource.name):
            return EntityChange(entities=(entity,), rows=(EntityRow(scope.rows, number, None),))
        is_new = number >= CHOSEN and view.values(scope.rows, number) is None and role.name == "update"
        written = self._edits.written(entity, acting, request, sent, {}, is_whole=role.name == "update")
        return EntityChange(entities=(written,), rows=(_row(written),), is_new=is_new)

    def location(self, change: EntityChange) -> Headers:
        """Return the location of a new entity (RFC 9110, section 10.2.2)."""
        entity = next(iter(change.entities), None)
        if entity is None or entity.key is None or not entity.scope.resource.variable:
            return ()
        path = unnamed_template(entity.scope.resource.path.rstrip("/"))
        for parent in entity.scope.parents:
            path = path.replace("{}", quote(parent, safe=""), 1)
        extension = self._extension(entity.scope.resource.name)
        return (("Location", f"{path}/{quote(str(entity.key), safe='')}{extension}"),)


def _extension(contract: Contract, name: str) -> str:
    """Return what the path of one entity of a resource ends with, such as ``.json``; empty where callers choose."""
    resource = next(resource for resource in contract.resources.resources if resource.name == name)
    reading = {role.operation for role in resource.roles if role.name == "read"}
    path = next((operation.path for operation in contract.operations if operation.id in reading), "")
    extension = path[len(without_extension(path)) :]
    return "" if "{" in extension else extension


def _few_below(entities: tuple[PathEntity, ...], view: WorldView, least: int) -> tuple[PathEntity, ...]:
    """Return the entities of a list without pages: below others a few of the drawn ones."""
    scope = entities[0].scope if entities else None
    if scope is None or not scope.parents or view.population != POPULATION:
        return entities
    touched = view.changed(scope.rows)
    drawn = [entity.number for entity in entities if entity.number not in touched]
    hidden = frozenset(drawn[max(_FEWEST + scope.salt % _RANGE, least) :])
    return tuple(entity for entity in entities if entity.number not in hidden)


def _newest_first(entities: tuple[PathEntity, ...]) -> tuple[PathEntity, ...]:
    """Return entities with those at the head that callers made: else these would stand on a page that nobody sees."""
    return tuple(sorted(entities, key=lambda entity: -entity.facts.get("made", 0)))


def _row(entity: PathEntity) -> EntityRow:
    return EntityRow(entity.scope.rows, entity.number, entity.values)


def _is_below(entity: PathEntity, below: tuple[str, ...]) -> bool:
    """Tell whether an entity is listed below others that its path doesn't name; what no caller made is below all."""
    listed, is_made = entity.facts.get("below"), entity.facts.get("made") and entity.number >= CHOSEN
    return not below or ("/".join(below) in listed if listed else not is_made)


def _placed(entity: PathEntity, names: tuple[str, ...], below: tuple[str, ...]) -> PathEntity:
    """Return an entity with the keys of what it stands below though its own path doesn't name that."""
    if not below:
        return entity
    facts = {**entity.facts, "below": ["/".join(below)], "above": dict(zip(names, below, strict=False))}
    return replace(entity, values={**entity.values, FACTS: facts})


def _may_create(operation: Operation) -> bool:
    """Tell whether a PUT of what isn't there creates it: it says so, or doesn't say that this is an error."""
    return _documents(operation, "201") or not _tells_missing(operation)


def _tells_missing(operation: Operation) -> bool:
    return _documents(operation, "404", "410", "4XX")


def _documents(operation: Operation, *statuses: str) -> bool:
    return any(response.status.upper() in statuses for response in operation.responses)


def _missing(resource: Resource, key: Any) -> EntityChange:
    return EntityChange(missing=missing_text(resource, [] if resource.singleton else [key]))
