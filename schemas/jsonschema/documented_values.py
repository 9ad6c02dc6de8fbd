"""Documented values of schemas: the examples and the default that their author gives.

The ``examples`` of pages are not among them: those are texts that samples showed, kept beside their kinds.
"""

from collections.abc import Iterator
from typing import Any

from ..contract.model import Schema
from .text_kinds import KINDS

_EMPTY: tuple[Any, ...] = (None, "", [], {})
"""Defaults that say nothing of what data looks like."""


def documented_values(schema: Schema) -> tuple[Any, ...]:
    """Return the examples of a schema, and after them its default, without what the schema is composed of."""
    examples = [] if KINDS in schema else list(_examples(schema))
    default = schema.get("default")
    return (*examples, *([default] if "default" in schema and default not in _EMPTY else []))


def _examples(schema: Schema) -> Iterator[Any]:
    for word in ("example", "x-example"):
        if word in schema:
            yield schema[word]
    for word in ("examples", "x-examples"):
        listed = schema.get(word, ())
        if isinstance(listed, dict):  # as Media Type Objects and some editors write them, by name
            yield from (
                example["value"] if isinstance(example, dict) and "value" in example else example
                for example in listed.values()
            )
        elif isinstance(listed, list):
            yield from listed
