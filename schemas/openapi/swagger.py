"""Swagger 2.0 documents (https://spec.openapis.org/oas/v2.0) to contracts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ..contract.model import Body, Contract, Encoding, MediaType, Parameter, Response, Schema, Server
from ..http import FORM, MULTIPART
from .document import DocumentNode
from .parts import media_type_of, status_of
from .reader import OpenApiReader
from .schema_reader import as_object
from .unstructured_bodies import unstructured_schema

_SCHEMA_KEYWORDS = frozenset(
    {
        *("default", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength"),
        *("maximum", "minItems", "minLength", "minimum", "multipleOf", "pattern", "type", "uniqueItems", "x-nullable"),
    }
)
"""The fields of a parameter that say what its values are."""

_STYLES = {
    "csv": ("", False),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}
"""``collectionFormat`` as ``style`` and ``explode``; ``tabDelimited`` is our word for what OpenAPI 3 dropped."""

_FLOWS = {"implicit": "implicit", "accessCode": "authorizationCode", "password": "password"}


class SwaggerReader(OpenApiReader):
    """The reader of one Swagger 2.0 document."""

    def contract(self) -> Contract:
        """Return the contract; raises ``ContractError`` where the document has neither paths nor anything else."""
        return replace(super().contract(), documents_null=_holds_name(self.root.data, "x-nullable"))

    def _components(self) -> DocumentNode:
        return self.object_in(self.root, "definitions")

    def security_schemes(self) -> dict[str, dict[str, Any]]:
        """Return the security schemes by name, as OpenAPI 3 has them."""
        schemes = self.members(self.root, "securityDefinitions")
        return dict(self.parts(schemes, lambda name, node: (name, _scheme(node.resolved().data))))

    def servers(self, node: DocumentNode) -> tuple[Server, ...]:
        """Return the servers that ``schemes``, ``host`` and ``basePath`` name; only the root has them."""
        if node.pointer:
            return ()
        host = self.part(lambda: node.text_or_empty("host"))
        base = (self.part(lambda: node.text_or_empty("basePath")) or "").rstrip("/")
        if not host:
            return (Server(base),) if base else ()
        schemes = self.part(lambda: node.texts("schemes")) or ["https"]
        return tuple(Server(f"{scheme}://{host}{base}") for scheme in schemes)

    def parameters(self, item: DocumentNode, node: DocumentNode) -> Iterator[Parameter]:
        """Yield the parameters that stand outside of the body."""
        for parameter in self._parameter_nodes(item, node):
            if parameter.data["in"] not in ("body", "formData"):
                yield from self.parts(iter([("", parameter)]), self._parameter)

    def _parameter_nodes(self, item: DocumentNode, node: DocumentNode) -> list[DocumentNode]:
        """Return the parameters of an operation, and those of its path item that it doesn't replace."""
        read: dict[tuple[str, str], DocumentNode] = {}
        for holder in (item, node):
            for resolved in self.parts(
                self.elements(holder, "parameters"), lambda _, document_node: document_node.resolved()
            ):
                place = str(resolved.data.get("in")), str(resolved.data.get("name"))
                read[place if place[0] != "body" else ("body", "")] = resolved
        return [document_node for document_node in read.values() if isinstance(document_node.data.get("in"), str)]

    def _parameter(self, _: str, node: DocumentNode) -> Parameter:
        location = node.text("in")
        if location not in ("path", "query", "header"):
            raise node.error(f"'in' is {location!r}, expected path, query, header, formData or body")
        style, explode = _STYLES.get(str(node.data.get("collectionFormat", "csv")), ("", False))
        is_list = node.data.get("type") == "array"
        return Parameter(
            name=node.text("name"),
            location=location,  # type: ignore[arg-type]  # checked above
            schema=self._parameter_schema(node),
            required=node.data["required"] if isinstance(node.data.get("required"), bool) else None,
            description=str(node.data.get("description") or ""),
            evidence=self.evidence(node),
            style=style if is_list else "",
            explode=explode if is_list else None,
            allow_empty=node.data.get("allowEmptyValue") is True,
            samples=(node.data["x-example"],) if "x-example" in node.data else (),
        )

    def _parameter_schema(self, node: DocumentNode) -> Schema:
        words = {key: value for key, value in node.data.items() if key in _SCHEMA_KEYWORDS}
        return as_object(self.schemas.read(DocumentNode(words, node.pointer, node.file)))

    def request(self, item: DocumentNode, node: DocumentNode) -> Body | None:
        """Return the request body that ``body`` and ``formData`` parameters and ``consumes`` describe."""
        parameters = self._parameter_nodes(item, node)
        consumes = self._media_type_names(node, "consumes")
        body = next((parameter for parameter in parameters if parameter.data["in"] == "body"), None)
        fields = [parameter for parameter in parameters if parameter.data["in"] == "formData"]
        if body:
            schema, evidence = self.schema(body) or {}, self.evidence(body)
            names = consumes or ["application/json"]
            held = self._held_schemas(names, body, schema)
            media_types = tuple(MediaType(name, held[name], evidence=evidence) for name in names)
            required = body.data["required"] if isinstance(body.data.get("required"), bool) else None
            return Body(media_types, required, str(body.data.get("description") or ""), evidence)
        return self._form(fields, consumes) if fields else None

    def _form(self, fields: list[DocumentNode], consumes: list[str]) -> Body:
        """Return a body of form fields; media types that are no forms are documented for the same fields."""
        properties = {str(field.data.get("name")): self._parameter_schema(field) for field in fields}
        schema: Schema = {"type": "object", "properties": properties}
        if required := [str(field.data.get("name")) for field in fields if field.data.get("required") is True]:
            schema["required"] = required
        has_file = any(field.data.get("type") == "file" for field in fields)
        usual = MULTIPART if has_file else FORM
        names = consumes if any("form" in name for name in consumes) else [*consumes, usual]
        encoding = {
            str(field.data.get("name")): _encoding(field) for field in fields if field.data.get("type") == "array"
        }
        forms = tuple(MediaType(name, schema, encoding=encoding, evidence=self.evidence(fields[0])) for name in names)
        return Body(forms, bool(required) or None, evidence=self.evidence(fields[0]))

    def _media_type_names(self, node: DocumentNode, word: str) -> list[str]:
        holder = node if word in node.data else self.root
        names = self.part(partial(holder.texts, word)) or []
        return list(self.parts(((name, holder) for name in names), media_type_of))

    def responses(self, node: DocumentNode) -> Iterator[Response]:
        """Yield the responses of an operation, whose bodies are of the media types that it ``produces``."""
        produces = self._media_type_names(node, "produces") or ["application/json"]
        yield from self.parts(self.members(node, "responses", extensible=True), partial(self._produced, produces))

    def _produced(self, produces: list[str], status: str, node: DocumentNode) -> Response:
        node = node.resolved()
        return Response(
            status_of(status, node),
            self._representations(node, produces),
            str(node.data.get("description") or ""),
            self.evidence(node),
            headers=tuple(self.parts(self.members(node, "headers"), self.header)),
        )

    def _representations(self, node: DocumentNode, produces: list[str]) -> tuple[MediaType, ...]:
        listed = node.data.get("examples") if isinstance(node.data.get("examples"), dict) else {}
        examples = {name: sample for name, sample in listed.items() if "/" in name}  # others are names of no media type
        if "schema" not in node.data and not examples:
            return ()
        schema, evidence = self.schema(node), self.evidence(node)
        names = dict.fromkeys([*(produces if schema is not None else ()), *examples])
        held = self._held_schemas(names, node, schema)
        return tuple(
            MediaType(name, held[name], (examples[name],) if name in examples else (), evidence) for name in names
        )

    def _held_schemas(
        self, names: Iterable[str], node: DocumentNode, schema: Schema | None
    ) -> dict[str, Schema | None]:
        """Return the schema of each media type: the documented one but for those of texts and files that can't hold it.

        It is meant for the others of an operation; where there are none, that is reported.
        """
        unstructured = {
            name: unstructured_schema(name, node.child("schema", node.data.get("schema"))) for name in names
        }
        if unstructured and all(unstructured.values()):
            listed = ", ".join(unstructured)
            self.report("unstructured-body", node, f"{listed} holds no object or array: its schema isn't used")
        return {name: held or schema for name, held in unstructured.items()}

    def header(self, name: str, node: DocumentNode) -> Parameter:
        """Read a Header Object."""
        node = node.object()
        description = str(node.data.get("description") or "")
        return Parameter(name, "header", self._parameter_schema(node), None, description, self.evidence(node))


def _holds_name(value: Any, name: str) -> bool:
    """Tell whether an object anywhere in a document has a member of a name."""
    if isinstance(value, dict):
        return name in value or any(_holds_name(part, name) for part in value.values())
    return isinstance(value, list) and any(_holds_name(part, name) for part in value)


def _encoding(node: DocumentNode) -> Encoding:
    style, explode = _STYLES.get(str(node.data.get("collectionFormat", "csv")), ("", False))
    return Encoding(style=style or "form", explode=explode)


def _scheme(data: dict[str, Any]) -> dict[str, Any]:
    if data.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if data.get("type") != "oauth2":
        return data
    flow = _FLOWS.get(str(data.get("flow")), "clientCredentials")
    urls = {key: data[key] for key in ("authorizationUrl", "tokenUrl") if key in data}
    return {"type": "oauth2", "flows": {flow: {**urls, "scopes": data.get("scopes", {})}}}
