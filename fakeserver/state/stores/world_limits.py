"""Limits of worlds in a store: how many, and for how long."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from .store import LIFETIME, MOST_WORLDS, TooManyWorldsError


@dataclass(frozen=True, slots=True)
class WorldLimits:
    """At ``most`` so many worlds, each forgotten ``lifetime`` seconds after its last use by this ``clock``.

    Stores of several processes that share their worlds need clocks that agree: the default tells the time of day.
    """

    most: int = MOST_WORLDS
    lifetime: float = LIFETIME
    clock: Callable[[], float] = time.time

    def last_use(self, world: str) -> float:
        """When a world that is used now was last used; the usual one always is, so that it never expires."""
        return self.clock() if world else math.inf

    @property
    def expired(self) -> float:
        """A world that was last used at this moment or before it is forgotten."""
        return self.clock() - self.lifetime

    @property
    def due(self) -> float:
        """A world that was last used at this moment or before it has its use written down.

        A minute ago for a lifetime of an hour: to ask for changes seldom has to write.
        """
        return self.clock() - self.lifetime / 60

    def too_many(self) -> TooManyWorldsError:
        """Return the error that refuses a new world."""
        return TooManyWorldsError(
            f"{self.most} worlds have changes, and no more are kept; "
            f"reset one, or wait: one that nobody asks for is forgotten after {self.lifetime:g} seconds"
        )


LIMITS = WorldLimits()
