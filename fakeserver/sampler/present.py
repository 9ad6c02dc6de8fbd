"""What callers made of the entities, shown in all that is made while one of their calls is answered."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

Values = Mapping[str, Any]
"""What was said of an entity, by property names in lower case; ``contactid`` tells the contact that is shown, too."""


class Known(Protocol):
    """A world as callers left it."""

    @property
    def token(self) -> object:
        """What stands for this state of it: what is made is kept by it, which must not keep the world itself."""

    def said(self, resource: str, number: int) -> Values | None:
        """Return what was said of an entity, ``None`` where nothing was."""

    def is_gone(self, resource: str, number: int) -> bool:
        """Tell whether there is no such entity."""

    def changed(self, resource: str) -> Mapping[int, Values | None]:
        """Return what was said of all entities of a resource that were changed, ``None`` of those deleted."""


class Present(threading.local):
    """The world that a thread's call is about, ``None`` while it is as it was drawn."""

    known: Known | None = None

    @property
    def token(self) -> object:
        """What stands for that world and its state."""
        return None if self.known is None else self.known.token

    @contextmanager
    def showing(self, known: Known | None) -> Iterator[None]:
        """Show a world in what this thread makes."""
        before, self.known = self.known, known
        try:
            yield
        finally:
            self.known = before

    def said(self, resource: str, number: int) -> Values | None:
        """Return what was said of an entity, ``None`` where nothing was."""
        return self.known.said(resource, number) if self.known is not None else None

    def is_gone(self, resource: str, number: int) -> bool:
        """Tell whether there is no such entity."""
        return self.known is not None and self.known.is_gone(resource, number)

    def belonging(
        self, drawn: list[int], resource: str, id_name: str, owner: Callable[[int], int], wanted: Callable[[int], bool]
    ) -> list[int]:
        """Return the ids of what belongs to an entity: those that were drawn, but for what callers made of them.

        ``id_name`` is the property with the owner's id, ``owner`` the drawn owner of an entity, and ``wanted`` tells
        whether an id is the one of the owner that is asked about.
        """
        if self.known is None:
            return drawn
        changed = self.known.changed(resource)
        owners = {number: said.get(id_name, owner(number)) for number, said in changed.items() if said is not None}
        kept = {number for number in drawn if number not in changed and not self.known.is_gone(resource, number)}
        return sorted(kept | {number for number, one in owners.items() if type(one) is int and wanted(one)})
