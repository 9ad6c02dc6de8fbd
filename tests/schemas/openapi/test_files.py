"""References of a document lead to files below its folder, and to nothing else unless more is allowed."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docdouble.schemas import Validator, extract
from docdouble.schemas.extraction import DEFAULT_ACCESS, Access
from docdouble.schemas.lint import lint
from docdouble.schemas.openapi.files import local_path

API = """\
openapi: 3.1.0
info: {title: a, version: '1'}
paths:
  /book:
    get:
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: 'REF'}}}}
"""
BOOK = "Book:\n  type: object\n  properties:\n    title: {type: string, minLength: 2}\n"


def read(folder: Path, ref: str, access: Access = DEFAULT_ACCESS) -> tuple[dict[str, object], list[str]]:
    """The named schemas of a document with a reference, and what lint says of it."""
    (folder / "api.yaml").write_text(API.replace("REF", ref))
    extraction = extract(str(folder / "api.yaml"), access=access)
    return dict(extraction.contract.schemas), [problem.message for problem in lint(extraction)]


def test_a_file_below_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "book file.yaml").write_text(BOOK)
    schemas, problems = read(tmp_path, "parts/book%20file.yaml#/Book")
    assert schemas == {"Book": {"type": "object", "properties": {"title": {"type": "string", "minLength": 2}}}}
    assert problems == []


@pytest.mark.parametrize("how", ["..", "absolute", "link"])
def test_a_file_elsewhere_is_not_read(tmp_path: Path, how: str) -> None:
    (tmp_path / "secret.yaml").write_text(BOOK)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    ref = {"..": "../secret.yaml", "absolute": (tmp_path / "secret.yaml").as_uri(), "link": "link.yaml"}[how]
    schemas, problems = read(docs, f"{ref}#/Book")
    assert schemas == {}
    assert any(
        "outside the folder of the document; --allow-references names more folders" in problem for problem in problems
    )
    schemas, problems = read(docs, f"{ref}#/Book", Access(references=(str(tmp_path),)))
    assert (list(schemas), problems) == (["Book"], [])


def test_a_url_is_not_read(tmp_path: Path) -> None:
    schemas, problems = read(tmp_path, "http://169.254.169.254/latest#/Book")
    assert schemas == {}
    assert any("is outside the host of the document" in problem for problem in problems)


@pytest.mark.parametrize("ref", ["'a\\0b'", "'http://[/x'", "'http://a:b@c/x?apikey=s3cret'", f"{'a' * 300}.yaml"])
def test_what_can_be_no_file_is_a_broken_reference(tmp_path: Path, ref: str) -> None:
    schemas, problems = read(tmp_path, ref.replace("'", "").replace("\\0", "%00"))
    assert schemas == {}
    assert len(problems) >= 1
    assert not any("s3cret" in problem or "a:b@" in problem for problem in problems)


def test_the_name_of_a_folder_may_be_no_text(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"d\xff")
    folder.mkdir()
    (folder / "book.yaml").write_text(BOOK)
    schemas, problems = read(folder, "book.yaml#/Book")
    assert (list(schemas), problems) == (["Book"], [])


def test_a_file_that_is_not_there_is_reported_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(BOOK)
    _, problems = read(tmp_path, "bok.yaml#/Book")
    assert any("there is no file bok.yaml; did you mean 'book.yaml'?" in problem for problem in problems)


@pytest.mark.parametrize(
    "make", [Path.mkdir, getattr(os, "mkfifo", Path.mkdir), lambda path: path.symlink_to(os.devnull)]
)
def test_a_pipe_a_folder_or_a_device_is_never_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "book.yaml")
    access = Access(references=(os.path.dirname(os.devnull),))
    schemas, problems = read(tmp_path, "book.yaml#/Book", access)
    assert schemas == {}
    assert any("is no regular file" in problem for problem in problems)


def test_a_violation_has_the_line_of_the_keyword_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(BOOK)
    (tmp_path / "api.yaml").write_text(API.replace("REF", "book.yaml#/Book"))
    contract = extract(str(tmp_path / "api.yaml")).contract
    (violation,) = Validator({"$ref": "#/components/schemas/Book"}, contract).violations({"title": "x"})
    assert str(violation.evidence) == "book.yaml:4"


def test_a_folder_with_one_document_is_that_document(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(BOOK)
    (tmp_path / "api.yaml").write_text(API.replace("REF", "book.yaml#/Book"))
    assert [operation.path for operation in extract(str(tmp_path)).contract.operations] == ["/book"]


@pytest.mark.parametrize(
    ("url", "system", "path"),
    [
        ("file:///srv/a%20b/openapi.yaml", "posix", "/srv/a b/openapi.yaml"),
        ("file:///C:/a%20b/openapi.yaml", "nt", "C:/a b/openapi.yaml"),
        ("file:///C:/openapi.yaml", "posix", "/C:/openapi.yaml"),
        ("file://server/share/openapi.yaml", "nt", "//server/share/openapi.yaml"),
        ("file:///share/openapi.yaml", "nt", "/share/openapi.yaml"),
    ],
)
def test_the_path_of_a_url_is_that_of_the_system(url: str, system: str, path: str) -> None:
    assert local_path(urlsplit(url), system) == path
