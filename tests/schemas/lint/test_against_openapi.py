"""Differences of pages and an OpenAPI document of the same API, reported in both directions."""

import json
from pathlib import Path
from typing import Any

from docdouble.schemas import extract
from docdouble.schemas.lint.against_openapi import compare_with_document

PAGE = """\
```http
POST /book/{id}
```

| Path Part | Type | Description |
|---|---|---|
| id | int32 | |

| Parameter Name | Type | Description |
|---|---|---|
| Shelf | string | |

| Parameter Name | Description |
|---|---|
| Authorization | 'Basic' |
| Accept | `application/json` |
| X-Desk | The desk |

## Request body: request

| Property Name | Type | Description |
|---|---|---|
| Title | string | |
| Pages | int32 | |

| Response | Description |
|---|---|
| 200 | OK |

## Response body: Book

| Property Name | Type | Description |
|---|---|---|
| Id | int32 | |
| Author | Author | |
"""
INT, TEXT = {"type": "integer"}, {"type": "string"}
AUTHOR: dict[str, Any] = {"$ref": "#/components/schemas/Person"}


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def parameter(location: str, name: str) -> dict[str, Any]:
    return {"in": location, "name": name, "schema": TEXT, "required": location == "path"}


AGREED = {
    "operationId": "saveBook",
    "parameters": [parameter("path", "bookId"), parameter("query", "shelf"), parameter("header", "x-desk")],
    "requestBody": content(record(title=TEXT, pages=INT)),
    "responses": {"200": {"description": "Yes", **content(record(Id=INT, Author=AUTHOR))}},
}


def differences(folder: Path, page: str = PAGE, path: str = "/Book/{bookId}", **changes: Any) -> list[str]:
    """Compare a page with a document whose only operation is the agreed one, changed."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "library", "version": "1"},
        "paths": {path: {"post": {**AGREED, **changes}}},
        "components": {"schemas": {"Person": record(Name=TEXT)}},
    }
    (folder / "book.md").write_text(page)
    (folder / "api.json").write_text(json.dumps(document))
    contracts = [extract(str(folder / name)).contract for name in ("book.md", "api.json")]
    return [
        f"{contradiction.page}:{contradiction.line}: {contradiction.message} [{contradiction.rule}]"
        for contradiction in compare_with_document(*contracts)
    ]


def test_what_agrees_is_not_reported_whatever_the_case_and_the_variables(tmp_path: Path) -> None:
    assert differences(tmp_path) == []


def test_operations_of_either_side_are_reported(tmp_path: Path) -> None:
    assert differences(tmp_path, path="/loan") == [
        "book.md:2: only the pages have POST /book/{id} [only-in-pages]",
        "api.json:1: only the document has POST /loan [only-in-document]",
    ]


def test_parameters_of_either_side_are_reported(tmp_path: Path) -> None:
    names = [parameter("path", "id"), parameter("query", "copies"), parameter("query", "x-desk")]
    assert differences(tmp_path, parameters=names, path="/book/{id}") == [
        "book.md:11: only the pages have query parameter Shelf of POST /book/{id} [only-in-pages]",
        "book.md:17: only the pages have header parameter X-Desk of POST /book/{id} [only-in-pages]",
        "book.md:2: only the document has query parameter copies of POST /book/{id} [only-in-document]",
        "book.md:2: only the document has query parameter x-desk of POST /book/{id} [only-in-document]",
    ]


def test_statuses_of_either_side_are_reported(tmp_path: Path) -> None:
    answers = {"201": AGREED["responses"]["200"], "default": {"description": "No"}}  # type: ignore[index]
    assert differences(tmp_path, responses=answers) == [
        "book.md:28: only the pages have status 200 of POST /book/{id} [only-in-pages]",
        "book.md:2: only the document has status 201 of POST /book/{id} [only-in-document]",
    ]


def test_properties_of_either_side_are_reported(tmp_path: Path) -> None:
    answers = {"200": {"description": "OK", **content(record(Id=INT, Year=INT))}}
    body = content(record(Title=TEXT, Isbn=TEXT))
    assert differences(tmp_path, requestBody=body, responses=answers) == [
        "book.md:24: only the pages have the request's Pages of POST /book/{id} [only-in-pages]",
        "book.md:2: only the document has the request's Isbn of POST /book/{id} [only-in-document]",
        "book.md:35: only the pages have the answer's Author of POST /book/{id} [only-in-pages]",
        "book.md:2: only the document has the answer's Year of POST /book/{id} [only-in-document]",
    ]


def test_another_type_is_reported_at_the_row(tmp_path: Path) -> None:
    answers = {"200": {"description": "OK", **content(record(Id=TEXT, Author=AUTHOR))}}
    assert differences(tmp_path, responses=answers) == [
        "book.md:34: the answer's Id of POST /book/{id} is stated as integer, the document has string [other-type]"
    ]


def test_another_type_is_reported_whatever_the_case_of_the_property(tmp_path: Path) -> None:
    assert differences(tmp_path, requestBody=content(record(title=INT, pages=INT))) == [
        "book.md:23: the request's Title of POST /book/{id} is stated as string, the document has integer [other-type]"
    ]


def test_a_named_type_is_compared_by_what_it_is(tmp_path: Path) -> None:
    answers = {"200": {"description": "OK", **content(record(Id=INT, Author=TEXT))}}
    assert differences(tmp_path, responses=answers) == [
        "book.md:35: the answer's Author of POST /book/{id} is stated as object, the document has string [other-type]"
    ]


def test_a_nullable_type_and_a_record_without_a_type_agree(tmp_path: Path) -> None:
    schema = {"properties": {"Id": {"type": ["integer", "null"]}, "Author": {"properties": {}}}}
    assert differences(tmp_path, responses={"200": {"description": "OK", **content(schema)}}) == []


def test_the_items_of_arrays_are_compared(tmp_path: Path) -> None:
    page = PAGE.replace("body: Book", "body: array").replace("| Author | Author | |\n", "")
    listed = {"type": "array", "items": record(Id=TEXT)}
    assert differences(tmp_path, page, responses={"200": {"description": "OK", **content(listed)}}) == [
        "book.md:34: the answer's Id of POST /book/{id} is stated as integer, the document has string [other-type]"
    ]


def test_a_body_of_which_one_side_shows_nothing_is_not_compared(tmp_path: Path) -> None:
    answers = {"200": {"description": "OK", **content({})}}
    assert differences(tmp_path, responses=answers, requestBody=content({"type": "object"})) == []
