"""Checks, strategies, runner, reports, command line and pytest plugin: the top layer."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checks.check import Check, Send, Step
    from .conformance.assert_conforms import assert_conforms
    from .engine.verification import verify
    from .model.case import Case, Purpose
    from .model.events import Event, OperationResult, Run, RunDone, RunStarted
    from .model.exchange import Exchange, Subject
    from .model.finding import Finding, Severity
    from .reports.registry import Report

__all__ = [
    "Case",
    "Check",
    "Event",
    "Exchange",
    "Finding",
    "OperationResult",
    "Purpose",
    "Report",
    "Run",
    "RunDone",
    "RunStarted",
    "Send",
    "Severity",
    "Step",
    "Subject",
    "assert_conforms",
    "verify",
]

_LATER = {
    "Case": ".model.case",
    "Check": ".checks.check",
    "Event": ".model.events",
    "Exchange": ".model.exchange",
    "Finding": ".model.finding",
    "OperationResult": ".model.events",
    "Purpose": ".model.case",
    "Report": ".reports.registry",
    "Run": ".model.events",
    "RunDone": ".model.events",
    "RunStarted": ".model.events",
    "Send": ".checks.check",
    "Severity": ".model.finding",
    "Step": ".checks.check",
    "Subject": ".model.exchange",
    "assert_conforms": ".conformance.assert_conforms",
    "verify": ".engine.verification",
}
"""Modules of all public names: every test run imports this package, for the pytest plugin, and few need any of them."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
