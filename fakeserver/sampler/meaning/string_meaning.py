"""Meaning of the string properties of types: all views of a resource are looked at, so that they agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.dialects.base import Dialect, SampleRule
from docdouble.schemas.pages.text_kinds import KINDS
from docdouble.schemas.words import words_of

from ..references import SampledResources
from .documented_values import DocumentedChoice
from .number_rules import SELDOM, share_of_true
from .text_rules import TextField, ValueSource, choose_source, words

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class SchemaPosition:
    """Where a schema stands: under a property, in a named type of a resource, ``depth`` named types deep.

    ``encoded`` says that entities below are wanted as JSON, ``nested`` that it is such a place, ``is_type`` that the
    schema is the type's own. ``documented`` are the values that examples of what is around show there, and ``choice``
    says which documented value is drawn.
    """

    name: str = ""
    owner: str = ""
    resource: str = ""
    depth: int = 0
    encoded: bool = False
    nested: bool = False
    is_type: bool = False
    documented: tuple[Any, ...] = ()
    choice: DocumentedChoice = "varied"


class Meaning:
    """What the properties of one contract mean; ``added`` are the rules of plugins, tried before the dialect's."""

    def __init__(self, resources: SampledResources, dialect: Dialect, added: Sequence[SampleRule] = ()) -> None:
        self._resources = resources
        self._added = (*added, *dialect.sample_rules)
        self._seldom = dialect.seldom_flags
        self._choose = lru_cache(_KEPT)(self._chosen)

    def choice(self, schema: Schema, name: str, resource: str, owner: str = "") -> ValueSource:
        """Return where the texts of a property come from; ``owner`` is its type, for one that is of no resource."""
        views = self._resources.properties(resource, name) if resource else []
        return self._choose(_field([schema, *views], name, words(self._resources.type_of(resource)) or words(owner)))

    def share_of_true(self, name: str) -> int:
        """Return how many of a hundred flags of a name are true."""
        return share_of_true(words(name)) if self._seldom.isdisjoint(words_of(name)) else SELDOM

    def _chosen(self, field: TextField) -> ValueSource:
        choice = choose_source(field, self._added)
        return replace(choice, style=field.examples[0]) if field.format == "date-time" and field.examples else choice


def _field(schemas: list[Schema], name: str, owner: str) -> TextField:
    """Return what several views say of a property."""
    kinds: Counter[str] = Counter()
    examples: dict[str, None] = {}
    for schema in schemas[1:] or schemas:
        if "string" in types_of(schema):
            kinds.update(schema.get(KINDS, {}))
            examples |= dict.fromkeys(text for text in schema.get("examples", ()) if isinstance(text, str))
    described = next((schema["description"] for schema in schemas if isinstance(schema.get("description"), str)), "")
    format_name = str(schemas[0].get("format", ""))
    return TextField(name, owner, described, format_name, tuple(sorted(kinds.items())), tuple(examples))
