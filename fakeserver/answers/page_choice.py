"""Choice of a page: which rows of a list a request asks for, and what asks for those before and after."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, Validator
from docdouble.schemas.resources.list_parameters import ListRole, QueryValue, squeezed
from docdouble.schemas.resources.page_members import Direction

from .row_properties import RowProperty

PAGE = 100
"""Rows of a page where nothing says how many."""

SHORT_PAGE = 10
"""Rows of a page where nothing says how many, and a caller can't choose."""

_KEYS = frozenset({"startingafter", "endingbefore", "after", "before", "marker", "pageafter", "pagebefore"})
"""Cursors that are the key of a row, where the answer holds no cursor of its own."""

_OPAQUE = "offset:"


@dataclass(frozen=True, slots=True)
class ChosenPage:
    """The rows from ``start`` on, at most ``size`` of ``total``; ``base`` is the number of the first page."""

    start: int
    size: int
    total: int
    base: int

    @property
    def count(self) -> int:
        """The number of rows on the page."""
        return max(min(self.size, self.total - self.start), 0)

    @property
    def number(self) -> int:
        """The number of the page."""
        return self.number_at(self.start)

    def number_at(self, start: int) -> int:
        """Return the number of the page that begins with a row."""
        return self.base + (start // self.size if self.size else 0)

    @property
    def pages(self) -> int:
        """The number of pages."""
        return -(-self.total // self.size) if self.size else 0

    @property
    def has_more(self) -> bool:
        """Whether rows come after the page."""
        return self.start + self.count < self.total and self.start < self.total

    def start_of(self, direction: Direction) -> int | None:
        """Return the first row of another page, ``None`` where there is none."""
        match direction:
            case "next":
                return self.start + self.count if self.has_more and self.count else None
            case "previous":
                return max(self.start - self.size, 0) if self.start else None
            case "last":
                return max(self.pages - 1, 0) * self.size
            case "self":
                return self.start
        return 0


@dataclass(frozen=True, slots=True)
class Paging:
    """The parameters that choose a page, by their roles; ``size`` rows where none are asked for, ``most`` at most.

    All rows are one page where ``asked`` is empty.
    ``key`` is the property by which cursors name a row, ``cursor`` how cursors are written.
    """

    asked: Mapping[ListRole, QueryValue]
    size: int
    most: int | None
    base: int
    key: RowProperty | None
    by_key: bool
    tests: Mapping[ListRole, Callable[[Any], bool]]

    def choose(self, parameters: Mapping[str, Any], rows: Sequence[Any]) -> ChosenPage:
        """Return the page of the rows that a request asks for."""
        if not self.asked:
            return ChosenPage(0, len(rows), len(rows), self.base)
        size = _whole(self._value("limit", parameters))
        size = self.size if size is None or size < 0 else size
        size = size if self.most is None else min(size, self.most)
        return ChosenPage(max(self._start(parameters, rows, size), 0), size, len(rows), self.base)

    def needs_rows(self, parameters: Mapping[str, Any]) -> bool:
        """Tell whether the values of rows are needed to choose a page."""
        return self.by_key and bool(self.asked.keys() & {"cursor", "cursor back"})

    def _start(self, parameters: Mapping[str, Any], rows: Sequence[Any], size: int) -> int:
        if (cursor := self._value("cursor", parameters)) is not None:
            return self._after(cursor, rows, size)
        if (cursor := self._value("cursor back", parameters)) is not None:
            place = self._place(cursor, rows)
            return self._after(cursor, rows, size) if place is None else place - size
        if (page := _whole(self._value("page", parameters))) is not None and (
            "offset" not in self.asked or self._value("offset", parameters) is None
        ):
            return (page - self.base) * size
        return _whole(self._value("offset", parameters)) or 0

    def _after(self, cursor: Any, rows: Sequence[Any], size: int) -> int:
        """Return the first row that a cursor leads to, the very first of all for a cursor that is none."""
        if (start := _opaque_start(cursor)) is not None:
            return start
        if (place := self._place(cursor, rows)) is not None:
            return place + 1
        number = _whole(cursor)
        if number is None:
            return 0
        is_page = squeezed(self.asked["cursor"].name) == "page" if "cursor" in self.asked else False
        return (number - self.base) * size if is_page else number

    def _place(self, cursor: Any, rows: Sequence[Any]) -> int | None:
        """Return the place of the row whose key a cursor is."""
        if not self.by_key or self.key is None:
            return None
        return next((place for place, row in enumerate(rows) if str(self.key.of(row)) == str(cursor)), None)

    def _value(self, role: ListRole, parameters: Mapping[str, Any]) -> Any:
        asked = self.asked.get(role)
        return asked.value(parameters) if asked else None

    def leading_to(self, direction: Direction, page: ChosenPage, rows: Sequence[Any]) -> dict[str, str] | None:
        """Return the parameters, as they stand in a query, of another page; ``None`` where there is none."""
        start = page.start_of(direction)
        if start is None:
            return None
        if "page" in self.asked:
            return {self.asked["page"].name: str(page.number_at(start))}
        if "offset" in self.asked:
            return {self.asked["offset"].name: str(start)}
        role: ListRole = "cursor back" if direction == "previous" and "cursor back" in self.asked else "cursor"
        if role in self.asked and direction in ("next", "previous"):
            cursor = self.cursor(direction, page, rows)
            return None if cursor is None else {self.asked[role].name: str(cursor)}
        return {} if direction == "self" or (direction == "first" and "cursor" in self.asked) else None

    def dropped(self) -> frozenset[str]:
        """Return the names of parameters, in lower case, that a link to another page states anew."""
        return frozenset(asked.name.lower() for role, asked in self.asked.items() if role != "limit")

    def cursor(self, direction: Direction, page: ChosenPage, rows: Sequence[Any]) -> Any:
        """Return the cursor of another page, ``None`` where there is none; the parameter has to take it."""
        start = page.start_of(direction)
        if start is None:
            return None
        role: ListRole = "cursor back" if direction == "previous" and "cursor back" in self.asked else "cursor"
        test = self.tests.get(role) or self.tests.get("offset") or self.tests.get("page") or (lambda value: True)
        return next((cursor for cursor in self._cursors(direction, start, page, rows) if test(cursor)), None)

    def cursor_at(self, start: int) -> str:
        """Return the opaque cursor of the rows from a place on."""
        return urlsafe_b64encode(f"{_OPAQUE}{start}".encode()).decode().rstrip("=")

    def _cursors(self, direction: Direction, start: int, page: ChosenPage, rows: Sequence[Any]) -> list[Any]:
        """Return the ways to write a cursor, the likeliest first."""
        place = page.start + page.count - 1 if direction == "next" else page.start
        keys = []
        if self.by_key and self.key and 0 <= place < len(rows):
            keys = [key for key in (self.key.of(rows[place]),) if key is not None]
            keys += [str(key) for key in keys if not isinstance(key, str)]
        return [*keys, self.cursor_at(start), str(start), start]


def paging_of(
    asked: Mapping[ListRole, QueryValue],
    contract: Contract,
    key: RowProperty | None,
    *,
    has_cursors: bool,
    most: int | None,
) -> Paging:
    """Return the paging of an operation; its answers hold cursors (``has_cursors``) and ``most`` rows, if that many."""
    limit, page = asked.get("limit"), asked.get("page")
    bounds = (limit.number("maximum") if limit else None, most)
    highest = min((bound for bound in bounds if bound is not None), default=None)
    leads_on = limit is None and bool(asked.keys() & {"page", "offset", "cursor"})
    size = (limit.number("default") if limit else None) or (SHORT_PAGE if leads_on else PAGE)
    by_key = any(squeezed(asked[role].name) in _KEYS for role in ("cursor", "cursor back") if role in asked)
    tests = {role: Validator(query_value.schema, contract).is_valid for role, query_value in asked.items()}
    return Paging(
        asked,
        size if highest is None else min(size, highest),
        highest,
        _base(page),
        key,
        by_key and not has_cursors,
        tests,
    )


def _base(page: QueryValue | None) -> int:
    """Return the number of the first page."""
    if page is None:
        return 1
    default, least = page.number("default"), page.number("minimum")
    described = page.parameter.description.lower()
    is_zero = any(word in described for word in ("zero-based", "0-based", "zero based", "0 based", "starts at 0"))
    first = default if default in (0, 1) else least
    return 0 if is_zero or first == 0 else 1


def _whole(value: Any) -> int | None:
    """Return the number that a value is, or is the text of."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).removesuffix(".0")
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else None


def _opaque_start(cursor: Any) -> int | None:
    """Return the first row that a cursor of our own leads to, ``None`` for any other."""
    text = str(cursor)
    try:
        decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:  # binascii.Error and UnicodeDecodeError are such
        return None
    return _whole(decoded.removeprefix(_OPAQUE)) if decoded.startswith(_OPAQUE) else None
