"""Chains of calls, as they are sent: what a reply shows goes into the calls after it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, Protocol

from docdouble.fakeserver.http.codecs import Content
from docdouble.schemas import Call, Operation, Schema
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.contract.resources import RequestPlace, Role
from docdouble.schemas.http import json_body
from docdouble.schemas.jsonschema.directions import without_left_out
from docdouble.schemas.resources.bindings import entity_schema, placed, shown_keys
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.path_resources import answered_entity, item_path
from docdouble.schemas.resources.signature import typed_value

from ..cases import Maker
from ..cases.refusals import is_refusal
from ..checks.check import Step
from ..checks.conditional_calls import STALE
from ..checks.helpers import is_like, shown_rows
from ..checks.page_size import largest_page
from ..model.canary import canary
from ..model.case import Case, Origin, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding
from .calls import Calls, ValuesByPlace
from .chain_plan import ChainPlan, plans_of, shown_type
from .created_key import answered_value, created_key
from .entity import (
    Entity,
    alone,
    changes,
    free_texts,
    has_members_of,
    has_values_of,
    member,
    new_entity,
    sendable_entity,
    unlike_defaults,
)

SendCase = Callable[[Case], Exchange | None]
"""Function that sends a case and returns its exchange, ``None`` where it may not be sent."""

_CREATED = 201
_MARKED_TRIES = 2

_PATCH_MEMBERS = {"op", "path"}
"""Members that each operation of a JSON Patch has (RFC 6902, section 4)."""

_LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"


class ChainLedger(Protocol):
    """Record of what a run has created, so that it is removed at the end also when a chain couldn't do that."""

    def created(self, remove: Case, key: object) -> None:
        """Take note of what was created, and of the case that removes it."""

    def removed(self, remove: Case, key: object) -> None:
        """Take note that it is gone."""


class Chains:
    """Chains of one contract, about entities that the ``maker`` of its cases knows."""

    def __init__(self, maker: Maker) -> None:
        self.contract = maker.contract
        self.calls = Calls(maker.contract)
        self.maker = maker

    @cached_property
    def plans(self) -> Mapping[str, ChainPlan]:
        """The chains by the id of the operation that they begin with."""
        return plans_of(self.contract)

    @cached_property
    def _operations(self) -> dict[str, Operation]:
        return {operation.id: operation for operation in self.contract.operations}

    def steps(
        self,
        operation: Operation,
        send: SendCase,
        ledger: ChainLedger | None = None,
        *,
        must_remove: bool = False,
        mark: str = "",
    ) -> tuple[Step, ...]:
        """Send the chain that begins with an operation, and return its steps: none where nothing was created.

        With ``must_remove`` nothing is created that no operation removes, and nothing changed that was there before.
        Chains of one operation that run at the same time have a ``mark`` each.
        """
        plan = self.plans.get(operation.id)
        if plan is None or (must_remove and (plan.delete is None or plan.is_there)):
            return ()
        text = canary(self.maker.budget.seed, operation.id, self.maker.run + mark)
        return _Chain(self, plan, send, ledger, text, is_careful=must_remove).run()

    def case(self, role: Role, values: ValuesByPlace, around: Mapping[str, str], *, existing: bool) -> Case | None:
        """Return a case of a role's operation, ``None`` where none keeps to what is documented."""
        operation = self._operations[role.operation]
        call = self.calls.call(operation, values, around)
        if call is None or self.maker.purposes.of(operation, call) is not Purpose.VALID:
            return None
        return Case(operation, call, Purpose.VALID, Origin.CHAIN, f"{role.name} in a chain", existing=existing)

    def created(self, exchange: Exchange) -> tuple[Case | None, Any] | None:
        """Return the case that removes what a call has created, ``None`` for one that creates nothing, and its key.

        There is no case where no operation removes it, or the reply shows no key.
        """
        plan = self.plans.get(exchange.operation.id)
        if plan is None or plan.is_there or exchange.call.method != exchange.operation.method or not exchange.succeeded:
            return None
        if exchange.reply.status != _CREATED and plan.make.name != "create":
            return None  # it may have changed what was there
        current = _Chain(self, plan, lambda case: None, None, "")
        delete = plan.delete if current._take_key(exchange, self._sent_key(plan, exchange)) else None
        return (current._case(delete, placed(delete, key=current.key)) if delete else None), current.key

    def _sent_key(self, plan: ChainPlan, exchange: Exchange) -> str | None:
        """Return the key that a create was sent, in its path or as a text of its body."""
        if plan.make.key:
            return self.variables(exchange.call).get(plan.make.key.name.lower())
        entity = _entity_of(plan.make, _sent_json(exchange))
        keys = shown_keys(entity, plan.resource.key_names) if isinstance(entity, dict) else ()
        return next((key for key in keys if isinstance(key, str)), None)

    def chosen_key(self, plan: ChainPlan, schema: Schema) -> Entity:
        """Return the key of a new entity where its maker has to choose it: one that nobody else has, else nothing."""
        content = Content(schema, self.contract)
        resource = plan.resource
        names = {name.lower() for name in (*resource.views.values(), resource.key, resource.variable)}
        for name in content.names:
            part = self.contract.resolve(content.member(name).schema)
            is_chosen = name in content.required or not resource.key
            if is_chosen and name.lower() in names and types_of(part) == ("string",):
                value = self.maker.better.texts.value(f"{name} key", part)  # it stands in a path, without blanks
                return {} if value is None else {name: value}
        return {}

    def shown_texts(self, plan: ChainPlan, schema: Schema) -> list[str]:
        """Return the properties of a new entity that hold a text of choice, first those that replies about it show."""
        shown = {
            name.lower()
            for role in (plan.make, *plan.reads)
            for name in members_of(answered_entity(self.operation(role), self.contract), self.contract)
        }
        return sorted(free_texts(schema, self.contract), key=lambda name: name.lower() not in shown)

    def variables(self, call: Call) -> dict[str, str]:
        """Return the values of the path variables of a call, by their names in lower case."""
        match = self.maker.purposes.router.match(call)
        return {name.lower(): value for name, value in match.variables.items()} if match else {}

    def operation(self, role: Role) -> Operation:
        """Return the operation that has a role."""
        return self._operations[role.operation]


