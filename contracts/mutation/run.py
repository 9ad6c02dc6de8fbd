"""Run of mutation testing: each mutant is verified as a server would be, and is noticed or not."""

import copy
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import Any

from docdouble.fakeserver import Settings
from docdouble.schemas import Contract, Operation
from docdouble.schemas.resources.entity_keys import kinds_shown, members_of

from ..cases.known_values import KnownValues
from ..chains import Chains
from ..checks import CHECKS, Check
from ..client.target import WsgiTarget
from ..client.transport import Transport
from ..engine.runner import Runner
from ..generation.schemathesis import CallStrategies, RandomCalls
from ..model.budget import Budget
from ..model.events import OperationResult
from ..model.finding import Finding, Fingerprint
from .kinds import KINDS
from .mutant import Mutant, MutationKind, Scope
from .mutant_app import MutantServer

MUTANTS = 200
"""Number of mutants that are tried by default."""

_EXISTING = (1, 2, 3)
"""Keys of entities that a fake has: a run that verifies all operations learns them from earlier replies."""

_SHARING = 4
"""So many times fewer operations than mutants are looked at first."""

_LOOKED_THROUGH = 300
"""Further operations that are looked through for kinds that only few can have."""

_CHAINS = 2
"""Chains through an operation that are sent, at most."""


@dataclass(frozen=True, slots=True)
class MutantResult:
    """Result of the suite for a mutant: the ``findings`` that the right fake doesn't have, worst first.

    ``asked`` is how many calls could have shown it, ``wrong_replies`` how many were answered wrongly. ``operations``
    are those whose suites were run, ``in_chain`` tells whether a chain of calls leads through the mutant's operation.
    """

    mutant: Mutant
    findings: tuple[Finding, ...]
    asked: int
    wrong_replies: int
    operations: tuple[str, ...]
    in_chain: bool
    calls: int
    seconds: float

    @property
    def is_noticed(self) -> bool:
        """Whether the suite has found something."""
        return bool(self.findings)

    @property
    def is_equivalent(self) -> bool:
        """Whether calls that could have shown the difference were all answered as the right fake answers them."""
        return self.asked > 0 and not self.wrong_replies and not self.findings


