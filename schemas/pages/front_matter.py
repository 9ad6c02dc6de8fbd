"""Front matter of a page, read as far as it can be: tabs and broken YAML in it are no reason to refuse a page."""

import re
from collections.abc import Sequence

_ENTRY = re.compile(r"(?P<indent>[ \t]*)(?P<key>[A-Za-z_][\w .-]*?)\s*:(?:\s+(?P<value>.*?))?(?:\s+#.*)?\s*\Z")


def split_front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the texts of a page's front matter by their keys, nested ones dotted, and how many lines it has."""
    if not lines or lines[0].rstrip().lstrip("\ufeff") != "---":
        return {}, 0
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if not end:
        return {}, 0
    texts: dict[str, str] = {}
    parents: list[tuple[int, str]] = []
    for line in lines[1:end]:
        if match := _ENTRY.match(line):
            indent = len(match["indent"].expandtabs(4))
            while parents and parents[-1][0] >= indent:
                parents.pop()
            key = ".".join([*(name for _, name in parents), match["key"]])
            if value := _unquoted(match["value"] or ""):
                texts.setdefault(key, value)
            else:
                parents.append((indent, match["key"]))
    return texts, end + 1


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return "" if value in ("|", ">", "|-", ">-") else value
