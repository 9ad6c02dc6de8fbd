"""Order of lists: parameters that ask for rows sorted by properties, in any of the usual ways to write that."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docdouble.schemas.resources.list_parameters import QueryValue, squeezed

from ..behaviours.odata_filter import sort_key
from .row_properties import RowProperty, identifying_values

_DESCENDING = frozenset({"desc", "descending", "-1"})
_ASCENDING = frozenset({"asc", "ascending", "1"})
_ENDINGS = ("", "at", "on", "date", "time")
_BY_AGE: Mapping[str, bool] = {"newest": True, "latest": True, "recent": True, "oldest": False}
"""Words that stand for an order by age, and whether that is descending."""

_AGE = ("createdat", "created", "createddate", "date", "timestamp", "publishedat", "updatedat")
_CALL = re.compile(r"(asc|desc)\((.+)\)\Z", re.IGNORECASE)
_SUFFIX = re.compile(r"(.+?)[\s:._,-]{0,3}(asc|desc|ascending|descending)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The parameters that state the order of a list: by what, and in which direction."""

    by: QueryValue | None
    direction: QueryValue | None
    properties: Mapping[str, RowProperty]

    def sorted(self, rows: Sequence[Any], parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows in the order that a request asks for; what has no value comes last."""
        ordered = rows
        for kept, is_descending in reversed(self._asked(parameters)):
            valued = [row for row in ordered if kept.of(row) is not None]
            without = [row for row in ordered if kept.of(row) is None]
            key = _key_of(kept)
            ordered = [*sorted(valued, key=key, reverse=is_descending), *without]
        return ordered

    def is_asked(self, parameters: Mapping[str, Any]) -> bool:
        """Tell whether a request asks for an order."""
        return bool(self._asked(parameters))

    def _asked(self, parameters: Mapping[str, Any]) -> list[tuple[RowProperty, bool]]:
        is_descending = _is_descending(self.direction, parameters)
        value = _value(self.by, parameters)
        if value is None and is_descending is not None and _is_sent(self.direction, parameters):
            age = self._age()
            return [(age, is_descending)] if age else []
        texts = value if isinstance(value, list) else str(value or "").split(",")
        return [(kept, down) for text, down in _joined(texts, is_descending) for kept, down in self._meant(text, down)]

    def _meant(self, text: str, is_descending: bool) -> Iterator[tuple[RowProperty, bool]]:
        name = squeezed(text)
        kept = next((self.properties[name + end] for end in _ENDINGS if name + end in self.properties), None)
        if kept is not None:
            yield kept, is_descending
        elif name in _BY_AGE and (age := self._age()):
            yield age, _BY_AGE[name]

    def _age(self) -> RowProperty | None:
        """Return the property that is sorted by where only a direction is asked for."""
        dated = next((self.properties[name] for name in _AGE if name in self.properties), None)
        return dated or self.properties.get("id")


def _joined(texts: Sequence[Any], default: bool | None) -> Iterator[tuple[str, bool]]:
    """Yield names, each with whether its order is descending: ``name,desc`` is one of them."""
    words = [str(text).strip() for text in texts if str(text).strip()]
    for place, word in enumerate(words):
        if word.lower() in _DESCENDING | _ASCENDING:
            continue
        following = words[place + 1].lower() if place + 1 < len(words) else ""
        name, is_descending = _read(word, default)
        yield name, (following in _DESCENDING) if following in _DESCENDING | _ASCENDING else is_descending


def _read(word: str, default: bool | None) -> tuple[str, bool]:
    """Return a name and whether its order is descending: ``-name``, ``name:desc``, ``desc(name)``, ``name_desc``."""
    if word[0] in "-+":
        return word[1:], word[0] == "-"
    if call := _CALL.match(word):
        return call[2], call[1].lower() == "desc"
    if suffix := _SUFFIX.match(word):
        return suffix[1], suffix[2].lower() in _DESCENDING
    return word, bool(default)


def _value(asked: QueryValue | None, parameters: Mapping[str, Any]) -> Any:
    if asked is None:
        return None
    value = asked.value(parameters)
    return asked.default if value is None else value


def _is_sent(asked: QueryValue | None, parameters: Mapping[str, Any]) -> bool:
    return asked is not None and asked.value(parameters) is not None


def _is_descending(asked: QueryValue | None, parameters: Mapping[str, Any]) -> bool | None:
    """Return whether the order is asked for as descending, ``None`` where nothing says so."""
    value = _value(asked, parameters)
    if value is None or asked is None:
        return None
    if isinstance(value, bool) or str(value).lower() in ("true", "false"):
        is_true = str(value).lower() == "true"
        return is_true != ("asc" in squeezed(asked.name) and "desc" not in squeezed(asked.name))
    return str(value).lower() in _DESCENDING


def _key_of(kept: RowProperty) -> Any:
    return lambda row: sort_key(next(identifying_values(kept.of(row)), None))
