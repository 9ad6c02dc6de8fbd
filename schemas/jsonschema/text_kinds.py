"""Kinds of documented texts, kept in place of the texts, which are the documentation's own."""

import re

from ..contract.model import Schema

KINDS = "x-docdouble-kinds"
"""Annotation keyword of a string: the kinds of its samples, each with how many samples are of it."""

_PATTERNS = {
    "empty": r"",
    "date-time": r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:?\d\d|Z)?)?",
    "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "email": r"[^@\s]+@(?=[^@\s]+\Z)[^@\s]+\.[^@\s]+",
    "url": r"https?://\S+",
    "span": r"\d+:\d\d:\d\d(?:\.\d+)?",
    "phone": r"(?=(?:\D*\d){5})[+(]?[\d\s().x/-]{6,}",
    "number": r"[+-]?\d+(?:[.,]\d+)*",
    "marker": r"\[[A-Z]+:[^\]]*\]",
    "type-name": r"[A-Z]\w*(?:\.[A-Z]\w*)+",
    "word": r"\S+",
    "words": r".*",
}
"""Kind → what the whole text looks like; the first that fits counts.

A ``date-time`` may be a date alone, a ``span`` is a length of time (``1:30:00``), a ``marker`` a tagged value
(``[I:10]``), a ``type-name`` a dotted name (``System.String``).
"""

_NAMES = tuple(_PATTERNS)
_ANY = re.compile(r"(?:" + "|".join(f"({pattern})" for pattern in _PATTERNS.values()) + r")\Z", re.DOTALL)


def text_kind(text: str) -> str:
    """Return the name of the kind that a text is of."""
    match = _ANY.match(text)
    return _NAMES[match.lastindex - 1] if match and match.lastindex else _NAMES[-1]


def counted_together(first: Schema, second: Schema) -> Schema:
    """Return the annotation with the counts of both schemas added, empty where neither has any."""
    own, others = first.get(KINDS, {}), second.get(KINDS, {})
    counts = {kind: own.get(kind, 0) + others.get(kind, 0) for kind in sorted({*own, *others})}
    return {KINDS: counts} if counts else {}
