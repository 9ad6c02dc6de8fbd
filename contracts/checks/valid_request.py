"""Valid requests: a call that keeps to the documentation isn't refused.

A server may know better: an id of nothing is no broken promise, and what a value means it decides itself. Where no
success is documented, no value fits its body, or credentials that nothing defines are asked for, a refusal is what the
documentation says.
"""

from collections.abc import Iterator

from ..model.case import Origin, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check

_GONE = (404, 410)
_CONFLICT = 409
_CREDENTIALS = (401, 403)
_NOT_ACCEPTABLE = 406
_NO_MEDIA_TYPE = 415
_OWN_FAULT = (401, 403, 405, 406, 415)
"""Statuses that speak of credentials, the method or a media type: all of that is documented for the call."""


def _applies(exchange: Exchange) -> bool:
    return exchange.purpose is Purpose.VALID and exchange.reply.status < 500


def _run(exchange: Exchange) -> Iterator[Finding]:
    severity = _severity(exchange)
    if severity is None:
        return
    status = exchange.reply.status
    hint = " (are the credentials right?)" if status in (401, 403) else ""
    about = {404: "an id that exists", 410: "an id that exists"}.get(status, "a call that keeps to the documentation")
    yield exchange.finding(
        "valid-request",
        severity,
        expected=f"no refusal of {'a documented sample' if _is_sample(exchange) else about}",
        got=exchange.answer + hint,
        rule=str(status),
    )


def _severity(exchange: Exchange) -> Severity | None:
    """Return how bad the refusal is, ``None`` where it is none, or nothing to speak of."""
    status = exchange.reply.status
    if status < 400:
        return None
    documented = exchange.operation.response(status)
    if documented and not exchange.operation.documents_success:
        return Severity.NOTE
    if status in _GONE:
        return Severity.WARNING if exchange.case.existing else None
    if status == _NOT_ACCEPTABLE and not exchange.may_succeed:
        return Severity.NOTE
    if status == _NO_MEDIA_TYPE and exchange.operation.request and not exchange.call.body:
        return Severity.NOTE  # what reads a body that may be left out asks of what media type it is
    if status in _OWN_FAULT:
        is_documented = (documented and documented.status == str(status)) or not exchange.may_be_authorized
        return Severity.NOTE if status in _CREDENTIALS and is_documented else Severity.ERROR
    is_taken = status == _CONFLICT  # what the sample shows may be there already
    return Severity.WARNING if _is_sample(exchange) and not is_taken else Severity.NOTE


def _is_sample(exchange: Exchange) -> bool:
    return exchange.case.origin is Origin.SAMPLE


CHECK = Check("valid-request", "a valid call is not refused", _run, _applies)
