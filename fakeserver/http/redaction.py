"""Redaction of known secrets in any text, however they are written there.

``Masking`` goes by names: what stands under ``password`` is masked. This goes by values: a secret that is known, such
as the user's token, is masked wherever it turns up, also escaped or encoded.
"""

import re
from base64 import b32encode, b64encode
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote_plus

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import MASK

from .text_layers import (
    ESCAPE_MARKS,
    PlacedText,
    breaks_escapes,
    decoded_runs,
    layers_by_kind,
    placed_layers,
    text_layers,
    texts_by_kind,
    with_places,
    without_space,
)

SHORTEST = 6
"""Secrets of fewer characters are not looked for: they stand in many texts by chance.

Of those that are, a beginning of seven characters is masked where a text is cut off.
"""

_LONGEST_WORD = 11
_LONGEST_NUMBER = 9
"""Secrets up to these lengths that look like a word, or a number, are masked where they stand alone."""

_SHORTEST_FORM = 7
"""Characters of the part of a form that is looked for: six octets in Base64 leave so many."""

_MOST_ENCODED = 100
"""Secrets that are looked for in encoded form, the last ones of more."""

_MOST_ENCODINGS = 3
"""Encodings of what was escaped or encoded before that are undone."""

_MANY = 1_000
"""Beginnings of forms up to which it is fastest to look for each."""

