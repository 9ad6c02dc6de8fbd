"""Procedures as operations: ``sendSignal`` as a heading, on a page that says how to call one: ``https://…/METHOD_NAME``."""

import re
from collections.abc import Iterable

from .blocks import Block, Fence
from .inline_text import plain_text

_FORM = re.compile(
    r"(?P<base>https?://[^\s`'\"()]*/)(?:METHOD(?:_?NAME)?|<method(?:[ _-]?name)?>|\{method(?:[ _-]?name)?\})(?![\w/])"
)
_PROCEDURE = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*|(?:\.[a-z][A-Za-z0-9]*)+)")


def procedure_base(blocks: Iterable[Block]) -> str:
    """Return the URL behind which the names of procedures stand, empty where no text says so."""
    texts = (getattr(block, "text", "") for block in blocks if not isinstance(block, Fence))
    return next((match["base"] for match in map(_FORM.search, texts) if match), "")


def procedure_in_heading(heading: str) -> str:
    """Return the name that a heading is, empty where it is none of a procedure."""
    name = plain_text(heading)
    return name if _PROCEDURE.fullmatch(name) else ""
