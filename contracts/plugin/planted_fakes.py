"""The fakes of one run of somebody's tests, with a fault planted into them or without one."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Evidence, Reply
from docdouble.schemas.contract.model import evidence_of

from ..cases.sampling import in_turn
from ..mutation import Mutant, MutantServer, Scope, mutant_of, sample
from ..mutation.places import answer_spots, request_spots


class WatchedFake(MutantServer):
    """A fake that knows which operations were called: ``called`` holds their ids."""

    def __init__(self, contract: Contract, settings: Settings | None, mutant: Mutant | None) -> None:
        super().__init__(contract, settings, mutant)
        self.called: set[str] = set()

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call."""
        if match := self._router.match(call):
            self.called.add(match.operation.id)
        return super().handle(call)


class Planting:
    """Maker of the fakes of a run, with the mutant of an id planted into those whose contract has it.

    With an empty id, no promise is broken. ``wrong_replies`` counts those of all of them.
    """

    def __init__(self, mutant_id: str) -> None:
        self._mutant_id = mutant_id
        self.wrong_replies = 0
        self._contracts: dict[int, Contract] = {}
        self._called: dict[int, set[str]] = {}

    @contextmanager
    def fake(self, contract: Contract, settings: Settings) -> Iterator[FakeServer]:
        """Yield a fake; raises ``ConfigError`` for an id that is none."""
        self._contracts[id(contract)] = contract
        app = WatchedFake(contract, settings, self._mutant_in(contract))
        with closing(app):
            yield app
        self.wrong_replies += app.wrong_replies
        self._called.setdefault(id(contract), set()).update(app.called)

    def notes(self, seed: int, limit: int) -> dict[str, Any]:
        """Return what the run has seen, a JSON value: the wrong replies, or what could be broken in the next runs."""
        return {"struck": self.wrong_replies} if self._mutant_id else {"mutants": self._chosen(seed, limit)}

    def _mutant_in(self, contract: Contract) -> Mutant | None:
        rest = self._mutant_id.partition(":")[2]
        is_meant = any(rest == operation.id or rest.startswith(f"{operation.id}:") for operation in contract.operations)
        # tests may have fakes of several contracts
        return mutant_of(self._mutant_id, contract) if is_meant else None

    def _chosen(self, seed: int, limit: int) -> list[dict[str, str]]:
        """Return mutants of the operations that were called, evenly over the contracts."""
        drawn: list[list[dict[str, str]]] = []
        for key, called in self._called.items():
            scope = Scope.of(self._contracts[key])
            operations = [operation for operation in self._contracts[key].operations if operation.id in called]
            drawn.append([_as_dict(mutant, scope) for mutant in sample(operations, scope, seed, limit)])
        return list({mutant["id"]: mutant for mutant in in_turn(drawn)}.values())[:limit]


def _as_dict(mutant: Mutant, scope: Scope) -> dict[str, str]:
    evidence = promise_of(mutant, scope)
    return {"id": mutant.id, "about": mutant.about, "evidence": str(evidence or "no documentation line")}


def promise_of(mutant: Mutant, scope: Scope) -> Evidence | None:
    """Return where the promise is documented that a mutant breaks: its place, or else its operation."""
    operation = next(operation for operation in scope.contract.operations if operation.id == mutant.operation)
    page = operation.page
    where, slash, name = mutant.place.partition("/")
    spots = request_spots(operation, scope) if where == "body" else answer_spots(operation, scope) if not where else []
    documented = [evidence_of(spot.schema, page=page) for spot in spots if spot.pointer == f"{slash}{name}"]
    documented += [
        parameter.evidence
        for parameter in operation.parameters
        if (parameter.location, parameter.name) == (where, name)
    ]
    return next((evidence for evidence in documented if evidence), operation.evidence)
