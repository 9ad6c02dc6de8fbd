"""Ids in the paths of sampled requests: ``/boats/b1`` is one of ``/boats/{boatId}``.

A segment is taken for an id by its looks, because a reply shows it as the id of something, or because the same request
with another segment in its place is answered alike, and each reply shows its segment. Where paths have variables of
their own, only what can be nothing but an id is one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from ..contract.paths import path_variables
from ..words import singular, words_of
from .exchanges import SampledExchange, SampledParameter

MOST_IDS = 100_000
"""Ids of replies that are remembered."""

MOST_DEEP = 50
"""Levels of a reply that are searched for ids."""

_ALIKE = 0.8
"""Part of their properties that two replies must share to be of one type."""

_SURE_ID = re.compile(
    r"\d+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?=.*\d)[0-9a-f]{12,}"
    r"|(?=.*\d)(?=.*[a-z])[0-9a-z]+[-_][0-9a-z_-]*\d[0-9a-z_-]{3,}"
    r"|(?=(?:.*\d){3})(?=.*[a-z])[0-9a-z_-]{10,}"
    r"|[^@/]+@[^@/]+\.[^@/]+",
    re.IGNORECASE,
)
_MAYBE_ID = re.compile(r"(?=.*\d)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
"""A segment that is an id where it stands after a plural."""

_NO_ID = re.compile(
    r"v\d+(\.\d+)*\w*|\d{4}-\d\d(-\d\d)?"
    r"|(oauth|auth|s|k|mp|ipv|base|sha|md|web|http|h|utf|i|l|e|x|top|2fa|3d|p|b|c)\d+\w?|\d[a-z]+",
    re.IGNORECASE,
)
"""Versions, dates and words of technology with a digit."""

_WEAK_NO_ID = re.compile(r"[a-z]\d{1,3}", re.IGNORECASE)
_WORDS = frozenset(
    words_of(
        "me self current latest default search find list query count all new export import bulk batch status health "
        "login logout token info details summary stats config settings schema version public private active"
    )
)
"""Segments that say what is asked, and are never an id."""

_ID_WORDS = frozenset(words_of("id uuid guid key slug code number name login username handle sku"))


def with_templates(exchanges: Sequence[SampledExchange]) -> tuple[SampledExchange, ...]:
    """Return the exchanges with a variable in their paths in place of each id."""
    ids = _Ids(exchanges)
    return tuple(_with_template(exchange, ids) for exchange in exchanges)


class _Ids:
    """The ids that the replies of exchanges show, and the segments that are interchangeable."""

    def __init__(self, exchanges: Sequence[SampledExchange]) -> None:
        self._shown: set[str] = set()
        for exchange in exchanges:
            for reply in exchange.replies:
                if reply.body and len(self._shown) < MOST_IDS:
                    self._shown.update(_shown_ids(reply.body.value))
        paths = [_segments(exchange.path) for exchange in exchanges]
        self._has_variables = any("{" in segment for path in paths for segment in path)
        self._common = {first for first, count in Counter(path[0] for path in paths if path).items() if count > 1}
        self._alike = set(_interchangeable(exchanges, self._is_shaped))

    def is_id(self, segments: Sequence[str], place: int) -> bool:
        """Tell whether a segment of a path is an id."""
        if self._is_shaped(segments, place):
            return True
        is_word = segments[place].lower() in _WORDS or "{" in segments[place] or self._has_variables
        return not is_word and _key(segments, place, self._is_shaped) in self._alike

    def _is_shaped(self, segments: Sequence[str], place: int) -> bool:
        segment = unquote(segments[place])
        if "{" in segment or segment.lower() in _WORDS or (place == 0 and segment in self._common):
            return False
        if self._has_variables:
            return bool(_SURE_ID.fullmatch(segment)) and not _NO_ID.fullmatch(segment)
        after_plural = place > 0 and _is_plural(segments[place - 1])
        if segment in self._shown and (after_plural or _SURE_ID.fullmatch(segment)):
            return True
        if _NO_ID.fullmatch(segment):
            return after_plural and bool(_WEAK_NO_ID.fullmatch(segment)) and not segment.lower().startswith("v")
        return bool(_SURE_ID.fullmatch(segment)) or (after_plural and bool(_MAYBE_ID.fullmatch(segment)))


def _is_plural(segment: str) -> bool:
    words = words_of(segment)
    return bool(words) and words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/") if path.strip("/") else []


def _shown_ids(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the values of properties that are named as ids are."""
    if depth > MOST_DEEP:
        return
    if isinstance(value, dict):
        for name, part in value.items():
            if isinstance(part, dict | list):
                yield from _shown_ids(part, depth + 1)
            elif isinstance(part, str | int) and not isinstance(part, bool) and _names_id(name) and str(part):
                yield str(part)
    elif isinstance(value, list):
        for part in value:
            yield from _shown_ids(part, depth + 1)


