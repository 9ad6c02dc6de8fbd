"""Text that stands in another file, and is read as if it stood on the page."""

from pathlib import Path

import pytest

from docdouble.schemas import Evidence, Extraction, Grade, PageError, extract
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.pages import includes as includes_module
from docdouble.schemas.pages.includes import expand
from docdouble.schemas.pages.page_includes import DialectIncluding

assert SUPEROFFICE.include
INCLUDE = SUPEROFFICE.include
OPERATION = "```http\nGET /{0}\n```\n"
TABLE = "| Property Name | Type | Description |\n|---|---|---|\n| Id | int32 | |\n"
SAMPLE = '```http_\nHTTP/1.1 200 OK\n\n{\n"Id": 1,\n"Extra": true\n}\n```\n'


def include(path: str) -> str:
    return f"[!include[some title]({path})]\n"


BOOK = OPERATION.format("book") + "## Response body: Book\n" + TABLE + include("parts/sample.md")


def write(folder: Path, **files: str) -> Path:
    """Write files, ``a__b`` standing for ``a/b``, with their line endings as they are, and return the folder."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def broken(extraction: Extraction) -> list[str]:
    return [str(contradiction) for contradiction in extraction.contradictions if contradiction.rule == "broken-include"]


def test_what_is_read_from_another_file_is_reported_with_its_file_and_line(tmp_path: Path) -> None:
    extraction = extract(str(write(tmp_path, book=BOOK, parts__sample=SAMPLE)))
    properties = extraction.contract.schemas["Book"]["properties"]
    assert [evidence_of(properties[name]) for name in ("Id", "Extra")] == [
        Evidence(Grade.STATED, "book.md", 7),
        Evidence(Grade.SAMPLED, "parts/sample.md", 6),
    ]
    assert [str(contradiction) for contradiction in extraction.contradictions] == [
        "parts/sample.md:6: the sample's Extra is in no table [not-in-table]"
    ]
    assert extraction.skipped == ("parts/sample.md",)


def test_what_follows_an_include_keeps_its_own_line(tmp_path: Path) -> None:
    text = OPERATION.format("book") + include("parts/sample.md") + "## Response body: Book\n" + TABLE
    extraction = extract(str(write(tmp_path, book=text, parts__sample=SAMPLE)))
    assert evidence_of(extraction.contract.schemas["Book"]["properties"]["Id"]) == Evidence(Grade.STATED, "book.md", 8)


def test_a_page_alone_is_expanded_from_its_own_folder(tmp_path: Path) -> None:
    write(tmp_path, book=BOOK, parts__sample=SAMPLE)
    (media_type,) = extract(str(tmp_path / "book.md")).contract.operations[0].responses[0].media_types
    assert media_type.samples == ({"Id": 1, "Extra": True},)


def test_the_request_line_may_stand_in_another_file(tmp_path: Path) -> None:
    text = "# Book\n" + include("parts/call.md")
    extraction = extract(str(write(tmp_path, book=text, parts__call="\n" + OPERATION.format("book"))))
    # The part is a page of its own as well, and of two pages with one operation the first is read.
    assert [(operation.id, operation.evidence) for operation in extraction.contract.operations] == [
        ("book", Evidence(Grade.STATED, "parts/call.md", 3))
    ]


def test_an_included_file_includes_relative_to_itself(tmp_path: Path) -> None:
    write(tmp_path, book=BOOK, parts__sample=include("deep/real.md"), parts__deep__real=SAMPLE)
    extra = extract(str(tmp_path)).contract.schemas["Book"]["properties"]["Extra"]
    assert evidence_of(extra) == Evidence(Grade.SAMPLED, "parts/deep/real.md", 6)


def test_a_file_above_the_page_is_included_while_it_is_inside_the_folder(tmp_path: Path) -> None:
    text = BOOK.replace("parts/", "../parts/")
    book = extract(str(write(tmp_path, deep__book=text, parts__sample=SAMPLE))).contract.schemas["Book"]
    assert evidence_of(book["properties"]["Extra"]) == Evidence(Grade.SAMPLED, "parts/sample.md", 6)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.md", "the include 'none.md' names no Markdown file"),
        ("parts", "the include 'parts' names no Markdown file"),
        ("key.pem", "the include 'key.pem' names no Markdown file"),
        ("../outside.md", "the include '../outside.md' leaves the folder that is read"),
        ("parts/../../outside.md", "the include 'parts/../../outside.md' leaves the folder that is read"),
        ("/etc/hostname", "the include '/etc/hostname' leaves the folder that is read"),
        ("link.md", "the include 'link.md' leaves the folder that is read"),
        ("book.md", "the include 'book.md' includes itself"),
        ("./parts/../book.md", "the include './parts/../book.md' includes itself"),
    ],
)
def test_an_include_that_cannot_be_followed_is_reported_and_the_rest_is_read(
    tmp_path: Path, path: str, message: str
) -> None:
    folder = write(tmp_path / "docs", book=BOOK.replace("parts/sample.md", path), parts__sample=SAMPLE)
    write(tmp_path, outside=SAMPLE)
    (folder / "key.pem").write_text(SAMPLE)
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    extraction = extract(str(folder))
    assert broken(extraction) == [f"book.md:8: {message} [broken-include]"]
    assert list(extraction.contract.schemas["Book"]["properties"]) == ["Id"]


def test_files_that_include_each_other_are_reported_where_the_circle_closes(tmp_path: Path) -> None:
    write(tmp_path, book=BOOK, parts__sample="\n" + include("other.md"), parts__other=include("sample.md") + SAMPLE)
    extraction = extract(str(tmp_path))
    assert broken(extraction) == ["parts/other.md:1: the include 'sample.md' includes itself [broken-include]"]
    assert "Extra" in extraction.contract.schemas["Book"]["properties"]


def test_a_file_may_be_included_twice(tmp_path: Path) -> None:
    text = OPERATION.format("book") + include("a.md") + include("a.md")
    assert broken(extract(str(write(tmp_path, book=text, a="some text\n")))) == []


def test_includes_end_at_a_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(includes_module, "MAX_NESTED", 2)
    write(tmp_path, book=BOOK, parts__sample=include("b.md"), parts__b=include("c.md"), parts__c=SAMPLE)
    assert broken(extract(str(tmp_path))) == [
        "parts/b.md:1: the include 'c.md' nests too deep or grows too long [broken-include]"
    ]


def test_includes_end_at_a_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(includes_module, "MAX_LINES", 10)
    text = OPERATION.format("book") + include("a.md") + include("a.md")
    assert broken(extract(str(write(tmp_path, book=text, a="some text\n\n" * 10)))) == [
        "book.md:5: the include 'a.md' nests too deep or grows too long [broken-include]"
    ]


def test_an_included_file_that_is_no_text_is_reported(tmp_path: Path) -> None:
    write(tmp_path, book=BOOK)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "sample.md").write_bytes(b"\xff")
    assert broken(extract(str(tmp_path))) == ["book.md:8: byte 0xff is no UTF-8 text [broken-include]"]


def test_an_include_on_a_page_without_an_operation_is_nobodys_fault(tmp_path: Path) -> None:
    write(tmp_path, index="# Books\n" + include("none.md"), book=OPERATION.format("book"))
    extraction = extract(str(tmp_path))
    assert (extraction.skipped, extraction.contradictions, extraction.failures) == (("index.md",), (), ())


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_make_no_difference(tmp_path: Path, ending: str) -> None:
    plain = write(tmp_path / "plain", book=BOOK, parts__sample=SAMPLE)
    other = write(tmp_path / "other", book=BOOK.replace("\n", ending), parts__sample=SAMPLE.replace("\n", ending))
    assert extract(str(other)) == extract(str(plain))


def test_a_fault_in_an_included_file_is_reported_there(tmp_path: Path) -> None:
    write(tmp_path, book=include("call.md"), call="\n\n" + OPERATION.format("book/{id"))
    with pytest.raises(PageError) as caught:
        extract(str(tmp_path / "book.md"))
    assert str(caught.value) == "call.md:4: the path '/book/{id' has a brace that opens or ends no name"


@pytest.mark.parametrize(
    "line",
    ["[!include[a](b.md)]", "  [!INCLUDE [a b](b.md)]  ", '[!include[](b.md "a title")]', "[!Include[a](./b.md)]"],
)
def test_an_include_is_written_in_many_ways(tmp_path: Path, line: str) -> None:
    write(tmp_path, b="other")
    expanded = expand(f"one\n{line}\nend", tmp_path / "a.md", "a.md", DialectIncluding(tmp_path, INCLUDE))
    assert (expanded.text, expanded.places) == ("one\nother\nend", [("a.md", 1), ("b.md", 1), ("a.md", 3)])


@pytest.mark.parametrize("line", ["see [!include[a](b.md)]", "[include[a](b.md)]", "[!include[a]]", "[!note[a](b.md)]"])
def test_what_is_no_include_is_left_alone(tmp_path: Path, line: str) -> None:
    expanded = expand(line, tmp_path / "a.md", "a.md", DialectIncluding(tmp_path, INCLUDE))
    assert (expanded.lines, expanded.broken) == ([line], [])


def test_includes_are_counted_whether_they_exist_or_not(tmp_path: Path) -> None:
    pages = write(tmp_path, book=BOOK + include("parts/none.md") * includes_module.MAX_INCLUDES)
    with pytest.raises(PageError, match=r"includes of more than 1,000 files or 16 MiB"):
        extract(str(pages / "book.md"))


def test_includes_that_include_others_are_counted(tmp_path: Path) -> None:
    levels = {f"level{level}": include(f"level{level + 1}.md") * 10 for level in range(5)}
    pages = write(tmp_path, book=BOOK + include("level0.md"), **levels, level5="text")
    with pytest.raises(PageError, match=r"includes of more than 1,000 files"):
        extract(str(pages / "book.md"))


def test_the_octets_of_includes_are_counted(tmp_path: Path) -> None:
    pages = write(tmp_path, book=BOOK + include("large.md") * 5, large="x" * 5 * 2**20)
    with pytest.raises(PageError, match=r"16 MiB"):
        extract(str(pages / "book.md"))
