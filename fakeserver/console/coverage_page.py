"""Page of what calls touched so far: a map of all operations, and of each that was called its facts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Operation
from docdouble.schemas.contract.base_paths import base_path
from docdouble.schemas.contract.facts import FactKind

from .served import Served

LEVELS = 4
"""Steps in which a share is shown, above nothing."""

_TITLES = {
    FactKind.PARAMETER: "Parameters",
    FactKind.REQUEST_MEDIA_TYPE: "Request media types",
    FactKind.REQUEST: "Request",
    FactKind.STATUS: "Statuses",
    FactKind.RESPONSE_MEDIA_TYPE: "Response media types",
    FactKind.RESPONSE: "Response",
}


@dataclass(frozen=True, slots=True)
class CoveredFact:
    """A documented fact, and whether it was touched."""

    name: str
    is_touched: bool


@dataclass(frozen=True, slots=True)
class CoveredOperation:
    """An operation and what was touched of it; without ``documented`` facts, only the number of its calls is known."""

    id: str
    method: str
    path: str
    calls: int
    touched: int = 0
    documented: int = 0
    facts: tuple[tuple[str, tuple[CoveredFact, ...]], ...] = ()
    undocumented: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """The share that was touched, from 0 for nothing to ``LEVELS`` for everything."""
        if not self.documented:
            return LEVELS if self.calls else 0
        return -(-LEVELS * self.touched // self.documented) if self.touched < self.documented else LEVELS


def coverage_map(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return all operations with what was touched, from the use that is noted, else from the journal."""
    keeper = served.control.use()
    noted: Mapping[str, Any] = keeper.as_dict()["operations"] if keeper else {}
    journal = Counter(entry.operation for entry in served.control.controls.journal.entries() if entry.operation)
    rows = [
        _row(served, operation, noted.get(operation.id), journal[operation.id])
        for operation in served.contract.operations
    ]
    called = sorted((row for row in rows if row.calls), key=lambda row: (row.path, row.method))
    return {
        "rows": rows,
        "called": called,
        "touched": sum(row.touched for row in called),
        "documented": sum(row.documented for row in called),
        "notes_use": keeper is not None,
        "levels": LEVELS,
    }


def _row(served: Served, operation: Operation, used: Mapping[str, Any] | None, calls: int) -> CoveredOperation:
    path = base_path(served.contract, operation) + operation.path
    if used is None:
        return CoveredOperation(operation.id, operation.method, path, calls)
    facts = [(fact["part"], CoveredFact(fact["name"], True)) for fact in used["facts"]]
    facts += [(fact["part"], CoveredFact(fact["name"], False)) for fact in used.get("untouched", ())]
    return CoveredOperation(
        operation.id,
        operation.method,
        path,
        used["calls"],
        len(used["facts"]),
        used["documented"],
        tuple(_by_kind(facts)),
        tuple(used.get("undocumented", ())),
    )


def _by_kind(facts: list[tuple[str, CoveredFact]]) -> Iterable[tuple[str, tuple[CoveredFact, ...]]]:
    for kind, title in _TITLES.items():
        of_kind = sorted((fact for part, fact in facts if part == kind), key=lambda fact: fact.name)
        if of_kind:
            yield title, tuple(of_kind)
