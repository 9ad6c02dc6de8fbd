"""Observers that keep what calls touched of the contract, as the control API asks for it."""

from typing import Any, Protocol, runtime_checkable

from docdouble.schemas import Call, Contract, Operation, Reply


@runtime_checkable
class KeepsUse(Protocol):
    """An observer of calls that tells what they touched."""

    def __call__(self, operation: Operation, call: Call, reply: Reply) -> None:
        """Note a call and its reply."""

    def as_dict(self) -> dict[str, Any]:
        """Return what was touched, as a JSON value."""

    def clear(self) -> None:
        """Forget it."""

    def replace(self, contract: Contract) -> None:
        """Look at calls as another contract documents them, from the next one on; raises ``ConfigError``."""
