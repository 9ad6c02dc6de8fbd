"""Strategies for the calls and the replies of an operation that keep to its documentation."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hypothesis import strategies as st

from docdouble.fakeserver.http.codecs import Content, codec_of
from docdouble.fakeserver.http.documented import (
    JSON_PATCH,
    MERGE_PATCH,
    WITHOUT_BODY,
    documented_answer,
    is_patched,
    response_schema,
)
from docdouble.fakeserver.http.negotiate import writable_media_types
from docdouble.schemas import Call, ConfigError, Contract, MediaType, Operation, Parameter, Reply, Response, Schema
from docdouble.schemas.contract.behaviour_names import EXPRESSIONS, SELECTIONS
from docdouble.schemas.contract.media_types import body_schema, chosen_media_type
from docdouble.schemas.contract.model import non_null
from docdouble.schemas.contract.parameter_styles import scalar_text, written_text
from docdouble.schemas.http import is_json
from docdouble.schemas.jsonschema.directions import directed, operation_of

from ..cases.draft import Draft
from ..cases.purpose import Purposes
from ..client.placeholder_credentials import with_placeholder
from ..generation.fields import RequestField, parameter_fields, request_body_schema
from ..generation.scalar_values import Values
from ..generation.schemathesis import schema_values
from ..generation.values import Manner, ValueStrategies
from ..model.case import Purpose

_PLAIN_WORDS = {"type", "examples", "minLength", "maxLength", "description", "title", "default"}
_MOST_SELECTED = 3
_ALPHABETS: Mapping[str, st.SearchStrategy[str]] = {
    "path": st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"),
    "query": st.characters(exclude_categories=["Cs", "Cc"]),
    "header": st.characters(min_codepoint=0x21, max_codepoint=0x7E),
    "cookie": st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='",;\\='),
}
"""Letters of texts by the location of a parameter."""


class MessageStrategies:
    """Strategies for the calls and replies of one contract's operations."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract = directed(contract)
        self._asked = ValueStrategies(contract, Manner(), self._otherwise)
        self._answered = ValueStrategies(contract, Manner(complete=True), self._otherwise)

    @cached_property
    def _purposes(self) -> Purposes:
        return Purposes(self._contract)

    def _otherwise(self, schema: Schema) -> Values:
        return schema_values(schema, self._contract.schemas)

    def calls(self, operation: Operation) -> st.SearchStrategy[Call]:
        """Return a strategy for calls that the fake accepts, with made-up credentials where any are documented."""
        operation = operation_of(self._contract, operation)
        media_types = writable_media_types(operation.request.media_types, self._contract) if operation.request else []
        ordered = sorted(media_types, key=lambda name: name != "application/json")
        plan = _CallPlan(
            operation,
            self._contract,
            tuple(self._parameter(field, operation) for field in parameter_fields(operation, self._contract)),
            self._selections(operation),
            {name: self._body(operation, name) for name in ordered},
            self._purposes,
        )
        return _calls(plan).filter(plan.is_valid)

    def _parameter(self, field: RequestField, operation: Operation) -> "_DrawnParameter":
        examples = list(field.schema.get("examples", ()))
        behaviours = {behaviour.name for behaviour in operation.behaviours if behaviour.parameter == field.name}
        if examples and (field.where in ("header", "cookie") or behaviours.intersection(EXPRESSIONS)):
            values: Values = st.sampled_from(examples)
        elif behaviours.intersection(EXPRESSIONS):
            values = st.nothing()
        elif field.kind in ("string", "") and not {word for word in field.schema if word[:2] != "x-"} - _PLAIN_WORDS:
            values = _parameter_texts(field)
            values = st.one_of(values, st.sampled_from(examples)) if examples else values
        else:
            values = self._asked.fitting(field.schema).filter(lambda value: _is_sendable(value, field))
        return _DrawnParameter(field.where, field.name, field.is_required, values)

    def _selections(self, operation: Operation) -> tuple["_DrawnParameter", ...]:
        """Return the parameters that select properties by name."""
        selecting = [
            behaviour for behaviour in operation.behaviours if behaviour.name in SELECTIONS and behaviour.parameter
        ]
        names = self._selectable(operation)
        lists = st.lists(st.sampled_from(names), min_size=1, max_size=_MOST_SELECTED, unique=True) if names else None
        values = lists.map(",".join) if lists is not None else st.nothing()
        documented = {parameter.name: parameter for parameter in operation.parameters}
        return tuple(
            _DrawnParameter("query", behaviour.parameter, bool(documented[behaviour.parameter].required), values)
            for behaviour in selecting
            if behaviour.parameter in documented and names
        )

    def _selectable(self, operation: Operation) -> list[str]:
        """Return the names that a selection may hold: the properties of the answer, or of its items."""
        schema = response_schema(operation.success()) or {}
        record = self._contract.resolve(non_null(self._contract.resolve(non_null(schema))))
        record = self._contract.resolve(record.get("items", record))
        return list(record.get("properties", {}))

    def _body(self, operation: Operation, media_type: str) -> Values:
        documented = operation.request.media_types if operation.request else ()
        chosen = chosen_media_type(documented, media_type)
        samples = chosen.samples if chosen else ()
        if not is_patched(operation):
            samples = samples or tuple(
                sample for content in documented if is_json(content.name) for sample in content.samples
            )
            return self._asked.fitting(request_body_schema(operation, media_type), samples)
        patched = response_schema(documented_answer(operation)) or {}
        shown = [st.sampled_from(samples)] if samples else []
        if media_type == MERGE_PATCH:
            return st.one_of(self._asked.fitting({**self._record(patched), "required": []}), *shown)
        return (
            st.one_of(self._json_patches(self._record(patched)), *shown) if media_type == JSON_PATCH else st.nothing()
        )

    def _record(self, schema: Schema) -> Schema:
        return self._contract.resolve(non_null(self._contract.resolve(non_null(schema))))

    def _json_patches(self, record: Schema) -> Values:
        """Return JSON Patch documents (RFC 6902) that replace documented properties."""
        properties = {name: part for name, part in record.get("properties", {}).items() if not {"/", "~"} & set(name)}
        if not properties:
            return st.just([])
        steps = [
            st.fixed_dictionaries({"op": st.just("replace"), "path": st.just(f"/{name}"), "value": values})
            for name, values in ((name, self._asked.of(part)) for name, part in properties.items())
        ]
        return st.lists(st.one_of(steps), max_size=3)

    def replies(self, operation: Operation, status: int | None) -> st.SearchStrategy[Reply]:
        """Return a strategy for replies as documented: of a status, else of the first documented success.

        Raises ``ConfigError`` for a status that isn't documented.
        """
        operation = operation_of(self._contract, operation)
        response = _response(operation, status)
        code = status or _code(response)
        headers = tuple(self._header(header) for header in response.headers if header.name.lower() != "content-type")
        if code in WITHOUT_BODY or not response.media_types:
            return _replies(_DocumentedReply(code, headers, "", st.just(b"")))
        media_type = _preferred(response.media_types, self._contract)
        documented = chosen_media_type(response.media_types, media_type)
        schema = (body_schema(documented, response.media_types) if documented else response_schema(response)) or {}
        samples = tuple(
            sample for content in response.media_types if is_json(content.name) for sample in content.samples
        )
        values = self._answered.fitting(schema, samples)
        codec, content = codec_of(media_type), Content(schema, self._contract)
        octets = values.map(lambda value: _encoded(value, media_type, content)).filter(lambda body: body is not None)
        return _replies(_DocumentedReply(code, headers, media_type + codec.parameters, octets))

    def _header(self, parameter: Parameter) -> "_DrawnParameter":
        field = RequestField("header", (parameter.name,), parameter.schema, parameter.schema)
        examples = list(parameter.schema.get("examples", ()))
        is_text = field.kind in ("string", "") and not {"enum", "const", "pattern", "format"} & parameter.schema.keys()
        drawn = _parameter_texts(field) if is_text else self._answered.fitting(parameter.schema)
        values = st.sampled_from(examples) if examples else drawn.filter(lambda value: _is_sendable(value, field))
        texts = values.map(lambda value: written_text(parameter, value))
        return _DrawnParameter("header", parameter.name, parameter.required is not False, texts)


