"""Types in sentences about a response: ``This returns the updated [boat](boats.md) object``."""

import re
from collections.abc import Mapping
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
