"""Samples of bodies in pages: JSON in fences, whole HTTP messages, bodies of curl; mended where they are no JSON."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile
from typing import Any

from ..errors import PageError
from ..http import is_json, media_type
from ..json_lines import Lines, parse_json
from .blocks import Fence
from .request_lines import RELATIVE_LINE, REQUEST_LINE
from .sample_commands import sample_commands

_ELLIPSIS = re.compile(
    r"(?m)\"[^\"\n]*\"[ \t]*:[ \t]*(?:\.{3,}|…)[ \t]*(?:,|(?=[}\n]))"
    r"|,?[ \t]*(?:\.{3,}|…)[ \t]*,?(?=\s*[\]}])|(?<=[\[{,])\s*(?:\.{3,}|…)(?:[ \t]*\w[^\"\[\]{}\n]*$)?[ \t]*,?"
)
_LINE_COMMENTS = re.compile(r"(?m)(?<![:\"'\w/])//[^\n\"]*$|^[ \t]*#[^\n]*$")
_BLOCK_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_RESPONSE_LINE = re.compile(
    r"\s*(?:(?:#|//)\s*)?(?:HTTP(?:/[\d.]+|(?i:[ -](?:status(?:[ -]code)?|code)):?)?|Status:?)"
    r"\s+(?P<status>[1-5]\d\d)\b(?P<reason>[^\n]*)\n?"
)
_ANSWERED = re.compile(
    rf"\s*{REQUEST_LINE.pattern}[ \t]*\n(?:[^\n]*\n){{0,20}}?[ \t]*(?P<status>[1-5]\d\d)[ \t]*\n\s*(?=[{{\[])"
)
"""A request, a status alone on a line, and JSON."""
_PLAIN_VALUE = re.compile(r"\"[^\"\n]*\"|-?\d+(?:\.\d+)?|true|false")
_BODY = re.compile(r"^[ \t]*(?P<body>[\[{].*)", re.DOTALL | re.MULTILINE)
_CONTENT_TYPE = re.compile(r"^[ \t]*content-type:\s*(?P<type>\S+)", re.IGNORECASE | re.MULTILINE)
_TEMPLATE = re.compile(r"\[[\w .-]+\]\s*$|\{[%{#]")
_PLACEHOLDERS = re.compile(r"[\[{:,]\s*<[A-Za-z][\w -]*>\s*[\]}:,]")
"""Names in place of names and values, as in ``{<name>: <Boolean>}``: what is not meant as JSON."""


@dataclass(frozen=True, slots=True)
class PageSample:
    """A sample: the side that it is of where that is known, its status, media type, value, and how it was read.

    ``how`` is ``strict``, or names what was mended. A sample without a body has no lines. ``target`` is the method and
    the path of the request that it is, or that it answers. A ``labelled`` one has its
    side from a message, a heading or a label.
    """

    side: str
    line: int
    value: Any = None
    lines: Lines | None = None
    status: str = ""
    how: str = "strict"
    media: str = ""
    target: tuple[str, str] = ("", "")
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class UnreadableSample:
    """A sample that is no JSON even when it is mended."""

    line: int
    message: str


def sample_names(value: object) -> set[str]:
    """Return the names of a sample's properties, of its items where it is a list."""
    if isinstance(value, list):
        return set().union(*map(sample_names, value)) if value else set()
    return set(value) if isinstance(value, dict) else set()


def mended(text: str, allowed: Collection[str]) -> tuple[str, str]:
    """Return a JSON text with what is usual in documentation put right, and the names of that; lines stay."""
    done = []
    for name, pattern in (
        ("comments", _BLOCK_COMMENTS),
        ("comments", _LINE_COMMENTS),
        ("ellipsis", _ELLIPSIS),
        ("trailing-comma", _TRAILING_COMMA),
    ):
        if name in allowed:
            changed = pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
            done += [name] if changed != text and name not in done else []
            text = changed
    return text, ", ".join(done)


def json_sample(text: str, page: str, line: int, allowed: Collection[str]) -> tuple[Any, Lines, str]:
    """Return the value of a JSON text, its lines, and what was mended; raises ``PageError`` for one beyond mending."""
    try:
        return (*parse_json(text, page, line), "strict")
    except PageError as error:
        first = error
    better, how = mended(text, allowed)
    try:
        return (*parse_json(better, page, line), how)
    except PageError:
        pass
    if "several" in allowed:
        try:
            _, end = json.JSONDecoder().raw_decode(better.lstrip())
        except (ValueError, RecursionError):
            raise first from None
        start = len(better) - len(better.lstrip())
        return (*parse_json(better[: start + end], page, line), f"{how}, several values".strip(", "))
    raise first


