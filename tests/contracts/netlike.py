"""A server that conforms to its documentation, and yet isn't like a tidy one: as those on .NET are."""

import json
import re
from dataclasses import replace
from typing import Any

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Reply

_OFFSET = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")


class NetLike(FakeServer):
    """Dates without offset, whole numbers as ``1.0``, a property that nobody documents, and its own ideas of a request.

    A text of the request with a control character is refused.
    """

    def handle(self, call: Call) -> Reply:
        if re.search(rb"\\u00[01]|[\x00-\x08]", call.body):
            return Reply((("Content-Type", "application/problem+json"),), b'{"title":"Invalid text"}', 400)
        reply = super().handle(call)
        if reply.status >= 300 or reply.media_type not in ("application/json", "text/json"):
            return reply
        try:
            value = json.loads(reply.body)
        except ValueError:
            return reply
        headers = tuple((name, text) for name, text in reply.headers if name.lower() != "content-length")
        return replace(reply, headers=headers, body=json.dumps(_with_version(_spelled(value))).encode())


def _with_version(value: Any) -> Any:
    """Return records with a property more; what holds only objects may be a dictionary, whose names mean something."""
    if isinstance(value, list):
        return [_with_version(part) for part in value]
    is_record = isinstance(value, dict) and any(not isinstance(part, dict | type(None)) for part in value.values())
    return {**value, "RowVersion": 7} if is_record else value


def _spelled(value: Any) -> Any:
    match value:
        case dict():
            return {name: _spelled(part) for name, part in value.items()}
        case list():
            return [_spelled(part) for part in value]
        case bool():
            return value
        case int():
            return float(value) if abs(value) < 2**53 and value % 2 else value
        case str() if found := _OFFSET.match(value):
            return found[1]
    return value
