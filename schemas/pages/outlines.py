"""Outlines: indented text whose lines are headings with what is indented below them, as statuses or a body."""

import re
from collections.abc import Iterator

from .blocks import Block, Fence, Label, ListItem

_HEAD = re.compile(r"(?P<title>[A-Za-z1-5][\w -]{2,40}):\s*(?P<rest>.*)")
_DATA = re.compile(r"\s*[\[{]")


def outline(fence: Fence) -> tuple[Block, ...]:
    """Return the headings of a text and what stands below each, as labels with lists and code; nothing for other text.

    Each line at its margin has to be such a heading.
    """
    lines = fence.text.rstrip("\n").split("\n")
    heads = {number: _HEAD.fullmatch(line) for number, line in enumerate(lines) if line[:1].strip()}
    if fence.info or 0 not in heads or len(heads) == len(lines) or not all(heads.values()):
        return ()
    blocks: list[Block] = []
    for number, end in zip(heads, [*list(heads)[1:], len(lines)], strict=True):
        if head := heads[number]:
            blocks.append(Label(head["title"], fence.line + number))
            blocks += [ListItem(0, head["rest"], fence.line + number)] if head["rest"] else []
            blocks += _below(lines[number + 1 : end], fence.line + number + 1)
    return tuple(blocks)


def _below(lines: list[str], first: int) -> Iterator[Block]:
    if lines and _DATA.match(lines[0]):
        yield Fence("", "\n".join(lines) + "\n", first)
        return
    for number, line in enumerate(lines):
        if line.strip():
            yield ListItem(0, line.strip(), first + number)
