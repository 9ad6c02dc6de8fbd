"""Kinds of sections by the words of their headings and labels."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ..dialects.family_settings import SectionWords
from ..http import FORM, MULTIPART
from .blocks import Component
from .inline_text import heading_words, plain_text

Place = Literal["path", "url", "query", "header", "body", "parameters", "response", "status", "schema", "skip", ""]
Side = Literal["request", "response", ""]

_TITLES = ("title", "label", "name", "heading", "header", "value")
_WORD_END = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_.]")
_STATUS = re.compile(r"\b([1-5]\d\d)\b")


@dataclass(frozen=True, slots=True)
class SectionKind:
    """Kind of what stands below a heading: rows of a place, samples of a side, or both.

    ``status`` is a code in its text, ``media`` the media type of a form that it names.
    """

    place: Place = ""
    side: Side = ""
    is_sample: bool = False
    status: str = ""
    optional: bool = False
    required: bool = False
    media: str = ""

    @property
    def says_something(self) -> bool:
        """Whether any word was recognised."""
        return bool(self.place or self.side or self.is_sample or self.status)

    @property
    def holds_rows(self) -> bool:
        """Whether parameters or properties are described there."""
        return self.place not in ("", "status", "skip")

    @property
    def is_part(self) -> bool:
        """Whether it is a part of an operation: parameters, a body, responses."""
        return self.place not in ("", "schema", "skip")


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w])" if words else r"(?!)")


@cache
def section_kind(text: str, words: SectionWords) -> SectionKind:
    """Return the kind of the section below a heading or a label."""
    lowered = re.sub(r"[*_`]", "", text).lower()
    bare = heading_words(text)

    def has(name: str) -> bool:
        return bool(_pattern(getattr(words, name)).search(bare))

    status = _STATUS.search(lowered)
    begins = status is not None and lowered.strip().startswith(status[1])
    response, sample = has("response") or begins, has("sample")
    side: Side = "response" if response else "request" if has("request") or has("body") else ""
    place = _place(has, bare, response, sample)
    if status and place == "status":
        place, side, response = "response", "response", True
    if place == "skip" or (status and status[1][0] in "45"):
        return SectionKind("skip", "", False, status[1] if status else "")
    first = bare.partition(" ")[0]
    return SectionKind(
        place,
        side,
        sample,
        status[1] if status and response else "",
        first == "optional",
        first == "required",
        _form(lowered),
    )


def _form(text: str) -> str:
    """Return the media type of the form that a heading names, empty for none."""
    if "multipart" in text:
        return MULTIPART
    return FORM if re.search(r"\bform\b|urlencoded", text) else ""


def component_kind(component: Component, words: SectionWords) -> tuple[SectionKind, str]:
    """Return the kind of what stands in a component, by its name, its title or its status, and what it says of that."""
    attributes = component.attributes
    status = attributes.get("status", attributes.get("code", ""))
    title = next((attributes[key] for key in _TITLES if key in attributes), "")
    kind = SectionKind()
    if re.search(r"response|request", component.name, re.IGNORECASE):
        kind = section_kind(f"{re.sub(_WORD_END, ' ', component.name)} {status}", words)
    elif re.match(r"\W*[1-5]\d\d\b", title):
        status = title
    elif title:
        kind = section_kind(title, words)
    if match := _STATUS.search(status):
        return SectionKind("response", "response", False, match[1]), plain_text(status[match.end() :]).strip(": -")
    return kind, ""


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
