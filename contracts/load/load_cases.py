"""Cases of a load: valid calls of each operation, with values that replies have shown and texts of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from time import monotonic

from docdouble.schemas import Call, Operation

from ..cases import Maker
from ..cases.baseline_request import call_of
from ..cases.draft import ABSENT, Draft
from ..cases.refusals import is_refusal
from ..generation.fields import RequestField
from ..model.case import Case, Origin, Purpose
from ..model.exchange import Exchange

_MOST_KEPT = 512
"""Calls of which it is remembered whether they are valid."""


_FIRST_HARVESTS = 5
"""Replies to an operation whose values are all kept."""

_BETWEEN_HARVESTS = 0.1
"""Seconds until those of another reply are."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A valid request of an operation, the variables of its path, and the other fields that say what it is about."""

    draft: Draft
    variables: Mapping[str, RequestField]
    keys: tuple[RequestField, ...]


class LoadCases:
    """Maker of the calls of single operations; ``random`` chooses among the values that are known."""

    def __init__(self, maker: Maker, random: Random) -> None:
        self._maker = maker
        self._random = random
        self._prepared: dict[str, _Prepared | None] = {}
        self._in_vain: set[str] = set()
        self._harvested: dict[str, tuple[int, float]] = {}
        self._valid: dict[Call, bool] = {}

    def case(self, operation: Operation) -> Case | None:
        """Return a call of an operation, ``None`` where nothing valid is known, or not what it may be about."""
        prepared = self._of(operation)
        draft = self._about_known(prepared) if prepared else None
        if draft is None:
            return None
        if not operation.only_reads:
            draft = self._maker.better.unique(draft)
        call = call_of(draft)
        if call is None or not self._is_valid(operation, call):
            return None
        return Case(operation, call, Purpose.VALID, Origin.LOAD)

    def note(self, exchange: Exchange) -> None:
        """Learn from a reply: values that it shows, what isn't there, and which texts have to be unique."""
        if exchange.succeeded:
            self._harvest(exchange)
        elif exchange.reply.status in (404, 410):
            self._maker.values.forget(exchange)
            self._in_vain.add(exchange.operation.id)
        elif (
            exchange.case.origin is Origin.LOAD and is_refusal(exchange) and (prepared := self._of(exchange.operation))
        ):
            self._maker.better.learn(exchange, prepared.draft)

    def _harvest(self, exchange: Exchange) -> None:
        """Keep the values that a reply shows: at first of each, then now and then, since that takes its time."""
        seen, moment = self._harvested.get(exchange.operation.id, (0, 0.0))
        now = monotonic()
        if seen < _FIRST_HARVESTS or now - moment > _BETWEEN_HARVESTS:
            self._harvested[exchange.operation.id] = seen + 1, now
            self._maker.values.harvest(exchange)

    def _of(self, operation: Operation) -> _Prepared | None:
        if operation.id not in self._prepared:
            self._prepared[operation.id] = self._prepare(operation)
        return self._prepared[operation.id]

    def _prepare(self, operation: Operation) -> _Prepared | None:
        base = self._maker.bases.of(operation)
        if not base.is_valid:
            return None
        ids = [field for field in self._maker.bases.ids(base) if base.draft.get(field) not in (ABSENT, None, 0)]
        variables = {field.name: field for field in ids if field.where == "path"}
        return _Prepared(base.draft, variables, tuple(field for field in ids if field.where != "path"))

    def _about_known(self, prepared: _Prepared) -> Draft | None:
        """Return the request about something that is known; a guess where nothing is, unless that was in vain."""
        draft, operation, values = prepared.draft, prepared.draft.operation, self._maker.values
        own = {name: known for name, field in prepared.variables.items() if (known := values.own(operation, field))}
        texts = {name: str(self._random.choice(known)) for name, known in own.items()}
        choices = list(values.paths.choices(operation, texts)) if prepared.variables else []
        together = {**(self._random.choice(choices) if choices else {}), **texts}
        is_guessed = False
        for variable in (*prepared.variables.values(), *prepared.keys):
            if variable.where == "path" and variable.name in together:
                draft = draft.put(variable, together[variable.name])
            elif known := values.known(operation, variable):
                draft = draft.put(variable, self._random.choice(known))
            else:
                is_guessed = True
        return None if is_guessed and operation.id in self._in_vain else draft

    def _is_valid(self, operation: Operation, call: Call) -> bool:
        known = self._valid.get(call)
        if known is None:
            if len(self._valid) >= _MOST_KEPT:
                self._valid.clear()
            known = self._valid[call] = self._maker.purposes.of(operation, call) is Purpose.VALID
        return known
