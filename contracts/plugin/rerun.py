"""Tests that are run again with a fault planted into their fakes, and which faults they notice."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..model.text import counted
from . import MUTANT

NOTES = "DOCDOUBLE_MUTANT_NOTES"
"""The environment variable with the file that a run writes what it has seen into."""

_LEAST_SECONDS = 60.0
_TIMES_LONGER = 10
"""A run that takes so many times longer than with the right fake hangs, which is noticed, too."""

_SHOWN = 2000
"""Characters of a failed run's output that are shown."""


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """Fault that was planted in one run of the tests, and the result.

    ``about`` and ``evidence`` say for people what is broken, and where that is documented. ``wrong_replies`` counts
    the replies that broke the promise, as far as a run that hung can.
    """

    id: str
    about: str
    evidence: str
    is_noticed: bool = False
    wrong_replies: int = 0

    @property
    def is_missed(self) -> bool:
        """Whether replies were wrong, and no test failed."""
        return self.wrong_replies > 0 and not self.is_noticed


@dataclass(frozen=True, slots=True)
class Score:
    """Results of all planted faults; ``problem`` says why they are not all, empty when they are."""

    faults: tuple[PlantedFault, ...] = ()
    problem: str = ""

    @property
    def noticed(self) -> int:
        """The number of faults that made a test fail."""
        return sum(fault.is_noticed for fault in self.faults)

    @property
    def counted(self) -> int:
        """The number of faults that showed in a reply: the others say nothing about the tests."""
        return self.noticed + sum(fault.is_missed for fault in self.faults)

    def reaches(self, percent: float) -> bool:
        """Tell whether at least this share was noticed, of all that were to be tried and of at least one."""
        return not self.problem and self.counted > 0 and 100 * self.noticed >= percent * self.counted

    def lines(self) -> Iterator[str]:
        """Yield a line for each fault that was missed, one for those that never showed, and the score."""
        for fault in self.faults:
            if fault.is_missed:
                yield f"missed  {fault.id}"
                yield f"        {fault.about}, {fault.evidence}; wrong replies: {fault.wrong_replies}"
        if unseen := len(self.faults) - self.counted:
            yield f"not counted: {counted(unseen, 'fault')} that no call of the tests shows"
        if self.counted:
            share = 100 * self.noticed / self.counted
            yield f"{self.noticed} of {counted(self.counted, 'planted fault')} noticed, {share:.0f} %"
        if self.problem:
            yield self.problem


@dataclass(frozen=True, slots=True)
class Rerun:
    """Repeated run of the tests by pytest, with ``arguments`` in ``folder``; ``workspace`` is a folder for notes."""

    arguments: tuple[str, ...]
    folder: Path
    workspace: Path

    def score(self, report: Callable[[str], None]) -> Score:
        """Plant one fault after the other; ``report`` is called with each. Ctrl-C ends it with those tried so far."""
        tried: list[PlantedFault] = []
        try:
            report("the tests are run again, without a fault")
            began = time.monotonic()
            if self._fails("", None):
                return Score(problem=f"no fault was planted: the tests fail when they are run again\n{self._output()}")
            seconds = max(_LEAST_SECONDS, _TIMES_LONGER * (time.monotonic() - began))
            chosen = self._noted().get("mutants", [])
            for number, members in enumerate(chosen, 1):
                report(f"planting {number} of {counted(len(chosen), 'fault')}: {members['id']}")
                tried.append(self._tried(PlantedFault(**members), seconds))
        except KeyboardInterrupt:
            return Score(tuple(tried), f"interrupted after {counted(len(tried), 'planted fault')}")
        return Score(tuple(tried), "" if chosen else "no fault was planted: no test calls fake_api or fake_client")

    def _tried(self, fault: PlantedFault, seconds: float) -> PlantedFault:
        is_noticed = self._fails(fault.id, seconds)
        return replace(fault, is_noticed=is_noticed, wrong_replies=self._noted().get("struck", 0))

    def _fails(self, mutant: str, seconds: float | None) -> bool:
        """Run the tests; one that hangs is killed."""
        self._notes.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", *self.arguments]
        environment = {**os.environ, MUTANT: mutant, NOTES: str(self._notes)}
        # a file and no pipe: what the tests started may outlive them, and would hold a pipe open
        with (self.workspace / "output").open("wb") as output:
            try:
                done = subprocess.run(
                    command,
                    cwd=self.folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return True
        return done.returncode != 0

    @property
    def _notes(self) -> Path:
        return self.workspace / "notes.json"

    def _noted(self) -> dict[str, Any]:
        """Return what the last run has noted; nothing where it didn't come to its end."""
        try:
            noted = json.loads(self._notes.read_bytes())
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def _output(self) -> str:
        return (self.workspace / "output").read_text(encoding="utf-8", errors="replace")[-_SHOWN:].strip()
