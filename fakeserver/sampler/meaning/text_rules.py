"""Rules for string properties: by format, name, owner, description and what samples of them show.

To teach the fake a new meaning, add a line to ``RULES``; a plugin adds its own by the entry point ``docdouble.samples``
(a ``SampleRule``, or several in a tuple), a user in the table ``[samples]`` of ``docdouble.toml``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from docdouble.schemas.dialects.base import SampleRule
from docdouble.schemas.words import words_of


@dataclass(frozen=True, slots=True)
class TextField:
    """Facts of a string property: ``owner`` is the words of its type's name, ``kinds`` counts seen texts."""

    name: str
    owner: str = ""
    description: str = ""
    format: str = ""
    kinds: tuple[tuple[str, int], ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Origin of a property's values: a source, or the ``values`` themselves.

    ``of`` says whose they are, where an entity has several of a kind: ``customer`` for ``CustomerEmail``. ``seldom``
    are texts that are empty most of the time. ``style`` is a sample that moments are written like. ``others`` are
    sources that are tried where texts of this one don't fit their schema, or look unlike the documented example
    ``like``.
    """

    source: str
    why: str
    of: str = ""
    values: tuple[Any, ...] = ()
    seldom: bool = False
    style: str = ""
    others: tuple[str, ...] = ()
    like: str = ""


FORMATS: Mapping[str, str] = {
    "email": "person e-mail",
    "idn-email": "person e-mail",
    "uri": "url",
    "url": "url",
    "uri-reference": "uri_path",
    "hostname": "domain",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uuid": "uuid4",
}
"""JSON Schema format → source."""

_COMPANIES = r"compan(y|ies)|contact|organi[sz]ation|firm|vendor|supplier|business partner|competitor|employer"
_PEOPLE = r"person|user|employee|author|agent|member|owner|participant|recipient|colleague|sales ?rep"
_INVOLVED = r"customer|client|buyer|guest|visitor|recipient|sender|author|owner|manager|employee"

RULES: Sequence[SampleRule] = (
    SampleRule(r"e ?mails?( address(es)?)?", "company e-mail", owner=_COMPANIES, firm=True),
    SampleRule(
        r"e ?mails?( address(es)?)?|mail ?box|(from|to|reply( to)?|sender)( e ?mail)? address",
        "person e-mail",
        firm=True,
    ),
    SampleRule(r"value", "company e-mail", owner=rf"({_COMPANIES}) e ?mails?", firm=True),
    SampleRule(r"value", "person e-mail", owner=r".*e ?mails?", firm=True),
    SampleRule(r"value", "phone_number", owner=r".*(phone|fax|faxe|mobile)s?", firm=True),
    SampleRule(r"value", "web site", owner=r".*(url|web ?site)s?", firm=True),
    SampleRule(r"guid|uuid|unique id(entifier)?", "uuid4", firm=True),
    SampleRule(r"web ?site|homepage|url", "web site", owner=_COMPANIES, firm=True),
    SampleRule(r"url|uri|href|web ?site|homepage|self|endpoint", "url", firm=True),
    SampleRule(r"(tele|cell)?phone|mobile|fax|telefax", "phone_number", firm=True),
    SampleRule(r"phone number", "phone_number", firm=True),
    SampleRule(r"first ?name|given ?name|forename", "first name", firm=True),
    SampleRule(r"middle ?name", "middle name", firm=True),
    SampleRule(r"last ?name|surname|family ?name", "last name", firm=True),
    SampleRule(r"initials", "initials", firm=True),
    SampleRule(r"salutation|honorific", "prefix", firm=True),
    SampleRule(r"full ?name", "company", owner=rf"({_COMPANIES})", firm=True),
    SampleRule(r"full ?name", "label", owner=r".*(category|hierarchy|folder|group|list|item)", firm=True),
    SampleRule(r"formal ?name", "formal name", firm=True),
    SampleRule(r"full ?name", "full name", firm=True),
    SampleRule(r"user ?name|log ?in( name)?|nick ?name", "user name", firm=True),
    SampleRule(r"(person|author|owner|employee|manager|recipient|created by|updated by) name", "full name", firm=True),
    SampleRule(rf"({_COMPANIES}) name", "company", firm=True),
    SampleRule(r"name|display name", "full name", owner=rf"({_PEOPLE})", firm=True),
    SampleRule(r"author|owner|sales ?rep|created by|updated by|registered by|owned by|who", "full name"),
    SampleRule(r"name|value", "company", owner=rf"({_COMPANIES})", firm=True),
    SampleRule(r"country|country name", "country", firm=True),
    SampleRule(r"(two letter )?iso ?(country|2)|country code", "country code", firm=True),
    SampleRule(r"(three letter )?iso ?(country|3)", "country long code", firm=True),
    SampleRule(r"name|value", "country", owner=r"country", firm=True),
    SampleRule(r"english name", "country in english", owner=r"country", firm=True),
    SampleRule(r"currency code", "currency code", firm=True),
    SampleRule(r"code", "currency code", owner=r"currency", firm=True),
    SampleRule(r"name|value", "currency", owner=r"currency", firm=True),
    SampleRule(r"currency name", "currency", firm=True),
    SampleRule(r"currency", "currency code", firm=True),
    SampleRule(r"culture|locale", "culture", firm=True),
    SampleRule(r"language code|language", "language code", firm=True),
    SampleRule(r"language name", "language", firm=True),
    SampleRule(r"name|value", "language", owner=r".*language( info)?", firm=True),
    SampleRule(r"time ?zone|tz", "time zone", firm=True),
    SampleRule(r"city|town", "city", firm=True),
    SampleRule(r"zip|post(al)? ?code|zip code", "zip code", firm=True),
    SampleRule(r"county|province|region", "state", firm=True),
    SampleRule(r"state", "state", owner=r".*address", firm=True),
    SampleRule(r"ip( address)?|client ip", "ipv4", firm=True),
    SampleRule(r"mac address", "mac_address", firm=True),
    SampleRule(r"(formatted|full|postal|visiting) address", "address"),
    SampleRule(r"street( address| name)?|address( line)? ?1?", "street"),
    SampleRule(r"file ?name|attachment name", "file_name", firm=True),
    SampleRule(r"name", "file_name", owner=r"(attachment|file|document|upload)( info)?"),
    SampleRule(r"mime( type)?|content type|media type", "mime_type", firm=True),
    SampleRule(r"colou?r", "hex_color", firm=True),
    SampleRule(r"domain|host ?name|host|server", "domain", firm=True),
    SampleRule(r"org(ani[sz]ation)? ?(nr|no|number)|vat (nr|no|number)|tax (id|number)", "numerify:%########"),
    SampleRule(r"department|division", "department"),
    SampleRule(r"job( title)?|profession|occupation", "job"),
    SampleRule(r"title", "position", owner=rf"({_PEOPLE})"),
    SampleRule(r"supplier|vendor|manufacturer|brand", "company"),
    SampleRule(r"business( name)?|industry|branch|sector", "industry"),
    SampleRule(r"name|value", "industry", owner=r"business|industry|branch|sector"),
    SampleRule(r"(quantity |price |subscription )?unit", "unit"),
    SampleRule(r".*prefix", "numerify:%#"),
    SampleRule(r".*key", "numerify:K%####"),
    SampleRule(r".*code|article( number)?|sku", "numerify:C%###"),
    SampleRule(r"position", "position"),
    SampleRule(r"room|location|place|venue", "room"),
    SampleRule(r"priority( name)?", "priority"),
    SampleRule(r"name|value", "priority", owner=r".*priority"),
    SampleRule(r"status( name)?", "status"),
    SampleRule(r"name|value", "status", owner=r".*(status|state|stage)"),
    SampleRule(r"category( name)?", "category"),
    SampleRule(r"name|value", "category", owner=r".*category"),
    SampleRule(r"department|name|value", "department", owner=r"department|user group|group"),
    SampleRule(r"name|value", "position", owner=r"position|role"),
    SampleRule(r"product name|product", "product"),
    SampleRule(r"name", "product", owner=r"product|quote line|item"),
    SampleRule(r"project name|project|sale name|campaign", "project"),
    SampleRule(r"name|heading", "project", owner=r"project|sale|campaign|selection|dashboard|report"),
    SampleRule(r".*(source|type|list|group|entity|role|rating|reason|table|provider|module) name", "label"),
    SampleRule(r"name|display name|entity name|label|short label|value", "label", owner=r".+"),
    SampleRule(r".*time span|duration|interval", "span"),
    SampleRule(r"title|subject|heading|headline|caption", "title"),
    SampleRule(
        r"descriptions?|comments?|notes?|reason|text|body|summary|agenda|message|remarks?|tool ?tip|explanation"
        r"|abstract|content|question|answer|motto|slogan|instructions?",
        "text",
    ),
    SampleRule(r"name|label", "label"),
)
"""The first rule that fits is taken, so the narrower stand first; each is tried on the whole name, then on its end."""

_DESCRIBED = (
    SampleRule(r"e-?mail address|smtp address", "person e-mail"),
    SampleRule(r"\buri\b|\burl\b|web address|hyperlink", "url"),
    SampleRule(r"(tele|mobile )phone number|fax number", "phone_number"),
    SampleRule(r"\bguid\b|\buuid\b", "uuid4"),
    SampleRule(r"vat number|organi[sz]ation number", "numerify:%########"),
    SampleRule(r"time ?span", "span"),
)
"""Words of a description, where the name says nothing."""

_KINDS: Mapping[str, str] = {
    "uuid": "uuid4",
    "url": "url",
    "email": "person e-mail",
    "span": "span",
    "phone": "numerify:%######",
    "number": "numerify:%######",
    "marker": "numerify:[I:%#]",
    "type-name": "type name",
    "date-time": "moment",
}
"""Sources by what nearly all samples show. Words are left to the name; digits in a row look like a phone."""

_UNMISTAKABLE: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "web site"),
    "person e-mail": ("person e-mail", "company e-mail"),
    "uuid4": ("uuid4",),
}
"""Source of a kind that goes before any name → the sources that are of this kind, too."""

_ONE_WORD: Mapping[str, str] = {
    "title": "short title",
    "text": "word",
    "project": "short title",
    "full name": "user name",
}
"""Source of several words → the one for fields whose samples show a single word."""

_SEVERAL_WORDS: Mapping[str, str] = {
    "word": "text",
    "label": "long label",
    "category": "long category",
    "priority": "long priority",
    "status": "long status",
    "position": "long position",
    "room": "long room",
}
"""Source of single words → the one for fields whose samples show several."""

_MOST = 0.6
"""Share of the samples that says what kind a field is of."""


def words(name: str) -> str:
    """Return a name as lower-case words: ``EmailAddress`` is ``email address``."""
    return " ".join(words_of(name))


def choose_source(field: TextField, added: Sequence[SampleRule] = ()) -> ValueSource:
    """Return where the values of a string property of pages come from; ``added`` are the rules of plugins."""
    if field.format in FORMATS:
        return ValueSource(FORMATS[field.format], f"the format {field.format}")
    choice = _filled(field, added)
    counts = dict(field.kinds)
    if counts.get("empty", 0) > _MOST * sum(counts.values()):
        return replace(choice, seldom=True, why=f"{choice.why}; most samples are empty")
    return choice


def _filled(field: TextField, added: Sequence[SampleRule]) -> ValueSource:
    """Return where texts that are not empty come from."""
    seen = _seen(field)
    if named := named_rule(field, (*added, *RULES)):
        rule, of, is_whole = named
        sure = is_whole or seen is None or rule.source in _UNMISTAKABLE.get(seen.source, (rule.source,))
        if seen is None or (rule.firm and sure):
            return _worded(ValueSource(rule.source, reason_of(rule, field), of), field)
    return seen or _described(field) or _worded(ValueSource("word", "nothing is known of it"), field)


def _worded(choice: ValueSource, field: TextField) -> ValueSource:
    """Return the source of single words, or of several, where more of the samples show such."""
    counts = dict(field.kinds)
    single, several = counts.get("word", 0), counts.get("words", 0)
    if not single and not several:
        return choice
    others, shown = (_ONE_WORD, "a word") if single > several else (_SEVERAL_WORDS, "several words")
    source = others.get(choice.source)
    return replace(choice, source=source, why=f"{choice.why}; samples show {shown}") if source else choice


def reason_of(rule: SampleRule, field: TextField) -> str:
    """Return why a rule is taken for a property, for a person."""
    return f"the name {words(field.name)!r}" + (f" of {field.owner!r}" if rule.owner else "")


def named_rule(field: TextField, rules: Sequence[SampleRule]) -> tuple[SampleRule, str, bool] | None:
    """Return the first rule that the whole name fits, else its end; the words before, and whether it was the whole."""
    spoken = words(field.name)
    for rule in rules:
        owned = not rule.owner or re.fullmatch(rule.owner, field.owner)
        if owned and (match := _whole(rule.name).fullmatch(spoken)):
            return rule, match.groupdict().get("of") or "", True
    for rule in rules:
        if not rule.owner and (match := _ending(rule.name).search(spoken)):
            return rule, spoken[: match.start()].strip(), False
    return None


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(name)


@cache
def _ending(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{name})s?(?: \d+)?\Z")


def _seen(field: TextField) -> ValueSource | None:
    """Return the source of what nearly all samples show, ``None`` where they show words."""
    counts = {kind: count for kind, count in field.kinds if kind != "empty"}
    if field.examples and sum(counts.values()) <= sum(counts.get(kind, 0) for kind in ("word", "type-name", "marker")):
        return ValueSource("examples", "the samples show these", values=field.examples)
    kind, most = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if most < _MOST * sum(counts.values()) or kind not in _KINDS:
        return None
    return ValueSource(_KINDS[kind], f"the samples show this kind: {kind}")


def _described(field: TextField) -> ValueSource | None:
    rules = (rule for rule in _DESCRIBED if re.search(rule.name, field.description.lower()))
    return next((ValueSource(rule.source, "the description") for rule in rules), None)
