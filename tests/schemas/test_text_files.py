"""Reading of text files."""

from pathlib import Path

import pytest

from docdouble.schemas import PageError
from docdouble.schemas.pages.documents import MAX_PAGE_BYTES
from docdouble.schemas.text_files import decode_utf8, read_text


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode_utf8(b"\xef\xbb\xbf# A", "a.md") == "# A"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"one\ntwo \xff\n", "a.md:2: byte 0xff is no UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n", "a.md:1: byte 0x89 is no UTF-8 text"),
        (b"one\n\ntw\0o", "a.md:3: a NUL byte: this is no text"),
    ],
)
def test_bytes_that_are_no_text_are_named_with_their_line(data: bytes, message: str) -> None:
    with pytest.raises(PageError) as caught:
        decode_utf8(data, "a.md")
    assert str(caught.value) == message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PageError) as caught:
        read_text(tmp_path / "none.md", "none.md", MAX_PAGE_BYTES)
    assert str(caught.value) == "none.md: No such file or directory"


def test_a_folder_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(PageError) as caught:
        read_text(tmp_path, "folder", MAX_PAGE_BYTES)
    assert str(caught.value) == "folder: Is a directory"


def test_a_page_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"\n" * 64)
    assert read_text(path, "large.md", 64) == "\n" * 64


def test_a_larger_page_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(MAX_PAGE_BYTES + 1)
    with pytest.raises(PageError) as caught:
        read_text(path, "large.md", MAX_PAGE_BYTES)
    assert str(caught.value) == "large.md: larger than 8 MiB, the most that is read of one file"