@dataclass(frozen=True, slots=True, repr=False)
class _DrawnParameter:
    where: str
    name: str
    is_required: bool
    values: Values


@dataclass(frozen=True, slots=True, repr=False)
class _CallPlan:
    """Parts that the calls of an operation are drawn from; ``bodies`` by media type, the preferred one first."""

    operation: Operation
    contract: Contract
    parameters: tuple[_DrawnParameter, ...]
    selections: tuple[_DrawnParameter, ...]
    bodies: Mapping[str, Values]
    purposes: Purposes

    def is_valid(self, call: Call) -> bool:
        """Tell whether a call keeps to the documentation, as the fake decides it."""
        return self.purposes.of(self.operation, call) is Purpose.VALID

    def signed(self, draft: Draft) -> Call | None:
        """Return the call with made-up credentials, ``None`` where its body can't be written."""
        try:
            call = draft.call()
        except (TypeError, ValueError):  # such as a control character in XML
            return None
        return with_placeholder(call, self.operation, self.contract)


@st.composite
def _calls(draw: st.DrawFn, plan: _CallPlan) -> Call:
    parameters: dict[str, dict[str, Any]] = {}
    for parameter in (*plan.parameters, *plan.selections):
        if not parameter.values.is_empty and (parameter.is_required or draw(st.booleans())):
            parameters.setdefault(parameter.where, {})[parameter.name] = draw(parameter.values)
    draft = Draft(plan.operation, plan.contract, parameters)
    request = plan.operation.request
    if not plan.bodies or (request and request.required is False and not draw(st.booleans())):
        return plan.signed(draft) or Call()
    media_type = draw(st.sampled_from(_weighted(tuple(plan.bodies))))
    body = draw(plan.bodies[media_type])
    drafts = [Draft(plan.operation, plan.contract, parameters, body, name) for name in (media_type, *plan.bodies)]
    calls = [call for call in map(plan.signed, drafts[:2]) if call]
    return next(filter(plan.is_valid, calls), calls[0] if calls else Call())


