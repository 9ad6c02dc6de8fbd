"""A table of a resource that stands once on a page, above the operations that take it and answer with it."""

from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas.contract.model import Contract, Operation

from .family_pages import read_pages

RESOURCE = (
    "# Boats\n\n## Boat properties\n\n| Attribute | Type | Description |\n|---|---|---|\n"
    '| id | integer | Its key. <i class="label">read-only</i> |\n'
    '| name | string | Its name. <i class="label">mandatory</i> |\n'
    "| crew | array | See [Boat - Crew data](#boat-crew-data) |\n"
    '| code | string | Of the lock. <i class="label">write-only</i> |\n\n'
    "### Boat - Crew data\n\n| Attribute | Type |\n|---|---|\n| mate | string |\n\n"
)
BOAT = '{"id": 1, "name": "Tern", "crew": []}'


def operation(line: str, request: str = "", response: str = BOAT) -> str:
    command = f"```sh\ncurl -X {line.replace('{id}', '1').replace(' ', ' https://a.test')}{request}\n```\n\n"
    answer = f"> Response:\n\n```json\n{response}\n```\n\n" if response else ""
    return f"## {line.lower().replace('{id}', 'one')}\n\n### HTTP request\n\n`{line}`\n\n{command}{answer}"


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    page = (
        operation("POST /boats", ' -d \'{"name": "Tern"}\'')
        + operation("PUT /boats/{id}", " -d '{\"crew\": []}'")
        + operation("GET /boats", response=f"[{BOAT}]")
        + operation("GET /boats/count", response='{"count": 3}')
        + operation("POST /boats/{id}/copy", response='{"id": 2}')
    )
    return read_pages(tmp_path, boats=RESOURCE + page).contract


def body(contract: Contract, operation: Operation) -> dict[str, Any]:
    assert operation.request is not None
    return dict(contract.resolve(operation.request.media_types[0].schema or {}))


def answer(contract: Contract, label: str) -> dict[str, Any]:
    response = contract.operation(label).success()
    assert response is not None
    schema = contract.resolve(response.media_types[0].schema or {})
    return dict(contract.resolve(schema["items"]) if "items" in schema else schema)


def test_writes_take_what_is_not_read_only(contract: Contract) -> None:
    create, change = (body(contract, contract.operation(label)) for label in ("POST /boats", "PUT /boats/{id}"))
    assert create["properties"].keys() == change["properties"].keys() == {"name", "crew", "code"}
    assert create["properties"]["crew"]["items"]["properties"].keys() == {"mate"}
    assert create["required"] == ["name"]
    assert "required" not in change


def test_answers_have_what_is_not_write_only(contract: Contract) -> None:
    for label in ("POST /boats", "PUT /boats/{id}", "GET /boats"):
        assert answer(contract, label)["properties"].keys() == {"id", "name", "crew"}
        assert "required" not in answer(contract, label)


def test_what_shows_something_else_is_not_the_resource(contract: Contract) -> None:
    assert answer(contract, "GET /boats/count")["properties"].keys() == {"count"}
    assert contract.operation("GET /boats").request is None


def test_the_key_alone_is_not_the_resource(contract: Contract) -> None:
    assert answer(contract, "POST /boats/{id}/copy")["properties"].keys() == {"id"}


def test_a_part_of_a_resource_is_none_itself(tmp_path: Path) -> None:
    resource = RESOURCE.replace("Boat - Crew data", "Crew properties").replace("boat-crew-data", "crew-properties")
    pages = operation("GET /boats") + operation("GET /boats/{id}/crew", response='{"mate": "Ann"}')
    contract = read_pages(tmp_path, boats=resource + pages).contract
    mate = answer(contract, "GET /boats/{id}/crew")["properties"]["mate"]
    assert mate["x-docdouble-evidence"]["grade"] == "sampled"
