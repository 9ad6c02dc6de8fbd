"""Edits of entities that paths tell: what a request makes of the values of one.

An entity keeps what callers gave it, by the names that they sent, and beside that its facts: its key, the properties
that are left out since nobody sent them, and what it is listed below.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from docdouble.schemas import Contract
from docdouble.schemas.contract.model import EVIDENCE, is_left_out
from docdouble.schemas.contract.parameter_values import items_of, schema_branches, value_kinds
from docdouble.schemas.resources.audit_properties import is_change_time, is_creation_time, is_set_by_server
from docdouble.schemas.resources.bindings import Binding
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.path_resources import sent_entity

from ..behaviours.conditional_requests import last_modified
from ..requests.patch import Patch, merge_patch
from ..requests.request_reader import Request
from ..sampler import Sampler
from ..sampler.meaning.initial_values import initial_values
from ..sampler.no_value import NoValueError
from .action_effects import action_effect, is_later_moment
from .change_moments import moment_after, moment_like
from .entity_change import FACTS, PathEntity
from .path_bodies import PathBodies
from .soft_deletion import deletion_effect, keeps_deleted
from .worlds import check_kept


class PathEdits:
    """Edits by requests of the entities of one contract; ``sampler`` shows how they look before."""

    def __init__(self, contract: Contract, bodies: PathBodies, sampler: Sampler) -> None:
        self._contract = contract
        self._bodies = bodies
        self._sampler = sampler
        self._operations = {operation.id: operation for operation in contract.operations}
        self.sent_names = cache(self._find_sent_names)
        self.deletion = cache(self._find_deletion)

    def written(
        self,
        entity: PathEntity,
        acting: Binding,
        request: Request,
        sent: Any,
        facts: Mapping[str, Any],
        *,
        is_whole: bool,
    ) -> PathEntity:
        """Return an entity with what a request makes of it; one that is sent as a whole loses what isn't mentioned."""
        role, operation = acting.role, request.operation
        properties = members_of(self._bodies.schema(entity.scope.resource.name), self._contract)
        is_new = is_whole and not entity.values
        if isinstance(request.body, Patch):
            values = self._patched(entity, request.body)
        else:
            values = self._merged(entity, sent) if not is_whole else dict(sent) if isinstance(sent, Mapping) else {}
        effect: Mapping[str, Any] = (
            action_effect(operation.path, properties, self._contract) if role.name == "action" else {}
        )
        effect = self.deletion(entity.scope.resource.name) if role.name == "delete" else effect
        spelled = {squeezed(name): name for name in reversed(properties)}
        documented = {name: properties.get(name) or properties.get(spelled.get(squeezed(name), "")) for name in values}
        sendable = self.sent_names(operation.id)
        kept = {
            name: value
            for name, value in values.items()
            if not is_set_by_server(name, None if squeezed(name) in sendable else documented[name])
        }
        kept |= effect
        removed = self._removed(kept, documented) if isinstance(request.body, Patch) else set()
        kept = {name: value for name, value in kept.items() if name not in removed}
        if is_new:
            sent_names = set(map(squeezed, kept))
            initial = initial_values(properties, self._contract, lambda name: squeezed(name) in sendable).items()
            kept |= {name: value for name, value in initial if value is not None and squeezed(name) not in sent_names}
        before, named = entity.facts, set(map(squeezed, kept))
        left_out = set(before.get("left_out", ())) - named | set(map(squeezed, removed))
        if is_whole:
            shown = {squeezed(name) for name, part in properties.items() if isinstance(part, dict) and EVIDENCE in part}
            unsent = sendable - named - shown  # pages and samples show what is always there
            left_out |= {name for name in unsent if not _is_made(name, entity)}
        if is_new:
            left_out |= {squeezed(name) for name in properties if is_later_moment(squeezed(name))} - named
        changed = {squeezed(name) for name in kept} | left_out
        old = {name: value for name, value in entity.values.items() if name and squeezed(name) not in changed}
        moments = self._moments(entity, {name for name, value in effect.items() if value is None}, is_new=is_new)
        noted = {**before, **facts, "key": entity.key, "left_out": sorted(left_out)}
        whole = {**old, **kept, **moments, FACTS: noted}
        check_kept(whole, f"{entity.scope.resource.name} {entity.key}")
        return replace(entity, values=whole)

    def shown(self, entity: PathEntity) -> Any:
        """Return all that is shown of an entity, ``None`` where no value fits its type."""
        try:
            return self._bodies.entity(self._bodies.schema(entity.scope.resource.name), entity, self._sampler)
        except NoValueError:
            return None

    def _merged(self, entity: PathEntity, sent: Any) -> dict[str, Any]:
        """Return what a request changes, with what it doesn't mention inside of objects as it was."""
        if not isinstance(sent, Mapping):
            return {}
        shown = self.shown(entity)
        properties = members_of(self._bodies.schema(entity.scope.resource.name), self._contract)
        records = {squeezed(name) for name, part in properties.items() if members_of(part, self._contract)}
        kept = {squeezed(name): value for name, value in entity.values.items()}
        drawn = shown.items() if isinstance(shown, dict) else ()
        now = kept | {squeezed(name): value for name, value in drawn if squeezed(name) in records}
        return {
            name: merge_patch(now.get(squeezed(name)), value) if isinstance(value, Mapping) else value
            for name, value in sent.items()
        }

    def _patched(self, entity: PathEntity, patch: Patch) -> dict[str, Any]:
        """Return the properties that a patch document changes, null for those that it removes."""
        before = self.shown(entity) or {}
        after = patch.applied(before)
        removed = dict.fromkeys(before.keys() - after.keys())
        return {name: value for name, value in after.items() if before.get(name, FACTS) != value} | removed

    def _removed(self, values: Mapping[str, Any], documented: Mapping[str, Any]) -> set[str]:
        """Return the names of what is removed and can't be null, so that it is left out."""
        nothing = {name for name, value in values.items() if value is None}
        kinds = {name: value_kinds(tuple(schema_branches(documented[name], self._contract))) for name in nothing}
        return {name for name in nothing if kinds[name] and "null" not in kinds[name]}

    def _moments(self, entity: PathEntity, wanted: set[str], *, is_new: bool) -> dict[str, Any]:
        """Return the properties that tell when an entity was changed, and created; and those that are ``wanted``."""
        schema = self._bodies.schema(entity.scope.resource.name)
        names = [
            name
            for name in members_of(schema, self._contract)
            if is_change_time(name) or (is_new and is_creation_time(name)) or name in wanted
        ]
        if not names:
            return {}
        when = moment_after(None if is_new else last_modified(self.shown(entity)))
        drawn = self._sampler.sample_if_any(schema, entity.number)
        shown = drawn if isinstance(drawn, dict) else {}
        moments = ((name, moment_like(shown.get(name), when)) for name in names)
        return {name: moment for name, moment in moments if moment is not None}

    def _find_deletion(self, name: str) -> Mapping[str, Any]:
        """Return what tells of a resource that an entity is deleted, nothing where these are gone."""
        resource = next(resource for resource in self._contract.resources.resources if resource.name == name)
        properties = members_of(self._bodies.schema(name), self._contract)
        return deletion_effect(properties, self._contract) if keeps_deleted(resource, self._operations) else {}

    def _find_sent_names(self, operation: str) -> frozenset[str]:
        """Return the names of the properties that a request of an operation may set."""
        role = next(
            role
            for resource in self._contract.resources.resources
            for role in resource.roles
            if role.operation == operation
        )
        schema = sent_entity(self._operations[operation], self._contract)
        if role.entity and role.entity.name:
            schema = members_of(schema, self._contract).get(role.entity.name)
            items = items_of(tuple(schema_branches(schema, self._contract)))
            schema = items if role.many else schema
        properties = members_of(schema, self._contract).items()
        return frozenset(squeezed(name) for name, part in properties if not is_left_out(part))


def _is_made(name: str, entity: PathEntity) -> bool:
    """Tell whether an entity has a property, by its squeezed name, though nobody sends it: its keys, and moments."""
    resource = entity.scope.resource
    keys = {squeezed(key) for key in (resource.key.partition("/")[0], resource.variable) if key}
    return name in keys | {"id", "uuid", "guid"} or is_set_by_server(name, None)
