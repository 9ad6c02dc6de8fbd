"""Filling of envelopes: totals, page numbers, flags, cursors and links that agree with the rows that are sent."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, Parameter, Schema, Validator
from docdouble.schemas.contract.model import nullable, sends_null
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches, value_kinds
from docdouble.schemas.resources.page_members import Direction, MemberKind, PageMember, page_member

from ..sampler import Sampler
from .page_choice import ChosenPage
from .row_properties import value_at, with_value_at

_NOTHING = object()
"""Marker in place of a member that is left out."""

_PREFIX = re.compile(r"\A(?:x-)?(?:pagination-|paging-)?", re.IGNORECASE)
_LINKED = ("next", "prev", "first", "last")
_TRIES = 8
"""Samples that are looked at for one that isn't null."""

_Holders = tuple[tuple[tuple[str, ...], Any], ...]

_FACTS: Mapping[MemberKind, Callable[[ChosenPage], Any]] = {
    "total": lambda page: page.total,
    "returned": lambda page: page.count,
    "pages": lambda page: page.pages,
    "page": lambda page: page.number,
    "size": lambda page: page.size,
    "offset": lambda page: page.start,
    "first row": lambda page: page.start + 1 if page.count else None,
    "last row": lambda page: page.start + page.count if page.count else None,
    "has more": lambda page: page.has_more,
    "has previous": lambda page: page.start > 0,
    "is first": lambda page: page.start == 0,
    "is last": lambda page: not page.has_more,
    "is empty": lambda page: page.count == 0,
}


@dataclass(frozen=True, slots=True)
class LinkedPages:
    """Links to other pages: their URLs, absolute and relative, and their cursors; ``None`` for a page that isn't.

    ``url`` is called with a direction, and with whether the URL shall be relative.
    """

    page: ChosenPage
    url: Callable[[Direction, bool], str | None]
    cursor: Callable[[Direction], Any]


@dataclass(frozen=True, slots=True)
class _Filled:
    """A member that is filled: ``holders`` are samples of the objects around it, ``ending`` what stands for nothing."""

    member: PageMember
    fits: Callable[[Any], bool]
    holders: _Holders
    ending: tuple[tuple[str, ...], Any] | None
    is_relative: bool


def member_value(member: PageMember, linked: LinkedPages, *, is_relative: bool = False) -> Any:
    """Return the value that a member has for a page, ``None`` for none."""
    direction, page = member.direction, linked.page
    if member.kind == "url":
        return linked.url(direction, is_relative)
    if member.kind == "cursor":
        return linked.cursor(direction)
    if not direction:
        return _FACTS[member.kind](page)
    start = page.start_of(direction)
    return start if start is None or member.kind == "offset" else page.number_at(start)


def header_members(fields: Iterable[Parameter], contract: Contract) -> tuple[tuple[str, PageMember], ...]:
    """Return the documented header fields that describe a page, by their names: ``X-Total-Count``."""
    members = (
        (
            field.name,
            page_member(
                (_PREFIX.sub("", field.name),),
                value_kinds(schema_branches(field.schema, contract)),
                field.schema,
                has_cursor=False,
            ),
        )
        for field in fields
    )
    return tuple((name, member) for name, member in members if member)


class PageFilling:
    """The members of the answers of one operation that describe the page, and how they are filled."""

    def __init__(self, members: tuple[PageMember, ...], schema: Schema, contract: Contract, sampler: Sampler) -> None:
        self._contract = contract
        self._sampler = sampler
        self._schema = schema
        self._whole = Validator(schema, contract)
        self._filled = tuple(map(self._plan, members))

    def filled(self, body: Any, linked: LinkedPages) -> Any:
        """Return a body in which all members agree with the page; one that takes no such value stays as it is."""
        for filling in self._filled:
            value = member_value(filling.member, linked, is_relative=filling.is_relative)
            if value is not None:
                body = _with_member(body, filling, value)
            elif filling.ending:
                body = _ended(body, *filling.ending)
        return body

    def _plan(self, member: PageMember) -> _Filled:
        holders = tuple((member.path[:end], self._holder(member.path[:end])) for end in range(1, len(member.path)))
        fits = Validator(self._documented(member.path), self._contract).is_valid
        return _Filled(member, fits, holders, self._ending(member, holders), _is_relative(member.schema))

    def _documented(self, path: tuple[str, ...]) -> Schema:
        """Return the schema of what stands at a path."""
        schema: Any = self._schema
        for step in path:
            schema = properties_of(schema_branches(schema, self._contract)).get(step)
        return schema if isinstance(schema, dict) else {}

    def _holder(self, path: tuple[str, ...]) -> Any:
        """Return a sample of the object at a path."""
        samples = (self._sampler.sample_if_any(self._documented(path), key) for key in range(_TRIES))
        return next((sample for sample in samples if isinstance(sample, dict)), {})

    def _ending(self, member: PageMember, holders: _Holders) -> tuple[tuple[str, ...], Any] | None:
        """Return what stands where when there is no such page; ``None`` where the answer can't say so."""
        whole = _held(self._sampler.sample_if_any(self._schema, 0), holders)
        endings = ((path, nothing) for path, nothing in self._endings(member.path))
        return next((ending for ending in endings if self._whole.is_valid(_ended(whole, *ending))), None)

    def _endings(self, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Yield the ways to say that there is no such page: null or nothing, for the link or the object with it."""
        is_around = len(path) > 1 and path[-2].lower().startswith(_LINKED)
        for place in (path[:-1], path) if is_around else (path,):
            documented = self._documented(place)
            may_be_null = any("null" in value_kinds([part]) for part in schema_branches(documented, self._contract))
            if nullable(documented) and not sends_null(documented):
                yield place, _NOTHING
            else:
                yield from ((place, None), (place, _NOTHING)) if may_be_null else ((place, _NOTHING), (place, None))
        yield path, ""


def _with_member(body: Any, filled: _Filled, value: Any) -> Any:
    fitting = next((form for form in (value, str(value)) if filled.fits(form)), None)
    return body if fitting is None else with_value_at(_held(body, filled.holders), filled.member.path, fitting)


def _held(body: Any, holders: _Holders) -> Any:
    """Return a body with an object wherever one has to stand around a member."""
    for path, sample in holders:
        if not isinstance(value_at(body, path), dict):
            body = with_value_at(body, path, sample)
    return body


def _ended(body: Any, path: tuple[str, ...], nothing: Any) -> Any:
    """Return a body that says at a path that there is nothing; as it is where nothing is around that."""
    around = value_at(body, path[:-1])
    if not isinstance(around, dict):
        return body
    rest = {name: part for name, part in around.items() if name != path[-1]}
    return with_value_at(body, path[:-1], rest if nothing is _NOTHING else {**around, path[-1]: nothing})


def _is_relative(schema: Schema) -> bool:
    """Tell whether the documented example of a link is a path."""
    examples = schema.get("examples")
    shown = [schema.get("example"), *(examples if isinstance(examples, list) else ())]
    return any(isinstance(text, str) and text.startswith("/") for text in shown)
