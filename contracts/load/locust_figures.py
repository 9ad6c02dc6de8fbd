"""Figures that Locust has of a run, by operation, as thresholds and reports need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Contract

from ..model.finding import Fingerprint, Severity
from .judgements import Judgements, LoadJudgement
from .thresholds import TIMES, Figures


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """Figures of all operations together, and of each by its id."""

    total: Figures
    by_operation: Mapping[str, Figures]


def load_figures(
    stats: Any, contract: Contract, judgements: Judgements, known: Mapping[Fingerprint, Severity]
) -> LoadFigures:
    """Return the figures of Locust's ``stats`` with what was judged; ``known`` findings are no violations."""
    by_operation = {}
    for operation in contract.operations:
        entry = stats.entries.get((operation.path, operation.method))
        if entry is not None:
            judgement = judgements.by_operation.get(operation.id, LoadJudgement())
            by_operation[operation.id] = _figures(entry, judgement.judged, judgement.violations(known))
    whole = judgements.by_operation.values()
    judged, violations = (
        sum(load_judgement.judged for load_judgement in whole),
        sum(load_judgement.violations(known) for load_judgement in whole),
    )
    return LoadFigures(_figures(stats.total, judged, violations), by_operation)


def _figures(entry: Any, judged: int, violations: int) -> Figures:
    percentiles = {name: _percentile(entry, name) for name in TIMES if name.startswith("p")}
    return Figures(
        entry.num_requests,
        entry.num_failures,
        judged,
        violations,
        entry.total_rps,
        entry.avg_response_time,
        entry.min_response_time or 0.0,
        entry.max_response_time,
        percentiles,
    )


def _percentile(entry: Any, name: str) -> float:
    return float(entry.get_response_time_percentile(float(name[1:]) / 100)) if entry.num_requests else 0.0
