"""Table of entities for people: what there is of each resource in a world, and edits of it outside of any operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from docdouble.schemas import ConfigError, Contract, Schema
from docdouble.schemas.contract.model import reference
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.naming import referred
from docdouble.schemas.resources.path_resources import item_path, path_template
from docdouble.schemas.words import singular

from ..sampler import Sampler
from ..sampler.overlay import EntityValues
from .changes import State
from .edits import RequestEdits, combined
from .entity_change import FACTS, EntityChange
from .key_values import EntityScope
from .path_bodies import PathBodies
from .path_state import PathState
from .seed_data import checked_entity, key_of_entity
from .shown_entities import stem
from .stores.store import EntityRow
from .worlds import MOST_NUMBER, World, WorldView, check_kept

ENTITY = "entity"
"""Name of it in errors."""


_SINGLE = 1
"""The number, and to people the key, of what there is one of."""


@dataclass(frozen=True, slots=True)
class ShownEntity:
    """An entity: its key as a path would write it, whether it is other than it was drawn, and all its values."""

    key: str
    is_changed: bool
    values: Any


@dataclass(frozen=True, slots=True)
class TableHead:
    """A list of entities as a world names it, with what it has below its ``parents``; ``key`` is the property."""

    name: str
    resource: Resource
    key: str
    schema: Schema

    @property
    def missing_parents(self) -> int:
        """The number of keys of parents that its name lacks."""
        given = self.name.partition("?")[2]
        return self.resource.path.count("{") - (given.count("/") + 1 if given else 0)


class EntityTable:
    """Lists entities of one contract, and writes, adds and deletes single ones, checked against its schemas."""

    def __init__(
        self, contract: Contract, state: State, paths: PathState, bodies: PathBodies, sampler: Sampler
    ) -> None:
        self._contract = contract
        self._state, self._paths, self._bodies = state, paths, bodies
        self._sampler = sampler
        self._edits = RequestEdits(contract, state.stateful)

    def heads(self) -> list[TableHead]:
        """Return the lists that a contract has, those below others without the keys of these."""
        return [self._head(resource.name) for resource in self._contract.resources.resources]

    def head(self, name: str) -> TableHead:
        """Return a list by its name; raises ``ConfigError`` for what is none, or leaves out the keys of parents."""
        head = self._head(name)
        if head.missing_parents:
            expected = f"{head.resource.name}?{'/'.join(['KEY'] * head.resource.path.count('{'))}: below which"
            raise ConfigError("resource", name, expected=expected)
        return head

    def count(self, head: TableHead, view: WorldView) -> int:
        """Return the number of entities."""
        return len(self._numbers(head, view))

    def rows(self, head: TableHead, view: WorldView, first: int, most: int) -> list[ShownEntity]:
        """Return entities of a list in their order, behind the ``first`` ones at most so many."""
        return [self._row(head, number, view) for number in self._numbers(head, view)[first : first + most]]

    def row(self, head: TableHead, key: str, view: WorldView) -> ShownEntity | None:
        """Return the entity of a key, ``None`` where there is none."""
        number = self._number(head, key, view)
        return self._row(head, number, view) if number in self._numbers(head, view) else None

    def write(self, head: TableHead, key: str | None, sent: Any, world: World) -> ShownEntity:
        """Put an entity in place of that of a key, or add a new one; raises ``ConfigError`` for what doesn't fit."""
        checked = checked_entity(sent, head.schema, head.resource.name, self._contract, ENTITY)
        own = key_of_entity(checked, head.key)
        if key is not None and own is not None and str(own) != key:
            raise ConfigError(f"{ENTITY}/{head.key}", own, expected=f"{key}, the key of the entity that is written")
        named = key if key is not None or own is None else str(own)
        written: list[int] = []

        def work(view: WorldView) -> EntityChange:
            number = self._following(head, view) if named is None else self._number(head, named, view)
            if number < 1:
                raise ConfigError(f"{ENTITY}/{head.key}", named, expected="a key that an entity can have")
            if key is None and number in self._numbers(head, view):
                raise ConfigError(f"{ENTITY}/{head.key}", named, expected="the key of no entity that there is already")
            values = self._values(head, number, named if own is None else own, checked, view)
            check_kept(values, f"{head.name} {number}")
            written[:] = [number]
            return EntityChange(rows=(EntityRow(head.name, number, values),))

        view = world.write(work)[1]
        return self._row(head, written[0], view)

    def delete(self, head: TableHead, key: str, world: World) -> bool:
        """Delete the entity of a key; tell whether there was one."""

        def work(view: WorldView) -> EntityChange:
            number = self._number(head, key, view)
            is_there = number in self._numbers(head, view)
            return EntityChange(rows=(EntityRow(head.name, number, None),) if is_there else ())

        return bool(world.write(work)[0].rows)

    def lists_below(self, head: TableHead) -> list[str]:
        """Return the names of the lists that stand right below the entities of a list."""
        above = path_template(item_path(head.resource, self._contract)) + "/"
        below = ((resource.name, path_template(resource.path)) for resource in self._contract.resources.resources)
        return [name for name, path in below if path.startswith(above) and "{" not in path.removeprefix(above)]

    def references(self, head: TableHead) -> dict[str, str]:
        """Return the properties that hold other entities, or the keys of such, and the lists in which these stand."""
        resources = [resource for resource in self._contract.resources.resources if "{" not in resource.path]
        named = {
            squeezed(singular(resource.name.rstrip("/").rpartition("/")[2])): resource.name for resource in resources
        }
        shown = {view: resource.name for resource in resources for view in resource.views}
        members = members_of(head.schema, self._contract)
        targets = {
            name: shown.get(referred(part) or "") or named.get(stem(name))
            for name, part in members.items()
            if isinstance(part, dict)
        }
        return {name: target for name, target in targets.items() if target and name != head.key}

    def key_of(self, target: str, value: Any) -> str:
        """Return the key of an entity that a property refers to, by that or as a whole; empty for none."""
        if isinstance(value, dict):
            value = value.get(self._head(target).key)
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        return {resource.name: resource for resource in self._contract.resources.resources}

    def _head(self, name: str) -> TableHead:
        plain = name.partition("?")[0]
        resource = self._resources.get(plain)
        if resource is None or (plain != name and not resource.path):
            raise ConfigError("resource", name, list(self._resources), "a resource that is kept")
        if resource.path:
            return TableHead(name, resource, resource.key, self._bodies.schema(resource.name))
        view = self._state.views(resource)[0]
        return TableHead(name, resource, resource.views[view], reference(view))

    def _scope(self, head: TableHead) -> EntityScope:
        given = head.name.partition("?")[2]
        return EntityScope(head.resource, tuple(map(unquote, given.split("/"))) if given else ())

    def _numbers(self, head: TableHead, view: WorldView) -> list[int]:
        if not head.resource.path:
            return list(view.numbers(head.name))
        if head.resource.singleton:
            return [] if self._paths.is_gone(self._scope(head), _SINGLE, view) else [_SINGLE]
        return [entity.number for entity in self._paths.listed_below(self._scope(head), (), view)]

    def _number(self, head: TableHead, key: str, view: WorldView) -> int:
        if head.resource.singleton:
            return _SINGLE
        if head.resource.path:
            scope = self._scope(head)
            return self._paths.keys.number(scope, key, self._paths.drawn(scope, view))
        return int(key) if key.isascii() and key.isdecimal() and len(key) < 11 and int(key) <= MOST_NUMBER else 0

    def _following(self, head: TableHead, view: WorldView) -> int:
        if head.resource.singleton:
            return _SINGLE
        return self._paths.following(self._scope(head), view) if head.resource.path else view.following(head.name)

    def _row(self, head: TableHead, number: int, view: WorldView) -> ShownEntity:
        is_changed = number in view.changed(head.name)
        if not head.resource.path:
            return ShownEntity(str(number), is_changed, self._shown(head, number, view))
        entity = self._paths.entity(self._scope(head), number, view)
        with self._sampler.present.showing(view.known):
            values = self._bodies.entity(head.schema, entity, self._sampler)
        return ShownEntity(str(number if entity.key is None else entity.key), is_changed, values)

    def _shown(self, head: TableHead, number: int, view: WorldView) -> Any:
        with self._sampler.present.showing(self._state.known(head.resource, view, self._sampler)):
            return self._sampler.entity(self._state.views(head.resource)[0], number)

    def _values(
        self, head: TableHead, number: int, key: Any, checked: Mapping[str, Any], view: WorldView
    ) -> EntityValues:
        """Return what a world keeps of an entity: nothing else may be left of what it was."""
        known = view.values(head.name, number) or {}
        if head.resource.path:
            facts = known.get(FACTS, {})
            left_out = sorted(members_of(head.schema, self._contract).keys() - checked.keys())
            made = facts.get("made") or (0 if number <= view.population else len(view.changed(head.name)) + 1)
            known_key = self._paths.keys.value(self._scope(head), number)
            chosen_key = None if head.resource.singleton else key
            kept = {"key": chosen_key if known_key is None else known_key, **({"made": made} if made else {})}
            return {**checked, FACTS: {**facts, **kept, "left_out": left_out}}
        before = self._shown(head, number, view)
        shown = before if isinstance(before, dict) else {}
        new = {name: value for name, value in checked.items() if name not in shown or shown[name] != value}
        type_name = self._state.views(head.resource)[0]
        with self._sampler.present.showing(self._state.known(head.resource, view, self._sampler)):
            return combined(known, self._edits.entity_values(type_name, shown, new, self._sampler, whole=True))
