"""Pages that hold an operation of OpenAPI in their front matter, packed."""

import json
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

from docdouble.schemas import extract

from .read_text import labels

LIST = {
    "operationId": "listBoats",
    "method": "get",
    "path": "/boats",
    "parameters": [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}],
    "responses": {"200": {"description": "the boats"}},
    "servers": [{"url": "https://harbour.example/v1"}],
    "security": [{"key": []}],
    "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
}
MOOR = {"method": "post", "path": "/boats", "responses": {"201": {"description": "moored"}}, "servers": LIST["servers"]}


def write(folder: Path, name: str, operation: Any) -> None:
    packed = b64encode(zlib.compress(json.dumps(operation).encode())).decode()
    endpoint = '<MethodEndpoint method={"get"} path={"/other"}>\n</MethodEndpoint>\n'
    (folder / f"{name}.api.mdx").write_text(f"---\nid: {name}\napi: {packed}\n---\n\n{endpoint}")


def test_the_operations_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "list", LIST)
    write(tmp_path, "moor", MOOR)
    (tmp_path / "intro.mdx").write_text("# Boats\n")
    extraction = extract(str(tmp_path))
    contract = extraction.contract
    assert sorted(labels(extraction)) == ["GET /boats", "POST /boats"]
    listed = next(one for one in contract.operations if one.method == "GET")
    assert [(one.name, one.location, one.required) for one in listed.parameters] == [("limit", "query", True)]
    assert str(listed.evidence).startswith("list.api.mdx#")
    assert [server.url for server in contract.servers] == ["https://harbour.example/v1"]
    assert list(contract.security_schemes) == ["key"]
    assert extraction.skipped == ("intro.mdx",)


def test_the_operation_of_a_page(tmp_path: Path) -> None:
    write(tmp_path, "moor", MOOR)
    assert labels(extract(str(tmp_path / "moor.api.mdx"))) == ["POST /boats"]


def test_what_holds_no_operation_is_read_as_a_page(tmp_path: Path) -> None:
    for number, operation in enumerate(([], {"path": 1}, "x")):
        write(tmp_path, f"a{number}", operation)
    (tmp_path / "b.mdx").write_text(
        "---\napi: eJztWN1v2zYQnotpacked\n---\n\n# Boats\n\n`GET /boats/{id}`\n\n`PUT /boats/{id}`\n"
    )
    assert "GET /boats/{id}" in labels(extract(str(tmp_path)))
