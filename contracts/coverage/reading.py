"""JSON values that note which of their documented places are read, and are a ``dict`` and a ``list`` in all else.

A place counts as read when its value is taken (``value["Name"]``, ``get``, ``pop``, ``values()``, ``items()``, a loop
over a list, ``**value``, ``dict(value)``, ``json.dumps``), compared (``==``), or asked for (``"Name" in value``). Names
alone (``keys()``, a loop over an object, ``len``, ``repr``) and copies read nothing: a copy goes on noting. What is
pickled leaves for where nothing is noted, and so counts as read with all in it. What compiled code takes out of a
``dict`` without asking it isn't seen (``orjson.dumps``, ``msgspec``, pydantic's ``model_validate``): only the way to it
counts.
"""

import operator
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import wraps
from typing import Any, Self, SupportsIndex

from docdouble.schemas.contract.facts import ANY, DocumentedPlace

Note = Callable[[str], None]
"""Function that is called with the pointer of a place that is read."""


def reading(value: Any, place: DocumentedPlace, note: Note) -> Any:
    """Return a JSON value of a documented ``place`` as one that notes; all but objects and arrays are read at once.

    A place is noted once, however often it is read.
    """
    if type(value) not in (dict, list):
        note(place.pointer)
        return value
    return _inside(value, place, _once(note))


def _once(note: Note) -> Note:
    seen: set[str] = set()

    def once(pointer: str) -> None:
        if pointer not in seen:
            seen.add(pointer)
            note(pointer)

    return once


def _inside(value: Any, place: DocumentedPlace | None, note: Note) -> Any:
    if place is None:
        return value
    if type(value) is dict:
        return ReadingDict({name: _inside(part, place.step(name), note) for name, part in value.items()}, place, note)
    if type(value) is list:
        below = place.below.get(ANY)
        return ReadingList([_inside(part, below, note) for part in value], place, note)
    return value


def _noted(method: Callable[..., Any], note: Callable[..., None]) -> Any:
    """Return a method of ``dict`` or ``list`` that calls ``note`` with its arguments before it is done."""

    @wraps(method)
    def noted(self: Any, *arguments: Any, **options: Any) -> Any:
        note(self, *arguments)
        return method(self, *arguments, **options)

    return noted


def _of_plain(operation: Callable[[Any, Any], Any]) -> Any:
    """Return a method that does with a plain list what ``operation`` does, which reads the items."""
    return lambda self, other: operation(list(self), other)


class ReadingDict(dict[str, Any]):
    """An object that notes what is read of it."""

    __slots__ = ("_note", "_place")

    def __init__(self, members: dict[str, Any], place: DocumentedPlace, note: Note) -> None:
        super().__init__(members)
        self._place, self._note = place, note

    def _read(self, name: object, *default: object) -> None:
        self._note(self._place.pointer)
        below = self._place.step(name) if isinstance(name, str) else None
        if below is not None:
            self._note(below.pointer)

    def _read_all(self) -> None:
        self._note(self._place.pointer)
        for name in self:
            self._read(name)

    __getitem__ = _noted(dict.__getitem__, _read)
    __contains__ = _noted(dict.__contains__, _read)
    get = _noted(dict.get, _read)
    pop = _noted(dict.pop, _read)
    setdefault = _noted(dict.setdefault, _read)
    items = _noted(dict.items, _read_all)
    values = _noted(dict.values, _read_all)

    def __iter__(self) -> Iterator[str]:
        # Python takes a dict's members without asking it, unless it has an iterator of its own
        return super().__iter__()

    def __eq__(self, other: object) -> bool:
        for value in (self, other):
            if isinstance(value, ReadingDict) and isinstance(other, dict):
                value._read_all()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __or__(self, other: Any) -> Any:
        return dict(self) | other if isinstance(other, dict) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return other | dict(self) if isinstance(other, dict) else NotImplemented

    def popitem(self) -> tuple[str, Any]:
        """As in ``dict``; reads it."""
        name, value = super().popitem()
        self._read(name)
        return name, value

    def _members(self) -> dict[str, Any]:
        """Return a plain copy; nothing is read."""
        return {name: value for name, value in super().items()}  # noqa: C416 - dict() would read

    def copy(self) -> Self:
        """Return a copy that goes on noting; nothing is read."""
        return type(self)(self._members(), self._place, self._note)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(deepcopy(self._members(), memo), self._place, self._note)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return dict, (dict(self),)


class ReadingList(list[Any]):
    """An array that notes what is read of it; all its items are one place."""

    __slots__ = ("_note", "_place")

    def __init__(self, items: list[Any], place: DocumentedPlace, note: Note) -> None:
        super().__init__(items)
        self._place, self._note = place, note

    def _read(self, *arguments: object) -> None:
        self._note(self._place.pointer)
        below = self._place.below.get(ANY)
        if below is not None and len(self):
            self._note(below.pointer)

    __getitem__ = _noted(list.__getitem__, _read)
    __iter__ = _noted(list.__iter__, _read)
    __reversed__ = _noted(list.__reversed__, _read)
    __contains__ = _noted(list.__contains__, _read)
    pop = _noted(list.pop, _read)
    index = _noted(list.index, _read)
    count = _noted(list.count, _read)
    remove = _noted(list.remove, _read)
    sort = _noted(list.sort, _read)
    __lt__, __le__, __gt__, __ge__ = map(_of_plain, (operator.lt, operator.le, operator.gt, operator.ge))
    __add__, __mul__, __rmul__ = map(_of_plain, (operator.add, operator.mul, operator.mul))

    def __eq__(self, other: object) -> bool:
        for value in (self, other):
            if isinstance(value, ReadingList) and isinstance(other, list):
                value._read()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __radd__(self, other: Any) -> Any:
        return other + list(self)

    def copy(self) -> Self:
        """Return a copy that goes on noting; nothing is read."""
        return type(self)(super().copy(), self._place, self._note)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(deepcopy(super().copy(), memo), self._place, self._note)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return list, (list(self),)
