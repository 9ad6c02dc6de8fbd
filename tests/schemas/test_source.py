import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from docdouble.schemas import ConfigError, DocdoubleError, PageError, extract, shipped
from docdouble.schemas import source as source_module
from docdouble.schemas.contract.base_paths import base_paths
from docdouble.schemas.openapi import files as files_module
from docdouble.schemas.source import split_name

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "library", "version": "1"},
    "paths": {"/book": {"get": {"operationId": "getBook", "responses": {"200": {"description": "2024-01-01"}}}}},
}
YAML = """\
openapi: 3.1.0
info: {title: library, version: "1"}
paths:
  /book:
    get:
      operationId: getBook
      responses:
        200: {description: 2024-01-01}
"""
PAGE = "# {0}\n\n```http\nGET /{0}\n```\n"


def write(folder: Path, **files: str) -> str:
    """Write files, ``a__b`` standing for ``a/b``, and return the folder as a source."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return str(folder)


def failure(source: str | Path) -> str:
    with pytest.raises(DocdoubleError) as caught:
        extract(str(source))
    return str(caught.value)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one shipped contract, ``library``, in an empty working folder."""
    (tmp_path / "shipped" / "library").mkdir(parents=True)
    (tmp_path / "shipped" / "library" / "contract.json").write_bytes(orjson.dumps(DOCUMENT))
    (tmp_path / "work").mkdir()
    monkeypatch.setattr(source_module, "_SHIPPED", tmp_path / "shipped")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def test_a_page_is_a_source(tmp_path: Path) -> None:
    write(tmp_path, book=PAGE.format("book"))
    extraction = extract(str(tmp_path / "book.md"))
    assert [operation.id for operation in extraction.contract.operations] == ["book"]
    assert (extraction.failures, extraction.skipped) == ((), ())


def test_a_folder_is_read_to_its_depth_and_nothing_in_it_vanishes(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        index="# Books\n",
        b__loan="---\n- loan\n---\n" + PAGE.format("loan/{"),
        b__book=PAGE.format("book"),
        a__member=PAGE.format("member") + "\n## Response body: ???\n",
    )
    (tmp_path / "b" / "notes.txt").write_text("no page")
    extraction = extract(source)
    assert [operation.path for operation in extraction.contract.operations] == ["/book", "/member"]
    assert extraction.skipped == ("index.md",)
    assert [str(failure) for failure in extraction.failures] == [
        "b/loan.md:7: the path '/loan/{' has a brace that opens or ends no name"
    ]
    assert [str(contradiction) for contradiction in extraction.contradictions] == [
        "a/member.md:7: type '???' of the response body means nothing [unreadable-type]"
    ]


def test_an_operation_that_two_pages_describe_is_read_once(tmp_path: Path) -> None:
    source = write(tmp_path, a=PAGE.format("book"), b=PAGE.format("book"))
    extraction = extract(source)
    assert [operation.id for operation in extraction.contract.operations] == ["a"]
    assert [str(failure) for failure in extraction.failures] == [
        "b.md:4: the operation 'GET /book' is already described in a.md:4"
    ]


def test_pages_that_are_called_alike_describe_operations_with_ids_of_their_own(tmp_path: Path) -> None:
    table = "\n## Response body: object\n\n| Property Name | Type | Description |\n|---|---|---|\n| {0} | int32 | |\n"
    pages = {f"{at}__get": PAGE.format(at) + table.format(at) for at in ("a", "b", "c")}
    source = write(tmp_path, **pages, a_get=PAGE.format("d"), get=PAGE.format("e"))
    (tmp_path / "get.mdx").write_text(PAGE.format("f"))
    extraction = extract(source)
    assert extraction.failures == ()
    assert {
        operation.path: (operation.id, str(operation.evidence)) for operation in extraction.contract.operations
    } == {
        "/a": ("get", "a/get.md:4"),
        "/b": ("b_get", "b/get.md:4"),
        "/c": ("c_get", "c/get.md:4"),
        "/d": ("a_get", "a_get.md:4"),
        "/e": ("get_2", "get.md:4"),
        "/f": ("get_3", "get.mdx:4"),
    }
    assert {"get_response", "b_get_response", "c_get_response"} <= extraction.contract.schemas.keys()


def test_pages_of_any_family_that_are_called_alike_are_all_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name, line in (("a.md", "GET /boats"), ("a.mdx", "DELETE /boats/{id}"), ("a/a.md", "GET /boats/{id}")):
        (tmp_path / name).write_text(f"---\nid: same\n---\n# Boats\n\n`{line}`\n")
    extraction = extract(str(tmp_path))
    assert (extraction.failures, extraction.skipped) == ((), ())
    assert {operation.label: str(operation.evidence) for operation in extraction.contract.operations} == {
        "GET /boats": "a.md:6",
        "DELETE /boats/{id}": "a.mdx:6",
        "GET /boats/{id}": "a/a.md:6",
    }
    assert len({operation.id for operation in extraction.contract.operations}) == 3


