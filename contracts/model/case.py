"""A call that is about to be sent, and why."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from docdouble.schemas import Call, Evidence, Operation
from docdouble.schemas.http import is_json


class Purpose(Enum):
    """Purpose of a call, by which its reply is judged."""

    VALID = "valid"
    """The call keeps to the documentation."""
    HOSTILE = "hostile"
    """The call breaks something that the documentation says of the request."""
    CONVERTIBLE = "convertible"
    """The call breaks it by values that frameworks convert, such as ``"5"`` for 5: either answer is right."""
    PROBE = "probe"
    """A check sends the call and judges its reply itself."""


class Origin(StrEnum):
    """Origin of a case; they are sent in this order."""

    STORED = "stored"
    SAMPLE = "sample"
    BOUNDARY = "boundary"
    HOSTILE = "hostile"
    RANDOM = "random"
    PROBE = "probe"
    CHAIN = "chain"
    RECORDED = "recorded"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class Breach:
    """Breach by a hostile call: the place in the request, such as ``body/AppointmentId``, and the broken rule."""

    place: str
    rule: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A call of an operation, without the user's credentials: those are added when it is sent, if it is ``signed``.

    ``about`` says in a few words what it tries, empty where there is nothing to say. ``existing`` tells that every id
    in it is known to exist, so that a 404 is no answer.
    """

    operation: Operation
    call: Call
    purpose: Purpose
    origin: Origin
    about: str = ""
    breach: Breach | None = None
    signed: bool = True
    existing: bool = False


CallSize = tuple[int, int, bytes, str]


def size_of(call: Call) -> CallSize:
    """Order calls: those whose body people read best first, then the shorter, then the smaller."""
    is_other = bool(call.body) and not is_json(call.media_type)
    length = len(call.body) + len(call.target) + sum(len(name) + len(value) for name, value in call.headers)
    return int(is_other), length, call.body, call.target
