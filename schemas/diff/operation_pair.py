"""One operation in two contracts: what of it is unread and unchanged, and the changes of its facts."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import orjson

from ..contract.evidence import is_documented
from ..contract.facts import Fact, FactKind
from ..contract.model import COMPONENT_PREFIX, Contract, Evidence, Operation, Schema
from ..openapi.contract_file import unread_operation, written_schema
from .change import Change, Judgement
from .diff_rules import BREAKING, RISKY, RULES
from .normalise import is_same, named_types
from .schema_comparison import SchemaComparison, TypeDifference
from .sides import Direction, KeywordSource, Sides

_REFERENCE = re.compile(rb'"' + COMPONENT_PREFIX.encode() + rb'((?:[^"\\]|\\.)*)"')


class ContractComparison:
    """The comparisons of two contracts in both directions."""

    def __init__(self, old: Contract, new: Contract) -> None:
        self.old = old
        self.new = new
        self.changed_types = changed_types(old.schemas, new.schemas)
        self.shared_parts_changed = (old.security_schemes, old.servers) != (new.security_schemes, new.servers)
        directions: tuple[Direction, ...] = ("request", "response")
        self._sides = {name: SchemaComparison(Sides(old, new, name), self.changed_types) for name in directions}

    def of(self, direction: Direction) -> SchemaComparison:
        """Return the comparison of one direction."""
        return self._sides[direction]


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """Two schemas of an operation: ``side`` is the first word of their rules, ``label`` the name in messages.

    ``old`` and ``new`` are the evidence of what inside of it has none of its own.
    """

    direction: Direction
    side: str
    part: FactKind
    name: str
    label: str
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
        for difference in self.comparisons.of(where.direction).differences(old or {}, new or {}):
            if self._concerns(difference.difference.pages):
                yield self._changed(difference, where)

    def _concerns(self, pages: frozenset[str] | None) -> bool:
        return pages is None or (self.old.page in pages and self.old.page == self.new.page)

    def _changed(self, located: TypeDifference, where: ComparedPlace) -> Change:
        difference = located.difference
        pointer = located.prefix + difference.pointer
        label = f"{pointer} of {where.label}" if pointer else where.label
        return Change(
            _rule(where.side, difference.what),
            difference.judgement,
            self._place(pointer, where),
            self._place(located.prefix + difference.around, where),
            f"{label} {difference.summary}",
            _evidence(difference.old, self.old, where.old),
            _evidence(difference.new, self.new, where.new),
            difference.example,
            located.type_name,
            difference.pointer if located.type_name else "",
            difference.summary,
        )

    def _place(self, pointer: str, where: ComparedPlace) -> Fact:
        """Return the fact of a place; those inside a parameter or a header are none of their own."""
        is_body = where.part in (FactKind.REQUEST, FactKind.RESPONSE)
        return self.fact(where.part, where.name + pointer if is_body else where.name)


def _rule(side: str, what: str) -> str:
    name = f"{side}-{what}"
    return name if name in RULES else {"parameter": "parameter-schema-changed"}.get(side, f"{side}-changed")


def _evidence(source: KeywordSource | None, operation: Operation, otherwise: Evidence | None) -> Evidence | None:
    return (source.evidence(operation.page) or otherwise) if source else None


def limited_by_evidence(judgement: Judgement, evidence: Evidence | None) -> Judgement:
    """Return the judgement, or risky where that would be breaking and nobody states it."""
    return RISKY if judgement is BREAKING and not is_documented(evidence) else judgement


def changed_types(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> frozenset[str]:
    """Return the named types that aren't the same word for word on both sides, or refer to one that isn't."""
    changed = {name for name in old.keys() | new.keys() if not _is_same_type(name, old, new)}
    users: dict[str, set[str]] = {}
    for name in old.keys() - changed if changed else ():
        for used in _named_by(name, old):
            users.setdefault(used, set()).add(name)
    waiting = list(changed)
    while waiting:
        affected = users.get(waiting.pop(), set()) - changed
        changed |= affected
        waiting += affected
    return frozenset(changed)


def _is_same_type(name: str, old: Mapping[str, Schema], new: Mapping[str, Schema]) -> bool:
    texts = written_schema(old, name), written_schema(new, name)
    return (None not in texts and texts[0] == texts[1]) or (
        name in old and name in new and is_same(old[name], new[name])
    )


def _named_by(name: str, schemas: Mapping[str, Schema]) -> Iterator[str]:
    text = written_schema(schemas, name)
    return named_types(schemas[name]) if text is None else _named_in(text)


def _named_in(text: memoryview) -> Iterator[str]:
    for match in _REFERENCE.finditer(text):
        with suppress(orjson.JSONDecodeError):
            yield orjson.loads(b'"%b"' % match[1])


def is_same_unread(old: Operation, new: Operation, changed: frozenset[str]) -> bool:
    """Tell whether two operations that nobody has read yet are the same, and refer to nothing that changed."""
    texts = unread_operation(old), unread_operation(new)
    if texts[0] is None or texts[0] != texts[1] or (old.method, old.path) != (new.method, new.path):
        return False
    return changed.isdisjoint(_named_in(texts[0]))
