"""The checks: one small file each, a function from an exchange to findings."""

from . import (
    charset,
    conditional_calls,
    content_type,
    created_listed,
    deleted_gone,
    documented_status,
    field_case,
    int32,
    invalid_request,
    languages,
    list_behaviours,
    media_type_asked,
    method,
    missing_credentials,
    missing_field,
    null,
    read_effect,
    repeatable,
    reply_size,
    request_case,
    response_format,
    response_headers,
    response_schema,
    response_time,
    select_projection,
    server_error,
    time_zone,
    undocumented_field,
    valid_request,
    written_read,
    wrong_credentials,
    xml_replies,
)
from .check import Check, Step
from .installed_checks import added_checks

CHECKS: tuple[Check, ...] = (
    server_error.CHECK,
    documented_status.CHECK,
    valid_request.CHECK,
    content_type.CHECK,
    charset.CHECK,
    response_headers.CHECK,
    response_schema.CHECK,
    response_format.CHECK,
    int32.CHECK,
    null.CHECK,
    missing_field.CHECK,
    field_case.CHECK,
    undocumented_field.CHECK,
    invalid_request.CHECK,
    select_projection.CHECK,
    media_type_asked.CHECK,
    xml_replies.CHECK,
    list_behaviours.CHECK,
    languages.CHECK,
    time_zone.CHECK,
    conditional_calls.CHECK,
    request_case.CHECK,
    repeatable.CHECK,
    read_effect.CHECK,
    written_read.CHECK,
    created_listed.CHECK,
    deleted_gone.CHECK,
    missing_credentials.CHECK,
    wrong_credentials.CHECK,
    method.CHECK,
    response_time.CHECK,
    reply_size.CHECK,
)
"""What ships with docdouble, in the order in which findings are reported."""


def all_checks() -> tuple[Check, ...]:
    """Return what ships and what installed packages add; raises ``PluginError`` for one that can't be loaded."""
    return (*CHECKS, *added_checks(frozenset(one.id for one in CHECKS)))


__all__ = ["CHECKS", "Check", "Step", "all_checks"]
