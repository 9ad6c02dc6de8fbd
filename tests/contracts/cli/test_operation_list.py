"""``docdouble list`` and ``docdouble show`` of what the server offers, and of what it sends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.contracts.cli.operation_list import named_operation, operation_lines
from docdouble.schemas import ConfigError, Contract, Operation, extract
from docdouble.schemas.contract.model import Callback


def body(name: str) -> dict[str, Any]:
    schema = {"type": "object", "required": [name], "properties": {name: {"const": f"the {name}"}}}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "harbour", "version": "1"},
    "paths": {
        "/boats": {
            "get": {
                "operationId": "listLanded",
                "deprecated": True,
                "x-sunset": "2027-01-01",
                "tags": ["boats"],
                "security": [{"o": ["read", "write"], "k": []}, {}],
                "externalDocs": {"url": "https://docs.example"},
                "servers": [{"url": "https://quay.example/v1"}],
                "parameters": [{"name": "old", "in": "query", "deprecated": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "ok"}},
                "callbacks": {"left": {"{$request.query.url}": {"put": body("left")}}},
            },
            "delete": {"operationId": "sinkAll", "deprecated": True, "responses": {}},
        }
    },
    "webhooks": {"landed": {"post": body("landed")}},
    "components": {
        "securitySchemes": {
            "o": {"type": "oauth2", "flows": {}},
            "k": {"type": "apiKey", "in": "query", "name": "key"},
        }
    },
}
LINES = [
    "listLanded  GET     /boats  deprecated, until 2027-01-01",
    "sinkAll     DELETE  /boats  deprecated",
    "landed      webhook POST",
    "left        callback PUT {$request.query.url} of listLanded",
]


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "harbour.json"
    path.write_text(json.dumps(DOCUMENT))
    return str(path)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_the_server_sends_is_listed_and_marked(source: str) -> None:
    assert run("list", source).splitlines() == LINES


def test_a_contract_that_we_wrote_lists_the_same(source: str, tmp_path: Path) -> None:
    written = str(tmp_path / "contract.json")
    run("extract", source, "-o", written)
    assert list(operation_lines(extract(written).contract)) == LINES


@pytest.mark.parametrize("name", ["landed", "POST landed", "left"])
def test_what_the_server_sends_is_sampled(source: str, name: str) -> None:
    shown = run("show", name, source)
    word = name.rpartition(" ")[2]
    assert f'"{word}": "the {word}"' in shown
    assert "which the server sends" in shown
    assert "curl" not in shown


def test_an_operation_is_shown_with_all_that_is_documented_of_it(source: str) -> None:
    shown = run("show", "listLanded", source)
    for words in (
        "deprecated  until 2027-01-01",
        "tags  boats",
        "servers  https://quay.example/v1",
        "more in  https://docs.example",
        "security  o (read, write) and k or nothing",
        "old  query string, deprecated",
        "callback left  PUT {$request.query.url}",
        "'http://127.0.0.1:4010/v1/boats?key=docdouble'",
    ):
        assert words in shown


LANDED, LEFT = Operation("postlanded", "POST", "landed"), Operation("putleft", "PUT", "{$url}")
LIST = Operation("listLanded", "GET", "/boats", callbacks=(Callback("left", LEFT),))


@pytest.mark.parametrize(
    ("name", "path"), [("Landed", "landed"), ("listLanded", "/boats"), ("boats", "/boats"), ("lef", "{$url}")]
)
def test_names_of_operations_come_first_but_for_a_whole_name_of_a_webhook(name: str, path: str) -> None:
    assert named_operation(Contract("t", "1", (LIST,), webhooks=(LANDED,)), name).path == path


def test_an_unknown_name_is_an_error_that_names_operations() -> None:
    with pytest.raises(ConfigError, match="listLanded"):
        named_operation(Contract("t", "1", (LIST,), webhooks=(LANDED,)), "listLandet")
