"""Fields of an operation's requests: every documented value, with its schema and where it stands."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from docdouble.fakeserver.sampler.narrow import constrains, flattened
from docdouble.schemas import Contract, Evidence, Operation, Parameter, Schema
from docdouble.schemas.contract.behaviour_names import SELECTIONS
from docdouble.schemas.contract.media_types import body_schema, chosen_media_type, primary_schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX, EVIDENCE, evidence_of, is_left_out, nullable, types_of

DEEPEST = 4
"""Names and items that lead to a field of a body."""

MOST_FIELDS = 400
"""Fields of a body that are known, the nearest first: an entity can have thousands."""

_NESTED = 8

ITEM = 0
"""The step into an array: its first item stands for all."""

KEY = "key"
"""The name in a dictionary, where it may hold any."""

Where = Literal["path", "query", "header", "cookie", "querystring", "body"]
Path = tuple[str | int, ...]
Kind = Literal["string", "integer", "number", "boolean", "array", "dictionary", "object", ""]

SCALARS: tuple[Kind, ...] = ("string", "integer", "number")
"""Kinds of values that may name something."""


@dataclass(frozen=True, slots=True)
class RequestField:
    """A value that a request tells.

    ``path`` leads to it, the name of a parameter or the steps into a body. ``schema`` has references followed and null
    left out; ``outer`` is as it is documented, ``owner`` the named type that it is a property of, if any.
    """

    where: Where
    path: Path
    schema: Schema
    outer: Schema
    is_required: bool = False
    may_be_null: bool = False
    owner: str = ""
    fallback: Evidence | None = None
    page: str = ""
    steers: bool = False
    """Whether it says how the answer is to look, in words of its own, and not what it is about."""

    @property
    def name(self) -> str:
        """The last name that leads to it."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def place(self) -> str:
        """The place where it stands, for people: ``body/Participant/AuthorId``, with ``*`` for any item."""
        return "/".join((self.where, *("*" if step == ITEM else str(step) for step in self.path)))

    @property
    def kind(self) -> Kind:
        """The kind of its values; empty where the documentation doesn't state it."""
        return kind_of_values(self.schema)

    def evidence(self, rule: str) -> Evidence | None:
        """Return where the documentation says what a rule demands of it."""
        keyword = "format" if rule in ("minimum", "maximum") and rule not in self.schema else rule
        for schema in (self.schema, self.outer):
            if EVIDENCE in schema and (schema is self.outer or keyword in schema):
                return evidence_of(schema, keyword, self.page)
        return evidence_of(self.schema, keyword, self.page) or self.fallback


def kind_of_values(schema: Schema) -> Kind:
    """Return what the values of a schema are; the first of several kinds, empty where none is documented."""
    kinds = types_of(schema)
    if "object" in kinds or "properties" in schema or "additionalProperties" in schema:
        return "object" if schema.get("properties") else "dictionary"
    if not kinds and "items" in schema:
        return "array"
    known: tuple[Kind, ...] = ("string", "integer", "number", "boolean", "array")
    return next((kind for kind in known if kind in kinds), "")


def request_fields(operation: Operation, contract: Contract) -> tuple[RequestField, ...]:
    """Return the parameters of an operation, its body and what is in that."""
    return (*parameter_fields(operation, contract), *body_fields(operation, contract))


def parameter_fields(operation: Operation, contract: Contract) -> list[RequestField]:
    """Return the parameters of an operation, in the documented order, without those that select by name.

    Header fields and cookies of which nothing is shown are left out where they aren't required, as are conditions: what
    they may hold is something that only the server knows, such as a token or the tag of a version.
    """
    drawn = {behaviour.parameter for behaviour in operation.behaviours if behaviour.name in SELECTIONS}
    fields = (
        _parameter(parameter, operation, contract) for parameter in operation.parameters if parameter.name not in drawn
    )
    return [field for field in fields if field.is_required or field.where in ("path", "query") or _is_known(field)]


def _parameter(parameter: Parameter, operation: Operation, contract: Contract) -> RequestField:
    schema, is_null = resolve_schema(parameter.schema, contract)
    is_required = parameter.location == "path" or bool(parameter.required)
    return RequestField(
        parameter.location,
        (parameter.name,),
        schema,
        parameter.schema,
        is_required,
        is_null,
        fallback=parameter.evidence or operation.evidence,
        page=operation.page,
        steers=any(behaviour.parameter == parameter.name for behaviour in operation.behaviours),
    )


def _is_known(field: RequestField) -> bool:
    """Tell whether anything is shown of what a header field or a cookie may hold."""
    is_described = any(word in field.schema for word in ("enum", "const", "examples", "format"))
    return (is_described or field.kind != "string") and field.name.lower() not in CONDITIONS


CONDITIONS = frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"})
"""Names of the header fields that make a request conditional (RFC 9110, section 13.1), in lower case."""