@dataclass
class _Chain:
    """A chain while it is sent: ``key`` and ``entity`` are those of what was created, as it was shown last.

    ``views`` are what reads showed last, by their types. It ``is_listed`` where a list was asked for what a create
    doesn't answer.
    Where it ``is_careful``, what doesn't show the chain's text is nobody's to change.
    """

    chains: Chains
    plan: ChainPlan
    send: SendCase
    ledger: ChainLedger | None
    text: str
    done: list[Step] = field(default_factory=list)
    around: dict[str, str] = field(default_factory=dict)
    key: Any = None
    entity: Entity = field(default_factory=dict)
    sent: Entity = field(default_factory=dict)
    is_careful: bool = False
    entity_type: str = ""
    views: dict[str, Entity] = field(default_factory=dict)
    is_listed: bool = False

    def run(self) -> tuple[Step, ...]:
        if self.plan.is_there:
            if not self._find():
                return ()
        elif not self._create():
            return tuple(self.done) if self.key is not None or self.is_listed else ()
        else:
            self._register()
        self._read_all()
        if not self.plan.is_there and not self.is_listed:  # a list may not show everything that there is
            self._list()
        *earlier, last = (*enumerate(self.plan.changes, 1),) or (None,)
        for number, role in earlier:
            self._change(role, number)
            self._read()
        if last:
            self._change(last[1], last[0])
            self._read_all()
            if not self.plan.reads:
                self._list()
        self._delete()
        return tuple(self.done)

    def _find(self) -> bool:
        """Tell whether an entity that is there can be read."""
        operation = self.chains.operation(self.plan.make)
        known = self.chains.maker.bases.of(operation).draft.parameters.get("path", {})
        self.around = {name.lower(): str(value) for name, value in known.items()}
        self.key = known.get(self.plan.make.key.name) if self.plan.make.key else None
        if not self.plan.reads:
            return self._find_row()
        self.entity_type = shown_type(self.chains.operation(self.plan.reads[0]), self.chains.contract)
        self._read(existing=False)
        return bool(self.entity)

    def _find_row(self) -> bool:
        """Tell whether a list shows an entity with its key."""
        self.key = None
        exchange = self._list()
        for _, row in (exchange and exchange.succeeded and shown_rows(exchange)) or ():
            if keys := shown_keys(row, self.plan.resource.key_names):
                self.key, self.entity = keys[0], row
                return True
        return False

    def _create(self) -> bool:
        role = self.plan.make
        operation = self.chains.operation(role)
        self.around = {
            name.lower(): str(value) for name, value in self.chains.maker.bases.path_values(operation).items()
        }
        schema = entity_schema(role, operation, self.chains.contract)
        chosen = self.chains.chosen_key(self.plan, schema)
        texts = [name for name in self.chains.shown_texts(self.plan, schema) if name not in chosen]
        refused: list[Exchange] = []
        for entity, text in chain(((draft, self.text) for draft in _drafts(self)), _better(self, role, refused)):
            for key_name in dict.fromkeys(self.plan.resource.views.values()):
                entity = new_entity(entity, key_name, [], "")
            entity = new_entity(entity, "", texts, text) if text else entity
            entity = {**entity, **{member(entity, name): value for name, value in chosen.items()}}
            exchange = self._send(role, placed(role, entity=entity), existing=False)
            if exchange and exchange.succeeded:
                self.sent = entity
                self.entity, self.entity_type = _created(self, operation, exchange)
                # without a key nobody could remove what another try would create
                if not self._take_key(exchange, next(iter(chosen.values()), None)):
                    return bool(texts and text) and self._find_listed()
                return bool(chosen) or _is_own(self, exchange, entity, has_text=bool(texts and text))
            refused[:] = [exchange] if exchange else []
        return False

    def _take_key(self, exchange: Exchange, chosen: Any) -> bool:
        self.around = self.chains.variables(exchange.call)
        self.key = created_key(exchange, self.plan.resource, self.sent) or chosen
        return self.key is not None

    def _find_listed(self) -> bool:
        """Tell whether a list shows the chain's text, and the key of what has it."""
        role = self.plan.listing
        if role is None or role.key or role.criteria:
            return False
        exchange = self._send(role, {}, existing=True)
        self.is_listed = bool(exchange and exchange.succeeded)
        for _, row in (exchange and exchange.succeeded and shown_rows(exchange)) or ():
            if self.text in json.dumps(row):
                self.key = next(iter(shown_keys(row, self.plan.resource.key_names)), None)
        return self.key is not None

    def _register(self) -> None:
        case = self._case(self.plan.delete, placed(self.plan.delete, key=self.key)) if self.plan.delete else None
        if case and self.ledger:
            self.ledger.created(case, self.key)

    def _read_all(self) -> None:
        """Read it in two ways, where there are two."""
        for role in reversed(self.plan.reads):
            self._read(role)

    def _read(self, role: Role | None = None, *, existing: bool = True) -> None:
        role = role or next(iter(self.plan.reads), None)
        exchange = self._send(role, placed(role, key=self.key), existing=existing) if role else None
        shown = self._shown(exchange) if exchange and exchange.succeeded else None
        if role and shown:
            view = shown_type(self.chains.operation(role), self.chains.contract)
            self.views[view] = shown
            self.entity = shown if view == self.entity_type else self.entity

    def _list(self) -> Exchange | None:
        role = self.plan.listing
        values = _asked_of_list(role, self.chains.operation(role), self) if role else None
        return self._send(role, values, existing=True) if role and values is not None else None

    def _change(self, role: Role, number: int) -> None:
        """Change some values: by a patch that names them, or by the whole entity as it was read."""
        schema = _change_schema(role, self.plan.make, self.chains)
        whole = _sendable(self, role, schema)
        # where the path doesn't say which entity is meant, the body does
        keys = frozenset() if role.key or self.plan.resource.singleton else self.plan.resource.key_names
        names = [name for name in free_texts(schema, self.chains.contract) if name.lower() not in keys]
        texts = [name for name in names if role.name != "patch" or member(whole, name) in whole]
        for new in changes(whole, texts, f"{self.text} {number}", schema, self.chains.contract):
            values = placed(role, key=self.key, entity=new if role.name == "patch" else {**whole, **new})
            exchange = self._send(role, values, existing=True)
            if exchange is None or not is_refusal(exchange):
                self._send_stale(role, values)
                break

    def _send_stale(self, role: Role, values: ValuesByPlace) -> None:
        """Send a call on a condition that doesn't hold, where that is documented to be refused.

        Only a server that says by what it distinguishes versions can be expected to look at it.
        """
        case = self._case(role, values) if self.chains.operation(role).response(412) else None
        header = _stale(self.done)
        if case and header:
            stale = replace(case, call=case.call.with_headers(header), purpose=Purpose.PROBE, about=STALE)
            self._take(role, stale)

    def _delete(self) -> None:
        role = self.plan.delete
        if role is None:
            return
        self._send_stale(role, placed(role, key=self.key))
        exchange = self._send(role, placed(role, key=self.key), existing=True)
        if exchange and exchange.succeeded:
            if self.ledger:
                self.ledger.removed(exchange.case, self.key)
            self._read(existing=False)
            if self.plan.listing and self.plan.listing.name == "list":
                self._list()

    def _case(self, role: Role, values: ValuesByPlace, *, existing: bool = True) -> Case | None:
        return self.chains.case(role, values, self.around, existing=existing)

    def _send(self, role: Role, values: ValuesByPlace, *, existing: bool) -> Exchange | None:
        case = self._case(role, values, existing=existing)
        return self._take(role, case) if case else None

    def _take(self, role: Role, case: Case) -> Exchange | None:
        exchange = self.send(case)
        if exchange:
            self.done.append(Step(role, exchange, self.key))
        return exchange

    def _shown(self, exchange: Exchange) -> Entity | None:
        """Return the entity that a reply shows, ``None`` for none."""
        body = alone(answered_value(exchange, self.sent))
        return body if isinstance(body, dict) else None


