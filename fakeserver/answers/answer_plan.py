"""Plans of answers: facts of an operation and its responses, and properties of the answer that a request states."""

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from docdouble.schemas import Contract, MediaType, Operation, Parameter, Response, Schema, Validator
from docdouble.schemas.contract.media_types import chosen_media_type, is_sequence
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches, value_kinds
from docdouble.schemas.contract.paths import path_variables, unnamed_template
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.resources.list_parameters import squeezed

from ..http.codecs import Codec, Content, codec_of
from ..http.documented import FAILURE, documented_answer, representations, response_schema, usual_status
from ..http.negotiate import answered_representations, shown_schema
from ..requests.patch import Patch
from ..requests.request_reader import Request
from ..sampler import Sampler
from .echoed_keys import EchoedKeys, echoed_keys, unnamed_parents
from .examples import Examples
from .lists import is_list
from .row_lists import RowList, row_list
from .sent_values import SentValues, kept_names, sent_values
from .shown_fields import ShownFields, shown_fields

_COMPOSED = 8
"""Levels of schemas composed of schemas that are looked at."""

_ERRORS = frozenset({"error", "errors", "errormessage", "errormessages", "errorcode"})
"""Names, without separators and in lower case, of properties that describe failures."""

_SCALARS = (str, float, int)

_NAMED_BY_PATH = ("GET", "HEAD", "PUT", "PATCH", "DELETE")
"""Methods whose path alone names the entity (RFC 9110, section 9.3)."""


class AnswerPlan(NamedTuple):
    """The part of an operation that decides its answers: ``place`` is its path without the names of its ``variables``.

    ``ids`` are the variables that are ids, ``names`` the properties of what is answered, by their names in lower case.
    ``listing`` is the list that it answers, where its parameters ask for a part of one; ``keys`` of the path and
    ``sent`` values are repeated by what no world keeps, but for ``unnamed`` keys of something else and for the
    properties that are ``kept`` by the server, in lower case. ``fields`` says which parts are asked for.
    ``steering`` are the parameters that only say what is shown of it.
    """

    place: str
    variables: tuple[str, ...]
    ids: tuple[str, ...]
    names: Mapping[str, str]
    is_array: bool
    is_list: bool
    is_conditional: bool
    has_not_found: bool
    listing: RowList | None
    keys: EchoedKeys | None
    sent: SentValues | None
    fields: ShownFields | None
    steering: frozenset[str]
    unnamed: frozenset[str]
    kept: frozenset[str]


class AnswerChoice(NamedTuple):
    """The response that is sent, ``None`` where none is documented, its status, and the media types that it can have.

    It ``is_usual`` to send that one. It ``has_ranges`` where a documented media type is one, such as ``image/*``.
    """

    response: Response | None
    status: int
    is_usual: bool
    documented: tuple[MediaType, ...]
    offered: tuple[str, ...]
    has_ranges: bool


class ResponsePlan(NamedTuple):
    """Content of a documented response in one media type: its status, the schema and the examples of its body.

    ``content`` is what is known of that, and ``codec`` writes it in the media type. It ``is_primary`` where its schema
    is that of what the response is about; it ``has_headers`` where header fields are documented. ``errors`` are the
    properties of a success that describe failures, and may be left out.
    """

    status: int
    schema: Schema | None
    content: Content
    codec: Codec
    examples: Examples
    media_types: tuple[str, ...]
    is_octets: bool
    is_primary: bool
    has_headers: bool
    errors: frozenset[str]


