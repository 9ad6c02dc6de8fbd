"""Entity tags: a write with the tag of another version changes nothing, where 412 is documented."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Reply
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.infer_roles import with_resources

Send = Callable[..., Reply]

BOOK = {
    "type": "object",
    "required": ["title"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "title": {"type": "string"}},
}
JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}


def _responses(*failures: str, tag: dict[str, Any], **successes: Any) -> dict[str, Any]:
    headers = {"headers": {"ETag": {"schema": tag}}}
    responses = {status: {"description": "", **headers, **more} for status, more in successes.items()}
    return {status.lstrip("_"): part for status, part in responses.items()} | {
        status: {"description": ""} for status in failures
    }


def document(tag: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": JSON}
    failures = ("404", "412")
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Books", "version": "1"},
        "paths": {
            "/books": {"post": {"requestBody": body, "responses": _responses(tag=tag, _201={"content": JSON})}},
            "/books/{id}": {
                "parameters": [key],
                "get": {"responses": _responses("404", tag=tag, _200={"content": JSON})},
                "put": {"requestBody": body, "responses": _responses(*failures, tag=tag, _204={})},
                "delete": {"responses": {"204": {"description": ""}, "412": {"description": ""}}},
            },
            "/books/{id}/notes": {
                "parameters": [key],
                "post": {"requestBody": body, "responses": _responses(*failures, tag=tag, _201={"content": JSON})},
            },
        },
        "components": {"schemas": {"Book": BOOK}},
    }


def server(tag: dict[str, Any], **settings: Any) -> Send:
    fake = FakeServer(with_resources(from_openapi(document(tag), "books.json")), Settings(**settings))

    def send(request: str, body: Any = None, **headers: str) -> Reply:
        method, target = request.split()
        fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
        fields += [("Content-Type", "application/json")] if body else []
        return fake.handle(Call(tuple(fields), orjson.dumps(body) if body else b"", method, target))

    return send


ANY = {"type": "string"}
PUT, NEW = "PUT /books/3", {"title": "New"}


def test_a_write_of_another_version_changes_nothing() -> None:
    send = server(ANY)
    before = send("GET /books/3")
    assert send(PUT, NEW, If_Match='"other"').status == 412
    assert send("DELETE /books/3", If_Match='"other", W/"more"').status == 412
    assert send("GET /books/3") == before


def test_the_present_version_is_written_and_the_next_tag_named() -> None:
    send = server(ANY)
    first = send("GET /books/3").header("ETag") or ""
    second = send(PUT, NEW, If_Match=f'"other", {first}').header("ETag") or ""
    assert send("GET /books/3").header("ETag") == second != first
    assert send(PUT, {"title": "Newer"}, If_Match=first).status == 412
    assert send(PUT, {"title": "Newer"}, If_Match=second).status == 204
    assert send("DELETE /books/3", If_Match="*").status == 204


def test_a_new_entity_has_the_tag_of_its_answer() -> None:
    send = server(ANY)
    made = send("POST /books", NEW)
    assert send(f"PUT {made.header('Location')}", {"title": "x"}, If_Match=made.header("ETag") or "").status == 204


def test_what_is_missing_is_missing_whatever_its_tag() -> None:
    send = server(ANY)
    send("DELETE /books/3")
    assert send(PUT, NEW, If_Match='"other"').status == 404


def test_what_is_added_below_an_entity_has_its_tag() -> None:
    send = server(ANY)
    tag = send("GET /books/3").header("ETag") or ""
    assert send("POST /books/3/notes", NEW, If_Match='"other"').status == 412
    assert send("POST /books/3/notes", NEW, If_Match=tag).status == 201


@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', "123e4567-e89b-12d3-a456-426614174000"])
def test_the_documented_tag_is_always_the_present_one(tag: str) -> None:
    send = server({**ANY, "example": tag})
    assert send("GET /books/3").header("ETag") == tag
    assert send(PUT, NEW, If_Match=tag).status == 204
    assert send(PUT, NEW, If_Match='"v0"').status == 412


def test_without_state_the_tag_is_that_of_the_answer() -> None:
    send = server(ANY, state="off")
    tag = send("GET /books/3").header("ETag") or ""
    assert send(PUT, NEW, If_Match=tag).status == 204
    assert send(PUT, NEW, If_Match='"other"').status == 412


def test_only_what_does_not_exist_is_written_if_none_matches() -> None:
    send = server(ANY)
    assert send(PUT, NEW, If_None_Match="*").status == 412
    assert send(PUT, NEW, If_None_Match='"other"').status == 204
