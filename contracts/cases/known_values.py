"""The values that mean something to the server: the user's own, and those that its replies showed.

A value is kept under what it is the key of, or else under its name without letter case; so the ``ContactId`` of a
reply is what ``/Contact/{id}`` and ``ContactIds`` ask for.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import islice
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Call, Contract, Operation, Validator
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.contract.resources import Role
from docdouble.schemas.dialects.verbs import removes
from docdouble.schemas.http import json_body
from docdouble.schemas.resources.bindings import Binding, bindings
from docdouble.schemas.resources.document_resources import with_readable_resources
from docdouble.schemas.resources.operation_groups import operation_groups
from docdouble.schemas.words import singular

from ..generation.fields import (
    SCALARS,
    RequestField,
)
from ..model.case import Origin
from ..model.exchange import Exchange
from .harvested_values import HarvestedValues
from .known_paths import KnownPaths, keys_of
from .known_rows import KnownRows
from .value_names import MOST_ITEMS, ReplyValue, ValueNames, means_something, values_at

_MOST_PLACES = 60
_ID_NAME = re.compile(r"(?i:(?:.*[_.-])?(?:ids?|uuid|guid|slug))|.*[a-z0-9](?:I[dD]s?|U[uU][iI][dD]|Guid|Slug)")
_MASKING = Masking()


NamedValue = tuple[str, Any]
"""The name that a value is kept under, and the value."""


@dataclass(frozen=True, slots=True)
class LearnedValues:
    """Values of replies by the name that they are kept under, and those that name something for ``sure``."""

    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sure: frozenset[NamedValue] = frozenset()


class KnownValues:
    """The values of one run; safe to be used by several threads at once."""

    def __init__(self, contract: Contract, own: Mapping[str, Sequence[Any]] | None = None) -> None:
        self._contract = contract = with_readable_resources(contract)
        self._lock = Lock()
        self.names = ValueNames(contract)
        self._bindings = bindings(contract)
        self.paths = KnownPaths(contract)
        self._own = {_own_name(name, self.names): tuple(values) for name, values in (own or {}).items()}
        self._groups = operation_groups(contract)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Know no more than what is the user's own, as of a server that has replied to nothing; nothing is asked."""
        self._wanted: set[str] = set()
        self._sources: dict[str, tuple[ReplyValue, ...]] = {}
        self._asked: set[str] = set()
        self.paths.begin_anew()
        self.rows = KnownRows(self._contract, self.names)
        self._sure: dict[str, set[NamedValue]] = {}
        self._trust((name, value) for name, values in self._own.items() for value in values if _is_plain(value))
        self._harvested = HarvestedValues(self._groups)
        self._doubted: set[tuple[str, str]] = set()

    def ask(self, operations: Iterable[Operation]) -> None:
        """Set the operations that will be called: values that none of them asks for are not kept."""
        new = [operation for operation in operations if operation.id not in self._asked]
        if not new:
            return
        with self._lock:
            self._asked.update(operation.id for operation in new)
            self._wanted.update(name for operation in new for name in self.names.asked_by(operation))
            self._sources = {}

    def known(self, operation: Operation, field: RequestField) -> tuple[Any, ...]:
        """Return the known values of a field of a request: the user's, then those of replies, of its group first."""
        harvested = self._harvested.of(self.names.of_field(operation, field), operation.id)
        return tuple(dict.fromkeys((*self.own(operation, field), *harvested)))

    def related(self, operation: Operation, field: RequestField) -> tuple[Any, ...]:
        """Return known values that don't depend on which other groups are verified, but for keys that only these show.

        Random calls hold them.
        """
        harvested = self._harvested.related(self.names.of_field(operation, field), operation.id)
        return tuple(dict.fromkeys((*self.own(operation, field), *harvested)))

    @property
    def learned(self) -> LearnedValues:
        """Values of all replies until now."""
        sure = frozenset(named_value for named_values in self._sure.values() for named_value in named_values)
        return LearnedValues(self._harvested.all, sure)

    def learn(self, others: LearnedValues) -> None:
        """Take over what another run of the same server has learned."""
        with self._lock:
            self._trust(others.sure)
            self._harvested.learn(others.values)

    def own(self, operation: Operation, field: RequestField) -> tuple[Any, ...]:
        """Return the user's values of a field of a request."""
        return tuple(value for name in self._names(operation, field) for value in self._own.get(name, ()))

    def is_key(self, operation: Operation, field: RequestField) -> bool:
        """Tell whether a field of a request says which entity is meant."""
        return field.where == "path" or self.names.of_field(operation, field).startswith("key ")

    def must_be_known(self, operation: Operation, field: RequestField) -> bool:
        """Tell whether only the server can tell the values of a field: ids, and secrets such as passwords."""
        if self.is_key(operation, field) or (operation.id, field.place) in self._doubted:
            return True
        return field.kind in SCALARS and bool(_ID_NAME.fullmatch(field.name) or _MASKING.is_secret(field.name))

    def may_be_key(self, operation: Operation, field: RequestField) -> bool:
        """Tell whether a field of a request may say which entity is meant, in the path or beside it."""
        return field.kind in SCALARS and (self.must_be_known(operation, field) or self.may_refer(field))

    def doubt(self, operation: Operation, field: RequestField) -> None:
        """Take note that a refusal names the value of a field: it may be the key of something that isn't there."""
        self._doubted.add((operation.id, field.place))

    def references(self, operation: Operation, field: RequestField, refusal: str = "") -> tuple[Any, ...]:
        """Return keys that a field may hold though nobody says of what.

        They are of what it is named as, else of all other entities, first of those that a refusal names. So it is of an
        ``ownerId`` where there are users, of a ``category`` where keys are any text, and of a value that is in doubt.
        """
        if not self.may_refer(field) and (operation.id, field.place) not in self._doubted:
            return ()
        resource = self.names.possible_keys.get(singular(field.name.lower()))
        binding = self._bindings.get(operation.id)
        own = f"key {binding.resource.name}" if binding else ""
        others = [name for name in self._harvested.all if name.startswith("key ") and name != own]
        others.sort(key=lambda name: name.removeprefix("key ").lower() not in refusal.lower())
        names = [f"key {resource}"] if resource else others
        is_valid = Validator(field.outer, self._contract).is_valid
        return tuple(value for name in names for value in self._harvested.of(name) if is_valid(value))

    def may_refer(self, field: RequestField) -> bool:
        """Tell whether a field beside the path may hold the key of something, by its name."""
        is_named = singular(field.name.lower()) in self.names.possible_keys or _ID_NAME.fullmatch(field.name)
        return field.where != "path" and field.kind in SCALARS and bool(is_named)

    def exists(self, operation: Operation, field: RequestField, value: Any) -> bool:
        """Tell whether a value of a field is known to name something that is there."""
        if not _is_plain(value) or not (sure := self._sure.get(str(value))):
            return False
        return any((name, value) in sure for name in self._names(operation, field))

    def _trust(self, named_values: Iterable[NamedValue]) -> None:
        """Take values for such that name something; they are kept by their texts, since that is how calls hold them."""
        for name, value in named_values:
            self._sure.setdefault(str(value), set()).add((name, value))

    def _names(self, operation: Operation, field: RequestField) -> list[str]:
        """Return what the user may call the values of a field, the most exact first."""
        exact = [f"{field.owner}.{field.name}".lower()] if field.owner else []
        return list(dict.fromkeys((*exact, self.names.of_field(operation, field), field.name.lower())))

    def are_same(self, operation: Operation, call: Call, other: Call) -> bool:
        """Tell whether two calls of an operation are about the same entities: paths and keys are equal."""
        return call.path == other.path and self._keys_in(operation, call) == self._keys_in(operation, other)

    def _keys_in(self, operation: Operation, call: Call) -> Counter[str]:
        pairs = parse_qsl(call.query)
        with suppress(ValueError):
            pairs += [(name, str(value)) for name, value in _members(json_body(call))]
        return Counter(f"{name}={value}" for name, value in pairs if self._is_key_name(operation, name))

    def _is_key_name(self, operation: Operation, name: str) -> bool:
        return self.names.name_of(operation, "body", name).startswith("key ") or name.lower().endswith(("id", "ids"))

    def harvest(self, exchange: Exchange) -> None:
        """Keep what a successful reply shows, and forget what the call may have removed."""
        if not exchange.succeeded:
            return
        self.paths.note(exchange)
        self._forget(exchange)
        sources, shown_by = self._sources_of(exchange.operation), exchange.operation.id
        binding = self._bindings.get(exchange.operation.id)
        has_room = any(self._harvested.has_room(reply_value.name, shown_by) for reply_value in sources)
        has_room = has_room or (bool(sources) and self.rows.has_room(exchange.operation))
        if not has_room or not exchange.reply.body or _is_listed_in_chain(exchange, binding):
            return
        try:
            body = exchange.json
        except ValueError:
            return
        is_understood = binding is not None and binding.role.name != "delete"
        # asked for only where a reply shows a new key: a large body has many words
        sent = frozenset if is_understood else cache(partial(_words, exchange.call))
        with self._lock:
            for source in sources:
                self._keep(source, exchange, body, sent)
        self.rows.note(exchange, body, sources)

    def _keep(self, source: ReplyValue, exchange: Exchange, body: Any, sent: Callable[[], frozenset[str]]) -> None:
        """Keep the values of a place; a key that was only ``sent`` by the call may be one of nothing."""
        for value in islice(values_at(body, source.path), MOST_ITEMS):
            if means_something(value) and not _is_echo(value, exchange.call):
                is_kept = self._harvested.keep(source.name, exchange.operation.id, value)
                if is_kept and source.is_key and not exchange.reply.is_pending and str(value) not in sent():
                    self._trust([(source.name, value)])

    def forget(self, exchange: Exchange) -> None:
        """Forget the values in the path of a call, which a reply has shown to name nothing."""
        self.paths.forget(exchange)
        keys = keys_of(exchange.operation.path, exchange.call.path) or ()
        self.rows.forget(frozenset(keys))
        with self._lock:
            for name in path_variables(exchange.operation.path):
                self._harvested.forget(keys, self.names.name_of(exchange.operation, "path", name))

    def _forget(self, exchange: Exchange) -> None:
        """Forget what a call removes, and doubt others; where its role is unknown, doubt its own values only."""
        operation = exchange.operation
        role = binding.role if (binding := self._bindings.get(operation.id)) else None
        if operation.effect == "read" or operation.method in ("GET", "HEAD") or (role and role.name != "delete"):
            return
        words = _words(exchange.call)
        with self._lock:
            if removes_entities(operation, role):
                self._sure.clear()
                self.paths.doubt()
                self.rows.forget(words)
                self._harvested.forget(words)
            for word in words & self._sure.keys():
                del self._sure[word]

    def _sources_of(self, operation: Operation) -> tuple[ReplyValue, ...]:
        known = self._sources.get(operation.id)
        if known is None:
            known = self._sources[operation.id] = tuple(
                islice(self.names.of_replies(operation, self._wanted), _MOST_PLACES)
            )
        return known


