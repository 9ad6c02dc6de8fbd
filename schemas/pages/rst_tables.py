"""Tables of reStructuredText: grids, simple ones, lists and comma-separated values, as rows with their lines."""

import csv
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

GRID = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
SIMPLE = re.compile(r"\s*=+(?: +=+)+\s*")
_CELL = re.compile(r"(?P<row>\*\s+)?-(?:\s+(?P<cell>.*))?\Z")

_LONGEST_LINE = 100_000

_Rows = list[tuple[int, list[list[str]]]]
"""Rows with their lines; a cell is the texts of its lines."""


class RstTable(NamedTuple):
    """A table: the rows with their lines, whether the first one is its head, and the position behind it."""

    rows: list[tuple[int, list[str]]]
    has_header: bool
    end: int


def _table(rows: _Rows, has_header: bool, end: int) -> RstTable:
    joined = [(line, [" ".join(filter(None, cell)) for cell in cells]) for line, cells in rows]
    return RstTable(joined, has_header, end)


def list_table(lines: Sequence[str], position: int, end: int, has_header: bool) -> RstTable:
    """Read a list of rows, each a list of cells."""
    rows: _Rows = []
    for number in range(position, end):
        text = lines[number].strip()
        begins = _CELL.match(text)
        if begins and begins["row"]:
            rows.append((number + 1, [[begins["cell"] or ""]]))
        elif begins and rows:
            rows[-1][1].append([begins["cell"] or ""])
        elif text and rows:
            rows[-1][1][-1].append(text)
    return _table(rows, has_header, end)


def csv_table(lines: Sequence[str], position: int, end: int, header: str) -> RstTable:
    """Read a line of comma-separated values for each row."""
    written = [(number + 1, lines[number].strip()) for number in range(position, end) if lines[number].strip()]
    every = [(position, header), *written] if header else written
    rows = [(line, next(csv.reader([text[:_LONGEST_LINE]], skipinitialspace=True), [])) for line, text in every]
    return RstTable(rows, bool(header), end)


def grid_table(lines: Sequence[str], position: int, end: int) -> RstTable:
    """Read a grid: columns are where its first line has a plus."""
    edges = [at for at, mark in enumerate(lines[position]) if mark == "+"]
    rows: _Rows = []
    behind, has_header, is_new = position, False, True
    while behind < end and lines[behind].strip().startswith(("+", "|")):
        line = lines[behind]
        behind += 1
        if line.strip().startswith("+"):
            has_header, is_new = has_header or ("=" in line and len(rows) == 1), True
            continue
        _add_cells(rows, [line[left + 1 : right].strip(" |") for left, right in pairwise(edges)], behind, is_new)
        is_new = False
    return _table(rows, has_header, behind)


def simple_table(lines: Sequence[str], position: int, end: int) -> RstTable:
    """Read a simple table: columns are where its first line has marks; a row without a first cell goes on."""
    starts = [match.start() for match in re.finditer("=+", lines[position])]
    rows: _Rows = []
    behind = position + 1
    borders: list[int] = []
    while behind < end and len(borders) < 2:
        line = lines[behind]
        behind += 1
        if SIMPLE.fullmatch(line):
            borders.append(len(rows))
            if behind == end or not lines[behind].strip():
                break
        elif line.strip() and not re.fullmatch(r"[\s-]+", line):
            cells = [line[start:stop].strip() for start, stop in pairwise((*starts, max(len(line), starts[-1])))]
            _add_cells(rows, cells, behind, bool(cells[0]))
    return _table(rows, len(borders) == 2, behind)


def _add_cells(rows: _Rows, cells: Iterable[str], line: int, is_new: bool) -> None:
    if is_new or not rows:
        rows.append((line, [[cell] for cell in cells]))
    else:
        for known, more in zip(rows[-1][1], cells, strict=False):
            known.append(more)
