"""Texts of OpenAPI documents: sources by format, name and description, and the look of documented examples."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from docdouble.schemas.dialects.base import SampleRule
from docdouble.schemas.jsonschema.text_kinds import text_kind
from docdouble.schemas.words import words_of

from .api_rules import API_RULES, VARIANTS
from .text_rules import FORMATS, RULES, TextField, ValueSource, named_rule, reason_of, words

ID = "id"
"""Source of the ids of entities, each in its own shape."""

UNKNOWN = "word"
"""Source of the texts of which nothing is known."""

IMAGE = "image url"
"""Source of the URLs of images."""

NAMED_MOMENTS: Mapping[str, str] = {"moment of its name": "date-time", "day of its name": "date"}
"""Source of the moments that the name of a property tells of → the format that they are written in."""

_IDENTIFYING = frozenset({"id", "ids", "uid", "uuid", "guid", "identifier"})
_OTHER_FORMATS = frozenset({"date", "date-time", "time", "duration", "byte", "binary"})
_KIND_SOURCES: Mapping[str, str] = {
    "date-time": "moment of its name",
    "uuid": "uuid4",
    "email": "person e-mail",
    "span": "span",
}
"""Sources by the look of an example."""

_FOR_IMAGES = frozenset({"", "uri", "url", "iri", "uri-reference"})
_DESCRIBED = (
    SampleRule(r"e-?mail address", "person e-mail"),
    SampleRule(r"(absolute |full |public |canonical )?(ur[il]|link|web address|hyperlink)\b", "url"),
    SampleRule(r"(tele|mobile )?phone number", "phone_number"),
    SampleRule(r"(unique )?(id|identifier|guid|uuid|ulid)\b", ID),
    SampleRule(
        r"(iso[ -]?8601|rfc[ -]?3339)\b|(date and time|timestamp|datetime|time at which)\b", "moment of its name"
    ),
    SampleRule(r"date\b", "day of its name"),
    SampleRule(r"(two|2)[- ]letter (iso )?country", "country code"),
    SampleRule(r"iso[ -]?4217|(three|3)[- ]letter (iso )?currency", "currency code"),
    SampleRule(r"name of (the )?(person|user|customer)", "full name"),
)
_LEAD_IN = re.compile(r"(?:(?:an?|the|this|its|your|of)\s+|[\w-]+(?:ed|al|que|nal|ent)\s+)*", re.IGNORECASE)
"""Articles and adjectives that a description begins with before it says what the value is."""

_SENTENCE = 40


_PERSONAL = {
    *("email", "email address", "first name", "last name", "given name", "family name", "birthday", "birth date"),
    *("date of birth", "gender", "nickname", "username", "user name", "login", "job title"),
}
_FOR_SALE = {"price", "unit price", "sku", "stock", "in stock", "list price"}
_STORED = {"mime type", "content type", "file size", "size bytes", "download url"}
_NO_PERSON = re.compile(
    r".*\b(compan(y|ies)|account|merchant|store|shop|organi[sz]ation|hotel|restaurant|supplier|vendor|tenant|team|group"
    r"|workspace|address|agency|airline|brand|list|project|app|site|club|school|bank|business)s?"
)


def owner_kind(names: frozenset[str], owner: str) -> str:
    """Return what the names of an object's properties, as words, make of it: a person, a product, a file."""
    if names & _PERSONAL and not _NO_PERSON.fullmatch(owner):
        return "person"
    if names & _FOR_SALE:
        return "product"
    return "file" if names & _STORED else ""


def api_source(field: TextField, added: Sequence[SampleRule] = ()) -> ValueSource:
    """Return where the values of a string property of an OpenAPI document come from, and why.

    ``added`` are the rules of plugins; the examples of a field are those of its author.
    """
    choice = _source(field, added)
    like = next(iter(field.examples), "")
    return replace(choice, others=VARIANTS.get(choice.source, ()), like=like)


def _source(field: TextField, added: Sequence[SampleRule]) -> ValueSource:
    spoken = words_of(field.name)
    named = named_rule(field, (*added, *API_RULES, *RULES))
    is_id = spoken and spoken[-1] in _IDENTIFYING and not (named and named[2])
    if is_id and field.format not in _OTHER_FORMATS:
        return ValueSource(ID, f"the name {words(field.name)!r}")
    is_image = named is not None and named[0].source == IMAGE
    if field.format in FORMATS and not (is_image and field.format in _FOR_IMAGES):
        return ValueSource(FORMATS[field.format], f"the format {field.format}")
    kind = text_kind(field.examples[0]) if field.examples else ""
    if kind in _KIND_SOURCES:
        return ValueSource(_KIND_SOURCES[kind], "its example")
    described = _described(field)
    if named and (named[2] or described is None):
        rule, of, _ = named
        return ValueSource(rule.source, reason_of(rule, field), of)
    return described or ValueSource(UNKNOWN, "nothing is known of it")


def _described(field: TextField) -> ValueSource | None:
    """Return what a description begins with; what it goes on to mention may be something else."""
    beginning = field.description[_LEAD_IN.match(field.description).end() :].lower()  # type: ignore[union-attr]
    rules = (rule for rule in _DESCRIBED if re.match(rule.name, beginning))
    return next((ValueSource(rule.source, "the description") for rule in rules), None)


def is_alike(text: str, example: str) -> bool:
    """Tell whether a text looks like an example: a code of as many letters, a word, words, a number."""
    return _look(text) == _look(example)


def _look(text: str) -> str:
    kind = text_kind(text)
    if kind == "words":
        return "words"
    if kind != "word":
        return kind
    if text.isalpha():
        if text.isupper() and len(text) <= 3:
            return f"code of {len(text)}"
        return "upper" if text.isupper() else "lower" if text.islower() else "words"
    if "/" in text:
        return "path"
    if re.fullmatch(r"[a-z]+([-_][a-z]+)*", text):
        return "lower"
    return "hash" if text[:1] == "#" else "code"


def is_code(text: str) -> bool:
    """Tell whether a text is a code: no words, but letters and digits that stand for something."""
    return re.fullmatch(r"(?=.*\d)[\w.:#+-]{2,64}", text, re.ASCII) is not None
