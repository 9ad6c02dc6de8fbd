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
from docdouble.schemas.contract.model import EVIDENCE, reference
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.merge import TypeReading
from docdouble.schemas.pages.page_reader import Reading, is_operation, read_operation_page

OPERATION = "```http\nGET /book\n```\n"


def read(text: str, name: str = "book.md") -> Reading:
    return read_operation_page(parse_page(text, name), SUPEROFFICE)


def contradictions(reading: Reading) -> list[str]:
    return [str(contradiction) for contradiction in reading.contradictions]


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


FULL_PARAMETERS = (
    Parameter("shelf", "path", {"type": "string"}, True, "", stated(7)),
    Parameter("$select", "query", {"type": "string", "examples": ["title"]}, None, "Fields to fill", stated(18)),
    Parameter("copies", "query", {"type": "integer", "format": "int32"}, True, "How many", stated(19), samples=(2,)),
    Parameter("Library-Branch", "header", {"type": "string", "examples": ["North"]}, None, "Where", stated(31)),
)
FULL_SECURITY_SCHEMES = {
    "Basic": {"type": "http", "scheme": "basic", "description": "'Basic' or 'Bearer'", **at(27)},
    "Bearer": {"type": "http", "scheme": "bearer", "description": "'Basic' or 'Bearer'", **at(27)},
    "XsrfToken": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Xsrf-Token",
        "description": "In a browser",
        **at(28),
    },
}


def test_a_page_is_an_operation_with_the_evidence_of_every_fact() -> None:
    request = {**reference("Book"), **at(33)}
    assert read(FULL) == Reading(
        operation=Operation(
            id="v1Book_Post",
            method="POST",
            path="/book/{shelf}",
            summary="Adds a book.",
            description="It goes on a **shelf**.\n\nOne that has room.",
            parameters=FULL_PARAMETERS,
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
                            {"type": "string", KINDS: {"word": 1}, "examples": ["Added"], **at(45)},
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
                Behaviour("select-projection", stated(18), "$select"),
                Behaviour("case-insensitive-names", assumed(7)),
            ),
            evidence=stated(7),
        ),
        type_readings=(
            TypeReading(
                "Book",
                {
                    "type": "object",
                    "properties": {"Title": {"type": "string", KINDS: {"words": 1}, **at(52, "sampled")}},
                    **at(52, "sampled"),
                },
            ),
        ),
        security_schemes=FULL_SECURITY_SCHEMES,
        contradictions=(
            Contradiction("variable-without-row", "book.md", 7, "path variable shelf is in no table"),
            Contradiction("empty-media-types", "book.md", 30, "Accept names no media type"),
        ),
        dialect="superoffice",
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


QUERY_TABLE = "\n| Parameter Name | Type | Description |\n|---|---|---|\n"
HEADER_TABLE = "\n| Parameter Name | Description |\n|---|---|\n"


def behaviours(page: str) -> list[tuple[str, str]]:
    """Return each parameter that asks for a behaviour, and the behaviour; all stand in their parameter's line."""
    operation = read(page).operation
    *own, convention = operation.behaviours
    assert convention == Behaviour("case-insensitive-names", assumed(2))
    places = {parameter.name: parameter.evidence for parameter in operation.parameters}
    assert [behaviour.evidence for behaviour in own] == [places[behaviour.parameter] for behaviour in own]
    return [(behaviour.parameter, behaviour.name) for behaviour in own]


def test_a_query_parameter_asks_for_the_behaviour_of_its_name() -> None:
    rows = "| limit | int32 | |\n| $select | string | |\n| $Format | string | |\n| select | string | |\n"
    assert behaviours(OPERATION + QUERY_TABLE + rows) == [
        ("$select", "select-projection"),
        ("$Format", "format-override"),
    ]


def test_where_a_list_can_be_filtered_its_parameters_are_about_rows() -> None:
    names = ("$select", "$FILTER", "$orderBy", "$top", "$skip", "$format")
    assert behaviours(OPERATION + QUERY_TABLE + "".join(f"| {name} | string | |\n" for name in names)) == [
        ("$select", "list-select"),
        ("$FILTER", "list-filter"),
        ("$orderBy", "list-order"),
        ("$top", "list-top"),
        ("$skip", "list-skip"),
        ("$format", "format-override"),
    ]


def test_what_pages_a_list_means_nothing_without_a_filter() -> None:
    rows = "| $orderBy | string | |\n| $top | int32 | |\n| $skip | int32 | |\n| filter | string | |\n"
    assert behaviours(OPERATION + QUERY_TABLE + rows) == []


def test_header_fields_ask_for_languages_cultures_and_time_zones() -> None:
    names = ("Accept-Language", "SO-Language", "so-culture", "SO-TIMEZONE", "SO-AppToken")
    assert behaviours(OPERATION + HEADER_TABLE + "".join(f"| {name} | |\n" for name in names)) == [
        ("Accept-Language", "language"),
        ("SO-Language", "language-override"),
        ("so-culture", "culture"),
        ("SO-TIMEZONE", "time-zone"),
    ]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("PATCH", ["application/json", "application/json-patch+json", "application/merge-patch+json"]),
        ("PUT", ["application/json"]),
    ],
)
def test_a_request_without_media_types_is_assumed_to_have_those_of_its_method(method: str, expected: list[str]) -> None:
    reading = read(f"```http\n{method} /book\n```\n\n## Request Body: Book\n")
    assert reading.operation.request is not None
    media_types = reading.operation.request.media_types
    assert [media_type.name for media_type in media_types] == expected
    assert {media_type.evidence for media_type in media_types} == {assumed(5)}


