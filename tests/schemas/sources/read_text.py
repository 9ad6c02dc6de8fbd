"""Reading of a text as a file of some name."""

from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import DocdoubleError, Extraction, extract
from docdouble.schemas.contract.model import Operation
from docdouble.schemas.openapi.convert import to_openapi

JSON = {"Content-Type": "application/json"}


def read(folder: Path, name: str, text: str) -> Extraction:
    """Read a text as a file of this name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return extract(str(path))


def failure(source: Path | str) -> str:
    """Return the message of the error that reading a source ends with."""
    with pytest.raises(DocdoubleError) as caught:
        extract(str(source))
    return str(caught.value)


def labels(extraction: Extraction) -> list[str]:
    """Return the operations that were read."""
    return [operation.label for operation in extraction.contract.operations]


def only(extraction: Extraction) -> Operation:
    """Return the one operation that was read."""
    (operation,) = extraction.contract.operations
    return operation


def parameters(operation: Operation) -> dict[str, Any]:
    """Return the location and the samples of each parameter."""
    return {f"{parameter.location} {parameter.name}": list(parameter.samples) for parameter in operation.parameters}


def bare(schema: Any) -> Any:
    """Return a schema without annotations of docdouble."""
    if isinstance(schema, dict):
        return {key: bare(value) for key, value in schema.items() if not key.startswith("x-docdouble")}
    return [bare(part) for part in schema] if isinstance(schema, list) else schema


def document(extraction: Extraction) -> dict[str, Any]:
    """Return the contract as OpenAPI."""
    return to_openapi(extraction.contract)
