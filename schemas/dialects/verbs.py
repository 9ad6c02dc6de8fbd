"""What the names of operations start with, and what that says they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..words import words_of

Verb = Literal["create", "draft", "get", "search", "save", "update", "delete"]
"""What a name says. ``get`` may read one, list all, or search; what is asked and answered tells."""


def _usual() -> dict[Verb, tuple[str, ...]]:
    return {
        "create": ("Create", "Add", "Insert", "New"),
        "draft": ("CreateDefault", "GetDefault", "Default"),
        "get": ("Get", "Read", "Fetch", "Load", "List", "Retrieve"),
        "search": ("Search", "Find", "Query"),
        "save": ("Save", "Store", "Upsert"),
        "update": ("Update", "Modify", "Edit"),
        "delete": ("Delete", "Remove", "Destroy"),
    }


@dataclass(frozen=True)
class Verbs:
    """The verbs of one documentation family, and the path segments that answer a thing which isn't kept."""

    verbs: Mapping[Verb, tuple[str, ...]]
    draft_segments: tuple[str, ...]

    def split(self, name: str) -> "tuple[Verb, tuple[str, ...]] | None":
        """Return the verb that a name starts with and the lower-case words after it; of several the longest verb."""
        words = words_of(name)
        known = ((kind, words_of(verb)) for kind, verbs in self.verbs.items() for verb in verbs)
        found = [(kind, verb) for kind, verb in known if words[: len(verb)] == verb]
        if not found:
            return None
        kind, verb = max(found, key=lambda one: len(one[1]))
        return kind, words[len(verb) :]


USUAL = Verbs(_usual(), ("default", "new"))
