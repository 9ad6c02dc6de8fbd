"""Texts that match a regular expression of ECMA-262; those that look around match with some luck only."""

import string
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from random import Random
from typing import Literal

from docdouble.schemas.contract.regular_expressions import pattern_test

from ..bounds import MOST_PIECES
from ..seeds import mix

MORE = 3
"""An open-ended repetition goes on up to this many times longer than it must."""

_LONGEST = 4096
_ANY = string.ascii_letters + string.digits
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_SETS = {"d": string.digits, "w": _ANY + "_", "s": " "}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_GROUP_STARTS = ("?:", "?=", "?!", "?<=", "?<!")
_SEARCHED = (*range(0x20, 0x7F), *range(0xA1, 0x3100), *range(0x4E00, 0x4E20), *range(0xAC00, 0xAC20))
"""Characters among which those of a Unicode property are looked for: of the living scripts, a few of large ones."""

_MOST_OF_PROPERTY = 200

Ahead = Literal["", "written", "put over"]
"""Treatment of a text that is looked ahead for: none, or it is written there or over the whole."""


class UnsupportedPatternError(ValueError):
    """A pattern that this module can't read."""


class _Chance(Random):
    """A source of chance for one text: what groups matched, what becomes of texts looked ahead for, and these."""

    def __init__(self, number: int, ahead: Ahead) -> None:
        super().__init__(number)
        self.ahead = ahead
        self.groups: dict[int, str] = {}
        self.wanted: list[str] = []
        self.left = MOST_PIECES

    def spend(self) -> None:
        """Count a piece; raises ``UnsupportedPatternError`` where the text has too many."""
        self.left -= 1
        if self.left < 0:
            raise UnsupportedPatternError(f"a text of more than {MOST_PIECES:,} pieces")


Piece = Callable[[_Chance, int], str]
"""A function from a source of chance, and the least length that is wanted of the whole, to a text."""


def matching_text(pattern: str, number: int, least: int = 0, ahead: Ahead = "") -> str:
    """Return the text that ``number`` stands for; likely, not surely, a match. Raises ``UnsupportedPatternError``."""
    chance = _Chance(number, ahead)
    text = _compiled(pattern)(chance, least)
    for wanted in chance.wanted:
        place = chance.randint(0, max(0, len(text) - len(wanted)))
        text = text[:place] + wanted + text[place + len(wanted) :]
    return text


@cache
def _compiled(pattern: str) -> Piece:
    reader = _PatternParser(pattern)
    piece = reader.alternatives()
    if reader.rest:
        raise UnsupportedPatternError(pattern)
    return piece


def filled_pattern(pattern: str, key: int) -> str:
    """Return a pattern with each # a digit, each % one from 1 to 9, and each ? a capital letter."""
    parts = []
    for character in pattern:
        key = mix(key, 1)
        high = key >> 4
        parts.append({"#": str(high % 10), "%": str(1 + high % 9), "?": chr(65 + high % 26)}.get(character, character))
    return "".join(parts)


