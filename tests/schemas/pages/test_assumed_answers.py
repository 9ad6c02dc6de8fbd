"""Answers of writes that no page shows, in families whose other writes answer with the resource."""

from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.pages.family_guess import settings_text
from docdouble.schemas.pages.page_files import guess_folder

from .family_pages import read_pages

SETTINGS = '[answers]\nwrites = "resource" # {} of {} writes that show an answer\n'


def operation(line: str, request: str = "", answer: str = "", status: str = "200 OK") -> str:
    command = f"```sh\ncurl -X {line.replace('{id}', '1').replace(' ', ' https://a.test')} -d '{request}'\n```\n"
    shown = f"\n```http\nHTTP/1.1 {status}\n\n{answer}\n```\n"
    return (
        f"## {line.lower()}\n\n`{line}`\n\n### Sample request\n\n{command if request else ''}\n### Response\n{shown}\n"
    )


def resource(name: str, *, shows: bool, answer: str = "") -> str:
    record = '{"id": 1, "name": "Tern"}'
    change = operation(f"PUT /{name}/{{id}}", '{"name": "Tern"}', (answer or record) if shows else "")
    return f"# {name}\n\n" + operation(f"GET /{name}/{{id}}", "", record) + change


def written(folder: Path, **pages: str) -> Contract:
    return read_pages(folder, **pages).contract


def answered(contract: Contract, label: str) -> dict[str, Any]:
    response = contract.operation(label).success()
    assert response is not None
    return dict(contract.resolve(response.media_types[0].schema or {})) if response.media_types else {}


PAGES = {name: resource(name, shows=True) for name in ("boats", "yards", "piers")}


def test_a_write_answers_with_what_is_read_where_others_show_it(tmp_path: Path) -> None:
    create = operation("POST /mates", '{"name": "Ann"}', status="201 Created")
    secret = operation("PUT /locks/{id}/code", '{"door": 1, "password": "x"}')
    gone = operation("PUT /mates/{id}/leave", '{"name": "Ann"}', status="204 No Content")
    contract = written(tmp_path, **PAGES, mates=resource("mates", shows=False) + create + secret + gone)
    for label in ("PUT /mates/{id}", "POST /mates"):
        schema = answered(contract, label)
        assert schema["properties"].keys() == {"id", "name"}
        assert "required" not in schema
        assert {part["x-docdouble-evidence"]["grade"] for part in schema["properties"].values()} == {"assumed"}
    assert answered(contract, "PUT /locks/{id}/code")["properties"].keys() == {"door"}
    assert not answered(contract, "PUT /mates/{id}/leave")
    assert SETTINGS.format(3, 3) in settings_text(guess_folder(tmp_path)[0])


def test_what_is_shown_or_required_elsewhere_is_not_assumed(tmp_path: Path) -> None:
    other = resource("jobs", shows=True, answer='{"task": 1}')
    rows = "### Response\n\n| Name | Type | Required |\n|---|---|---|\n| id | integer | yes |\n"
    mates = resource("mates", shows=False).replace("### Response\n", rows, 1)
    contract = written(tmp_path, **PAGES, jobs=other, mates=mates)
    assert answered(contract, "PUT /jobs/{id}")["properties"].keys() == {"task"}
    assert answered(contract, "GET /mates/{id}")["required"] == ["id"]
    assert answered(contract, "PUT /mates/{id}")["properties"].keys() == {"id", "name"}
    assert "required" not in answered(contract, "PUT /mates/{id}")


@pytest.mark.parametrize("others", [{}, {"yards": resource("yards", shows=True, answer='{"task": 1}')}])
def test_nothing_is_assumed_where_few_writes_show_it(tmp_path: Path, others: dict[str, str]) -> None:
    pages = {"boats": PAGES["boats"], "piers": PAGES["piers"], "mates": resource("mates", shows=False), **others}
    assert not answered(written(tmp_path, **pages), "PUT /mates/{id}")
    assert "[answers]" not in settings_text(guess_folder(tmp_path)[0])


def test_the_settings_decide(tmp_path: Path) -> None:
    (tmp_path / "docdouble-dialect.toml").write_text('extends = "base"\n[[operation]]\nmark = "code"\n')
    assert not answered(written(tmp_path, **PAGES, mates=resource("mates", shows=False)), "PUT /mates/{id}")
