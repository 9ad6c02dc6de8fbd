"""Conditions on entity tags: ``If-Match`` and ``If-None-Match`` of calls that 412 is documented for (RFC 9110, 13.1).

The present tags are those of a GET of the path that is called, and of what it stands below: a document often gives the
tag of an order to who adds an item to it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from docdouble.schemas import Contract, Operation, Parameter, Response
from docdouble.schemas.contract.paths import path_variables, unnamed_template
from docdouble.schemas.http import Headers

from ..http.header_fields import is_named_tag
from ..http.standard_headers import entity_tag
from ..requests.request_reader import Request
from ..state.worlds import WorldView
from .bodies import AnswerContext

_CONDITIONS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range")
_VERSION = re.compile(r"[_@]?(?:e[-_]?tag|revision|(?:row[-_]?)?version)", re.IGNORECASE)
"""Names of members that show the tag of their entity."""

_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


Shown = Callable[[Request, AnswerContext, WorldView | None], tuple[Any, Headers] | None]
"""A GET, whose call it is made for, and a world → the body and the header fields of its answer."""


class EntityTags:
    """The entity tags of what the operations of one contract read and write; ``shown`` answers a GET."""

    def __init__(self, contract: Contract, shown: Shown) -> None:
        self._shown = shown
        self._contract = contract

    @cached_property
    def _reads(self) -> dict[str, Operation]:
        return {
            unnamed_template(operation.path): operation
            for operation in self._contract.operations
            if operation.method == "GET"
        }

    @cached_property
    def _examples(self) -> frozenset[str]:
        return frozenset(_example_tags(self._contract.operations))

    def is_unmet(self, context: AnswerContext, view: WorldView | None) -> bool:
        """Tell whether a condition doesn't hold of what there is in a world, where 412 is documented for that."""
        if not context.plan.is_conditional:
            return False
        request, call = context.request, context.request.call
        sent, other = call.header("If-Match"), call.header("If-None-Match")
        if sent is None and (other is None or call.method not in _UNSAFE):
            return False
        if not context.is_usual or not any(response.status == "412" for response in request.operation.responses):
            return False
        own = self._own_read(request)
        shown = self._shown(own, context, view) if own else None
        if own and shown is None:
            return False
        above = () if own and call.method != "POST" else self._reads_above(request)
        answers = (shown, *(self._shown(read, context, view) for read in above))
        present = {*self._examples, *(tag for answer in answers if answer for tag in _tags(*answer))}
        if sent is not None:
            return not any(is_named_tag(sent, tag) for tag in present)
        return any(is_named_tag(other or "", tag) for tag in present)

    def written(self, context: AnswerContext, response: Response, view: WorldView | None) -> Any:
        """Return what a GET shows of what a call has written, where the tag of that is documented."""
        request = context.request
        if request.call.method not in ("PUT", "PATCH") or not any(map(_is_tag, response.headers)):
            return None
        read = self._own_read(request)
        shown = self._shown(read, context, view) if read else None
        return shown[0] if shown else None

    def _own_read(self, request: Request) -> Request | None:
        return self._read(request, request.operation.path.rstrip("/").split("/"))

    def _reads_above(self, request: Request) -> Iterator[Request]:
        """Yield the GETs of the entities that the called path stands below."""
        steps = request.operation.path.rstrip("/").split("/")
        heads = (steps[:end] for end in range(len(steps) - 1, 1, -1) if steps[end - 1].startswith("{"))
        yield from (read for head in heads if (read := self._read(request, head)))

    def _read(self, request: Request, steps: list[str]) -> Request | None:
        path = "/".join(steps)
        operation = self._reads.get(unnamed_template(path))
        if operation is None:
            return None
        sent = (request.parameters.get(name) for name in path_variables(path))
        parameters = dict(zip(path_variables(operation.path), sent, strict=True))
        target = "/".join(request.call.path.rstrip("/").split("/")[: len(steps)])
        call = replace(request.call.with_headers(drop=_CONDITIONS), method="GET", body=b"", target=target)
        return Request(operation, parameters, {}, None, call)


def _tags(body: Any, fields: Headers) -> Iterator[str]:
    """Yield the entity tags of an answer: the one that is sent, the one that would be, and those that it shows."""
    yield from (value for name, value in fields if name.lower() == "etag")
    yield entity_tag(body)
    members = body.items() if isinstance(body, Mapping) else ()
    yield from (str(value) for name, value in members if _VERSION.fullmatch(name) and isinstance(value, str | int))


def _example_tags(operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the tags that are documented as examples, which are sent whatever the entity is."""
    headers = (
        parameter for operation in operations for response in operation.responses for parameter in response.headers
    )
    for header in filter(_is_tag, headers):
        examples = (*header.samples, *header.schema.get("examples", ()), header.schema.get("default"))
        yield from (example for example in examples if isinstance(example, str))


def _is_tag(header: Parameter) -> bool:
    return header.name.lower() == "etag"
