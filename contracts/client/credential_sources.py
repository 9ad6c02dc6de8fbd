"""Sources of the values of header fields: the environment, a file, a command, or an OAuth token endpoint.

Nothing here ever shows a value: not in a representation, and not in an error.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError

from ..config.environment import expand_variables
from ..config.json_schema import schema_errors
from .network import http_url, is_loopback

_COMMAND_SECONDS = 30.0
_SENDABLE = re.compile(r"[\x20-\x7e\xa1-\xff]+")


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
    """The text that a command writes to stdout, without white space around it, after a prefix."""

    command: tuple[str, ...] = field(repr=False)
    where: str
    prefix: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TokenSource:
    """An access token for the account of this client (RFC 6749, section 4.4), after a prefix."""

    url: str
    client_id: Template
    client_secret: Template
    where: str
    scope: str = ""
    prefix: str = field(default="Bearer ", repr=False)


Source = Template | FileSource | CommandSource | TokenSource
"""Source of the value of a header field."""


def read_header_sources(table: Mapping[str, Any], where: str, folder: Path) -> dict[str, Source]:
    """Read a table as ``[verify.headers]`` has it; files are relative to ``folder``.

    Raises ``ConfigError`` for what the schema of the configuration refuses. It names the place, and no value.
    """
    for error in schema_errors({"verify": {"headers": table}}):
        raise ConfigError(where + error.key.removeprefix("verify.headers"), error.value, error.valid, error.expected)
    return {name: _source(value, f"{where}.{name}", folder) for name, value in table.items()}


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


def _source(value: Any, where: str, folder: Path) -> Source:
    match value:
        case {"file": path}:
            return FileSource(folder / path, where, value.get("prefix", ""))
        case {"command": [*command]}:
            return CommandSource(tuple(command), where, value.get("prefix", ""))
        case {"token-url": url}:
            return _token_source(url, value, where)
        case _:
            return Template(value, where)


def _token_source(url: str, table: Mapping[str, str], where: str) -> TokenSource:
    parts = http_url(url, f"{where}.token-url")
    if "@" in parts.netloc or (parts.scheme != "https" and not is_loopback(url)):
        raise ConfigError(f"{where}.token-url", parts.hostname, expected="reached by https://, with no user in the URL")
    return TokenSource(
        url,
        Template(table["client-id"], f"{where}.client-id"),
        Template(table["client-secret"], f"{where}.client-secret"),
        where,
        table.get("scope", ""),
        table.get("prefix", "Bearer "),
    )


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
