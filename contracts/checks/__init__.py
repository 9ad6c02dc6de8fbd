"""The checks: one small file each, a function from an exchange to findings."""

from . import (
    content_type,
    credentials,
    documented_status,
    invalid_request,
    missing_field,
    response_schema,
    select_projection,
    server_error,
    undocumented_field,
)
from .check import Check

CHECKS: tuple[Check, ...] = (
    server_error.CHECK,
    documented_status.CHECK,
    content_type.CHECK,
    response_schema.CHECK,
    missing_field.CHECK,
    undocumented_field.CHECK,
    credentials.CHECK,
    invalid_request.CHECK,
    select_projection.CHECK,
)
"""In the order in which their findings are reported."""

__all__ = ["CHECKS", "Check"]
