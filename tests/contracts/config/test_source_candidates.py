"""Sources that a folder holds: the one that is plainly meant, several, and none."""

from pathlib import Path

import pytest

from docdouble.contracts.config.source_candidates import plain_source
from docdouble.schemas import ConfigError

DOCUMENT = 'openapi: "3.1.0"\npaths: {}\n'
PAGE = "# GET Book\n\n```http\nGET /book\n```\n"


def holding(folder: Path, *names: str) -> Path:
    """Return the folder with these files: documents, pages, or others."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        is_page = path.suffix == ".md" and path.stem != "README"
        path.write_text(PAGE if is_page else "# Nothing\n" if path.suffix == ".md" else DOCUMENT, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("names", "taken", "others"),
    [
        ([], "", ()),
        (["README.md"], "", ()),
        (["shop.yaml"], "shop.yaml", ()),
        (["README.md", "docs/openapi.json"], "docs/openapi.json", ()),
        (["docs/a.md", "docs/b.md"], "docs", ()),
        (["a.md", "b.md", "README.md"], ".", ()),
        (["openapi.yaml", "docs/a.md"], "openapi.yaml", ("docs",)),
        (["openapi.yaml", "old/swagger.json"], "openapi.yaml", ("old/swagger.json",)),
        (["openapi.yaml", "tests/other.yaml"], "openapi.yaml", ("tests/other.yaml",)),
        (["tests/other.yaml"], "", ("tests/other.yaml",)),
        (["a/b/openapi.yaml"], "", ("a/b/openapi.yaml",)),
        (["node_modules/x/openapi.yaml"], "", ()),
    ],
)
def test_the_highest_is_meant(tmp_path: Path, names: list[str], taken: str, others: tuple[str, ...]) -> None:
    assert plain_source(holding(tmp_path, *names)) == (taken, others)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["crm.yaml", "shop.yaml"], "crm.yaml, shop.yaml; name"),
        (["docs/a.md", "docs/b.md", "api/shop.yaml"], "docs, api/shop.yaml; name"),
        ([f"{number:02}.yaml" for number in range(12)], "09.yaml and 2 more; name"),
    ],
)
def test_several_are_named(tmp_path: Path, names: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        plain_source(holding(tmp_path, *names))
    assert message in str(raised.value)


CALLS = "GET https://a.test/boats\n"


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ({"calls.http": CALLS}, "calls.http"),
        ({"calls/a.http": CALLS, "calls/b.rest": CALLS}, "calls"),
        ({"calls.http": CALLS, "openapi.yaml": DOCUMENT}, "openapi.yaml"),
        ({"docs/index.rst": "Boats\n=====\n\n.. http:get:: /boats\n"}, "docs/index.rst"),
        ({"docs/index.rst": "Words\n=====\n", "docs/a.adoc": "= Words\n", "package.json": "{}"}, ""),
        ({"a.graphql": "type A { a: Int }"}, ""),
    ],
)
def test_other_formats_are_taken_where_there_is_nothing_else(tmp_path: Path, files: dict[str, str], taken: str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert plain_source(tmp_path)[0] == taken
