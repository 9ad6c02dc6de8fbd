"""Lists of rows as parameters ask for them: filtered, sorted, searched, and a page of them with what leads to others.

What a parameter means is worked out once for each operation. The rows are those of the world where there is one, else a
population of the operation's own that stays the same whatever part of it is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract, Operation, Schema, Validator
from docdouble.schemas.contract.model import COMPONENT_PREFIX
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches, value_kinds
from docdouble.schemas.http import Headers
from docdouble.schemas.jsonschema.documented_values import documented_values
from docdouble.schemas.resources.envelopes import ListedRows, answered_schema, listed_in
from docdouble.schemas.resources.list_parameters import (
    PAGING,
    ListRole,
    QueryValue,
    body_values,
    list_role,
    query_values,
    squeezed,
)
from docdouble.schemas.resources.naming import is_search as is_search_segment
from docdouble.schemas.resources.page_members import PageMember

from ..requests.request_reader import Request
from ..sampler import Sampler
from ..sampler.shapes import named_type
from .page_choice import ChosenPage, Paging, paging_of
from .page_filling import LinkedPages, PageFilling, header_members, member_value
from .page_links import RELATIONS, PageLinks
from .row_filters import ExpressionFilter, RowFilter, holds_text, is_equal, row_filter
from .row_order import RowOrder
from .row_properties import RowProperty, row_properties, value_at, with_value_at

POPULATION = 25
"""Rows of a list that no world keeps."""

_CONDITIONS = frozenset({"allOf", "anyOf", "contains", "if", "not", "oneOf"})
"""Keywords by which an array without items may not fit."""

TREES = 2
"""Rows of such a list that hold rows of their own type."""


@dataclass(frozen=True)
class RowList:
    """A list that an operation answers: where its rows stand, and what its parameters mean.

    ``steering`` are the parameters that only choose among its rows, ``whole`` is the schema of all of them, empty where
    an example alone shows them.
    ``page_headers`` are the header fields that are left out where the page has no value for them. It
    ``is_search`` where the body of a ``POST`` asks for a part; no link leads to another then.
    """

    rows: ListedRows
    filters: tuple[RowFilter | ExpressionFilter, ...]
    order: RowOrder
    searches: tuple[QueryValue, ...]
    keys: tuple[QueryValue, ...]
    key: RowProperty | None
    paging: Paging
    filling: PageFilling
    steering: frozenset[str]
    whole: Schema
    least: int
    header_members: tuple[tuple[str, PageMember], ...]
    page_headers: frozenset[str]
    has_link_header: bool
    is_search: bool

    def needs_values(self, request: Request) -> bool:
        """Tell whether rows have to be looked into, and not only counted."""
        parameters = self._asked(request)
        return (
            bool(self.rows.path)
            or self.order.is_asked(parameters)
            or self.paging.needs_rows(parameters)
            or any(row_filter.test(parameters) for row_filter in self.filters)
            or any(asked.value(parameters) is not None for asked in (*self.searches, *self.keys))
        )

    def owned(self, rows: list[Any], request: Request) -> list[Any]:
        """Return rows that no world keeps, as those of what a request asks for, where none are."""
        parameters = self._asked(request)
        if any(asked.value(parameters) is not None for asked in self.keys):
            return rows  # of which it is known who they are
        for row_test in self.filters:
            value = row_test.owner(parameters) if isinstance(row_test, RowFilter) else None
            test = row_test.test(parameters) if value is not None else None
            if isinstance(row_test, RowFilter) and test and not any(map(test, rows)):
                rows = [row_test.kept.put(row, value) for row in rows]
        return rows

    def answer(self, request: Request, body: Any, rows: Sequence[Any] | None, base_url: str) -> tuple[Any, Headers]:
        """Return a body with the rows that are asked for, and its header fields.

        ``rows`` are all there are, ``None`` where they stand in the body. A body without rows stays as it is.
        """
        all_rows = value_at(body, self.rows.path) if rows is None else rows
        if not isinstance(all_rows, list):
            return body, ()
        parameters = self._asked(request)
        chosen = self._chosen(all_rows, parameters)
        page = self.paging.choose(parameters, chosen)
        shown = list(chosen[page.start : page.start + page.size])
        shown += all_rows[: max(self.least - len(shown), 0)]
        links = PageLinks(request.call, base_url, self.paging.dropped())
        linked = self._linked(links, page, chosen)
        if self.rows.inside:
            shown = [_with_cursor(row, self.paging.cursor_at(page.start + place)) for place, row in enumerate(shown, 1)]
        body = self.filling.filled(with_value_at(body, self.rows.path, shown), linked)
        return body, self._header(links, page, chosen)

    def _asked(self, request: Request) -> Mapping[str, Any]:
        """Return the values by which a request asks for a part of the list."""
        body = request.body if self.is_search and isinstance(request.body, dict) else {}
        return {**request.parameters, **body} if body else request.parameters

    def _chosen(self, rows: Sequence[Any], parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows that fulfil all that is asked for, in the order that is asked for."""
        chosen = rows
        for test in filter(None, (row_test.test(parameters) for row_test in self.filters)):
            chosen = [row for row in chosen if test(row)]
        for asked in self.searches:
            words = str(asked.value(parameters) or "").casefold().split()
            chosen = [row for row in chosen if holds_text(row, words)] if words else chosen
        for asked in self.keys if self.key else ():
            keys = asked.value(parameters)
            wanted = keys if isinstance(keys, list) else str(keys).split(",")
            kept = [row for row in chosen if any(is_equal(self.key.of(row), key) for key in wanted)] if self.key else []
            chosen = chosen if keys is None else kept
        return self.order.sorted(chosen, parameters)

    def _linked(self, links: PageLinks, page: ChosenPage, rows: Sequence[Any]) -> LinkedPages:
        def url(direction: Any, relative: bool) -> str | None:
            parameters = None if self.is_search else self.paging.leading_to(direction, page, rows)
            return None if parameters is None else links.url(parameters, relative=relative)

        return LinkedPages(page, url, lambda direction: self.paging.cursor(direction, page, rows))

    def _header(self, links: PageLinks, page: ChosenPage, rows: Sequence[Any]) -> Headers:
        linked = self._linked(links, page, rows)
        values = ((name, member_value(member, linked)) for name, member in self.header_members)
        fields = tuple((name, _field_text(value)) for name, value in values if value is not None)
        if not self.has_link_header:
            return fields
        return fields + links.header({d: self.paging.leading_to(d, page, rows) for d in RELATIONS})


