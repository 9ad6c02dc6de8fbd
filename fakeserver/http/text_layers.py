r"""Layers of a text: its escapes and its encodings undone.

``"a\u002Bb"`` is ``a+b`` below its escapes; ``YSUyQmI=`` is ``a%2Bb`` in Base64, and ``a+b`` below that.
"""

import re
from base64 import b32decode, b64decode
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from typing import NamedTuple

_MOST_LAYERS = 5
"""Escapes within escapes that are undone."""

_ESCAPE = re.compile(
    r"""(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})
    |\\(?:[uUxX]\{(?P<braced>[0-9a-fA-F]{1,6})\}|U(?P<long>000[0-9a-fA-F]{5})|[uU](?P<unicode>[0-9a-fA-F]{4})
        |[xX](?P<octet>[0-9a-fA-F]{2})|(?P<octal>[0-3][0-7]{2})|(?P<letter>["'\\/bfnrt])
        |(?P<continued>\r?\n[ \t]*))
    |%[uU](?P<escaped>[0-9a-fA-F]{4})
    |(?P<percent>%[0-7][0-9a-fA-F]|(?:%[89a-fA-F][0-9a-fA-F])+)
    |(?P<printable>=[0-9A-F]{2}(?:(?:=\r?\n)?=[0-9A-F]{2})*)|(?P<soft>=\r?\n)
    |(?P<pointer>~[01])
    |(?P<entity>&(?:\#0{0,9}[0-9]{1,7}|\#[xX]0{0,9}[0-9a-fA-F]{1,6});?|&[a-zA-Z][a-zA-Z0-9]{1,30};)""",
    re.VERBOSE,
)
"""Escapes of JSON, of JavaScript and Python, of C and the shell, of URLs, of quoted-printable text, of JSON Pointers,
and of HTML and XML."""

_KINDS = {
    "\\": frozenset({"pair", "braced", "long", "unicode", "octet", "octal", "letter", "continued"}),
    "%": frozenset({"percent", "escaped"}),
    "=": frozenset({"printable", "soft"}),
    "~": frozenset({"pointer"}),
    "&": frozenset({"entity"}),
}
"""Groups of escapes that one writer uses, by the character that they begin with."""

_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
ESCAPE_MARKS = "\\%&~"
"""Of these begins an escape that may stand at the end of a text."""

_MARKS = (*ESCAPE_MARKS, "=")
_SPACE = re.compile(r"\s+")

_RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]+)*", re.ASCII)
"""Text that may be encoded, also in several lines."""

_WORD = re.compile(r"[A-Za-z][a-z]{0,22}")
"""Text that is far more likely a word."""

_OCTETS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{1,3}(?:\s?,\s{0,20}[0-9]{1,3}){5,}"
    r"|(?:0[xX])?[0-9a-fA-F]{2}(?:[\s:,-]{1,3}(?:0[xX])?[0-9a-fA-F]{2}){5,})(?![0-9A-Za-z])"
)
"""Octets one by one: ``73:6b``, ``73-6B``, ``0x73, 0x6b``, ``115, 107``."""

_BASE32, _HEXADECIMAL = re.compile(r"[A-Z2-7]+|[a-z2-7]+"), re.compile(r"[0-9a-fA-F]+")
_NUMBER = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,3})")
_MARK_OF_OCTET = re.compile(r"[%=\s]")
_URL_SAFE = str.maketrans("-_", "+/")


class PlacedText(NamedTuple):
    """A text that was made of another one, with the place there of each of its characters."""

    text: str
    places: list[tuple[int, int]]


class DecodedRun(NamedTuple):
    """Text that a part of another one holds in encoded form."""

    start: int
    stop: int
    text: str


def text_layers(text: str) -> Iterator[str]:
    """Yield a text, then with its escapes undone, as often as there are any."""
    for _ in range(_MOST_LAYERS):
        yield text
        if not any(mark in text for mark in _MARKS):
            return
        inner = _ESCAPE.sub(_unescaped, text)
        if inner == text:
            return
        text = inner
    yield text


def placed_layers(layer: PlacedText) -> Iterator[PlacedText]:
    """Yield the layers of a text with their places in it."""
    for _ in range(_MOST_LAYERS):
        yield layer
        inner = _replaced(layer, _ESCAPE, _unescaped)
        if inner.text == layer.text:
            return
        layer = inner
    yield layer


def texts_by_kind(text: str) -> Iterator[str]:
    """Yield a text with its escapes of one kind undone, where it may have several: those of others may be none."""
    return (_ESCAPE.sub(undo, text) for undo in _undoing_one_kind(text))


