"""Entities that a chain sends: a new one with a text that tells where it comes from, and one with changed texts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import non_null, types_of
from docdouble.schemas.contract.parameter_values import schema_branches
from docdouble.schemas.resources.audit_properties import marks_deletion
from docdouble.schemas.resources.entity_keys import members_of

from ..cases.boundary import limits

Entity = dict[str, Any]

_USUAL = ("name", "title", "description", "text", "header", "subject", "comment", "note", "label", "tooltip")
"""Names of properties, in lower case, that mostly hold a text which anybody may write; the likeliest first."""

_RISKY = re.compile(
    r"created|updated|modified|changed|registered|(id|key|slug|by|type|ur[il]|mail|phone|fax|date|time|language|country|"
    r"code|status|path|file|colou?r|guid|version|duration|unit|culture|zone|number|domain|password|secret|token)s?\Z",
    re.IGNORECASE,
)
"""Names of properties whose texts mean something to the server, or are its own."""

_KEY = re.compile(r"(id|key|href)\Z", re.IGNORECASE)
"""Names of properties that identify an object."""

_MOST_CHANGED = 4
"""Texts that are changed at once."""

_FEWER = 2
"""Texts that are changed alone where all together are refused."""

_FREE_TEXT = {"enum", "const", "format", "pattern", "readOnly"}

_LONGEST_ADDED = 40
"""Characters of the texts that are written."""


def member(entity: Mapping[str, Any], name: str) -> str:
    """Return the spelling of a property in an object, in any letter case; the name itself where it has none."""
    return next((key for key in entity if key.lower() == name.lower()), name)


def free_texts(schema: Schema, contract: Contract) -> list[str]:
    """Return the properties of a record that hold a text which callers may choose, the likeliest first."""
    properties = contract.resolve(non_null(contract.resolve(schema))).get("properties", {})
    names = [name for name, part in properties.items() if _is_free(name, part, contract)]
    usual = {name: place for place, name in enumerate(_USUAL)}
    return sorted(names, key=lambda name: usual.get(name.lower(), len(usual)))


def _is_free(name: str, schema: Schema, contract: Contract) -> bool:
    inner = contract.resolve(non_null(contract.resolve(schema)))
    is_text = types_of(inner) == ("string",) and not _FREE_TEXT & inner.keys()
    return is_text and inner.get("maxLength", _LONGEST_ADDED) >= _LONGEST_ADDED and not _RISKY.search(name)


def new_entity(entity: Entity, key: str, texts: list[str], text: str) -> Entity:
    """Return an entity that is not known yet: without its key, not deleted, with a text in its likeliest property."""
    spelled = member(entity, key)
    has_number = isinstance(entity.get(spelled), int)
    kept = {name: value for name, value in entity.items() if name != spelled}
    new = {name: 0 if name == spelled else value for name, value in entity.items()} if has_number else kept
    present = {name: False for name, value in new.items() if marks_deletion(name) and value is True}
    return new | present | {member(new, name): text for name in texts[:1]}


def unlike_defaults(entity: Entity, schema: Schema, contract: Contract) -> Entity:
    """Return an entity whose flags aren't as they are by default: one that is lost would not show."""
    defaults = {
        member(entity, name): contract.resolve(non_null(contract.resolve(part))).get("default")
        for name, part in members_of(schema, contract).items()
        if not marks_deletion(name)
    }
    return {
        name: not value if isinstance(value, bool) and value is defaults.get(name) else value
        for name, value in entity.items()
    }


def changes(entity: Entity, texts: list[str], text: str, schema: Schema, contract: Contract) -> Iterator[Entity]:
    """Yield members that are changed: some texts, each to another one, else a flag, number or listed value.

    Where there are none, it is an object inside that changes so. Where those are refused, fewer may be taken: some
    values a server doesn't let go, or knows the meaning of.
    """
    together = {member(entity, name): f"{text} {number}" for number, name in enumerate(texts[:_MOST_CHANGED], 1)}
    other = other_values(entity, schema, contract)
    fewer = [{name: value} for name, value in together.items()][:_FEWER] if len(together) > 1 else []
    first = together or other or _inner_change(entity, text, schema, contract)
    yield from filter(None, (first, *fewer, other if together else {}))


