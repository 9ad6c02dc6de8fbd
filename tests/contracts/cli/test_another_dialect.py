"""A documentation family that a package adds, from its pages to a verified fake."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, extract
from docdouble.schemas.dialects.dialect_registry import dialects

PACKAGE = """
import re

from docdouble.schemas import Dialect
from docdouble.schemas.dialects.base import SampleRule
from docdouble.schemas.dialects.filter_words import FilterWords

LIBRARY = Dialect(
    name="library",
    operation_fence="call",
    request_fence="sent",
    response_fence="came",
    header_columns=("field", "use"),
    parameter_tables={("part", "kind", "use"): "path", ("option", "kind", "use"): "query"},
    property_columns=("member", "kind", "use"),
    status_columns=("code", "when"),
    request_heading=re.compile(r"takes (?P<type>.*)"),
    response_heading=re.compile(r"gives (?P<type>.*)"),
    types={"whole": {"type": "integer", "format": "int32"}, "text": {"type": "string"}, "many": {"type": "array"}},
    include=re.compile(r"<< (?P<path>\\S+)"),
    required_marker="(needed)",
    parameter_behaviours={"tongue": "language"},
    list_behaviours={"where": "list-filter", "most": "list-top", "columns": "list-select"},
    list_parameter="where",
    filter_words=FilterWords({"mine": "caller"}),
    row_key="nr",
    row_entity="sort",
    sample_rules=(SampleRule(r"shelf mark", "numerify:S-###"),),
)
"""
RETURNED = '```came\nHTTP/1.1 200 OK\n\n{"BookId": 7, "Title": "Emma", "Shelf_mark": "ab 12"}\n```\n'
READ = """\
# Read a book

```call
GET /shelf/{BookId}
```

| Part | Kind | Use |
|---|---|---|
| BookId | whole | Which (needed) |

| Field | Use |
|---|---|
| Tongue | The language |

| Code | When |
|---|---|
| 200 | There it is |
| 404 | There is none |

## gives Book

| Member | Kind | Use |
|---|---|---|
| BookId | whole | Its number |
| Title | text | Its title |
| Shelf_mark | text | Where it stands |

<< parts/returned.md
"""
LISTED = """\
```call
GET /shelf
```

| Option | Kind | Use |
|---|---|---|
| where | text | Which |
| most | whole | How many |
| columns | text | Which columns |

| Code | When |
|---|---|
| 200 | There they are |

## gives Books

| Member | Kind | Use |
|---|---|---|
| rows | many | What was found |

