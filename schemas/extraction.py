"""Result of reading sources: the contract, contradictions of the documentation, and pages that could not be read."""

from dataclasses import dataclass, field
from pathlib import Path

from .contract.model import Contract, Evidence
from .errors import PageError


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places of the documentation that can't both be right, or one that can't be meant as it stands.

    ``message`` quotes both; ``mend`` is the edit that would mend it, where one is known.
    """

    rule: str
    page: str
    line: int
    message: str
    mend: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = f"{self.page}:{self.line}" if self.line else self.page
        return f"{place}: {self.message} [{self.rule}]"


def contradiction_at(evidence: Evidence | None, rule: str, message: str, mend: str = "") -> Contradiction:
    """Return a contradiction where something was read, of no page where that is not known."""
    return Contradiction(rule, evidence.page if evidence else "", evidence.line if evidence else 0, message, mend)


BROKEN_PARTS = ("broken-reference", "unread-reference", "broken-schema", "broken-part")
"""The rules about parts of an OpenAPI document that are left out, since they can't be read."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """A contract and what was noticed on the way; nothing that was read vanishes without a line here."""

    contract: Contract
    contradictions: tuple[Contradiction, ...] = ()
    failures: tuple[PageError, ...] = ()
    """Pages that could not be read."""
    skipped: tuple[str, ...] = ()
    """Pages that describe no operation."""
    documents: tuple[object, ...] = ()
    """The roots of OpenAPI documents, each a ``DocumentNode``, whose structure ``lint`` looks at."""
    notes: tuple[str, ...] = ()
    """Lines for the user about how the source was read, such as by guessed settings."""


@dataclass(frozen=True, slots=True)
class Access:
    """The files and hosts that may be read beside the files that are given.

    ``urls``: a source may be an ``http`` or ``https`` URL. ``references`` are folders and hosts to which references of
    an OpenAPI document may lead beside its own. ``dialect`` is the file with the settings of pages, where it isn't
    beside them.
    """

    urls: bool = False
    references: tuple[str, ...] = ()
    dialect: Path | None = None


DEFAULT_ACCESS = Access()
