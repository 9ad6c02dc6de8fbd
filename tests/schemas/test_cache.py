"""A folder of pages is read once, until it changes; a cache that is broken is as good as none."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from docdouble.schemas import Extraction, PageError, cache, extract
from docdouble.schemas.cache import KEPT, cache_key, load_cached, store_cached
from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.pages import page_files

PAGE = "# Book\n\n```http\nGET /book/{id}\n```\n\n| Response | Description |\n|---|---|\n| 200 | OK |\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "book.md").write_text(PAGE, encoding="utf-8")
    (folder / "index.md").write_text("# Books\n", encoding="utf-8")
    (folder / "broken.md").write_bytes(b"\xff")
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_pages(*arguments: object) -> None:
        raise AssertionError("the pages are read again")

    monkeypatch.setattr(page_files, "read_pages", read_pages)


def plain(extraction: Extraction) -> Extraction:
    """The extraction with its errors as text: an exception is only equal to itself."""
    return replace(extraction, failures=tuple(map(str, extraction.failures)))  # type: ignore[arg-type]


def test_the_second_time_nothing_is_read(docs: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = extract(str(docs), cache_folder=kept)
    assert (len(first.contract.operations), first.skipped, len(first.failures)) == (1, ("index.md",), 1)
    assert first.contradictions[0].rule == "variable-without-row"
    forbid_reading(monkeypatch)
    assert plain(extract(str(docs), cache_folder=kept)) == plain(first)


def test_without_a_folder_nothing_is_kept(docs: Path, tmp_path: Path) -> None:
    extract(str(docs))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs"]


def test_a_changed_page_is_read_again(docs: Path, kept: Path) -> None:
    extract(str(docs), cache_folder=kept)
    (docs / "book.md").write_text(PAGE.replace("/book/", "/shelf/"), encoding="utf-8")
    assert extract(str(docs), cache_folder=kept).contract.operations[0].path == "/shelf/{id}"


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 1000])
def test_a_damaged_cache_is_written_anew(docs: Path, kept: Path, damage: bytes) -> None:
    first = extract(str(docs), cache_folder=kept)
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    for content in (damage, whole[:-1], whole[:80] + bytes([whole[80] ^ 1]) + whole[81:]):
        file.write_bytes(content)
        assert plain(extract(str(docs), cache_folder=kept)) == plain(first)
        assert file.read_bytes() == whole


def test_a_value_of_another_form_is_as_good_as_none(kept: Path) -> None:
    store_cached(kept, "key", ("no", "extraction"))
    assert load_cached(kept, "key", Extraction) is None
    assert load_cached(kept, "other", Extraction) is None


def test_a_folder_that_cannot_be_written_to_does_no_harm(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert extract(str(docs), cache_folder=tmp_path / "file").contract.operations


def test_nothing_is_left_where_windows_replaces_no_file_that_is_read(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)
    store_cached(kept, "key", ("a value",))
    assert list(kept.iterdir()) == []


def test_only_the_latest_are_kept(kept: Path) -> None:
    for number in range(KEPT + 3):
        store_cached(kept, f"key{number}", Contradiction("rule", "page.md", number, "message", "mend"))
    assert len(list(kept.iterdir())) == KEPT


def test_names_contents_and_code_make_the_key(docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [(docs / "book.md", "book.md"), (docs / "index.md", "index.md")]
    keys = {cache_key(pages), cache_key(pages[:1]), cache_key([(docs / "book.md", "other.md"), pages[1]])}
    code = tmp_path / "code"
    (code / "pages").mkdir(parents=True)
    monkeypatch.setattr(cache, "_CODE", code)
    for text in ("before", "after"):
        (code / "pages" / "reader.py").write_text(text)
        keys.add(cache_key(pages))
    assert len(keys) == 5


def test_errors_and_contradictions_come_back_whole(kept: Path) -> None:
    contradiction = Contradiction("rule", "page.md", 3, "message", "mend")
    store_cached(kept, "key", contradiction)
    loaded = load_cached(kept, "key", Contradiction)
    assert loaded is not None
    assert (loaded, loaded.mend) == (contradiction, "mend")
    store_cached(kept, "key", PageError("page.md", 3, "message"))
    assert str(load_cached(kept, "key", PageError)) == "page.md:3: message"
