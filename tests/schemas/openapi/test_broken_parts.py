"""Parts of a document that can't be what they are: each is named, and costs itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import extract

TEXT = {"type": "string"}
INFO = {"title": "Harbour", "version": "1"}


def read(folder: Path, **parts: Any) -> tuple[list[str], list[str], Any]:
    """Return the messages of what is broken in a document, the paths of its servers, and the schema of its answer."""
    schema = parts.pop("schema", TEXT)
    answers = {"200": {"description": "Fine", "content": {"application/json": {"schema": schema}}}}
    whole = {
        "openapi": "3.0.3",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {"/a": {"get": {"responses": answers}}},
    }
    path = folder / "api.json"
    path.write_text(json.dumps(whole | parts), encoding="utf-8")
    extraction = extract(str(path))
    media_type = extraction.contract.operations[0].responses[0].media_types[0]
    paths = [server.path for server in extraction.contract.servers]
    return [broken.message for broken in extraction.contradictions], paths, media_type.schema


@pytest.mark.parametrize("ref", ["#", "api.json", "api.json#"])
def test_a_whole_document_is_no_schema(tmp_path: Path, ref: str) -> None:
    messages, _, schema = read(tmp_path, schema={"type": "object", "properties": {"a": {"$ref": ref}, "b": TEXT}})
    assert [message for message in messages if "which is no schema" in message] == messages[:1]
    assert schema["properties"] == {"a": {}, "b": TEXT}


def test_a_file_that_is_a_schema_may_refer_to_itself(tmp_path: Path) -> None:
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}
    (tmp_path / "tree.json").write_text(json.dumps(tree), encoding="utf-8")
    messages, _, schema = read(tmp_path, schema={"$ref": "tree.json"})
    assert (messages, schema) == ([], {"$ref": "#/components/schemas/tree"})


def test_what_an_unknown_keyword_holds_is_no_schema(tmp_path: Path) -> None:
    part = {"type": "array", "items": {"schema": {"$ref": "#/components/schemas/Dock"}}}
    _, _, schema = read(tmp_path, schema=part)
    assert schema == part


def test_a_mapping_that_is_none_is_left_out(tmp_path: Path) -> None:
    schemas = {name: {"type": "object", "properties": {"kind": TEXT}} for name in ("Cat", "Dog")}
    union = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in schemas],
        "discriminator": {"propertyName": "kind", "mapping": "no"},
    }
    messages, _, schema = read(tmp_path, schema=union, components={"schemas": schemas})
    assert messages[0].endswith("/schema/discriminator: discriminator has a mapping that is a string, left out")
    assert schema["discriminator"] == {"propertyName": "kind"}


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/v1/", "/v1"),
        ("https://[/v1", "/v1"),
        ("https://[::1]:80/v1?x#y", "/v1"),
        ("{scheme}://{host}:{port}/v1", "/v1"),
        ("//a.example/v1", "/v1"),
        ("v1/", "/v1"),
        ("../v1", "/v1"),
        ("/", ""),
        ("", ""),
    ],
)
def test_a_server_has_a_path_whatever_its_host_is(tmp_path: Path, url: str, path: str) -> None:
    assert read(tmp_path, servers=[{"url": url}])[:2] == ([], [path])


def test_a_server_without_a_url_is_named(tmp_path: Path) -> None:
    messages, paths, _ = read(tmp_path, servers=[{"url": ["x"]}, {"url": "/v1"}])
    assert (messages, paths) == (["/servers/0: 'url' is an array, expected a string"], ["/v1"])


def test_a_base_path_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    operation = {"responses": {"200": {"description": "Fine"}}}
    whole = {"swagger": "2.0", "info": INFO, "host": "a.example", "basePath": [[]], "paths": {"/a": {"get": operation}}}
    path.write_text(json.dumps(whole), encoding="utf-8")
    extraction = extract(str(path))
    assert [broken.message for broken in extraction.contradictions] == ["#: 'basePath' is an array, expected a string"]
    assert [server.url for server in extraction.contract.servers] == ["https://a.example"]


@pytest.mark.parametrize(
    ("keyword", "value", "message", "kept"),
    [
        ("patternProperties", {"[": TEXT, "^a": TEXT}, "'[' is no regular expression", {"^a": TEXT}),
        ("examples", "no", "expected an array of values, found a string", None),
        ("examples", {"a": {"value": "b"}, "c": "d"}, "examples is an object, as of a media type", ["b", "d"]),
        ("title", 5, "expected a text, found a number", None),
        ("description", ["a"], "expected a text, found an array", None),
    ],
)
def test_keywords_that_no_schema_has_so(tmp_path: Path, keyword: str, value: Any, message: str, kept: Any) -> None:
    messages, _, schema = read(tmp_path, schema={"type": "string", keyword: value})
    assert any(message in reported for reported in messages), messages
    assert schema == {"type": "string"} | ({keyword: kept} if kept else {})


def test_names_that_an_object_depends_on_count_once(tmp_path: Path) -> None:
    _, _, schema = read(tmp_path, schema={"dependentRequired": {"a": ["b", "b"]}})
    assert schema == {"dependentRequired": {"a": ["b"]}}


@pytest.mark.parametrize("version", [{"openapi": "3.1.0"}, {"swagger": "2.0"}])
def test_statuses_and_media_types_that_are_none_are_named(tmp_path: Path, version: dict[str, str]) -> None:
    statuses = ("200", "404", "4xx", "default", "99", "600", "2X", "", "20O", "٢٠٠")
    names = ["application/json", "a/b\r\nX-Evil: 1", "é/ü", ""]
    content = {"content": {name: {"schema": TEXT} for name in names}, "schema": TEXT}
    operation = {"produces": names, "responses": {status: {"description": "", **content} for status in statuses}}
    path = tmp_path / "api.json"
    path.write_text(json.dumps(version | {"info": INFO, "paths": {"/a": {"get": operation}}}), encoding="utf-8")
    extraction = extract(str(path))
    responses = extraction.contract.operations[0].responses
    assert [response.status for response in responses] == list(statuses[:4])
    assert {tuple(media_type.name for media_type in response.media_types) for response in responses} == {
        ("application/json",)
    }
    messages = [broken.message for broken in extraction.contradictions]
    assert len([message for message in messages if "expected a status from 100 to 599" in message]) == 6
    assert any("expected a media type, found 'a/b\\r\\nX-Evil: 1'" in message for message in messages)


def test_header_parameters_of_a_connection_are_nothing_that_a_caller_chooses(tmp_path: Path) -> None:
    named = [{"name": name, "in": "header", "schema": TEXT} for name in ("Content-Length", "host", "X-Berth", "Accept")]
    operation = {"parameters": named, "responses": {"200": {"description": "Fine"}}}
    path = tmp_path / "api.json"
    path.write_text(json.dumps({"openapi": "3.0.3", "info": INFO, "paths": {"/a": {"get": operation}}}))
    extraction = extract(str(path))
    assert [parameter.name for parameter in extraction.contract.operations[0].parameters] == ["X-Berth"]
    assert [contradiction.message.rpartition("parameter named ")[2] for contradiction in extraction.contradictions] == [
        "Content-Length is ignored, since connections have it of their own",
        "host is ignored, since connections have it of their own",
        "Accept is ignored, as OpenAPI says",
    ]
