"""Texts that are unique in a run: names, e-mail addresses and codes with a mark, as short as they must be."""

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import count
from typing import Any

from docdouble.fakeserver import Sampler
from docdouble.fakeserver.sampler.narrow import matches
from docdouble.schemas import Schema

_UNIQUE = re.compile(
    r"(name|title|code|sku|slug|e?mail|login|user|handle|key|ref|reference|isbn|ean|gtin|barcode|serial|label|tag|phone|"
    r"number|identifier|domain|host)\Z",
    re.IGNORECASE,
)
"""Endings of names whose values a server may want to be unique."""

_CODE = re.compile(
    r"(code|sku|slug|login|user|username|handle|key|ref|reference|isbn|serial|identifier|tag)\Z", re.IGNORECASE
)
"""Endings of names of texts without blanks."""

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_MARKED = "docdouble"
_USUAL_LENGTH = 60


def seems_unique(name: str) -> bool:
    """Tell whether the values of a name may have to be unique."""
    return _UNIQUE.search(name) is not None


@dataclass(frozen=True)
class UniqueTexts:
    """Source of texts that no request of this ``run`` or another holds; those of patterns are the ``sampler``'s."""

    run: str
    seed: int
    sampler: Sampler
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def value(self, name: str, schema: Schema) -> Any:
        """Return another value that fits a schema, ``None`` where none is thought of."""
        mark = blake2b(f"{self.run} {self.seed} {next(self._numbers)}".encode(), digest_size=8).hexdigest()
        if schema.get("enum") or "const" in schema:
            return None
        if schema.get("type") in ("integer", "number"):
            return self._number(schema, int(mark, 16))
        most = min(schema.get("maxLength", _USUAL_LENGTH), _USUAL_LENGTH)
        if schema.get("format") in ("email", "idn-email") or re.search(r"e?mail\Z", name, re.IGNORECASE):
            return _email(mark, most)
        if "pattern" in schema and "format" not in schema:
            usual = (
                f"{_MARKED}-{mark[:8]}",
                mark[:8],
                mark[:most],
                mark.translate(_LETTERS)[:most],
                _digits(mark)[:most],
            )
            texts = (spelled for text in usual for spelled in (text, text.upper(), text.title()))
            if fitting := next((text for text in texts if _fits(text, schema)), None):
                return fitting
        if "pattern" in schema or "format" in schema:
            plain = {word: part for word, part in schema.items() if word not in ("examples", "default", "example")}
            number = int(mark, 16)
            return self.sampler.text_that_fits(plain, number) or self.sampler.sample_if_any(plain, number % 1_000_003)
        return _text(mark, "" if _CODE.search(name) else f"{_MARKED} ", schema.get("minLength", 0), most)

    @staticmethod
    def _number(schema: Schema, number: int) -> int:
        lowest = int(schema.get("minimum", 1))
        highest = int(schema.get("maximum", max(lowest, 1_000_000_000)))
        return lowest + number % max(highest - lowest + 1, 1)


def _fits(text: str, schema: Schema) -> bool:
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(text))
    return least <= len(text) <= most and matches(schema["pattern"], text)


def _digits(mark: str) -> str:
    return str(int(mark, 16))


def _text(mark: str, before: str, least: int, most: int) -> str:
    text = f"{before}{mark[:8]}"
    if len(text) > most:
        text = mark[: max(most, 0)]
    return text.ljust(least, "x")


def _email(mark: str, most: int) -> str:
    for text in (f"{_MARKED}.{mark[:8]}@example.com", f"{mark[:8]}@example.com", f"{mark[:6]}@ex.io"):
        if len(text) <= most:
            return text
    return f"{mark[: max(most - 6, 1)]}@ex.io"