def fence_samples(
    fence: Fence, page: str, languages: Collection[str], mend: Collection[str]
) -> list[PageSample | UnreadableSample]:
    """Return the samples of a fence; none for one in a language that isn't read."""
    if fence.word not in languages:
        return []
    shown = [(body, bare) for body, bare in _shown(fence) if body or bare.target[0] or bare.status]
    return [sample for body, bare in shown for sample in _read(body, bare, page, mend)]


def _shown(fence: Fence) -> Iterator[tuple[str, PageSample]]:
    """Yield the bodies of a fence, empty for messages without one, each with what is known beside its value."""
    text = fence.text
    if commands := sample_commands(text):
        for command in commands:
            body = command.body if command.body[:1] in ("{", "[") else ""
            line = fence.line + (command.body_line if body else command.line)
            target = (command.method, command.url)
            yield body, PageSample("request", line, media=command.form, target=target)
            if answer := _commented_answer(text, command.line):
                yield answer[0], PageSample("response", fence.line + answer[1], target=target)
    elif response := _RESPONSE_LINE.match(text):
        body, place = _body(text, response.end())
        content = _CONTENT_TYPE.search(text, 0, place or len(text))
        media = media_type(content["type"]) if content else ""
        body, place = ("", 0) if media and not is_json(media) else (body, place)
        yield body, PageSample("response", fence.line_of(place), status=response["status"], media=media)
    elif answered := _ANSWERED.match(text):
        target, line = (answered["method"], answered["path"]), fence.line_of(answered.end())
        yield "", PageSample("request", fence.line, target=target)
        yield text[answered.end() :], PageSample("response", line, status=answered["status"], target=target)
    elif request := _request_line(text):
        content = _CONTENT_TYPE.search(text)
        body, place = ("", 0) if content and _is_other(media_type(content["type"])) else _body(text)
        yield body, PageSample("request", fence.line_of(place), target=(request["method"], request["path"]))
    elif (text.lstrip()[:1] in ("{", "[") and not _is_template(text.strip())) or _is_plain_value(fence):
        status = re.search(r"\b([1-5]\d\d)\b", fence.info)
        line = fence.line_of(len(text) - len(text.lstrip()))
        yield text.lstrip(), PageSample("response" if status else "", line, status=status[1] if status else "")


def _commented_answer(text: str, start: int) -> tuple[str, int] | None:
    """Return the JSON in comments right below a command, and its line: ``# {"id": 7}``."""
    below = list(enumerate(text.split("\n")))[start + 1 :]
    answer = list(
        takewhile(
            lambda numbered: numbered[1].lstrip().startswith("#"),
            dropwhile(lambda numbered: not _is_answer(numbered[1]), below),
        )
    )
    commands = [number for number, line in below if re.match(r"\s*(?:\$\s+)?curl\s", line)]
    if not answer or (commands and commands[0] < answer[0][0]):
        return None
    return "\n".join(line.lstrip()[1:] for _, line in answer), answer[0][0]


def _is_answer(line: str) -> bool:
    return bool(re.match(r"\s*#\s*[{\[]", line))


def _is_other(media: str) -> bool:
    """Tell whether a media type is neither JSON nor one of parts that may be."""
    return not is_json(media) and not media.startswith(("multipart/", "text/"))


def _request_line(text: str) -> re.Match[str] | None:
    first = text.lstrip().split("\n", 1)[0].strip()
    return REQUEST_LINE.fullmatch(first) or RELATIVE_LINE.fullmatch(first)


def _is_template(text: str) -> bool:
    return (
        len(text) < 2
        or bool(_PLACEHOLDERS.search(text))
        or (bool(_TEMPLATE.match(text.split("\n")[0])) and not text.startswith("[]"))
    )


def _is_plain_value(fence: Fence) -> bool:
    """Tell whether a fence of JSON holds a text, a number or a truth value alone."""
    return fence.info.lower().startswith("json") and bool(_PLAIN_VALUE.fullmatch(fence.text.strip()))


def _body(text: str, start: int = 0) -> tuple[str, int]:
    """Return the body of a message, which may lack the empty line before it, and its place; empty and 0 for none."""
    match = _BODY.search(text.replace(")]}'\n", "    \n"), start)
    return (match["body"].rstrip(), match.start("body")) if match else ("", 0)


def _read(text: str, bare: PageSample, page: str, mend: Collection[str]) -> list[PageSample | UnreadableSample]:
    if not text:
        return [bare]
    try:
        value, lines, how = json_sample(text, page, bare.line, mend)
    except PageError as error:
        return [*([bare] if bare.status else []), UnreadableSample(error.line, error.message)]
    return [replace(bare, value=value, lines=lines, how=how)]
