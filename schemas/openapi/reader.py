"""OpenAPI documents of any version to contracts: a broken part costs that part, and is reported with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, count
from typing import Any, TypeVar, get_args

from ..contract.behaviour_names import BehaviourName, behaviour_names
from ..contract.evidence import LocatedSchemas
from ..contract.model import (
    BEHAVIOURS,
    EVIDENCE,
    Behaviour,
    Body,
    Callback,
    Contract,
    Effect,
    Link,
    Location,
    Operation,
    Parameter,
    Response,
    Schema,
    Server,
)
from ..dialects.dialect_registry import find_dialect
from ..errors import ConfigError, ContractError, did_you_mean
from ..http import CONNECTION_FIELDS
from .body_reader import BodyReader, text_of
from .document import DocumentNode, document_root
from .evaluations import bounded_evaluations
from .keywords import (
    DIALECT,
    DOCUMENTS_NULL,
    EFFECT,
    EFFECT_EVIDENCE,
    METHODS,
    OTHER_METHODS,
    SECURITY_EVIDENCE,
    SUNSET,
)
from .parts import Report, status_of
from .resource_keywords import read_resources
from .schema_reader import SchemaReader, report_evaluations

_BEHAVIOURS = frozenset(BehaviourName)

IGNORED_HEADERS = ("accept", "authorization", "content-type")
"""Header parameters that are ignored (OpenAPI 3.1, Parameter Object, ``name``)."""

T = TypeVar("T")
Security = tuple[tuple[tuple[str, ...], ...], tuple[tuple[tuple[str, ...], ...], ...]]


def from_openapi(document: Any, source: str = "") -> Contract:
    """Read an OpenAPI or Swagger document, ours or anyone's; ``source`` names it in errors.

    Raises ``ContractError`` with the JSON Pointer of the first fault.
    """
    return read_contract(document_root(document, source), raise_problem)


def raise_problem(rule: str, node: DocumentNode, message: str) -> None:
    """Raise the ``ContractError`` of a problem, which ends the reading."""
    if rule not in ("closed-composition", "ignored-header", "ref-siblings", "unstructured-body"):
        raise ContractError(node.pointer, message, node.source)


def read_contract(root: DocumentNode, report: Report) -> Contract:
    """Read a document and ``report`` its problems; raises ``ContractError`` where nothing can be read of it."""
    root.check_depth()
    if not isinstance(root.data, dict):
        raise root.error("neither an OpenAPI nor a Swagger document")
    version = str(root.data.get("openapi") or root.data.get("swagger") or "")
    if version.startswith("3."):
        return OpenApiReader(root, report).contract()
    if version.startswith("2."):
        from .swagger import SwaggerReader  # here because few documents are of that version

        return SwaggerReader(root, report).contract()
    if not version:
        raise root.error("neither an OpenAPI nor a Swagger document: openapi: 3.x or swagger: 2.0 is missing")
    raise root.error(f"version {version!r} is neither OpenAPI 3.x nor Swagger 2.0")


def operation_from_openapi(data: Any, method: str, path: str, source: str) -> Operation:
    """Read one operation that refers to nothing outside of it but schemas, as those are that we write.

    ``method`` is in lower case; ``source`` names the document in errors. Raises ``ContractError``.
    """
    item = {method: data}
    root = document_root({"openapi": "3.1.0", "paths": {path: item}}, source)
    holder = root.mapping("paths").child(path, item)
    return OpenApiReader(root, raise_problem, reads_schemas=False).operation(
        holder, holder.mapping(method), method, path
    )


def operation_id(given: Any, method: str, path: str) -> str:
    """Return the id of an operation: the one that is ``given``, else one made of its method and path."""
    return str(given or re.sub(r"\W+", "_", f"{method}{path}").strip("_"))


def with_distinct_ids(operations: Iterable[tuple[Operation, T]]) -> tuple[tuple[Operation, T], ...]:
    """Return operations, each with something beside it; one whose id another has before it gets one of its own.

    Generators that take names of methods for ids make such documents.
    """
    ids: set[str] = set()
    distinct: list[tuple[Operation, T]] = []
    for operation, beside in operations:
        made = operation_id(None, operation.method.lower(), operation.path)
        candidates = chain([operation.id, made], (f"{made}_{number}" for number in count(2)))
        chosen = next(candidate for candidate in candidates if candidate not in ids)
        ids.add(chosen)
        distinct.append((operation if chosen == operation.id else replace(operation, id=chosen), beside))
    return tuple(distinct)


class OpenApiReader(BodyReader):
    """The reader of one document of OpenAPI 3.0, 3.1 or 3.2.

    Without ``reads_schemas``, schemas are taken as they stand, as those are that we write.
    """

    def __init__(self, root: DocumentNode, report: Report, *, reads_schemas: bool = True) -> None:
        super().__init__(report, reads_schemas=reads_schemas)
        self.root = root
        self.schemas = SchemaReader(self._components(), self.is_modern, report)

    @property
    def is_modern(self) -> bool:
        """Whether the document is of a version from 3.1 on."""
        return not str(self.root.data.get("openapi", "2")).startswith(("2", "3.0"))

    def _components(self) -> DocumentNode:
        return self.object_in(self.object_in(self.root, "components"), "schemas")

    def contract(self) -> Contract:
        """Return the contract; raises ``ContractError`` where the document has neither paths nor anything else."""
        root = self.root
        info = self.part(lambda: root.mapping("info")) or root.child("info", {})
        is_partial = "webhooks" in root.data or "components" in root.data
        paths = root.mapping("paths", optional=is_partial)
        webhooks = self.object_in(root, "webhooks")
        operations = with_distinct_ids(self.path_items(paths))
        security = self.part(partial(_security, root)) or ((), ())
        return Contract(
            title=str(info.data.get("title", "")),
            version=str(info.data.get("version", "")),
            operations=tuple(_with_security(operation, has_own, security) for operation, has_own in operations),
            webhooks=tuple(operation for operation, _ in self.path_items(webhooks)),
            schemas=self.named_schemas(),
            security_schemes=self.security_schemes(),
            servers=self.servers(root),
            resources=read_resources(root),
            dialect=_dialect(root),
            documents_null=root.data.get(DOCUMENTS_NULL) is not False,
        )

    def named_schemas(self) -> Mapping[str, Schema]:
        """Return the schemas that have names, also those that only a reference gives one."""
        read: dict[str, Schema] = {}
        while waiting := [name for name in self.schemas.names() if name not in read]:
            read |= {name: self.schemas.named(name) for name in waiting}
        read = bounded_evaluations(read, partial(report_evaluations, self.schemas))
        return LocatedSchemas(read, self.schemas.evidence) if self.root.file.text else read

    def security_schemes(self) -> dict[str, dict[str, Any]]:
        """Return the security schemes by name."""
        schemes = self.members(self.object_in(self.root, "components"), "securitySchemes")
        return dict(self.parts(schemes, lambda name, node: (name, node.resolved().data)))

    def path_items(self, paths: DocumentNode) -> Iterator[tuple[Operation, bool]]:
        """Yield the operations of a map of path items, each with whether it states its own security."""
        for path, item in paths.members(extensible=True):
            if resolved := self.part(partial(_resolved_item, item)):
                for method, node in self.operation_nodes(resolved):
                    yield from self.part(partial(self._operation, resolved, node, method, path)) or ()

    def operation_nodes(self, item: DocumentNode) -> Iterator[tuple[str, DocumentNode]]:
        """Yield the methods of a path item with their operations."""
        for key in item.data:
            if key in METHODS:
                yield key, item.child(key, item.data[key])
        for word in (OTHER_METHODS, f"x-{OTHER_METHODS}"):
            yield from self.members(item, word)

    def _operation(
        self, item: DocumentNode, node: DocumentNode, method: str, path: str
    ) -> list[tuple[Operation, bool]]:
        return [(self.operation(item, node.object(), method, path), "security" in node.data)]

    def operation(self, item: DocumentNode, node: DocumentNode, method: str, path: str) -> Operation:
        """Read an operation of a path item; ``method`` is as the document writes it."""
        security, scopes = self.part(partial(_security, node)) or ((), ())
        tags = node.data.get("tags")
        return Operation(
            id=operation_id(node.data.get("operationId"), method, path),
            method=method.upper(),
            path=path,
            summary=text_of(node, "summary"),
            description=text_of(node, "description"),
            tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
            parameters=tuple(self.parameters(item, node)),
            request=self.request(item, node),
            responses=tuple(self.responses(node)),
            security=security,
            scopes=scopes,
            servers=self.servers(node) or self.servers(item),
            deprecated=node.data.get("deprecated") is True,
            sunset=text_of(node, SUNSET),
            external_docs=text_of(self.object_in(node, "externalDocs"), "url"),
            callbacks=tuple(self._callbacks(node)),
            security_evidence=node.read_evidence(SECURITY_EVIDENCE),
            effect=_effect(node),
            effect_evidence=node.read_evidence(EFFECT_EVIDENCE),
            behaviours=tuple(_behaviour(document_node) for document_node in node.sequence(BEHAVIOURS)),
            evidence=node.read_evidence() or node.evidence(),
        )

    def parameters(self, item: DocumentNode, node: DocumentNode) -> Iterator[Parameter]:
        """Yield the parameters of an operation, and those of its path item that it doesn't replace."""
        read: dict[tuple[str, str], Parameter] = {}
        for holder in (item, node):
            for parameter in self.parts(self.elements(holder, "parameters"), self._parameter):
                why = _why_ignored(parameter) if self.reads_schemas else ""
                if why:
                    message = f"a header parameter named {parameter.name} is ignored, {why}"
                    self.report("ignored-header", holder.child("parameters", None), message)
                else:
                    read[parameter.location, parameter.name] = parameter
        yield from read.values()

    def _parameter(self, _: str, node: DocumentNode) -> Parameter:
        node = node.resolved()
        location = node.text("in")
        if location not in get_args(Location):
            raise node.error(f"'in' is {location!r}, expected path, query, header, cookie or querystring")
        return self.parameter(node, node.text("name"), location)  # type: ignore[arg-type]  # checked above

    def request(self, item: DocumentNode, node: DocumentNode) -> Body | None:
        """Return the request body of an operation."""
        if not node.data.get("requestBody"):
            return None
        body = self.part(lambda: node.mapping("requestBody").resolved())
        return self.body(body) if body else None

    def responses(self, node: DocumentNode) -> Iterator[Response]:
        """Yield the responses of an operation."""
        if "responses" in node.data or self.reads_schemas:
            yield from self.parts(self.members(node, "responses", extensible=True), self._response)

    def _response(self, status: str, node: DocumentNode) -> Response:
        return self.response(status, node.resolved())

    def response(self, status: str, node: DocumentNode) -> Response:
        """Read a Response Object."""
        return Response(
            status=status_of(status, node),
            media_types=self.content(node),
            description=text_of(node, "description") or text_of(node, "summary"),
            links=tuple(link for links in self.parts(self.members(node, "links"), _links) for link in links),
            evidence=self.evidence(node),
            headers=tuple(self.parts(self.members(node, "headers"), self.header)),
        )

    def servers(self, node: DocumentNode) -> tuple[Server, ...]:
        """Return the servers that an object names."""
        return tuple(self.parts(self.elements(node, "servers"), _server))

    def _callbacks(self, node: DocumentNode) -> Iterator[Callback]:
        for name, callback in self.members(node, "callbacks", extensible=True):
            paths = self.part(callback.resolved)
            for operation, _ in self.path_items(paths) if paths else ():
                yield Callback(name, operation)


