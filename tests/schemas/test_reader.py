from typing import Any

import pytest

from docdouble.schemas import (
    Behaviour,
    Body,
    Evidence,
    Grade,
    MediaType,
    Operation,
    PageError,
    Parameter,
    Response,
)
from docdouble.schemas.contract import EVIDENCE, reference
from docdouble.schemas.page import parse_page
from docdouble.schemas.reader import Reading, is_operation, read_operation
from docdouble.schemas.superoffice import SUPEROFFICE

OPERATION = "```http\nGET /book\n```\n"


def read(text: str, name: str = "book.md") -> Reading:
    return read_operation(parse_page(text, name), SUPEROFFICE)


def contradictions(reading: Reading) -> list[str]:
    return [str(one) for one in reading.contradictions]


def at(line: int, grade: str = "stated") -> dict[str, Any]:
    return {EVIDENCE: {"grade": grade, "page": "book.md", "line": line}}


def stated(line: int) -> Evidence:
    return Evidence(Grade.STATED, "book.md", line)


def assumed(line: int) -> Evidence:
    return Evidence(Grade.ASSUMED, "book.md", line)


FULL = """\
---
uid: v1Book_Post
---
# POST Book

```http
POST /book/{shelf}
```

Adds a book.

It goes on a **shelf**.

One that has room.

| Parameter Name | Type | Description |
|---|---|---|
| $select | string | Fields to fill |
| copies | int32 | **Required** How many |

```http
POST /book/{shelf}?$select=title&copies=2
```

| Parameter Name | Description |
|---|---|
| Authorization | 'Basic' or 'Bearer' |
| X-Xsrf-Token | In a browser |
| Content-Type | `Text/JSON; charset=utf-8`, `application/xml`, `text/json`, `anything` |
| Accept | What comes |
| Library-Branch | Where |

## Request Body: entity Book

What is added.

More of it.

## Response:

| Response | Description |
|---|---|
| 201 | Added |

### Response body: string

```http!
POST /book/{shelf}
library-branch: North
Content-Type: text/json

{"Title": "some title"}
```

```http_
HTTP/1.1 201 Added

"Added"
```
"""


def test_a_page_is_an_operation_with_the_evidence_of_every_fact() -> None:
    request = {**reference("Book"), **at(33)}
    assert read(FULL) == Reading(
        operation=Operation(
            id="v1Book_Post",
            method="POST",
            path="/book/{shelf}",
            summary="Adds a book.",
            description="It goes on a **shelf**.\n\nOne that has room.",
            parameters=(
                Parameter("shelf", "path", {"type": "string"}, True, "", stated(7)),
                Parameter(
                    "$select", "query", {"type": "string", "examples": ["title"]}, None, "Fields to fill", stated(18)
                ),
                Parameter("copies", "query", {"type": "integer", "format": "int32"}, True, "How many", stated(19)),
                Parameter(
                    "Library-Branch", "header", {"type": "string", "examples": ["North"]}, None, "Where", stated(31)
                ),
            ),
            request=Body(
                (
                    MediaType("text/json", request, ({"Title": "some title"},), stated(29)),
                    MediaType("application/xml", request, (), stated(29)),
                ),
                True,
                "What is added.\n\nMore of it.",
                stated(33),
            ),
            responses=(
                Response(
                    "201",
                    (
                        MediaType(
                            "application/json",
                            {"type": "string", "examples": ["Added"], **at(45)},
                            ("Added",),
                            assumed(30),
                        ),
                    ),
                    "Added",
                    stated(43),
                ),
            ),
            security=(("Basic",), ("Bearer",), ("XsrfToken",)),
            security_evidence=stated(27),
            behaviours=(
                Behaviour("select-projection", stated(18)),
                Behaviour("case-insensitive-names", assumed(7)),
            ),
            evidence=stated(7),
        ),
        schemas={
            "Book": {
                "type": "object",
                "properties": {"Title": {"type": "string", **at(52, "sampled")}},
                **at(52, "sampled"),
            }
        },
        security_schemes={
            "Basic": {"type": "http", "scheme": "basic", "description": "'Basic' or 'Bearer'", **at(27)},
            "Bearer": {"type": "http", "scheme": "bearer", "description": "'Basic' or 'Bearer'", **at(27)},
            "XsrfToken": {
                "type": "apiKey",
                "in": "header",
                "name": "X-Xsrf-Token",
                "description": "In a browser",
                **at(28),
            },
        },
        contradictions=(),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OPERATION, True),
        ("```http\n\n  DELETE /book\n```\n", True),
        ("```http\n/book\n```\n", False),
        ("```http\nLEND /book\n```\n", False),
        ("```http!\nGET /book\n```\n", False),
        ("# Books\n", False),
        ("", False),
    ],
)
def test_a_page_with_a_request_line_is_an_operation(text: str, expected: bool) -> None:
    assert is_operation(parse_page(text, "book.md"), SUPEROFFICE) is expected


