"""What a page says of its responses and bodies."""

from typing import Any

import pytest

from docdouble.schemas import Evidence, Grade
from docdouble.schemas.contract.model import EVIDENCE, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.page_reader import Reading, read_operation_page

OPERATION = "```http\nGET /book\n```\n"


def read(text: str) -> Reading:
    return read_operation_page(parse_page(text, "book.md"), SUPEROFFICE)


def contradictions(reading: Reading) -> list[str]:
    return [str(contradiction) for contradiction in reading.contradictions]


STATUS_TABLE = "\n| Response | Description |\n|---|---|\n"
SAMPLE = '\n```http_\nHTTP/1.1 {}\n\n{{"Id": 1}}\n```\n'


def statuses(reading: Reading) -> list[tuple[str, str, bool]]:
    return [
        (response.status, response.description, bool(response.media_types)) for response in reading.operation.responses
    ]


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
    assert read(OPERATION + "\n## Response body: Book\n").operation.responses[0].evidence == Evidence(
        Grade.ASSUMED, "book.md", 5
    )


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
    assert reading.type_readings == ()


TABLE = "\n| Property Name | Type | Description |\n|---|---|---|\n| Id | int32 | |\n"


def body(heading: str, table: str, sample: str) -> tuple[Any, dict[str, Any], list[str]]:
    """The schema of a response body, the named schemas without evidence, the contradictions."""
    fence = f"\n```http_\nHTTP/1.1 200 OK\n\n{sample}\n```\n" if sample else ""
    reading = read(f"{OPERATION}\n## Response body: {heading}\n{table}{fence}")
    schema = reading.operation.responses[0].media_types[0].schema
    return plain(schema), {shape.name: plain(shape.schema) for shape in reading.type_readings}, contradictions(reading)


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
    assert [shape.name for shape in read(text).type_readings] == ["v1_B_cher_Get_response"]
