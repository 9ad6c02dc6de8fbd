"""``docdouble show``: one operation, as a tree with a sample call."""

import json
from urllib.parse import quote, urlencode

from rich.console import Console
from rich.text import Text

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.answer import Answerer
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.message import Message, is_json

from .credentials import placeholder
from .curl import curl
from .reports.tree import operation_tree
from .verify import FAKE_URL

_WIDE = 400
"""Columns where the output is no terminal: nothing is cut."""


def show(contract: Contract, operation: Operation) -> None:
    """Print the operation, a request that keeps to it, and what the fake answers."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    call = sample_call(contract, operation)
    reply = FakeServer(contract).handle(call)
    console.print(operation_tree(operation, contract), soft_wrap=True)
    for title, message in (("sample request", call), (f"sample answer: {reply.status} {reply.reason}", reply)):
        if message.body:
            console.print(Text(f"\n{title}", style="bold"))
            console.print(Text(_shown(message)), soft_wrap=True)
    console.print(Text("\ncurl", style="bold"))
    console.print(Text(curl(call, FAKE_URL)), soft_wrap=True)


def _shown(message: Message) -> str:
    if is_json(message.media_type):
        return json.dumps(json.loads(message.body), indent=2, ensure_ascii=False)
    return f"{len(message.body)} bytes of {message.media_type}"


def sample_call(contract: Contract, operation: Operation) -> Call:
    """Return a call with made-up credentials that keeps to what is documented of the operation."""
    answerer = Answerer(contract, seed=0, locale="en_US")
    path, query = operation.path, {}
    for parameter in operation.parameters:
        if parameter.location == "path":
            value = answerer.sampler.sample(parameter.schema, 0)
            path = path.replace(f"{{{parameter.name}}}", quote(str(value), safe=""))
        elif parameter.location == "query" and parameter.required:
            query[parameter.name] = answerer.sampler.sample(parameter.schema, 0)
    headers = placeholder(operation, contract)
    media_types = operation.request.media_types if operation.request else ()
    if chosen := next((one.name for one in media_types if is_json(one.name)), None):
        headers = (("Content-Type", chosen), *headers)
    body = json.dumps(answerer.sample_request(operation)).encode() if chosen else b""
    return Call(headers, body, operation.method, f"{path}?{urlencode(query)}" if query else path)
