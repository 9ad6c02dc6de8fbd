"""Bodies that would keep the fake busy are refused before they do."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.http.body_limits import MOST_PATCH_OPERATIONS, MOST_XML_PARTS
from docdouble.schemas import Call, Reply, extract

BOAT = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
}


def body(*media_types: str) -> dict[str, Any]:
    return {"description": "", "content": {name: {"schema": BOAT} for name in media_types}}


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> FakeServer:
    """A fake of boats that are sent as XML, and changed by a JSON Patch."""
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/boats": {
                "post": {"requestBody": body("application/xml"), "responses": {"201": body("application/json")}}
            },
            "/boats/{id}": {
                "parameters": [key],
                "patch": {
                    "requestBody": body("application/json-patch+json"),
                    "responses": {"200": body("application/json")},
                },
            },
        },
    }
    path = Path(tmp_path_factory.mktemp("boats")) / "api.json"
    path.write_text(json.dumps(document))
    return FakeServer(extract(str(path)).contract, Settings(auth=False))


def sent(fake: FakeServer, method: str, target: str, media_type: str, content: bytes) -> Reply:
    headers = (("Host", "localhost"), ("Content-Type", media_type))
    return fake.handle(Call(method=method, target=target, headers=headers, body=content))


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/id", "value": "1"},
        {"op": "add", "path": "/tags/0", "value": "x"},
        {"op": "copy", "from": "/tags", "path": "/tags/-"},
    ],
)
def test_a_patch_of_too_many_operations_is_refused(fake: FakeServer, operation: dict[str, Any]) -> None:
    patch = json.dumps([operation] * (MOST_PATCH_OPERATIONS + 1)).encode()
    reply = sent(fake, "PATCH", "/boats/1", "application/json-patch+json", patch)
    assert reply.status == 400
    assert b"at most 5,000 operations" in reply.body


def test_a_patch_of_fewer_is_applied(fake: FakeServer) -> None:
    patch = json.dumps([{"op": "add", "path": "/tags", "value": ["a"]}] * 50).encode()
    reply = sent(fake, "PATCH", "/boats/1", "application/json-patch+json", patch)
    assert json.loads(reply.body)["tags"] == ["a"]


@pytest.mark.parametrize(
    "document",
    [
        b"<Boat>" + b"<a><b/></a>" * MOST_XML_PARTS + b"</Boat>",
        b"<Boat>" + b"<tags/>" * MOST_XML_PARTS + b"</Boat>",
        b"<Boat>" + b"<tags>x</tags>" * MOST_XML_PARTS + b"</Boat>",
        b"<Boat " + b" ".join(b'a%d="x"' % number for number in range(2 * MOST_XML_PARTS)) + b"/>",
        ("<?xml version='1.0' encoding='utf-16'?><Boat>" + "<tags/>" * 2 * MOST_XML_PARTS + "</Boat>").encode("utf-16"),
    ],
    ids=["nested", "wide", "items", "attributes", "utf-16"],
)
def test_xml_of_too_many_parts_is_refused(fake: FakeServer, document: bytes) -> None:
    reply = sent(fake, "POST", "/boats", "application/xml", document)
    assert reply.status in (400, 413)
    assert b"more than 30,000 elements and attributes in XML" in reply.body


def test_texts_that_look_like_parts_are_read(fake: FakeServer) -> None:
    text = b"&lt;a b=&quot;" * MOST_XML_PARTS
    assert sent(fake, "POST", "/boats", "application/xml", b"<Boat><id>" + text + b"</id></Boat>").status == 201
