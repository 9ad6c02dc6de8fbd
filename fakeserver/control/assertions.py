"""Assertions about calls, answered from the journal: whether an operation was called, how often, with which body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import ConfigError, Contract

from .journal import Journal, JournalEntry
from .matching import ABSENT, Matcher, check_keys, differences

KEYS = ("operation", "method", "path", "body", "times", "at_least", "at_most")

_NEAREST = 3
_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class Assertion:
    """The calls that are meant, and between which counts they must be; ``most`` is ``None`` for no upper bound."""

    matcher: Matcher
    least: int
    most: int | None

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], contract: Contract) -> "Assertion":
        """Read the keys ``KEYS``; raises ``ConfigError`` that names a wrong one, or a wrong value."""
        check_keys(mapping, KEYS)
        times, least, most = (_count(mapping, key) for key in ("times", "at_least", "at_most"))
        if times is not None and (least is not None or most is not None):
            raise ConfigError("times", times, expected="alone: it leaves nothing to at_least and at_most")
        if least is not None and most is not None and least > most:
            raise ConfigError("at_least", least, expected=f"at most at_most, {most}")
        least = 1 if times is None and least is None and most is None else least
        return cls(Matcher.from_mapping(mapping, contract), times or least or 0, most if times is None else times)

    def check(self, journal: Journal, world: str = "") -> dict[str, Any]:
        """Return whether it ``holds``, the ``count``, what was ``expected`` and the ``nearest`` other calls.

        Without the name of a ``world``, the calls of all are counted.

        Calls that the journal has dropped, and bodies that it doesn't hold whole, are ``unknown``: with these an
        upper bound may be broken, so then it doesn't hold.
        """
        called = list(self._differences(journal, world))
        others = [(entry, differing) for entry, differing in called if differing]
        unknown = journal.dropped(self.matcher.operation, world) + sum(bool(entry.body.note) for entry, _ in others)
        count = len(called) - len(others)
        return {
            "holds": self.least <= count and (self.most is None or count + unknown <= self.most),
            "count": count,
            "unknown": unknown,
            "expected": self._expected(),
            "nearest": [_near(*other) for other in sorted(others, key=lambda other: len(other[1]))[:_NEAREST]],
        }

    def _differences(self, journal: Journal, world: str) -> Iterator[tuple[JournalEntry, list[str]]]:
        """Yield the calls of the operation, and how the body of each differs; secrets are as masked as there."""
        matcher, expected = self.matcher, journal.masking.json(self.matcher.body)
        for entry in journal.entries(world):
            if matcher.is_of(entry.operation, entry.method, entry.target):
                yield entry, [] if expected is ABSENT else list(differences(expected, entry.body.value))

    def _expected(self) -> str:
        which = self.matcher.operation or f"{self.matcher.method} {self.matcher.path}"
        body = "" if self.matcher.body is ABSENT else " with this body"
        return f"{which} called {_bounds(self.least, self.most)}{body}"


def _bounds(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {_times(least)}"
    if least == most:
        return f"exactly {_times(most)}" if most else "never"
    return f"at least {least} and at most {_times(most)}" if least else f"at most {_times(most)}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _count(mapping: Mapping[str, Any], key: str) -> int | None:
    value = mapping.get(key)
    if value is not None and (type(value) is not int or value < 0):
        raise ConfigError(key, value, expected="a number from 0")
    return value


def _near(entry: JournalEntry, differing: list[str]) -> dict[str, Any]:
    described = entry.as_dict()
    members = ("number", "time", "method", "target", "body", "body_note", "status")
    return {**{key: described[key] for key in members}, "differences": differing[:_DIFFERENCES]}
