"""Broken replies: what is changed on the wire, in a reply that was right."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from docdouble.fakeserver.control.violations import broken
from docdouble.fakeserver.http.codecs import codec_of
from docdouble.schemas import Call, Operation, Reply
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.http import is_json
from docdouble.schemas.json_pointer import steps_of

from ..checks.helpers import is_xml
from .mutant import Answer, Fault, MutationKind, Scope, Site, without_header
from .places import MutationPlace, answer_spots, xml_content, xml_spots

Change = Callable[[str, Reply], Reply]
"""Function that returns a successful reply with the promise of a place broken; as it is where it lacks that place."""

_TEXTS_WITH_FORMAT = ("date-time", "date", "time", "uuid", "uri", "email")
_UNUSUAL_SUCCESS = (203, 202, 201, 206)
_OTHER_MEDIA_TYPE = "application/x-undocumented"
_TEXT = re.compile(rb'(:")([A-Za-z])')


def changing(change: Change) -> Callable[[str, Site], Fault]:
    """Return what plants a fault that changes successful replies."""

    def plant(place: str, site: Site) -> Fault:
        def fault(call: Call, answer: Answer) -> Reply:
            reply = answer(call)
            if not 200 <= reply.status < 300:
                return reply
            site.asked += 1
            changed = change(place, reply)
            return reply if changed == reply else site.broken(changed)

        return fault

    return plant


def _with_json(reply: Reply, change: Callable[[Any], Any]) -> Reply:
    if not is_json(reply.media_type):
        return reply
    try:
        body = orjson.loads(reply.body)
        before = orjson.dumps(body)
        after = orjson.dumps(change(body))
    except ValueError:
        return reply
    return reply if before == after else replace(reply, body=after)


def _put(value: Any, tokens: list[str], new: Callable[[Any], Any]) -> Any:
    """Return a JSON value in which what stands at a place, if it isn't null, is another."""
    if not tokens:
        return value if value is None else new(value)
    token, rest = tokens[0], tokens[1:]
    if isinstance(value, list):
        return [_put(item, rest, new) for item in value] if token == "*" else value
    if isinstance(value, dict):
        return {key: _put(part, rest, new) if token in ("*", key) else part for key, part in value.items()}
    return value


def _putting(
    name: str,
    about: str,
    holds: Callable[[MutationPlace], bool],
    new: Callable[[Any], Any],
    *,
    sometimes: bool = True,
) -> MutationKind:
    """Return a kind in which another value stands at the places that ``holds`` is true of."""

    def change(place: str, reply: Reply) -> Reply:
        return _with_json(reply, lambda body: _put(body, steps_of(place), new))

    return MutationKind(name, about, _where(holds), changing(change), sometimes=sometimes)


def _violating(rule: str, about: str, holds: Callable[[MutationPlace], bool]) -> MutationKind:
    """Return a kind that breaks the rule of its name, as a fault on request does."""

    def change(place: str, reply: Reply) -> Reply:
        return _with_json(reply, lambda body: broken(body, f"{rule}:{place}"))

    return MutationKind(rule, about, _where(holds), changing(change), sometimes=True)


def _where(holds: Callable[[MutationPlace], bool]) -> Callable[[Operation, Scope], Iterator[str]]:
    def places(operation: Operation, scope: Scope) -> Iterator[str]:
        return (spot.pointer for spot in answer_spots(operation, scope) if holds(spot))

    return places


def _with_body(operation: Operation, scope: Scope) -> Iterator[str]:
    if answer_spots(operation, scope):
        yield ""


def _statuses(operation: Operation, scope: Scope) -> Iterator[str]:
    yield from (str(status) for status in _UNUSUAL_SUCCESS if operation.response(status) is None)


def _with_status(place: str, reply: Reply) -> Reply:
    return replace(reply, status=int(place))


def _with_media_type(place: str, reply: Reply) -> Reply:
    headers = without_header(reply, "Content-Type").headers
    return replace(reply, headers=(*headers, ("Content-Type", _OTHER_MEDIA_TYPE)))


