"""A contract → files."""

from pathlib import Path
from typing import Any

import orjson

from docdouble.schemas import Contract
from docdouble.schemas.bundle import standalone


def as_json(document: Any) -> bytes:
    """Return a document as indented JSON that ends in a line feed."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write_schemas(contract: Contract, folder: Path) -> int:
    """Write a stand-alone JSON Schema for each documented request and response body; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, schema in standalone(contract):
        (folder / name).write_bytes(as_json(schema))
        count += 1
    return count
