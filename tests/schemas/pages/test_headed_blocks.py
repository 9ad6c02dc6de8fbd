from docdouble.schemas.pages.blocks import Heading, Label, Paragraph
from docdouble.schemas.pages.headed_blocks import headed_blocks, section_end

TOP, INNER, NEXT = Heading(1, "Boats", 2), Heading(2, "Keels", 4), Heading(1, "Yards", 8)
LABEL, TEXT = Label("Values", 5), Paragraph("wood", 6)
BLOCKS = (Paragraph("before", 1), TOP, INNER, LABEL, TEXT, NEXT)


def test_blocks_up_to_the_next_heading() -> None:
    assert list(headed_blocks(BLOCKS)) == [(TOP, []), (INNER, [LABEL, TEXT]), (NEXT, [])]
    assert not list(headed_blocks((TEXT,)))


def test_a_section_ends_at_a_heading_that_is_not_below_its_own() -> None:
    assert [section_end(BLOCKS, number) for number in (1, 2, 5)] == [5, 5, 6]
