"""Calls a hotel's desk."""

import json
from typing import Any

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Reply

JSON_PATCH, MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"


class Desk:
    """Calls a fake; names of header fields are written with underscores."""

    def __init__(self, app: FakeServer) -> None:
        self.app = app

    def reply(self, label: str, body: Any = None, **fields: str) -> Reply:
        method, target = label.split(" ", 1)
        headers = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): text for name, text in fields.items()},
        }
        sent = b"" if body is None else json.dumps(body).encode()
        return self.app.handle(
            Call(tuple(headers.items()) if sent else tuple(headers.items())[1:], sent, method, target)
        )

    def __call__(self, label: str, body: Any = None, **fields: str) -> Any:
        reply = self.reply(label, body, **fields)
        assert reply.status in (200, 204), (reply.status, reply.body)
        return json.loads(reply.body) if reply.body else None

    def status(self, label: str, body: Any = None, **fields: str) -> int:
        return self.reply(label, body, **fields).status


def elsewhere(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what is not the caller's to say: of the server, and of other entities."""
    return {name: shown[name] for name in ("UpdatedDate", "UpdatedBy", "Bookings") if name in shown}
