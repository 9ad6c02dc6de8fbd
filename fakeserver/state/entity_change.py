"""Changes of entities: what comes of a call, the rows that it writes and the entities that its answer shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .key_values import EntityScope
from .stores.store import EntityRow

FACTS = ""
"""Where the values of an entity hold what is no property: its key, what is left out, and what it is listed below."""


@dataclass(frozen=True, slots=True)
class PathEntity:
    """An entity that a path tells: its number below its parents, its key, and the values that callers gave it."""

    scope: EntityScope
    number: int
    key: Any
    values: Mapping[str, Any] = field(default_factory=dict)

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
