"""Planted faults: the fake breaks one promise at a time, and the suite has to notice."""

from .kinds import KINDS, mutant_of
from .mutant import Mutant, Scope, When
from .mutant_app import MutantServer
from .run import MUTANTS, Bench, MutantResult, mutate, sample
from .score import KindScore, score_lines, scores, severities

__all__ = [
    "KINDS",
    "MUTANTS",
    "Bench",
    "KindScore",
    "Mutant",
    "MutantResult",
    "MutantServer",
    "Scope",
    "When",
    "mutant_of",
    "mutate",
    "sample",
    "score_lines",
    "scores",
    "severities",
]
