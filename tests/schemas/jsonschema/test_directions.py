"""Directions of a contract that is read from its file, of which nothing is read to find out that it has none."""

from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Contract, extract
from docdouble.schemas.contract.media_types import SEQUENCES
from docdouble.schemas.jsonschema.directions import directed
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi


def written(folder: Path, schema: dict[str, Any], name: str = "application/json") -> Contract:
    """Return a contract of one operation, read from its file."""
    response = {"description": "", "content": {name: {"schema": {"$ref": "#/components/schemas/Loan"}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Library", "version": "1"},
        "components": {"schemas": {"Loan": schema}},
        "paths": {"/loans": {"get": {"operationId": "loans", "responses": {"200": response}}}},
    }
    source, stored = folder / "source.json", folder / "contract.json"
    source.write_bytes(contract_file_bytes(document))
    stored.write_bytes(contract_file_bytes(to_openapi(extract(str(source)).contract)))
    return extract(str(stored)).contract


PLAIN = {"type": "object", "properties": {"Due": {"type": "string"}}}


def test_a_contract_without_directions_stays_itself_however_often_it_is_asked(tmp_path: Path) -> None:
    contract = written(tmp_path, PLAIN)
    assert directed(contract) is directed(contract) is contract


@pytest.mark.parametrize("name", sorted(SEQUENCES))
def test_sequences_are_found_in_what_is_not_yet_read(name: str, tmp_path: Path) -> None:
    contract = written(tmp_path, PLAIN, name)
    assert directed(contract) is not contract


@pytest.mark.parametrize("keyword", ["readOnly", "writeOnly"])
def test_directions_of_properties_are_found_in_what_is_not_yet_read(keyword: str, tmp_path: Path) -> None:
    plain = written(tmp_path, PLAIN)
    assert directed(plain) is plain
    contract = written(tmp_path, {"type": "object", "properties": {"Due": {"type": "string", keyword: True}}})
    assert directed(contract) is not contract
