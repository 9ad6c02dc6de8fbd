"""Preloading of what calls would import: before a server's workers start, rather than while a caller waits for it."""

from importlib import import_module

from ..http.charsets import load_codecs

_ON_DEMAND = (
    "_strptime",
    "anyascii",
    "defusedxml.ElementTree",
    "encodings.idna",
    "faker",
    "faker.config",
    "jsonschema",
    "docdouble.schemas.jsonschema.explain_violations",
)
"""Modules that are imported where the first call needs them, other than those of codecs."""


def load_all() -> None:
    """Import all that codecs, parsers and dictionaries import on demand."""
    load_codecs()
    for name in _ON_DEMAND:
        import_module(name)
