"""Preloading of what calls would import: soon after a worker has started, not while a caller waits."""

from importlib import import_module

from ..http.charsets import load_codecs

_SOON = (
    *("_strptime", "defusedxml.ElementTree", "encodings.idna", "gzip", "jsonschema", "tarfile"),
    "docdouble.schemas.jsonschema.explain_violations",
    *(f"docdouble.fakeserver.http.codecs.{name}_codec" for name in ("form", "multipart", "sequence", "xml", "yaml")),
    "docdouble.fakeserver.http.secret_values",
)
"""Modules that are imported where something needs them, since most first calls don't; to import them takes 0.1 s."""

_OF_OTHER_LANGUAGES = ("anyascii", "faker", "faker.config")
"""Modules that only words and names of other languages than the usual one need; to import them takes 50 ms."""


def load_rest(*, of_other_languages: bool) -> None:
    """Import what calls import on demand, which takes longer than a first answer should."""
    load_codecs()
    for name in (*_SOON, *(_OF_OTHER_LANGUAGES if of_other_languages else ())):
        import_module(name)
