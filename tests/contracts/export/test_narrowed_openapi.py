"""What is exported for Schemathesis: promises no more than is documented, and passes on a server that keeps it."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from schemathesis.config import SchemathesisConfig

from docdouble.contracts.cli.export import write_for_schemathesis
from docdouble.contracts.export.narrowed_openapi import for_schemathesis
from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.serving.servers import running
from docdouble.schemas import Call, Contract, Grade, Reply, Schema, Validator, extract
from docdouble.schemas.contract.model import Evidence, with_evidence
from docdouble.schemas.openapi.reader import from_openapi

FIXTURES = Path(__file__).parents[2] / "fakeserver"
RIGHT = {"Id": 1, "Seen": None, "Printed": "2020-01-01T00:00:00"}


def fact(grade: Grade, schema: Schema) -> Schema:
    return with_evidence(schema, Evidence(grade, "page.md", 7))


BOOK = {
    "type": "object",
    "properties": {
        "Id": fact(Grade.STATED, {"type": "integer", "format": "int32"}),
        "Seen": fact(Grade.SAMPLED, {"type": "string"}),
        "Printed": fact(Grade.SHARED, {"type": "string", "format": "date-time"}),
    },
}


@pytest.fixture(scope="module")
def library() -> Contract:
    body = {"text/xml": {}, "application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}
    return from_openapi(
        {
            "openapi": "3.1.0",
            "info": {"title": "Library", "version": "1"},
            "paths": {
                "/books": {
                    "get": {
                        "operationId": "List",
                        "security": [{"Ticket": []}, {"Unknown": []}],
                        "responses": {"200": {"description": "", "content": body}},
                    },
                    "post": {
                        "operationId": "Create",
                        "security": [{"Unknown": []}, {"My Basic": []}],
                        "requestBody": {"content": body},
                        "responses": {"200": {"description": "", "content": body}},
                    },
                }
            },
            "components": {
                "schemas": {"Book": BOOK},
                "securitySchemes": {
                    "Ticket": {"type": "http", "scheme": "SoTicket"},
                    "My Basic": {"type": "http", "scheme": "basic"},
                    "Unknown": {"type": "mutualTLS"},
                },
            },
        }
    )


def exported(contract: Contract) -> dict[str, Any]:
    return for_schemathesis(contract)[0]


def accepts(document: dict[str, Any], name: str, value: Any) -> bool:
    """Tell whether a value fits a named type of the document, to the letter."""
    contract = replace(from_openapi(document), operations=())
    return Validator({"$ref": f"#/components/schemas/{name}"}, contract).is_valid(value)


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"Id": None}, True),  # nothing is documented of null
        ({"Seen": 5}, True),  # only a sample shows what it is
        ({"Extra": 1}, True),
        ({"Id": "1"}, False),
        ({"Id": 2**31}, False),
        ({"Printed": 5}, False),
    ],
)
def test_replies_keep_what_is_documented(library: Contract, changed: dict[str, Any], fits: bool) -> None:
    assert accepts(exported(library), "Book", RIGHT | changed) is fits


def test_what_is_stated_is_sent(library: Contract) -> None:
    document = exported(library)
    assert document["components"]["schemas"]["Book"]["required"] == ["Id", "Printed"]


def test_requests_are_closed(library: Contract) -> None:
    document = exported(library)
    assert accepts(document, "Book.request", {"Id": 1})
    assert not accepts(document, "Book.request", {"Id": 1, "Extra": 1})
    assert not accepts(document, "Book.request", {"Printed": 5})


def test_json_is_sent_and_comes_first(library: Contract) -> None:
    operation = exported(library)["paths"]["/books"]["post"]
    assert list(operation["requestBody"]["content"]) == ["application/json"]
    assert list(operation["responses"]["200"]["content"]) == ["application/json", "text/xml"]


def test_refusals_need_no_documentation(library: Contract, contract: Contract) -> None:
    responses = exported(library)["paths"]["/books"]["get"]["responses"]
    assert {"400", "401", "403", "404", "405", "406", "415", "200"} <= set(responses)
    assert "default" not in responses
    assert "202" not in responses


def test_security_resolves(library: Contract) -> None:
    document, settings = for_schemathesis(library)
    operations = document["paths"]["/books"]
    assert (operations["get"]["security"], operations["post"]["security"]) == ([{"Ticket": []}], [{"My Basic": []}])
    assert document["components"]["securitySchemes"] == {
        "Ticket": {"type": "apiKey", "in": "header", "name": "Authorization"},
        "My Basic": {"type": "http", "scheme": "basic"},
    }
    assert tomllib.loads(settings)["auth"]["openapi"] == {
        "Ticket": {"api_key": "${TICKET_KEY}"},
        "My Basic": {"username": "${MY_BASIC_USERNAME}", "password": "${MY_BASIC_PASSWORD}"},
    }


def test_selections_are_of_documented_names(contract: Contract) -> None:
    (operation,) = exported(contract)["paths"]["/api/v1/Agents/Appointment/AssignTo"].values()
    select = next(parameter for parameter in operation["parameters"] if parameter["name"] == "$select")
    assert "AppointmentId" in select["schema"]["enum"]


def test_writes_are_left_out_unless_asked_for(library: Contract) -> None:
    document, careful = for_schemathesis(library)
    assert [operation.get("tags") for operation in document["paths"]["/books"].values()] == [None, ["writes"]]
    assert tomllib.loads(careful)["operations"] == [{"include-tag": "writes", "enabled": False}]
    assert "operations" not in tomllib.loads(for_schemathesis(library, writes=True)[1])


@pytest.mark.parametrize("source", ["superoffice", str(FIXTURES / "hotel.yaml"), str(FIXTURES / "contact")])
def test_the_files_are_valid(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_for_schemathesis(extract(source).contract, tmp_path)
    text = (tmp_path / "openapi.json").read_text()
    assert "x-docdouble" not in text
    validate(json.loads(text))
    for name in ("BASIC_USERNAME", "BASIC_PASSWORD"):
        monkeypatch.setenv(name, "x")
    settings = SchemathesisConfig.from_path(tmp_path / "schemathesis.toml").projects.default
    modes = (settings.generation, settings.phases.coverage.generation, settings.phases.fuzzing.generation)
    assert {mode.value for group in modes for mode in group.modes} == {"positive"}
    assert (settings.phases.coverage.unexpected_methods, settings.auth.auto_signup) == (set(), False)


class Guarded(FakeServer):
    """A fake that counts its calls by method, and changes answers."""

    def __init__(self, contract: Contract, change: Callable[[Reply], Reply]) -> None:
        super().__init__(contract)
        self.methods: set[str] = set()
        self.change = change

    def handle(self, call: Call) -> Reply:
        self.methods.add(call.method)
        return self.change(super().handle(call))


def accepted(reply: Reply) -> Reply:
    return replace(reply, status=202) if reply.status == 200 else reply


@pytest.mark.slow
@pytest.mark.sockets
@pytest.mark.parametrize(("change", "code"), [(lambda reply: reply, 0), (accepted, 1)], ids=["right", "broken"])
def test_its_own_command_finds_the_broken_and_passes_the_right(
    change: Callable[[Reply], Reply], code: int, hotel: Contract, tmp_path: Path
) -> None:
    kept = tuple(
        operation for operation in hotel.operations if operation.id in ("GuestEntity_Get", "Room_List", "Room_Create")
    )
    small = replace(hotel, operations=kept)
    write_for_schemathesis(small, tmp_path)
    app = Guarded(small, change)
    with running(app) as url:
        command = [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            "openapi.json",
            "--url",
            url,
            "--phases",
            "coverage",
        ]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("ST103" in done.stdout) is bool(code)
    assert app.methods == {"GET"}
