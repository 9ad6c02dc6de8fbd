"""Changes of entities: what comes of a call, the rows that it writes and the entities that its answer shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.words import article, singular

from .key_values import EntityScope
from .stores.store import EntityRow

FACTS = ""
"""The member of an entity's values that holds what is no property: its key, what is left out, and its parents."""


_SPAN = 2**15
"""Numbers of entities below one parent that are distinguished from those below others."""


@dataclass(frozen=True, slots=True)
class PathEntity:
    """An entity that a path tells: its number below its parents, its key, and the values that callers gave it."""

    scope: EntityScope
    number: int
    key: Any
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> int:
        """A number that no other entity of its resource has, wherever it stands."""
        below = _SPAN * (self.scope.salt % _SPAN) if self.scope.parents else 0
        return (below + self.number if self.number < _SPAN else self.number) % 2**31 or 1

    @property
    def facts(self) -> Mapping[str, Any]:
        """Facts of the entity beside its properties."""
        return self.values.get(FACTS) or {}


@dataclass(frozen=True, slots=True)
class EntityChange:
    """The result of a call: ``numbers`` of the entities that are shown, and the ``rows`` that are written.

    ``missing`` says what there is none of, ``conflict`` what there is already. ``unmet`` is the status where a
    condition doesn't hold, of an entity that was last changed at ``changed``. Of resources that paths tell, the
    ``entities`` are shown; ``is_new`` tells that there was none before.
    """

    numbers: Sequence[int] = ()
    rows: tuple[EntityRow, ...] = ()
    missing: str = ""
    unmet: int = 0
    changed: datetime | None = None
    conflict: str = ""
    entities: tuple[PathEntity, ...] = ()
    is_new: bool = False


def missing_text(resource: Resource, keys: Iterable[Any]) -> str:
    """Return the message that there are no entities with these keys."""
    listed = ", ".join(map(str, keys))
    if resource.collection:
        return f"{resource.collection} has no {listed}"
    return f"there is no {_entity_name(resource)} {listed}".rstrip()


def taken_text(resource: Resource, key: Any) -> str:
    """Return the message that there is an entity with the key of a new one."""
    return f"there is {article(_entity_name(resource))} {key} already"


def _entity_name(resource: Resource) -> str:
    """Return what one entity is called: ``order`` where a path, such as ``/shops/{shop}/orders``, names them."""
    steps = [step for step in resource.name.split("/") if step and "{" not in step]
    name = steps[-1] if steps else resource.name
    return singular(name) if resource.path and not resource.singleton else name
