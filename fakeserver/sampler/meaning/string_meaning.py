"""Meaning of the string properties of types: all views of a resource are looked at, so that they agree."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.dialects.base import Dialect, SampleRule
from docdouble.schemas.jsonschema.formats import is_loose_date_time
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.words import words_of

from ..references import SampledResources
from .api_numbers import api_figure, unix_unit
from .api_texts import api_source, owner_kind
from .documented_choice import DocumentedChoice
from .number_rules import EVEN, MINORITY, SELDOM, Figure, figure_of, share_of_true
from .text_rules import TextField, ValueSource, choose_source, words

_KEPT = 10_000
_AXES = {"latitude": 0, "longitude": 1}
_SHORT_AXES = {"lat": 0, "lng": 1, "lon": 1}


@dataclass(frozen=True, slots=True)
class SchemaPosition:
    """Position of a schema: under a property, in a named type of a resource, ``depth`` named types deep.

    ``encoded`` says that entities below are wanted as JSON, ``nested`` that it is such a place, ``is_type`` that the
    schema is the type's own. ``kind`` is what the properties beside it make of their owner. ``documented`` are the
    values that examples of what is around show there, and ``choice`` says which documented value is drawn.
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
    kind: str = ""


class Meaning:
    """Meaning of the properties of one contract; ``added`` are the rules of plugins, tried before the dialect's."""

    def __init__(self, resources: SampledResources, dialect: Dialect, added: Sequence[SampleRule] = ()) -> None:
        self._resources = resources
        self._added = (*added, *dialect.sample_rules)
        self._has_pages = bool(dialect.name)
        self._seldom = dialect.seldom_flags
        self._choose = lru_cache(_KEPT)(self._chosen)

    def choice(self, schema: Schema, position: SchemaPosition) -> ValueSource:
        """Return where the texts of a property come from; they are made to look like its documented values."""
        name, resource = position.name, position.resource
        views = self._resources.properties(resource, name) if resource else []
        field = _field([schema, *views], name, words(self._resources.type_of(resource)) or words(position.owner))
        if not self._has_pages and not field.kinds:
            examples = tuple(text for text in position.documented if text and isinstance(text, str))
            field = replace(field, owner=f"{field.owner} {position.kind}".strip(), examples=examples)
        return self._choose(field)

    def figure(self, schema: Schema, kind: str, position: SchemaPosition) -> Figure | None:
        """Return the numbers of a property, ``None`` where nothing is known of them."""
        spoken = words(position.name)
        if self._has_pages:
            return figure_of(spoken, kind)
        described = f"{words(position.owner)}; {schema.get('description', '')}"
        return api_figure(spoken, kind, described, position.documented)

    def kind_of_owner(self, names: Collection[str], owner: str) -> str:
        """Return what the names of an object's properties make of it, empty where they tell nothing."""
        return "" if self._has_pages else owner_kind(frozenset(map(words, names)), words(owner))

    def unix_unit(self, schema: Schema, name: str, documented: Sequence[Any]) -> int:
        """Return how many units a second of a Unix time has, 0 for a number that is none."""
        return 0 if self._has_pages else unix_unit(schema, words(name), documented)

    def axis(self, name: str) -> int | None:
        """Return 0 for a property that is a latitude, 1 for a longitude, ``None`` for any other."""
        spoken = words(name)
        if not self._has_pages and (axis := _SHORT_AXES.get(spoken.rpartition(" ")[2])) is not None:
            return axis
        return next((axis for word, axis in _AXES.items() if spoken.endswith(word)), None)

    def share_of_true(self, name: str, documented: Sequence[Any] = ()) -> int:
        """Return how many of a hundred flags of a name are true: most are as documented, if nothing else is known."""
        share = share_of_true(words(name)) if self._seldom.isdisjoint(words_of(name)) else SELDOM
        shown = next((value for value in documented if isinstance(value, bool)), None)
        if share != EVEN or shown is None:
            return share
        return 100 - MINORITY if shown else MINORITY

    def _chosen(self, field: TextField) -> ValueSource:
        choose = choose_source if self._has_pages or field.kinds else api_source
        choice = choose(field, self._added)
        # pages show how servers write it, while a document means RFC 3339
        styles = (text for text in field.examples if self._has_pages or is_loose_date_time(text))
        return replace(choice, style=next(styles, "")) if field.format == "date-time" else choice


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
