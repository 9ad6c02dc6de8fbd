"""Command ``docdouble export``: a contract as files for other tools."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from docdouble.schemas import Contract
from docdouble.schemas.jsonschema.bundle import standalone

from ..export.narrowed_openapi import for_schemathesis


def indented_json(document: Any) -> bytes:
    """Return a document as indented JSON that ends in a line feed."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def grades(document: Any) -> Counter[str]:
    """Count the facts of an OpenAPI document of ours by the grade of their evidence."""
    counts: Counter[str] = Counter()
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and {"grade", "page", "line"} <= value.keys():
            counts[value["grade"]] += 1
        if isinstance(value, dict | list):
            parts = value.values() if isinstance(value, dict) else value
            waiting += [part for part in parts if isinstance(part, dict | list)]
    return counts


def write_schemas(contract: Contract, folder: Path) -> int:
    """Write a stand-alone JSON Schema for each documented request and response body; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, schema in standalone(contract):
        (folder / name).write_bytes(indented_json(schema))
        count += 1
    return count


def write_for_schemathesis(contract: Contract, folder: Path, *, writes: bool = False) -> None:
    """Write ``openapi.json`` and ``schemathesis.toml`` for ``st run``; operations that write are sent with ``writes``.

    Raises ``OSError``.
    """
    document, settings = for_schemathesis(contract, writes=writes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openapi.json").write_bytes(indented_json(document))
    (folder / "schemathesis.toml").write_bytes(settings.encode())
