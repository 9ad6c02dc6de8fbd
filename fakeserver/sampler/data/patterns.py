"""Texts that match a regular expression: what API documents use of ECMA-262, without looking around or back."""

import string
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

from ..seeds import mix

MORE = 3
"""An open-ended repetition goes on up to this many times longer than it must."""

_LONGEST = 4096
_ANY = string.ascii_letters + string.digits
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_SETS = {"d": string.digits, "w": _ANY + "_", "s": " "}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_GROUP_STARTS = ("?:", "?=", "?!", "?<=", "?<!")

Piece = Callable[[Random, int], str]
"""A function from a source of chance, and the least length that is wanted of the whole, to a text."""


class UnsupportedPatternError(ValueError):
    """A pattern that this module can't read."""


def matching_text(pattern: str, number: int, least: int = 0) -> str:
    """Return the text that ``number`` stands for; likely, not surely, a match. Raises ``UnsupportedPatternError``."""
    return _compiled(pattern)(Random(number), least)


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
        found = self.pattern.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

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

        def draw(chance: Random, least: int) -> str:
            most = max(low + MORE, least) if high is None else high
            text = ""
            for _ in range(chance.randint(min(max(low, min(least, most)), most), most)):
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
                return _one_of(self.escaped())
            case character:
                return lambda chance, least: character

    def group(self) -> Piece:
        looks = False
        if self.rest == "?":
            found = next((start for start in _GROUP_STARTS if self.takes(start)), None)
            looks = found not in (None, "?:")
            if found is None and not (self.takes("?<") and ">" in self.pattern[self.at :]):
                raise UnsupportedPatternError(self.pattern)
            if found is None:
                self.at = self.pattern.index(">", self.at) + 1
        inner = self.alternatives()
        if not self.takes(")"):
            raise UnsupportedPatternError(self.pattern)
        return (lambda chance, least: "") if looks else inner

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
            return known if character in _SETS else "".join(one for one in _PRINTABLE if one not in known)
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character in ("x", "u"):
            digits = self.pattern[self.at : self.at + (2 if character == "x" else 4)]
            self.at += len(digits)
            return chr(int(digits, 16)) if all(one in string.hexdigits for one in digits) else ""
        if character in "bB":
            return ""
        if character.isalnum():
            raise UnsupportedPatternError(self.pattern)
        return character


def _one_of(characters: str) -> Piece:
    return lambda chance, least: chance.choice(characters) if characters else ""
