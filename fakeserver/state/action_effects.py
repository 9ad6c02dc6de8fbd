"""Effects of actions: what ``POST /orders/{id}/cancel`` makes of a documented status, flag or moment."""

import re
from collections.abc import Mapping
from typing import Any

from docdouble.schemas import Contract
from docdouble.schemas.contract.parameter_values import schema_branches
from docdouble.schemas.resources.audit_properties import is_change_time, is_creation_time
from docdouble.schemas.resources.entity_keys import kinds_shown
from docdouble.schemas.resources.list_parameters import squeezed

_STATES = re.compile(r"(?:.*(?:status|state|phase|stage|visibility))\Z")
_IRREGULAR = {
    "pay": "paid",
    "send": "sent",
    "begin": "started",
    "start": "started",
    "stop": "stopped",
    "ship": "shipped",
    "submit": "submitted",
    "hold": "onhold",
    "reopen": "open",
    "restore": "active",
    "resume": "active",
    "activate": "active",
    "deactivate": "inactive",
    "unarchive": "active",
    "enable": "enabled",
    "run": "running",
}
"""Verbs → the state that they lead to, where it doesn't begin as they do."""

_MOMENT = re.compile(r".*[a-z]{3}(?:ed|en|id|nt|ld)(?:at|on|date|time)\Z")
"""Name of a property, without separators, that tells when something happened to an entity."""

_OPPOSITES = ("un", "de", "dis")
_UNDOING = {"reopen": "closed", "restore": "archived", "enable": "disabled", "disable": "enabled"}
_SHORTEST = 3


def action_effect(path: str, properties: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """Return the properties that the action at the end of a path changes: a listed state that it names, or a flag.

    ``None`` stands for the moment at which it is done. It is empty where nothing documented is named like it.
    """
    wanted = squeezed(path.rstrip("/").replace(":", "/").rpartition("/")[2])
    effect: dict[str, Any] = {}
    for name, schema in properties.items():
        spoken = squeezed(name)
        if _STATES.match(spoken) and (state := _state(wanted, schema, contract)) is not None:
            effect[name] = state
        elif kinds_shown(schema, contract) == {"boolean"} and (flag := _flag(wanted, spoken)) is not None:
            effect[name] = flag
        elif spoken.endswith("at") and _is_named(wanted, spoken.removesuffix("at")):
            effect[name] = None
    return effect


def is_later_moment(name: str) -> bool:
    """Tell whether a squeezed name tells when something happened to an entity after it was created."""
    return _MOMENT.match(name) is not None and not is_creation_time(name) and not is_change_time(name)


def _state(wanted: str, schema: Any, contract: Contract) -> Any:
    """Return the listed value that a verb leads to, ``None`` where none is named like it."""
    listed = [value for branch in schema_branches(schema, contract) for value in branch.get("enum", ())]
    texts = [value for value in listed if isinstance(value, str)]
    usual = _IRREGULAR.get(wanted, "")
    exact = next((value for value in texts if usual and squeezed(value) == usual), None)
    return exact or next((value for value in texts if _is_named(wanted, squeezed(value))), None)


def _flag(wanted: str, spoken: str) -> bool | None:
    """Return what a verb makes of a flag, ``None`` where it isn't about it."""
    named = spoken.removeprefix("is")
    if _is_named(wanted, named):
        return True
    opposite = next((wanted.removeprefix(prefix) for prefix in _OPPOSITES if wanted.startswith(prefix)), "")
    undone = _UNDOING.get(wanted, "")
    return False if (opposite and _is_named(opposite, named)) or (undone and named == undone) else None


def _is_named(verb: str, state: str) -> bool:
    """Tell whether a state is named after a verb: ``cancelled`` and ``canceled`` after ``cancel``."""
    stem = verb.removesuffix("e").removesuffix("y")
    is_participle = re.fullmatch(rf"{re.escape(stem)}[a-z]?(?:ed|ied|d|t|en|ing)?", state) is not None
    return len(stem) >= _SHORTEST and (is_participle or state == _IRREGULAR.get(verb))
