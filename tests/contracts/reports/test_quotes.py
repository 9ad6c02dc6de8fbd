from pathlib import Path

import pytest

from docdouble.contracts.reports.quotes import quotes
from docdouble.schemas import Evidence, Grade


def at(page: str, line: int) -> Evidence:
    return Evidence(Grade.STATED, page, line)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "sub" / "page.md").write_text("one\n  two \n")
    (tmp_path / "secret.md").write_text("secret\n")
    return tmp_path


def test_a_line_of_a_folder_or_of_a_page(folder: Path) -> None:
    assert quotes((str(folder / "docs"),))(at("sub/page.md", 2)) == "two"
    assert quotes((str(folder / "docs" / "sub" / "page.md"),))(at("page.md", 1)) == "one"


def test_of_a_document_on_one_line_the_beginning_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text('{"openapi": "3.1.0", ' + "x" * 5000)
    quote = quotes((str(tmp_path),))(at("openapi.json", 1))
    assert quote.startswith('{"openapi": "3.1.0", xxx')
    assert (len(quote), quote[-3:]) == (400, "...")


@pytest.mark.parametrize(("page", "line"), [("sub/page.md", 3), ("sub/page.md", 0), ("gone.md", 1), ("", 1)])
def test_what_is_not_there_is_not_quoted(folder: Path, page: str, line: int) -> None:
    assert quotes((str(folder / "docs"), "superoffice"))(at(page, line)) == ""


@pytest.mark.parametrize("page", ["../secret.md", "sub/../../secret.md"])
def test_nothing_outside_the_sources_is_read(folder: Path, page: str) -> None:
    assert quotes((str(folder / "docs"),))(at(page, 1)) == ""
    assert quotes((str(folder / "docs"),))(at(str(folder / "secret.md"), 1)) == ""