def sample(operations: Sequence[Operation], scope: Scope, seed: int, limit: int) -> list[Mutant]:
    """Return at most ``limit`` mutants, as evenly as can be over the kinds, and of a kind over the operations.

    Several kinds share operations where that can be: the right fake has to be verified but once for them.
    """
    drawn = random.Random(seed)
    shared = drawn.sample(operations, len(operations))
    waiting = [
        _of_kind(kind, shared, scope, max(limit // _SHARING, 1), f"{seed} {kind.name}") for kind in KINDS.values()
    ]
    mutants: list[Mutant] = []
    while waiting and len(mutants) < limit:
        for of_kind in list(waiting):
            mutant = next(of_kind, None)
            if mutant is None:
                waiting.remove(of_kind)
            else:
                mutants.append(mutant)
    return mutants[:limit]


def _of_kind(
    kind: MutationKind, operations: Sequence[Operation], scope: Scope, near: int, seed: str
) -> Iterator[Mutant]:
    """Yield a mutant of each operation that can have one, those of the first ``near`` operations first; then others."""
    drawn = random.Random(seed)
    operations = [operation for operation in operations if scope.can_be_kept(operation)]
    first = drawn.sample(operations[:near], min(near, len(operations)))
    others: list[list[Mutant]] = []
    for operation in (*first, *operations[near : near + _LOOKED_THROUGH]):
        mutants = list(kind.mutants(operation, scope))
        drawn.shuffle(mutants)
        yield from mutants[:1]
        others.append(mutants[1:])
    for several in zip_longest(*others):
        yield from (mutant for mutant in several if mutant)


def mutate(
    contract: Contract,
    operations: Sequence[Operation],
    budget: Budget,
    seed: int = 0,
    limit: int = MUTANTS,
    *,
    settings: Settings | None = None,
    checks: tuple[Check, ...] = CHECKS,
) -> Iterator[MutantResult]:
    """Plant mutants, chosen by ``seed``, one by one into the fake, and yield what the suite says of each."""
    bench = Bench(contract, replace(budget, shrinking=0), settings, checks)
    for mutant in sample(operations, bench.scope, seed, limit):
        yield bench.try_(mutant)


class Bench:
    """A fake that mutants are planted into, and a suite that is run against it."""

    def __init__(
        self, contract: Contract, budget: Budget, settings: Settings | None = None, checks: tuple[Check, ...] = CHECKS
    ) -> None:
        self.scope = Scope.of(contract)
        self._contract = contract
        self._app = MutantServer(contract, settings)
        transport = Transport(WsgiTarget(self._app), lambda call: True, budget)
        self._runner = Runner(contract, transport, budget, checks)
        self._runner.maker = replace(self._runner.maker, strategies=_Remembering(self._runner.contract, budget.seed))
        self._known: dict[str, frozenset[Fingerprint]] = {}
        self._existing = dict.fromkeys(_numbered_keys(contract), _EXISTING)

    def try_(self, mutant: Mutant) -> MutantResult:
        """Return what the suites of the operations concerned say of a mutant; the first that notices it ends it."""
        started = time.monotonic()
        asked = wrong_replies = calls = 0
        suites: list[str] = []
        findings: list[Finding] = []
        for operation in self._concerned(mutant):
            known = self._usual(operation)
            result = self._verified(operation, mutant)
            suites.append(operation.id)
            asked += self._app.asked
            wrong_replies += self._app.wrong_replies
            calls += result.calls
            findings = [finding for finding in result.findings if finding.fingerprint not in known]
            if findings:
                break
        in_chain = any(mutant.operation in plan.operations for plan in self._runner.chains.plans.values())
        seconds = time.monotonic() - started
        return MutantResult(mutant, tuple(findings), asked, wrong_replies, tuple(suites), in_chain, calls, seconds)

    def _concerned(self, mutant: Mutant) -> list[Operation]:
        """Return the mutant's operation, and those that begin a chain that it is part of, where only that shows it."""
        names = [mutant.operation]
        if KINDS[mutant.kind].in_chains:
            through = (name for name, plan in self._runner.chains.plans.items() if mutant.operation in plan.operations)
            names += islice(through, _CHAINS)
        return [self._contract.operation(name) for name in dict.fromkeys(names)]

    def _usual(self, operation: Operation) -> frozenset[Fingerprint]:
        """Return what the suite finds in the right fake: mostly nothing."""
        if operation.id not in self._known:
            result = self._verified(operation, None)
            self._known[operation.id] = frozenset(finding.fingerprint for finding in result.findings)
        return self._known[operation.id]

    def _verified(self, operation: Operation, mutant: Mutant | None) -> OperationResult:
        self._app.plant(mutant)
        runner = copy.copy(self._runner)
        runner.maker = replace(runner.maker, values=KnownValues(runner.contract, self._existing))
        runner.chains = Chains(runner.maker)
        return runner.verify(operation)


def _numbered_keys(contract: Contract) -> Iterator[str]:
    """Yield the keys that are numbers, as users name them."""
    for resource in contract.resources.resources:
        for view, key in resource.views.items():
            if "integer" in kinds_shown(members_of(contract.schemas.get(view), contract).get(key), contract):
                yield f"{view}.{key}"


class _Remembering(CallStrategies):
    """Strategies that draw once for all runs of an operation: that costs most of the time of a run."""

    def __init__(self, contract: Contract, seed: int) -> None:
        super().__init__(contract, seed)
        self._known: dict[str, RandomCalls] = {}

    def drawn(self, operation: Operation, budget: Budget, *others: Any) -> RandomCalls:
        known = self._known.get(operation.id)
        return known or self._known.setdefault(operation.id, super().drawn(operation, budget, *others))
