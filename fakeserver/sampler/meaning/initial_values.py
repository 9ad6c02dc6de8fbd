"""Initial values of what was just created: the first of its states, no flag set, nothing counted, nothing ended yet."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import sends_null, types_of

from ..narrow import flattened
from ..shapes import value_test
from .number_rules import SELDOM, share_of_true
from .text_rules import words

_STATES = re.compile(r"(.* )?(status|state|stage|phase)")
_INITIAL = re.compile(
    r"draft|new|created|pending|open(ed)?|requested|received|submitted|initiated|initial|queued|scheduled|to ?do|placed"
    r"|unpaid|unconfirmed|unverified|await.*|incomplete|registered|backlog|not started|in preparation|preparing|booked"
)
_LATER = re.compile(
    r"(.*\b)?(deliver|cancel|clos|sold|complet|delet|archiv|fail|reject|refund|expir|return|done|ship|paid|finish|inactive"
    r"|disabl|suspend|resolv|declin|void|lost|error|unknown|none)\w*"
)
_COUNT = re.compile(r"(.* )?(count|counter)|(number|num|no) of .*")
_ENDED = re.compile(
    r"(deleted|cancell?ed|completed|closed|delivered|shipped|paid|archived|finished|ended|resolved|refunded|returned"
    r"|expired|revoked|verified|confirmed|approved|rejected|published|read|seen|used|last \w+)( (at|on|date|time))?"
)
_MOMENTS = ("date-time", "date")


def initial_values(
    properties: Mapping[str, Any], contract: Contract, is_sendable: Callable[[str], bool] = lambda name: False
) -> dict[str, Any]:
    """Return what a new entity has under the names of properties that nobody sent, as far as that is known.

    Of what callers could have sent it has defaults and the first state alone.
    """
    values: dict[str, Any] = {}
    for name, schema in properties.items():
        if isinstance(schema, dict):
            merged = flattened(contract.resolve(schema), contract)
            merged = {**merged, **schema} if "default" in schema else merged
            value = _state(words(name), merged) or (None if is_sendable(name) else _unset(words(name), merged))
            if value is not None and value_test(schema, contract)(value[0]):
                values[name] = value[0]
    return values


def _state(spoken: str, schema: Schema) -> tuple[Any] | None:
    """Return the default or the first state of a property in a tuple, ``None`` where it has none."""
    if "default" in schema:
        return (schema["default"],)
    if isinstance(schema.get("enum"), list) and _STATES.fullmatch(spoken):
        return (_first_state(schema["enum"]),)
    return None


def _unset(spoken: str, schema: Schema) -> tuple[Any] | None:
    """Return what a flag, a count or a later moment is at first, in a tuple, ``None`` for any other property."""
    kinds = types_of(schema)
    if "boolean" in kinds and share_of_true(spoken) == SELDOM:
        return (False,)
    if "integer" in kinds and _COUNT.fullmatch(spoken):
        return (0,)
    is_moment = schema.get("format") in _MOMENTS or spoken.endswith((" at", " on", " date"))
    return (None,) if is_moment and sends_null(schema) and _ENDED.fullmatch(spoken) else None


def _first_state(values: list[Any]) -> Any:
    """Return the state that entities begin in, by the words of the values, else by their order."""
    texts = [(value, words(value)) for value in values if isinstance(value, str)]
    initial = [value for value, spoken in texts if _INITIAL.fullmatch(spoken)]
    others = [value for value, spoken in texts if not _LATER.fullmatch(spoken)]
    return next(iter((*initial, *others, *values)))
