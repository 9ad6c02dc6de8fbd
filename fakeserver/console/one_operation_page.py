"""Page of one operation: what is documented of it, its role, and a form to try it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from docdouble.schemas import ConfigError, Contract, MediaType, Operation, Parameter, Response, Schema
from docdouble.schemas.contract.base_paths import base_path
from docdouble.schemas.contract.media_types import body_schema
from docdouble.schemas.contract.types_in_words import type_in_words
from docdouble.schemas.openapi.keywords import unnamed_samples

from .schema_tree import SchemaNode, schema_tree
from .served import Served
from .trial_request import trial_request

_MOST_LETTERS = 20_000
"""Letters of an example that are shown."""


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A documented example, by its name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownBody:
    """A body, in all media types that have the same schema."""

    media_types: tuple[str, ...]
    tree: SchemaNode | None
    examples: tuple[ShownExample, ...]


def operation_page(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what is shown of the operation that ``id`` names; raises ``ConfigError`` for one that there isn't."""
    contract = served.contract
    wanted = query.get("id", "")
    operation = next((known for known in contract.operations if known.id == wanted), None)
    if operation is None:
        raise ConfigError("id", wanted, [known.id for known in contract.operations], "the id of an operation")
    media_types = operation.request.media_types if operation.request else ()
    return {
        "title": operation.label,
        "operation": operation,
        "path": base_path(contract, operation) + operation.path,
        "quote": served.quotes(),
        "role": role_in_words(contract, operation),
        "security": security_in_words(operation),
        "parameters": [_parameter(parameter, served, operation) for parameter in operation.parameters],
        "bodies_of_request": _bodies(media_types, served, operation),
        "responses": [(response, _bodies(response.media_types, served, operation)) for response in operation.responses],
        "trial": trial_request(served, operation),
        "preferences": preferences(operation),
        "is_proxy": served.is_proxy,
        "type_in_words": type_in_words,
    }


def role_in_words(contract: Contract, operation: Operation) -> tuple[str, str]:
    """Return the role of an operation and why that is believed, or why it has none."""
    for resource in contract.resources.resources:
        for role in resource.roles:
            if role.operation == operation.id:
                return f"{role.name} of {resource.name}", role.why
    for unassigned_operations in contract.resources.unassigned:
        if operation.id in unassigned_operations.operations:
            return f"unknown, of {unassigned_operations.name}", unassigned_operations.why
    return "none", "nothing that is kept is read or changed"


def security_in_words(operation: Operation) -> str:
    """Return which credentials are needed: the schemes of each alternative."""
    return " or ".join(" and ".join(names) or "nothing" for names in operation.security)


def preferences(operation: Operation) -> list[tuple[str, str]]:
    """Return what a call may prefer: the value of ``Prefer`` and what is asked for with it."""
    statuses = [
        (f"code={response.status}", f"{response.status} {response.description}".strip())
        for response in operation.responses
        if response.status.isdigit()
    ]
    named = [
        (
            f'code={response.status}, example="{name}"' if response.status.isdigit() else f'example="{name}"',
            f"example {name}",
        )
        for response in operation.responses
        for name in _names(response)
        if '"' not in name and "\\" not in name
    ]
    return [*statuses, *named, ("dynamic=true", "generated data"), ("seed=1", "other data")]


def _names(response: Response) -> list[str]:
    return list(dict.fromkeys(name for media_type in response.media_types for name in example_names(media_type)))


def _parameter(parameter: Parameter, served: Served, operation: Operation) -> SchemaNode:
    node = _tree(parameter.schema, served, operation)
    words = {"required": parameter.required, "deprecated": parameter.deprecated}
    marks = dict.fromkeys((parameter.location, *(word for word, holds in words.items() if holds), *node.marks))
    description = parameter.description or node.description
    evidence = parameter.evidence or node.evidence
    return replace(node, name=parameter.name, marks=tuple(marks), description=description, evidence=evidence)


def _bodies(media_types: tuple[MediaType, ...], served: Served, operation: Operation) -> list[ShownBody]:
    """Return the bodies, those of equal schemas together."""
    alike: list[tuple[Schema | None, list[MediaType]]] = []
    for media_type in media_types:
        schema = body_schema(media_type, media_types)
        same = next((types for known, types in alike if known == schema), None)
        if same is None:
            alike.append((schema, [media_type]))
        else:
            same.append(media_type)
    return [_body(schema, types, served, operation) for schema, types in alike]


def _body(schema: Schema | None, alike: list[MediaType], served: Served, operation: Operation) -> ShownBody:
    examples = [
        ShownExample(name, _text(value))
        for media_type in alike
        for name, value in zip(example_names(media_type), media_type.samples, strict=False)
    ]
    tree = _tree(schema, served, operation) if schema is not None else None
    return ShownBody(tuple(media_type.name for media_type in alike), tree, tuple(dict.fromkeys(examples)))


def _tree(schema: Schema, served: Served, operation: Operation) -> SchemaNode:
    return schema_tree(schema, served.contract, operation.page)


def example_names(documented: MediaType) -> tuple[str, ...]:
    """Return under which names the samples of a media type are asked for."""
    return documented.sample_names or tuple(unnamed_samples(len(documented.samples)))


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
