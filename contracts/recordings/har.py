"""Files of HTTP archives → recorded calls and replies."""

import json
from collections.abc import Iterator
from pathlib import Path

from docdouble.schemas import ConfigError
from docdouble.schemas.openapi.document import document_root
from docdouble.schemas.sources.har_entries import HarEntry, har_entries, har_entry

MAX_FILE_BYTES = 512 * 1024 * 1024
"""Larger archives are refused: they are read as a whole."""


def read_har(path: Path) -> Iterator[HarEntry]:
    """Yield the entries of an archive that were sent over HTTP.

    Raises ``ConfigError`` for a file that is too large or no JSON, ``ContractError`` with the place of what is missing
    or wrong in it, ``OSError`` for one that can't be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ConfigError("--har", str(path), expected=f"a file of at most {MAX_FILE_BYTES} bytes")
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ConfigError("--har", str(path), expected=f"JSON: {error}") from error
    for number, node in har_entries(document_root(document, str(path))):
        if entry := har_entry(number, node):
            yield entry
