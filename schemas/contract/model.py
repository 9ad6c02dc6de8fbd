"""Model of a contract: every documented operation, and where each fact about it was read.

Values are frozen; schemas are plain JSON Schema 2020-12 dictionaries that nobody changes after they are built.
Evidence about a schema lives inside it, under the annotation keyword ``x-docdouble-evidence``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urljoin

from ..errors import ConfigError
from ..http import SAFE_METHODS
from .behaviour_names import BehaviourName
from .evidence import Evidence as Evidence
from .evidence import Grade as Grade
from .evidence import Location as Location
from .lazy import Deferrable
from .resources import NO_RESOURCES, Resources

Schema = dict[str, Any]
"""A JSON Schema 2020-12 object; references point to ``#/components/schemas/NAME`` of its contract."""

Effect = Literal["read", "write"]
"""Effect of an operation; ``None`` where it is not known."""

EVIDENCE = "x-docdouble-evidence"
BEHAVIOURS = "x-docdouble-behaviours"
COMPONENT_PREFIX = "#/components/schemas/"

LEFT_OUT = "x-docdouble-left-out"
"""Annotation of a property that has no place in a direction: ``readOnly`` or ``writeOnly``."""

NOT_AS_WRITTEN = "x-docdouble-not-as-written"
"""Annotation of a schema that is read as its author meant it, because no object fits what is written."""


def evidence_of(schema: Schema, keyword: str = "", page: str = "") -> Evidence | None:
    """Return the evidence of a schema, or of one ``keyword`` of it (``null`` stands for "may be null").

    Seen from ``page``: what that page states itself has its own line, what only others state is shared.
    """
    data = schema.get(EVIDENCE)
    if data is None:
        return None
    data = data.get("keywords", {}).get(keyword, data)
    evidence = Evidence.from_dict(data)
    if evidence.grade is not Grade.STATED or page in ("", evidence.page):
        return evidence
    if page in data.get("also", {}):
        return Evidence(Grade.STATED, page, data["also"][page])
    return Evidence(Grade.SHARED, evidence.page, evidence.line)


def with_evidence(schema: Schema, evidence: Evidence, **keywords: Evidence) -> Schema:
    """Return the schema with its evidence, and that of the ``keywords`` which were read elsewhere."""
    data = evidence.as_dict()
    if keywords:
        data["keywords"] = {name: fact.as_dict() for name, fact in sorted(keywords.items())}
    return {**schema, EVIDENCE: data}


DEFAULT_STYLES: Mapping[str, str] = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
"""The style of a parameter of each location that names none (OpenAPI 3.1, Parameter Object, ``style``)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query, header or cookie parameter; ``required`` is ``None`` where it isn't stated.

    ``style`` is the documented one and empty where none is named; ``explode`` is ``None`` where it isn't stated. A
    parameter with a ``content`` is text of that media type.
    """

    name: str
    location: Location
    schema: Schema
    required: bool | None = None
    description: str = ""
    evidence: Evidence | None = None
    style: str = ""
    explode: bool | None = None
    allow_reserved: bool = False
    allow_empty: bool = False
    content: str = ""
    deprecated: bool = False
    samples: tuple[Any, ...] = ()

    @property
    def effective_style(self) -> str:
        """The style that arrays and objects are written in."""
        return self.style or DEFAULT_STYLES.get(self.location, "simple")

    @property
    def explodes(self) -> bool:
        """Whether arrays and objects are written as a parameter or part for each of their values."""
        return self.effective_style in ("form", "cookie") if self.explode is None else self.explode


@dataclass(frozen=True, slots=True)
class Encoding:
    """The serialisation of one property of a form or multipart body (OpenAPI 3.1, Encoding Object).

    ``content_types`` are the media types that a part may have; ``style`` and ``explode`` as of a query parameter.
    """

    content_types: tuple[str, ...] = ()
    headers: tuple[Parameter, ...] = ()
    style: str = ""
    explode: bool | None = None
    allow_reserved: bool = False


