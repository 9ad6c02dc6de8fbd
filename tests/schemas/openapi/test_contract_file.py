"""A document that we wrote is read part by part; any other as a whole."""

import os
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from docdouble.schemas import Contract, Operation, extract, shipped
from docdouble.schemas.contract.model import reference
from docdouble.schemas.openapi import contract_file as stored_module
from docdouble.schemas.openapi.contract_file import (
    DIGEST,
    contract_file_bytes,
    openapi_json,
    read_stored,
    unread_operation,
    written_schema,
)
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi

MOST = 2**20
OK = {"responses": {"200": {"description": "OK"}}}
LENT = {"responses": {"200": {"description": "", "content": {"text/json": {"schema": reference("Book")}}}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "library", "version": "1"},
    "servers": [{"url": "/"}, {"url": "https://b"}],
    "x-docdouble-dialect": "superoffice",
    "paths": {
        "/book/{id}": {"get": {"operationId": "getBook", **LENT}, "put": {"operationId": "putBook", **OK}},
        '/"quoted\\ ☂\n": {': {"post": {**OK}},
    },
    "components": {
        "schemas": {"Book": {"type": "object", "properties": {"Next": reference("Book")}}, "-": {}},
        "securitySchemes": {"Basic": {"type": "http", "scheme": "basic"}},
    },
}
CONTRACT = from_openapi(DOCUMENT, "a.json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(contract_file_bytes(to_openapi(CONTRACT)))
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels of the operations that are read, as they are read."""
    labels: list[str] = []
    real = stored_module.operation_from_openapi

    def operation_from_openapi(data: Any, method: str, path: str, source: str) -> Operation:
        labels.append(f"{method} {path}")
        return real(data, method, path, source)

    monkeypatch.setattr(stored_module, "operation_from_openapi", operation_from_openapi)
    return labels


def stored(path: Path) -> Contract:
    contract = read_stored(path, "a.json", MOST)
    assert contract
    return contract


def test_it_is_what_was_written(path: Path) -> None:
    assert stored(path) == CONTRACT == extract(str(path)).contract


def test_it_is_json_that_ends_in_its_digest(path: Path) -> None:
    text = path.read_bytes()
    document = orjson.loads(text)
    digest = document.pop(DIGEST)
    assert document == to_openapi(CONTRACT)
    assert text.endswith(f'\n  "{DIGEST}": "{digest}"\n}}\n'.encode())


def test_names_cost_no_reading(path: Path, read: list[str]) -> None:
    contract = stored(path)
    assert [(operation.id, operation.label) for operation in contract.operations[:2]] == [
        ("getBook", "GET /book/{id}"),
        ("putBook", "PUT /book/{id}"),
    ]
    assert contract.operation("putbook") is contract.operations[1]
    assert (list(contract.schemas), len(contract.schemas), "None" in contract.schemas) == (["Book", "-"], 2, False)
    assert read == []


def test_an_operation_is_read_when_it_is_asked_for(path: Path, read: list[str]) -> None:
    operation = stored(path).operation("getBook")
    assert [response.status for response in (*operation.responses, *operation.responses)] == ["200", "200"]
    assert read == ["get /book/{id}"]


def test_a_schema_is_read_once(path: Path) -> None:
    schemas = stored(path).schemas
    assert schemas["Book"] is schemas["Book"]
    with pytest.raises(KeyError):
        schemas["None"]


def test_an_empty_contract(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(contract_file_bytes(to_openapi(Contract("", "", ()))))
    assert stored(tmp_path / "a.json") == Contract("", "", ())


@pytest.mark.parametrize("save", ["in place", "new file"])
def test_a_file_that_changes_does_not_change_what_was_read(path: Path, save: str) -> None:
    contract = stored(path)
    if save == "new file":
        path.unlink()
    path.write_bytes(contract_file_bytes(to_openapi(from_openapi({**DOCUMENT, "paths": {}}))))
    assert contract == CONTRACT


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace(b"putBook", b"setBook"),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text + b"\n",
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: orjson.dumps(orjson.loads(text)),
        lambda text: orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2),
    ],
)
def test_an_edited_document_is_read_as_a_whole(path: Path, edit: Any) -> None:
    path.write_bytes(edit(path.read_bytes()))
    assert read_stored(path, "a.json", MOST) is None
    assert [operation.path for operation in extract(str(path)).contract.operations] == [
        operation.path for operation in CONTRACT.operations
    ]


def test_what_an_edit_broke_is_reported(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"schemas/Book", b"schemas/Bok"))
    broken = extract(str(path)).contradictions
    assert broken
    assert all("did you mean 'Book'" in problem.message for problem in broken)


def test_a_document_too_large_is_none(path: Path) -> None:
    assert read_stored(path, "a.json", path.stat().st_size - 1) is None
    assert read_stored(path, "a.json", path.stat().st_size)


@pytest.mark.parametrize("text", [b"", b"{}", b"a" * 200, DIGEST.encode() * 9])
def test_any_other_file_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.json").write_bytes(text)
    assert read_stored(tmp_path / "a.json", "a.json", MOST) is None


def test_what_is_no_file_is_none(tmp_path: Path) -> None:
    assert read_stored(tmp_path / "none.json", "", MOST) is None
    assert read_stored(tmp_path, "", MOST) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_left_for_whoever_reads_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert read_stored(tmp_path / "a.json", "", MOST) is None


def test_shipped_contracts_are_read_part_by_part(read: list[str]) -> None:
    for name in shipped():
        assert extract(name).contract.operations
    assert read == []


def test_it_is_pickled_unread(path: Path, read: list[str]) -> None:
    contract = pickle.loads(pickle.dumps(stored(path)))
    assert (contract.operations[0].label, read) == ("GET /book/{id}", [])
    assert contract == CONTRACT


def test_it_is_reported_as_openapi_unread(path: Path, read: list[str]) -> None:
    contract = stored(path)
    assert orjson.loads(openapi_json(contract, ("/fake",))) == {**to_openapi(CONTRACT), "servers": [{"url": "/fake"}]}
    assert read == []


def test_another_contract_is_reported_as_it_is(path: Path) -> None:
    fewer = replace(stored(path), operations=CONTRACT.operations[:1])
    assert orjson.loads(openapi_json(fewer, ())) == {**to_openapi(fewer), "servers": []}
    assert orjson.loads(openapi_json(CONTRACT, ("/",)))["paths"] == to_openapi(CONTRACT)["paths"]


def test_an_empty_contract_is_reported_as_openapi(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(contract_file_bytes(to_openapi(Contract("", "", ()))))
    empty = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}, "components": {}, "servers": []}
    assert orjson.loads(openapi_json(stored(tmp_path / "a.json"), ())) == empty


def test_a_document_of_anybody_is_kept_as_it_is(tmp_path: Path) -> None:
    others = {"get": {"operationId": "none", **OK}, "x-additionalOperations": {"QUERY": {"operationId": "no", **OK}}}
    document = {
        **DOCUMENT,
        "paths": {
            **DOCUMENT["paths"],
            "/books": {"summary": "All", "x-additionalOperations": {"QUERY": {"operationId": "queryBooks", **LENT}}},
            "x-note": others,
        },
    }
    (tmp_path / "a.json").write_bytes(contract_file_bytes(document))
    contract = stored(tmp_path / "a.json")
    known = [(operation.id, operation.label) for operation in from_openapi(document, "a.json").operations]
    assert [(operation.id, operation.label) for operation in contract.operations] == known
    assert known[-1] == ("queryBooks", "QUERY /books")
    assert [response.status for response in contract.operations[-1].responses] == ["200"]


def test_resources_are_read_when_they_are_asked_for(
    tmp_path: Path, hotel: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_bytes(contract_file_bytes(to_openapi(hotel)))
    asked: list[Any] = []
    real = stored_module.read_resources
    monkeypatch.setattr(stored_module, "read_resources", lambda node: asked.append(node) or real(node))
    contract = stored(tmp_path / "a.json")
    assert orjson.loads(openapi_json(contract, ())) == {**to_openapi(hotel), "servers": []}
    assert not asked
    assert contract.resources == hotel.resources
    assert hotel.resources.resources


def test_only_the_rest_of_a_document_is_read_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents: list[Any] = []
    real = stored_module.document_root
    monkeypatch.setattr(stored_module, "document_root", lambda *args: documents.append(args[0]) or real(*args))
    stored(path)
    (rest,) = documents
    assert (rest["paths"], rest["components"]["schemas"], rest["info"]) == ({}, {}, DOCUMENT["info"])


def test_the_text_of_what_nobody_has_read(path: Path) -> None:
    contract, document = stored(path), to_openapi(CONTRACT)
    for operation in contract.operations:
        text = bytes(unread_operation(operation) or b"")
        assert text.endswith(b"}")
        assert orjson.loads(text) == document["paths"][operation.path][operation.method.lower()]
    for name, schema in document["components"]["schemas"].items():
        text = bytes(written_schema(contract.schemas, name) or b"")
        assert text.endswith(b"}")
        assert orjson.loads(text) == schema


def test_there_is_no_text_of_what_was_read_or_is_of_anybody_else(path: Path) -> None:
    contract = stored(path)
    assert contract.operations[0].responses
    assert unread_operation(contract.operations[0]) is None
    assert unread_operation(CONTRACT.operations[0]) is None
    deferred = Operation.deferred(CONTRACT.operations[0].success, id="a", method="GET", path="/")
    assert unread_operation(deferred) is None
    assert written_schema(contract.schemas, "None") is None
    assert written_schema(CONTRACT.schemas, "Book") is None
