"""Parameters of lists: which of them asks for a page, an order, a search or some of the properties."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from ..contract.media_types import primary_schema
from ..contract.model import Contract, Operation, Parameter, Schema
from ..contract.parameter_values import properties_of, schema_branches, value_kinds

ListRole = Literal[
    "limit", "offset", "page", "cursor", "cursor back", "sort", "direction", "search", "ids", "fields", "expand"
]
"""Meaning of a parameter of a list: ``cursor back`` is one that leads to the page before."""

PAGING: frozenset[str] = frozenset({"limit", "offset", "page", "cursor", "cursor back"})
"""Roles that choose a page."""


@dataclass(frozen=True, slots=True)
class ListParameterRule:
    """A rule: parameters of these ``names``, and of one of the JSON types ``kinds``, have a role.

    Names have neither letter case nor separators. Those in ``weak`` may as well be a property of what is listed, which
    goes before.
    """

    role: ListRole
    kinds: frozenset[str]
    names: frozenset[str]
    weak: frozenset[str] = frozenset()


_WHOLE = frozenset({"integer", "number", "string"})
_TEXT = frozenset({"string"})
_TEXTS = frozenset({"string", "array"})
_CHOICE = frozenset({"string", "boolean"})
_KEYS = frozenset({"string", "array", "integer"})


def name_set(text: str) -> frozenset[str]:
    """Return the names that stand in a text, separated by blanks."""
    return frozenset(text.split())


LIST_PARAMETER_RULES: tuple[ListParameterRule, ...] = (
    ListParameterRule(
        "limit",
        _WHOLE,
        name_set(
            "limit pagesize perpage pagelimit maxresults maxitems maxrecords itemsperpage resultsperpage recordsperpage"
            " resultlimit resultsize numresults pagemaxsize maxpagesize"
        ),
        name_set("size count max first take top rows results n num"),
    ),
    ListParameterRule(
        "offset",
        _WHOLE,
        name_set("offset pageoffset skip startindex firstresult startat"),
        name_set("start from begin"),
    ),
    ListParameterRule(
        "page", _WHOLE, name_set("page pagenumber pageno pagenum pageindex currentpage"), name_set("p paged pg")
    ),
    ListParameterRule(
        "cursor",
        _WHOLE,
        name_set(
            "cursor pagetoken nexttoken nextpagetoken continuationtoken startingafter pageafter pagecursor nextcursor"
            " paginationtoken continuetoken aftercursor scrollid nextpagekey skiptoken"
        ),
        name_set("after marker continuation continue next bookmark"),
    ),
    ListParameterRule(
        "cursor back",
        _WHOLE,
        name_set("endingbefore pagebefore previouscursor prevcursor beforecursor"),
        name_set("before"),
    ),
    ListParameterRule(
        "direction",
        _CHOICE,
        name_set("sortorder sortdirection sortdir orderdirection orderdir sortdesc sortdescending sorttype"),
        name_set("order direction dir desc descending reverse asc ascending"),
    ),
    ListParameterRule(
        "sort", _TEXTS, name_set("sort sortby orderby ordering sortfield sortkey sortcolumn sorting"), name_set("order")
    ),
    ListParameterRule(
        "search",
        _TEXT,
        name_set("q search query searchterm searchtext searchquery searchstring fulltext freetext keyword keywords"),
        name_set("term terms text s find"),
    ),
    ListParameterRule("ids", _KEYS, name_set("ids"), name_set("id")),
    ListParameterRule("fields", _TEXTS, name_set("fields select onlyfields returnfields"), name_set("attributes only")),
    ListParameterRule("expand", _TEXTS, name_set("expand include embed includes expands"), name_set("with populate")),
)
"""The rules, in the order in which they are tried."""

_DIRECTIONS = frozenset({"asc", "desc", "ascending", "descending", "1", "-1"})
_DATES = frozenset({"date", "date-time"})
_DOCUMENTED = {
    "default": re.compile(r"\bdefault(?:s)?(?: value)?(?: is| to|:|=)?\s*`?(\d{1,6})\b", re.IGNORECASE),
    "maximum": re.compile(r"\bmax(?:imum)?(?: value)?(?: is| of|:|=)?\s*`?(\d{1,6})\b", re.IGNORECASE),
}
"""Keyword of a number → how descriptions tell it."""

_ABOUT_DATES = re.compile(r"\b(?:dates?|times?|timestamp|ISO[ -]?8601|RFC[ -]?3339)\b", re.IGNORECASE)
_COUNTED = frozenset({"limit", "offset", "page"})
_BRACKET = re.compile(r"[\[\].]+")
_SEPARATORS = re.compile(r"[\W_]+")


def squeezed(name: str) -> str:
    """Return a name without letter case and separators: ``friendlyname`` of ``Friendly-Name``."""
    lower = name.lower()
    return lower if lower.isalnum() else _SEPARATORS.sub("", lower)


@dataclass(frozen=True)
class QueryValue:
    """A value that a query may hold: a parameter, or one member of a parameter that is an object.

    ``name`` is how it stands in a query, such as ``page[size]``; ``path`` leads to it in the values of a request.
    """

    name: str
    path: tuple[str, ...]
    schema: Schema
    parameter: Parameter
    contract: Contract

    @cached_property
    def branches(self) -> tuple[Schema, ...]:
        """The schema and its alternatives, those of the items of an array among them."""
        branches = tuple(schema_branches(self.schema, self.contract))
        items = [part for branch in branches for part in schema_branches(branch.get("items"), self.contract)]
        return (*branches, *items)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The JSON types that it may have; a text where none is stated."""
        return (value_kinds(schema_branches(self.schema, self.contract)) - {"null"}) or _TEXT

    @property
    def is_date(self) -> bool:
        """Whether it is a date."""
        return any(branch.get("format") in _DATES for branch in self.branches)

    @property
    def is_about_dates(self) -> bool:
        """Whether it is a date, or is described as one."""
        return self.is_date or _ABOUT_DATES.search(self.parameter.description) is not None

    @property
    def listed(self) -> tuple[Any, ...]:
        """The values that are documented."""
        return tuple(value for branch in self.branches for value in branch.get("enum", ()))

    def number(self, keyword: str) -> int | None:
        """Return the number that the schema, or else the description, tells: ``default``, ``minimum``, ``maximum``."""
        values = (branch[keyword] for branch in self.branches if keyword in branch)
        number = next((value for value in values if _is_whole(value)), None)
        if number is not None:
            return int(number)
        match = _DOCUMENTED[keyword].search(self.parameter.description) if keyword in _DOCUMENTED else None
        return int(match[1]) if match else None

    @cached_property
    def default(self) -> Any:
        """The documented default, ``None`` where there is none."""
        return next((branch["default"] for branch in self.branches if "default" in branch), None)

    def value(self, parameters: Mapping[str, Any]) -> Any:
        """Return the value of this place in a request, ``None`` for nothing."""
        value: Any = parameters
        for step in self.path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


