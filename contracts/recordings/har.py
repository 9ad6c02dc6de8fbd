"""Recorded calls and replies of HTTP archives (HAR files), and the order in which they were sent and answered."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
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


def in_order(entries: Sequence[HarEntry]) -> Iterator[tuple[int, bool]]:
    """Yield the index of each entry when its call begins, and again, with ``True``, when its reply has ended.

    Where a moment isn't recorded, each call begins when the one before it in the file has ended.
    """
    begins = [_moment(entry.started) for entry in entries]
    moments: list[tuple[float, bool, int]] = []
    for index, entry in enumerate(entries):
        begin, length = begins[index], max(entry.seconds, 1e-6)
        if None in begins:
            begin, length = float(index), 0.5
        assert begin is not None
        moments += [(begin, False, index), (begin + length, True, index)]
    # a call that begins as another one ends comes after it
    moments.sort(key=lambda moment: (moment[0], not moment[1]))
    return ((index, is_end) for _, is_end, index in moments)


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