class AnswerPlans:
    """The plans of one contract, each made when it is first needed; ``sampler`` shows what answers look like."""

    def __init__(self, contract: Contract, sampler: Sampler) -> None:
        self.contract = contract
        self._sampler = sampler
        self._plans: dict[str, AnswerPlan] = {}
        self._choices: dict[tuple[str, int | None], AnswerChoice] = {}
        self._responses: dict[tuple[str, int, str], ResponsePlan] = {}
        self._validators: dict[tuple[str, str], Validator] = {}

    def plan(self, operation: Operation) -> AnswerPlan:
        """Return the plan of an operation."""
        plan = self._plans.get(operation.label)
        if plan is None:
            answered = response_schema(documented_answer(operation))
            sample = self._sampler.sample_if_any(answered or {}, 0)
            entity = sample[0] if isinstance(sample, list) and sample else sample
            contract = self.contract
            listing = None if is_list(operation) else row_list(operation, contract, self._sampler)
            fields = shown_fields(operation, contract)
            plan = self._plans[operation.label] = AnswerPlan(
                unnamed_template(operation.path.lower()),
                tuple(path_variables(operation.path)),
                tuple(parameter.name for parameter in operation.parameters if _is_path_id(parameter)),
                {name.lower(): name for name in entity} if isinstance(entity, dict) else {},
                isinstance(sample, list),
                is_list(operation),
                any(response.status in ("304", "412") for response in operation.responses),
                operation.response(404) is not None,
                listing,
                echoed_keys(operation, contract, self._sampler),
                sent_values(operation, contract),
                fields,
                (listing.steering if listing else frozenset()) | (fields.names if fields else frozenset()),
                frozenset() if contract.dialect else unnamed_parents(operation, contract),
                frozenset() if contract.dialect else kept_names(answered or {}, contract),
            )
        return plan

    def choice(self, operation: Operation, code: int | None) -> AnswerChoice:
        """Return what is sent where a status is preferred, or none is."""
        known = self._choices.get((operation.label, code))
        if known is None:
            known = self._choices[operation.label, code] = self._choice(operation, code)
        return known

    def _choice(self, operation: Operation, code: int | None) -> AnswerChoice:
        usual = documented_answer(operation)
        response = usual if code is None else operation.response(code)
        status = usual_status(operation, response) if code is None else code
        documented = representations(response, status)
        offered = tuple(answered_representations(documented, self.contract))
        has_ranges = any("*" in content.name for content in documented)
        return AnswerChoice(response, status, status == usual_status(operation, usual), documented, offered, has_ranges)

    def response(self, operation: Operation, choice: AnswerChoice, sent: str) -> ResponsePlan:
        """Return the plan of a response in a media type."""
        key = operation.label, choice.status, sent
        return self._responses.get(key) or self._responses.setdefault(key, self._response(choice, sent))

    def _response(self, choice: AnswerChoice, sent: str) -> ResponsePlan:
        by_name = answered_representations(choice.documented, self.contract)
        documented = by_name.get(sent) or chosen_media_type(choice.documented, sent)
        primary = response_schema(choice.response)
        schema = shown_schema(documented, choice.documented) if documented else primary
        is_primary = schema == primary
        if schema is None and documented and not self.contract.dialect:
            schema = _any_body(media_type(documented.name))
        content = Content(schema or {}, self.contract)
        return ResponsePlan(
            choice.status,
            schema,
            content,
            codec_of(sent),
            Examples(documented, choice.documented, sent, schema, self.contract),
            tuple(media_type(other.name) for other in choice.documented if other.schema in (None, schema)),
            content.format in ("byte", "binary"),
            is_primary,
            bool(choice.response and choice.response.headers),
            self._errors(schema) if schema and choice.status < FAILURE and not self.contract.dialect else frozenset(),
        )

    def _errors(self, schema: Schema) -> frozenset[str]:
        """Return the properties of a body that describe failures and may be left out; flags are none of them."""
        properties = properties_of(tuple(schema_branches(schema, self.contract)))
        names = frozenset(name for name in properties if squeezed(name) in _ERRORS)
        kinds = {
            kind for name in names for kind in value_kinds(tuple(schema_branches(properties[name], self.contract)))
        }
        sample = self._sampler.sample_if_any(schema, 0) if names and "boolean" not in kinds else None
        if not isinstance(sample, dict):
            return frozenset()
        without = {name: value for name, value in sample.items() if name not in names}
        return names if Validator(schema, self.contract).is_valid(without) else frozenset()

    def requested(self, request: Request, plan: AnswerPlan) -> dict[str, Any]:
        """Return the properties of the answer that a request states, by lower-case names; of items of a list, ids."""
        values = {name.lower(): value for name, value in request.parameters.items() if name not in plan.unnamed}
        if isinstance(request.body, dict):
            sent = request.body.items()
            values |= {lower: value for name, value in sent if (lower := name.lower()) not in plan.kept}
        if plan.steering:
            steering = {name.lower() for name in plan.steering}
            values = {name: value for name, value in values.items() if name not in steering or _is_id(name, value)}
        return {
            name: value
            for name, value in values.items()
            if (_is_id(name, value) or not plan.is_array) and self._fits(request.operation, plan, name, value)
        }

    def _fits(self, operation: Operation, plan: AnswerPlan, name: str, value: Any) -> bool:
        """Tell whether a requested value can be a property of the answer, or an id of what it refers to."""
        if name not in plan.names:
            return _is_id(name, value)
        return isinstance(value, _SCALARS) and self._validator(operation, plan, name).is_valid(value)

    def _validator(self, operation: Operation, plan: AnswerPlan, name: str) -> Validator:
        known = self._validators.get((operation.label, name))
        if known is None:
            schema = response_schema(documented_answer(operation)) or {}
            content = Content(schema, self.contract)
            whole = content.items.schema if plan.is_array else schema
            schemas = list(_schemas_of(plan.names[name], whole, self.contract))
            known = self._validators[operation.label, name] = Validator(
                {"allOf": schemas} if schemas else {"not": {}}, self.contract
            )
        return known


def _is_id(name: str, value: Any) -> bool:
    """Tell whether a name is of an id, or of several, and the value is such."""
    if name.endswith("ids"):
        return isinstance(value, list) and all(type(item) is int and item > 0 for item in value)
    return name.endswith("id") and type(value) is int and value > 0


def _is_path_id(parameter: Parameter) -> bool:
    return parameter.location == "path" and parameter.name.lower().endswith("id")


def _schemas_of(name: str, schema: Any, contract: Contract, depth: int = 0) -> Iterator[Schema]:
    """Yield the schemas of a property, in a schema and those composed into it."""
    if not isinstance(schema, dict) or depth > _COMPOSED:
        return
    schema = contract.resolve(schema)
    rest = schema.get("additionalProperties")
    if name in schema.get("properties", {}):
        yield schema["properties"][name]
    elif isinstance(rest, dict):
        yield rest
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, ()):
            yield from _schemas_of(name, part, contract, depth + 1)


def answer_key(request: Request, plan: AnswerPlan) -> int:
    """Return the key of the values: made of all that names an entity, but not of what asks how it is shown."""
    others = dict(request.parameters)
    named = [others.pop(name) for name in plan.variables if name in others]
    if plan.steering:
        others = {name: value for name, value in others.items() if name not in plan.steering}
    is_named = isinstance(request.body, Patch) or (request.operation.method in _NAMED_BY_PATH and bool(named))
    is_named = is_named or (plan.listing is not None and plan.listing.is_search)
    deciding = [plan.place, named, others, None if is_named else request.body]
    try:
        text = orjson.dumps(deciding, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers of more than 64 bits, octets of a form
        text = json.dumps(deciding, sort_keys=True, default=repr).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def _any_body(name: str) -> Schema | None:
    """Return the schema of a body of which a document names nothing but the media type, ``None`` for no body."""
    if is_sequence(name):
        return {"type": "array", "maxItems": 0}
    return {} if is_json(name) or name.endswith(("/xml", "+xml")) else None