def test_a_folder_without_an_operation_is_an_error(tmp_path: Path) -> None:
    source = write(tmp_path, index="# Books\n", broken="---\na: [\n---\n", curl="```sh\ncurl https://a.test/b\n```\n")
    message = failure(source)
    assert message.startswith(f"{source}: no operation found: 3 pages without an operation, 0 that can't be read. ")
    assert "seen: 1 curl commands (GET https://a.test/b, curl.md:2)" in message
    assert f"`docdouble dialect guess {source}`" in message


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert failure(tmp_path).startswith(f"{tmp_path}: there is no documentation: neither an OpenAPI file nor a page ")


@pytest.mark.parametrize("name", ["api.json", "api.yaml", "API.YML"])
def test_an_openapi_file_is_a_source(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(orjson.dumps(DOCUMENT) if name.endswith("json") else YAML.encode())
    (operation,) = extract(str(tmp_path / name)).contract.operations
    assert (operation.id, operation.responses[0].status, operation.responses[0].description) == (
        "getBook",
        "200",
        "2024-01-01",
    )


def test_a_byte_order_mark_is_no_part_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_bytes(b"\xef\xbb\xbf" + orjson.dumps(DOCUMENT))
    assert extract(str(path)).contract.title == "library"


def test_a_shipped_contract_is_a_source(shelf: Path) -> None:
    assert shipped() == ("library",)
    assert extract("library").contract.title == "library"


def test_a_file_or_folder_comes_before_a_shipped_contract(shelf: Path) -> None:
    write(shelf / "work" / "library", book=PAGE.format("book"))
    assert extract("library").contract.title == "superoffice"


def test_an_unknown_source_is_an_error_with_the_nearest_name(shelf: Path) -> None:
    expected = "there: no file, folder or shipped contract has this name"
    assert failure("libary") == f"source: 'libary' is not {expected}; did you mean 'library'?"
    assert failure("zzz.md") == f"source: 'zzz.md' is not {expected}; expected one of library"
    assert failure("") == f"source: '' is not {expected}; expected one of library"


@pytest.mark.parametrize("source", ["a" * 5000, "a\0b", "no\nfile"])
def test_a_name_that_no_file_can_have_is_an_unknown_source(source: str) -> None:
    with pytest.raises(ConfigError):
        extract(source)


def test_a_page_without_an_operation_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, book="# Books\n")
    assert "book.md: no operation found: 1 pages without an operation" in failure(tmp_path / "book.md")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", b"[]", "a.json#: neither an OpenAPI nor a Swagger document"),
        ("a.json", b'{"swagger": "1.2"}', "a.json#: version '1.2' is neither OpenAPI 3.x nor Swagger 2.0"),
        ("a.json", b'{"openapi": "3.1.0", "info": {}}', "a.json#/paths: missing"),
        ("a.json", b"{\n\xff}", "a.json:2: byte 0xff is no UTF-8 text"),
        ("a.json", b"{\n\n\0}", "a.json:3: a NUL byte: this is no text"),
        ("a.yaml", b"", "a.yaml#: neither an OpenAPI nor a Swagger document"),
        ("a.yaml", b"a: 1\nb: [\n", "a.yaml:3: not valid YAML: did not find expected node content"),
        ("a.yaml", b"a: &x [*x]\n", "a.yaml:1: YAML that is not supported: an alias stands inside its own anchor"),
        (
            "a.yaml",
            b"a: 1\nb: !!python/object:os.system x\n",
            "a.yaml:2: YAML that is not supported: the tag !!python/object:os.system",
        ),
        ("a.yaml", b"a: !!binary x\n", "a.yaml:1: YAML that is not supported: the tag !!binary"),
        (
            "a.yaml",
            b"{a: 1}\n---\n{b: 1}\n",
            "a.yaml:2: YAML that is not supported: a second document begins here, and one file holds one",
        ),
        ("a.yaml", b"{[a]: 1}\n", "a.yaml:1: YAML that is not supported: a name that is not a text"),
        ("a.yaml", b"[" * 500 + b"]" * 500, "a.yaml: YAML that is not supported: nested too deep"),
        (
            "a.yaml",
            b"a: \x01",
            "a.yaml: not valid YAML: unacceptable character #x0001: control characters are not allowed",
        ),
    ],
)
def test_a_document_that_cannot_be_read_is_an_error(tmp_path: Path, name: str, text: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(text)
    assert failure(tmp_path / name) == message


@pytest.mark.parametrize(("text", "line"), [(b'{"a": 1,\n\n"b": }', 3), (b"", 1), (b"[" * 3000, 1), (b"[NaN]", 1)])
def test_what_is_no_json_is_named_with_its_line(tmp_path: Path, text: bytes, line: int) -> None:
    (tmp_path / "a.json").write_bytes(text)
    assert failure(tmp_path / "a.json").startswith(f"a.json:{line}: no JSON: ")


def test_a_number_too_long_to_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: " + "1" * 5000)
    assert failure(tmp_path / "a.yaml").startswith(
        "a.yaml: YAML that is not supported: Exceeds the limit (4300 digits)"
    )


def test_names_and_dates_in_yaml_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        YAML + "components: {schemas: {A: {properties: {on: {const: 2024-01-01}, 1: {}}}}}"
    )
    schemas = extract(str(tmp_path / "a.yaml")).contract.schemas
    assert schemas == {"A": {"properties": {"on": {"const": "2024-01-01"}, "1": {}}}}


