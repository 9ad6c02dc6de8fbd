"""Blocks below headings: up to the next one, or all of a section; the headings above a block; ends of components."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from .blocks import Block, Component, Heading, Label

LOWEST = 7
"""The level of a label among headings, and of a heading that is none of the page's."""


def headed_blocks(blocks: Iterable[Block]) -> Iterator[tuple[Heading, list[Block]]]:
    """Yield each heading with the blocks up to the next one."""
    heading: Heading | None = None
    below: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            if heading:
                yield heading, below
            heading, below = block, []
        else:
            below.append(block)
    if heading:
        yield heading, below


def section_end(blocks: Sequence[Block], number: int) -> int:
    """Return the number of the block behind the section of a heading: of the next one that is not below it."""
    heading = blocks[number]
    assert isinstance(heading, Heading)
    for end in range(number + 1, len(blocks)):
        block = blocks[end]
        if isinstance(block, Heading) and block.level <= heading.level:
            return end
    return len(blocks)


def labels_as_headings(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks with each label as a heading below all others."""
    return [Heading(LOWEST, block.text, block.line) if isinstance(block, Label) else block for block in blocks]


def sections_of(blocks: Sequence[Block], is_wanted: Callable[[str], bool]) -> Iterator[Sequence[Block]]:
    """Yield the outermost sections whose heading is wanted, each with its heading and all below that."""
    end = 0
    for number, block in enumerate(blocks):
        if number >= end and isinstance(block, Heading) and is_wanted(block.text):
            end = section_end(blocks, number)
            yield blocks[number:end]


def headings_above(
    blocks: Sequence[Block], number: int, passed_over: Container[int] = ()
) -> Iterator[tuple[int, Heading]]:
    """Yield the headings that a block stands below with their numbers, the nearest first, itself where it is one."""
    level = 7
    for above in range(number, -1, -1):
        block = blocks[above]
        if isinstance(block, Heading) and block.level < level and above not in passed_over:
            level = block.level
            yield above, block


def component_ends(blocks: Sequence[Block]) -> dict[int, int]:
    """Return where the components that have an end begin, each with the place of its end."""
    ends: dict[int, int] = {}
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if isinstance(block, Component) and block.kind == "opening":
            opened[block.name].append(number)
        elif isinstance(block, Component) and block.kind == "closing" and opened[block.name]:
            ends[opened[block.name].pop()] = number
    return ends