def query_values(operation: Operation, contract: Contract) -> Iterator[QueryValue]:
    """Yield the values that a query of an operation may hold, in the documented order."""
    for parameter in operation.parameters:
        if parameter.location == "query" and not parameter.content:
            yield from _values(parameter.name, (parameter.name,), parameter.schema, parameter, contract)


def body_values(operation: Operation, contract: Contract) -> Iterator[QueryValue]:
    """Yield the values that the body of a search may hold, in the documented order."""
    schema = primary_schema(operation.request.media_types) if operation.request else None
    for name, part in properties_of(schema_branches(schema, contract)).items():
        if isinstance(part, dict):
            member = Parameter(name, "query", part, description=str(part.get("description", "")))
            yield from _values(name, (name,), part, member, contract)


def _values(
    name: str, path: tuple[str, ...], schema: Schema, parameter: Parameter, contract: Contract
) -> Iterator[QueryValue]:
    members = properties_of(schema_branches(schema, contract))
    if not members or len(path) > 3:
        yield QueryValue(name, path, schema, parameter, contract)
        return
    is_deep = parameter.effective_style == "deepObject" or len(path) > 1
    for member, part in members.items():
        if isinstance(part, dict):
            yield from _values(f"{name}[{member}]" if is_deep else member, (*path, member), part, parameter, contract)


def list_role(asked: QueryValue, row_names: frozenset[str] = frozenset()) -> ListRole | None:
    """Return the meaning of a value for a list; ``row_names`` are the squeezed names of properties of its rows."""
    name = squeezed(asked.name)
    for rule in LIST_PARAMETER_RULES:
        is_weak = name in rule.weak and name not in row_names and not (rule.role in _COUNTED and asked.kinds == _TEXT)
        is_named = name in rule.names or is_weak
        if is_named and asked.kinds & rule.kinds and _has_sense(rule.role, name, asked):
            return "cursor" if rule.role in ("page", "offset") and _is_opaque(asked) else rule.role
    parts = [part for part in _BRACKET.split(asked.name) if part]
    if len(parts) > 1 and squeezed(parts[0]) in ("fields", "select"):
        return "fields"  # JSON:API: one parameter for each type
    return None


def _has_sense(role: ListRole, name: str, asked: QueryValue) -> bool:
    """Tell whether a value of this name can have a role, by what else is documented of it."""
    match role:
        case "limit" | "offset" | "page":
            return not asked.is_date and (asked.kinds != _TEXT or not asked.listed)
        case "cursor" | "cursor back":
            return not asked.is_about_dates
        case "direction" if name == "order":
            return bool(asked.listed) and all(str(value).lower() in _DIRECTIONS for value in asked.listed)
        case "ids":
            return name == "ids" or "array" in asked.kinds
    return True


def _is_opaque(asked: QueryValue) -> bool:
    """Tell whether a page is asked for by a text that isn't a number; nobody could ask for the first by such a one."""
    if asked.parameter.required:
        return False
    shown = [asked.default, *asked.parameter.samples, *(branch.get("example") for branch in asked.branches)]
    return asked.kinds == _TEXT and not any(map(_is_whole, shown))


def _is_whole(value: Any) -> bool:
    return type(value) in (int, float, str) and str(value).removesuffix(".0").isdigit()
