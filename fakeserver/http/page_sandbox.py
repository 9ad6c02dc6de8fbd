"""Sandbox of pages that are answered: scripts in them run, but not as those of our own pages at the same address.

A document may come from anybody, and so may the HTML that it shows as an answer. A browser that opens it would let it
use the session of the console (https://www.w3.org/TR/CSP3/#directive-sandbox).
"""

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import Headers

_OPENED = frozenset({"document", "iframe", "frame", "object", "embed"})
"""Destinations for which browsers open it (https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header)."""

_SANDBOX: Headers = (
    ("Content-Security-Policy", "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts"),
)


def sandbox_fields(call: Call, reply: Reply) -> Headers:
    """Return the header field that makes a page of no origin of an answer that a browser opens, where it can be one."""
    if call.header("Sec-Fetch-Dest") not in _OPENED:
        return ()
    media_type = reply.media_type
    return _SANDBOX if media_type.endswith(("html", "xml", "svg")) or not media_type else ()