def test_a_document_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "MAX_DOCUMENT_BYTES", 2**20)
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(2**20 + 1)
    assert failure(tmp_path / "a.json") == "a.json: larger than 1 MiB, the most that is read of one file"


def test_a_file_that_vanishes_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "none.md")
    write(tmp_path, book=PAGE.format("book"))
    assert [str(failure) for failure in extract(str(tmp_path)).failures] == ["a.md: No such file or directory"]


def test_a_page_error_keeps_its_place(tmp_path: Path) -> None:
    write(tmp_path, a=PAGE.format("book/{"))
    with pytest.raises(PageError) as caught:
        extract(str(tmp_path / "a.md"))
    assert (caught.value.path, caught.value.line) == ("a.md", 4)


def test_a_named_source_stands_below_its_name(tmp_path: Path) -> None:
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "/v1"}]}
    path = tmp_path / "shop.json"
    path.write_text(json.dumps({**document, "paths": {"/a": {"get": {"responses": {}}}}}))
    other = tmp_path / "crm.json"
    other.write_text(json.dumps({**document, "paths": {"/a": {"get": {"responses": {}}}}}))
    united = extract([f"shop={path}", f"crm={other}"]).contract
    assert [operation.path for operation in united.operations] == ["/shop/v1/a", "/crm/v1/a"]
    assert base_paths(united.servers) == ("",)


def test_a_file_with_an_equals_sign_in_its_name_is_no_named_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a=b.json").touch()
    assert split_name("a=b.json") == ("", "a=b.json")
    assert split_name("a=c.json") == ("a", "c.json")
    assert split_name("https://x.example/?a=b") == ("", "https://x.example/?a=b")


def test_a_misspelled_file_is_named_as_it_is_beside_it(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "shop.txt").write_text("", encoding="utf-8")
    assert failure(tmp_path / "shopp.yaml").endswith(f"has this name; did you mean '{tmp_path / 'shop.yaml'}'?")


def test_a_readme_makes_no_folder_of_pages_of_one_with_a_document(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Library\n", encoding="utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "book.md").write_text(PAGE.format("book"), encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text(YAML, encoding="utf-8")
    assert extract(str(tmp_path)).contract.operations[0].id == "getBook"
    (tmp_path / "book.md").write_text(PAGE.format("book"), encoding="utf-8")
    assert extract(str(tmp_path)).contract.title == "superoffice"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "api.example.com/openapi.json",
            "'api.example.com/openapi.json' is not a file or a folder that is there; a URL is written with its scheme: "
            "https://api.example.com/openapi.json",
        ),
        (
            "localhost:8000/openapi.json",
            "'localhost:8000/openapi.json' is not a file or a folder that is there; a URL is written with its scheme: "
            "https://localhost:8000/openapi.json",
        ),
        (
            "ftp://example.com/openapi.json",
            "'ftp://example.com/openapi.json' is not a URL that is read: only http:// and https:// are",
        ),
        ("file:///openapi.json", "'file:///openapi.json' is not a URL that is read: only http:// and https:// are"),
        ("dosc/api/openapi.yaml", "'dosc/api/openapi.yaml' is not there: no folder dosc; did you mean 'docs'?"),
        ("8080", "'8080' is not there: no file has this name; a port is named by --port 8080"),
        ("xyz/openapi.yaml", "'xyz/openapi.yaml' is not there: no folder xyz"),
        (
            "opnapi.yaml",
            "'opnapi.yaml' is not there: no file, folder or shipped contract has this name; "
            "did you mean 'openapi.yaml'?",
        ),
    ],
)
def test_a_source_that_is_not_there(source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "openapi.yaml").touch()
    with pytest.raises(ConfigError) as caught:
        extract(source)
    assert str(caught.value) == f"source: {message}"


def test_restructured_text_without_httpdomain_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "boats.rst").write_text("Boats\n=====\n\n.. autofunction:: harbour.boats\n", encoding="utf-8")
    assert "are read as the HTML that `sphinx-build -b html` makes of them" in failure(tmp_path)
