"""Problem details (RFC 9457): replies that say what is wrong with a request."""

from typing import Any

from docdouble.schemas import Reply, Violation
from docdouble.schemas.http import PHRASES
from docdouble.schemas.jsonschema.json_text import json_bytes

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, *headers: tuple[str, str], **members: Any) -> Reply:
    """Return an error reply; ``members`` are extension members of the problem, empty ones are left out."""
    body = {
        "type": "about:blank",
        "title": PHRASES.get(status, f"Status {status}"),
        "status": status,
        "detail": detail,
        **without_none(members),
    }
    return Reply(headers=(("Content-Type", MEDIA_TYPE), *headers), body=json_bytes(body), status=status)


def violation_member(violation: Violation, place: str, name: str | None = None) -> dict[str, Any]:
    """Return a violation's JSON form; ``place`` is ``body``, ``query``, ``path`` or ``header``."""
    member = {
        "in": place,
        "name": name,
        "pointer": violation.pointer,
        "rule": violation.rule,
        "message": violation.message,
        "missing": list(violation.missing) or None,
        "documentation": str(violation.evidence) if violation.evidence else None,
    }
    return without_none(member)


def without_none(member: dict[str, Any]) -> dict[str, Any]:
    """Return the members that are known."""
    return {key: value for key, value in member.items() if value is not None}