def _cut(place: str, reply: Reply) -> Reply:
    return replace(reply, body=reply.body[: len(reply.body) // 2]) if is_json(reply.media_type) else reply


def _emptied(place: str, reply: Reply) -> Reply:
    return replace(reply, body=b"") if is_json(reply.media_type) else reply


def _in_latin_1(place: str, reply: Reply) -> Reply:
    """Write the first letter of a text with an accent, as a server does that mistakes its encoding."""
    return replace(reply, body=_TEXT.sub(b"\\1\xe9", reply.body, count=1)) if is_json(reply.media_type) else reply


def _documents_xml(operation: Operation, scope: Scope) -> Iterator[str]:
    if xml_content(operation, scope):
        yield ""


def _cut_xml(place: str, reply: Reply) -> Reply:
    return replace(reply, body=reply.body[: len(reply.body) // 2]) if is_xml(reply.media_type) else reply


def _shown_in_xml(operation: Operation, scope: Scope) -> Iterator[str]:
    """Yield the places of texts, numbers and flags that XML can't leave out: null and nothing are often the same."""
    for spot in xml_spots(operation, scope):
        is_scalar = spot.is_property and bool(spot.kinds) and not {"object", "array"} & set(spot.kinds)
        if is_scalar and (evidence_of(spot.schema) or (spot.is_required and not spot.can_be_null)):
            yield spot.pointer


def _in_xml(renamed: Callable[[str], str | None]) -> Callable[[str, Site], Fault]:
    """Return what plants a fault that gives a property of XML another name, or leaves it out."""

    def plant(place: str, site: Site) -> Fault:
        content = xml_content(site.operation, site.scope)

        def changed(place: str, reply: Reply) -> Reply:
            if content is None or not is_xml(reply.media_type):
                return reply
            codec = codec_of(reply.media_type)
            before = codec.decode(reply.body, content)
            after = _renamed(before, steps_of(place), renamed)
            return reply if after == before else replace(reply, body=codec.encode(after, content))

        return changing(changed)(place, site)

    return plant


def _renamed(value: Any, tokens: list[str], renamed: Callable[[str], str | None]) -> Any:
    """Return a value with another name of a property that has a value, without it where the name is ``None``."""
    token, rest = tokens[0], tokens[1:]
    if isinstance(value, list):
        return [_renamed(item, rest, renamed) for item in value] if token == "*" and rest else value
    if not isinstance(value, dict):
        return value
    if rest:
        return {name: _renamed(part, rest, renamed) if token in ("*", name) else part for name, part in value.items()}
    names = {name: renamed(name) if name == token and part not in (None, "") else name for name, part in value.items()}
    return {new: value[name] for name, new in names.items() if new is not None}


def _required_headers(operation: Operation, scope: Scope) -> Iterator[str]:
    success = operation.success()
    yield from (header.name for header in (success.headers if success else ()) if header.required)


def _has_format(*names: str) -> Callable[[MutationPlace], bool]:
    return lambda spot: spot.is_property and spot.schema.get("format") in names


def _below_dictionary(spot: MutationPlace) -> bool:
    return spot.pointer.endswith("/*") and not spot.is_property and bool(spot.kinds)


KINDS = (
    _violating("wrong-type", "{place} has another type", lambda spot: spot.is_property and bool(spot.kinds)),
    _violating("missing-field", "{place} is not sent", lambda spot: spot.is_property and spot.is_promised),
    _violating("wrong-case", "{place} is spelled in another case", lambda spot: spot.is_property and spot.is_promised),
    _violating("undocumented-field", "a property beside {place}", lambda spot: spot.is_closed),
    _violating(
        "null-field", "{place} is null", lambda spot: spot.is_property and bool(spot.kinds) and not spot.can_be_null
    ),
    _violating("out-of-range", "{place} is a larger integer", _has_format("int32", "int64")),
    _putting("int32-overflow", "{place} is one more than int32", _has_format("int32"), lambda value: 2**31),
    _putting(
        "fraction",
        "{place} has a fraction",
        lambda spot: spot.kinds == ("integer",),
        lambda value: value + 0.5 if isinstance(value, int) else value,
    ),
    _violating("wrong-format", "{place} is not in its format", _has_format(*_TEXTS_WITH_FORMAT)),
    _putting(
        "unknown-enum-value",
        "{place} is none of the listed values",
        lambda spot: "enum" in spot.schema,
        lambda value: f"{value}-undocumented",
    ),
    _putting(
        "array-as-record",
        "{place} is an object",
        lambda spot: spot.kinds == ("array",),
        lambda value: {str(number): item for number, item in enumerate(value)},
        sometimes=False,
    ),
    _putting(
        "record-as-array",
        "{place} is an array",
        lambda spot: spot.is_record and "object" in spot.kinds,  # ``properties`` alone say nothing of arrays
        lambda value: [value],
        sometimes=False,
    ),
    _putting(
        "wrong-value",
        "{place} has values of another type",
        _below_dictionary,
        lambda value: value if isinstance(value, list) and not value else [[value]],
        sometimes=False,
    ),
    MutationKind("status", "success has the status of {place}", _statuses, changing(_with_status), sometimes=True),
    MutationKind(
        "media-type", "the body is declared as another type", _with_body, changing(_with_media_type), sometimes=True
    ),
    MutationKind("broken-body", "the body is cut in half", _with_body, changing(_cut), sometimes=True),
    MutationKind("no-body", "the body is empty", _with_body, changing(_emptied), sometimes=True),
    MutationKind("charset", "the body is in Latin-1", _with_body, changing(_in_latin_1), sometimes=True),
    MutationKind("xml-missing", "{place} is not in the XML", _shown_in_xml, _in_xml(lambda name: None)),
    MutationKind("xml-renamed", "{place} has another name in XML", _shown_in_xml, _in_xml(lambda name: f"Other{name}")),
    MutationKind("xml-broken", "XML is cut in half", _documents_xml, changing(_cut_xml)),
    MutationKind(
        "missing-header",
        "{place} is not sent",
        _required_headers,
        changing(lambda place, reply: without_header(reply, place)),
        sometimes=True,
    ),
)
"""Kinds of broken promises about a reply."""