def _inner_change(entity: Entity, text: str, schema: Schema, contract: Contract) -> Entity:
    """Return the first object of an entity that may be changed, if it has no key of its own: it is part of the entity.

    Of one with a key an entity mostly keeps that alone.
    """
    for name, part in members_of(schema, contract).items():
        spelled = member(entity, name)
        inner = entity.get(spelled)
        if not isinstance(inner, dict) or any(map(_KEY.search, inner)) or contract.resolve(part).get("readOnly"):
            continue
        texts = [known for known in free_texts(part, contract) if member(inner, known) in inner]
        if change := next(changes(inner, texts, text, part, contract), None):
            return {spelled: {**inner, **change}}
    return {}


def other_values(entity: Entity, schema: Schema, contract: Contract) -> Entity:
    """Return the first of an entity's flags, numbers and listed values that may be changed, with another value."""
    fixed = _telling_apart(schema, contract)
    for name, part in members_of(schema, contract).items():
        inner = contract.resolve(non_null(contract.resolve(part)))
        spelled = member(entity, name)
        if name in fixed:
            continue
        if spelled in entity and not _RISKY.search(name) and not marks_deletion(name) and not inner.get("readOnly"):
            other = _other_value(entity[spelled], inner)
            if other is not None:
                return {spelled: other}
    return {}


def _telling_apart(schema: Schema, contract: Contract) -> set[str]:
    """Return the properties that have one value alone in an alternative: another one makes it another alternative."""
    properties = [
        (name, contract.resolve(part))
        for branch in schema_branches(schema, contract)
        for name, part in branch.get("properties", {}).items()
        if isinstance(part, dict)
    ]
    return {name for name, part in properties if "const" in part or len(part.get("enum", ())) == 1}


def _other_value(value: Any, schema: Schema) -> Any:
    if "const" in schema or "multipleOf" in schema:
        return None
    if "enum" in schema:
        return next((listed for listed in schema["enum"] if listed is not None and listed != value), None)
    if isinstance(value, bool):
        return not value
    if not isinstance(value, int | float):
        return None
    low, high = limits(schema)
    if high is None or value + 1 <= high:
        return value + 1
    return value - 1 if low is None or value - 1 >= low else None


def sendable_entity(names: Iterable[str], known: Entity, sample: Entity) -> Entity:
    """Return the values that a request of these properties may hold: those of an entity, else those of a sample."""
    present = {name: value for name, value in known.items() if value is not None}
    kept = {name: present[spelled] for name in names if (spelled := member(present, name)) in present} or present
    return {**{name: value for name, value in sample.items() if name not in kept}, **kept}


def has_members_of(shown: Entity, sent: Entity) -> bool:
    """Tell whether what is shown has a property that was sent."""
    spelled = {name.lower() for name in shown}
    return any(name.lower() in spelled for name in sent)


def has_values_of(shown: Entity, sent: Entity) -> bool:
    """Tell whether what is shown holds a number or text that was sent, under the same name."""
    spelled = {name.lower(): value for name, value in shown.items()}
    return any(value and spelled.get(name.lower()) == value for name, value in sent.items())


def alone(body: Any) -> Any:
    """Return the one value of a body, also of an array."""
    return body[0] if isinstance(body, list) and len(body) == 1 else body


def key_of(body: Any, names: Iterator[str]) -> Any:
    """Return the key in what a creating operation answered: the whole answer, or a property; ``None`` for none."""
    body = alone(body)
    if isinstance(body, dict):
        spelled = {name.lower(): value for name, value in body.items()}
        body = next((key for name in names if _is_key(key := spelled.get(name.lower()))), None)
    return body if _is_key(body) else None


def _is_key(value: Any) -> bool:
    return (type(value) is int and value > 0) or (isinstance(value, str) and bool(value))
