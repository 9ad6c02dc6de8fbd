"""The two contracts of a comparison of schemas in one direction, and the value of a difference."""

from dataclasses import dataclass
from typing import Any, Literal

from ..contract.model import Contract, Evidence, Schema, evidence_of
from .change import NO_VALUE, Judgement
from .diff_rules import BREAKING, RISKY, SAFE
from .normalise import NonNullSchema, NonNullSchemas, SchemaPlace
from .subset import allows_all, witness

Direction = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class KeywordSource:
    """The source of a fact: a schema with its evidence, and the keyword in question."""

    holder: Schema
    keyword: str = ""

    def evidence(self, page: str) -> Evidence | None:
        """Return the evidence as seen from a page."""
        return evidence_of(self.holder, self.keyword, page)


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference at ``pointer``; ``what`` is a rule without its side, ``around`` where those who are hit are.

    With ``pages``, it concerns the operations of these pages only.
    """

    what: str
    judgement: Judgement
    summary: str
    pointer: str = ""
    around: str = ""
    old: KeywordSource | None = None
    new: KeywordSource | None = None
    example: Any = NO_VALUE
    pages: frozenset[str] | None = None


class Sides:
    """Two contracts whose schemas are compared in one direction."""

    def __init__(self, old: Contract, new: Contract, direction: Direction) -> None:
        self.old = old
        self.new = new
        self.direction = direction
        self.old_views = NonNullSchemas(old.schemas)
        self.new_views = NonNullSchemas(new.schemas)

    @property
    def is_request(self) -> bool:
        """Tell whether it is requests that are compared."""
        return self.direction == "request"

    def fits(self, old: Schema, new: Schema) -> bool | None:
        """Tell whether nobody is hit: all old requests are allowed, or all new responses were.

        ``None`` where nobody can tell, and no value is found that tells.
        """
        if self.is_request:
            answer = allows_all(new, old, self.new, self.old)
        else:
            answer = allows_all(old, new, self.old, self.new)
        return False if answer is None and self.example(old, new) is not NO_VALUE else answer

    def is_equivalent(self, old: Schema, new: Schema) -> bool:
        """Tell whether both schemas allow the same values, as far as that can be computed."""
        return bool(allows_all(new, old, self.new, self.old) and allows_all(old, new, self.old, self.new))

    def is_narrower(self, old: Schema, new: Schema) -> bool:
        """Tell whether the new schema allows all values of the old one, and surely others, too."""
        return bool(allows_all(new, old, self.new, self.old)) and not allows_all(old, new, self.old, self.new)

    def judged(self, fits: bool | None, old: SchemaPlace, new: SchemaPlace, keyword: str = "") -> Judgement:
        """Return what comes of a difference: only what is stated can break anybody."""
        if fits is not False:
            return SAFE if fits else RISKY
        is_sure = old.is_sure(keyword) and (not self.is_request or new.is_sure(keyword))
        return BREAKING if is_sure else RISKY

    def example(self, old: Schema, new: Schema) -> Any:
        """Return a value that hits somebody: refused now, or never sent before; ``NO_VALUE`` where none is found."""
        if self.is_request:
            return witness(old, new, self.old, self.new)
        return witness(new, old, self.new, self.old)

    def difference(
        self, what: str, fits: bool | None, old: NonNullSchema, new: NonNullSchema, summary: str, keyword: str
    ) -> Difference:
        """Return a difference of the values of one place."""
        judgement = self.judged(fits, old.place, new.place, keyword)
        example = NO_VALUE if fits or judgement is SAFE else self.example(old.place.schema, new.place.schema)
        sources = KeywordSource(old.place.holder, keyword), KeywordSource(new.place.holder, keyword)
        return Difference(what, judgement, summary, old=sources[0], new=sources[1], example=example)
