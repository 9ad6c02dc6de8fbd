"""Deferred reading of frozen values: some fields are read only when one of them is asked for."""

from collections.abc import Callable
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar, runtime_checkable

_LOCK = RLock()
_READ = "_read"

T = TypeVar("T", bound="Deferrable")


class Deferrable:
    """Base of a frozen dataclass with slots whose values may be read later.

    Python asks ``__getattr__`` for a slot that was never filled: it reads the whole value and fills the others. From
    then on nothing tells it from a value that was made at once, and no access costs more.
    """

    __slots__ = (_READ,)

    @classmethod
    def deferred(cls, read: Callable[[], Self], **known: Any) -> Self:
        """Return a value of which the fields ``known`` are known now, and the others by what ``read`` returns.

        What ``read`` raises, the access to such a field raises. The value can be pickled unread where ``read`` can.
        """
        return _deferred(cls, {_READ: read, **known})

    if not TYPE_CHECKING:  # a type checker would take any name for a field

        def __getattr__(self, name: str) -> Any:
            if name not in type(self).__slots__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            with _LOCK:
                self._fill()
            return object.__getattribute__(self, name)

    def _fill(self) -> None:
        read = _filled(self).get(_READ)
        if read is None:  # another thread was first
            return
        whole = read()
        for name in set(type(self).__slots__) - _filled(self).keys():
            object.__setattr__(self, name, getattr(whole, name))
        object.__delattr__(self, _READ)

    def __reduce_ex__(self, protocol: Any) -> Any:
        filled = _filled(self)
        return (_deferred, (type(self), filled)) if _READ in filled else super().__reduce_ex__(protocol)


def pending_reader(value: Deferrable) -> Callable[[], Any] | None:
    """Return what would read the fields of a value that are still unread, ``None`` where all are read."""
    read: Callable[[], Any] | None = getattr(value, _READ, None)
    return read


def unread_text(value: Deferrable) -> memoryview | None:
    """Return the JSON that the unread fields of a value stand in, ``None`` where that is not known."""
    text = getattr(getattr(pending_reader(value), "__self__", None), "raw", None)
    return text if isinstance(text, memoryview) else None


@runtime_checkable
class UnreadMapping(Protocol):
    """A mapping whose values are read when they are needed."""

    def raw(self, name: str) -> memoryview:
        """Return the JSON of a value."""


def _deferred(kind: type[T], filled: dict[str, Any]) -> T:
    value = object.__new__(kind)
    for name, part in filled.items():
        object.__setattr__(value, name, part)
    return value


def _filled(value: Deferrable) -> dict[str, Any]:
    """Return the slots that hold something, without asking for the others."""
    filled = {}
    for name in (_READ, *type(value).__slots__):
        with suppress(AttributeError):
            filled[name] = object.__getattribute__(value, name)
    return filled
