"""Places of rows that headings and samples disagree about, and samples that are a part of a response."""

from pathlib import Path

import pytest

from docdouble.schemas.contract.model import Contract, Operation

from .family_pages import read_pages

ROWS = "| Query parameter | Type |\n|---|---|\n| name | string |\n| days | integer |\n"


def rename(sample: str) -> str:
    return f"# Rename\n\n`POST /boats/{{id}}`\n\n## Query parameters\n\n{ROWS}\n## Example\n\n```sh\n{sample}\n```\n"


def properties(contract: Contract, operation: Operation) -> set[str]:
    assert operation.request is not None
    return set(contract.resolve(operation.request.media_types[0].schema or {})["properties"])


def test_query_parameters_that_samples_send_in_the_body_are_of_the_body(tmp_path: Path) -> None:
    page = rename('curl -X POST https://a.test/boats/1 -d \'{"name": "Tern"}\'')
    extraction = read_pages(tmp_path, rename=page)
    (operation,) = extraction.contract.operations
    assert properties(extraction.contract, operation) == {"name", "days"}
    assert not [parameter for parameter in operation.parameters if parameter.location == "query"]


@pytest.mark.parametrize(
    "sample",
    [
        "curl -X POST 'https://a.test/boats/1?name=Tern' -d '{\"name\": \"Tern\"}'",
        "curl -X POST https://a.test/boats/1 -d '{\"keel\": 1}'",
        "curl -X POST https://a.test/boats/1",
    ],
)
def test_query_parameters_stay_where_samples_say_nothing_else(tmp_path: Path, sample: str) -> None:
    extraction = read_pages(tmp_path, rename=rename(sample))
    (operation,) = extraction.contract.operations
    assert [parameter.name for parameter in operation.parameters if parameter.location == "query"] == ["name", "days"]
    assert not any(contradiction.rule == "sample-location" for contradiction in extraction.contradictions)


def test_a_part_of_a_response_is_no_other_response(tmp_path: Path) -> None:
    page = (
        "# Find\n\n`GET /boats`\n\n## Query parameters\n\n"
        "| Name | Type |\n|---|---|\n| crop | integer |\n\n### Example\n\n"
        'This is the response with a cropped name:\n\n```json\n{"id": 1, "name": "Pet…"}\n```\n\n'
        '## Response: `200 OK`\n\n```json\n{"hits": [{"id": 1}], "total": 1}\n```\n'
    )
    contract = read_pages(tmp_path, find=page).contract
    response = contract.operations[0].success()
    assert response is not None
    assert contract.resolve(response.media_types[0].schema or {})["properties"].keys() == {"hits", "total"}
