"""Values of replies by the name that they are kept under, and by the group of the operation that replied."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

MOST = 20
"""Values that are kept of a name, and as many again of each group."""


class HarvestedValues:
    """The values of one run, in the order in which they came; ``groups`` are those of operations, by their ids."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._groups = groups
        self._by_name: dict[str, dict[Any, None]] = {}
        self._by_group: dict[tuple[str, str], dict[Any, None]] = {}

    @property
    def all(self) -> Mapping[str, Sequence[Any]]:
        """All values by their names."""
        return {name: tuple(values) for name, values in tuple(self._by_name.items())}

    def of(self, name: str, operation: str = "") -> tuple[Any, ...]:
        """Return the values of a name, those first that operations of the group of one told."""
        return (*self.of_group(name, operation), *self._by_name.get(name, ()))

    def related(self, name: str, operation: str) -> tuple[Any, ...]:
        """Return the values that the group of an operation told, of a key else those of all."""
        of_group = self.of_group(name, operation)
        return self.of(name) if not of_group and name.startswith("key ") else of_group

    def of_group(self, name: str, operation: str) -> tuple[Any, ...]:
        """Return the values of a name that operations of the group of one told."""
        return tuple(self._by_group.get((name, self._groups.get(operation, "")), ()))

    def has_room(self, name: str, operation: str) -> bool:
        """Tell whether one more value that an operation tells would be kept."""
        return len(self.of_group(name, operation)) < MOST

    def keep(self, name: str, operation: str, value: Any) -> bool:
        """Keep a value that an operation told, and tell whether there was room for it among all of its name."""
        if self.has_room(name, operation):
            self._by_group.setdefault((name, self._groups.get(operation, "")), {})[value] = None
        kept = self._by_name.setdefault(name, {})
        if len(kept) >= MOST:
            return False
        kept[value] = None
        return True

    def learn(self, others: Mapping[str, Iterable[Any]]) -> None:
        """Keep values that another run has learned."""
        for name, values in others.items():
            self._by_name[name] = dict.fromkeys(islice(dict.fromkeys((*self.of(name), *values)), MOST))

    def forget(self, texts: Collection[str], name: str = "") -> None:
        """Forget the values that are written as one of the texts, those of a ``name`` alone where one is given."""
        by_name = [kept for known, kept in self._by_name.items() if name in (known, "")]
        by_group = [kept for (known, _), kept in self._by_group.items() if name in (known, "")]
        for kept in (*by_name, *by_group):
            for value in [one for one in kept if str(one) in texts]:
                del kept[value]
