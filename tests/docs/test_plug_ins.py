"""The packages of docs/plug-ins.md do what the page says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.behaviours import added_behaviours
from docdouble.schemas import Call, extract
from docdouble.schemas.dialects.dialect_registry import dialects
from docdouble.schemas.sources.format_registry import source_formats

from .blocks import named

PAGE = """\
```call
GET /book
```

| Name | Kind | Meaning |
|---|---|---|
| Case | text | How texts are told |

## Returns Book

| Field | Kind | Meaning |
|---|---|---|
| Title | text | Its title |

```reply
HTTP/1.1 200 OK

{"Title": "Emma"}
```
"""
TABLES = """
from dataclasses import replace

LIBRARY = replace(
    LIBRARY,
    parameter_tables={("name", "kind", "meaning"): "query"},
    parameter_behaviours={"case": "text-case"},
)
"""
ENTRY_POINTS = """\
[docdouble.dialects]
library = library_docs:LIBRARY

[docdouble.behaviours]
text-case = library_docs:text_case

[docdouble.sources]
access-log = library_docs:ACCESS_LOG
"""


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder with a page of the family whose dialect and behaviour are installed."""
    package, folder = tmp_path / "installed", tmp_path / "pages"
    metadata = package / "library_docs-1.dist-info"
    for path, text in {
        package / "library_docs.py": named("a dialect") + named("a behaviour") + TABLES + named("a format"),
        metadata / "METADATA": "Metadata-Version: 2.1\nName: library-docs\nVersion: 1\n",
        metadata / "entry_points.txt": ENTRY_POINTS,
        folder / "book.md": PAGE,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(package)
    for known in (dialects, added_behaviours, source_formats):
        known.cache_clear()
    yield str(folder)
    for known in (dialects, added_behaviours, source_formats):
        known.cache_clear()


def test_the_dialect_reads_a_page(pages: str) -> None:
    contract = extract(pages).contract
    assert contract.dialect == "library"
    assert contract.schemas["Book"]["properties"]["Title"]["type"] == "string"


def test_the_behaviour_changes_an_answer(pages: str) -> None:
    fake = FakeServer(extract(pages).contract, Settings(auth=False, answers="documented"))
    replies = [fake.handle(Call(method="GET", target=f"/book{query}")) for query in ("", "?Case=upper", "?Case=Upper")]
    assert [reply.status for reply in replies] == [200, 200, 400]
    assert [json.loads(reply.body) for reply in replies[:2]] == [{"Title": "Emma"}, {"Title": "EMMA"}]
    (violation,) = json.loads(replies[2].body)["violations"]
    assert (violation["documentation"], violation["message"]) == ("book.md:7", "expected upper or lower, got 'Upper'")


def test_the_format_reads_a_file(pages: str) -> None:
    (Path(pages) / "harbour.accesslog").write_text("GET /boats/7\nGET /boats/8\n")
    assert [operation.label for operation in extract(pages).contract.operations] == ["GET /book", "GET /boats/{boatId}"]
