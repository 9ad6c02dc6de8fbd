"""Facts in running text: status codes, the type that is returned, and names of query parameters."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from ..words import singular
from .inline_text import plain_text

KIND_OF_PAGE = re.compile(
    r"\s+(?:(?:resource|complex|enum|entity|data)\s+)?(?:type|resource|object|schema|model|facet)s?\Z"
)
"""Words behind a type's name in titles and links."""

_RETURNED = re.compile(
    r"\b(?:returns?|(?:responds?|answers?|replies) with|response (?:body )?(?:is|contains|to this request))[ \n,]+"
    r"(?:(?:an?|the|all|single|new|newly|created|updated|modified|resulting|complete|full|requested|corresponding"
    r"|matching|json|http|status|response|code|success|body|and|with|containing|,|`?[1-5]\d\d(?: [A-Z]\w+)*`?)[ \n]+)*"
    r"(?:[^.\[\]]{0,120}[ \n]as[ \n]an?[ \n]+)?"
    r"(?P<many>(?:array|list|collection|set|sequence)[ \n]+of[ \n]+(?:all |the )?)?"
    r"\*{0,2}\[(?P<text>[^\[\]\n]+)\](?:\((?P<target>[^()\s]*)\)|\[[^\[\]]*\])?",
    re.IGNORECASE,
)
_LAST_PART = re.compile(r"(?P<last>[^/#]+?)(?:\.\w+)?/?\Z")
_QUERY_NAMES = re.compile(
    r"(?P<names>`[\w.$\[\]-]+`(?:\s*(?:,|,?\s*and|,?\s*or)\s*`[\w.$\[\]-]+`)*)\s+(?:query|query[ -]string|URL)\s+"
    r"(?:parameter|param|argument|option)s?\b"
)
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


def returned_type(text: str, known: Mapping[str, Any]) -> str:
    """Return the spelling of the described type, or of a list of it, that a text says to be returned; empty for none.

    ``known`` are the spellings of types, those of described ones with a reference.
    """
    for match in _RETURNED.finditer(text):
        linked = _LAST_PART.search(match["target"] or "")
        for words in (match["text"], linked["last"].replace("-", " ") if linked else ""):
            name = KIND_OF_PAGE.sub("", plain_text(words).lower())
            for spelling in (name, singular(name), f"{name} object"):
                if "$ref" in known.get(spelling, {}):
                    return f"array of {spelling}" if match["many"] else spelling
    return ""


def query_names(text: str) -> list[str]:
    """Return the names that running text calls query parameters: ``the `limit` and `offset` query parameters``."""
    listed = (match["names"] for match in _QUERY_NAMES.finditer(text))
    return list(dict.fromkeys(name for names in listed for name in re.findall(r"`([^`]+)`", names)))
