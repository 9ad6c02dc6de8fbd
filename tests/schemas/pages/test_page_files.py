"""A folder of pages gives the same contract however it is read."""

import concurrent.futures
import multiprocessing
import os
import random
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from docdouble.schemas import PageError, extract
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.pages import page_files as pages_module
from docdouble.schemas.pages.page_files import read_pages
from docdouble.schemas.pages.page_folder import find_pages

PAGE = """\
```http
GET /{name}
```
## Response body: {kind}
| Property Name | Type | Description |
|---|---|---|
| {name}Id | int32 | |
| Next | Shelf | |

```http_
HTTP/1.1 200 OK

{{"{name}Id": 1, "Next": {{"{name}Place": "here"}}}}
```
"""
NAMES = ("atlas", "book", "chart", "diary", "essay")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        folder = tmp_path / ("odd" if number % 2 else "even")
        folder.mkdir(exist_ok=True)
        # Two kinds only, so that pages complete each other's types.
        (folder / f"{name}.md").write_text(PAGE.format(name=name, kind=("Book", "Map")[number % 2]))
    (tmp_path / "index.md").write_text("# Books\n")
    (tmp_path / "torn.md").write_text("```http\nGET /a/{b\n```\n")
    return tmp_path


def output(folder: Path, processes: int = 1) -> bytes:
    return orjson.dumps(to_openapi(extract(str(folder), processes=processes).contract))


def outcomes(folder: Path) -> list[str]:
    """The outcome of each page, in order."""
    return [
        str(reading) if isinstance(reading, PageError | str) else reading.operation.id
        for reading in read_pages(find_pages(folder), folder)
    ]


def test_pages_are_found_by_name_at_any_depth(library: Path) -> None:
    (library / "notes.txt").write_text("no page")
    (library / "odd" / "deep.md").mkdir()
    assert [name for _, name in find_pages(library)] == [
        "even/atlas.md",
        "even/chart.md",
        "even/essay.md",
        "index.md",
        "odd/book.md",
        "odd/diary.md",
        "torn.md",
    ]


def test_a_page_that_fails_stops_only_itself(library: Path) -> None:
    assert outcomes(library) == [
        "atlas",
        "chart",
        "essay",
        "index.md",
        "book",
        "diary",
        "torn.md:2: the path '/a/{b' has a brace that opens or ends no name",
    ]


def test_the_order_of_the_file_system_makes_no_difference(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected, walk, shuffle = output(library), os.walk, random.Random(1).shuffle

    def shuffled(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        entries = [(root, folders, list(names)) for root, folders, names in walk(folder)]
        for _, _, names in entries:
            shuffle(names)
        shuffle(entries)
        yield from entries

    for _ in range(5):
        with monkeypatch.context() as patch:
            patch.setattr(os, "walk", shuffled)
            assert output(library) == expected


def test_the_number_of_processes_makes_no_difference(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = output(library)
    used: list[int] = []

    class Pool(concurrent.futures.ProcessPoolExecutor):
        def __init__(self, processes: int, *, mp_context: multiprocessing.context.BaseContext) -> None:
            used.append(processes)
            super().__init__(processes, mp_context=mp_context)

    monkeypatch.setattr(pages_module, "WORTH_A_PROCESS", 4)
    monkeypatch.setattr(pages_module, "_CHUNK", 1)
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", Pool)
    assert output(library, processes=2) == expected
    assert used == [2]


@pytest.mark.parametrize(("pages", "processes", "expected"), [(7, 8, 1), (8, 8, 2), (24, 2, 2), (24, 1, 1), (0, 8, 1)])
def test_processes_are_started_for_many_pages_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pages: int, processes: int, expected: int
) -> None:
    started: list[int] = []

    def outcomes(work: list[tuple[Path, str, Path]], processes: int) -> Iterator[str]:
        started.append(processes)
        yield from (name for _, name, _ in work)

    monkeypatch.setattr(pages_module, "WORTH_A_PROCESS", 8)
    monkeypatch.setattr(pages_module, "_outcomes", outcomes)
    names = [f"{number}.md" for number in range(pages)]
    pages_of = ((tmp_path / name, name) for name in names)
    assert list(read_pages(pages_of, tmp_path, processes=processes)) == names
    assert started == [expected]


def test_progress_is_reported_of_every_page(library: Path) -> None:
    progress: list[tuple[int, int]] = []
    extract(str(library), lambda done, total: progress.append((done, total)))
    assert progress == [(number, 7) for number in range(1, 8)]
