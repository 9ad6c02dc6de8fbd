"""Key of what a create has made: in its reply, in a ``Location``, or in a link."""

from typing import Any
from urllib.parse import unquote

from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.envelopes import wrapped_in
from docdouble.schemas.resources.path_resources import item_path

from ..cases.known_paths import linked_keys
from ..cases.unique_texts import seems_unique
from ..model.exchange import Exchange
from .chain_plan import shown_type
from .entity import Entity, alone, has_values_of, key_of


def created_key(exchange: Exchange, resource: Resource, sent: Entity) -> Any:
    """Return the key of the entity that a call has created, ``None`` where its reply tells none.

    ``sent`` is the entity that the call holds: of several that a reply shows, that one counts.
    """
    contract = exchange.subject.contract
    first = resource.views.get(shown_type(exchange.operation, contract))
    names = dict.fromkeys(filter(None, (first, *resource.views.values(), resource.key)))
    answered = answered_value(exchange, sent)
    linked = linked_keys(item_path(resource, contract), alone(answered))
    return key_of(answered, iter(names)) or _located(exchange) or (_key_of_text(linked[-1]) if linked else None)


def answered_value(exchange: Exchange, sent: Entity) -> Any:
    """Return the value of a reply without an envelope; of several entities the one that was sent."""
    value = _entity_in(exchange)
    if not isinstance(value, list) or len(value) < 2:
        return value
    names = [name for name, text in sent.items() if text and isinstance(text, str) and seems_unique(name)]
    rows = [row for row in value if isinstance(row, dict) and has_values_of(row, {n: sent[n] for n in names})]
    return rows if len(rows) == 1 else value


def _entity_in(exchange: Exchange) -> Any:
    """Return the value of a reply without the envelope around an entity."""
    try:
        value = exchange.json
    except ValueError:
        return None
    for step in wrapped_in(exchange.operation, exchange.subject.contract):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _located(exchange: Exchange) -> Any:
    """Return the key in the last step of the ``Location`` of a reply, ``None`` where it has none."""
    path = (exchange.reply.header("Location") or "").partition("?")[0].rstrip("/")
    return _key_of_text(unquote(path.rpartition("/")[2]))


def _key_of_text(text: str) -> Any:
    """Return the key that a step of a path stands for, ``None`` for an empty one."""
    return int(text) if text.isascii() and text.isdecimal() else text or None
