"""Contradictions of a documentation with itself and with an OpenAPI file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..extraction import Contradiction, Extraction


def lint(extraction: "Extraction") -> "tuple[Contradiction, ...]":
    """Return all that is wrong with the documentation of a contract, ordered by page and line."""
    from .lint_rules import contradictions_of  # here: every program imports this function, few lint

    return contradictions_of(extraction)
