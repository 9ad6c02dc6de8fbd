"""Source format: what tells a file of one format, and the function that makes a contract of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..contract.model import Evidence, Grade
from ..extraction import DEFAULT_ACCESS, Access, Contradiction, Extraction
from ..text_files import read_text, real_path

MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""The largest file of any format that is read."""


MAX_INCLUDED_BYTES = 8 * 1024 * 1024
"""The largest file that another one includes."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file that is read: its text, its path, and what it is called in messages and evidence.

    ``root`` is the folder that is read, below which all lies that the file may include; ``None`` for its own.
    """

    text: str
    path: Path
    name: str
    access: Access = DEFAULT_ACCESS
    root: Path | None = None

    def evidence(self, line: int, grade: Grade = Grade.SAMPLED) -> Evidence:
        """Return the evidence of what stands on a line."""
        return Evidence(grade, self.name, line)

    def included(self, written: str) -> str | None:
        """Return the text of a file that this one includes, ``None`` where there is none below the folder."""
        root = (self.root or self.path.parent).resolve()
        try:
            path = real_path(self.path.resolve().parent / written)
            is_inside = path.is_relative_to(root) and path.is_file()
            return read_text(path, written, MAX_INCLUDED_BYTES) if is_inside else None
        except (OSError, ValueError):
            return None

    def problem(self, rule: str, line: int, message: str) -> Contradiction:
        """Return the contradiction of a line, by a rule of ``lint``."""
        return Contradiction(rule, self.name, line, message)


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A format that is read.

    A file is of it whose name ends in one of ``suffixes``, in lower case, or whose bytes ``recognises``: of a large one
    the beginning and the end. ``read`` raises ``PageError`` or ``ContractError`` where nothing can be read of a file; a
    broken part costs that part, and is reported. Of two formats that tell of one operation, the one with the lower
    ``order`` is believed.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[SourceText], Extraction]
    order: int = 0
    is_part: Callable[[Path], bool] = lambda path: False
    """The test whether a file of a folder is read with another one, and so not on its own."""


@dataclass(frozen=True, slots=True)
class UnreadFormat:
    """A format that is not read: what tells it, as of a ``SourceFormat``, and what its user can do instead."""

    title: str
    advice: str
    suffixes: tuple[str, ...] = ()
    sign: str = ""
    """A regular expression that is found in files of it."""

    def message(self) -> str:
        """Return the message about a file of this format."""
        return f"this is {self.title}: docdouble doesn't read it; {self.advice}"