def _better(current: _Chain, role: Role, refused: list[Exchange]) -> Iterator[tuple[Entity, str]]:
    """Yield what may be created instead of what was refused at last, with the chain's text and then without.

    What was accepted before is tried first with values of the refused entity where it holds null.
    """
    last = refused[0] if refused else None
    if last is None or not is_refusal(last):
        return
    before = _entity_of(role, _sent_json(last))
    for number, body in enumerate(current.chains.maker.better.bodies(last)):
        entity = _entity_of(role, body)
        if isinstance(entity, dict) and (number < _MARKED_TRIES or not current.is_careful):
            text = current.text if number < _MARKED_TRIES else ""
            present = {name: value for name, value in entity.items() if value is not None}
            if number == 0 and isinstance(before, dict) and present != entity:
                yield {**before, **present}, text
            yield entity, text


def _entity_of(role: Role, body: Any) -> Any:
    """Return the entity that a body holds."""
    return alone(body.get(role.entity.name) if role.entity and role.entity.name and isinstance(body, dict) else body)


def _sent_json(exchange: Exchange) -> Any:
    try:
        return json_body(exchange.call)
    except ValueError:
        return None


def _is_own(current: _Chain, exchange: Exchange, sent: Entity, *, has_text: bool) -> bool:
    """Tell whether what a create is answered with is what was sent: other entities are nobody's to change."""
    shown = current._shown(exchange)
    role = next(iter(current.plan.reads), None)
    if role and (shown is None or not has_members_of(shown, sent)):
        read = current._send(role, placed(role, key=current.key), existing=True)
        shown = current._shown(read) if read and read.succeeded else None
    if shown is None:
        return exchange.reply.status == _CREATED
    if not has_text:
        return is_like(shown, sent)
    has_path = item_path(current.plan.resource, current.chains.contract) != ""
    is_new = has_path and not current.is_careful and exchange.reply.status == _CREATED
    if is_new and is_like(shown, sent) and has_values_of(shown, sent):
        return True  # a server may lose the text
    return current.text in json.dumps(shown)


