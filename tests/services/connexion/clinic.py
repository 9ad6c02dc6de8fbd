"""What the clinic knows, in memory, and the bug that is planted."""

import itertools
import os
from datetime import UTC, datetime
from typing import Any

from connexion.exceptions import ProblemException

Reply = tuple[Any, int] | tuple[Any, int, dict[str, str]]

BUG = os.environ.get("SERVICE_BUG", "")

ids = itertools.count(1)
owners: dict[int, dict[str, Any]] = {}
pets: dict[str, dict[str, Any]] = {}
visits: dict[str, list[dict[str, Any]]] = {}


def now() -> str:
    """Return the time of day with its offset."""
    return datetime.now(UTC).isoformat()


def problem(status: int, title: str, detail: str) -> ProblemException:
    """Return an error that is answered as problem details."""
    return ProblemException(status=status, title=title, detail=detail)


def page_of(entities: list[dict[str, Any]], page: int, per_page: int) -> list[dict[str, Any]]:
    """Return the entities of a page."""
    if BUG == "page-limit-ignored":
        return entities
    return entities[(page - 1) * per_page : page * per_page]


def json_reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """Return a reply whose media type is named, since the document has two."""
    return data, status, {"Content-Type": "application/json", **(headers or {})}
