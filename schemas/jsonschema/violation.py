"""Violation of a schema by a value."""

from dataclasses import dataclass

from ..contract.model import Evidence, Grade


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that breaks a schema: ``pointer`` (RFC 6901) into the value, and the schema keyword as ``rule``.

    ``grade`` is how sure the broken promise is, which may be less than the evidence of the field as a whole:
    a null where null is not documented, or a format that is only slightly off, is ``assumed``. ``missing`` are the
    names of required properties that aren't there, ``unexpected`` of those that have no place in the object.
    The documentation itself shows a value that ``is_shown``.
    """

    pointer: str
    rule: str
    expected: str
    got: str
    grade: Grade
    evidence: Evidence | None
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    is_shown: bool = False

    @property
    def message(self) -> str:
        """Expected and got, as one sentence."""
        return f"expected {self.expected}, got {self.got}"

    @property
    def is_drift(self) -> bool:
        """Tell whether a text is only slightly off its format, and not as the documentation shows it."""
        return self.rule == "format" and not self.counts and not self.is_shown

    @property
    def counts(self) -> bool:
        """Tell whether documentation says otherwise, not only a convention."""
        return self.grade is not Grade.ASSUMED
