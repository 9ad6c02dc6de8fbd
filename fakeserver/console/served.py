"""Server as the console's pages show it."""

from dataclasses import dataclass

from docdouble.schemas import Contract

from ..control.admission import PREFIX
from ..control.api import Control
from ..settings import Settings

CONSOLE = f"{PREFIX}console/"
"""Path of the console's pages."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served at the moment of a call: a contract, by settings, with what ``control`` shows and sets."""

    contract: Contract
    settings: Settings
    control: Control