def _is_listed_in_chain(exchange: Exchange, binding: Binding | None) -> bool:
    """Tell whether a list shows what a chain has made: what stands in that is made up."""
    return exchange.case.origin is Origin.CHAIN and binding is not None and binding.role.name == "list"


def _own_name(name: str, names: ValueNames) -> str:
    """Return what the user's values of a name, or of ``Type.Name``, are kept under."""
    owner, _, last = name.lower().rpartition(".")
    for view, key in names.views:
        if owner and key == last and owner in (view.lower(), names.views[view, key]):
            return f"key {names.views[view, key]}"
    if not owner and last in names.keys:
        return f"key {names.keys[last]}"
    return name.lower()


def removes_entities(operation: Operation, role: Role | None) -> bool:
    """Tell whether an operation removes entities, as far as its role, its method and its name say."""
    has_role = role is not None and role.name == "delete"
    return has_role or operation.method == "DELETE" or removes(operation.id)


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the members of objects, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _members(item)
    for name, part in value.items() if isinstance(value, dict) else ():
        yield name, part
        yield from _members(part)


def _words(call: Call) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", f"{call.target} {call.body.decode(errors='replace')}"))


_decoded = lru_cache(1)(unquote_plus)
"""The target of the call whose reply is read."""


def _is_echo(value: Any, call: Call) -> bool:
    """Tell whether a text only repeats the call; a number that comes back is one that there is."""
    if not isinstance(value, str):
        return False
    return value in _decoded(call.target) or json.dumps(value)[1:-1].encode() in call.body


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)
