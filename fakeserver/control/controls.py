"""Controls of a server: the journal, prepared answers and faults, which outlive the contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..state.stores.sqlite_connections import SqliteConnections
from .control_file import FileLog, FileValue
from .faults import FaultBoard, FaultsInForce
from .journal import Journal
from .prepared import NumberedAnswers, PreparedAnswers

CLEARED = ("calls", "answers", "faults")
"""Resources that are forgotten where none is named."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Journal, prepared answers and faults, which the control API shows and sets by world."""

    journal: Journal
    prepared: PreparedAnswers
    faults: FaultBoard
    opened: SqliteConnections | None = None

    def clear(self, world: str = "", resources: Iterable[str] = CLEARED) -> None:
        """Forget the calls, the answers and the faults, or those of them that are named; of all worlds without one."""
        clear = {"calls": self.journal.clear, "answers": self.prepared.clear, "faults": self.faults.clear}
        for resource in resources:
            clear[resource](world)

    def close(self) -> None:
        """End every wait for calls, and release the file that is shared."""
        self.journal.close()
        if self.opened:
            self.opened.close()


def new_controls(seed: int, secrets: Iterable[str], file: Path | None = None) -> Controls:
    """Return the controls of one process, or those that the processes share which name the same ``file``."""
    if file is None:
        return Controls(Journal(secrets=secrets), PreparedAnswers(), FaultBoard(seed))
    opened = SqliteConnections(file, "what the control API keeps", temporary=True)
    return Controls(
        Journal(FileLog(opened), secrets),
        PreparedAnswers(FileValue(opened, "answers", NumberedAnswers())),
        FaultBoard(seed, FileValue(opened, "faults", FaultsInForce())),
        opened,
    )
