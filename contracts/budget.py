"""How much is sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls per operation: random ones and boundary ones, of each kind, valid and hostile. ``seed`` chooses them."""

    max_examples: int = 25
    boundaries: int = 15
    seed: int = 0
