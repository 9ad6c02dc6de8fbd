"""Whether an operation only reads, for a server that is not ours: where it isn't known, it writes."""

from dataclasses import dataclass
from itertools import pairwise

from docdouble.schemas import Grade, Operation
from docdouble.schemas.contract.model import Effect
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.words import words_of

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


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an operation reads or writes, and why that is believed."""

    effect: Effect
    why: str


def judged(operation: Operation) -> Judged:
    """Tell whether an operation only reads; one that nothing is known of writes, and so does one of a doubtful name.

    What was written into a contract by hand, or documented, is believed.
    """
    evidence = operation.effect_evidence
    line = f" ({evidence})" if evidence else ""
    is_said = operation.effect is not None and (evidence is None or evidence.grade is not Grade.ASSUMED)
    if is_said:
        return Judged(operation.effect or "write", f"it {operation.effect}s, says the contract{line}")
    if word := _changing_word(operation):
        return Judged("write", f"it may write: {word!r} in its name{line}")
    if operation.method in ("GET", "HEAD") and operation.effect != "write":
        return Judged("read", f"it reads: {operation.method} is a safe method")
    if operation.effect == "read":
        return Judged("read", f"it reads, by its name{line}")
    return Judged("write", f"it may write: nothing says that it only reads{line}")


def _changing_word(operation: Operation) -> str:
    """Return the word of an operation's name, or of the end of its path, that speaks of a change."""
    name = operation.id.rpartition("_")[2] or operation.id
    split = USUAL.split(name)
    words = words_of(name)
    after = {following for word, following in pairwise(words) if word in ("or", "and")}
    is_reading = bool(words) and (words[0] in _READS or (split is not None and split[0] == "draft"))
    spoken = after if is_reading else words
    segments = [one for one in operation.path.split("/") if one and "{" not in one]
    end = words_of(segments[-1])[:1] if segments and not is_reading else ()
    return next((word for word in (*spoken, *end) if word in _CHANGES), "")
