"""Tree of an operation for people: parameters, bodies and statuses, each with its documentation line."""

from collections.abc import Iterator

from rich.text import Text
from rich.tree import Tree

from docdouble.schemas import Body, Contract, Evidence, MediaType, Operation, Response, Schema
from docdouble.schemas.contract.media_types import primary_schema
from docdouble.schemas.contract.model import evidence_of, non_null
from docdouble.schemas.contract.types_in_words import type_in_words

from ..output.styled_text import joined_text, styled

MAX_DEPTH = 4
"""Records are shown this deep; below, only their type is named."""


def operation_tree(operation: Operation, contract: Contract) -> Tree:
    """Return the tree of an operation."""
    tree = Tree(_line(operation.label, operation.id, operation.evidence, bold=True))
    if operation.summary:
        tree.add(styled(operation.summary))
    for name, words in _facts(operation):
        tree.add(_line(name, words, None))
    if operation.parameters:
        branch = tree.add(styled("parameters", "bold"))
        for parameter in operation.parameters:
            marks = f"{', required' if parameter.required else ''}{', deprecated' if parameter.deprecated else ''}"
            branch.add(
                _line(
                    parameter.name, f"{parameter.location} {type_in_words(parameter.schema)}{marks}", parameter.evidence
                )
            )
    if operation.security:
        tree.add(_line("security", _security(operation), operation.security_evidence))
    if operation.behaviours:
        tree.add(_line("behaviours", ", ".join(behaviour.name for behaviour in operation.behaviours), None))
    if operation.request:
        _body(tree, "request", operation.request, contract)
    for response in operation.responses:
        _body(tree, f"response {response.status}", response, contract)
    for callback in operation.callbacks:
        tree.add(_line(f"callback {callback.name}", callback.operation.label, callback.operation.evidence))
    return tree


def _facts(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield what is documented of an operation as a whole, each with its name."""
    if operation.deprecated or operation.sunset:
        yield "deprecated", f"until {operation.sunset}" if operation.sunset else ""
    if operation.tags:
        yield "tags", ", ".join(operation.tags)
    if operation.servers:
        yield "servers", ", ".join(server.default_url for server in operation.servers)
    if operation.external_docs:
        yield "more in", operation.external_docs


def _security(operation: Operation) -> str:
    """Return the alternatives in words: the schemes that are needed together, each with its scopes."""
    scopes = operation.scopes or tuple(tuple(() for _ in names) for names in operation.security)
    alternatives = (
        " and ".join(
            f"{name} ({', '.join(needed)})" if needed else name for name, needed in zip(names, of_names, strict=True)
        )
        for names, of_names in zip(operation.security, scopes, strict=True)
    )
    return " or ".join(words or "nothing" for words in alternatives)


def _body(tree: Tree, title: str, body: Body | Response, contract: Contract) -> None:
    branch = tree.add(_line(title, body.description, body.evidence, bold=True))
    if not body.media_types:
        return
    branch.add(styled(", ".join(media_type.name for media_type in body.media_types), "dim"))
    schema = _schema(body.media_types)
    if schema is not None:
        shown = branch.add(_line("body", type_in_words(schema), evidence_of(schema)))
        _properties(shown, schema, contract, 1)


def _schema(media_types: tuple[MediaType, ...]) -> Schema | None:
    return primary_schema(media_types)


def _properties(tree: Tree, schema: Schema, contract: Contract, depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    for name, part in _inside(schema, contract):
        _properties(tree.add(_line(name, type_in_words(part), evidence_of(part))), part, contract, depth + 1)


def _inside(schema: Schema, contract: Contract, seen: frozenset[int] = frozenset()) -> Iterator[tuple[str, Schema]]:
    """Yield what is worth a line below a schema: properties, also of an array's items and a dictionary's values."""
    schema = contract.resolve(non_null(contract.resolve(schema)))
    if id(schema) in seen:  # an array or dictionary of itself
        return
    yield from schema.get("properties", {}).items()
    for keyword in ("items", "additionalProperties"):
        if isinstance(below := schema.get(keyword), dict):
            yield from _inside(below, contract, seen | {id(schema)})


def _line(name: str, kind: str, evidence: Evidence | None, bold: bool = False) -> Text:
    parts: list[tuple[str, str]] = [(name, "bold" if bold else "cyan"), (f"  {kind}" if kind else "", "")]
    if evidence:
        parts.append((f"  {evidence.grade.value} {evidence}", "dim"))
    return joined_text(*parts)
