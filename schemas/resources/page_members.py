"""Members of a page beside its rows: totals, page numbers, cursors and links, known by their names and types."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .list_parameters import name_set, squeezed

Direction = Literal["", "next", "previous", "first", "last", "self"]
"""Page that a link, cursor or number leads to; empty for what tells of the page that is shown."""

MemberKind = Literal[
    "total",
    "returned",
    "pages",
    "page",
    "size",
    "offset",
    "first row",
    "last row",
    "has more",
    "has previous",
    "is first",
    "is last",
    "is empty",
    "url",
    "cursor",
]
"""The meaning of a member: ``returned`` are the rows of the page, ``first row`` and ``last row`` count from 1."""


@dataclass(frozen=True, slots=True)
class PageMember:
    """A member of a page: its place, and its meaning."""

    path: tuple[str, ...]
    kind: MemberKind
    direction: Direction
    schema: dict[str, Any]


_WHOLE = name_set("integer number")
NUMBERS: tuple[tuple[MemberKind, frozenset[str]], ...] = (
    (
        "total",
        name_set(
            "total totalcount totalresults totalitems totalelements totalrecords totalhits totalrows totalsize numfound"
            " nbhits rowcount recordcount totalentries totalobjects count found odatacount matches totalmatches"
        ),
    ),
    ("returned", name_set("numberofelements returned returnedcount currentitemcount resultcount itemcount length")),
    ("pages", name_set("totalpages pagecount pages numpages nbpages pagetotal pagestotal lastpage maxpage")),
    ("page", name_set("page currentpage pagenumber pageindex pageno number current")),
    ("size", name_set("pagesize perpage limit size itemsperpage maxresults pagelimit resultsperpage")),
    ("offset", name_set("offset skip start startindex startat skipped")),
    ("first row", name_set("from")),
    ("last row", name_set("to")),
)
"""Kinds of numbers, and their names without letter case and separators."""

FLAGS: tuple[tuple[MemberKind, frozenset[str]], ...] = (
    (
        "has more",
        name_set(
            "hasmore hasnext hasnextpage more hasmoreitems moreresults hasmoreresults nextpageexists next nextpage"
        ),
    ),
    ("has previous", name_set("hasprevious hasprev haspreviouspage hasprevpage previous prev previouspage prevpage")),
    ("is last", name_set("last islast islastpage lastpage complete")),
    ("is first", name_set("first isfirst isfirstpage firstpage")),
    ("is empty", name_set("empty isempty")),
)
"""Kinds of truths, and their names."""

CURSORS: tuple[tuple[Direction, frozenset[str]], ...] = (
    (
        "next",
        name_set(
            "nextcursor nextpagetoken nexttoken cursor endcursor continuationtoken after nextmarker bookmark"
            " aftercursor paginationtoken nextpagecursor nextkey nextpagekey continuetoken scrollid"
            " nextcontinuationtoken pagetoken"
        ),
    ),
    (
        "previous",
        name_set("previouscursor prevcursor startcursor before beforecursor previouspagetoken prevpagetoken prevtoken"),
    ),
)
"""Directions of cursors, and their names."""

_DIRECTIONS: tuple[tuple[Direction, tuple[str, ...]], ...] = (
    ("next", ("odatanext", "next")),
    ("previous", ("previous", "prev")),
    ("first", ("first",)),
    ("last", ("last",)),
    ("self", ("self", "current", "this")),
)
_ELSEWHERE = ("next", "previous", "first", "last")
_LINK_WORDS = name_set("url uri link href links page pageurl pageuri pagelink pagehref pagepath path")
_LINK_GROUPS = name_set("links link urls")
_SURE = name_set("url uri href link")


def page_member(
    path: Sequence[str], kinds: Collection[str], schema: dict[str, Any], *, has_cursor: bool, is_alone: bool = True
) -> PageMember | None:
    """Return the meaning of a member of an answer for a page, ``None`` where it has none.

    ``kinds`` are the JSON types that it may have. Operations that ask for a cursor (``has_cursor``) answer one as
    ``next``. ``count`` is the total where it ``is_alone``, without another member that is called one.
    """
    names = [squeezed(step) for step in path]
    leaf = names[-1]
    direction, rest = _direction(names)
    kind: MemberKind | None = None
    if not _WHOLE.isdisjoint(kinds):
        kind, direction = _number(names, direction, rest, is_alone=is_alone)
    elif "boolean" in kinds:
        kind, direction = next((kind for kind, named in FLAGS if leaf in named), None), ""
    elif "string" in kinds or not kinds:
        kind, direction = _text(names, direction, rest, schema, has_cursor=has_cursor)
    return PageMember(tuple(path), kind, direction, schema) if kind else None


def _number(
    names: Sequence[str], direction: Direction, rest: str, *, is_alone: bool
) -> tuple[MemberKind | None, Direction]:
    leaf = names[-1]
    cursor = next((towards for towards, named in CURSORS if leaf in named), None)
    if cursor:
        return "cursor", cursor
    if leaf == "count" and not is_alone:
        return "returned", ""
    kind = next((kind for kind, named in NUMBERS if leaf in named), None)
    if kind is None and leaf == "value" and names[-2:-1] == ["total"]:
        return "total", ""
    if kind and not (direction in _ELSEWHERE and kind in ("page", "offset")):
        return kind, ""
    if direction in _ELSEWHERE:
        return ("offset" if "offset" in rest or "start" in rest else "page"), direction
    return None, ""


def _text(
    names: Sequence[str], direction: Direction, rest: str, schema: dict[str, Any], *, has_cursor: bool
) -> tuple[MemberKind | None, Direction]:
    leaf = names[-1]
    is_in_links = any(name in _LINK_GROUPS for name in names[:-1])
    is_url = is_in_links or schema.get("format") in ("uri", "url", "uri-reference", "iri") or _is_url(schema)
    cursor = next((towards for towards, named in CURSORS if leaf in named), None)
    if cursor and not is_url:
        return "cursor", direction if direction in ("next", "previous") else cursor
    if not direction or (rest and rest not in _LINK_WORDS and "cursor" not in rest and "token" not in rest):
        return _below(leaf, direction)
    if is_url or any(word in rest for word in _SURE) or not has_cursor:
        return ("url", direction) if not _is_plain_self(names, direction, is_url=is_url) else (None, "")
    return ("cursor", direction) if direction in ("next", "previous") else (None, "")


def _below(leaf: str, direction: Direction) -> tuple[MemberKind | None, Direction]:
    """Return the meaning of a text inside of ``next``: the value of a parameter of the next page."""
    is_asked = leaf in ("offset", "page", "token", "key", "start")
    return ("cursor", direction) if is_asked and direction in ("next", "previous") else (None, "")


def _is_plain_self(names: Sequence[str], direction: Direction, *, is_url: bool) -> bool:
    """Tell whether a text only looks like a link: ``first`` and ``current`` may be names of anything."""
    return direction in ("first", "last", "self") and not is_url and names[-1] not in ("self", "href")


def _direction(names: Sequence[str]) -> tuple[Direction, str]:
    """Return the page that a member leads to, and the rest of its name."""
    for place in range(len(names) - 1, -1, -1):
        for direction, words in _DIRECTIONS:
            word = next((word for word in words if names[place].startswith(word)), None)
            if word is not None:
                below = "".join(names[place + 1 :])
                return direction, names[place].removeprefix(word) + below
    return "", ""


def _is_url(schema: dict[str, Any]) -> bool:
    examples = schema.get("examples")
    shown = [schema.get("example"), *(examples if isinstance(examples, list) else ())]
    return any(isinstance(example, str) and example.startswith(("http://", "https://", "/")) for example in shown)
