"""Entities that a run has created, and the calls that remove them."""

from threading import Lock

from docdouble.schemas import Call


class PendingDeletions:
    """Entities that were created and are not yet removed; safe to be used by several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: list[tuple[str, Call]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def created(self, remove: Call, key: object) -> None:
        """Take note of what was created, known by a key, and of the call that removes it."""
        with self._lock:
            self._entries.append((str(key), remove))

    def removed(self, key: object, remove: Call | None = None) -> Call | None:
        """Take note that it is gone, and return the call that would have removed it.

        Of several with this key the latest is meant, unless ``remove`` tells which.
        """
        with self._lock:
            for index in reversed(range(len(self._entries))):
                known, call = self._entries[index]
                if known == str(key) and remove in (None, call):
                    del self._entries[index]
                    return call
        return None

    def left(self) -> tuple[tuple[str, Call], ...]:
        """Return the entities that are not removed, the latest first: one may depend on those before it."""
        with self._lock:
            return tuple(reversed(self._entries))
