"""Documented answers of an operation: status, media types, schema."""

from docdouble.schemas import MediaType, Operation, Response, Schema
from docdouble.schemas.contract.media_types import primary_schema

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"

WITHOUT_BODY = (204, 205, 304)
"""Statuses that allow no body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5), whatever is documented."""


def documented_answer(operation: Operation) -> Response | None:
    """Return the documented success, else what is documented for any status, else the first documented response."""
    success = operation.success() or operation.response(200)
    return success or next((response for response in operation.responses if response.status.isdigit()), None)


def is_patched(operation: Operation) -> bool:
    """Tell whether bodies are patch documents; with methods other than PATCH those media types are JSON like any."""
    media_types = operation.request.media_types if operation.request else ()
    return operation.method == "PATCH" and any(
        media_type.name in (JSON_PATCH, MERGE_PATCH) for media_type in media_types
    )


def status_of(response: Response | None) -> int:
    """Return the status that a documented response is answered with."""
    return int(response.status) if response and response.status.isdigit() else 200


def representations(response: Response | None) -> tuple[MediaType, ...]:
    """Return the documented media types of a response, none where no body is sent."""
    return response.media_types if response and status_of(response) not in WITHOUT_BODY else ()


def response_schema(response: Response | None) -> Schema | None:
    """Return the schema of what a response is about, that of its JSON where it has one; ``None`` for none."""
    return primary_schema(response.media_types) if response else None
