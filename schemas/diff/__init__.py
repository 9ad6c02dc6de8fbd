"""Differences of two contracts: each change, whom it breaks and a value that shows it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..contract.model import Contract
    from .change import Change


def diff(old: "Contract", new: "Contract") -> "tuple[Change, ...]":
    """Return the additions, removals and changes, in the order of the old contract, then what is new.

    Descriptions, samples, lines and the order of anything are no changes, and neither are links, which are worked out.
    What the documentation doesn't state, but only shows in samples, is never breaking.
    """
    from .contract_changes import contract_changes  # here: every program imports this function, few compare

    return contract_changes(old, new)
