"""The locustfile that is written for people: it is Python, short, and names each operation."""

import ast

import pytest

from docdouble.contracts.load.contract_load import planned_tasks
from docdouble.contracts.load.load_options import LoadOptions
from docdouble.contracts.load.written_locustfile import locustfile_text
from docdouble.schemas import Contract
from docdouble.schemas.openapi.reader import from_openapi

from .loaded import URL


def text_of(contract: Contract, **options: object) -> str:
    settings = LoadOptions(**{"sources": ("openapi.yaml",), "url": URL, **options})  # type: ignore[arg-type]
    return locustfile_text(contract, planned_tasks(contract, settings)[1], settings)


def test_it_has_a_task_for_each_operation(hotel_of_docs: Contract) -> None:
    text = text_of(hotel_of_docs, fail_if=("p95>300ms",), reports=(("html", 'a "b".html'),))
    assert 'API = contract_api("openapi.yaml", url="http://127.0.0.1:4010", fail_if=["p95>300ms"], reports=' in text
    (user,) = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    tasks = [node for node in user.body if isinstance(node, ast.FunctionDef)]
    assert [task.name for task in tasks] == ["list_guests", "create_guest", "get_guest"]
    assert "    @task(2)\n    def create_guest(self) -> None:\n" in text
    assert 'self.chain("createGuest")' in text
    assert "deleteGuest" not in text


@pytest.mark.parametrize("name", ["import", "2nd", "client", 'a"""b', "æ", "get-It.All", "on_start"])
def test_any_operation_has_a_name_of_its_own(name: str) -> None:
    there = {"responses": {"200": {"description": "OK"}}}
    paths = {f"/{number}": {"get": {"operationId": f"{name}{' ' * number}", **there}} for number in range(2)}
    document = {"openapi": "3.1.0", "info": {"title": 'A """title"""\\', "version": ""}, "paths": paths}
    text = text_of(from_openapi(document, "odd.json"))
    (user,) = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    names = [node.name for node in user.body if isinstance(node, ast.FunctionDef)]
    assert len(set(names)) == 2
    assert not {"client", "on_start", "import"} & set(names)
    assert all(name.isidentifier() for name in names)
