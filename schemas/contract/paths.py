"""Path templates of OpenAPI: ``/Book/{id}``."""

import re

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_EXTENSION = re.compile(r"(?<=[^/])\.(json|xml|\{[^/{}]*\})/?\Z", re.IGNORECASE)


def path_variables(path: str) -> list[str]:
    """Return the names of the variables of a path template, in their order."""
    return _VARIABLE.findall(path)


def unnamed_template(path: str) -> str:
    """Return a path template without the names of its variables: ``/Book/{}``."""
    return _VARIABLE.sub("{}", path)


def without_extension(path: str) -> str:
    """Return a path or its template without what only tells the media type: ``/Book/{id}`` of ``/Book/{id}.json``."""
    return _EXTENSION.sub("", path)
