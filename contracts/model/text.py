"""Text for people: counts and lists in words, and what a server sent made safe to show anywhere."""

import re
from collections.abc import Sequence

UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Characters that could change how the rest is shown, or can't be seen.

Control characters, those that turn the direction of writing, and what no XML document or UTF-8 text may hold.
"""


COMMAND_MARK = r"#(?=#(?:\[|vso\[|teamcity\[))"
"""Regular expression of where GitHub, Azure and TeamCity begin to read a command to themselves within a line."""

_IN_JSON = re.compile(f"{UNSHOWN.pattern}|{COMMAND_MARK}", re.IGNORECASE)


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 call``, ``2 calls``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Sequence[str], most: int) -> str:
    """Return the first of the names with commas between, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def plain(text: str) -> str:
    """Return a text with characters that could change how the rest is shown written as escapes."""
    return UNSHOWN.sub(_escaped, text)


def one_line(text: str) -> str:
    """Return a text as ``plain`` does, with line breaks and tabs written as escapes too."""
    return plain(text).replace("\n", "\\n").replace("\t", "\\t")


def json_escapes(text: str) -> str:
    """Return a JSON text as ``plain`` does, so that it means the same, and nobody takes a part of it for a command."""
    return _IN_JSON.sub(_escaped_in_json, text)


def cut(text: str, most: int) -> str:
    """Return a text of at most ``most`` characters; three dots stand for what is left out."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escaped_in_json(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
