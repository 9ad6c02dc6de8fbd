"""Evidence of a fact: where it was read, and how sure it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Location = Literal["path", "query", "header", "cookie", "querystring"]


class Grade(StrEnum):
    """Certainty of a fact, from surest to least sure."""

    STATED = "stated"
    """A table, heading, marker or status line of the page says so."""
    SHARED = "shared"
    """Another page states it of the same named type."""
    SAMPLED = "sampled"
    """Only a documented sample shows it."""
    ASSUMED = "assumed"
    """A convention of the dialect; nothing on the page."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Source of a fact: ``page`` as named by its source, 1-based ``line`` (0: the file as a whole)."""

    grade: Grade
    page: str
    line: int

    def __str__(self) -> str:
        return f"{self.page}:{self.line}" if self.line else self.page

    def with_grade(self, grade: Grade) -> "Evidence":
        """Return the same place with another grade."""
        return Evidence(grade, self.page, self.line)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, as contracts hold it."""
        return {"grade": self.grade.value, "page": self.page, "line": self.line}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Evidence":
        """Read the JSON form; raises ``KeyError`` or ``ValueError`` when it is none."""
        return cls(Grade(data["grade"]), str(data["page"]), int(data["line"]))


def is_documented(evidence: Evidence | None) -> bool:
    """Tell whether a fact is stated by a page, be it another one; a fact without evidence is."""
    return evidence is None or evidence.grade in (Grade.STATED, Grade.SHARED)


def as_assumed(evidence: Evidence | None) -> Evidence | None:
    """Return the place of some evidence as that of a fact which is only assumed."""
    return evidence.with_grade(Grade.ASSUMED) if evidence else None


class LocatedSchemas(dict[str, dict[str, Any]]):
    """Schemas of a document by name, with the places that they were read from.

    ``places`` gives the evidence of what stands at a JSON Pointer below the schema of a name.
    """

    def __init__(self, schemas: Mapping[str, dict[str, Any]], places: Mapping[str, Callable[[str], Evidence]]) -> None:
        super().__init__(schemas)
        self._places = places

    def evidence_at(self, name: str, pointer: str) -> Evidence | None:
        """Return where a part of a schema was read, ``None`` for a schema that was not read from a document."""
        place = self._places.get(name)
        return place(pointer) if place else None

    def __reduce__(self) -> Any:
        return dict, (dict(self),)