def request_body_schema(operation: Operation, media_type: str = "") -> Schema:
    """Return the documented schema of an operation's request body, empty where none is documented.

    It is that of a ``media_type``, else of what the body is about.
    """
    media_types = operation.request.media_types if operation.request else ()
    documented = chosen_media_type(media_types, media_type)
    return (body_schema(documented, media_types) if documented else primary_schema(media_types)) or {}


def body_fields(operation: Operation, contract: Contract) -> Iterator[RequestField]:
    """Yield the body itself and what is in it, the nearest first and no type inside itself."""
    if operation.request is None:
        return
    page = operation.page
    fallback = operation.request.evidence or operation.evidence
    outer = request_body_schema(operation)
    schema, is_null = resolve_schema(outer, contract)
    root = RequestField("body", (), schema, outer, bool(operation.request.required), is_null, "", fallback, page)
    yield from fields_from(root, contract)


def fields_from(root: RequestField, contract: Contract) -> Iterator[RequestField]:
    """Yield a field and what is in it, the nearest first and no type inside itself."""
    waiting = deque([(root, frozenset[str]())])
    count = 0
    while waiting and count < MOST_FIELDS:
        field, seen = waiting.popleft()
        yield field
        count += 1
        named = documented_type_name(field.outer)
        if len(field.path) < DEEPEST and named not in seen:
            waiting.extend((part, seen | {named} if named else seen) for part in _inside(field, named, contract))


def _inside(field: RequestField, named: str, contract: Contract) -> Iterator[RequestField]:
    """Yield what stands directly inside a field."""
    parts: list[tuple[str | int, Any, bool]] = []
    match field.kind:
        case "object":
            required = field.schema.get("required", ())
            parts = [(name, part, name in required) for name, part in field.schema["properties"].items()]
        case "dictionary":
            parts = [(KEY, field.schema.get("additionalProperties"), True)]
        case "array":
            parts = [(ITEM, field.schema.get("items"), True)]
    for step, outer, is_required in parts:
        if isinstance(outer, dict) and outer.get("readOnly") is not True and not is_left_out(outer):
            schema, is_null = resolve_schema(outer, contract)
            fallback = field.evidence("") or field.fallback
            path = (*field.path, step)
            yield RequestField("body", path, schema, outer, is_required, is_null, named, fallback, field.page)


def documented_type_name(schema: Schema) -> str:
    """Return the name of the documented type of a value, empty where it has none."""
    for part in (schema, *(branch for branch in schema.get("anyOf", ()) if isinstance(branch, dict))):
        if "$ref" in part:
            return str(part["$ref"]).removeprefix(COMPONENT_PREFIX).partition("::")[0]
    return ""


def resolve_schema(schema: Schema, contract: Contract, depth: int = 0) -> tuple[Schema, bool]:
    """Return a schema with references followed and null left out, and whether it may be null.

    Of several alternatives it is the first.
    """
    whole = _merged(schema, contract)
    is_null = nullable(whole)
    branches = [
        branch
        for word in ("anyOf", "oneOf")
        for branch in whole.get(word, ())
        if isinstance(branch, dict) and branch != _NULL
    ]
    if not branches or depth > _NESTED:
        return whole, is_null
    inner, inner_null = resolve_schema(branches[0], contract, depth + 1)
    others = {word: part for word, part in whole.items() if word not in ("anyOf", "oneOf", EVIDENCE)}
    return {**inner, **others} if others else inner, is_null or inner_null


def _merged(schema: Schema, contract: Contract) -> Schema:
    """Return a schema with references followed, and ``allOf`` merged also where a reference leads to it."""
    whole = contract.resolve(flattened(schema, contract))
    return contract.resolve(flattened(whole, contract)) if "allOf" in whole else whole


def alternatives(outer: Schema, contract: Contract, depth: int = 0) -> list[tuple[str, Schema]]:
    """Return the names and schemas of a value's alternatives, none where it has but one."""
    whole = _merged(outer, contract)
    branches = [
        branch for word in _UNIONS for branch in whole.get(word, ()) if isinstance(branch, dict) and branch != _NULL
    ]
    beside = {word: part for word, part in whole.items() if word not in (*_UNIONS, "discriminator", EVIDENCE)}
    if len(branches) == 1 and depth < _NESTED:
        return alternatives(branches[0], contract, depth + 1)
    kinds = [kind for kind in types_of(whole) if kind != "null"]
    if not branches and len(kinds) > 1:
        return [(kind, {**whole, "type": kind}) for kind in kinds]
    schemas = [{"allOf": [beside, branch]} if constrains(beside) else branch for branch in branches]
    names = [documented_type_name(branch) or f"alternative {place}" for place, branch in enumerate(branches, 1)]
    return list(zip(names, schemas, strict=True)) if len(branches) > 1 else []


_UNIONS = ("oneOf", "anyOf")
_NULL = {"type": "null"}