class _PatternParser:
    """A recursive descent through one pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.groups = 0

    @property
    def rest(self) -> str:
        """The next character, empty at the end."""
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        if not self.rest:
            raise UnsupportedPatternError(self.pattern)
        self.at += 1
        return self.pattern[self.at - 1]

    def takes(self, text: str) -> bool:
        follows = self.pattern.startswith(text, self.at)
        self.at += len(text) if follows else 0
        return follows

    def alternatives(self) -> Piece:
        pieces = [self.sequence()]
        while self.takes("|"):
            pieces.append(self.sequence())
        return lambda chance, least: chance.choice(pieces)(chance, least)

    def sequence(self) -> Piece:
        pieces: list[Piece] = []
        while self.rest and self.rest not in "|)":
            pieces.append(self.repeated(self.atom()))
        return lambda chance, least: "".join(piece(chance, least) for piece in pieces)

    def repeated(self, piece: Piece) -> Piece:
        bounds = self.bounds()
        if bounds is None:
            return piece
        self.takes("?")
        low, high = bounds

        def draw(chance: _Chance, least: int) -> str:
            most = max(low + MORE, least) if high is None else high
            text = ""
            for _ in range(chance.randint(min(max(low, min(least, most)), most), most)):
                chance.spend()
                text += piece(chance, 0)
                if len(text) > _LONGEST:
                    break
            return text

        return draw

    def bounds(self) -> tuple[int, int | None] | None:
        for mark, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.takes(mark):
                return bounds
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : end].partition(",")
        if self.rest != "{" or end < 0 or not low.isdecimal() or not (high.isdecimal() or not high):
            return None
        self.at = end + 1
        return int(low), int(high) if high else (None if comma else int(low))

    def atom(self) -> Piece:
        match self.take():
            case "(":
                return self.group()
            case "[":
                return _one_of("".join(self.members()))
            case ".":
                return _one_of(_ANY)
            case "^" | "$":
                return lambda chance, least: ""
            case "\\":
                return self.reference() or _one_of(self.escaped())
            case character:
                return lambda chance, least: character

    def reference(self) -> Piece | None:
        """Return the function for what a group matched, ``None`` where no group is referred to."""
        if not self.rest or self.rest not in "123456789":
            return None
        number = int(self.take())
        return lambda chance, least: chance.groups.get(number, "")

    def until(self, closing: str) -> str:
        """Return what stands before the next closing character, and go on behind it."""
        end = self.pattern.find(closing, self.at)
        if end < 0:
            raise UnsupportedPatternError(self.pattern)
        text, self.at = self.pattern[self.at : end], end + 1
        return text

    def group(self) -> Piece:
        start = next((start for start in _GROUP_STARTS if self.takes(start)), None)
        if start is None:
            self.groups += 1
            if self.takes("?<"):
                self.until(">")
            elif self.rest == "?":
                raise UnsupportedPatternError(self.pattern)
        number = self.groups
        inner = self.alternatives()
        if not self.takes(")"):
            raise UnsupportedPatternError(self.pattern)
        if start == "?=":
            return _looked_ahead(inner)
        if start == "?:":
            return inner
        return _remembered(inner, number) if start is None else lambda chance, least: ""

    def members(self) -> Iterator[str]:
        """Yield the characters of a class, read up to its closing bracket."""
        negated = self.takes("^")
        listed_parts: list[str] = []
        while not self.takes("]"):
            first = self.member()
            if len(first) == 1 and self.rest == "-" and not self.pattern.startswith("-]", self.at):
                self.take()
                last = self.member()
                first = "".join(map(chr, range(ord(first), min(ord(last), ord(first) + 255) + 1)))
            listed_parts.append(first)
        listed = "".join(listed_parts)
        yield from (character for character in _PRINTABLE if character not in listed) if negated else listed

    def member(self) -> str:
        character = self.take()
        return self.escaped() if character == "\\" else character

    def escaped(self) -> str:
        """Return the characters that an escape stands for, read from behind its backslash."""
        character = self.take()
        if character.lower() in _SETS:
            known = _SETS[character.lower()]
            return known if character in _SETS else "".join(text for text in _PRINTABLE if text not in known)
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character in ("x", "u"):
            return self.numbered(2 if character == "x" else 4)
        if character in "pP" and self.takes("{"):
            return _of_property(f"\\{character}{{{self.until('}')}}}")
        if character == "c":
            return chr(ord(self.take()) % 32)
        if character in "bB":
            return ""
        if character.isalnum():
            raise UnsupportedPatternError(self.pattern)
        return character

    def numbered(self, length: int) -> str:
        """Return the character of a code point in hexadecimal digits; two of UTF-16 make one."""
        digits = self.until("}") if self.takes("{") else "".join(self.take() for _ in range(length))
        if not digits or not all(digit in string.hexdigits for digit in digits):
            raise UnsupportedPatternError(self.pattern)
        code = int(digits, 16)
        if 0xD800 <= code < 0xDC00 and self.takes("\\u"):
            code = 0x10000 + ((code - 0xD800) << 10) + (ord(self.numbered(4)) - 0xDC00)
        return chr(code)


def _looked_ahead(inner: Piece) -> Piece:
    def draw(chance: _Chance, least: int) -> str:
        text = inner(chance, 0) if chance.ahead else ""
        if chance.ahead == "put over":
            chance.wanted.append(text)
            return ""
        return text

    return draw


def _remembered(inner: Piece, number: int) -> Piece:
    def draw(chance: _Chance, least: int) -> str:
        chance.groups[number] = inner(chance, least)
        return chance.groups[number]

    return draw


@cache
def _of_property(escape: str) -> str:
    """Return characters that have a Unicode property, which is written as its escape."""
    is_one = pattern_test(f"^{escape}$")
    characters = (character for character in map(chr, _SEARCHED) if is_one(character))
    return "".join(islice(characters, _MOST_OF_PROPERTY))


def _one_of(characters: str) -> Piece:
    return lambda chance, least: chance.choice(characters) if characters else ""
