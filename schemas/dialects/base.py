"""Dialect: one family of reference pages as data. The reader never asks which dialect it reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..contract.model import Location, Schema
from .filter_words import FilterWords
from .verbs import USUAL, Verbs


@dataclass(frozen=True, slots=True)
class SecurityWord:
    """A word of the credentials header's description, and the OpenAPI security scheme that it stands for."""

    word: str
    name: str
    scheme: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SampleRule:
    """One meaning: which properties it is of, and where their values come from.

    ``name`` and ``owner`` are regular expressions over the lower-case words of a property's name and of its type; an
    empty ``owner`` is any, and with one the whole name must fit. A group ``of`` in a name says whose it is. ``source``
    is one of those that ``DataSource.draw`` knows, a provider of Faker (``credit_card_number``), or a pattern
    (``numerify:###-##``, ``bothify:??##``). What a ``firm`` rule says goes before what samples show.
    """

    name: str
    source: str
    owner: str = ""
    firm: bool = False


_NO_HEADING = re.compile(r"(?!)(?P<type>)")


@dataclass(frozen=True)
class Dialect:
    """One documentation family. Column names and headings are compared without regard to case."""

    name: str
    operation_fence: str = ""
    """Info word of the fence that holds the request line."""
    request_fence: str = ""
    response_fence: str = ""
    header_columns: tuple[str, ...] = ()
    """Columns of the table of request headers."""
    parameter_tables: Mapping[tuple[str, ...], Location] = field(default_factory=dict)
    """Columns of a parameter table → location of its parameters."""
    property_columns: tuple[str, ...] = ()
    status_columns: tuple[str, ...] = ()
    request_heading: re.Pattern[str] = _NO_HEADING
    """Heading of the request body; group ``type`` may hold a type word."""
    response_heading: re.Pattern[str] = _NO_HEADING
    """Heading of the response body; group ``type`` may hold a type word."""
    types: Mapping[str, Schema] = field(default_factory=dict)
    """Lower-case type word → schema."""
    sampled_integer: Schema = field(default_factory=lambda: {"type": "integer"})
    """Schema of a whole number in a sample."""
    sampled_number: Schema = field(default_factory=lambda: {"type": "number"})
    sampled_null: Schema = field(default_factory=dict)
    """Schema of a value that is only ever null in samples, when it isn't null."""
    include: re.Pattern[str] | None = None
    """Finds a line that stands for another file's text; group ``path`` is relative to the page."""
    required_marker: str = ""
    quoted: re.Pattern[str] = re.compile(r"`([^`]+)`")
    """Finds the values that a header's description lists."""
    content_type_header: str = "content-type"
    accept_header: str = "accept"
    credentials_header: str = "authorization"
    security_headers: Mapping[str, SecurityWord] = field(default_factory=dict)
    """Lower-case header that can stand instead of credentials → its scheme."""
    security_words: tuple[SecurityWord, ...] = ()
    parameter_behaviours: Mapping[str, str] = field(default_factory=dict)
    """Lower-case parameter name → behaviour that it asks for."""
    list_behaviours: Mapping[str, str] = field(default_factory=dict)
    """The same where the operation answers a list that can be filtered, sorted and paged: these come first."""
    list_parameter: str = ""
    """Lower-case name of the parameter that tells such an operation."""
    filter_words: FilterWords = field(default_factory=FilterWords)
    """Words of a list's filter, beside those of OData."""
    row_key: str = ""
    """Lower-case column of a list that holds the key of what a row is of; it is sent whatever is selected."""
    row_entity: str = ""
    """The same of what kind it is."""
    assumed_media_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Method → media types of a request body for which the page names none; JSON for other methods."""
    conventions: tuple[str, ...] = ()
    """Behaviours of every operation that no page states."""
    dictionary_words: re.Pattern[str] | None = None
    """Finds a description that says its object is a dictionary."""
    placeholders: tuple[str, ...] = ()
    """Patterns of keys in samples that stand for any key of a dictionary; ``{owner}`` is the name of its property."""
    verbs: Verbs = USUAL
    """Verbs at the beginning of the names of operations, by what they do."""
    type_suffixes: tuple[str, ...] = ()
    """Suffixes of a named type after the name of the entity: ``ParticipantInfo`` is a ``Participant``."""
    sample_rules: tuple[SampleRule, ...] = ()
    """Meanings of texts by names that only this family has."""
    seldom_flags: frozenset[str] = frozenset()
    """Words in the names of flags that are rarely true."""

    def is_placeholder(self, owner: str, key: str) -> bool:
        """Tell whether ``key`` in a sample of property ``owner`` stands for any key of a dictionary."""
        return any(
            re.fullmatch(placeholder.replace("{owner}", re.escape(owner)), key) for placeholder in self.placeholders
        )

    @property
    def row_columns(self) -> frozenset[str]:
        """The lower-case columns of a list that are sent whatever is selected."""
        return frozenset({self.row_key, self.row_entity} - {""})