@dataclass(frozen=True, slots=True)
class MediaType:
    """One representation of a body: its media type, schema and documented samples.

    ``sample_names`` are the names of the samples, in their order; empty where they have none. ``encoding`` tells of
    properties how they are written in a form; ``item_schema`` is that of each item of a sequence (OpenAPI 3.2).
    """

    name: str
    schema: Schema | None = None
    samples: tuple[Any, ...] = ()
    evidence: Evidence | None = None
    sample_names: tuple[str, ...] = ()
    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    item_schema: Schema | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A documented request body; ``required`` is ``None`` where it isn't stated."""

    media_types: tuple[MediaType, ...]
    required: bool | None = None
    description: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A value of an answer, at ``pointer`` (RFC 6901), that ``operation`` asks for in its ``path`` or ``body``."""

    operation: str
    location: str
    name: str
    pointer: str
    evidence: Evidence


_FAILURE_WORDS = re.compile(r"error|fail|problem|invalid|unexpected|exception|denied|wrong", re.IGNORECASE)
"""Words of what is documented for any status that say that it isn't a success."""


@dataclass(frozen=True, slots=True)
class Response:
    """A documented response: ``status`` is a code such as ``"200"``, a range ``"4XX"`` or ``"default"``.

    ``headers`` are the documented header fields of it.
    """

    status: str
    media_types: tuple[MediaType, ...] = ()
    description: str = ""
    evidence: Evidence | None = None
    links: tuple[Link, ...] = ()
    headers: tuple[Parameter, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether its status is one of a failure; of ``default`` its words and the name of its type tell."""
        if self.status.lower() != "default":
            return self.status[:1] in "45"
        types = (
            str(media_type.schema.get("$ref", "")).rpartition("/")[2]
            for media_type in self.media_types
            if media_type.schema
        )
        return any(map(_FAILURE_WORDS.search, (self.description, *types)))


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something the documentation says in prose that the fake and the checks act on, by name.

    ``parameter`` is the parameter that asks for it, empty for what holds without being asked for.
    """

    name: str
    evidence: Evidence
    parameter: str = ""


_ROOT = "http://localhost/"
_AUTHORITY = re.compile(r"\A(?:[A-Za-z][A-Za-z0-9+.-]*:|\{[^{}]*\}:)?//[^/?#]*|\A[A-Za-z][A-Za-z0-9+.-]*:[^/?#]*")
"""Scheme and authority of a URL, in both of which variables may stand (RFC 3986, section 3)."""

MOST_BASE_PATHS = 100
"""Combinations of the listed values of a server's variables that are looked at."""


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL, in which ``{name}`` stands for a variable; ``variables`` have a ``default`` and an ``enum``."""

    url: str
    variables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    description: str = ""
    name: str = ""

    @property
    def default_url(self) -> str:
        """The URL with the default of each variable in its place."""
        url = self.url
        for name, variable in self.variables.items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        return url

    @property
    def path(self) -> str:
        """The path of the URL without a slash at its end, empty for none."""
        return _base_path(self.default_url)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths with each listed value of each variable, that of the defaults first."""
        choices = [
            (f"{{{name}}}", dict.fromkeys(str(value) for value in (variable.get("default", ""), *_listed(variable))))
            for name, variable in self.variables.items()
        ]
        urls = [self.url]
        for place, values in choices:
            urls = [url.replace(place, value) for url in urls for value in values][:MOST_BASE_PATHS]
        return tuple(dict.fromkeys(map(_base_path, urls)))


def _base_path(url: str) -> str:
    """Return the path of a URL, which may be relative to the root, without a slash at its end."""
    path = re.split("[?#]", _AUTHORITY.sub("", url, count=1), maxsplit=1)[0]
    return (path if path.startswith("/") else urljoin(_ROOT, f"./{path}").removeprefix(_ROOT[:-1])).rstrip("/")


def _listed(variable: Mapping[str, Any]) -> list[Any]:
    values = variable.get("enum")
    return values if isinstance(values, list) else []


@dataclass(frozen=True, slots=True)
class Operation(Deferrable):
    """One documented call. ``security`` lists alternatives; all schemes of one alternative are needed together.

    ``scopes`` are the OAuth scopes of each scheme of each alternative, in the same order; empty where none is named.
    ``servers`` are its own, empty where those of the contract hold. ``callbacks`` are the requests that the server
    sends to the caller, each with its name and the expression of its URL as its path.
    Of a contract that we wrote ourselves only id, method and path are read at first.
    """

    id: str
    method: str
    path: str
    summary: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    request: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    security_evidence: Evidence | None = None
    behaviours: tuple[Behaviour, ...] = ()
    effect: Effect | None = None
    effect_evidence: Evidence | None = None
    evidence: Evidence | None = None
    tags: tuple[str, ...] = ()
    scopes: tuple[tuple[tuple[str, ...], ...], ...] = ()
    servers: tuple[Server, ...] = ()
    deprecated: bool = False
    sunset: str = ""
    external_docs: str = ""
    callbacks: "tuple[Callback, ...]" = ()

    @property
    def label(self) -> str:
        """``METHOD /path``, as people name it."""
        return f"{self.method} {self.path}"

    @property
    def only_reads(self) -> bool:
        """Whether calls of it change nothing, as far as is known: nothing is known of one without a safe method."""
        return self.effect == "read" or (self.effect is None and self.method in SAFE_METHODS)

    @property
    def is_secured(self) -> bool:
        """Whether it can't be called without credentials."""
        return bool(self.security) and () not in self.security

    @property
    def page(self) -> str:
        """The page that it is read from, empty where that is not known."""
        return self.evidence.page if self.evidence else ""

    def behaves(self, name: BehaviourName) -> bool:
        """Tell whether the behaviour is documented here."""
        return self.behaviour(name) is not None

    def behaviour(self, name: BehaviourName) -> Behaviour | None:
        """Return the documented behaviour of a name."""
        return next((behaviour for behaviour in self.behaviours if behaviour.name == name), None)

    def response(self, status: int) -> Response | None:
        """Return the documented response of a status: its own, else its range's, else the default."""
        by_status = {response.status.upper(): response for response in self.responses}
        for key in (str(status), f"{status // 100}XX", "DEFAULT"):
            if key in by_status:
                return by_status[key]
        return None

    def success(self) -> Response | None:
        """Return the first documented response with a 2xx status."""
        return next((response for response in self.responses if response.status.startswith("2")), None)

    @property
    def documents_success(self) -> bool:
        """Whether an answer that is no error is documented, or nothing about answers is."""
        return not self.responses or not all(response.is_failure for response in self.responses)


def with_media_types(operation: Operation, change: Callable[[MediaType], MediaType]) -> Operation:
    """Return an operation with the media types of its bodies changed."""
    request = operation.request
    return replace(
        operation,
        request=replace(request, media_types=tuple(map(change, request.media_types))) if request else None,
        responses=tuple(
            replace(response, media_types=tuple(map(change, response.media_types))) for response in operation.responses
        ),
    )


@dataclass(frozen=True, slots=True)
class Callback:
    """A request that the server sends after a call; its path is an expression (OpenAPI 3.1, Callback Object)."""

    name: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Contract:
    """The documented API. ``schemas`` and ``security_schemes`` are the components, by name.

    ``resources`` is what was worked out of the operations: see ``roles``. ``webhooks`` are requests that the server
    sends by itself; their path is the name of the webhook. ``dialect`` is the name of the documentation family of the
    pages, empty where none were read. A document that has no word for null, such as one of Swagger 2.0 without
    ``x-nullable``, ``documents_null`` of nothing.
    """

    title: str
    version: str
    operations: tuple[Operation, ...]
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    security_schemes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    servers: tuple[Server, ...] = ()
    resources: Resources = NO_RESOURCES
    webhooks: tuple[Operation, ...] = ()
    dialect: str = ""
    documents_null: bool = True

    def operation(self, name: str) -> Operation:
        """Find an operation by id, ``METHOD path``, path, or a part of the id that only one has.

        Raises ``ConfigError`` with the nearest name when there is none, or when several fit.
        """
        wanted = name.casefold()
        for key in ("id", "label", "path"):
            if operations := [op for op in self.operations if str(getattr(op, key)).casefold() == wanted]:
                return self._only(name, operations)
        operations = [op for op in self.operations if wanted in op.id.casefold() or wanted in op.label.casefold()]
        return self._only(name, operations)

    def _only(self, name: str, operations: list[Operation]) -> Operation:
        if len(operations) == 1:
            return operations[0]
        if operations:
            raise ConfigError("operation", name, expected=f"unique: {', '.join(op.id for op in operations[:5])}")
        known = [key for op in self.operations for key in (op.id, op.label, op.id.rpartition("_")[2])]
        raise ConfigError("operation", name, known, expected="documented")

    def resolve(self, schema: Schema) -> Schema:
        """Follow a reference to the component that it names; any other schema is returned as it is."""
        seen = set()
        while (ref := schema.get("$ref")) and ref not in seen:
            seen.add(ref)
            schema = self.schemas[ref.removeprefix(COMPONENT_PREFIX)]
        return schema


def reference(name: str) -> Schema:
    """Return a reference to a named component."""
    return {"$ref": COMPONENT_PREFIX + name}


def is_left_out(schema: Any) -> bool:
    """Tell whether a property has no place in the direction of its schema."""
    if not isinstance(schema, dict):
        return schema is False
    return LEFT_OUT in schema or any(isinstance(part, dict) and LEFT_OUT in part for part in schema.get("allOf", ()))


def is_read_as_written(schema: Any, schemas: Mapping[str, Schema]) -> bool:
    """Tell whether a schema, with the named ``schemas`` that it is composed of, is read as it is written."""
    if not isinstance(schema, dict):
        return True
    if NOT_AS_WRITTEN in schema:
        return False
    named = schemas.get(str(schema["$ref"]).removeprefix(COMPONENT_PREFIX), {}) if "$ref" in schema else True
    return all(is_read_as_written(part, schemas) for part in (named, *schema.get("allOf", ())))


def nullable(schema: Schema) -> bool:
    """Tell whether the schema itself, without following references, allows null."""
    declared = schema.get("type")
    if isinstance(declared, list):
        return "null" in declared
    return declared == "null" or any(nullable(part) for part in _alternatives(schema))


def sends_null(schema: Schema) -> bool:
    """Tell whether null may be sent: ``nullable`` lets it be received, but from OpenAPI 3.1 on it allows nothing."""
    return nullable(schema) and "nullable" not in schema


def _alternatives(schema: Schema) -> list[Schema]:
    branches = schema.get("anyOf")
    return [part for part in branches if isinstance(part, dict)] if isinstance(branches, list) else []


def non_null(schema: Schema) -> Schema:
    """Return the alternative of a nullable schema that is not null; references are left as they are."""
    parts = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    return parts[0] if len(parts) == 1 and len(parts) < len(schema["anyOf"]) else schema


_OF_NULL_TOO = (EVIDENCE, "description", "default", "example", "examples", "x-example", "x-examples")
"""Annotations of a schema that hold for its null, too: an example or a default may be null."""


def allow_null(schema: Schema) -> Schema:
    """Return the schema widened by null."""
    outer = {key: schema[key] for key in _OF_NULL_TOO if key in schema}
    inner = {key: value for key, value in schema.items() if key not in outer}
    if not inner or nullable(schema):
        return schema
    if kinds := types_of(schema):
        values = {"enum": [*schema["enum"], None]} if isinstance(schema.get("enum"), list) else {}
        return {**schema, "type": [*kinds, "null"], **values}
    return {"anyOf": [inner, {"type": "null"}], **outer}


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types that the schema itself names, null left out."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return (declared,) if declared != "null" else ()
    return (
        tuple(kind for kind in declared if isinstance(kind, str) and kind != "null")
        if isinstance(declared, list)
        else ()
    )