def _why_ignored(parameter: Parameter) -> str:
    """Return why a parameter is left out, empty for one that is read."""
    name = parameter.name.lower() if parameter.location == "header" else ""
    if name in CONNECTION_FIELDS:
        return "since connections have it of their own"
    return "as OpenAPI says" if name in IGNORED_HEADERS else ""


def _resolved_item(node: DocumentNode) -> DocumentNode:
    """Return a path item with what it refers to; its own fields win (OpenAPI 3.1, Path Item Object, ``$ref``)."""
    resolved = node.resolved()
    beside = {key: value for key, value in node.data.items() if key != "$ref"}
    if not beside or resolved is node:
        return resolved
    return DocumentNode({**resolved.data, **beside}, resolved.pointer, resolved.file)


def _with_security(operation: Operation, has_own: bool, security: Security) -> Operation:
    return operation if has_own else replace(operation, security=security[0], scopes=security[1])


def _server(_: str, node: DocumentNode) -> Server:
    variables = node.object().mapping("variables", optional=True)
    named = {name: variable.object().data for name, variable in variables.members()}
    return Server(node.text("url"), named, text_of(node, "description"), text_of(node, "name"))


def _security(node: DocumentNode) -> Security:
    """Return the names of the schemes of each alternative, and their scopes: empty where there are none."""
    alternatives = [alternative.object().data for alternative in node.sequence("security")]
    names = tuple(tuple(map(str, alternative)) for alternative in alternatives)
    scopes = tuple(
        tuple(tuple(map(str, needed if isinstance(needed, list) else ())) for needed in alternative.values())
        for alternative in alternatives
    )
    return names, scopes if any(map(any, scopes)) else ()