def row_list(operation: Operation, contract: Contract, sampler: Sampler) -> RowList | None:
    """Return the list that an operation answers, ``None`` where no parameter and no member is about its rows."""
    schema = answered_schema(operation)
    is_search = operation.method == "POST" and is_search_segment(operation.path.rpartition("/")[2])
    rows = _listed(operation, contract) if schema and (is_search or operation.method == "GET") else None
    if rows is None or schema is None:
        return None
    properties = row_properties(rows, contract)
    steering = {behaviour.parameter for behaviour in operation.behaviours}
    values = (*query_values(operation, contract), *(body_values(operation, contract) if is_search else ()))
    asked = [value for value in values if value.parameter.name not in steering]
    roles = [(value, list_role(value, frozenset(properties))) for value in asked]
    filters = tuple(criterion for value, role in roles if role is None and (criterion := row_filter(value, properties)))
    by_role: dict[ListRole, QueryValue] = {role: value for value, role in reversed(roles) if role is not None}
    fields = success.headers if (success := operation.success()) else ()
    page_fields = header_members(fields, contract)
    if not by_role and not filters and not rows.members and not page_fields:
        return None
    part = _part(schema, rows.path, contract)
    array = next((branch for branch in schema_branches(part, contract) if "array" in value_kinds([branch])), {})
    key = properties.get("id") or next(
        (row_property for name, row_property in properties.items() if name.endswith("id")), None
    )
    least = array.get("minItems", 0) or int(_excludes_empty(part, contract))
    paging = paging_of(
        {role: query_value for role, query_value in by_role.items() if role in PAGING},
        contract,
        key,
        has_cursors=any(member.kind == "cursor" for member in rows.members),
        most=array.get("maxItems"),
    )
    # what may be left out shows the same list in another way, unless it says whose list it is
    optional = {value.path[0] for value in asked if not value.parameter.required and not _names_owner(value)}
    return RowList(
        rows,
        filters,
        RowOrder(by_role.get("sort"), by_role.get("direction"), properties),
        tuple(value for value, role in roles if role == "search"),
        tuple(value for value, role in roles if role == "ids"),
        key,
        paging,
        PageFilling(rows.members, schema, contract, sampler),
        frozenset(
            optional
            | {value.path[0] for value, role in roles if role}
            | {criterion.asked.path[0] for criterion in filters}
        ),
        _population(array, contract, sampler),
        least,
        page_fields,
        frozenset(name for name, _ in page_fields) - {field.name for field in fields if field.required},
        bool(paging.asked)
        and not is_search
        and (not rows.path or any(field.name.lower() == "link" for field in fields)),
        is_search,
    )


def _listed(operation: Operation, contract: Contract) -> ListedRows | None:
    """Return where the rows of a list stand, also where only an example of the schema shows them."""
    branches = tuple(schema_branches(answered_schema(operation), contract))
    examples = (example for branch in branches for example in documented_values(branch))
    is_shown = not value_kinds(branches) and any(isinstance(example, list) for example in examples)
    return ListedRows((), {}) if is_shown else listed_in(operation, contract)


def _population(array: Schema, contract: Contract, sampler: Sampler) -> Schema:
    """Return the schema of all rows: as many as there should be, or fewer where they couldn't all be different.

    It is empty where only an example shows the rows.
    """
    if not array:
        return array
    name = named_type(array["items"]) if isinstance(array.get("items"), dict) else ""
    is_tree = bool(name) and repr(COMPONENT_PREFIX + name) in repr(contract.schemas[name])
    counts = (max((TREES if is_tree else POPULATION) >> halved, array.get("minItems", 0)) for halved in range(3))
    wholes = ({**array, "type": "array", "minItems": count, "maxItems": count} for count in counts)
    return next((whole for whole in wholes if sampler.sample_if_any(whole, 0) is not None), array)


def _names_owner(asked: QueryValue) -> bool:
    return squeezed(asked.name).endswith(("id", "key", "slug"))


def _field_text(value: Any) -> str:
    """Return a value as a header field has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _part(schema: Schema, path: tuple[str, ...], contract: Contract) -> Schema:
    """Return the schema at a path."""
    part: Any = schema
    for step in path:
        part = properties_of(tuple(schema_branches(part, contract))).get(step)
    return part if isinstance(part, dict) else {}


def _excludes_empty(part: Schema, contract: Contract) -> bool:
    """Tell whether an empty array is none that fits, such as one that fits two alternatives of a ``oneOf``."""
    whole = contract.resolve(part)
    return not whole.keys().isdisjoint(_CONDITIONS) and not Validator(whole, contract).is_valid([])


def _with_cursor(edge: Any, cursor: str) -> Any:
    """Return an edge of a connection with the cursor that leads to what comes after it, where it has one."""
    return {**edge, "cursor": cursor} if isinstance(edge, dict) and isinstance(edge.get("cursor"), str) else edge
