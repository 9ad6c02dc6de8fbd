"""Verbs in the names of operations: what they do to a resource, and whether they read or write."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ..words import words_of

Verb = Literal["create", "draft", "get", "search", "save", "update", "delete"]
"""Meaning of a verb. ``get`` may read one, list all, or search; what is asked and answered decides."""

_CHANGES = frozenset(
    words_of(
        "accept acknowledge activate add approve archive assign cancel change clear clone close commit complete "
        "confirm consume convert copy create deactivate delete destroy disable dismiss edit enable enqueue "
        "execute expire extend finish generate grant import increment insert install invalidate invite invoke "
        "issue launch lock login logoff logon logout mark merge migrate modify move new open patch pause pay poll "
        "post process promote provision publish purge put rebuild receive refresh register reindex reject release "
        "remove rename renew reopen replace reset resolve restart restore resume revoke rotate run save schedule "
        "send set sign signin signout signup start stop store submit subscribe suspend sync synchronize terminate "
        "transfer trigger undo unlock unpublish unregister unsubscribe update upgrade upload upsert wipe write"
    )
)
_READS = frozenset(
    words_of(
        "calculate can check compare count default describe detect download exists export fetch find get has head "
        "is list load look lookup preview query read retrieve search select show test validate view"
    )
)
_REMOVES = frozenset(words_of("delete remove destroy purge clear"))


@dataclass(frozen=True)
class Verbs:
    """The verbs of one documentation family, and the path segments that answer an entity which isn't stored.

    ``reading`` is what the names of remote procedures that change nothing start with.
    """

    verbs: Mapping[Verb, tuple[str, ...]]
    draft_segments: tuple[str, ...]
    reading: tuple[str, ...] = ()

    def split(self, name: str) -> "tuple[Verb, tuple[str, ...]] | None":
        """Return the verb that a name starts with and the lower-case words after it; of several the longest verb."""
        words = words_of(name)
        known = ((kind, words_of(verb)) for kind, verbs in self.verbs.items() for verb in verbs)
        matches = [(kind, verb) for kind, verb in known if words[: len(verb)] == verb]
        if not matches:
            return None
        kind, verb = max(matches, key=lambda match: len(match[1]))
        return kind, words[len(verb) :]

    def reads(self, operation_id: str) -> bool:
        """Tell whether an operation is a remote procedure that changes nothing, by its name."""
        words = words_of(procedure_name(operation_id))
        return any(words[: len(verb)] == verb for verb in map(words_of, self.reading))

    def changing_word(self, operation_id: str, path: str) -> str:
        """Return the word of an operation's name, or of the end of its path, that speaks of a change; else nothing."""
        name = procedure_name(operation_id)
        words, split = words_of(name), self.split(name)
        after = {following for word, following in pairwise(words) if word in ("or", "and")}
        is_reading = bool(words) and (words[0] in _READS or (split is not None and split[0] == "draft"))
        spoken = after if is_reading else words
        segments = [segment for segment in path.split("/") if segment and "{" not in segment]
        end = words_of(segments[-1])[:1] if segments and not is_reading else ()
        return next((word for word in (*spoken, *end) if word in _CHANGES), "")


USUAL = Verbs(
    {
        "create": ("Create", "Add", "Insert", "New"),
        "draft": ("CreateDefault", "GetDefault", "Default"),
        "get": ("Get", "Read", "Fetch", "Load", "List", "Retrieve"),
        "search": ("Search", "Find", "Query"),
        "save": ("Save", "Store", "Upsert"),
        "update": ("Update", "Modify", "Edit"),
        "delete": ("Delete", "Remove", "Destroy"),
    },
    ("default", "new"),
)


def procedure_name(operation_id: str) -> str:
    """Return the last part of an operation's id, which begins with a verb: ``SaveGuest`` of ``Guests_SaveGuest``."""
    return operation_id.rpartition("_")[2] or operation_id


def removes(operation_id: str) -> bool:
    """Tell whether the name of an operation begins with a verb of removal."""
    return not _REMOVES.isdisjoint(words_of(procedure_name(operation_id))[:1])
