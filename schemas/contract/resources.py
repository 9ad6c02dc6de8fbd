"""Resources of a contract as values: what its operations create, read, list, change and delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .evidence import Evidence, Location
from .lazy import Deferrable

RoleName = Literal["create", "draft", "read", "list", "search", "save", "update", "patch", "delete", "action"]
"""Kind of effect of an operation on a resource.

``draft`` answers one that isn't kept, ``save`` creates one without a key and updates one with a key, ``list`` answers
all or those whose keys are asked for, ``search`` those that fulfil criteria, ``action`` does to one what its path says.
"""

CREATING: frozenset[RoleName] = frozenset({"create", "save"})
"""Roles that can make a new entity."""

STORING: frozenset[RoleName] = CREATING | {"update", "patch"}
"""Roles whose requests hold values that are stored."""

WRITING: frozenset[RoleName] = STORING | {"delete", "action"}
"""Roles that change what the server keeps."""


@dataclass(frozen=True, slots=True)
class RequestPlace:
    """Place of a value in a request: a parameter, or a member of the body; the whole body has an empty name."""

    location: Location | Literal["body"]
    name: str


WHOLE_BODY = RequestPlace("body", "")


@dataclass(frozen=True, slots=True)
class Criterion:
    """Criterion of a search: entities shown as the type ``view`` whose property there equals what stands at a place.

    ``property`` may lead into what is shown inside: ``Contact/ContactId``.
    """

    place: RequestPlace
    view: str
    property: str


@dataclass(frozen=True, slots=True)
class Role:
    """Role of one operation for a resource, and why that is believed.

    ``key`` is where its requests tell whose, an array of keys where it is of many; ``entity`` where they tell the new
    values, an array of objects where it is of many. ``parents`` are the path variables that tell below what.
    """

    operation: str
    name: RoleName
    why: str
    key: RequestPlace | None = None
    entity: RequestPlace | None = None
    many: bool = False
    criteria: tuple[Criterion, ...] = ()
    evidence: Evidence | None = None
    parents: tuple[RequestPlace, ...] = ()

    @property
    def creates(self) -> bool:
        """Whether it can make a new entity."""
        return self.name in CREATING

    @property
    def stores(self) -> bool:
        """Whether its requests hold values that are stored."""
        return self.name in STORING

    @property
    def writes(self) -> bool:
        """Whether it changes what the server keeps."""
        return self.name in WRITING


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of entity: its ``views`` are the named types that show one, each with the property that is its key.

    ``collection`` is the path of the list that its entities live in, where the same types live in several; empty where
    there is only one such list. ``name`` is its type's in lower case, or that path.

    Where paths tell what there is, ``path`` is that of the list, or of a ``singleton``, and ``key`` is what shows the
    key of an entity, whatever its type: ``id`` or ``metadata/name``, empty where nothing does. ``variable`` is how
    paths call it.
    """

    name: str
    views: Mapping[str, str]
    roles: tuple[Role, ...]
    collection: str = ""
    path: str = ""
    key: str = ""
    variable: str = ""
    singleton: bool = False

    @property
    def key_names(self) -> frozenset[str]:
        """The names of its keys, in lower case."""
        return frozenset(name.lower() for name in (*self.views.values(), self.key) if name)


@dataclass(frozen=True, slots=True)
class UnassignedOperations:
    """Operations that look as if they change or show one kind of entity, and why they are not believed to."""

    name: str
    operations: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Resources(Deferrable):
    """The resources of a contract, and what stays without state.

    Those of a contract that we wrote ourselves are read when they are first asked for. ``notes`` name what a user
    declares that changes nothing.
    """

    resources: tuple[Resource, ...] = ()
    unassigned: tuple[UnassignedOperations, ...] = ()
    notes: tuple[str, ...] = ()

    def resource_of(self, operation: str) -> Resource | None:
        """Return the resource that an operation has a role for, by the operation's id; ``None`` for none."""
        having = (
            resource for resource in self.resources if any(role.operation == operation for role in resource.roles)
        )
        return next(having, None)


NO_RESOURCES = Resources()