def test_a_patch_whose_media_types_are_stated_has_no_others() -> None:
    row = "| Content-Type | `application/merge-patch+json` |\n"
    reading = read(f"```http\nPATCH /book\n```\n{HEADER_TABLE}{row}\n## Request Body: Book\n")
    assert reading.operation.request is not None
    (media_type,) = reading.operation.request.media_types
    assert (media_type.name, media_type.evidence) == ("application/merge-patch+json", stated(7))


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
def test_a_sample_message_that_cannot_be_read_is_noticed(fence: str, text: str, message: str) -> None:
    reading = read(f"{OPERATION}\n```{fence}\n{text}```\n")
    assert contradictions(reading) == [f"{message} [sample-syntax]"]


def test_a_sample_body_that_cannot_be_read_is_noticed() -> None:
    reading = read(OPERATION + "\n## Response body: Book\n\n```http_\nHTTP/1.1 200 OK\n\n{\n'a': 1\n}\n```\n")
    assert [contradiction.partition(": ")[0] for contradiction in contradictions(reading)] == ["book.md:11"]
    assert contradictions(reading)[0].startswith("book.md:11: sample is no JSON: ")
    assert reading.type_readings == (TypeReading("Book", {}),)


def test_a_sample_that_is_no_json_is_left_unread() -> None:
    text = f"{OPERATION}\n## Response body: Book\n\n```http_\nHTTP/1.1 200 OK\nContent-Type: text/xml\n\n<a/>\n```\n"
    reading = read(text)
    assert reading.type_readings == (TypeReading("Book", {}),)
    assert reading.operation.responses[0].media_types[0].samples == ()


PATH_TABLE = "| Path Part | Type | Description |\n|---|---|---|\n"


def test_a_parameter_counts_once() -> None:
    path = "/book/{id}/copy/{id}/{copy}/{copy}"
    reading = read(f"```http\nGET {path}\n```\n\n{PATH_TABLE}| id | int32 | One |\n| id | string | Two |\n")
    assert [(parameter.name, parameter.description) for parameter in reading.operation.parameters] == [
        ("copy", ""),
        ("id", "One"),
    ]
    assert contradictions(reading) == [
        "book.md:2: path variable copy is in no table [variable-without-row]",
        "book.md:8: path parameter id is described twice [described-twice]",
    ]


def test_a_path_parameter_is_spelled_as_in_the_path() -> None:
    reading = read(f"```http\nGET /book/{{id}}\n```\n\n{PATH_TABLE}| ID | int32 | |\n| shelf | int32 | |\n")
    assert [(parameter.name, parameter.schema["type"]) for parameter in reading.operation.parameters] == [
        ("id", "integer")
    ]
    assert contradictions(reading) == ["book.md:8: path parameter shelf is not in the path [not-in-path]"]


@pytest.mark.parametrize("word", ["Book", "what ever", ""])
def test_a_parameter_whose_type_means_nothing_is_text(word: str) -> None:
    reading = read(f"```http\nGET /book/{{id}}\n```\n\n{PATH_TABLE}| id | {word} | Number |\n")
    assert reading.operation.parameters == (Parameter("id", "path", {"type": "string"}, True, "Number", stated(7)),)
    assert contradictions(reading) == [f"book.md:7: type {word!r} of parameter id means nothing [unreadable-type]"]


class TestParameterSamples:
    PAGE = """\
# GET Book

```http
GET /shelf/{shelf}/book/{bookId}
```

| Path Part | Type | Description |
|---|---|---|
| shelf | string | Where |
| bookId | int32 | Which |

| Parameter Name | Type | Description |
|---|---|---|
| copies | int32 | How many |
| ids | Array | Others |
| flat | bool | How |

```http
GET /shelf/{shelf}/book/{bookId}?copies=2&ids=4,5
GET /shelf/{shelf}/book/{bookId}?copies=many
```

```http!
GET /shelf/Sci%20Fi/book/4711?flat=True&copies=3
```
"""

    def test_request_lines_and_the_sample_request_tell_them(self) -> None:
        operation = read(self.PAGE).operation
        assert {parameter.name: parameter.samples for parameter in operation.parameters} == {
            "shelf": ("Sci Fi",),
            "bookId": (4711,),
            "copies": (2, 3),
            "ids": (["4", "5"],),
            "flat": (True,),
        }

    def test_a_variable_in_its_braces_is_none(self) -> None:
        shown = "GET /shelf/{shelf}/book/{bookId}"
        operation = read(self.PAGE.replace("GET /shelf/Sci%20Fi/book/4711?flat=True&copies=3", shown)).operation
        assert [parameter.samples for parameter in operation.parameters[:2]] == [(), ()]
