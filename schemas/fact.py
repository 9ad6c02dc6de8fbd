"""What a contract promises of an operation, by name: what a caller can touch, and what a new version can change."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The kinds of facts; what ``Fact.name`` is of each is told beside it."""

    OPERATION = "operation"
    """The operation itself; the name is empty."""
    PARAMETER = "parameter"
    """``query/$select``: where it stands, and its name."""
    REQUEST_MEDIA_TYPE = "request-media-type"
    """``application/json``."""
    REQUEST = "request"
    """A place in the request's body, ``/Associate/Name``; empty for the whole body."""
    STATUS = "status"
    """``200``."""
    RESPONSE_MEDIA_TYPE = "response-media-type"
    """``200 application/json``: the status, and the media type."""
    RESPONSE = "response"
    """``200/Associate/Name``: the status, and a place in the body."""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One fact of an operation (an id).

    Places are JSON Pointers (RFC 6901) of properties as documented, with ``*`` for any item of an array and any key of
    a dictionary.
    """

    operation: str
    part: Part = Part.OPERATION
    name: str = ""
