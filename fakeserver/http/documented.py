"""Documented answers of an operation: status, media types, schema."""

import re

from docdouble.schemas import MediaType, Operation, Response, Schema
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.http import PHRASES

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"

WITHOUT_BODY = (204, 205, 304)
"""Statuses that allow no body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5), whatever is documented."""

FAILURE = 400
"""The lowest status of a failure."""

_FINAL = re.compile(r"([2-5](\d\d|XX)|default)\Z", re.IGNORECASE | re.ASCII)
"""Statuses that an answer can have: others don't end a call (RFC 9110, section 15.2), or are none."""

_OF_RANGE = {"2": 200, "3": 302, "4": 400, "5": 500}
"""First digit of a range → the status that stands for it where no other is documented."""

_LIKELY = {"3": 0, "4": 1, "5": 2}
"""First digit of a status that is no success → how early it counts."""

_OF_CREDENTIALS = ("401", "403", "407")
"""Failures that a caller who was let in doesn't meet."""


def documented_answer(operation: Operation) -> Response | None:
    """Return the documented success, else what is documented for any status, else the likeliest other response.

    The lowest of several successes counts. What is documented for any status is a failure where its words say so.
    """
    responses = [response for response in operation.responses if _FINAL.match(response.status)]
    exact = [response for response in responses if response.status.isdigit()]
    successes = [response for response in exact if response.status.startswith("2")]
    if successes:
        return min(successes, key=lambda response: response.status)
    if success := operation.success():
        return success
    default = next((response for response in responses if response.status.lower() == "default"), None)
    if default and not default.is_failure:
        return default
    others = [response for response in responses if response is not default]
    return min(others, key=lambda response: _rank(response.status), default=default)


def _rank(status: str) -> tuple[int, bool]:
    """Return how early a response counts that is no success; those of one rank count in their order."""
    return _LIKELY.get(status[:1], len(_LIKELY)), status in _OF_CREDENTIALS


def is_patched(operation: Operation) -> bool:
    """Tell whether bodies are patch documents; with methods other than PATCH those media types are JSON like any."""
    media_types = operation.request.media_types if operation.request else ()
    return operation.method == "PATCH" and any(
        media_type.name in (JSON_PATCH, MERGE_PATCH) for media_type in media_types
    )


def usual_status(operation: Operation, response: Response | None) -> int:
    """Return the status that a documented response is sent with: of a range, the one that its description names."""
    if response is None:
        return 200
    if response.status.isdigit():
        return int(response.status)
    kind = response.status[:1] if response.status[:1] in _OF_RANGE else ("4" if response.is_failure else "2")
    named = _named_status(response.description, kind) if operation.method != "GET" or kind != "2" else None
    if named or kind != "2" or response.media_types or operation.method in ("GET", "HEAD"):
        return named or _OF_RANGE[kind]
    return 204


def _named_status(description: str, kind: str) -> int | None:
    """Return the status whose standard phrase a description holds, such as ``Not Found``."""
    phrases = ((status, phrase) for status, phrase in PHRASES.items() if str(status).startswith(kind))
    statuses = (status for status, phrase in phrases if re.search(rf"\b{phrase}\b", description, re.IGNORECASE))
    return next(statuses, None)


def representations(response: Response | None, status: int) -> tuple[MediaType, ...]:
    """Return the documented media types of a response that is sent with a status, none where that has no body."""
    return response.media_types if response and status not in WITHOUT_BODY else ()


def response_schema(response: Response | None) -> Schema | None:
    """Return the schema of what a response is about, that of its JSON where it has one; ``None`` for none."""
    return primary_schema(response.media_types) if response else None
