"""Server as the console's pages show it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from docdouble.schemas import Contract, Evidence
from docdouble.schemas.extraction import Contradiction

from ..control.admission import PREFIX
from ..control.api import Control
from ..responder import Responder
from ..settings import Settings

CONSOLE = f"{PREFIX}console/"
"""Path of the console's pages."""


class Documentation(Protocol):
    """Documentation that a contract was read from, where it is still at hand."""

    def quotes(self) -> Callable[[Evidence], str]:
        """Return what quotes the line where something was read, empty where it can't be had."""

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...] | None:
        """Return what the documentation of a contract contradicts itself in, ``None`` while that is looked for.

        Raises ``DocdoubleError`` where it can't be read any more.
        """


@dataclass(frozen=True, slots=True)
class Served:
    """Contract and server at the moment of a call.

    ``responder`` answers calls or, of a proxy, would do so; ``control`` shows and sets what belongs to them.
    """

    responder: Responder
    control: Control
    documentation: Documentation | None = None
    is_proxy: bool = False

    @property
    def contract(self) -> Contract:
        """The documented operations and schemas."""
        return self.responder.contract

    @property
    def settings(self) -> Settings:
        """The settings by which it is served."""
        return self.responder.settings

    def quotes(self) -> Callable[[Evidence], str]:
        """Return what quotes the line where something was read, empty where it can't be had."""
        return self.documentation.quotes() if self.documentation else lambda evidence: ""
