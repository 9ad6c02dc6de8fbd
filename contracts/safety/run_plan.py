"""Plan of a run: what may be sent to a server that is not ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.model import Effect
from docdouble.schemas.contract.resources import WRITING, RoleName
from docdouble.schemas.resources.bindings import Binding, bindings

from ..client.network import is_loopback
from .effect import judged
from .selection import matching_ids

CLASSIFIED = "classified"
"""Word for the operations that are known to create, update or delete entities of one kind."""

_ORDER: Mapping[RoleName, int] = {"create": 3, "save": 3, "update": 4, "patch": 4, "delete": 5}

_DOES: Mapping[str, str] = {**{name: f"{name}s" for name in WRITING}, "patch": "patches", "action": "acts on"}


class Profile(StrEnum):
    """Profile of a server: who uses it besides us."""

    CAREFUL = "careful"
    """Others: only what reads is sent, slowly, and what the user allows to write."""
    FULL = "full"
    """Nobody: every documented operation is called, and refusals are tried out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an operation is called, and why. A ``chained`` one only in chains, which remove what they create."""

    operation: Operation
    called: bool
    effect: Effect
    why: str
    chained: bool = False


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Plan of what a run may send: a verdict for each operation, those that are called first and in their order."""

    profile: Profile
    verdicts: tuple[Verdict, ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that are called, in their order."""
        return tuple(verdict.operation for verdict in self.verdicts if verdict.called)

    @property
    def skipped(self) -> dict[str, str]:
        """Why the others aren't, by id."""
        return {verdict.operation.id: verdict.why for verdict in self.verdicts if not verdict.called}

    def lines(self) -> list[str]:
        """Return the plan as text, a line per operation."""
        width = max((len(verdict.operation.label) for verdict in self.verdicts), default=0)
        lines = [
            f"{'call' if verdict.called else 'skip'}  {verdict.effect:5}  "
            f"{verdict.operation.label:{width}}  {verdict.why}"
            for verdict in self.verdicts
        ]
        called = sum(verdict.called for verdict in self.verdicts)
        return [*lines, f"{self.profile}: {called} of {len(self.verdicts)} operations would be called"]

    def as_json(self) -> dict[str, Any]:
        """Return the plan as a JSON value."""
        return {
            "profile": self.profile.value,
            "operations": [
                {
                    "id": verdict.operation.id,
                    "method": verdict.operation.method,
                    "path": verdict.operation.path,
                    "called": verdict.called,
                    "effect": verdict.effect,
                    "chained": verdict.chained,
                    "why": verdict.why,
                }
                for verdict in self.verdicts
            ],
        }


def profile_of(url: str, careful: bool | None = None) -> Profile:
    """Return the profile for a target, which is in process where ``url`` is empty; ``careful`` overrules it."""
    if careful is None:
        careful = bool(url) and not is_loopback(url)
    return Profile.CAREFUL if careful else Profile.FULL


def plan_of(
    contract: Contract,
    profile: Profile,
    skipped: Mapping[str, str] | None = None,
    allow_writes: tuple[str, ...] = (),
) -> RunPlan:
    """Return the plan of a run; ``skipped`` are operations that aren't wanted, by id with the reason.

    Those called by the careful profile: what reads, GET and HEAD first, then of what writes that which
    ``allow_writes`` names: ``classified``, or selectors of operations (see ``selection``). Raises ``ConfigError``
    for a selector that means nothing.
    """
    planner = _Planner(contract, profile, skipped or {}, allow_writes)
    verdicts = [planner.verdict(operation) for operation in contract.operations]
    return RunPlan(profile, tuple(sorted(verdicts, key=planner.order)))


def _names_what_it_changes(binding: Binding) -> bool:
    """Tell whether the keys of a call tell all that it changes: below others, and of the only one, they don't."""
    role, resource = binding.role, binding.resource
    is_alone = not resource.singleton and not role.parents and "{" not in resource.path
    return is_alone and (role.creates or role.key is not None or role.entity is not None)


class _Planner:
    def __init__(
        self, contract: Contract, profile: Profile, skipped: Mapping[str, str], allow_writes: tuple[str, ...]
    ) -> None:
        self._profile = profile
        self._skipped = skipped
        self._bindings = bindings(contract)
        self._removable = {
            binding.resource.name for binding in self._bindings.values() if binding.role.name == "delete"
        }
        self._classified = CLASSIFIED in allow_writes
        selectors = (selector for selector in allow_writes if selector != CLASSIFIED)
        self._named = {name for selector in selectors for name in matching_ids(contract, selector)}

    def verdict(self, operation: Operation) -> Verdict:
        binding = self._bindings.get(operation.id)
        changes = binding is not None and binding.role.writes
        documented = judged(operation)
        effect: Effect = "write" if changes else documented.effect
        why = f"it {_DOES[binding.role.name]} a {binding.resource.name}" if binding and changes else documented.why
        if operation.id in self._skipped:
            return Verdict(operation, False, effect, self._skipped[operation.id])
        if self._profile is Profile.FULL or effect == "read":
            return Verdict(operation, True, effect, why)
        return self._writing(operation, why, chained=changes)

    def _writing(self, operation: Operation, why: str, *, chained: bool) -> Verdict:
        if operation.id in self._named:
            return Verdict(operation, True, "write", f"{why}, and is allowed by its name", chained)
        if not (self._classified and chained):
            return Verdict(operation, False, "write", why)
        if not _names_what_it_changes(self._bindings[operation.id]):
            return Verdict(operation, False, "write", f"{why}, whose key alone doesn't tell whose it is")
        if self._bindings[operation.id].resource.name not in self._removable:
            return Verdict(operation, False, "write", f"{why}, which nothing is known to delete")
        return Verdict(operation, True, "write", f"{why}; only such as the run has created", chained)

    def order(self, verdict: Verdict) -> int:
        """Return the rank of a verdict: what isn't called comes last, what isn't careful stays as documented."""
        if not verdict.called:
            return 9
        if self._profile is Profile.FULL:
            return 0
        if verdict.effect == "read":
            return 0 if verdict.operation.method in ("GET", "HEAD") else 1
        binding = self._bindings.get(verdict.operation.id)
        return _ORDER.get(binding.role.name, 2) if binding else 2
