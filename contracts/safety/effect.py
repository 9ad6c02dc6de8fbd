"""Effect of an operation on a server that is not ours: where it isn't known, it writes."""

from dataclasses import dataclass

from docdouble.schemas import Grade, Operation
from docdouble.schemas.contract.model import Effect
from docdouble.schemas.dialects.verbs import USUAL


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
    is_documented = operation.effect is not None and (evidence is None or evidence.grade is not Grade.ASSUMED)
    if is_documented:
        return Judged(operation.effect or "write", f"it {operation.effect}s, says the contract{line}")
    if word := USUAL.changing_word(operation.id, operation.path):
        return Judged("write", f"it may write: {word!r} in its name{line}")
    if operation.method in ("GET", "HEAD") and operation.effect != "write":
        return Judged("read", f"it reads: {operation.method} is a safe method")
    if operation.effect == "read":
        return Judged("read", f"it reads, by its name{line}")
    return Judged("write", f"it may write: nothing says that it only reads{line}")
