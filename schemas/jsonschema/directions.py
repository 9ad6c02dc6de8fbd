"""Directions of schemas: what of a contract holds in requests, and what in responses.

A ``readOnly`` property is not needed in a request, a ``writeOnly`` one never in a response (OpenAPI 3.1, section
4.8.24.1). What differs in requests is a component of its own, named ``Pet::request``; ``Pet::base`` is what other types
extend, without what its discriminator says of it. Discriminators are written out as keywords of JSON Schema.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal

from ..contract.evidence import Evidence, LocatedSchemas
from ..contract.lazy import UnreadMapping, unread_text
from ..contract.media_types import sequence_schema
from ..contract.model import (
    COMPONENT_PREFIX,
    EVIDENCE,
    LEFT_OUT,
    Body,
    Contract,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    is_left_out,
)
from .discriminators import Discriminators, extended
from .subschemas import NAMED, holds_schemas, subschemas

ReadOnly = Literal["ignore", "refuse"]
"""The treatment of ``readOnly`` properties of requests."""

_REQUEST, _BASE = "::request", "::base"
_WORDS = (
    *(b'"readOnly"', b'"writeOnly"', b'"discriminator"', b'"x-docdouble-item-schema"'),
    *(b"ndjson", b"jsonl", b"json-seq", b"event-stream"),
)
"""Texts of which the JSON of a schema or an operation has one where directions may matter to it: ``SEQUENCES``, too.

They are looked for one by one, which takes less than half the time of a regular expression.
"""

_COMPOSING = frozenset({"required", "allOf", "anyOf", "oneOf"})
_KEPT = frozenset({EVIDENCE, "description", "title"})


def directed(contract: Contract, read_only: ReadOnly = "ignore") -> Contract:
    """Return the contract with a direction for each schema of its operations, itself where that is no difference."""
    if isinstance(contract.schemas, _DirectedSchemas) or _is_plain(contract):
        return contract
    schemas = _DirectedSchemas(contract, read_only)
    schemas.known |= {operation.id: schemas.operation(operation) for operation in contract.operations}
    return replace(contract, operations=tuple(schemas.known.values()), schemas=schemas)


def operation_of(contract: Contract, operation: Operation) -> Operation:
    """Return the operation of a contract with directions that another one is, itself where there is none."""
    if not isinstance(contract.schemas, _DirectedSchemas):
        return operation
    return contract.schemas.known.get(operation.id, operation)


def component_without_direction(name: str) -> str:
    """Return the documented name of a component that may be the one for requests."""
    return name.removesuffix(_BASE).removesuffix(_REQUEST)


def without_left_out(value: Any, schema: Any, contract: Contract) -> Any:
    """Return a value without the properties that have no place in the direction of its schema."""
    if not isinstance(contract.schemas, _DirectedSchemas) or not isinstance(value, dict | list):
        return value
    branches = list(_branches(schema, contract))
    if isinstance(value, list):
        items: Any = next((branch["items"] for branch in branches if "items" in branch), {})
        return [without_left_out(part, items, contract) for part in value]
    documented: dict[str, Any] = {}
    for branch in branches:
        for name, part in branch.get("properties", {}).items():
            documented[name] = part if is_left_out(part) else documented.get(name, part)
    rest: Any = next((branch["additionalProperties"] for branch in branches if "additionalProperties" in branch), {})
    return {
        name: without_left_out(part, documented.get(name, rest), contract)
        for name, part in value.items()
        if name not in documented or not is_left_out(documented[name])
    }


def _branches(schema: Any, contract: Contract, seen: frozenset[str] = frozenset()) -> Iterator[Schema]:
    """Yield a schema and what it is composed of, references followed."""
    if not isinstance(schema, dict):
        return
    yield schema
    ref = schema.get("$ref")
    if ref and ref not in seen:
        yield from _branches(contract.resolve(schema), contract, seen | {ref})
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, ()):
            yield from _branches(part, contract, seen)


def _is_plain(contract: Contract) -> bool:
    """Tell whether directions are no difference: found out once, since it takes long of a large contract."""
    for plain in _LATEST_PLAIN:
        if plain.schemas is contract.schemas and plain.operations is contract.operations:
            return True
    if _has_directions(contract):
        return False
    _LATEST_PLAIN.append(contract)
    return True


_LATEST_PLAIN: deque[Contract] = deque(maxlen=1)
"""The latest contract that has no directions: a server makes its application once before it forks, and once after."""


def _has_directions(contract: Contract) -> bool:
    if isinstance(contract.schemas, UnreadMapping):
        unread = map(contract.schemas.raw, contract.schemas)
        if any(map(_mentions_direction, unread)):
            return True
    elif any(map(_differs, contract.schemas.values())):
        return True
    return any(map(_operation_differs, contract.operations))


def _mentions_direction(text: memoryview) -> bool:
    octets = bytes(text)
    return any(word in octets for word in _WORDS)


def _operation_differs(operation: Operation) -> bool:
    if (text := unread_text(operation)) is not None:
        return _mentions_direction(text)
    bodies = [operation.request.media_types if operation.request else ()]
    bodies += [response.media_types for response in operation.responses]
    documented = [media_type for media_types in bodies for media_type in media_types]
    if any(sequence_schema(media_type) is not media_type.schema for media_type in documented):
        return True
    return any(media_type.schema is not None and _differs(media_type.schema) for media_type in documented)


def _differs(schema: Schema) -> bool:
    """Tell whether a schema, without those that it refers to, says anything of a direction or of alternatives."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if part.get("readOnly") is True or part.get("writeOnly") is True or "discriminator" in part:
            return True
        waiting += subschemas(part)
    return False


