"""Pictures in every format, as an image library reads them."""

from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from docdouble.fakeserver.answers.image_formats import Colour, Picture, bmp, gif, jpeg, pdf, png, tiff, webp

WRITERS = [png, gif, bmp, tiff, webp]
sizes = st.integers(1, 70)
darker = st.tuples(*[st.integers(0, 127)] * 3)
brighter = st.tuples(*[st.integers(128, 255)] * 3)
tiles = st.integers(1, 8).flatmap(lambda n: st.lists(st.tuples(*[st.integers(0, 1)] * n), min_size=1, max_size=8))
pictures = st.builds(Picture, sizes, sizes, st.tuples(darker, brighter), tiles.map(tuple))


def pixels(octets: bytes) -> list[list[Colour]]:
    """Return the rows of an image as Pillow reads it."""
    with Image.open(BytesIO(octets)) as image:
        colours = image.convert("RGB").tobytes()
        width, height = image.size
    points = [(*colours[start : start + 3],) for start in range(0, len(colours), 3)]
    return [points[row * width : (row + 1) * width] for row in range(height)]  # type: ignore[misc]


@pytest.mark.parametrize("write", WRITERS)
@settings(max_examples=60, deadline=None)
@given(picture=pictures)
def test_a_picture_is_read_as_it_was_drawn(write: Callable[[Picture], bytes], picture: Picture) -> None:
    drawn = [
        [picture.colours[picture.index(column, row)] for column in range(picture.width)]
        for row in range(picture.height)
    ]
    assert pixels(write(picture)) == drawn


@settings(max_examples=60, deadline=None)
@given(picture=pictures)
def test_a_jpeg_has_the_colours_of_the_centres_of_its_blocks(picture: Picture) -> None:
    rows = pixels(jpeg(picture))
    assert (len(rows[0]), len(rows)) == (picture.width, picture.height)
    for row in range(4, picture.height, 8):
        for column in range(4, picture.width, 8):
            expected = picture.colours[picture.index(column, row)]
            assert all(abs(a - b) <= 6 for a, b in zip(rows[row][column], expected, strict=True))


@pytest.mark.parametrize("write", [*WRITERS, jpeg])
def test_the_largest_picture_is_whole(write: Callable[[Picture], bytes]) -> None:
    picture = Picture(1024, 1023, ((10, 20, 30), (240, 240, 240)), ((0, 1), (1, 0)))
    rows = pixels(write(picture))
    assert (len(rows), {len(row) for row in rows}) == (1023, {1024})


def test_a_pdf_tells_where_its_objects_are() -> None:
    written = pdf(Picture(30, 20, ((0, 0, 0), (255, 255, 255)), ((0, 1), (1, 0))))
    start = int(written.split(b"startxref\n")[1].split()[0])
    assert written[start:].startswith(b"xref\n0 6\n0000000000 65535 f \n")
    places = [int(line.split()[0]) for line in written[start:].splitlines()[3:8]]
    assert [written[place:].split(b" ", 1)[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]
    assert b"0 10 15 10 re f\n15 0 15 10 re f" not in written
    assert b"15 0 15 10 re f\n0 10 15 10 re f" in written