def _links(_: str, node: DocumentNode) -> list[Link]:
    """Return a link for each value it passes; those that are no plain place in the body are left out."""
    node = node.resolved()
    operation = node.data.get("operationId")
    links = []
    for location, word in (("path", "parameters"), ("body", "requestBody")):
        values = node.data.get(word)
        for name, value in values.items() if isinstance(values, dict) else ():
            if isinstance(operation, str) and str(value).startswith("$response.body#"):
                pointer = str(value).removeprefix("$response.body#")
                links.append(Link(operation, location, str(name), pointer, node.read_evidence() or node.evidence()))
    return links


def _effect(node: DocumentNode) -> Effect | None:
    value = node.data.get(EFFECT)
    if value not in (None, "read", "write"):
        raise node.error(f"{EFFECT} is {value!r}, expected 'read' or 'write'")
    return value  # type: ignore[no-any-return]  # checked above


def _behaviour(node: DocumentNode) -> Behaviour:
    evidence = node.read_evidence()
    if evidence is None:
        raise node.error(f"a behaviour without {EVIDENCE}")
    return Behaviour(_behaviour_name(node), evidence, node.text_or_empty("parameter"))


def _behaviour_name(node: DocumentNode) -> str:
    name = node.text("name")
    if name not in _BEHAVIOURS and name not in (known := behaviour_names()):
        raise node.error(f"the behaviour {name!r} is not known{did_you_mean(name, known)}")
    return name


def _dialect(root: DocumentNode) -> str:
    """Return the name of a dialect that is installed."""
    name = root.text_or_empty(DIALECT)
    try:
        return find_dialect(name).name if name else ""
    except ConfigError as error:
        raise root.child(DIALECT, name).error(str(error)) from error
