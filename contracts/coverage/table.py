"""A use as lines of text."""

from collections.abc import Iterator, Sequence

from docdouble.schemas.contract.facts import FactKind

from ..model.text import counted, listed
from .count import Count, Pair, counts, percent, shown_percent, total
from .use import Use

_MOST_NAMED = 5
"""Operations that were never called that are named."""

_NARROWEST = 20
"""Characters that a label has at least."""

_HEADS = ("calls", "params", "body", "types", "status", "read/sent", "%")
_TYPES = (FactKind.REQUEST_MEDIA_TYPE, FactKind.RESPONSE_MEDIA_TYPE)

LEGEND = (
    "touched/documented: parameters, places in the request's body, media types, statuses;",
    "places in answers that were read/sent/documented",
)


def table(use: Use, width: int = 80) -> Iterator[str]:
    """Yield the lines of a table, at most ``width`` characters wide where labels can be cut so far."""
    numbers = counts(use)
    called = [count for count in numbers if count.calls or count.total[0]]
    if not called:
        yield "nothing was called"
    else:
        yield from _rows(called, width)
    if others := [count.label for count in numbers if not count.calls and not count.total[0]]:
        yield f"never called: {counted(len(others), 'operation')}: {listed(others, _MOST_NAMED)}"
    if numbers:
        touched, documented = whole = total(numbers)
        yield f"{shown_percent(whole)}: {touched} of {counted(documented, 'documented fact')} touched, by {_tests(use)}"


def shortfall(use: Use, least: float) -> str:
    """Return the message about a use that touched too little."""
    share = percent(total(counts(use)))
    shown = f"{share:.1f}" if f"{share:.1f}" != f"{least:.1f}" else f"{share:.4f}"
    return f"failed: {shown} % of the documented facts touched, less than {least:g} %"


def _tests(use: Use) -> str:
    tests = frozenset(test for operation in use.operations.values() for test in operation.tests)
    return counted(len(tests), "test")


def _rows(called: Sequence[Count], width: int) -> Iterator[str]:
    cells = [_cells(count) for count in called]
    widths = [max(map(len, column)) for column in zip(_HEADS, *cells, strict=True)]
    room = max(_NARROWEST, width - sum(widths) - 2 * len(widths))
    first = min(room, max(len("operation"), *(len(count.label) for count in called)))
    yield _row("operation", _HEADS, first, widths)
    for count, row in zip(called, cells, strict=True):
        yield _row(_cut(count.label, first), row, first, widths)
        yield from (f"    {line}" for line in _statuses(count))
    yield from LEGEND


def _cells(numbers: Count) -> tuple[str, ...]:
    documented = numbers.documented[FactKind.RESPONSE]
    return (
        str(numbers.calls),
        _pair(numbers.pair(FactKind.PARAMETER)),
        _pair(numbers.pair(FactKind.REQUEST)),
        _pair(numbers.pair(*_TYPES)),
        _pair(numbers.pair(FactKind.STATUS)),
        f"{numbers.read}/{numbers.received}/{documented}" if documented else "-",
        shown_percent(numbers.total).removesuffix(" %"),
    )


def _pair(pair: Pair) -> str:
    return f"{pair[0]}/{pair[1]}" if pair[1] else "-"


def _row(label: str, cells: Sequence[str], first: int, widths: Sequence[int]) -> str:
    return label.ljust(first) + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _cut(label: str, room: int) -> str:
    """Return a label in so many characters: a path's end tells more than its start."""
    if len(label) <= room:
        return label
    method, _, path = label.partition(" ")
    end = path[len(method) + 2 - room :]
    return f"{method} …{end[max(0, end.find('/')) :]}"


def _statuses(numbers: Count) -> Iterator[str]:
    remarks = [f"{', '.join(numbers.never_received)} never received"] if numbers.never_received else []
    remarks += [f"{', '.join(numbers.undocumented)} received, not documented"] if numbers.undocumented else []
    if remarks:
        yield "; ".join(remarks)
