"""The file of tests: red against the server that broke the promises, green against one that keeps them."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.events import OperationResult, Run, RunDone, RunStarted
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.pytest_file import pytest_file
from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.serving.servers import running
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.openapi.reader import from_openapi

BOOK = {
    "type": "object",
    "required": ["Id"],
    "properties": {
        "Id": {"type": "integer", "format": "int32"},
        "Kind": {"enum": ["novel", "atlas"]},
        "Isbn": {"type": "string", "minLength": 10},
        "Printed": {"type": "string", "format": "date-time"},
        "Owner": {"$ref": "#/components/schemas/Owner"},
        "Loans": {"type": "array", "items": {"$ref": "#/components/schemas/Loan"}},
    },
}
PATHS = {
    "/books": {
        "post": {
            "operationId": "Book_Lend",
            "requestBody": {"content": {"application/json": {"schema": {"properties": {"Days": {"type": "integer"}}}}}},
            "security": [{"Basic": []}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": BOOK}}}},
        }
    }
}
COMPONENTS = {
    "schemas": {
        "Owner": {"type": "object", "required": ["Name"], "properties": {"Name": {"type": "string"}}},
        "Loan": {"type": "object", "properties": {"Days": {"type": "integer", "maximum": 30}}},
    },
    "securitySchemes": {"Basic": {"type": "http", "scheme": "basic"}},
}
RIGHT = {
    "Id": 1,
    "Kind": "novel",
    "Isbn": "9780000000",
    "Printed": "2020-01-01T00:00:00Z",
    "Owner": {"Name": "Ada"},
    "Loans": [{"Days": 1}, {"Days": 2}],
}
Change = Callable[[Call, Reply], Reply]


class Library(FakeServer):
    """A server that gives one right book, changed by a function."""

    def __init__(self, contract: Contract, change: Change) -> None:
        super().__init__(contract, Settings(state="off"))
        self.change = change

    def handle(self, call: Call) -> Reply:
        reply = super().handle(call)
        return self.change(call, replace(reply, body=json.dumps(RIGHT).encode()) if reply.status == 200 else reply)


def book(**changed: Any) -> Change:
    def change(call: Call, reply: Reply) -> Reply:
        return replace(reply, body=json.dumps(RIGHT | changed).encode()) if reply.status == 200 else reply

    return change


def unchanged(call: Call, reply: Reply) -> Reply:
    return reply


@pytest.fixture(scope="module")
def library() -> Contract:
    info = {"title": "Lending library", "version": "1"}
    return from_openapi({"openapi": "3.1.0", "info": info, "paths": PATHS, "components": COMPONENTS})


def as_run(contract: Contract, *results: OperationResult, url: str = "http://x", secret: tuple[str, ...] = ()) -> Run:
    started = RunStarted(contract, contract.operations, "", url, secret_headers=secret)
    return Run(started, results, RunDone(1.0))


def verified(contract: Contract, app: FakeServer, url: str = "http://x") -> Run:
    transport = Transport(WsgiTarget(app), lambda call: True, budget := Budget(max_examples=3, boundaries=3))
    return as_run(contract, Runner(contract, transport, budget).verify(contract.operations[0]), url=url)


def outcome(path: Path, **environment: str) -> str:
    """Run files of tests as their readers would, without our plugin."""
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "--rootdir", str(path)]
    variables = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    return subprocess.run([*command, str(path)], env=variables, capture_output=True, text=True, check=False).stdout


def status(code: int) -> Change:
    return lambda call, reply: replace(reply, status=code) if reply.status == 200 else reply


def media_type(name: str) -> Change:
    return lambda call, reply: replace(reply, headers=(("Content-Type", name),)) if reply.status == 200 else reply


def let_in(call: Call, reply: Reply) -> Reply:
    body = json.dumps(RIGHT).encode()
    return Reply((("Content-Type", "application/json"),), body) if reply.status == 401 else reply


BROKEN: dict[str, Change] = {
    "type": book(Id="1"),
    "type-inside": book(Owner={"Name": 5}),
    "enum": book(Kind="tale"),
    "length": book(Isbn="short"),
    "format": book(Printed="yesterday"),
    "integer-range": book(Id=2**31),
    "maximum-of-items": book(Loans=[{"Days": 3}, {"Days": 31}]),
    "required": book(Owner={}),
    "undocumented": book(Extra=1),
    "status": status(202),
    "server-error": status(500),
    "media-type": media_type("text/plain"),
    "no-json": lambda call, reply: replace(reply, body=b"{") if reply.status == 200 else reply,
    "credentials": let_in,
}


@pytest.mark.slow
@pytest.mark.sockets
def test_red_against_the_broken_green_against_the_right(library: Contract, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        for name, change in BROKEN.items():
            broken = Library(library, change)
            url = stack.enter_context(running(broken))
            (tmp_path / f"test_{name}.py").write_bytes(pytest_file(verified(library, broken, url)))
        red = outcome(tmp_path)
        green = outcome(tmp_path, BASE_URL=stack.enter_context(running(Library(library, unchanged))))
    assert set(re.findall(r"^FAILED \S*/test_([\w-]+)\.py", red, re.MULTILINE)) == set(BROKEN), red
    assert not re.findall(r"^(?:PASSED|SKIPPED|ERROR) .*", red, re.MULTILINE), red
    assert not re.findall(r"^(?:FAILED|SKIPPED|ERROR) .*", green, re.MULTILINE), green


def test_the_files_are_clean(library: Contract, tmp_path: Path) -> None:
    for name, change in BROKEN.items():
        (tmp_path / f"test_{name}.py").write_bytes(pytest_file(verified(library, Library(library, change))))
    ruff = [sys.executable, "-m", "ruff"]
    for command in (
        ["check", "--isolated", "--line-length", "120", "--select", "E,F,I,W,UP,B,D301"],
        ["format", "--check", "--isolated"],
    ):
        done = subprocess.run([*ruff, *command, str(tmp_path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def finding(contract: Contract, **changed: Any) -> Finding:
    operation = contract.operations[0]
    call = Call((("Content-Type", "application/json"),), b"{}", "POST", "/books")
    case = Case(operation, call, Purpose.VALID, Origin.RANDOM)
    original = Finding("odd", Severity.ERROR, operation.id, "a", "b", case=case, reply=Reply(body=b'{"Id": 3}'))
    return replace(original, **changed)


def written(contract: Contract, *findings: Finding, secret: tuple[str, ...] = ()) -> str:
    result = OperationResult(contract.operations[0], 1, findings)
    return pytest_file(as_run(contract, result, secret=secret)).decode()


def test_a_promise_of_an_unknown_check_is_left_to_docdouble(library: Contract) -> None:
    text = written(library, finding(library))
    assert 'pytest.skip("docdouble verify tells whether this is mended: odd")' in text


def test_what_can_be_reported_of_chains_and_methods_is_reported(library: Contract) -> None:
    gone = written(library, finding(library, check="deleted-gone", rule="read"))
    assert "assert reply.status_code in [404, 410], reply.text" in gone
    accepted = written(library, finding(library, check="method", rule="accepted"))
    assert "assert not 200 <= reply.status_code < 300, reply.text" in accepted
    for check in ("deleted-gone", "method"):
        assert "pytest.skip(" in written(library, finding(library, check=check, rule="other"))


def test_a_value_that_broke_it_is_not_to_come_again(library: Contract) -> None:
    text = written(library, finding(library, pointer="/Id"))
    assert 'for value in values(reply, "/Id"):\n        assert value != 3\n' in text


def test_notes_are_left_out_and_names_are_unique(library: Contract) -> None:
    note = finding(library, severity=Severity.NOTE)
    other = finding(library, rule="?")
    text = written(library, note, finding(library), other)
    assert re.findall(r"def (test_\w+)", text) == ["test_book_lend_odd", "test_book_lend_odd_2"]


def test_the_calls_of_a_chain_are_sent_first(library: Contract) -> None:
    failing = finding(library, check="server-error")
    assert failing.case
    text = written(library, replace(failing, before=(failing.case, failing.case)))
    assert text.count("    send(") == 2
    assert text.index("    send(") < text.index("    reply = send(")


def test_a_text_from_the_server_stays_a_text(library: Contract, tmp_path: Path) -> None:
    odd = 'end"""\n\\x \u202e \\'
    text = written(library, finding(library, got=odd, expected='"', check="server-error"))
    compile(text, "test.py", "exec")
    assert '"""\n\\x' not in text
    assert "\u202e" not in text