```came
HTTP/1.1 200 OK

{"rows": [{"nr": 7, "sort": "book", "title": "Emma"}]}
```
"""


def forget() -> None:
    """Let the package be loaded anew."""
    sys.modules.pop("library_pages", None)
    dialects.cache_clear()


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The pages of a family whose dialect an installed package has."""
    package = tmp_path / "installed"
    metadata = package / "library_pages-1.dist-info"
    folder = tmp_path / "docs"
    for path, text in {
        package / "library_pages.py": PACKAGE,
        metadata / "METADATA": "Metadata-Version: 2.1\nName: library-pages\nVersion: 1\n",
        metadata / "entry_points.txt": "[docdouble.dialects]\nlibrary = library_pages:LIBRARY\n",
        folder / "read.md": READ,
        folder / "list.md": LISTED,
        folder / "parts" / "returned.md": RETURNED,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(package)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    yield str(folder)
    forget()


def run(*words: str) -> str:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_pages_become_a_contract_that_names_its_dialect(pages: str) -> None:
    run("extract", pages, "-o", "contract.json")
    document = json.loads(Path("contract.json").read_text(encoding="utf-8"))
    assert document["x-docdouble-dialect"] == "library"
    assert sorted(document["components"]["schemas"]["Book"]["properties"]) == ["BookId", "Shelf_mark", "Title"]
    title = document["components"]["schemas"]["Book"]["properties"]["Title"]
    assert (title["x-docdouble-evidence"]["page"], title["x-docdouble-evidence"]["line"]) == ("read.md", 25)
    kinds = [behaviour["name"] for behaviour in document["paths"]["/shelf"]["get"]["x-docdouble-behaviours"]]
    assert kinds == ["list-filter", "list-top", "list-select"]


@pytest.mark.parametrize("stored", [False, True])
def test_the_commands_read_pages_and_the_stored_contract(pages: str, stored: bool) -> None:
    source = pages
    if stored:
        source = "contract.json"
        run("extract", pages, "-o", source)
    assert [line for line in run("list", source).splitlines() if "GET" in line]
    assert "Shelf_mark" in run("show", "read", source)
    assert "S-###" in run("show", "--sampling", "read", source)
    run("verify", source, "--max-examples", "5")


def test_the_fake_has_the_lists_of_the_dialect(pages: str) -> None:
    fake = FakeServer(extract(pages).contract, Settings(auth=False))

    def answer(query: str = "") -> Any:
        reply = fake.handle(Call(method="GET", target=f"/shelf?{query}"))
        assert reply.status == 200
        return json.loads(reply.body)["rows"]

    rows = answer("columns=title")
    assert {tuple(row) for row in rows} == {("nr", "sort", "title")}
    assert len({row["nr"] for row in rows}) == len(rows)
    assert [row["nr"] for row in answer("where=nr%20mine")] == [row["nr"] for row in rows if row["nr"] == 1]
    refused = fake.handle(Call(method="GET", target=f"/shelf?where={quote('nr currentAssociate')}"))
    assert refused.status == 400
    mark = json.loads(fake.handle(Call(method="GET", target="/shelf/7")).body)["Shelf_mark"]
    assert mark.startswith("S-")


def test_a_folder_may_hold_pages_of_two_families(pages: str) -> None:
    text = "```http\nGET /desk\n```\n## Response body: Desk\n| Property Name | Type | Description |\n|---|---|---|\n"
    (Path(pages) / "desk.md").write_text(text + "| DeskId | int32 | |\n", encoding="utf-8")
    contract = extract(pages).contract
    assert [operation.path for operation in contract.operations] == ["/shelf", "/shelf/{BookId}", "/desk"]
    assert (contract.dialect, sorted(contract.schemas)) == ("library", ["Book", "Books", "Desk"])


def test_without_the_package_the_contract_is_refused_by_name(pages: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("extract", pages, "-o", "contract.json")
    monkeypatch.undo()
    dialects.cache_clear()
    result = CliRunner().invoke(main, ["list", str(Path(pages).parent / "contract.json")])
    assert result.exit_code == 2
    assert "x-docdouble-dialect: dialect: 'library' is not installed; expected one of superoffice" in result.stderr


def test_a_package_that_cannot_be_loaded_is_named(pages: str) -> None:
    (Path(pages).parent / "installed" / "library_pages.py").write_text("LIBRARY = 5\n", encoding="utf-8")
    forget()
    result = CliRunner().invoke(main, ["list", pages])
    assert result.exit_code == 2
    assert (
        "docdouble.dialects: 'library' of package 'library-pages' can't be loaded: expected a Dialect" in result.stderr
    )


def test_of_two_dialects_with_one_fence_the_one_that_knows_more_reads_a_page(pages: str) -> None:
    module = Path(pages).parent / "installed" / "library_pages.py"
    module.write_text(PACKAGE.replace('operation_fence="call"', 'operation_fence="http"'), encoding="utf-8")
    forget()
    for page in Path(pages).glob("*.md"):
        page.write_text(page.read_text(encoding="utf-8").replace("```call", "```http"), encoding="utf-8")
    ours = "```http\nGET /desk\n```\n## Response body: Desk\n| Property Name | Type | Description |\n|---|---|---|\n"
    (Path(pages) / "desk.md").write_text(ours + "| DeskId | int32 | |\n", encoding="utf-8")
    assert sorted(extract(pages).contract.schemas) == ["Book", "Books", "Desk"]


def test_pages_are_read_again_after_their_dialect_has_changed(pages: str) -> None:
    cache = Path(pages).parent / "kept"
    assert "Book" in extract(pages, cache_folder=cache).contract.schemas
    module = Path(pages).parent / "installed" / "library_pages.py"
    module.write_text(PACKAGE.replace("gives (", "brings ("), encoding="utf-8")
    forget()
    assert "Book" not in extract(pages, cache_folder=cache).contract.schemas
