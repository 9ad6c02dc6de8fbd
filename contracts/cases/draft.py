"""A request as values that can be changed one at a time, and the call that it makes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Any

from docdouble.fakeserver.http.codecs import body_content, codec_of
from docdouble.schemas import Call, Contract, MediaType, Operation, Parameter
from docdouble.schemas.contract.evidence import Location
from docdouble.schemas.contract.media_types import chosen_media_type
from docdouble.schemas.contract.parameter_styles import written_pairs, written_text
from docdouble.schemas.http import is_json, media_type

from ..generation.fields import ITEM, Path, RequestField, request_body_schema


class _Absent:
    """Placeholder of a value that isn't there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()

Filled = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A request of an operation: its parameters by location and name, and its body's value, if it has one."""

    operation: Operation
    contract: Contract
    parameters: Mapping[str, Filled] = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str = ""

    def put(self, at: RequestField, value: Any, fill: Mapping[Path, Any] | None = None) -> "Draft":
        """Return the request with a value at a field; what leads there is made, from ``fill`` where that knows it."""
        if at.where == "body":
            return replace(self, body=_with(self.body, at.path, value, fill or {}))
        named = {**self.parameters.get(at.where, {}), at.name: value}
        return replace(self, parameters={**self.parameters, at.where: named})

    def put_in_each(self, at: RequestField, values: Iterable[Any]) -> "Draft":
        """Return the request with values in turn wherever its body has one at a field: in each item of an array."""
        return replace(self, body=_in_each(self.body, at.path, cycle(values)))

    def without(self, at: RequestField) -> "Draft":
        """Return the request without a field."""
        if at.where == "body":
            return replace(self, body=_without(self.body, at.path))
        named = {name: value for name, value in self.parameters.get(at.where, {}).items() if name != at.name}
        return replace(self, parameters={**self.parameters, at.where: named})

    def get(self, at: RequestField) -> Any:
        """Return the value of a field, ``ABSENT`` where it isn't there."""
        if at.where != "body":
            return self.parameters.get(at.where, {}).get(at.name, ABSENT)
        value = self.body
        for step in at.path:
            is_item = isinstance(step, int) and isinstance(value, list) and bool(value)
            known = step in value if isinstance(value, dict) else is_item
            value = value[step] if known else ABSENT
        return value

    def call(self) -> Call:
        """Return the call; raises ``ValueError`` where the body can't be written in its media type."""
        if self.body is ABSENT:
            return self.calling(b"")
        if is_json(media_type(self.media_type)):
            return self.calling(json.dumps(self.body).encode())
        codec = codec_of(self.media_type)
        media_types = self.operation.request.media_types if self.operation.request else ()
        documented = chosen_media_type(media_types, self.media_type) or MediaType(self.media_type)
        content = body_content(documented, request_body_schema(self.operation, self.media_type), self.contract)
        return self.calling(codec.encode(self.body, content), self.media_type + codec.parameters)

    def calling(self, body: bytes, content_type: str | None = None) -> Call:
        """Return the call with these octets as its body, whatever its value is."""
        content_type = self.media_type if content_type is None else content_type
        headers = [("Content-Type", content_type)] if content_type and (body or self.body is not ABSENT) else []
        headers += [(parameter.name, written_text(parameter, value)) for parameter, value in self._filled("header")]
        if cookies := [part for parameter, value in self._filled("cookie") for part in written_pairs(parameter, value)]:
            headers.append(("Cookie", "; ".join(cookies)))
        return Call(tuple(headers), body, self.operation.method, self._target())

    def _target(self) -> str:
        path = self.operation.path
        for parameter, value in self._filled("path"):
            path = path.replace(f"{{{parameter.name}}}", written_text(parameter, value))
        filled = (*self._filled("query"), *self._filled("querystring"))
        pairs = [part for parameter, value in filled for part in written_pairs(parameter, value)]
        return f"{path}?{'&'.join(pairs)}" if pairs else path

    def _filled(self, where: Location) -> list[tuple[Parameter, Any]]:
        """Return the parameters of a location with their values; one that isn't documented is a plain one."""
        documented = {
            parameter.name: parameter for parameter in self.operation.parameters if parameter.location == where
        }
        named = self.parameters.get(where, {}).items()
        return [(documented.get(name) or Parameter(name, where, {}), value) for name, value in named]


def _with(body: Any, path: Path, value: Any, fill: Mapping[Path, Any], done: Path = ()) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    at = (*done, step)
    if step == ITEM:
        items = body if isinstance(body, list) else []
        below = items[0] if items else fill.get(at, ABSENT)
        return [_with(below, rest, value, fill, at), *items[1:]]
    whole = body if isinstance(body, dict) else fill.get(done, {})
    members = whole if isinstance(whole, dict) else {}
    below = members.get(step, fill.get(at, ABSENT))
    return {**members, str(step): _with(below, rest, value, fill, at)}


def _in_each(body: Any, path: Path, values: Iterator[Any]) -> Any:
    if not path:
        return next(values)
    step, rest = path[0], path[1:]
    if step == ITEM and isinstance(body, list):
        items = [_in_each(item, rest, values) for item in body]
        return items if rest else list(dict.fromkeys(items))
    if isinstance(body, dict) and body.get(step):
        return {**body, step: _in_each(body[step], rest, values)}
    return body


def _without(body: Any, path: Path) -> Any:
    if not path:
        return ABSENT
    step, rest = path[0], path[1:]
    if isinstance(body, list) and body:
        below = _without(body[0], rest)
        return body[1:] if below is ABSENT else [below, *body[1:]]
    if not isinstance(body, dict) or step not in body:
        return body
    below = _without(body[str(step)], rest)
    return {name: part for name, part in body.items() if name != step} | ({} if below is ABSENT else {step: below})
