"""Status codes in running text: ``Returns `204 No Content` on success``."""

import re
from collections.abc import Iterator
from http import HTTPStatus

from .inline_text import plain_text

_PHRASES = {status.value: status.phrase.lower() for status in HTTPStatus}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")
_SPEAKS_OF_ONE = re.compile(
    r"\b(?:returns?|returned|responds?|response|repl(?:y|ies)|answers?|status|code)\b", re.IGNORECASE
)
_CODE = re.compile(
    r"(?P<before>\b(?:status|code|http|an?)(?:\s+code)?(?:\s+of)?[:\s]+)?(?<![\w.,-])(?P<code>[1-5]\d\d)(?![\w,]|\.\d)"
    r"(?:\s*[\u2013:(-]\s*|\s+)?(?P<after>[A-Za-z' -]*)",
    re.IGNORECASE,
)


def prose_statuses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the status codes that a text says are answered, each with its sentence.

    A number is one where its reason phrase follows, or where it is called a status, a code or a response.
    """
    for sentence in _SENTENCE.split(plain_text(text)):
        if _SPEAKS_OF_ONE.search(sentence):
            codes = (match["code"] for match in _CODE.finditer(sentence) if _is_status(match))
            yield from ((code, sentence.strip()) for code in codes)


def _is_status(match: re.Match[str]) -> bool:
    phrase = _PHRASES.get(int(match["code"]))
    after = match["after"].lower().strip()
    if phrase is None:
        return False
    is_announced = bool(match["before"]) and not match["before"].lower().startswith("a")
    return is_announced or after.startswith(phrase) or bool(re.match(r"(?:empty )?(?:status|response|error)\b", after))
