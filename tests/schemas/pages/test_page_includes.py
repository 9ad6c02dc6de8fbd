"""Pages of any family that are made of several files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.dialect import check_command
from docdouble.schemas import Extraction
from docdouble.schemas.pages.documents import MAX_SAMPLE
from docdouble.schemas.pages.family_check import check_family

from .family_pages import read_pages

CALL = "# Boats\n\n`GET /boats/{id}`\n\n"
TABLE = "\n### Response\n\n| Name | Type |\n|---|---|\n| id | integer |\n| sail | string |\n"
OTHER = "# Ports\n\n`GET /ports/{id}`\n\n### Response\n\n| Name | Type |\n|---|---|\n| id | integer |\n"


def read(folder: Path, **files: str) -> Extraction:
    """Read two pages and the files that the first one includes."""
    return read_pages(folder, ports=OTHER, **files)


def sail(extraction: Extraction) -> str:
    """Return where the field that is only on the included file was read."""
    evidence = [
        schema["properties"]["sail"]["x-docdouble-evidence"]
        for schema in extraction.contract.schemas.values()
        if "sail" in schema.get("properties", {})
    ]
    return f"{evidence[0]['page']}:{evidence[0]['line']}" if evidence else ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("{% include 'fields.md' %}", "_includes__fields_md"),
        ('{%- include fields.md title="Fields" -%}', "_includes__fields_md"),
        ("{% include_relative parts/fields.md %}", "parts__fields_md"),
        ('--8<-- "fields.md"', "fields_md"),
        ("--8<-- 'parts/fields.md'", "parts__fields_md"),
        ("<!--@include: ./parts/fields.md-->", "parts__fields_md"),
        ("<!-- @include: @/parts/fields.md -->", "parts__fields_md"),
        ("[!INCLUDE [fields](parts/fields.md)]", "parts__fields_md"),
        ("[!INCLUDE [fields](~/parts/fields.md)]", "parts__fields_md"),
        ("@include 'fields.md'", "partials__fields_md"),
        ("import Fields from './_fields.mdx'\n\n<Fields />", "_fields.mdx"),
        ('import Fields from "/snippets/fields.mdx";\n\n<Fields of="a boat" />', "snippets__fields.mdx"),
        ("import Fields from '@site/docs/_fields.mdx'\n\n<Fields/>", "_fields.mdx"),
    ],
)
def test_what_a_page_includes_is_read_in_its_place(tmp_path: Path, line: str, name: str) -> None:
    extraction = read(tmp_path, boats=f"{CALL}{line}\n", **{name: TABLE})
    assert sail(extraction) == name.replace("__", "/").replace("_md", ".md") + ":7"
    assert (extraction.skipped, extraction.contradictions) == ((), ())


def test_pages_that_slate_lists_stand_behind_the_page(tmp_path: Path) -> None:
    text = f"---\ntitle: Boats\nincludes:\n  - fields\n  - v1/errors\nsearch: true\n---\n\n{CALL}"
    files = {"includes___fields_md": TABLE, "includes__v1___errors_md": "# Errors\n\nThere are some.\n"}
    extraction = read(tmp_path, boats=text, **files)
    assert sail(extraction) == "includes/_fields.md:7"
    assert (extraction.skipped, extraction.contradictions) == ((), ())


def test_lines_below_an_include_and_in_a_part_with_front_matter_are_right(tmp_path: Path) -> None:
    part = "---\napi: DELETE /boats/{id}\n---\nA note.\n\n"
    extraction = read(tmp_path, boats=f"{CALL}{{% include note.md %}}\n{TABLE}", _includes__note=part)
    assert sail(extraction) == "boats.md:12"
    assert extraction.skipped == ()
    assert extraction.contract.operation("GET /boats/{id}").description == "A note."


def test_the_nearest_folder_of_parts_counts(tmp_path: Path) -> None:
    files = {"v2___includes__fields_md": TABLE, "_includes__fields_md": "# Other\n"}
    extraction = read(tmp_path, v2__boats=f"{CALL}{{% include fields.md %}}\n", **files)
    assert sail(extraction) == "v2/_includes/fields.md:7"
    assert extraction.skipped == ("_includes/fields.md",)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("{% include fields.md %}", "fields.md"),
        ("<!--@include: ../../fields.md-->", "../../fields.md"),
        ("import Fields from '/nowhere/fields.mdx'\n<Fields />", "/nowhere/fields.mdx"),
        ("import Fields from '/etc/fields.mdx'\n<Fields />", "/etc/fields.mdx"),
    ],
)
def test_a_part_that_is_missing_or_outside_is_named(tmp_path: Path, line: str, name: str) -> None:
    folder = tmp_path / "deep" / "docs"
    (tmp_path / "deep").mkdir()
    (tmp_path / "fields.md").write_text(TABLE)
    extraction = read(folder, boats=f"{CALL}{line}\n")
    place = 5 + line.count("\n")
    (problem,) = extraction.contradictions
    assert (problem.rule, problem.page, problem.line) == ("missing-include", "boats.md", place)
    assert repr(name) in problem.message
    assert len(extraction.contract.operations) == 2
    (named,) = check_family(folder).includes
    assert (named.page, named.line) == ("boats.md", place)
    printed = CliRunner().invoke(check_command, [str(folder)]).output
    assert "includes that can't be followed: 1\n  the include" in printed


@pytest.mark.parametrize(
    "line",
    [
        "{% include copy.html %}",
        "See {% include fields.md %} here.",
        "import { Fields } from './fields.mdx'",
        "import Fields from './fields.js'\n\n<Fields />",
        "<Fields />",
        "We include fields.md.",
    ],
)
def test_other_lines_include_nothing(tmp_path: Path, line: str) -> None:
    extraction = read(tmp_path, boats=f"{CALL}{line}\n", fields=TABLE)
    assert sail(extraction) == ""
    assert extraction.contradictions == ()


def test_a_circle_ends_and_is_an_error(tmp_path: Path) -> None:
    files = {"boats": f"{CALL}--8<-- 'a.md'\n", "a": f"{TABLE}\n--8<-- 'a.md'\n"}
    extraction = read(tmp_path, **files)
    assert [(contradiction.rule, contradiction.page) for contradiction in extraction.contradictions] == [
        ("broken-include", "a.md")
    ]
    assert sail(extraction) == "a.md:7"


def test_the_check_tells_lines_of_parts(tmp_path: Path) -> None:
    table = "\n### Others\n\n| Colour | Wood |\n|---|---|\n| red | oak |\n"
    read(tmp_path, boats=f"{CALL}{{% include fields.md %}}\n", _includes__fields=table)
    (header,) = check_family(tmp_path).headers
    assert (header.what, header.page, header.line) == ("Colour | Wood", "_includes/fields.md", 4)


def test_what_makes_a_page_unreadable_is_named_where_it_stands(tmp_path: Path) -> None:
    sample = "Text.\n\n```json\n" + "1" * (MAX_SAMPLE + 1) + "\n```\n"
    extraction = read(tmp_path, boats=f"{CALL}{{% include sample.md %}}\n", _includes__sample=sample)
    text = "_includes/sample.md:4: a sample of more than 1,000,000 characters"
    assert {str(failure) for failure in extraction.failures} == {text}
