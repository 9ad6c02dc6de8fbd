"""Properties that a server sets itself: when, and by whom, an entity was created, changed or deleted."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .list_parameters import squeezed

_CHANGED = r"(?:date)?(?:last)?(?:updated|modified|changed)"
_CREATED = r"(?:date)?(?:last)?(?:created|registered)"
_WHEN = r"(?:date|time|at|on)*"
_CHANGE_TIME = re.compile(f"{_CHANGED}{_WHEN}")
_CREATION_TIME = re.compile(f"{_CREATED}{_WHEN}")
_AUDIT = re.compile(rf"(?:{_CHANGED}|{_CREATED})(?:{_WHEN}|by\w*)")
_DELETION_MARKS = ("deleted", "isdeleted")
DELETION_MOMENTS = (
    "deletedat",
    "deletedon",
    "deleteddate",
    "datedeleted",
    "deletiontime",
    "deletiondate",
    "deletedtime",
)
"""Names, without letter case and separators, of the moment at which an entity was deleted."""

STATES = ("status", "state", "lifecyclestatus", "lifecyclestate")
"""Names of properties that may say ``deleted`` of an entity that is kept."""

DELETED = "deleted"

_MOST_NAMES = 10_000
"""Names of properties that are remembered: a contract has many, and a dictionary may have any."""


@lru_cache(_MOST_NAMES)
def is_change_time(name: str) -> bool:
    """Tell whether a property of this name, however it is spelled, says when an entity was last changed."""
    return _CHANGE_TIME.fullmatch(squeezed(name)) is not None


@lru_cache(_MOST_NAMES)
def is_creation_time(name: str) -> bool:
    """Tell whether a property of this name says when an entity was created."""
    return _CREATION_TIME.fullmatch(squeezed(name)) is not None


def is_set_by_server(name: str, schema: Any) -> bool:
    """Tell whether callers can't set a property: by its name, or because it is documented as ``readOnly``."""
    is_read_only = isinstance(schema, Mapping) and schema.get("readOnly") is True
    return is_read_only or _is_audited(name)


@lru_cache(_MOST_NAMES)
def _is_audited(name: str) -> bool:
    return _AUDIT.fullmatch(squeezed(name)) is not None


def marks_deletion(name: str) -> bool:
    """Tell whether a property of this name says that an entity, which is kept, is deleted."""
    return squeezed(name) in _DELETION_MARKS


def says_deleted(values: Mapping[str, Any]) -> bool:
    """Tell whether the values of an entity say that it is deleted: by a flag, a moment or a state."""
    for name, value in values.items():
        spoken = squeezed(name)
        if marks_deletion(spoken) and value is True:
            return True
        if (spoken in DELETION_MOMENTS and value is not None) or (spoken in STATES and means_deleted(value)):
            return True
    return False


def means_deleted(value: Any) -> bool:
    """Tell whether a value is the word for what is deleted, or lists it."""
    values = value if isinstance(value, list) else [value]
    return any(isinstance(word, str) and squeezed(word) == DELETED for word in values)
