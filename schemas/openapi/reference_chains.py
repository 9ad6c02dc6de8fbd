"""Chains of references: places that hold nothing but a reference to the next one."""

import math

from .document import DocumentNode

MOST_REFERENCES = 100
"""References that lead to references one after the other."""


class References:
    """Checks references, and remembers how many follow each."""

    def __init__(self) -> None:
        self._following: dict[tuple[str, str], float] = {}

    def check(self, node: DocumentNode, ref: str, target: DocumentNode) -> None:
        """Raise ``DocumentError`` where nothing but references follow, in a circle or one after the other for long."""
        passed: dict[tuple[str, str], None] = {}
        while isinstance(target.data, dict) and isinstance(following := target.data.get("$ref"), str):
            place = target.file.location, target.pointer
            if place in passed or place in self._following:
                break
            passed[place] = None
            target = target.target(following)
        place = target.file.location, target.pointer
        count = math.inf if place in passed else self._following.get(place, 0)
        for before in reversed(passed):
            count += 1
            self._following[before] = count
        if count == math.inf:
            raise node.error(f"$ref {ref!r} leads in a circle")
        if count > MOST_REFERENCES:
            raise node.error(f"$ref {ref!r} leads to a reference, and on over more than {MOST_REFERENCES} others")