def layers_by_kind(layer: PlacedText) -> Iterator[PlacedText]:
    """Yield the same with the places of the characters."""
    return (_replaced(layer, _ESCAPE, undo) for undo in _undoing_one_kind(layer.text))


def _undoing_one_kind(text: str) -> Iterator[Callable[[re.Match[str]], str]]:
    kinds = [names for mark, names in _KINDS.items() if mark in text]
    return (partial(_unescaped_of, names) for names in (kinds if len(kinds) > 1 else ()))


def _unescaped_of(names: frozenset[str], match: re.Match[str]) -> str:
    return _unescaped(match) if match.lastgroup in names else match[0]


def with_places(text: str) -> PlacedText:
    """Return a text with the place of each of its characters."""
    return PlacedText(text, [(index, index + 1) for index in range(len(text))])


def breaks_escapes(text: str) -> bool:
    """Tell whether white space may break up escapes of a text."""
    return any(mark in text for mark in _MARKS) and _SPACE.search(text) is not None


def without_space(layer: PlacedText) -> PlacedText:
    """Return a text without its white space."""
    return _replaced(layer, _SPACE, lambda _: "")


def decoded_runs(text: str) -> Iterator[DecodedRun]:
    """Yield what parts of a text may hold in Base64, Base32, hexadecimal digits or as lists of octets."""
    for match in _RUN.finditer(text):
        if _WORD.fullmatch(match[0]):
            continue
        for octets in _decoded(_SPACE.sub("", match[0])):
            if shown := _readable(octets):
                yield DecodedRun(*match.span(), shown)
    for match in _OCTETS.finditer(text):
        for octets in _listed(match[0]):
            yield DecodedRun(*match.span(), _text(octets))  # words beside them may look like octets, too


def _decoded(run: str) -> Iterator[bytes]:
    """Yield the octets that a run may stand for, wherever in it they begin."""
    base64 = run.translate(_URL_SAFE)
    for start in range(4):
        whole = len(base64) - ((len(base64) - start) % 4 == 1)
        yield b64decode(base64[start:whole] + "=" * (-(whole - start) % 4))
    if _HEXADECIMAL.fullmatch(run):
        for start in range(2):
            yield bytes.fromhex(run[start : len(run) - (len(run) - start) % 2])
    if _BASE32.fullmatch(run):
        for start in range(8):
            whole = len(run) - ((len(run) - start) % 8 in (1, 3, 6))
            yield b32decode(run[start:whole].upper() + "=" * (-(whole - start) % 8))


def _listed(text: str) -> Iterator[bytes]:
    """Yield octets that a text lists, in either base that it may list them in."""
    numbers = _NUMBER.findall(text)
    for base in (10, 16) if all(number.isdecimal() for number in numbers) else (16,):
        yield bytes(number for number in (int(digits, base) for digits in numbers) if number < 256)


def _readable(octets: bytes) -> str:
    """Return the text that octets are, or nothing where they are no text and hold no escape either."""
    octets = octets.replace(b"\0", b"")  # as in UTF-16
    try:
        return octets.decode()
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
        return text if _ESCAPE.search(text) else ""


def _replaced(layer: PlacedText, pattern: re.Pattern[str], shown: Callable[[re.Match[str]], str]) -> PlacedText:
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    for match in pattern.finditer(layer.text):
        start, stop = match.span()
        text = shown(match)
        parts += [layer.text[end:start], text]
        places += layer.places[end:start]
        places += [(layer.places[start][0], layer.places[stop - 1][1])] * len(text)
        end = stop
    return PlacedText("".join([*parts, layer.text[end:]]), places + layer.places[end:])


def _unescaped(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match[0]
    match kind:
        case "pair":
            return (text.encode().decode("unicode-escape")).encode("utf-16", "surrogatepass").decode("utf-16")
        case "unicode" | "braced" | "long" | "octet" | "escaped":
            return _character(int(match[kind], 16), text)
        case "octal":
            return chr(int(match[kind], 8))
        case "letter":
            return _LETTERS.get(match[kind], match[kind])
        case "continued" | "soft":
            return ""
        case "pointer":
            return "/" if text == "~1" else "~"
        case "percent" | "printable":
            return _text(bytes.fromhex(_MARK_OF_OCTET.sub("", text)))
    return unescape(text if text.endswith(";") else f"{text};")


def _character(code: int, otherwise: str) -> str:
    return chr(code) if code < 0x110000 else otherwise


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")
