"""A server that conforms to its documentation, and yet isn't like a tidy one: as those on .NET are."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Grade, Reply
from docdouble.schemas.contract.model import evidence_of

_OFFSET = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")


class NetLike(FakeServer):
    """Dates without offset, whole numbers as ``1.0``, a property that nobody documents, and its own ideas of a request.

    A text of the request with a control character is refused, names are read in any letter case, and texts of which
    only a sample says that there are some may be null.
    """

    def __init__(self, contract: Contract, settings: Settings | None = None) -> None:
        super().__init__(contract, settings)
        self._silent = frozenset(_silent(contract))

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
        return replace(reply, headers=headers, body=json.dumps(_with_version(self._nulled(_spelled(value)))).encode())

    def _nulled(self, value: Any) -> Any:
        """Return a body with null in every other place of which only a sample is documented."""
        if isinstance(value, list):
            return [self._nulled(part) for part in value]
        if not isinstance(value, dict):
            return value
        return {
            name: None if isinstance(part, str) and name in self._silent and len(part) % 2 else self._nulled(part)
            for name, part in value.items()
        }


def _silent(contract: Contract) -> Iterator[str]:
    """Yield the names of texts of which nowhere more than a sample is documented."""
    known = [
        (name, part) for schema in contract.schemas.values() for name, part in schema.get("properties", {}).items()
    ]
    sampled = {name for name, part in known if not _is_sampled(part)}
    yield from (name for name, part in known if name not in sampled)


def _is_sampled(schema: Any) -> bool:
    evidence = evidence_of(schema) if isinstance(schema, dict) else None
    return evidence is not None and evidence.grade is Grade.SAMPLED


def _with_version(value: Any) -> Any:
    """Return records with a property more; one without a number may be a dictionary, whose names mean something."""
    if isinstance(value, list):
        return [_with_version(part) for part in value]
    is_record = isinstance(value, dict) and any(isinstance(part, bool | int | float) for part in value.values())
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
        case str() if match := _OFFSET.match(value):
            return match[1]
    return value
