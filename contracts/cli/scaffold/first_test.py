"""The first test of a project: a call of the fake that is answered as documented."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Operation, Reply
from docdouble.schemas.http import is_json

from ...model.text import one_line
from ...reports.python_text import call_lines, in_docstring, literal, mapping, name_of
from ..show import sample_call

MOST_TRIED = 60
"""Operations that are tried, until the fake answers one of them with success."""

_ROOM = 60
_IN_URL = "%/:?#[]@!$&'()*+,;=-._~"
_METHODS = {name.upper(): name for name in ("get", "patch", "post", "head", "put", "delete", "options", "trace")}
"""Methods for which the client has a function."""

_ANY = ("Authorization", "Bearer any")


@dataclass(frozen=True, slots=True)
class _Example:
    operation: Operation
    call: Call
    reply: Reply


def first_test(contract: Contract, settings: Settings, source: str) -> str:
    """Return the text of a test module that passes against the fake of a contract."""
    example = _example(contract, settings)
    heading = f'"""Tests against the fake of {in_docstring(one_line(source))}; docdouble init wrote the first."""\n\n\n'
    if example is None:
        return heading + "def test_the_documentation_can_be_read(contract):\n    assert contract.operations\n"
    return heading + "\n".join(_lines(example)) + "\n"


def _example(contract: Contract, settings: Settings) -> _Example | None:
    server = FakeServer(contract, settings)
    for operation in sorted(contract.operations, key=_effort)[:MOST_TRIED]:
        call = sample_call(contract, operation, settings)
        for tried in _simpler(call):
            reply = server.handle(tried)
            if 200 <= reply.status < 300:
                return _Example(operation, tried, reply)
    return None


def _simpler(call: Call) -> Iterator[Call]:
    """Yield the call as a person would write it, then as it was made."""
    headers = tuple(_ANY if name == _ANY[0] else (name, value) for name, value in call.headers)
    body = json.loads(call.body) if call.body and is_json(call.media_type) else None
    if isinstance(body, dict):
        plain = {name: value for name, value in body.items() if not isinstance(value, dict | list)}
        yield Call(headers, json.dumps(plain).encode(), call.method, call.target)
    yield Call(headers, call.body, call.method, call.target)
    yield call


def _effort(operation: Operation) -> tuple[bool, int, bool, int]:
    """Order operations by how much a call of them has to say."""
    needed = sum(parameter.required is True for parameter in operation.parameters)
    return operation.method != "GET", needed, operation.request is not None, len(operation.path)


def _lines(example: _Example) -> list[str]:
    operation, call, reply = example.operation, example.call, example.reply
    arguments = [literal(quote(call.target, safe=_IN_URL))]
    is_plain = is_json(call.media_type)
    if call.body:
        arguments.append(f"json={_laid_out(json.loads(call.body))}" if is_plain else f"data={call.body!r}")
    if call.method not in _METHODS:
        arguments.append(f"method={literal(call.method)}")
    if headers := [pair for pair in call.headers if pair[0] != "Content-Type" or not is_plain]:
        arguments.append(f"headers={mapping(headers, _ROOM)}")
    return [
        f"def test_{name_of(operation.id) or 'the_first_operation'}(fake_client):",
        f"    # {one_line(operation.label)}; for a client of your own, use fake_api and its address fake_api.url",
        *call_lines(f"    reply = fake_client.{_METHODS.get(call.method, 'open')}(", arguments),
        f"    assert reply.status_code == {reply.status}",
        *_about_the_body(reply),
    ]


def _about_the_body(reply: Reply) -> list[str]:
    if not reply.body or not is_json(reply.media_type):
        return []
    body: Any = json.loads(reply.body)
    if isinstance(body, dict) and body:
        name = next((name for name, value in body.items() if isinstance(value, str | int)), next(iter(body)))
        return [f"    assert {literal(name)} in reply.json"]
    return ["    assert isinstance(reply.json, list)"] if isinstance(body, list) else []


def _laid_out(body: Any) -> str:
    if isinstance(body, dict) and len(literal(body)) > _ROOM:
        return "\n".join(["{", *(f"    {literal(name)}: {literal(value)}," for name, value in body.items()), "}"])
    return literal(body)
