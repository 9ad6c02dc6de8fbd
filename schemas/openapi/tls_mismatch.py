"""TLS where the other side speaks none, and the reverse: errors of connections in words."""

import ssl
from http.client import BadStatusLine

NO_TLS = "it answers without TLS: is http:// meant?"
ONLY_TLS = "it answers in TLS: is https:// meant?"

_NOT_TLS = (
    "WRONG_VERSION_NUMBER",
    "UNKNOWN_PROTOCOL",
    "HTTP_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
)
"""Reasons of OpenSSL for octets that are no TLS."""

_ALERT = "\x15\x03"
"""Beginning of an alert of TLS (RFC 8446, section 5.1), which is sent to who speaks HTTP."""


def tls_mismatch(error: object) -> str:
    """Return which scheme is probably meant instead, empty where an error has another reason."""
    if isinstance(error, ssl.SSLError) and error.reason in _NOT_TLS:
        return NO_TLS
    if isinstance(error, BadStatusLine) and _ALERT in str(error):
        return ONLY_TLS
    return ""
