"""Pages that hold an operation of OpenAPI in their front matter, packed."""

import json
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import PageError, extract

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
    listed = next(operation for operation in contract.operations if operation.method == "GET")
    assert [(parameter.name, parameter.location, parameter.required) for parameter in listed.parameters] == [
        ("limit", "query", True)
    ]
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


ENDPOINT = """---
id: list
---

<Heading
  as={"h1"}
  className={"openapi__heading"}
  children={"List boats"}
>
</Heading>

<MethodEndpoint
  method={"get"}
  path={"/docks/{dock_id}/boats"}
  context={"endpoint"}
>
</MethodEndpoint>

"""
PROPERTIES = {
    "ParamsDetails": {
        "parameters": [{"name": "dock_id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    },
    "StatusCodes": {"responses": {"200": {"description": "the {boats}"}}},
}


def components(inside: bool) -> str:
    """Return the components of a page, with their properties ``inside`` or those of files."""
    written = {
        name: "".join(f" {key}={{{json.dumps(value)}}}" for key, value in properties.items())
        for name, properties in PROPERTIES.items()
    }
    required = {name: f' {{...require("./list.{name}.json")}}' for name in PROPERTIES}
    tags = (f"<{name}\n {text}\n></{name}>\n" for name, text in (written if inside else required).items())
    return ENDPOINT + "".join(tags) + "<RequestSchema body={undefined}></RequestSchema>\n"


@pytest.mark.parametrize("inside", [True, False])
def test_the_parts_of_an_operation_are_properties_of_components(tmp_path: Path, inside: bool) -> None:
    (tmp_path / "list.api.mdx").write_text(components(inside))
    for name, properties in PROPERTIES.items():
        (tmp_path / f"list.{name}.json").write_text(json.dumps(properties))
    (operation,) = extract(str(tmp_path)).contract.operations
    assert (operation.label, operation.summary) == ("GET /docks/{dock_id}/boats", "List boats")
    assert [(parameter.location, parameter.name, parameter.schema["type"]) for parameter in operation.parameters] == [
        ("path", "dock_id", "integer")
    ]
    assert [(response.status, response.description) for response in operation.responses] == [("200", "the {boats}")]


def test_parts_of_an_operation_in_files_elsewhere_are_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "list.api.mdx").write_text(components(inside=False))
    for name, properties in PROPERTIES.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(properties))
        (folder / f"list.{name}.json").symlink_to(tmp_path / f"{name}.json")
    with pytest.raises(
        PageError, match=r"list.api.mdx:19: list.ParamsDetails.json can't be read: no file beside the page"
    ):
        extract(str(folder))
