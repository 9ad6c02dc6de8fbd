"""Settings of a documentation family: a TOML file that people can review, read to frozen values.

A file says what it is based on (``extends = "base"``): its lists are added to those of its base, its other values take
their place. A key that isn't known is an error that names its line and the nearest valid one.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ..errors import ConfigError, PageError, did_you_mean

Mark = Literal[
    "component",
    "markup",
    "frontmatter",
    "table",
    "table-head",
    "index",
    "code",
    "heading",
    "fence",
    "fields",
    "prose",
    "curl",
]
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationMark:
    """One form of an operation line: what it stands in, the word of that, and the headings that it stands under.

    ``word`` is the info word of a fence, the name of a component, the key of front matter, or the columns of a table
    (``method|path``). Without ``under``, it stands under any heading.
    """

    mark: Mark
    word: str = ""
    under: Words = ()


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Base URLs of the API, and a prefix that the documented paths leave out."""

    servers: Words = ()
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class LocationSettings:
    """Locations of parameters of which neither a column nor a heading states one.

    ``header_fields`` are header fields whose names say so, also as a programming language spells them (``ifMatch``).
    """

    default: Literal["auto", "query", "body"] = "auto"
    header_fields: Words = ()


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Words of header cells by what their column holds."""

    before: Words = ()
    name: Words = ()
    type: Words = ()
    required: Words = ()
    optional: Words = ()
    default: Words = ()
    text: Words = ()
    location: Words = ()
    example: Words = ()
    choices: Words = ()
    nullable: Words = ()
    read_only: Words = ()
    status: Words = ()


@dataclass(frozen=True, slots=True)
class SectionWords:
    """Words of headings and labels by what stands below them."""

    operation: Words = ()
    path: Words = ()
    query: Words = ()
    header: Words = ()
    body: Words = ()
    response: Words = ()
    request: Words = ()
    sample: Words = ()
    parameters: Words = ()
    schema: Words = ()
    status: Words = ()
    skip: Words = ()


@dataclass(frozen=True, slots=True)
class RequiredMarkers:
    """Texts of a family's own that say that a parameter is required, or that it isn't.

    What has none is ``unmarked``: not known, or required where the pages mark everything else as optional.
    """

    yes: Words = ()
    no: Words = ()
    unmarked: Literal["unknown", "required"] = "unknown"


@dataclass(frozen=True, slots=True)
class SampleSettings:
    """Info words of the fences that may hold samples, and what is mended in one that is no JSON."""

    languages: Words = ()
    mend: Words = ()


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """Answers to writes whose pages show none: the ``resource`` as it is read, else nothing."""

    writes: Literal["", "resource"] = ""


@dataclass(frozen=True)
class FamilySettings:
    """The settings that distinguish one family of pages from another."""

    extends: str = ""
    title: str = ""
    files: Words = ()
    scope: Literal["heading", "page"] = "heading"
    operation: tuple[OperationMark, ...] = ()
    methods: Mapping[str, str] = field(default_factory=dict)
    paths: PathSettings = PathSettings()
    locations: LocationSettings = LocationSettings()
    columns: ColumnWords = ColumnWords()
    sections: SectionWords = SectionWords()
    required: RequiredMarkers = RequiredMarkers()
    samples: SampleSettings = SampleSettings()
    answers: AnswerSettings = AnswerSettings()
    types: Mapping[str, Any] = field(default_factory=dict)


@cache
def base_settings() -> FamilySettings:
    """Return the settings that every family is based on."""
    path = Path(__file__).with_name("base.toml")
    return _read(path.read_text(encoding="utf-8"), "base.toml")


def read_settings(text: str, name: str) -> FamilySettings:
    """Return the settings of a file with a name, its base among them; raises ``PageError`` or ``ConfigError``."""
    settings = _read(text, name)
    if settings.extends not in ("", "base"):
        raise ConfigError(f"{name}: extends", settings.extends, ["base"])
    return with_base(base_settings(), settings) if settings.extends else settings


def with_base(base: Any, own: Any) -> Any:
    """Return settings with those of a base added: lists joined, other values of the base where there are no own."""
    changes: dict[str, Any] = {}
    for setting in fields(own):
        mine, theirs = getattr(own, setting.name), getattr(base, setting.name)
        if is_dataclass(mine) and not isinstance(mine, type):
            changes[setting.name] = with_base(theirs, mine)
        elif setting.name in ("files", "mend"):
            changes[setting.name] = mine or theirs
        elif isinstance(mine, tuple):
            changes[setting.name] = (*theirs, *(part for part in mine if part not in theirs))
        elif isinstance(mine, Mapping):
            changes[setting.name] = {**theirs, **mine}
        else:
            changes[setting.name] = mine or theirs
    return replace(own, **changes)


def _read(text: str, name: str) -> FamilySettings:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PageError(name, int(line[1]) if line else 0, f"no TOML: {error}") from error
    settings = _value(FamilySettings, data, "", _Lines(text, name))
    assert isinstance(settings, FamilySettings)
    return settings


@dataclass(frozen=True)
class _Lines:
    text: str
    name: str

    def of(self, key: str) -> int:
        """Return the line of a key, or of the table of that name; 0 where it isn't found."""
        pattern = re.compile(rf"^\s*(?:\[+\s*(?:[\w-]+\.)*)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)", re.MULTILINE)
        match = pattern.search(self.text)
        return self.text.count("\n", 0, match.end()) + 1 if match else 0

    def error(self, key: str, message: str) -> PageError:
        return PageError(self.name, self.of(key.rpartition(".")[2]), message)


def _value(kind: Any, data: Any, key: str, lines: _Lines) -> Any:
    """Return a value of the settings as the kind that it has to be."""
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, data, key, lines)
    if get_origin(kind) is Literal:
        if data not in get_args(kind):
            raise lines.error(key, f"{key} is {data!r}, expected one of {', '.join(get_args(kind))}")
        return data
    if get_origin(kind) is tuple:
        if not isinstance(data, list):
            raise lines.error(key, f"{key} is {data!r}, expected a list")
        return tuple(_value(get_args(kind)[0], part, key, lines) for part in data)
    expected = dict if get_origin(kind) is not None or kind is Mapping else kind
    if not isinstance(data, expected):
        raise lines.error(key, f"{key} is {data!r}, expected {'a table' if expected is dict else 'a text'}")
    return data


def _record(kind: Any, data: Any, key: str, lines: _Lines) -> Any:
    if not isinstance(data, dict):
        raise lines.error(key, f"{key} is {data!r}, expected a table")
    hints = get_type_hints(kind)
    for name in data:
        if name not in hints:
            valid = ", ".join(hints)
            whole = f"{key}.{name}" if key else name
            raise lines.error(name, f"{whole} is no setting{did_you_mean(name, hints)}; there are {valid}")
    if kind is OperationMark and "mark" not in data:
        raise lines.error(key, f"an [[{key}]] needs a mark: one of {', '.join(get_args(Mark))}")
    return kind(
        **{name: _value(hints[name], part, f"{key}.{name}" if key else name, lines) for name, part in data.items()}
    )