def test_a_page_without_one_cannot_be_read() -> None:
    with pytest.raises(PageError) as caught:
        read("# Books\n")
    assert str(caught.value) == "book.md: no operation: no ```http fence holds a request line"


def test_an_operation_stands_where_its_request_line_stands() -> None:
    operation = read("```http\n\n\nGET /book\n```\n").operation
    assert (operation.label, operation.evidence) == ("GET /book", stated(4))


@pytest.mark.parametrize(
    ("name", "expected"), [("book.md", "book"), ("books/get one.md", "get one"), ("a/b/v1Book_Get.md", "v1Book_Get")]
)
def test_a_page_without_a_uid_is_named_after_its_file(name: str, expected: str) -> None:
    assert read(OPERATION, name).operation.id == expected


def test_an_operation_without_a_title_has_no_summary() -> None:
    operation = read(OPERATION + "\n## Notes\n\nText.\n").operation
    assert (operation.summary, operation.description) == ("", "")


def test_the_query_of_the_request_line_is_no_part_of_the_path() -> None:
    assert read("```http\nGET /book?year=1999\n```\n").operation.path == "/book"


@pytest.mark.parametrize("path", ["/book/{id", "/book/id}", "/book/{}", "/book/{a{b}}"])
def test_a_path_whose_braces_do_not_pair_is_an_error(path: str) -> None:
    with pytest.raises(PageError) as caught:
        read(f"```http\nGET {path}\n```\n")
    assert str(caught.value) == f"book.md:2: the path {path!r} has a brace that opens or ends no name"


