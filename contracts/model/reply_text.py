"""The text of a reply's body as people read it: JSON on one line, of HTML what a browser shows."""

import json
import re
from html import unescape

from docdouble.schemas import Reply
from docdouble.schemas.http import is_json

_MOST_READ = 16_384
"""Octets of a body that are read."""

_HIDDEN = re.compile(r"<(script|style|svg)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->|<!doctype[^>]*>", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|small|span|strong|u|var)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^>]*(?:>|\Z)", re.IGNORECASE)


def reply_lines(reply: Reply) -> list[str]:
    """Return the lines of a body that aren't blank; none of what is no text, and one of several alike."""
    body = reply.body[:_MOST_READ]
    if b"\x00" in body:
        return []
    text = body.decode(errors="replace")
    if is_json(reply.media_type):
        text = _compact(text)
    elif "html" in reply.media_type or text.lstrip().lower().startswith(("<!doctype html", "<html")):
        text = unescape(_TAG.sub("\n", _INLINE.sub("", _HIDDEN.sub("\n", text))))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [line for index, line in enumerate(lines) if not index or line != lines[index - 1]]


def _compact(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
