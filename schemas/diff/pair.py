"""The two readings of an operation that are compared, and changes told of its facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..contract.evidence import is_documented
from ..contract.facts import Fact, FactKind
from ..contract.model import Contract, Evidence, Operation, Schema
from .change import Change, Judgement
from .diff_rules import BREAKING, RISKY, RULES
from .schemas import SchemaComparison, TypeDifference
from .sides import Direction, KeywordSource, Sides
from .unchanged import changed_types


class ContractComparison:
    """The comparisons of two contracts in both directions."""

    def __init__(self, old: Contract, new: Contract) -> None:
        self.old = old
        self.new = new
        self.changed_types = changed_types(old.schemas, new.schemas)
        self.schemes_changed = old.security_schemes != new.security_schemes
        directions: tuple[Direction, ...] = ("request", "response")
        self._sides = {name: SchemaComparison(Sides(old, new, name), self.changed_types) for name in directions}

    def of(self, direction: Direction) -> SchemaComparison:
        """Return the comparison of one direction."""
        return self._sides[direction]


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """Two schemas of an operation: ``side`` is the first word of their rules, ``told`` what people call the place.

    ``old`` and ``new`` are the evidence of what inside of it has none of its own.
    """

    direction: Direction
    side: str
    part: FactKind
    name: str
    told: str
    old: Evidence | None
    new: Evidence | None


@dataclass(frozen=True, slots=True)
class OperationPair:
    """One operation in two contracts."""

    old: Operation
    new: Operation
    comparisons: ContractComparison

    def fact(self, part: FactKind = FactKind.OPERATION, name: str = "") -> Fact:
        """Return a fact of it, named by the old id."""
        return Fact(self.old.id, part, name)

    def change(
        self, rule: str, judgement: Judgement, fact: Fact, message: str, old: Evidence | None, new: Evidence | None
    ) -> Change:
        """Return a change that hits those who touch the fact itself; what nobody states can't break anybody."""
        lost = old or new
        return Change(rule, limited_by_evidence(judgement, lost), fact, fact, message, old, new, summary=message)

    def schemas(self, old: Schema | None, new: Schema | None, where: ComparedPlace) -> Iterator[Change]:
        """Yield how two schemas differ; what has none allows anything."""
        for found in self.comparisons.of(where.direction).differences(old or {}, new or {}):
            if self._concerns(found.difference.pages):
                yield self._told(found, where)

    def _concerns(self, pages: frozenset[str] | None) -> bool:
        return pages is None or (self.old.page in pages and self.old.page == self.new.page)

    def _told(self, found: TypeDifference, where: ComparedPlace) -> Change:
        one = found.difference
        pointer = found.prefix + one.pointer
        told = f"{pointer} of {where.told}" if pointer else where.told
        return Change(
            _rule(where.side, one.what),
            one.judgement,
            self._place(pointer, where),
            self._place(found.prefix + one.around, where),
            f"{told} {one.summary}",
            _evidence(one.old, self.old, where.old),
            _evidence(one.new, self.new, where.new),
            one.example,
            found.type_name,
            one.pointer if found.type_name else "",
            one.summary,
        )

    def _place(self, pointer: str, where: ComparedPlace) -> Fact:
        """Return the fact of a place; those inside a parameter or a header are none of their own."""
        is_body = where.part in (FactKind.REQUEST, FactKind.RESPONSE)
        return self.fact(where.part, where.name + pointer if is_body else where.name)


def _rule(side: str, what: str) -> str:
    name = f"{side}-{what}"
    return name if name in RULES else {"parameter": "parameter-schema-changed"}.get(side, f"{side}-changed")


def _evidence(read: KeywordSource | None, operation: Operation, otherwise: Evidence | None) -> Evidence | None:
    return (read.evidence(operation.page) or otherwise) if read else None


def limited_by_evidence(judgement: Judgement, evidence: Evidence | None) -> Judgement:
    """Return the judgement, or risky where that would be breaking and nobody states it."""
    return RISKY if judgement is BREAKING and not is_documented(evidence) else judgement