def _weighted(names: tuple[str, ...]) -> Sequence[str]:
    """Return names to choose from, about half of them the first."""
    return [names[0]] * max(1, len(names) - 1) + list(names[1:])


def _parameter_texts(field: RequestField) -> st.SearchStrategy[str]:
    least = max(1, field.schema.get("minLength", 1))
    texts = st.text(_ALPHABETS[field.where], min_size=least, max_size=field.schema.get("maxLength"))
    return texts.filter(lambda text: _is_sendable(text, field))


def _scalars(value: Any) -> Iterator[Any]:
    """Yield the scalars in a value, and the names in its objects."""
    for part in value.items() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _scalars(list(part) if isinstance(part, tuple) else part)
    if not isinstance(value, dict | list):
        yield value


def _is_sendable(value: Any, field: RequestField) -> bool:
    """Tell whether a value stays what it is as the text of a parameter."""
    texts = [scalar_text(scalar) for scalar in _scalars(value)]
    if value is None or not texts:
        return False
    if field.where in ("header", "cookie") and not all(text.isascii() and text.isprintable() for text in texts):
        return False
    return all(text and text.strip() == text and text not in (".", "..") for text in texts)


def _response(operation: Operation, status: int | None) -> Response:
    if status is None:
        response = operation.success() or next(iter(operation.responses), None)
        return response or Response("200")
    if response := operation.response(status):
        return response
    documented = [response.status for response in operation.responses]
    raise ConfigError(f"{operation.id}: status", status, expected=f"documented: {', '.join(documented) or 'none is'}")


def _code(response: Response) -> int:
    if response.status.isdecimal():
        return int(response.status)
    return int(response.status[0]) * 100 if response.status[:1].isdecimal() else 200


def _preferred(media_types: tuple[MediaType, ...], contract: Contract) -> str:
    """Return the media type that clients expect: plain JSON, another JSON, else the first that can be written."""
    names = writable_media_types(media_types, contract) or [media_type.name for media_type in media_types]
    return min(names, key=lambda name: (name != "application/json", not is_json(name)))


def _encoded(value: Any, media_type: str, content: Content) -> bytes | None:
    if is_json(media_type):
        return json.dumps(value).encode()
    try:
        return codec_of(media_type).encode(value, content)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True, repr=False)
class _DocumentedReply:
    status: int
    headers: tuple[_DrawnParameter, ...]
    content_type: str
    octets: Values


@st.composite
def _replies(draw: st.DrawFn, answer: _DocumentedReply) -> Reply:
    body = draw(answer.octets)
    content = (("Content-Type", answer.content_type),) if answer.content_type else ()
    headers = tuple((header.name, draw(header.values)) for header in answer.headers if header.is_required)
    return Reply(content + headers, body, answer.status)
