"""Examples of bodies as examples of the named types that they show, so that the entities of a type look like them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX, non_null
from docdouble.schemas.jsonschema.documented_values import documented_values

from ..http.documented import documented_answer

_DEEPEST = 4
"""Levels of an example that are searched for values of named types."""


def with_entity_examples(contract: Contract) -> Contract:
    """Return a contract whose named types have the first example that answers show of them, where they have none.

    Answers that show one entity count before lists. Samples of pages are replies of once, and no examples.
    """
    return contract if contract.dialect else replace(contract, schemas=_ExemplarySchemas(contract))


class _ExemplarySchemas(Mapping[str, Schema]):
    """The named types of a contract; its operations are not read for their examples before a type is."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def __getitem__(self, name: str) -> Schema:
        return self._exemplary.get(name) or self._contract.schemas[name]

    def __contains__(self, name: object) -> bool:
        return name in self._contract.schemas

    def __iter__(self) -> Iterator[str]:
        return iter(self._contract.schemas)

    def __len__(self) -> int:
        return len(self._contract.schemas)

    @cached_property
    def _exemplary(self) -> dict[str, Schema]:
        answers = filter(None, map(documented_answer, self._contract.operations))
        samples = [
            (media_type.schema, sample)
            for answer in answers
            for media_type in answer.media_types
            for sample in media_type.samples
        ]
        samples.sort(key=lambda pair: isinstance(pair[1], list))
        shown: dict[str, Any] = {}
        for schema, sample in samples:
            for name, example in _examples(schema, sample, self._contract, 0):
                shown.setdefault(name, example)
        schemas = self._contract.schemas
        return {
            name: {**schemas[name], "examples": [example]}
            for name, example in shown.items()
            if not documented_values(schemas[name])
        }


def _examples(schema: Schema | None, value: Any, contract: Contract, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the named types whose objects stand in a value, with those."""
    if not isinstance(schema, dict) or not isinstance(value, dict | list) or depth > _DEEPEST:
        return
    schema = non_null(schema)
    if "$ref" in schema and isinstance(value, dict):
        yield schema["$ref"].removeprefix(COMPONENT_PREFIX), value
    schema = contract.resolve(schema)
    if isinstance(value, list):
        for item in value:
            yield from _examples(schema.get("items"), item, contract, depth + 1)
    else:
        for name, part in schema.get("properties", {}).items():
            yield from _examples(part, value.get(name), contract, depth + 1)
