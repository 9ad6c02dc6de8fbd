"""Path variables whose names Schemathesis can't fill in, such as ``{topic.name}``, under plain names."""

import re
from dataclasses import replace

from docdouble.schemas import Operation
from docdouble.schemas.contract.paths import path_variables

_PLAIN = re.compile(r"[\w-]+")


def plain_variables(operation: Operation) -> dict[str, str]:
    """Return a plain name for each path variable of an operation that needs one."""
    names = path_variables(operation.path)
    return {name: f"variable{number}" for number, name in enumerate(names) if not _PLAIN.fullmatch(name)}


def with_plain_variables(operation: Operation, plain: dict[str, str]) -> Operation:
    """Return an operation with path variables under their ``plain`` names."""
    path = operation.path
    for name, variable in plain.items():
        path = path.replace(f"{{{name}}}", f"{{{variable}}}")
    parameters = (
        replace(parameter, name=plain.get(parameter.name, parameter.name))
        if parameter.location == "path"
        else parameter
        for parameter in operation.parameters
    )
    return replace(operation, path=path, parameters=tuple(parameters))
