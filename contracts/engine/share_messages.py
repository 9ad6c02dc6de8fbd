"""Messages between a run and its processes: pickled objects behind their length, operations by their ids alone."""

import pickle
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

from docdouble.schemas import Call, Operation

from ..cases.known_values import LearnedValues

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Stop:
    """The run is over, for a reason; a share ends after the call that it waits for."""

    reason: str


@dataclass(frozen=True, slots=True)
class ShareDone:
    """The end of a share: why it was too early, if it was, and what a whole run needs to know of it.

    ``verified`` are the operations that succeeded, as ``Successes`` keeps them.
    """

    stopped: str = ""
    left: tuple[Call, ...] = ()
    cut_off: tuple[Call, ...] = ()
    refused: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    verified: Mapping[str, bool] = field(default_factory=dict)
    values: LearnedValues = field(default_factory=LearnedValues)


def write_message(stream: BinaryIO, message: Any) -> None:
    """Write a message and send it off."""
    packed = BytesIO()
    _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump(message)
    stream.write(_LENGTH.pack(packed.tell()) + packed.getbuffer())
    stream.flush()


def read_message(stream: BinaryIO, operations: Mapping[str, Operation]) -> Any:
    """Return the next message, with the operations that it names; raises ``EOFError`` at the end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return _Unpickler(BytesIO(stream.read(_LENGTH.unpack(head)[0])), operations).load()


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> str | None:
        return value.id if isinstance(value, Operation) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: BinaryIO, operations: Mapping[str, Operation]) -> None:
        super().__init__(stream)
        self._operations = operations

    def persistent_load(self, name: str) -> Operation:
        return self._operations[name]
