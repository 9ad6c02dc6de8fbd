"""Commands of curl among the samples of a page: method, URL and body, as far as they can be recognised."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..http import FORM, MULTIPART
from .curl_syntax import CurlCommand, command_texts, curl_command, shell_words

_MESSAGE = re.compile(r"\s*[A-Z]{3,12}\s+\S+[^\n]*(?P<head>(?:\n[ \t]*[\w-]+:[^\n]*)+)")
_FIELD = re.compile(r"^[ \t]*(?P<name>[\w-]+):[ \t]*(?P<value>[^\n]*)", re.MULTILINE)
_WORD = re.compile(r"'([^'\n]+)'|\"([^\"\n]+)\"|\S+")
_HOST = r"localhost|[\w.-]+:\d+/|[\w-]+(?:\.[\w-]+)+/"
_URL = re.compile(rf"https?://|/|\$|\{{|<|[A-Z_]{{4,}}/|{_HOST}")


@dataclass(frozen=True)
class SampleCommand:
    """A command; ``line`` counts from the beginning of its text, and ``body_line`` is that of its body.

    ``form`` is the media type of the form that its data is, empty for none.
    """

    method: str
    url: str
    body: str
    line: int
    body_line: int
    form: str


def sample_commands(text: str) -> list[SampleCommand]:
    """Return the commands of a text that can be read."""
    samples: list[SampleCommand] = []
    for written, line, command in _commands(text):
        url = next((url for url in command.urls if _URL.match(url)), "")
        if url and re.fullmatch(r"[A-Z]{3,12}", command.method):
            whole = command.with_query(f"http://{url}" if re.match(_HOST, url) else url)
            body_line = _line(written, line, command.data[0][:40]) if command.body else line
            samples.append(SampleCommand(command.method, whole, command.body, line, body_line, _form(command)))
    return samples


def sample_headers(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the header fields that requests in a text have, each with the number of its line there."""
    is_command = False
    for written, line, command in _commands(text):
        is_command = True
        for name, value in command.headers:
            yield name, value, _line(written, line, name)
        for value, (_, scheme) in zip(command.credentials, command.schemes, strict=True):
            yield "Authorization", f"{scheme['scheme']} credentials", _line(written, line, value)
    if not is_command and (message := _MESSAGE.match(text)):
        for field in _FIELD.finditer(text, message.start("head"), message.end("head")):
            yield field["name"], field["value"], text.count("\n", 0, field.start("name"))


def _commands(text: str) -> Iterator[tuple[str, int, CurlCommand]]:
    """Yield the commands of a text, as they are written and read, with their lines."""
    for line, written in command_texts(text):
        try:
            words = shell_words(written)
        except ValueError:
            words = [match[1] or match[2] or match[0] for match in _WORD.finditer(written)]  # as a person reads it
        yield written, line, curl_command(words)


def _form(command: CurlCommand) -> str:
    """Return the media type of the form that the data of a command is, empty where it is no form."""
    if command.fields:
        return MULTIPART
    return FORM if command.data and re.match(r"[\w.\[\]-]+=", command.data[0]) else ""


def _line(written: str, line: int, part: str) -> int:
    """Return the line of the beginning of a part of a command, that of the command where it is written otherwise."""
    return line + written.count("\n", 0, max(written.find(part), 0))
