"""Path templates of OpenAPI: ``/Book/{id}``."""

import re

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def path_variables(path: str) -> list[str]:
    """Return the names of the variables of a path template, in their order."""
    return _VARIABLE.findall(path)


def unnamed_template(path: str) -> str:
    """Return a path template without the names of its variables: ``/Book/{}``."""
    return _VARIABLE.sub("{}", path)