@pytest.mark.parametrize(
    ("fence", "text", "message"),
    [
        ("http!", "GET /book\nbroken\n", "book.md:7: expected a header field, found 'broken'"),
        ("http_", "OK\n", "book.md:6: expected a status line such as 'HTTP/1.1 200 OK', found 'OK'"),
    ],
)
def test_a_sample_message_that_cannot_be_read_is_an_error(fence: str, text: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        read(f"{OPERATION}\n```{fence}\n{text}```\n")
    assert str(caught.value) == message


def test_a_sample_body_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(PageError) as caught:
        read(OPERATION + "\n## Response body: Book\n\n```http_\nHTTP/1.1 200 OK\n\n{\n'a': 1\n}\n```\n")
    assert str(caught.value).startswith("book.md:11: sample is no JSON: ")


def test_a_sample_that_is_no_json_is_left_unread() -> None:
    text = f"{OPERATION}\n## Response body: Book\n\n```http_\nHTTP/1.1 200 OK\nContent-Type: text/xml\n\n<a/>\n```\n"
    reading = read(text)
    assert reading.schemas == {"Book": {}}
    assert reading.operation.responses[0].media_types[0].samples == ()


PATH_TABLE = "| Path Part | Type | Description |\n|---|---|---|\n"


def test_a_parameter_counts_once() -> None:
    path = "/book/{id}/copy/{id}/{copy}/{copy}"
    reading = read(f"```http\nGET {path}\n```\n\n{PATH_TABLE}| id | int32 | One |\n| id | string | Two |\n")
    assert [(one.name, one.description) for one in reading.operation.parameters] == [("copy", ""), ("id", "One")]
    assert contradictions(reading) == ["book.md:8: path parameter id is described twice [described-twice]"]


def test_a_path_parameter_is_spelled_as_in_the_path() -> None:
    reading = read(f"```http\nGET /book/{{id}}\n```\n\n{PATH_TABLE}| ID | int32 | |\n| shelf | int32 | |\n")
    assert [(one.name, one.schema["type"]) for one in reading.operation.parameters] == [("id", "integer")]
    assert contradictions(reading) == ["book.md:8: path parameter shelf is not in the path [not-in-path]"]


@pytest.mark.parametrize("word", ["Book", "what ever", ""])
def test_a_parameter_whose_type_means_nothing_is_text(word: str) -> None:
    reading = read(f"```http\nGET /book/{{id}}\n```\n\n{PATH_TABLE}| id | {word} | Number |\n")
    assert reading.operation.parameters == (Parameter("id", "path", {"type": "string"}, True, "Number", stated(7)),)
    assert contradictions(reading) == [f"book.md:7: type {word!r} of parameter id means nothing [unreadable-type]"]


STATUS_TABLE = "\n| Response | Description |\n|---|---|\n"
SAMPLE = '\n```http_\nHTTP/1.1 {}\n\n{{"Id": 1}}\n```\n'


def statuses(reading: Reading) -> list[tuple[str, str, bool]]:
    return [(one.status, one.description, bool(one.media_types)) for one in reading.operation.responses]


@pytest.mark.parametrize(
    ("rows", "status", "expected"),
    [
        ("| 200 | OK |\n| 404 | None |\n", "404 None", [("200", "OK", False), ("404", "None", True)]),
        ("| 400 | No |\n", "201 Made", [("400", "No", False), ("201", "Made", True)]),
        (
            "| 2XX | Fine |\n| default | Else |\n",
            "200",
            [("2XX", "Fine", False), ("default", "Else", False), ("200", "", True)],
        ),
        ("", "200 OK", [("200", "OK", True)]),
    ],
)
def test_the_body_belongs_to_the_status_of_the_sample(rows: str, status: str, expected: list[Any]) -> None:
    text = OPERATION + STATUS_TABLE + rows + "\n## Response body: Book\n" + SAMPLE.format(status)
    assert statuses(read(text)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "| 404 | None |\n| 201 | Made |\n| 202 | Soon |\n",
            [("404", "None", False), ("201", "Made", True), ("202", "Soon", False)],
        ),
        ("| 404 | None |\n", [("404", "None", False)]),
        ("", [("200", "", True)]),
    ],
)
def test_without_a_sample_the_body_belongs_to_the_first_success(rows: str, expected: list[Any]) -> None:
    assert statuses(read(OPERATION + STATUS_TABLE + rows + "\n## Response body: Book\n")) == expected


def test_a_status_that_no_table_and_no_sample_has_is_assumed() -> None:
    assert read(OPERATION + "\n## Response body: Book\n").operation.responses[0].evidence == assumed(5)


def test_a_page_that_says_nothing_of_a_response_has_none() -> None:
    assert read(OPERATION).operation.responses == ()


def test_no_content_has_no_body_whatever_its_heading_names() -> None:
    text = (
        OPERATION
        + STATUS_TABLE
        + "| 204 | Gone |\n\n## Response body: Book\n\n```http_\nHTTP/1.1 204 Gone\n\nnull\n```\n"
    )
    reading = read(text)
    assert statuses(reading) == [("204", "Gone", False)]
    assert reading.schemas == {}


TABLE = "\n| Property Name | Type | Description |\n|---|---|---|\n| Id | int32 | |\n"


def body(heading: str, table: str, sample: str) -> tuple[Any, dict[str, Any], list[str]]:
    """The schema of a response body, the named schemas without evidence, the contradictions."""
    fence = f"\n```http_\nHTTP/1.1 200 OK\n\n{sample}\n```\n" if sample else ""
    reading = read(f"{OPERATION}\n## Response body: {heading}\n{table}{fence}")
    schema = reading.operation.responses[0].media_types[0].schema
    return plain(schema), {name: plain(one) for name, one in reading.schemas.items()}, contradictions(reading)


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {key: plain(part) for key, part in value.items() if key != EVIDENCE}


