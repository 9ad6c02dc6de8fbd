"""Files of dialects: a documentation family as TOML, read to the ``Dialect`` that it describes."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .base import Dialect, SampleRule, SecurityWord
from .filter_words import FilterWords, PeriodFunction
from .verbs import USUAL, Verbs


def read_dialect(path: Path) -> Dialect:
    """Return the dialect of a file, whose keys are the fields of ``Dialect``; raises ``ConfigError`` for any other.

    Patterns are texts, compared without regard to case. The tables ``sampled``, ``list`` and ``filter`` hold the fields
    whose names begin so.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for table in ("sampled", "list"):
        data |= {f"{table}_{key}": value for key, value in data.pop(table, {}).items()}
    data["filter_words"] = data.pop("filter", {})
    known = {field.name for field in fields(Dialect)}
    for key in data:
        if key not in known:
            raise ConfigError(path.name, key, sorted(known), expected="a field of a dialect")
    return Dialect(**{key: _READERS[key](value) if key in _READERS else value for key, value in data.items()})


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _tuples(data: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in data.items()}


def _verbs(data: Mapping[str, Any]) -> Verbs:
    return replace(USUAL, reading=tuple(data["reading"]))


def _filter_words(data: Mapping[str, Any]) -> FilterWords:
    periods = data.get("periods", {}).items()
    functions = data.get("functions", {}).items()
    return FilterWords(
        data.get("operators", {}),
        {
            key: (period["unit"], PeriodFunction("uncounted", tuple(period["spans"])).periods(1))
            for key, period in periods
        },
        {key: PeriodFunction(function["counting"], tuple(function["spans"])) for key, function in functions},
    )


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("request_heading", "response_heading", "include", "quoted", "dictionary_words"), _pattern),
    **dict.fromkeys(("header_columns", "property_columns", "status_columns"), tuple),
    **dict.fromkeys(("placeholders", "type_suffixes", "conventions"), tuple),
    "seldom_flags": frozenset,
    "assumed_media_types": _tuples,
    "verbs": _verbs,
    "filter_words": _filter_words,
    "parameter_tables": lambda tables: {tuple(value["columns"]): value["location"] for value in tables},
    "security_headers": lambda words: {key: SecurityWord(**word) for key, word in words.items()},
    "security_words": lambda words: tuple(SecurityWord(**word) for word in words),
    "sample_rules": lambda rules: tuple(SampleRule(**rule) for rule in rules),
}
"""Readers of the fields whose values aren't taken as they are written."""
