"""Options of a load run, which the command hands to Locust's process in a variable of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec

from ..config.config import VerifyConfig
from ..model.budget import ReplyLimits
from ..model.finding import Severity

VARIABLE = "DOCDOUBLE_LOAD"
"""Variable of the environment."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Options of a run.

    ``settings`` are those of ``verify``, whose rate is that of all workers together. ``fail_if`` are thresholds,
    ``reports`` kinds with their files. Every ``judge_every``-th reply is judged, 0: as many as the worker bears.
    Users think between ``think_time`` seconds, and ``weights`` are those of tasks by what names operations. With a
    ``har`` they send what was recorded.
    """

    sources: tuple[str, ...] = ()
    url: str = ""
    no_cache: bool = False
    references: tuple[str, ...] = ()
    settings: VerifyConfig = field(default_factory=VerifyConfig)
    seed: int = 0
    fail_on: Severity = Severity.ERROR
    fail_if: tuple[str, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    update_baseline: bool = False
    judge_every: int = 0
    think_time: tuple[float, float] = (0.5, 1.5)
    weights: Mapping[str, int] = field(default_factory=dict)
    har: Path | None = None
    quiet: bool = False

    @property
    def limits(self) -> ReplyLimits:
        """The limits that replies must keep."""
        return ReplyLimits(self.settings.max_response_time, self.settings.max_reply_size)

    def as_variable(self) -> str:
        """Return the value of the variable."""
        return msgspec.json.encode(self, enc_hook=_plain).decode()

    @classmethod
    def of_environment(cls) -> Self | None:
        """Take what the command has handed over, ``None`` where Locust was started by itself."""
        text = os.environ.pop(VARIABLE, "")  # it may hold credentials, which no other process needs
        return msgspec.json.decode(text, type=cls, dec_hook=lambda kind, value: kind(value)) if text else None


def _plain(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON")
