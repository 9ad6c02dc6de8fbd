"""Types in sentences about a response, completed by the samples of operations and of the type's own page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.contract.model import MediaType, reference
from docdouble.schemas.pages.prose_facts import returned_type

from .family_pages import read_pages

KNOWN = {"boat": reference("boat"), "crew member": reference("crew_member"), "file object": reference("file")}

BOAT = (
    "# Boat resource\n\n## Properties\n\n| Name | Type |\n|---|---|\n| id | integer |\n| keel | [Keel](keel.md) |\n\n"
    '## Representation\n\n```json\n{"id": 1, "hull": "string", "keel": {"depth": 2.5, "lead": true}}\n```\n'
)
KEEL = "# Keel resource\n\n## Properties\n\n| Name | Type |\n|---|---|\n| depth | number |\n"


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Returns a [boat](boats.md) object on success.", "boat"),
        ("If successful, this method returns a `200 OK` response code and the updated [Boat](b.md) resource.", "boat"),
        ("Returns a list of [crew member](crew.md#crew-member-object) objects.", "array of crew member"),
        ("Responds with an array of [those](../boat.md#boat-object).", "array of boat"),
        ("This returns all [Boats](boats.md).", "boat"),
        ("Returns the new hull as a [Boat][boat-page] resource.", "boat"),
        ("Returns a [File](file.md) object.", "file object"),
        ("Returns the owner of a [boat](boats.md).", ""),
        ("Returns details about how to [launch](boats.md#launch) it.", ""),
        ("Returns the length of each boat.", ""),
        ("Call it with a [boat](boats.md).", ""),
    ],
)
def test_a_type_is_what_a_sentence_says_to_be_returned(text: str, spelling: str) -> None:
    assert returned_type(text, KNOWN) == spelling


def test_an_answer_is_of_the_linked_type_and_described_by_its_page(tmp_path: Path) -> None:
    page = "# Get a boat\n\n`GET /boats/{id}`\n\n## Response\n\nReturns the [Boat](boat.md) object.\n"
    contract = read_pages(tmp_path, get=page, boat=BOAT, keel=KEEL).contract
    media = answer(contract, "GET /boats/{id}")
    assert media.evidence is not None
    assert (media.evidence.page, media.evidence.grade) == ("boat.md", "shared")
    boat = contract.resolve(media.schema or {})["properties"]
    assert (grades(boat), boat["id"]["type"]) == ({"id": "stated", "keel": "stated", "hull": "sampled"}, "integer")
    assert "type" not in boat["hull"], "a placeholder shows a name and no type"
    assert grades(contract.resolve(boat["keel"])["properties"]) == {"depth": "stated", "lead": "sampled"}


def test_samples_of_answers_complete_the_type(tmp_path: Path) -> None:
    shown = '```json\n{"next": null, "items": [{"id": 1, "name": "Tern"}]}\n```\n'
    page = f"# List boats\n\n`GET /boats`\n\n## Response\n\nReturns a list of [Boat](boat.md) objects.\n\n{shown}"
    contract = read_pages(tmp_path, list=page, boat=BOAT, keel=KEEL).contract
    wrapped = contract.resolve(answer(contract, "GET /boats").schema or {})["properties"]
    assert wrapped.keys() == {"next", "items"}
    assert grades(contract.resolve(wrapped["items"]["items"])["properties"])["name"] == "sampled"


@pytest.mark.parametrize(("shown", "kind"), [("", "array"), ([{"id": 1}], "array"), ({"count": 2}, "object")])
def test_a_list_is_the_answer_where_no_sample_shows_another_one(tmp_path: Path, shown: object, kind: str) -> None:
    sample = f"```json\n{json.dumps(shown)}\n```\n" if shown else ""
    page = f"# List boats\n\n`GET /boats`\n\n## Response\n\nReturns a list of [Boat](boat.md) objects.\n\n{sample}"
    contract = read_pages(tmp_path, list=page, boat=BOAT, keel=KEEL).contract
    assert contract.resolve(answer(contract, "GET /boats").schema or {})["type"] == kind


def test_a_type_that_only_a_sample_shows_has_its_properties(tmp_path: Path) -> None:
    sail = '# Sail resource\n\n## Representation\n\n```json\n{"area": 12.5}\n```\n'
    page = "# Get a sail\n\n`GET /sail`\n\n## Response\n\nReturns the [Sail](sail.md) resource.\n"
    contract = read_pages(tmp_path, get=page, sail=sail).contract
    assert contract.resolve(answer(contract, "GET /sail").schema or {})["properties"]["area"]["type"] == "number"


def answer(contract: Contract, label: str) -> MediaType:
    success = contract.operation(label).success()
    assert success is not None
    return success.media_types[0]


def grades(properties: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: part["x-docdouble-evidence"]["grade"] for name, part in properties.items()}
