"""Paths of entities that replies have shown: a parent and a child in them belong together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.paths import path_variables, unnamed_template, without_extension
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.bindings import bindings, shown_keys
from docdouble.schemas.resources.entity_keys import kinds_shown
from docdouble.schemas.resources.envelopes import listed_in, wrapped_in
from docdouble.schemas.resources.path_resources import answered_entity, item_path

from ..model.exchange import Exchange

MOST_OF_A_PATH = 20
"""Entities that are kept of a path."""

_MOST_CREATED = 10
"""Entities of a path that creates show: lists may show others, which were there before."""

_MOST_ROWS = 10
_LINKS = ("self", "href", "url", "uri", "link", "links", "_links")

_CODE = re.compile(r"(?=.*\d)\S+")
"""Texts that are no words."""

Keys = tuple[str, ...]
"""The values of the variables of a path, in their order."""


@dataclass(frozen=True, slots=True)
class _Item:
    """The path of one entity of a resource, with its variables unnamed."""

    template: str
    resource: Resource

    def holds(self, template: str) -> bool:
        """Tell whether a path is that of the entity, or leads below it."""
        return template == self.template or template.startswith((f"{self.template}/", f"{self.template}:"))


class KnownPaths:
    """The entities of one run by their paths; safe to be used by several threads at once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._bindings = bindings(contract)
        paths = ((item_path(resource, contract), resource) for resource in contract.resources.resources)
        items = [_Item(unnamed_template(path), resource) for path, resource in paths if path]
        self._items = sorted(items, key=lambda item: item.template.count("/"), reverse=True)
        self._lock = Lock()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all entities."""
        self._known: dict[str, dict[Keys, None]] = {item.template: {} for item in self._items}
        self._shown: set[tuple[str, Keys]] = set()

    def variables(self, operation: Operation, own: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return values that belong together of the variables of a path, as many of the first ones as are known.

        They include the user's ``own`` values, by the names of the variables.
        """
        return next(self.choices(operation, own), {})

    def choices(self, operation: Operation, own: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
        """Yield everything that ``variables`` may return, those of the most variables first."""
        names = path_variables(operation.path)
        for item in self._around(operation):
            for keys in tuple(self._known[item.template]):
                variables = dict(zip(names, keys, strict=False))
                if all(variables.get(name, value) == value for name, value in (own or {}).items()):
                    yield variables

    def exists(self, operation: Operation, values: Mapping[str, Any]) -> bool:
        """Tell whether the values of the variables of a path are known to name something that is there."""
        names = path_variables(operation.path)
        keys = tuple(str(values.get(name)) for name in names)
        return any((item.template, keys) in self._shown for item in self._around(operation))

    def doubt(self) -> None:
        """Take nothing for there until it is shown again: what was removed may have taken anything along."""
        with self._lock:
            self._shown.clear()

    def note(self, exchange: Exchange) -> None:
        """Keep what a successful call shows of the entities at its path, and forget what it removed."""
        binding = self._bindings.get(exchange.operation.id)
        item = next(
            (known_item for known_item in self._items if binding and known_item.resource is binding.resource), None
        )
        if binding is None or item is None:
            return
        keys = keys_of(exchange.operation.path, exchange.call.path)
        if keys is None:
            return
        if binding.role.name == "delete":
            self._forget(unnamed_template(without_extension(exchange.operation.path)), keys)
        elif len(self._known[item.template]) < (_MOST_CREATED if binding.role.creates else MOST_OF_A_PATH):
            with self._lock:
                for shown in self._shown_keys(exchange, item, keys):
                    self._known[item.template][shown] = None
                    if not exchange.reply.is_pending:
                        self._shown.add((item.template, shown))

    def forget(self, exchange: Exchange) -> None:
        """Forget what a call is about, and what is below it: it is not there."""
        if keys := keys_of(exchange.operation.path, exchange.call.path):
            self._forget(unnamed_template(without_extension(exchange.operation.path)), keys)

    def _around(self, operation: Operation) -> Iterator[_Item]:
        """Yield the items that a path leads to or through, the farthest first."""
        template = unnamed_template(without_extension(operation.path))
        return (item for item in self._items if item.holds(template))

    def _forget(self, template: str, keys: Keys) -> None:
        with self._lock:
            for item in self._items:
                if _Item(template, item.resource).holds(item.template):
                    gone = [known for known in self._known[item.template] if known[: len(keys)] == keys]
                    for known in gone:
                        del self._known[item.template][known]
                        self._shown.discard((item.template, known))

    def _shown_keys(self, exchange: Exchange, item: _Item, keys: Keys) -> Iterator[Keys]:
        """Yield the paths of the entities that a reply shows: by their keys, else by their links."""
        role = self._bindings[exchange.operation.id].role
        if unnamed_template(without_extension(exchange.operation.path)) == item.template:
            if exchange.operation.method in ("GET", "HEAD"):
                yield keys
            return
        if role.creates and (located := _linked(item.template, exchange.reply.header("Location") or "")):
            yield located
            return
        prefix = keys if len(keys) + 1 == item.template.count("{}") else None
        for entity in self._entities(exchange) if exchange.is_readable else ():
            if role.creates and isinstance(entity, str) and not _CODE.fullmatch(entity):
                continue  # a message
            key = _key_in(entity, item.resource)
            if prefix is not None and isinstance(key, str | int) and not isinstance(key, bool) and str(key):
                yield (*prefix, str(key))
            elif linked := linked_keys(item.template, entity):
                yield linked

    def _entities(self, exchange: Exchange) -> list[Any]:
        """Return the entities in the rows of a list, or the one that a reply shows."""
        operation = exchange.operation
        listed = listed_in(operation, self._contract) if operation.method != "POST" else None
        value = _at_steps(exchange.json, listed.path if listed else wrapped_in(operation, self._contract))
        rows = value[:_MOST_ROWS] if isinstance(value, list) else [] if listed else [value]
        shown = [_at_steps(row, listed.inside) if listed else row for row in rows]
        documented = listed.items if listed else answered_entity(operation, self._contract)
        are_objects = "object" in kinds_shown(documented, self._contract)
        return [entity for entity in shown if isinstance(entity, dict) or not are_objects]


def keys_of(template: str, path: str) -> Keys | None:
    """Return the values of the variables of a path template in a path, ``None`` where it isn't one of it."""
    match = _pattern(template).fullmatch(path)
    return tuple(map(unquote, match.groups())) if match else None


@lru_cache(4096)
def _pattern(template: str) -> re.Pattern[str]:
    fixed = unnamed_template(template).split("{}")
    return re.compile("([^/?#]+)".join(map(re.escape, fixed)))


def linked_keys(template: str, entity: Any) -> Keys | None:
    """Return the keys in the link by which an entity says where it stands, ``None`` where it has none to its path."""
    linked = (_linked(template, text) for text in _links(entity)) if template else iter(())
    return next(filter(None, linked), None)


def _linked(template: str, link: str) -> Keys | None:
    """Return the keys in a link to an entity, ``None`` where it leads elsewhere; a base path may stand before."""
    path = without_extension(urlsplit(link).path).rstrip("/") if "/" in link else ""
    template, steps = without_extension(template), path.split("/")
    count = template.count("/")
    return keys_of(template, "/".join(["", *steps[-count:]])) if len(steps) > count else None


def _links(entity: Any) -> Iterator[str]:
    """Yield the links by which an object says where it stands: ``self``, ``href``, ``_links/self/href``."""
    for name in _LINKS if isinstance(entity, dict) else ():
        value = entity.get(name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _links(value)


def _key_in(entity: Any, resource: Resource) -> Any:
    """Return the key that an entity shows, or that stands in its place."""
    if not isinstance(entity, dict):
        return entity
    if resource.key:
        return _at_steps(entity, resource.key.split("/"))
    return next(iter(shown_keys(entity, resource.key_names)), None)


def _at_steps(value: Any, steps: Any) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
