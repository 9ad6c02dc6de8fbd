"""Comparison of documentation with an OpenAPI or Swagger document of the same API."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..combine.unite_contracts import operation_key, with_paths_of
from ..contract.media_types import primary_schema
from ..contract.model import Contract, Evidence, Operation, Schema, evidence_of, non_null, types_of
from ..extraction import Contradiction, contradiction_at

_SPECIAL = {"accept", "content-type", "authorization"}
"""Header fields that OpenAPI describes elsewhere than among the parameters."""


def compare_with_document(pages: Contract, document: Contract) -> Iterator[Contradiction]:
    """Yield the differences; operations are identified by method and path, bodies compared by their properties."""
    document = with_paths_of(pages, document)
    others = {operation_key(operation): operation for operation in document.operations}
    for operation in pages.operations:
        other = others.pop(operation_key(operation), None)
        if other is None:
            yield _unmatched("only-in-pages", operation.evidence, operation.label)
        else:
            yield from _operations(operation, other, pages, document)
    for other in others.values():
        yield _unmatched("only-in-document", other.evidence, other.label)


def _operations(operation: Operation, other: Operation, pages: Contract, document: Contract) -> Iterator[Contradiction]:
    yield from _names(_parameters(operation), _parameters(other), operation)
    yield from _names(
        {f"status {response.status}": response.evidence for response in operation.responses},
        _statuses(other),
        operation,
    )
    bodies = [("the request", operation.request, other.request), ("the answer", operation.success(), other.success())]
    for title, body, their_body in bodies:
        if body and their_body:
            yield from _properties(
                title, _record(body, pages), _record(their_body, document), operation, pages, document
            )


def _parameters(operation: Operation) -> dict[str, Evidence | None]:
    return {
        f"{parameter.location} parameter {parameter.name}": parameter.evidence
        for parameter in operation.parameters
        if parameter.location != "path" and parameter.name.lower() not in _SPECIAL
    }


def _statuses(operation: Operation) -> list[str]:
    return [f"status {response.status}" for response in operation.responses if response.status != "default"]


def _names(own: dict[str, Evidence | None], theirs: Iterable[str], operation: Operation) -> Iterator[Contradiction]:
    known, others = {name.lower() for name in own}, {name.lower(): name for name in theirs}
    for name, evidence in own.items():
        if name.lower() not in others:
            yield _unmatched("only-in-pages", evidence or operation.evidence, f"{name} of {operation.label}")
    for lowered, name in others.items():
        if lowered not in known:
            yield _unmatched("only-in-document", operation.evidence, f"{name} of {operation.label}")


def _record(body: Any, contract: Contract) -> dict[str, Schema]:
    """Return the properties of a body, or of the items of one that is an array."""
    schema: Schema = primary_schema(body.media_types) or {}
    schema = contract.resolve(non_null(contract.resolve(schema)))
    schema = contract.resolve(schema.get("items", schema)) if isinstance(schema.get("items", {}), dict) else schema
    properties: dict[str, Schema] = schema.get("properties", {})
    return properties


def _properties(
    title: str,
    own: dict[str, Schema],
    theirs: dict[str, Schema],
    operation: Operation,
    pages: Contract,
    document: Contract,
) -> Iterator[Contradiction]:
    page = operation.page
    if not own or not theirs:
        return
    yield from _names(
        {f"{title}'s {name}": evidence_of(part, page=page) for name, part in own.items()},
        [f"{title}'s {name}" for name in theirs],
        operation,
    )
    others = {name.lower(): part for name, part in theirs.items()}
    for name, part in own.items():
        stated, other = _kind(part, pages), _kind(others.get(name.lower(), {}), document)
        if stated and other and stated != other:
            message = f"{title}'s {name} of {operation.label} is stated as {stated}, the document has {other}"
            yield contradiction_at(evidence_of(part, page=page) or operation.evidence, "other-type", message)


def _kind(schema: Schema, contract: Contract) -> str:
    resolved = contract.resolve(non_null(contract.resolve(schema)))
    kinds = types_of(resolved)
    return "object" if not kinds and "properties" in resolved else "".join(kinds[:1])


def _unmatched(rule: str, evidence: Evidence | None, subject: str) -> Contradiction:
    where = "the pages have" if rule == "only-in-pages" else "the document has"
    return contradiction_at(evidence, rule, f"only {where} {subject}")
