"""Where the values of header fields come from: the environment, a file, a command, or an OAuth token endpoint.

Nothing here ever shows a value: not in a representation, and not in an error.
"""

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError

from ..config.environment import expand_variables
from .loopback import is_loopback
from .network import http_url

_COMMAND_SECONDS = 30.0
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SENDABLE = re.compile(r"[\x20-\x7e\xa1-\xff]+")
_TOKEN_KEYS = ("token-url", "client-id", "client-secret", "scope", "prefix")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "prefix"),
    "command": ("command", "prefix"),
    "token-url": _TOKEN_KEYS,
}


@dataclass(frozen=True, slots=True)
class Template:
    """A text in which ``${NAME}`` stands for a variable of the environment; ``where`` is its place in the settings."""

    text: str = field(repr=False)
    where: str


@dataclass(frozen=True, slots=True)
class FileSource:
    """The text of a file, without white space around it, after a prefix."""

    path: Path
    where: str
    prefix: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CommandSource:
    """What a command writes to stdout, without white space around it, after a prefix."""

    command: tuple[str, ...] = field(repr=False)
    where: str
    prefix: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TokenSource:
    """An access token for our own account (RFC 6749, section 4.4), after a prefix."""

    url: str
    client_id: Template
    client_secret: Template
    where: str
    scope: str = ""
    prefix: str = field(default="Bearer ", repr=False)


Source = Template | FileSource | CommandSource | TokenSource
"""Where the value of one header field comes from."""


def read_header_sources(table: Mapping[str, Any], where: str, folder: Path) -> dict[str, Source]:
    """Read a table of header fields; files are relative to ``folder``.

    Raises ``ConfigError`` for what means nothing. It names the place, and no value.
    """
    for name in table:
        if not _NAME.fullmatch(name):
            raise ConfigError(where, name, expected="the name of a header field")
    return {name: _source(told, f"{where}.{name}", folder) for name, told in table.items()}


def header_value(source: Template | FileSource | CommandSource) -> str:
    """Return the value that a source has now; raises ``ConfigError``, without the value."""
    match source:
        case Template():
            value = expand_variables(source.text, source.where)
        case FileSource():
            value = source.prefix + _read(source)
        case CommandSource():
            value = source.prefix + _output(source)
    return sendable(value, source.where)


def sendable(value: str, where: str) -> str:
    """Return a value that can be sent in a header field; raises ``ConfigError`` for any other."""
    if not _SENDABLE.fullmatch(value.strip()):
        raise ConfigError(where, "its value", expected="one line of printable text")
    return value.strip()


def _source(told: Any, where: str, folder: Path) -> Source:
    if isinstance(told, str):
        return Template(told, where)
    if not isinstance(told, dict):
        raise ConfigError(where, type(told).__name__, expected="a text or a table")
    kind = next((kind for kind in _KINDS if kind in told), None)
    if kind is None:
        raise ConfigError(where, "a table", expected="one with 'file', 'command' or 'token-url'")
    for key, value in told.items():
        if key not in _KINDS[kind]:
            raise ConfigError(f"{where}: key", key, _KINDS[kind])
        if key != "command" and not isinstance(value, str):
            raise ConfigError(f"{where}.{key}", type(value).__name__, expected="a text")
    return _MAKERS[kind](told, where, folder)


def _file(told: Mapping[str, Any], where: str, folder: Path) -> Source:
    return FileSource(folder / told["file"], where, told.get("prefix", ""))


def _command(told: Mapping[str, Any], where: str, folder: Path) -> Source:
    command = told["command"]
    if not isinstance(command, list) or not command or not all(isinstance(one, str) for one in command):
        raise ConfigError(
            f"{where}.command", type(command).__name__, expected="an array of a program and its arguments"
        )
    return CommandSource(tuple(command), where, told.get("prefix", ""))


def _token(told: Mapping[str, Any], where: str, folder: Path) -> Source:
    for key in ("client-id", "client-secret"):
        if key not in told:
            raise ConfigError(where, "a table", expected=f"complete: {key!r} is missing")
    url = told["token-url"]
    parts = http_url(url, f"{where}.token-url")
    if "@" in parts.netloc or (parts.scheme != "https" and not is_loopback(url)):
        raise ConfigError(f"{where}.token-url", parts.hostname, expected="reached by https://, with no user in the URL")
    return TokenSource(
        url,
        Template(told["client-id"], f"{where}.client-id"),
        Template(told["client-secret"], f"{where}.client-secret"),
        where,
        told.get("scope", ""),
        told.get("prefix", "Bearer "),
    )


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], str, Path], Source]] = {
    "file": _file,
    "command": _command,
    "token-url": _token,
}


def _read(source: FileSource) -> str:
    try:
        return source.path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        # the cause of a decoding error would hold the text
        raise ConfigError(f"{source.where}.file", str(source.path), expected="a readable file") from None


def _output(source: CommandSource) -> str:
    program = source.command[0]
    try:
        done = subprocess.run(
            source.command, capture_output=True, timeout=_COMMAND_SECONDS, check=False, encoding="utf-8"
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        done = None
    if done is None or done.returncode:
        ended = f"ended with {done.returncode}" if done else "could not be run"
        # from None: what it wrote may be the secret
        raise ConfigError(f"{source.where}.command", program, expected=f"a command that succeeds: it {ended}") from None
    return done.stdout.strip()
