"""Reading of a reference page: the operation that it describes, and what it shows of named types.

What the marks of a page look like is the dialect's; what they mean is in the modules that this one joins.
"""

from dataclasses import dataclass
from typing import Any

from ..contract.model import Operation
from ..dialects.base import Dialect
from ..errors import PageError
from ..extraction import Contradiction
from .blocks import Page
from .merge import TypeReading
from .operation_page import OperationPage, operation_line
from .page_bodies import read_request, read_responses
from .page_parameters import documented_behaviours, read_parameters, security_schemes


@dataclass(frozen=True, slots=True)
class Reading:
    """The operation of a page, readings of named types, security schemes and contradictions."""

    operation: Operation
    type_readings: tuple[TypeReading, ...]
    security_schemes: dict[str, dict[str, Any]]
    contradictions: tuple[Contradiction, ...]
    dialect: str
    """The name of the dialect that it was read by."""


def is_operation(page: Page, dialect: Dialect) -> bool:
    """Tell whether a page describes an operation, and is no index or introduction."""
    return operation_line(page, dialect) is not None


def read_operation_page(page: Page, dialect: Dialect) -> Reading:
    """Read a reference page; raises ``PageError`` where it describes no operation or a sample can't be read."""
    line = operation_line(page, dialect)
    if line is None:
        raise PageError(page.name, 0, f"no operation: no ```{dialect.operation_fence} fence holds a request line")
    parts = OperationPage(page, dialect, line)
    parameters = tuple(read_parameters(parts))
    summary, description = parts.title_prose()
    schemes = dict(security_schemes(parts))
    credentials = parts.headers.get(dialect.credentials_header)
    operation = Operation(
        id=parts.id,
        method=line.method,
        path=line.path,
        summary=summary,
        description=description,
        parameters=parameters,
        request=read_request(parts),
        responses=read_responses(parts),
        security=tuple((name,) for name in schemes),
        security_evidence=parts.stated(credentials.line) if credentials else None,
        behaviours=tuple(documented_behaviours(parts, parameters)),
        evidence=parts.stated(line.line),
    )
    return Reading(operation, tuple(parts.type_readings), schemes, tuple(parts.contradictions), dialect.name)
