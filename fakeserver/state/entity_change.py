"""Changes of entities: what comes of a call, the rows that it writes and the entities that its answer shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .key_values import EntityScope
from .stores.store import EntityRow

FACTS = ""
"""Where the values of an entity hold what is no property: its key, what is left out, and what it is listed below."""


_SPAN = 2**15
"""Numbers of entities below one parent that are told from those below others."""


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
        """What is known of it beside its properties."""
        return self.values.get(FACTS) or {}


@dataclass(frozen=True, slots=True)
class EntityChange:
    """What comes of a call: ``numbers`` of the entities that are shown, and the ``rows`` that are written.

    ``missing`` says what there is none of, ``conflict`` what there is already. ``unmet`` is the status where a
    condition doesn't hold, of a thing that was last changed at ``changed``. Of resources that paths tell, the
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
