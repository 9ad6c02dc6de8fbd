"""Values of replies by the name that they are kept under, and by the group of the operation that replied."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

MOST = 20
"""Values that are kept of a name, and as many again of each group."""


class HarvestedValues:
    """The values of one run, in the order of their receipt; ``groups`` are those of operations, by their ids."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._groups = groups
        self._by_name: dict[str, dict[Any, None]] = {}
        self._by_group: dict[str, dict[str, dict[Any, None]]] = {}
        self._names: dict[str, set[str]] = {}

    @property
    def all(self) -> Mapping[str, Sequence[Any]]:
        """All values by their names."""
        return {name: tuple(values) for name, values in tuple(self._by_name.items())}

    def of(self, name: str, operation: str = "") -> tuple[Any, ...]:
        """Return the values of a name, those first that operations of the group of one showed."""
        return (*self.of_group(name, operation), *self._by_name.get(name, ()))

    def related(self, name: str, operation: str) -> tuple[Any, ...]:
        """Return the values that the group of an operation showed, of a key else those of all."""
        of_group = self.of_group(name, operation)
        return self.of(name) if not of_group and name.startswith("key ") else of_group

    def of_group(self, name: str, operation: str) -> tuple[Any, ...]:
        """Return the values of a name that operations of the group of one showed."""
        return tuple(self._by_group.get(name, {}).get(self._groups.get(operation, ""), ()))

    def has_room(self, name: str, operation: str) -> bool:
        """Tell whether one more value that an operation shows would be kept."""
        return len(self.of_group(name, operation)) < MOST

    def keep(self, name: str, operation: str, value: Any) -> bool:
        """Keep a value that an operation showed, and return whether there was room for it among all of its name."""
        kept = self._by_name.setdefault(name, {})
        places = [kept] if len(kept) < MOST else []
        if self.has_room(name, operation):
            places.append(self._by_group.setdefault(name, {}).setdefault(self._groups.get(operation, ""), {}))
        for place in places:
            place[value] = None
            self._names.setdefault(str(value), set()).add(name)
        return any(place is kept for place in places)

    def learn(self, others: Mapping[str, Iterable[Any]]) -> None:
        """Keep values that another run has learned."""
        for name, values in others.items():
            self._by_name[name] = dict.fromkeys(islice(dict.fromkeys((*self.of(name), *values)), MOST))
            for value in self._by_name[name]:
                self._names.setdefault(str(value), set()).add(name)

    def forget(self, texts: Collection[str], name: str = "") -> None:
        """Forget the values that are written as one of the texts, those of a ``name`` alone where one is given."""
        for text in self._names.keys() & frozenset(texts):
            for known in self._names[text] & {name} if name else self._names[text]:
                for kept in (self._by_name.get(known, {}), *self._by_group.get(known, {}).values()):
                    for value in [held for held in kept if str(held) == text]:
                        del kept[value]
