"""Preloading of what calls would import: before a server's workers start, or soon after, not while a caller waits."""

from importlib import import_module

from ..http.charsets import load_codecs

_AT_ONCE = ("_strptime", "defusedxml.ElementTree", "encodings.idna")
"""Modules that are imported where a call needs them, other than those of codecs; it takes 3 ms."""

_SOON = ("jsonschema", "docdouble.schemas.jsonschema.explain_violations")
"""Modules that only refusals of invalid calls need; to import them takes 50 ms."""

_OF_OTHER_LANGUAGES = ("anyascii", "faker", "faker.config")
"""Modules that only words and names of other languages than the usual one need; to import them takes 50 ms."""


def load_at_once() -> None:
    """Import what codecs and parsers import on demand."""
    load_codecs()
    _load(_AT_ONCE)


def load_rest(*, of_other_languages: bool) -> None:
    """Import what else calls import on demand, which takes longer than a first answer should."""
    _load((*_SOON, *(_OF_OTHER_LANGUAGES if of_other_languages else ())))


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        import_module(name)
