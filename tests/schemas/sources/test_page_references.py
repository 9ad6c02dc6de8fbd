"""Pages that name an operation of an OpenAPI document in their front matter."""

import json
from pathlib import Path

from docdouble.schemas import extract

from .read_text import failure, labels

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Boats", "version": "1"},
    "paths": {
        f"/boats{rest}": {method: {"operationId": f"{method}Boat", "responses": {"200": {"description": "ok"}}}}
        for rest, method in (("", "get"), ("/{id}", "put"), ("/{id}/old", "delete"))
    },
}


def folder(tmp_path: Path, **pages: str) -> Path:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "boats.json").write_text(json.dumps(DOCUMENT))
    for name, front in pages.items():
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\n{front}\n---\n\n# Words\n")
    return tmp_path


def test_the_operation_of_a_page(tmp_path: Path) -> None:
    named = folder(tmp_path, a="api:\n  file: api/boats.json\n  operationId: putBoat")
    extraction = extract(str(named / "a.md"))
    assert labels(extraction) == ["PUT /boats/{id}"]
    assert extraction.contract.operations[0].page == "api/boats.json"
    assert extraction.documents


def test_a_folder_of_such_pages_has_their_operations_and_no_others(tmp_path: Path) -> None:
    named = folder(
        tmp_path,
        a="api:\n  file: api/boats.json\n  operationId: putBoat",
        b='openapi: "/api/boats.json get /boats"',
        c="api:\n  file: api/boats.json\n  operationId: nothing",
        d="openapi: elsewhere.json",
        e="api: [broken",
    )
    extraction = extract(str(named))
    assert sorted(labels(extraction)) == ["GET /boats", "PUT /boats/{id}"]
    assert [str(failure) for failure in extraction.failures] == [
        "c.md: names the operation 'nothing', which api/boats.json doesn't have"
    ]


def test_documents_stay_in_the_folder(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("---\napi:\n  file: ../api/boats.json\n  operationId: putBoat\n---\n")
    assert "no operation" in failure(tmp_path / "docs" / "a.md")