@pytest.mark.sockets
def test_credentials_come_from_the_environment(library: Contract, tmp_path: Path) -> None:
    failing = finding(library, check="documented-status", reply=Reply(status=401))
    (tmp_path / "test_it.py").write_text(written(library, failing, secret=("Authorization",)))
    with running(Library(library, unchanged)) as url:
        without = outcome(tmp_path, BASE_URL=url, AUTHORIZATION="")
        right = outcome(tmp_path, BASE_URL=url, AUTHORIZATION="Basic ZGVzazpib29rcw==")
        wrong = outcome(tmp_path, BASE_URL=url, AUTHORIZATION="nobody")
    assert "set AUTHORIZATION to the value of the header Authorization" in without
    assert ("1 passed" in right, "1 failed" in wrong) == (True, True)


def test_a_missing_property_and_one_without_a_place_have_assertions_of_their_own(library: Contract) -> None:
    def lines(**fields: str) -> str:
        return written(library, finding(library, **fields))

    assert '"Id" in value' in lines(check="response-schema", rule="required", pointer="/0/Id")
    assert '"Id" not in value' in lines(check="response-schema", rule="additionalProperties", pointer="/0/Id")
    assert "pytest.skip" in lines(check="undocumented-field", rule="undocumented", pointer="/*")
