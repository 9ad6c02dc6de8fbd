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
    not_verified,
    null,
    paging,
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

CHECKS: tuple[Check, ...] = tuple(
    module.CHECK
    for module in (
        *(not_verified, server_error, documented_status, valid_request, content_type, charset, response_headers),
        *(
            response_schema,
            response_format,
            int32,
            null,
            missing_field,
            field_case,
            undocumented_field,
            invalid_request,
        ),
        *(select_projection, media_type_asked, xml_replies, list_behaviours, paging, languages, time_zone),
        *(conditional_calls, request_case, repeatable, read_effect, written_read, created_listed, deleted_gone),
        *(missing_credentials, wrong_credentials, method, response_time, reply_size),
    )
)
"""Checks that ship with docdouble, in the order in which findings are reported."""


def all_checks() -> tuple[Check, ...]:
    """Return all checks, also of installed packages; raises ``PluginError`` for one that can't be loaded."""
    return (*CHECKS, *added_checks(frozenset(check.id for check in CHECKS)))


__all__ = ["CHECKS", "Check", "Step", "all_checks"]
