"""First parts of a large value: what breaks its schema is looked for in these, since each failure takes memory."""

from typing import Any, NamedTuple

from jsonschema.exceptions import ValidationError

MOST_PARTS = 50_000
"""Properties and items of a value that are judged one by one."""

_KEPT_BY_ALL = frozenset(["type", "additionalProperties", "propertyNames", "maxItems", "maxProperties", "uniqueItems"])
"""Keywords that a whole breaks where its first parts do."""

_CONDITIONAL = frozenset(["then", "else", "dependentSchemas"])
"""Keywords whose condition may hold for the first parts alone."""

_Path = tuple[str | int, ...]


class FirstParts(NamedTuple):
    """A ``value`` without what is beyond its first parts, and where that begins: ``None`` where it is whole."""

    value: Any
    end: _Path | None

    def shows(self, error: ValidationError) -> bool:
        """Tell whether an error of these parts is one of the whole, too."""
        if self.end is None:
            return True
        path = tuple(error.absolute_path)
        is_local = path != self.end[: len(path)] or error.validator in _KEPT_BY_ALL
        return is_local and _CONDITIONAL.isdisjoint(error.absolute_schema_path)


def first_parts(value: Any, most: int = MOST_PARTS) -> FirstParts:
    """Return as many parts of a value, in its order, as ``most``."""
    if not _is_larger(value, most):
        return FirstParts(value, None)
    reading = _Reading(most)
    part = reading.part(value, ())
    return FirstParts(part if reading.end is not None else value, reading.end)


def _is_larger(value: Any, most: int) -> bool:
    """Tell whether a value has more parts than that."""
    waiting, parts = [value], 0
    while waiting:
        outer = waiting.pop()
        members = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
        parts += len(members)
        if parts > most:
            return True
        waiting += [part for part in members if isinstance(part, dict | list)]
    return False


class _Reading:
    def __init__(self, most: int) -> None:
        self.end: _Path | None = None
        self._left = most

    def part(self, value: Any, path: _Path) -> Any:
        if isinstance(value, dict):
            return dict(self._members(value.items(), path))
        if isinstance(value, list):
            return [member for _, member in self._members(enumerate(value), path)]
        return value

    def _members(self, members: Any, path: _Path) -> Any:
        for key, member in members:
            if self._left == 0:
                self.end = self.end if self.end is not None else path
                return
            self._left -= 1
            yield key, self.part(member, (*path, key))