INT: dict[str, Any] = {"type": "integer", "format": "int32"}
RECORD: dict[str, Any] = {"type": "object", "properties": {"Id": INT}}
NAMED = reference("Book")
ANONYMOUS = reference("book_response")


@pytest.mark.parametrize(
    ("heading", "table", "sample", "schema", "schemas"),
    [
        ("Book", TABLE, "", NAMED, {"Book": RECORD}),
        ("Book", TABLE, '{"Id": 1}', NAMED, {"Book": RECORD}),
        ("Book", TABLE, "null", NAMED, {"Book": RECORD}),
        ("", TABLE, '{"Id": 1}', ANONYMOUS, {"book_response": RECORD}),
        ("object", TABLE, "", ANONYMOUS, {"book_response": RECORD}),
        ("array", TABLE, '[{"Id": 1}]', {"type": "array", "items": ANONYMOUS}, {"book_response": RECORD}),
        ("array", TABLE, "[]", {"type": "array", "items": ANONYMOUS}, {"book_response": RECORD}),
        ("Book", TABLE, '[{"Id": 1}]', {"type": "array", "items": ANONYMOUS}, {"book_response": RECORD}),
        ("Book", "", "", NAMED, {"Book": {}}),
        ("Book", "", '{"Id": 1}', NAMED, {"Book": RECORD}),
        ("Book", "", "null", {"anyOf": [NAMED, {"type": "null"}]}, {"Book": {}}),
        ("object", "", '{"Id": 1}', ANONYMOUS, {"book_response": RECORD}),
        ("array", "", '[{"Id": 1}]', ANONYMOUS, {"book_response": {"type": "array", "items": RECORD}}),
        ("array", "", "[]", {"type": "array"}, {}),
        ("array", "", "", {"type": "array"}, {}),
        ("", "", '{"Id": 1}', ANONYMOUS, {"book_response": RECORD}),
        ("", "", "5", INT, {}),
        ("int32", "", "5", INT, {}),
        ("int32", "", "", INT, {}),
        ("string", "", "null", {"type": ["string", "null"]}, {}),
    ],
)
def test_a_body_is_read_from_heading_table_and_sample(
    heading: str, table: str, sample: str, schema: Any, schemas: dict[str, Any]
) -> None:
    assert body(heading, table, sample) == (schema, schemas, [])


@pytest.mark.parametrize(
    ("heading", "table", "sample", "schema", "message"),
    [
        ("array", TABLE, '{"Id": 1}', {"type": "array", "items": ANONYMOUS}, "array, the sample shows object"),
        ("Book", TABLE, "true", NAMED, "object, the sample shows boolean"),
        ("Book", "", "true", {"type": "boolean"}, "object, the sample shows boolean"),
        ("int32", "", '"x y"', INT, "integer, the sample shows string"),
        ("int32", "", '{"Id": 1}', INT, "integer, the sample shows object"),
        ("Book", "", "[1]", reference("book_response"), "object, the sample shows array"),
    ],
)
def test_a_body_that_contradicts_its_sample_is_noticed(
    heading: str, table: str, sample: str, schema: Any, message: str
) -> None:
    read_schema, _, noticed = body(heading, table, sample)
    assert (read_schema, noticed) == (schema, [f"book.md:5: the response body is stated as {message} [sample-type]"])


def test_a_body_whose_type_means_nothing_is_noticed() -> None:
    schema, _, noticed = body("List of books", "", "5")
    assert schema == INT
    assert noticed == ["book.md:5: type 'List of books' of the response body means nothing [unreadable-type]"]


def test_a_schema_is_named_so_that_it_can_be_referred_to() -> None:
    text = f"---\nuid: v1 Bücher/Get\n---\n{OPERATION}\n## Response body: object\n{TABLE}"
    assert list(read(text).schemas) == ["v1_B_cher_Get_response"]
