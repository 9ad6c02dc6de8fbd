"""Every rule finds what it is for, and nothing in documentation that agrees with itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import ConfigError, extract
from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.lint import lint
from docdouble.schemas.lint.against_openapi import compare_with_document
from docdouble.schemas.lint.lint_rules import RULES, check_rules

CONSISTENT = """\
# POST Desk/Lend

```http
POST /api/v1/Desk/{desk}/Lend
```

Hands a book to a member.

| Path Part | Type | Description |
|---|---|---|
| desk | int32 | Number of the desk **Required** |

| Parameter Name | Description |
|---|---|
| Authorization | Supports 'Basic' only |
| Content-Type | `application/json` |
| Accept | `application/json` |

## Request Body: request

BookId, MemberId

| Property Name | Type | Description |
|---|---|---|
| BookId | int32 | |
| MemberId | int32 | |

## Response:

| Response | Description |
|---|---|
| 200 | OK |

### Response body: Loan

| Property Name | Type | Description |
|---|---|---|
| LoanId | int32 | |
| Due | date-time | |
| Books | array | |

```http!
POST /api/v1/Desk/1/Lend

{"BookId": 1, "MemberId": 2}
```

```http_
HTTP/1.1 200 OK

{"LoanId": 3, "Due": "2024-06-01T12:00:00Z", "Books": [{"Title": "some title"}]}
```
"""
ANSWER = """\
```http
GET /book
```
## Response body: {name}
| Property Name | Type | Description |
|---|---|---|
{rows}
```http_
HTTP/1.1 200 OK

{sample}
```
"""


def answer(sample: str, *rows: str, name: str = "") -> str:
    """A page whose heading is on line 4, and whose rows start on line 7."""
    return ANSWER.format(name=name, sample=sample, rows="\n".join(f"| {row} | |" for row in rows))


def request(*rows: str, more: str = "") -> str:
    """A page whose request line is on line 2, and whose rows start on line 4."""
    return "```http\nPOST /book/{id}\n```\n" + "\n".join(rows) + more


PATH_TABLE = "| Path Part | Type | Description |\n|---|---|---|\n| id | int32 | |\n"


def rules_in(folder: Path, **pages: str) -> list[tuple[str, str, int]]:
    """Lint a folder of pages: rule, page and line of each finding."""
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return [
        (contradiction.rule, contradiction.page, contradiction.line) for contradiction in lint(extract(str(folder)))
    ]


def test_a_consistent_page_is_found_nothing_in(tmp_path: Path) -> None:
    assert rules_in(tmp_path, lend=CONSISTENT) == []


@pytest.mark.parametrize(
    ("rule", "line", "text"),
    [
        ("broken-include", 4, "```http\nGET /book\n```\n[!include[title](nowhere.md)]\n"),
        ("sample-syntax", 11, answer("{", "Id | int32")),
        ("sample-syntax", 5, "```http\nGET /book\n```\n```http_\nHTTP 200\n```\n"),
        ("sample-type", 7, answer('{"Id": "a"}', "Id | int32")),
        ("sample-schema", 8, answer('{"Id": 1, "State": "lost"}', "Id | int32", "State | Enum: lent, free")),
        ("sample-schema", 7, answer('{"Id": 3000000000}', "Id | int32")),
        ("not-in-table", 12, answer('{"Id": 1,\n"Title": "a"}', "Id | int32")),
        ("not-in-sample", 8, answer('{"Id": 1}', "Id | int32", "Title | string")),
        (
            "request-sentence",
            4,
            "```http\nPOST /book\n```\n## Request body: request\n\nId, Title\n\n"
            "| Property Name | Type | Description |\n|---|---|---|\n| Id | int32 | |\n",
        ),
        ("undefined-type", 7, answer('{"Author": null}', "Author | Author")),
        ("unreadable-type", 7, answer('{"Id": 1}', "Id | 32 bits")),
        ("unreadable-type", 4, answer('{"Id": 1}', "Id | int32", name="???")),
        ("unreadable-status", 6, "```http\nGET /book\n```\n| Response | Description |\n|---|---|\n| fine | |\n"),
        ("described-twice", 8, answer('{"Id": 1}', "Id | int32", "ID | int32")),
        ("variable-without-row", 2, request("")),
        ("not-in-path", 7, request(PATH_TABLE, more="| shelf | int32 | |\n")),
        (
            "empty-media-types",
            6,
            "```http\nGET /book\n```\n| Parameter Name | Description |\n|---|---|\n| Accept | what you like |\n"
            "## Response body: string\n",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value in RULES else "",
)
def test_a_rule_finds_the_line(tmp_path: Path, rule: str, line: int, text: str) -> None:
    assert rules_in(tmp_path, book=text) == [(rule, "book.md", line)]


def test_a_page_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    assert rules_in(tmp_path, lend=CONSISTENT, torn="```http\nGET /a/{b\n```\n") == [("unreadable-page", "torn.md", 2)]


def body(name: str, operation: str, *properties: str, cell: str = "") -> str:
    """A page whose heading is on line 7, and whose rows start on line 10."""
    rows = "".join(f"| {name} | string | |\n" for name in properties) + (f"| {cell} | |\n" if cell else "")
    return (
        f"---\nuid: v1Agent_{operation}\n---\n```http\nGET /{operation}\n```\n## Response body: {name}\n"
        f"| Property Name | Type | Description |\n|---|---|---|\n{rows}"
    )


BOOK = ("Title", "Shelf", "Pages", "Isbn")
MEMBER = ("FirstName", "LastName", "Street", "Town")


def test_a_heading_that_names_the_wrong_type_is_a_finding(tmp_path: Path) -> None:
    pages = {"book": body("Book", "GetBook", *BOOK), "member": body("Book", "GetMember", *MEMBER)}
    assert rules_in(tmp_path, **pages) == [("wrong-type-name", "member.md", 7)]


def test_a_cell_with_a_doubtful_name_is_a_finding(tmp_path: Path) -> None:
    pages = {
        "book": body("Book", "GetBook", *BOOK),
        "loan": body("Loan", "GetLoan", "Due", cell="Member | Book"),
        "member": body("Book", "GetMember", *MEMBER),
    }
    assert rules_in(tmp_path, **pages) == [("wrong-type-cell", "loan.md", 11), ("wrong-type-name", "member.md", 7)]


def document(**get: Any) -> dict[str, Any]:
    operation = {"operationId": "getBook", "responses": {"200": {"description": "OK"}}, **get}
    return {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/book": {"get": operation}}}


def test_security_that_is_not_checked_is_a_note(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    schemes = {"securitySchemes": {"Wire": {"type": "mutualTLS"}}}
    path.write_text(json.dumps({**document(security=[{"Wire": []}]), "components": schemes}))
    assert [(contradiction.rule, contradiction.message) for contradiction in lint(extract(str(path)))] == [
        ("unchecked-security", "getBook asks for a client certificate, 'Wire', which the fake does not check")
    ]


@pytest.mark.parametrize(
    ("schemes", "rule"),
    [({"Key": {"type": "http", "scheme": "basic"}}, "undefined-security"), ({}, "no-security-schemes")],
)
def test_security_that_nothing_defines_is_a_finding(tmp_path: Path, schemes: dict[str, Any], rule: str) -> None:
    path = tmp_path / "api.json"
    api = document(security=[{"Card": []}, {"Badge": []}])
    path.write_text(json.dumps({**api, "components": {"securitySchemes": schemes}}))
    assert [(contradiction.rule, contradiction.message) for contradiction in lint(extract(str(path)))] == [
        (rule, "getBook asks for 'Badge', which nothing defines"),
        (rule, "getBook asks for 'Card', which nothing defines"),
    ]


def test_a_reference_to_another_host_is_no_error_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(document(responses={"200": {"$ref": "https://example.com/api.json#/a"}})))
    assert [(contradiction.rule, RULES[contradiction.rule].level) for contradiction in lint(extract(str(path)))] == [
        ("unread-reference", "warning")
    ]


def test_what_reading_reports_is_not_reported_again_as_structure(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps({**document(responses=None), "components": {"schemas": {"Book": None}}}))
    assert [contradiction.rule for contradiction in lint(extract(str(path)))] == ["broken-part", "broken-schema"]


BROKEN = """\
openapi: 3.0.3
info: {title: a, version: '1'}
paths:
  /book:
    get:
      parameters:
      - {name: Accept, in: header, schema: {type: string}}
      - {name: pages, in: cake, schema: {type: integer}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [a, a]
                properties:
                  a: {$ref: '#/components/schemas/Bok'}
                  b: {$ref: '#/components/schemas/Book', maxLength: 3}
components: {schemas: {Book: {type: string}}}
"""


def test_a_broken_part_of_a_document_is_a_finding_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(BROKEN)
    extraction = extract(str(tmp_path / "api.yaml"))
    assert [(contradiction.rule, contradiction.page, contradiction.line) for contradiction in lint(extraction)] == [
        ("ignored-header", "api.yaml", 6),
        ("broken-part", "api.yaml", 8),
        ("broken-schema", "api.yaml", 16),
        ("broken-reference", "api.yaml", 18),
        ("ref-siblings", "api.yaml", 19),
    ]
    assert extraction.contract.operations[0].responses[0].media_types[0].schema == {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {}, "b": {"$ref": "#/components/schemas/Book"}},
    }


CLOSED = """\
openapi: 3.0.3
info: {title: Quay, version: '1'}
paths: {}
components:
  schemas:
    Ship:
      additionalProperties: false
      allOf:
      - {type: object, required: [name], properties: {name: {type: string}}}
"""


def test_a_closed_composition_is_a_finding_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(CLOSED)
    (finding,) = lint(extract(str(tmp_path / "api.yaml")))
    assert (finding.rule, finding.line) == ("closed-composition", 6)
    assert "name" in finding.message


def test_a_file_that_is_called_an_array_is_a_finding_at_its_line(tmp_path: Path) -> None:
    lines = ["openapi: 3.0.3", "paths:", "  /covers:", "    get:", "      responses:", "        '200':"]
    content = "image/png: {schema: {type: array, items: {type: string, format: byte}}}"
    lines += ["          description: the cover", f"          content: {{{content}}}"]
    (tmp_path / "api.yaml").write_text("\n".join(lines), encoding="utf-8")
    contradictions = [
        (contradiction.rule, contradiction.line) for contradiction in lint(extract(str(tmp_path / "api.yaml")))
    ]
    assert ("unstructured-body", 8) in contradictions


def test_the_rules_of_a_comparison_are_among_the_rules(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text(answer('{"Id": 1, "Own": 1}', "Id | int32", "Own | int32"))
    schema = {"type": "object", "properties": {"Id": {"type": "string"}, "Theirs": {"type": "string"}}}
    ok = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    (tmp_path / "api.json").write_text(json.dumps(document(responses={"200": ok})))
    contradictions = compare_with_document(
        extract(str(tmp_path / "book.md")).contract, extract(str(tmp_path / "api.json")).contract
    )
    rules = {contradiction.rule for contradiction in contradictions}
    assert rules == {"only-in-pages", "only-in-document", "other-type"}
    assert rules <= RULES.keys()


def test_a_sample_that_had_to_be_mended_is_reported(tmp_path: Path) -> None:
    page = '# Boats\n\n`GET /boats/{id}`\n\n## Response\n\n```json\n{"id": 1, // the key\n "more": [1, ...],}\n```\n'
    (tmp_path / "boats.md").write_text(page, encoding="utf-8")
    extraction = extract(str(tmp_path))
    assert [(contradiction.rule, contradiction.line) for contradiction in lint(extraction)] == [("mended-sample", 8)]
    response = extraction.contract.operations[0].success()
    assert response is not None
    assert response.media_types[0].samples == ({"id": 1, "more": [1]},)


def test_query_parameters_that_samples_send_in_the_body_are_reported(tmp_path: Path) -> None:
    table = "| Query parameter | Type |\n|---|---|\n| name | string |\n"
    sample = '```sh\ncurl -X POST https://a.test/boats -d \'{"name": "Tern"}\'\n```\n'
    (tmp_path / "boats.md").write_text(
        f"# A\n\n`POST /boats`\n\n## Query parameters\n\n{table}\n## Example\n\n{sample}"
    )
    assert [(contradiction.rule, contradiction.line) for contradiction in lint(extract(str(tmp_path)))] == [
        ("sample-location", 9)
    ]


def test_an_include_of_a_page_that_is_not_below_the_folder_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "boats.md").write_text("# A\n\n`GET /boats/{id}`\n\n{% include fields.md %}\n")
    assert [(contradiction.rule, contradiction.line) for contradiction in lint(extract(str(tmp_path)))] == [
        ("missing-include", 5)
    ]
    assert RULES["missing-include"].level == "note"


SOURCES = ("lint_rules", "openapi_structure", "examples_of_schemas")
"""Tests of rules."""


def test_a_schema_without_a_value_is_a_warning_since_none_may_have_been_found() -> None:
    assert RULES["no-value"].level == "warning"


def test_no_rule_is_without_a_test() -> None:
    folder = Path(__file__).parent
    source = "".join((folder / f"test_{name}.py").read_text("utf-8") for name in SOURCES)
    assert [rule for rule in RULES if f'"{rule}"' not in source] == []


def test_findings_are_ordered_by_place_and_reported_once(tmp_path: Path) -> None:
    text = answer('{"Id": "a", "Room": 1}', "Id | int32", "Title | string", "Title | string")
    assert rules_in(tmp_path, b=text.replace("/book", "/b"), a=text) == [
        (rule, page, line)
        for page in ("a.md", "b.md")
        for rule, line in [("sample-type", 7), ("not-in-sample", 8), ("described-twice", 9), ("not-in-table", 13)]
    ]


def test_a_wrong_sample_is_mended_by_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text(answer('{"Id": "a"}', "Id | int32"))
    (contradiction,) = lint(extract(str(tmp_path)))
    message = "Id is stated as integer, the sample shows string"
    assert contradiction == Contradiction("sample-type", "book.md", 7, message)
    assert contradiction.mend == "write string as the type of Id, or mend the sample"


def test_known_rules_are_accepted() -> None:
    check_rules(tuple(RULES), "--select")


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        check_rules(("sample-type", "sample-tipe"), "--ignore")
    assert str(caught.value) == "--ignore: 'sample-tipe' is not known; did you mean 'sample-type'?"
