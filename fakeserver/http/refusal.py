"""Refusals: why a call isn't answered, before it is decided in which shape that is sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docdouble.schemas import Reply, Violation
from docdouble.schemas.http import Headers
from docdouble.schemas.json_pointer import steps_of

from .problem import problem

VIOLATIONS = "Docdouble-Violations"
"""Header of a reply that lists what of the call breaks the documentation, in any shape of body: JSON, in ASCII."""

NOTE = "Docdouble-Note"
"""Header of a reply that tells what of the call was taken though not written as documented, or what is left out."""

_MOST_BYTES = 3000
"""Bytes of its list: many clients and proxies take 8 KB for all header fields together, some only 4 KB."""

_LONGEST = 200
"""Characters of one text in it."""

Member = Mapping[str, Any]
"""A violation in its JSON form, as ``violation_member`` returns it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A failure to be reported: ``detail`` is one sentence, ``violations`` are the places that break the documentation.

    ``headers`` are sent with it, ``members`` are what problem details tell besides. A ``status`` of 422 is a request
    that could be read, but breaks the documentation, one of 400 couldn't even be read. It ``is_asked`` for where the
    caller prefers that status, and nothing is wrong. ``broken`` is what breaks the schemas of the request, as values.
    """

    status: int
    detail: str
    headers: Headers = ()
    violations: tuple[Member, ...] = ()
    members: Mapping[str, Any] = field(default_factory=dict)
    is_asked: bool = False
    broken: tuple[Violation, ...] = ()

    def problem(self, status: int) -> Reply:
        """Return the problem details (RFC 9457) with a status, which may be another than that of the refusal."""
        return problem(status, self.detail, *self.headers, violations=self.violations or None, **self.members)


def violations_field(violations: Sequence[Member]) -> tuple[str, str]:
    """Return the header field that lists violations; its last item counts those that it has no room for."""
    items = [_json({name: _shortened(value) for name, value in violation.items()}) for violation in violations]
    shown: list[str] = []
    room = _MOST_BYTES
    for item in items:
        room -= len(item) + 1
        if room < 0:
            shown.append(_json({"more": len(items) - len(shown)}))
            break
        shown.append(item)
    return VIOLATIONS, f"[{','.join(shown)}]"


def place_of(violation: Member) -> str:
    """Return in words where a violation is: ``/name in the body``, ``limit in the query``."""
    name, place = f"{violation.get('name') or ''}{violation.get('pointer') or ''}", violation.get("in")
    return f"{name} in the {place}" if name and place else f"the {place}" if place else name


def field_path(violation: Member) -> str:
    """Return the field as error bodies mostly spell it: ``items.0.name``, the name of a parameter, or ``body``."""
    named = [str(violation["name"])] if violation.get("name") else []
    return ".".join([*named, *steps_of(str(violation.get("pointer") or ""))]) or str(violation.get("in", ""))


def _shortened(value: Any) -> Any:
    return f"{value[: _LONGEST - 3]}..." if isinstance(value, str) and len(value) > _LONGEST else value


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")).replace("\x7f", "\\u007f")  # the only control that JSON leaves
