"""Conditional requests (RFC 9110, section 13.1), where 304 or 412 is documented."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docdouble.schemas import Call, Operation
from docdouble.schemas.resources.audit_properties import is_change_time

from ..http.header_fields import http_date, parse_date


def last_modified(body: Any) -> datetime | None:
    """Return when the entity that a body shows was last changed, to the second; ``None`` where it doesn't say."""
    members = body.items() if isinstance(body, Mapping) else ()
    texts = (value for name, value in members if isinstance(value, str) and is_change_time(name))
    return next((moment for text in texts if (moment := _moment(text))), None)


def precondition(operation: Operation, call: Call, changed: datetime | None) -> int | None:
    """Return 304 or 412 where the call's condition doesn't hold and that status is documented, else ``None``.

    A date that can't be read is ignored, as are conditions on what has no date.
    """
    if changed is None:
        return None
    is_read = call.method in ("GET", "HEAD")
    since = parse_date(call.header("If-Modified-Since"))
    until = parse_date(call.header("If-Unmodified-Since"))
    if until and changed > until and _documents(operation, "412"):
        return 412
    if since and is_read and changed <= since and _documents(operation, "304"):
        return 304
    return None


def dated(operation: Operation, changed: datetime | None) -> tuple[tuple[str, str], ...]:
    """Return the ``Last-Modified`` field where conditions on it are documented (RFC 9110, section 8.8.2)."""
    is_dated = changed is not None and _documents(operation, "304", "412")
    return (("Last-Modified", http_date(changed)),) if is_dated else ()


def _documents(operation: Operation, *statuses: str) -> bool:
    return any(response.status in statuses for response in operation.responses)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)
    return moment if moment.year > 1 else None