def _names_id(name: str) -> bool:
    words = words_of(name)
    return bool(words) and words[-1] in _ID_WORDS


def _interchangeable(exchanges: Iterable[SampledExchange], is_shaped: Any) -> Iterator[tuple[str, ...]]:
    """Yield the places of paths at which segments differ while the replies are of one type."""
    seen: defaultdict[tuple[str, ...], dict[str, frozenset[str]]] = defaultdict(dict)
    for exchange in exchanges:
        segments = _segments(exchange.path)
        names = _property_names(exchange)
        shown = _texts_of(exchange)
        for place in range(1, len(segments)):
            segment = segments[place]
            if len(names) > 1 and unquote(segment) in shown and "{" not in segment and segment.lower() not in _WORDS:
                key = (exchange.method, *_key(segments, place, is_shaped), "|", *segments[place + 1 :])
                seen[key].setdefault(segment, names)
    for key, replies in seen.items():
        shapes = list(replies.values())
        if len(shapes) > 1 and all(_likeness(shapes[0], shape) >= _ALIKE for shape in shapes[1:]):
            yield key[1 : key.index("|")]


def _key(segments: Sequence[str], place: int, is_shaped: Any) -> tuple[str, ...]:
    """Return what stands before a segment, with nothing in place of ids and variables."""
    return tuple(
        "" if "{" in segment or is_shaped(segments, index) else segment
        for index, segment in enumerate(segments[:place])
    )


def _property_names(exchange: SampledExchange) -> frozenset[str]:
    for reply in exchange.replies:
        if reply.status.startswith("2") and reply.body and isinstance(reply.body.value, dict):
            return frozenset(reply.body.value)
    return frozenset()


def _texts_of(exchange: SampledExchange) -> set[str]:
    """Return the texts and numbers that the replies of an exchange hold in their objects."""
    values = (reply.body.value for reply in exchange.replies if reply.body and isinstance(reply.body.value, dict))
    return {str(part) for value in values for part in value.values() if isinstance(part, str | int)}


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)


def _with_template(exchange: SampledExchange, ids: _Ids) -> SampledExchange:
    segments = _segments(exchange.path)
    known = [parameter for parameter in exchange.parameters if parameter.location == "path"]
    names = {parameter.name for parameter in known} | set(path_variables(exchange.path))
    template, variables = [], list(known)
    for place, segment in enumerate(segments):
        if not ids.is_id(segments, place):
            template.append(segment)
            continue
        name = _unused(_variable_name(segments, place, template), names)
        names.add(name)
        template.append(f"{{{name}}}")
        variables.append(SampledParameter(name, "path", unquote(segment), exchange.evidence))
    return exchange.with_path("/" + "/".join(template), tuple(variables))


def _variable_name(segments: Sequence[str], place: int, before: Sequence[str]) -> str:
    """Return the name of a variable after the collection that it is in: ``boatId`` below ``/boats``."""
    if not place or "{" in before[place - 1]:
        return "id"
    noun = singular(re.sub(r"[^\w-]", "", segments[place - 1]))
    if not noun:
        return "id"
    if "_" in noun or "-" in noun:
        return f"{noun.replace('-', '_')}_id"
    return f"{noun[0].lower()}{noun[1:]}Id"


def _unused(name: str, taken: set[str]) -> str:
    numbered = (name if number == 1 else f"{name}{number}" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in numbered if candidate not in taken)