def _drafts(current: _Chain) -> Iterator[Entity]:
    """Yield what may be created: what the server proposes, then a sample."""
    make = current.chains.operation(current.plan.make)
    if current.plan.draft:
        exchange = current._send(current.plan.draft, {}, existing=False)
        if exchange and exchange.succeeded and (shown := current._shown(exchange)):
            yield shown
    sample = current.chains.calls.sample(current.plan.make, make)
    if sample is not None:
        contract = current.chains.contract
        yield unlike_defaults(sample, entity_schema(current.plan.make, make, contract), contract)


def with_before(findings: Iterable[Finding], steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield findings of a chain, each with the cases that have to be sent before the one that shows it."""
    cases = [step.exchange.case for step in steps]
    for finding in findings:
        place = next((index for index, case in enumerate(cases) if case is finding.case), 0)
        yield replace(finding, before=tuple(cases[:place])) if place and not finding.before else finding


def _sendable(current: _Chain, role: Role, schema: Schema) -> Entity:
    """Return the entity without properties that are only read, which servers may refuse."""
    sent: Entity = without_left_out(_whole(current, role, schema), schema, current.chains.contract)
    return sent


def _whole(current: _Chain, role: Role, schema: Schema) -> Entity:
    """Return the entity as the type that an operation is sent, with its key."""
    wanted = typed_value(schema, current.chains.contract).type
    if item_path(current.plan.resource, current.chains.contract) and role.name != "patch":
        sample = current.chains.calls.sample(role, current.chains.operation(role)) or {}
        return sendable_entity(members_of(schema, current.chains.contract), {**current.sent, **current.entity}, sample)
    if role.name == "patch" or wanted == current.entity_type:
        return current.entity
    sample = current.chains.calls.sample(role, current.chains.operation(role)) or {}
    key = current.plan.resource.views.get(wanted)
    return {**sample, member(sample, key): current.key} if key else sample


def _asked_of_list(role: Role, operation: Operation, current: _Chain) -> dict[RequestPlace, Any] | None:
    """Return what a list is asked for so that it shows the entity, ``None`` where that isn't known."""
    values = placed(role, key=current.key)
    for criterion in role.criteria:
        value: Any = current.views.get(criterion.view, current.entity)
        for step in criterion.property.split("/"):
            value = value.get(member(value, step)) if isinstance(value, dict) else None
        if value is None or isinstance(value, dict | list):
            return None
        values[criterion.place] = value
    behaviour = operation.behaviour(BehaviourName.LIST_FILTER)
    if not values and behaviour:
        key_name = next(iter(current.plan.resource.views.values()))
        values[RequestPlace("query", behaviour.parameter)] = _filter(key_name, current.key)
    return values or dict(largest_page(operation, current.chains.contract))


def _filter(name: str, key: Any) -> str:
    """Return the ``$filter`` of one key."""
    quoted = "'{}'".format(key.replace("'", "''")) if isinstance(key, str) else key
    return f"{name} eq {quoted}"


def _created(current: _Chain, operation: Operation, exchange: Exchange) -> tuple[Entity, str]:
    """Return what a create has made and its type: what it answers, unless that is a key, a link or a status alone."""
    shown = current._shown(exchange)
    if shown and has_members_of(shown, current.sent):
        return shown, shown_type(operation, current.chains.contract)
    read = next(iter(current.plan.reads), None)
    return current.sent, shown_type(current.chains.operation(read), current.chains.contract) if read else ""


def _change_schema(role: Role, make: Role, chains: Chains) -> Schema:
    """Return what may be changed: of a patch that documents none of an entity's properties, what may be created."""
    schema = entity_schema(role, chains.operation(role), chains.contract)
    names = members_of(schema, chains.contract).keys()
    if role.name != "patch" or (names and not names >= _PATCH_MEMBERS):
        return schema
    return entity_schema(make, chains.operation(make), chains.contract)


def _stale(steps: Sequence[Step]) -> tuple[str, str] | None:
    """Return a condition that doesn't hold for what was shown last, ``None`` where replies show no versions."""
    for step in reversed(steps):
        reply = step.exchange.reply
        if reply.header("ETag"):
            return "If-Match", json.dumps("docdouble-stale")
        if reply.header("Last-Modified"):
            return "If-Unmodified-Since", _LONG_AGO
    return None
