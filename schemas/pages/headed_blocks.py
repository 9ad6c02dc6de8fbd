"""Blocks below headings: up to the next one, or all of a heading's section; and the headings above a block."""

from collections.abc import Container, Iterable, Iterator, Sequence

from .blocks import Block, Heading


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
