"""``docdouble show``: one operation, as a tree with a sample call."""

import json
from dataclasses import replace
from typing import Any

from rich.console import Console

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.fakeserver.http.documented import documented_answer
from docdouble.fakeserver.http.negotiate import writable_media_types
from docdouble.fakeserver.sampler.explain_samples import ExplainedField, explain_samples
from docdouble.schemas import Body, Call, Contract, Operation, Response
from docdouble.schemas.contract.base_paths import base_path
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.http import Message, is_json

from ..cases.baseline_request import call_of
from ..cases.draft import Draft
from ..client.placeholder_credentials import with_placeholder
from ..client.target import FAKE_URL
from ..output.echo import printed
from ..output.styled_text import console_for, print_table, print_text, styled, styled_lines
from ..reports.curl import curl
from .operation_list import is_sent_by_server
from .operation_tree import operation_tree

_WIDE = 400
"""Columns where the output is no terminal: nothing is cut."""

_FIELD_HEADINGS = ("field", "type", "from", "because", "example")


def show(contract: Contract, operation: Operation, settings: Settings) -> None:
    """Print the operation, a request that keeps to it, and what a fake of these settings answers."""
    console = console_for(columns=_WIDE)
    call = sample_call(contract, operation, settings)
    if is_sent_by_server(contract, operation):
        print_text(console, operation_tree(operation, contract))
        _print_part(console, "sample request, which the server sends", _shown(call) or f"{call.method} without a body")
        return
    reply = FakeServer(contract, settings).handle(call)
    print_text(console, operation_tree(operation, contract))
    for title, message in (("sample request", call), (f"sample answer: {reply.status} {reply.reason}", reply)):
        if message.body:
            _print_part(console, title, _shown(message))
    _print_part(console, "curl", curl(call, FAKE_URL + base_path(contract, operation)))


def _print_part(console: Console, title: str, text: str) -> None:
    print_text(console, styled(""), styled(title, "bold"), *styled_lines(text))


def show_sampling(contract: Contract, operation: Operation, settings: Settings) -> None:
    """Print where the data of each field of an operation's bodies comes from, and why."""
    console = console_for(columns=_WIDE)
    sampler = Answerer(contract, settings).sampler
    answer = documented_answer(operation)
    for title, body in (("request", operation.request), (f"answer {answer.status}" if answer else "", answer)):
        schema = primary_schema(body.media_types) if body else None
        if schema is not None:
            heading = f"{title} of {operation.label}{_instead(body, settings)}"
            _print_fields(console, heading, [_cells(sample) for sample in explain_samples(sampler, schema)])


def _instead(body: Body | Response | None, settings: Settings) -> str:
    """Return a remark where an answer isn't generated at all, empty elsewhere."""
    has_sample = isinstance(body, Response) and any(media_type.samples for media_type in body.media_types)
    return ", where the documented sample isn't sent" if has_sample and settings.answers == "documented" else ""


def _cells(field: ExplainedField) -> tuple[str, ...]:
    """Return a field as the cells of its line."""
    source = f"{field.source} of {field.of}" if field.of else field.source
    example = json.dumps(field.example, ensure_ascii=False)
    return field.pointer or "/", field.kind, source, field.why, example


def _print_fields(console: Console, title: str, lines: list[tuple[str, ...]]) -> None:
    """Print a table on a terminal, else aligned text."""
    if console.is_terminal:
        print_table(console, title, _FIELD_HEADINGS, lines)
        return
    lines = [tuple(map(printed, line)) for line in lines]
    widths = [max(map(len, column)) for column in zip(_FIELD_HEADINGS, *lines, strict=True)]
    print_text(console, styled(title))
    for line in (_FIELD_HEADINGS, *lines):
        padded = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print_text(console, styled(padded.rstrip()))


def _shown(message: Message) -> str:
    if not message.body:
        return ""
    if is_json(message.media_type):
        return json.dumps(json.loads(message.body), indent=2, ensure_ascii=False)
    return f"{len(message.body)} bytes of {message.media_type}"


def sample_call(contract: Contract, operation: Operation, settings: Settings) -> Call:
    """Return a call with made-up credentials that keeps to what is documented of the operation."""
    samples = Answerer(contract, settings).sample_requests
    parameters: dict[str, dict[str, Any]] = {}
    for parameter in operation.parameters:
        if parameter.required or parameter.location == "path":
            value = samples.parameter(operation, parameter)
            parameters.setdefault(parameter.location, {})[parameter.name] = value
    draft = Draft(operation, contract, parameters)
    if operation.request and (names := writable_media_types(operation.request.media_types, contract)):
        name = next(filter(is_json, names), names[0])
        body = samples.upload(operation, name)
        draft = replace(draft, body=body, media_type=name)
    return with_placeholder(call_of(draft) or draft.calling(b""), operation, contract)
