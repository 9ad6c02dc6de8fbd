"""Error vocabulary of HTTP APIs: what a member of an error body means by its name, and the code words of statuses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from docdouble.schemas.http import PHRASES
from docdouble.schemas.words import words_of


class ErrorRole(StrEnum):
    """Meaning of a member of an error body."""

    SENTENCE = "sentence"
    TITLE = "title"
    STATUS = "status"
    CODE = "code"
    FIELD = "field"
    POINTER = "pointer"
    PARAMETER = "parameter"
    HEADER = "header"
    PLACE = "place"
    LIST = "list"
    PATH = "path"
    METHOD = "method"
    RESOURCE = "resource"
    TYPE_URI = "type URI"
    TYPE_NAME = "type name"
    TYPE_VERSION = "type version"
    OAUTH_CODE = "OAuth code"
    SUCCEEDED = "succeeded"
    ABSENT = "absent"


def _named(names: str, role: ErrorRole) -> dict[str, ErrorRole]:
    return dict.fromkeys(names.split(), role)


_ANYWHERE: Mapping[str, ErrorRole] = {
    **_named("message msg errormessage errormsg errordescription errordetail errortext", ErrorRole.SENTENCE),
    **_named("detail details description messages", ErrorRole.SENTENCE),
    **_named("developermessage usermessage detailedmessage longmessage shortmessage faultstring", ErrorRole.SENTENCE),
    **_named("explanation statusdescription longdescription", ErrorRole.SENTENCE),
    **_named("title statustext reasonphrase httpstatustext summary error err fault", ErrorRole.TITLE),
    **_named("status statuscode httpstatus httpstatuscode httpcode responsecode", ErrorRole.STATUS),
    **_named("code errorcode errortype type issue reason reasoncode errorkey name", ErrorRole.CODE),
    **_named("field fieldname fieldpath property propertyname propertypath param attribute", ErrorRole.FIELD),
    **_named("attributename argument loc target", ErrorRole.FIELD),
    **_named("pointer jsonpointer instancepath datapath", ErrorRole.POINTER),
    **_named("parameter parametername paramname", ErrorRole.PARAMETER),
    **_named("header headername", ErrorRole.HEADER),
    **_named("in location locationtype", ErrorRole.PLACE),
    **_named("errors violations issues causes problems failures invalidparams invalidparameters", ErrorRole.LIST),
    **_named("fielderrors validationerrors fieldviolations parametererrors suberrors errormessages", ErrorRole.LIST),
    **_named("errordetails constraintviolations reasons validation fields", ErrorRole.LIST),
    **_named("path requestpath requesturi instance endpoint", ErrorRole.PATH),
    **_named("method httpmethod requestmethod", ErrorRole.METHOD),
    **_named("resource resourcetype entity entitytype model", ErrorRole.RESOURCE),
    **_named("kind", ErrorRole.TYPE_NAME),
    **_named("apiversion", ErrorRole.TYPE_VERSION),
    **_named("success succeeded issuccess successful ok valid isvalid", ErrorRole.SUCCEEDED),
    **_named("data result results payload value rejectedvalue index inner innererror", ErrorRole.ABSENT),
    **_named("innerexception cause stack stacktrace trace debug debuginfo debugmessage children", ErrorRole.ABSENT),
}
"""Name in lower case, without separators → role."""

_IN_ITEM: Mapping[str, ErrorRole] = {
    **_named("name key path propertyname member element column source", ErrorRole.FIELD),
    **_named("domain", ErrorRole.ABSENT),
}
"""The same of items of a list of errors, where they mean something else."""

_ALONE = frozenset(("error", "err", "reason", "issue", "title", "summary", "fault", "cause", "text"))
"""Names of texts that state what broke where no text beside them does."""

_SURE = frozenset(name for name, role in _ANYWHERE.items() if role is ErrorRole.SENTENCE)

_BESIDE: tuple[tuple[str, str, ErrorRole | None], ...] = (
    ("error", "errordescription", ErrorRole.OAUTH_CODE),
    ("location", "locationtype", ErrorRole.FIELD),
    ("reason", "field", ErrorRole.CODE),
    ("type", "title", ErrorRole.TYPE_URI),  # RFC 9457, section 3.1
    ("name", "field", None),
    ("name", "kind", None),
)
"""A name, one that stands beside it, and what it means then; ``None`` for nothing."""


def error_roles(names: Iterable[str], *, in_item: bool) -> dict[str, ErrorRole]:
    """Return what the members of an object mean that have a role, by their names as documented."""
    plain = {name: bare_name(name) for name in names}
    beside = frozenset(plain.values())
    has_sentence = not beside.isdisjoint(_SURE)
    roles = {name: _meaning(lower, beside, has_sentence=has_sentence, in_item=in_item) for name, lower in plain.items()}
    return {name: role for name, role in roles.items() if role}


def _meaning(name: str, beside: frozenset[str], *, has_sentence: bool, in_item: bool) -> ErrorRole | None:
    if name.startswith("@"):
        return None  # an annotation of the format
    for known, other, role in _BESIDE:
        if name == known and other in beside:
            return role
    if name in _ALONE and not has_sentence:
        return ErrorRole.SENTENCE
    role = (_IN_ITEM.get(name) if in_item else None) or _ANYWHERE.get(name)
    if name in ("name", "type", "kind") and not (has_sentence or in_item or "apiversion" in beside):
        return None  # of what is no error in itself
    return role


def bare_name(name: str) -> str:
    """Return a name in lower case, without what separates its words."""
    return re.sub(r"[^a-z0-9@]", "", name.lower())


_PHRASES: Mapping[int, str] = {
    400: "bad request|invalid request|invalid argument|invalid parameter|invalid|validation error|malformed",
    401: "unauthorized|unauthenticated|authentication failure|authentication|invalid token|credentials",
    403: "forbidden|permission denied|access denied|not authorized|insufficient scope|not allowed",
    404: "not found|resource not found|missing|no such|does not exist|unknown",
    405: "method not allowed|not allowed|not supported",
    406: "not acceptable",
    408: "timeout|request timeout|deadline exceeded",
    409: "conflict|already exists|duplicate|aborted",
    410: "gone|deleted|not found",
    412: "precondition failed|failed precondition|condition",
    413: "too large|payload too large|request entity too large",
    415: "unsupported media type|media type|not supported",
    422: "unprocessable entity|validation failed|validation error|validation|invalid|invalid request|invalid argument",
    429: "too many requests|rate limit exceeded|rate limited|resource exhausted|throttled",
    500: "internal server error|internal error|internal|server error|unknown",
    501: "not implemented|unimplemented",
    502: "bad gateway",
    503: "service unavailable|unavailable|temporarily unavailable",
    504: "gateway timeout|timeout|deadline exceeded",
    507: "insufficient storage|quota exceeded|resource exhausted|internal server error",
}
"""Words by which APIs name a status, the most usual first."""

_OF_RULE: Mapping[str, str] = {
    "required": "missing field|missing|required|missing required parameter|blank",
    "type": "invalid type|invalid|type",
    "enum": "invalid value|invalid|not in list|inclusion",
    "unique": "already exists|duplicate|taken|unique",
    "maxLength": "too long|invalid length|invalid",
    "minLength": "too short|invalid length|invalid",
    "maximum": "too large|out of range|invalid",
    "minimum": "too small|out of range|invalid",
    "format": "invalid format|invalid",
    "pattern": "invalid format|invalid",
    "syntax": "invalid syntax|malformed|invalid",
    "additionalProperties": "unknown field|unexpected|unknown|invalid",
}
"""Words by which APIs name what breaks a rule of JSON Schema."""

_OAUTH: Mapping[int, str] = {401: "invalid token", 403: "insufficient scope"}
"""Codes of OAuth (RFC 6750, section 3.1); others are invalid requests."""

_ANY = (
    ("invalid value", "invalid field", "invalid parameter", "validation"),
    ("invalid request", "bad request", "client error"),
    ("failure", "error", "fail", "failed"),
)
"""Words for any broken rule, any request that is refused, and any failure."""

_ALIKE, _SURELY_ALIKE = 0.4, 0.6
"""Likeness from which a word may be, and from which it surely is another name; `not found` is a third `not allowed`."""

_MOST_WORDS = 1000
"""Names of which the words are remembered."""

_QUOTED = re.compile(r"[\"'`]([A-Za-z][\w-]{1,40})[\"'`]")


def status_words(status: int) -> list[str]:
    """Return the words that name a status, the most usual first."""
    known = _PHRASES.get(status, "").split("|") if status in _PHRASES else []
    return [*known, (PHRASES.get(status) or f"status {status}").lower()]


def rule_words(rule: str) -> list[str]:
    """Return the words that name what breaks a rule, the most usual first."""
    return _OF_RULE.get(rule, "invalid|invalid value|invalid parameter value").split("|")


def quoted_words(description: str) -> list[str]:
    """Return the words that a description quotes, such as the values of a member without ``enum``."""
    words = list(dict.fromkeys(_QUOTED.findall(description)))
    return words if len(words) > 1 else []


def word_likeness(word: str, names: Sequence[str]) -> float:
    """Return how well a code word or a sentence fits the nearest of some names: 1 for the same words, 0 for none."""
    tokens = _words(word)
    return max((_overlap(tokens, _words(name)) for name in names), default=0.0)


def oauth_code(status: int) -> str:
    """Return the error code of OAuth for a status."""
    return _OAUTH.get(status, "invalid request").replace(" ", "_")


def nearest_word(allowed: Sequence[str], names: Sequence[str], *, in_item: bool = False) -> str | None:
    """Return the allowed word that fits some names best, one for any failure where none does; ``None`` for neither."""
    for wanted in (names, *(_ANY if in_item else _ANY[1:])):
        best = max(allowed, key=lambda word: word_likeness(word, wanted), default="")
        if word_likeness(best, wanted) >= _ALIKE:
            return best
    return None


def is_contradicted(word: str, names: Sequence[str]) -> bool:
    """Tell whether a code word plainly names another status or rule than the one that goes by some names."""
    others = [name for listed in (*_PHRASES.values(), *_OF_RULE.values()) for name in listed.split("|")]
    return word_likeness(word, names) < _ALIKE and word_likeness(word, others) > _SURELY_ALIKE


def spelled_like(words: str, pattern: str) -> str:
    """Return words as one code word, in the letter case and with the separators of another."""
    parts = words.split()
    if pattern.isupper():
        return ("-" if "-" in pattern else "_").join(parts).upper()
    if re.search(r"[a-z][A-Z]", pattern) or pattern[:1].isupper():
        camel = "".join(part.capitalize() for part in parts)
        return camel if pattern[:1].isupper() else camel[:1].lower() + camel[1:]
    return next((mark for mark in "-. " if mark in pattern), "_").join(parts)


@lru_cache(_MOST_WORDS)
def _words(name: str) -> frozenset[str]:
    return frozenset(words_of(name))


def _overlap(tokens: frozenset[str], others: frozenset[str]) -> float:
    return len(tokens & others) / len(tokens | others) if tokens else 0.0
