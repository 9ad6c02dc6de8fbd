"""What a check is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..exchange import Exchange
from ..finding import Finding


@dataclass(frozen=True, slots=True)
class Check:
    """A named promise: ``run`` yields a finding for each place where an exchange breaks it."""

    id: str
    promise: str
    run: Callable[[Exchange], Iterable[Finding]]
