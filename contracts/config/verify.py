"""The values of the table ``[verify]``: what is verified, how much is sent, and with which credentials."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class VerifyConfig:
    """What a project says of its verification; each has an option of ``docdouble verify`` of the same name.

    ``only``, ``skip`` and ``allow_writes`` are selectors of operations, see ``selection``; ``skip_checks`` are ids of
    checks. ``careful`` is ``None`` where the target decides. ``rate`` is in calls a second, 0 without a limit and
    ``None`` where the target decides; the times are in seconds, the size in bytes, and 0 means no limit. ``values`` are
    known values by the names of their properties; ``headers`` tell what goes out with every call, see ``headers``.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    skip_checks: tuple[str, ...] = ()
    allow_writes: tuple[str, ...] = ()
    careful: bool | None = None
    rate: float | None = None
    jobs: int = 1
    max_requests: int = 0
    max_time: float = 0.0
    timeout: float = 30.0
    max_response_time: float = 0.0
    max_reply_size: int = 0
    baseline: Path | None = None
    cases: Path | None = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = field(default="", repr=False)
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)


MOST_JOBS = 64

MOST_SECONDS = 10**6
"""Longer than any run; the system's timers end somewhere above."""

LEAST_RATE, MOST_RATE = 0.001, 10**6
"""Calls a second, if there is a limit."""
