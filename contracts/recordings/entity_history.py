"""History of an entity in traffic that others sent: what was written last, and what later reads show of it.

Judged as the chains of ``verify`` are, but one severity milder: others may write where nobody sees it. Nothing is
judged once another call has written anything, or while one does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.router import Router
from docdouble.schemas.http import MASK, SAFE_METHODS
from docdouble.schemas.resources.bindings import Binding, bindings, shown_keys

from ..chains import with_before
from ..chains.chain_plan import shows_one
from ..chains.created_key import created_key
from ..checks import Check, Step
from ..checks.helpers import is_plain_by_paths, shown_rows
from ..checks.written_read import CHECK as WRITTEN_READ
from ..model.case import Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from ..storage.secrets import Secrets, api_key_names

_DONE = (200, 201, 204)
"""Statuses of a write that is done: another one of success may say that it is still to be done."""

_SHOWN_OR_GONE = (200, 404, 410)
_MOST_STEPS = 8
_MOST_CALLERS = 1000
_MILDER = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.NOTE, Severity.NOTE: Severity.NOTE}


@dataclass(eq=False, slots=True)
class OpenCall:
    """A call on its way: whether it ``writes``, with no other write at the same time, and how many ended before it."""

    writes: bool
    earlier_writes: int
    is_alone: bool = True
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class _Entity:
    """An entity by its resource, the values of path variables around it, its key, and the number of who asked."""

    binding: Binding
    parents: Mapping[str, str]
    key: Any
    caller: int

    def is_same(self, other: "_Entity") -> bool:
        """Tell whether another one is the same, asked for by the same caller."""
        is_same_key = str(self.key) == str(other.key) and self.caller == other.caller
        return self.binding.resource is other.binding.resource and is_same_key and self.is_below(other.parents)

    def is_below(self, parents: Mapping[str, str]) -> bool:
        """Tell whether it may stand below these values of path variables."""
        return all(self.parents.get(name, value) == value for name, value in parents.items())


class EntityHistory:
    """The history of the entity that was written last, of which each call is ``begun`` and ``ended``."""

    def __init__(self, contract: Contract, checks: Sequence[Check], router: Router) -> None:
        self._contract = contract
        self._checks = [check for check in checks if check.chain]
        self._router = router
        self._bindings = bindings(contract)
        self._secrets = Secrets(contract)
        self._callers: dict[frozenset[tuple[str, str]], int] = {}
        self._last_caller = 0
        self._api_keys = {name.lower() for name in api_key_names(contract)}
        self._writing: set[OpenCall] = set()
        self._writes = 0
        self._entity: _Entity | None = None
        self._steps: list[Step] = []
        self._read: tuple[Exchange, int] | None = None

    def caller(self, call: Call) -> int:
        """Return a number, from 1, of the credentials with which a call was sent."""
        credentials = self._secrets.credentials(call)
        if credentials not in self._callers:
            if len(self._callers) >= _MOST_CALLERS:
                self._callers.clear()
            self._last_caller += 1
            self._callers[credentials] = self._last_caller
        return self._callers[credentials]

    def begun(self, operation: Operation | None, method: str) -> OpenCall:
        """Take note of a call that begins."""
        opened = OpenCall(self._may_write(operation, method), self._writes)
        if opened.writes:
            opened.is_alone = not self._writing
            for other in self._writing:
                other.is_alone = False
            self._writing.add(opened)
        return opened

    def ended(self, opened: OpenCall, exchange: Exchange | None = None, caller: int = 0) -> tuple[Finding, ...]:
        """Take note of how a call ended, ``None`` for nobody knows, and return what is found of its reply."""
        if opened.is_over:
            return ()
        opened.is_over = True
        if opened.writes:
            return self._written(opened, exchange, caller)
        if exchange is None or self._writing or opened.earlier_writes != self._writes:
            return ()
        return self._shown(exchange, caller)

    def _may_write(self, operation: Operation | None, method: str) -> bool:
        if operation is None:
            return method not in SAFE_METHODS
        binding = self._bindings.get(operation.id)
        return not operation.only_reads and (binding is None or binding.role.writes)

    def _written(self, opened: OpenCall, exchange: Exchange | None, caller: int) -> tuple[Finding, ...]:
        self._writing.discard(opened)
        if exchange and 400 <= exchange.reply.status < 500:
            return ()  # it has changed nothing
        self._writes += 1
        entity = None
        if exchange and opened.is_alone and exchange.reply.status in _DONE and exchange.purpose is Purpose.VALID:
            entity = self._entity_of(exchange, caller)
        if exchange is None or entity is None or entity.binding.role.name == "action":
            self._entity, self._steps, self._read = None, [], None
            return ()
        read = self._entity_of(*self._read) if self._read else None
        shown = [self._step(read, self._read[0])] if self._read and read and read.is_same(entity) else []
        is_new = self._entity is None or not entity.is_same(self._entity) or entity.binding.role.creates
        self._steps = shown if is_new or self._steps[-1].role.name == "delete" else [*self._steps, *shown]
        self._entity, self._read = entity, None
        self._steps = [*self._steps, self._step(entity, exchange)][-_MOST_STEPS:]
        return tuple(self._judged(self._steps))

    def _shown(self, exchange: Exchange, caller: int) -> tuple[Finding, ...]:
        binding = self._bindings.get(exchange.operation.id)
        name, reply = binding.role.name if binding else "", exchange.reply
        is_stored = (reply.header("Age") or "0").strip() != "0"  # by a cache on the way
        if is_stored or name not in ("read", "list") or reply.status not in _SHOWN_OR_GONE:
            return ()
        if name == "read":
            self._read = exchange, caller
        entity = self._entity
        if binding is None or entity is None or binding.resource is not entity.binding.resource:
            return ()
        if name == "read":
            read = self._entity_of(exchange, caller)
            is_shown = read is not None and read.is_same(entity)
        else:
            is_shown = caller == entity.caller and self._is_listing(entity, binding, exchange)
        if not is_shown:
            return ()
        existing = replace(exchange, case=replace(exchange.case, existing=True))
        step = Step(binding.role, existing, entity.key)
        return tuple(self._judged([*self._steps, step]))

    def _judged(self, steps: Sequence[Step]) -> Iterator[Finding]:
        """Yield what the last of several steps shows; of values that are recorded masked nobody knows.

        Clients send what servers may write in another way: a value has to be lost where that can be said for certain.
        """
        last, is_certain = steps[-1].exchange.case, is_plain_by_paths(steps)
        for check in self._checks:
            for finding in with_before(check.chain(steps) if check.chain else (), steps):
                is_rewritten = check is WRITTEN_READ and is_certain and finding.severity is not Severity.ERROR
                is_masked = MASK in f"{finding.expected}{finding.got}"
                if finding.case is last and not is_rewritten and not is_masked:
                    yield replace(finding, severity=_MILDER[finding.severity])

    def _step(self, entity: _Entity, exchange: Exchange) -> Step:
        return Step(entity.binding.role, exchange, entity.key)

    def _entity_of(self, exchange: Exchange, caller: int) -> _Entity | None:
        """Return the one entity that a call is about, ``None`` where that isn't clear."""
        binding, variables = self._bindings.get(exchange.operation.id), self._variables(exchange)
        if binding is None or variables is None or binding.role.many or self._is_narrowed(binding, exchange):
            return None
        role, resource = binding.role, binding.resource
        named = binding.named_keys(exchange.call, variables) or ()
        key: Any = named[0] if len(named) == 1 else None
        if role.creates and not role.key:
            key = created_key(exchange, resource, {}) or key
        if resource.singleton and role.key is None:
            key = ""
        return None if key is None else _Entity(binding, _parents(binding, variables), key, caller)

    def _variables(self, exchange: Exchange) -> Mapping[str, str] | None:
        match = self._router.match(exchange.call)
        return {name.lower(): value for name, value in match.variables.items()} if match else None

    def _is_narrowed(self, binding: Binding, exchange: Exchange) -> bool:
        """Tell whether a query asks for more than an operation requires: for a part, or for a trial only."""
        asked = {name.lower() for name, _ in parse_qsl(exchange.call.query, keep_blank_values=True)}
        if not asked:
            return False
        parameters = exchange.operation.parameters
        required = {
            parameter.name.lower() for parameter in parameters if parameter.location == "query" and parameter.required
        }
        own = {binding.role.key.name.lower()} if binding.role.key else set()
        return bool(asked - required - own - self._api_keys)

    def _is_listing(self, entity: _Entity, binding: Binding, exchange: Exchange) -> bool:
        """Tell whether a list shows an entity, or must show it: one that was created, where it shows all."""
        variables = self._variables(exchange)
        if variables is None or not entity.is_below(_parents(binding, variables)):
            return False
        names = binding.resource.key_names
        keys = {str(key) for _, row in shown_rows(exchange) or () for key in shown_keys(row, names)}
        if str(entity.key) in keys:
            return True
        shows_all = shows_one(binding.role, exchange.operation) and not self._is_narrowed(binding, exchange)
        return shows_all and any(step.role.creates for step in self._steps)


def _parents(binding: Binding, variables: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values of path variables that tell below what an entity is."""
    names = (place.name.lower() for place in binding.role.parents)
    return {name: variables[name] for name in names if name in variables}
