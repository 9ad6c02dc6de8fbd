"""Preloading of what calls would import: before a server's workers start, rather than while a caller waits for it."""

from importlib import import_module

from ..http.charsets import load_codecs

_ON_DEMAND = (
    "_strptime",
    "defusedxml.ElementTree",
    "encodings.idna",
    "jsonschema",
    "docdouble.schemas.jsonschema.explain_violations",
)
"""Modules that are imported where the first call needs them, other than those of codecs."""


_OF_OTHER_LANGUAGES = ("anyascii", "faker", "faker.config")
"""Modules that only words and names of other languages than the usual one need; to import them takes 50 ms."""


def load_all(*, of_other_languages: bool = True) -> None:
    """Import all that codecs, parsers and dictionaries import on demand."""
    load_codecs()
    for name in (*_ON_DEMAND, *(_OF_OTHER_LANGUAGES if of_other_languages else ())):
        import_module(name)
