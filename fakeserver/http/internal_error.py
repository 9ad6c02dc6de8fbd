"""Internal errors: a 500 whose id stands in the log, beside the operation and the traceback."""

import logging
import secrets
import traceback
from collections.abc import Callable

from docdouble.schemas import Reply

from .problem import problem

ERROR = "Docdouble-Error"
"""Header of a 500 that no documentation asks for: the id under which the log tells what went wrong."""

_LOG = logging.getLogger("docdouble")


def always_answered(answer: Callable[[], Reply], method: str, operation: str | None = None) -> Reply:
    """Return an answer, or the 500 to a call that an error stopped, which is logged with its place."""
    try:
        return answer()
    except Exception as error:  # noqa: BLE001  whatever it is: callers get an answer, and the log the reason
        return internal_error(error, method, operation)


def internal_error(error: Exception, method: str, operation: str | None = None) -> Reply:
    """Return the 500 to a call that an error stopped, and log where that was."""
    number = secrets.token_hex(6)
    asked = f"{method!r} of {operation}" if operation else f"{method!r} of no operation"
    # without the error's text, which may quote what the caller sent
    at = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("docdouble: error %s: %s failed with %s at\n%s", number, asked, type(error).__name__, at)
    detail = f"docdouble failed to answer, and that is its fault; its log tells more of the error {number}"
    return problem(500, detail, (ERROR, number), operation=operation)
