"""Commands of curl among the samples of a page: method, URL and body, as far as they can be told."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(r"^[ \t]*(?:\$[ \t]+)?curl\b", re.MULTILINE)
_BODY = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json", "--data-urlencode")
_WITHOUT_VALUE = re.compile(
    r"-[sSkivLfgGI#Nv0]+|--(?:silent|insecure|include|verbose|location|fail|show-error|compressed|get|head|globoff|http1\.1|no-buffer)"
)
_HEADER = re.compile(r"(?:-H|--header)[= ]?\s*([\"'])(?P<name>[\w-]+):\s*(?P<value>.*?)\1")
_USER = re.compile(r"(?<=\s)(?:-u|--user)[= ]?\s*[\w\"'$<{]")
_MESSAGE = re.compile(r"\s*[A-Z]{3,12}\s+\S+[^\n]*(?P<head>(?:\n[ \t]*[\w-]+:[^\n]*)+)")
_FIELD = re.compile(r"^[ \t]*(?P<name>[\w-]+):[ \t]*(?P<value>[^\n]*)", re.MULTILINE)
_URL = re.compile(r"https?://|/|\$|\{|<|localhost|[\w.-]+:\d+/|[A-Z_]{4,}/|[\w-]+(?:\.[\w-]+)+/")


@dataclass(frozen=True)
class SampleCommand:
    """A command; ``line`` counts from the beginning of its text, and ``body_line`` is that of its body.

    ``form`` is the media type of the form that it sends, empty for none.
    """

    method: str
    url: str
    body: str = ""
    line: int = 0
    body_line: int = 0
    form: str = ""


def sample_commands(text: str) -> list[SampleCommand]:
    """Return the commands of a text that can be read."""
    starts = [match.start() for match in _START.finditer(text)]
    ends = (*starts[1:], len(text))
    pieces = ((text[start:end], text.count("\n", 0, start)) for start, end in zip(starts, ends, strict=False))
    commands = (_command(piece, line) for piece, line in pieces)
    return [command for command in commands if command]


def sample_headers(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the header fields that requests in a text have, each with the number of its line there."""
    if _START.search(text):
        for found in _HEADER.finditer(text):
            yield found["name"], found["value"], text.count("\n", 0, found.start())
        if user := _USER.search(text):
            yield "Authorization", "Basic credentials", text.count("\n", 0, user.start())
    elif message := _MESSAGE.match(text):
        for field in _FIELD.finditer(text, message.start("head"), message.end("head")):
            yield field["name"], field["value"], text.count("\n", 0, field.start("name"))


def _command(text: str, line: int) -> SampleCommand | None:
    words = _words(_to_end(text))
    method, url, body, form = "", "", "", ""
    position = 1
    while position < len(words):
        word = words[position]
        value = words[position + 1] if position + 1 < len(words) else ""
        name, _, joined = word.partition("=") if word.startswith("--") else (word, "", "")
        value, step = (joined, 1) if joined else (value, 2)
        if word.startswith("-X") and len(word) > 2:
            method, step = word[2:], 1
        elif name in ("-X", "--request"):
            method = value
        elif name in (*_BODY, "-F", "--form"):
            body = body or value
            form = form or _form(name, value)
        elif name == "--url":
            url = value
        elif name in ("-I", "--head"):
            method, step = method or "HEAD", 1
        elif word.startswith("-"):
            step = 1 if _WITHOUT_VALUE.fullmatch(word) else 2
        else:
            url, step = url or (word if _URL.match(word) else ""), 1
        position += step
    method = (method or ("POST" if body else "GET")).upper()
    if not url or not re.fullmatch(r"[A-Z]{3,12}", method):
        return None
    url = re.sub(r"\A(?=localhost|[\w.-]+:\d+/|[\w-]+(?:\.[\w-]+)+/)", "http://", url)
    start = text.find(body[:40]) if body else -1
    return SampleCommand(method, url, body, line, line + text.count("\n", 0, max(start, 0)), form)


def _form(option: str, value: str) -> str:
    """Return the media type of the form that an option of curl sends, empty where it is no form."""
    if option in ("-F", "--form"):
        return "multipart/form-data"
    return "application/x-www-form-urlencoded" if re.match(r"[\w.\[\]-]+=", value) else ""


def _to_end(text: str) -> str:
    """Return a command up to the end of its last line: one that ends in a backslash or inside quotes goes on."""
    quote = ""
    for position, char in enumerate(text):
        escaped = position and text[position - 1] == "\\" and quote != "'"
        if quote:
            quote = "" if char == quote and not escaped else quote
        elif char in "\"'" and not escaped:
            quote = char
        elif char == "\n" and not re.search(r"\\\s*\Z", text[:position][-8:]):
            return text[:position]
    return text


def _words(text: str) -> list[str]:
    joined = re.sub(r"\\[ \t]*\n", " ", text.strip().removeprefix("$ "))
    try:
        return shlex.split(joined)
    except ValueError:
        return joined.split()