_CUT_OFF = re.compile(
    r"""(?:(?:[\\%=~]|&(?:\#|[a-z]{2,8};))[0-9a-fnrtux\#{};\r\n]{0,16}+){0,60}+
    (?:&[0-9a-z]{0,8}(?:[\\%][0-9a-fux{]{0,8})?)?
    (?:\.\.\.|…|["'`)\]}>]*\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
"""After a text that is shown in part: a part of an escape, which others may escape, then what says so, or the end."""

_INVISIBLE = (
    *(0xAD, 0x61C, 0x180E, 0xFEFF),
    *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)),
)
"""Characters that a screen doesn't show: joiners, marks of the direction of a text, selectors of variants."""

_FOLDED: dict[int, str | None] = {
    **{code: None for code in range(0x3001) if chr(code).isspace()},
    **dict.fromkeys(_INVISIBLE),
    ord("-"): "+",
    ord("_"): "/",
}
"""White space and what is invisible is left out, and the two alphabets of Base64 are one."""


class Redaction:
    """Masking of secrets in texts and messages: plain, escaped, encoded, twice encoded, in either case, and broken up.

    A secret that looks like a word or a short number is masked as a whole word, and as it is written, lest it be
    masked in every text; in encoded form it is masked as any other.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        given = dict.fromkeys(stripped for secret in secrets if len(stripped := secret.strip()) >= SHORTEST)
        words = [secret for secret in given if is_word(secret)]
        self._count = len(given)
        self._words = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words]
        forms = {form for secret in given if secret not in words for form in _plain_forms(secret)}
        forms |= {form for secret in _innermost(given)[-_MOST_ENCODED:] for form in _encoded_forms(secret)}
        self._forms: dict[str, list[str]] = {}
        for form in forms:
            self._forms.setdefault(form[:_SHORTEST_FORM], []).append(form)
        self._lengths = {len(beginning) for beginning in self._forms}

    def __repr__(self) -> str:
        return f"Redaction of {self._count} secrets"

    def text(self, text: str) -> str:
        """Return a text without the secrets."""
        if not self._count or len(text) < SHORTEST or not self._is_in(text):
            return text
        return self._without_runs(_masked(text, self._spans(text)))

    def json(self, value: Any) -> Any:
        """Return a JSON value without the secrets; raises ``RecursionError``."""
        return self._json(value, cache(self.text)) if self._count else value

    def _json(self, value: Any, masked: Callable[[str], str]) -> Any:
        """Return a value with its texts ``masked``, which remembers them: names come again in all rows of a list."""
        match value:
            case str():
                return masked(value)
            case list():
                return [MASK] if self._are_octets(value) else [self._json(inner, masked) for inner in value]
            case dict():
                return {masked(name): self._json(inner, masked) for name, inner in value.items()}
            case int() | float() if masked(str(value)) != str(value):
                return MASK
        return value

    def octets(self, data: bytes) -> bytes:
        """Return octets without the secrets."""
        if not self._count:
            return data
        text = data.decode("utf-8", "surrogateescape")
        masked = self.text(text)
        return data if masked == text else masked.encode("utf-8", "surrogateescape")

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return header fields without the secrets."""
        return tuple((self.text(name), self.text(value)) for name, value in headers)

    def reply(self, reply: Reply) -> Reply:
        """Return a reply without the secrets; the same where there are none in it."""
        headers, body = self.headers(reply.headers), self.octets(reply.body)
        if body is reply.body and headers == reply.headers:
            return reply
        return Reply(headers, body, reply.status)

    def call(self, call: Call) -> Call:
        """Return a call without the secrets; the same where there are none in it."""
        headers, body, target = self.headers(call.headers), self.octets(call.body), self.text(call.target)
        if body is call.body and headers == call.headers and target == call.target:
            return call
        return replace(call, headers=headers, body=body, target=target)

    def _are_octets(self, values: list[Any]) -> bool:
        """Tell whether numbers are the octets of a secret."""
        if not self._count or len(values) < SHORTEST or not all(type(value) is int for value in values):
            return False
        return self._is_in(str(values))

    def _is_in(self, text: str, depth: int = 0) -> bool:
        for layer in text_layers(text):
            if self._is_shown(layer):
                return True
            if depth < _MOST_ENCODINGS and any(self._is_in(run.text, depth + 1) for run in decoded_runs(layer)):
                return True
        if breaks_escapes(text) and any(map(self._is_shown, text_layers("".join(text.split())))):
            return True
        return depth == 0 and any(map(self._is_shown, texts_by_kind(text)))

    def _is_shown(self, layer: str) -> bool:
        if self._beginnings(layer.casefold().translate(_FOLDED)):
            return True
        return any(word.search(layer) for word in self._words)

    def _beginnings(self, folded: str) -> Collection[str]:
        """Return what stands in a folded text of the beginnings of forms."""
        if len(self._forms) <= _MANY:
            return [beginning for beginning in self._forms if beginning in folded]
        windows = {folded[at : at + length] for length in self._lengths for at in range(len(folded) - length + 1)}
        return windows & self._forms.keys()

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a text shows a secret in one of its layers."""
        whole = with_places(text)
        for layer in layers_by_kind(whole):
            yield from self._spans_of_layer(layer, text)
        for start in (whole, without_space(whole)) if breaks_escapes(text) else (whole,):
            for layer in placed_layers(start):
                yield from self._spans_of_layer(layer, text)

    def _spans_of_layer(self, layer: PlacedText, text: str) -> Iterator[tuple[int, int]]:
        for word in self._words:
            for match in word.finditer(layer.text):
                yield layer.places[match.start()][0], layer.places[match.end() - 1][1]
        folded = _folded(layer)
        for beginning in self._beginnings(folded.text):
            start = folded.text.find(beginning)
            while start >= 0:
                for form in self._forms[beginning]:
                    length = _shown_of(form, folded.text, start)
                    stop = folded.places[start + length - 1][1]
                    # in the text, too: a part of an escape may read as another one in the layer
                    if length == len(form) or _is_cut_off(folded.text, start + length) or _CUT_OFF.match(text, stop):
                        yield folded.places[start][0], stop
                start = folded.text.find(beginning, start + 1)

    def _without_runs(self, text: str) -> str:
        """Return a text without what shows a secret only when it is decoded."""
        if not self._is_in(text):
            return text
        spans = (
            (layer.places[run.start][0], layer.places[run.stop - 1][1])
            for layer in placed_layers(with_places(text))
            for run in decoded_runs(layer.text)
            if self._is_in(run.text, 1)
        )
        return _masked(text, spans)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in _merged(spans):
        parts += [text[end:start], MASK]
        end = stop
    return "".join([*parts, text[end:]])


def _innermost(secrets: Iterable[str]) -> list[str]:
    """Return the secrets that don't hold another one, which is masked in their encoded forms, too."""
    return [secret for secret in secrets if not any(other != secret and other in secret for other in secrets)]


def _shown_of(form: str, text: str, start: int) -> int:
    """Return how many characters of a form stand in a text from a place on."""
    if text.startswith(form, start):
        return len(form)
    # by halves: a secret that repeats one character begins at each place of a text of that character
    return bisect_left(range(len(form)), True, key=lambda last: not text.startswith(form[: last + 1], start))


def _is_cut_off(text: str, end: int) -> bool:
    """Tell whether a text is cut off at a place, or within an escape that begins as the secret before it ends."""
    return any(_CUT_OFF.match(text, at) for at in range(end - _SHORTEST_FORM + 1, end + 1))


def is_word(secret: str) -> bool:
    """Tell whether a secret could be a word of a sentence, or a number in one."""
    if secret.isdecimal():
        return len(secret) <= _LONGEST_NUMBER
    is_spelled = secret.islower() or secret.isupper() or secret.istitle()
    return len(secret) <= _LONGEST_WORD and secret.isalpha() and is_spelled


def _folded(layer: PlacedText) -> PlacedText:
    """Return a layer as forms are looked for in it."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for character, place in zip(layer.text, layer.places, strict=True):
        shown = character.casefold().translate(_FOLDED)
        parts.append(shown)
        places += [place] * len(shown)
    return PlacedText("".join(parts), places)


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans in their order, those that overlap or touch as one."""
    start = end = -1
    for first, last in sorted(spans):
        if first > end >= 0:
            yield start, end
            start = first
        start = first if start < 0 else start
        end = max(end, last)
    if end >= 0:
        yield start, end


def _cased(secret: str) -> tuple[str, str, str]:
    return secret, secret.lower(), secret.upper()


def _plain_forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is looked for in layers: as it is, and where it holds what looks like an escape.

    A mark at its end may begin an escape with what follows it there.
    """
    cased = _cased(secret)
    as_octets = [text.encode("utf-8", "surrogatepass").decode("latin-1") for text in cased]  # so "\\xc3\\xa9" is read
    for written in (*cased, *as_octets, quote_plus(secret), secret.rstrip(ESCAPE_MARKS)):
        for layer in text_layers(written):
            if len(folded := layer.casefold().translate(_FOLDED)) >= SHORTEST:
                yield folded


def _encoded_forms(secret: str) -> Iterator[str]:
    """Yield the forms of a secret in Base64, Base32 and hexadecimal digits, whatever stands before and after it."""
    raws = (
        text.encode(*codec) for text in _cased(secret) for codec in (("utf-8", "surrogatepass"), ("latin-1", "ignore"))
    )
    for raw in set(raws):
        for form in (*_in_base64(raw), *_in_base32(raw), raw.hex()):
            if len(folded := form.casefold().translate(_FOLDED)) >= _SHORTEST_FORM:
                yield folded


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield what of Base64 depends on the secret alone, at each of the three places where it may begin."""
    for before in range(3):
        padded = b"\0" * before + raw
        yield b64encode(padded).decode()[-(-before * 8 // 6) : len(padded) * 8 // 6]


def _in_base32(raw: bytes) -> Iterator[str]:
    """Yield what of Base32 depends on the secret alone, at each of the five places where it may begin."""
    for before in range(5):
        padded = b"\0" * before + raw
        yield b32encode(padded).decode()[-(-before * 8 // 5) : len(padded) * 8 // 5]
