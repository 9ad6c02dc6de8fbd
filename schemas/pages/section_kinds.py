"""Kinds of sections by the words of their headings and labels."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ..dialects.family_settings import SectionWords
from .inline_text import heading_words

Place = Literal["path", "url", "query", "header", "body", "parameters", "response", "status", "schema", "skip", ""]
Side = Literal["request", "response", ""]

_STATUS = re.compile(r"\b([1-5]\d\d)\b")


@dataclass(frozen=True, slots=True)
class SectionKind:
    """What stands below a heading: rows of a place, samples of a side, or both; ``status`` is a code in its text."""

    place: Place = ""
    side: Side = ""
    is_sample: bool = False
    status: str = ""
    optional: bool = False
    required: bool = False

    @property
    def says_something(self) -> bool:
        """Whether any word was recognised."""
        return bool(self.place or self.side or self.is_sample or self.status)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w])" if words else r"(?!)")


@cache
def section_kind(text: str, words: SectionWords) -> SectionKind:
    """Return the kind of the section below a heading or a label."""
    said = re.sub(r"[*_`]", "", text).lower()
    bare = heading_words(text)

    def has(name: str) -> bool:
        return bool(_pattern(getattr(words, name)).search(bare))

    status = _STATUS.search(said)
    response, sample = has("response"), has("sample")
    side: Side = "response" if response else "request" if has("request") or has("body") else ""
    place = _place(has, bare, response, sample)
    if place == "skip" or (status and status[1][0] in "45"):
        return SectionKind("skip", "", False, status[1] if status else "")
    first = bare.partition(" ")[0]
    return SectionKind(
        place,
        side,
        sample,
        status[1] if status and (response or said.strip().startswith(status[1])) else "",
        first == "optional",
        first == "required",
    )


def _place(has: Callable[[str], bool], bare: str, response: bool, sample: bool) -> Place:
    if has("status"):
        return "status"
    if has("skip"):
        return "skip"
    if has("header"):
        return "response" if response and has("body") else "skip" if response else "header"
    if sample:
        return ""
    if response:
        return "response"
    named = [place for place in ("body", "query", "path") if has(place)]
    if len(named) > 1 and re.search(r"\band\b|\bor\b|[/,&]", bare):
        return "parameters"
    if named:
        return "url" if named[0] == "path" and not re.search(r"\bpath\b|\broute\b", bare) else named[0]  # type: ignore[return-value]
    if has("parameters"):
        return "parameters"
    return "schema" if has("schema") else ""
