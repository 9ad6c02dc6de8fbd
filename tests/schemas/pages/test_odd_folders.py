"""What is no page, though it is called one, is named and skipped; tables that would take minutes are refused."""

import errno
import json
import os
from pathlib import Path

import pytest

from docdouble.schemas import PageError, extract
from docdouble.schemas.pages.documents import MAX_COLUMNS, MAX_ROWS

HEAD = "# Book\n\n```http\nGET /book\n```\n\n## Response body: Book\n\n"
TABLE = "| Property Name | Type | Description |\n|---|---|---|\n"
PAGE = f"{HEAD}{TABLE}| Id | int32 | |\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one page."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "book.md").write_text(PAGE)
    return pages


def failures(folder: Path) -> dict[str, str]:
    extraction = extract(str(folder), cache_folder=folder.parent / "cache")
    assert [operation.path for operation in extraction.contract.operations] == ["/book"]
    return {failure.path: failure.message for failure in extraction.failures}


def test_pipes_and_devices_are_named_and_skipped(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "zeros.md").symlink_to("/dev/zero")
    assert failures(folder) == dict.fromkeys(
        ("pipe.md", "zeros.md"), "no regular file but a pipe, a socket or a device: it is not read"
    )


def test_links_out_of_the_folder_are_named_and_skipped(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text(PAGE.replace("/book", "/secret"))
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    (folder / "loop").symlink_to(folder)
    assert failures(folder) == {"link.md": "a link that leads out of the folder that is read: it is not followed"}


def test_links_to_themselves_are_named_and_skipped(folder: Path) -> None:
    for name in ("circle.md", "circle.json"):
        (folder / name).symlink_to(name)
    (folder / "book.md").write_text(f"[!include[x](circle.md)]\n\n{PAGE}\nSee [the sample](circle.json).\n")
    assert failures(folder) == {"circle.md": os.strerror(errno.ELOOP)}


def test_a_document_may_refer_to_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "circle.json").symlink_to("circle.json")
    body = {"application/json": {"schema": {"$ref": "circle.json#/Book"}}}
    paths = {"/a": {"get": {"responses": {"200": {"description": "", "content": body}}}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps(document))
    (contradiction,) = extract(str(tmp_path / "api.json")).contradictions
    assert "there is no file circle.json" in contradiction.message


def test_links_inside_the_folder_are_read(folder: Path) -> None:
    (folder / "real.txt").write_text(PAGE)
    (folder / "book.md").unlink()
    (folder / "book.md").symlink_to(folder / "real.txt")
    assert failures(folder) == {}


def test_a_folder_that_is_a_link_is_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").symlink_to(folder)
    assert failures(tmp_path / "other") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + TABLE + "| P | string | |\n" * 300_000, "more than 20,000 rows of tables"),
        (HEAD + "|a" * 50_000 + "|\n" + "|-" * 50_000 + "|\n", "a table of more than 1,000 columns"),
        (HEAD + TABLE + "| P | string | |\n" * (MAX_ROWS - 1), "more than 20,000 rows of tables"),
        (HEAD + "|a" * MAX_COLUMNS + "|\n", "a table of more than 1,000 columns"),
    ],
    ids=["300,000 rows", "50,000 columns", "a row more", "a column more"],
)
def test_tables_of_very_many_rows_or_columns_are_refused(folder: Path, text: str, message: str) -> None:
    (folder / "large.md").write_text(text)
    assert message in failures(folder)["large.md"]
    with pytest.raises(PageError, match=message):
        extract(str(folder / "large.md"))


def test_large_tables_of_any_family_are_refused(folder: Path) -> None:
    (folder / "book.md").write_text("# Books\n\n`GET /book`\n\n## Others\n\n`GET /books/{id}`\n")
    (folder / "large.md").write_text("# Large\n\n`GET /large/{id}`\n\n" + "|a" * MAX_COLUMNS + "|\n")
    extraction = extract(str(folder), cache_folder=folder.parent / "cache")
    assert [failure.path for failure in extraction.failures] == ["large.md"]