class _DirectedSchemas(Mapping[str, Schema]):
    """The components of a contract, each as it is in responses, and the others that requests refer to.

    Only the documented ones are counted; the others are there for who knows their names.
    """

    def __init__(self, contract: Contract, read_only: ReadOnly) -> None:
        self._documented = contract.schemas
        self._contract = contract
        self._read_only = read_only
        self.known: dict[str, Operation] = {}
        self._made: dict[str, Schema] = {}
        self._differing: dict[str, bool] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._documented)

    def __len__(self) -> int:
        return len(self._documented)

    def __getitem__(self, name: str) -> Schema:
        if name not in self._made:
            self._made[name] = self._component(name)
        return self._made[name]

    def evidence_at(self, name: str, pointer: str) -> Evidence | None:
        """Return where a part of a component was read, as ``LocatedSchemas`` does."""
        plain = component_without_direction(name)
        return self._documented.evidence_at(plain, pointer) if isinstance(self._documented, LocatedSchemas) else None

    @cached_property
    def _discriminators(self) -> Discriminators:
        return Discriminators(self._contract)

    def _component(self, name: str) -> Schema:
        plain = name.removesuffix(_BASE)
        documented = plain.removesuffix(_REQUEST)
        if plain == name:
            schema = self._discriminators.whole(documented, self._documented[documented])
        else:
            schema = self._discriminators.base(documented, self._documented[documented])
        component: Schema = self._of(schema, is_request=documented != plain)
        return component

    def operation(self, operation: Operation) -> Operation:
        """Return an operation whose schemas have directions; it is read when it is needed."""
        known = {"id": operation.id, "method": operation.method, "path": operation.path}
        return Operation.deferred(lambda: self._operation(operation), **known)

    def _operation(self, operation: Operation) -> Operation:
        parameters = tuple(self._parameter(parameter, is_request=True) for parameter in operation.parameters)
        responses = tuple(map(self._response, operation.responses))
        request = operation.request and self._body(operation.request)
        return replace(operation, parameters=parameters, request=request, responses=responses)

    def _parameter(self, parameter: Parameter, *, is_request: bool) -> Parameter:
        return replace(parameter, schema=self._of(parameter.schema, is_request=is_request))

    def _body(self, body: Body) -> Body:
        return replace(body, media_types=self._media_types(body.media_types, is_request=True))

    def _response(self, response: Response) -> Response:
        headers = tuple(self._parameter(header, is_request=False) for header in response.headers)
        return replace(response, headers=headers, media_types=self._media_types(response.media_types, is_request=False))

    def _media_types(self, media_types: Iterable[MediaType], *, is_request: bool) -> tuple[MediaType, ...]:
        return tuple(self._media_type(media_type, is_request=is_request) for media_type in media_types)

    def _media_type(self, media_type: MediaType, *, is_request: bool) -> MediaType:
        schema = sequence_schema(media_type)
        if schema is None:
            return media_type
        return replace(media_type, schema=self._of(self._discriminators.inline(schema), is_request=is_request))

    def _of(self, schema: Any, *, is_request: bool, hidden: frozenset[str] = frozenset(), extends: bool = False) -> Any:
        """Return a schema in a direction; ``hidden`` are names that the schemas around it leave out."""
        if not isinstance(schema, dict):
            return schema
        word = "readOnly" if is_request else "writeOnly"
        if schema.keys() & _COMPOSING:
            hidden |= frozenset(self._hidden(schema, word))
        changed: Schema = {}
        for key, value in schema.items():
            if key == "$ref":
                changed[key] = self._reference(value, is_request=is_request, extends=extends)
            elif key == "required" and isinstance(value, list):
                changed[key] = [name for name in value if name not in hidden]
            elif key == "properties" and isinstance(value, dict):
                changed[key] = {name: self._property(part, word) for name, part in value.items()}
            elif not holds_schemas(key):
                changed[key] = value
            elif key in ("allOf", "anyOf", "oneOf") and isinstance(value, list):
                is_parent = key == "allOf" and extended(schema)
                changed[key] = [
                    self._of(part, is_request=is_request, hidden=hidden, extends=is_parent) for part in value
                ]
            else:
                changed[key] = self._inside(key, value, is_request=is_request)
        return changed

    def _inside(self, key: str, value: Any, *, is_request: bool) -> Any:
        if key in NAMED and isinstance(value, dict):
            return {name: self._of(part, is_request=is_request) for name, part in value.items()}
        if isinstance(value, list):
            return [self._of(part, is_request=is_request) for part in value]
        return self._of(value, is_request=is_request)

    def _property(self, schema: Any, word: str) -> Any:
        if not self._is_hidden(schema, word):
            return self._of(schema, is_request=word == "readOnly")
        is_refused = word == "writeOnly" or self._read_only == "refuse"
        kept = {key: value for key, value in schema.items() if key in _KEPT}
        return {**kept, LEFT_OUT: word, **({"not": {}} if is_refused else {})}

    def _is_hidden(self, schema: Any, word: str) -> bool:
        if not isinstance(schema, dict):
            return False
        parts = [schema, self._contract.resolve(schema), *schema.get("allOf", ())]
        return any(isinstance(part, dict) and part.get(word) is True for part in parts)

    def _hidden(self, schema: Any, word: str) -> Iterator[str]:
        """Yield the properties that a schema leaves out, or a schema that it is composed of."""
        for part in _branches({key: schema[key] for key in ("$ref", "allOf") if key in schema}, self._contract):
            yield from (
                name
                for name, property_schema in part.get("properties", {}).items()
                if self._is_hidden(property_schema, word)
            )
        yield from (
            name
            for name, property_schema in schema.get("properties", {}).items()
            if self._is_hidden(property_schema, word)
        )

    def _reference(self, ref: str, *, is_request: bool, extends: bool) -> str:
        name = ref.removeprefix(COMPONENT_PREFIX)
        if is_request and self._differs_in_requests(name):
            ref += _REQUEST
        return ref + _BASE if extends and self._discriminators.has_base(name) else ref

    def _differs_in_requests(self, name: str) -> bool:
        """Tell whether a component, or one that it leads to, has a property that has no place in one direction."""
        if name not in self._differing:
            reached = list(self._reached(name))
            is_differing = any(map(self._has_hidden, reached))
            self._differing |= {name: True} if is_differing else dict.fromkeys(reached, False)
        return self._differing[name]

    def _reached(self, name: str) -> Iterator[str]:
        reached, waiting = {name}, [name]
        while waiting:
            known = waiting.pop()
            yield known
            schema = self._discriminators.whole(known, self._documented[known])
            fresh = {ref.removeprefix(COMPONENT_PREFIX) for ref in _references(schema)} - reached
            reached |= fresh
            waiting += sorted(fresh)

    def _has_hidden(self, name: str) -> bool:
        waiting = [self._documented[name]]
        while waiting:
            schema = waiting.pop()
            if schema.get("readOnly") is True or schema.get("writeOnly") is True:
                return True
            waiting += subschemas(schema)
        return False


def _references(schema: Schema) -> Iterator[str]:
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(ref := part.get("$ref"), str):
            yield ref
        waiting += subschemas(part)
