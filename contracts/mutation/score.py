"""The mutation score, as lines of text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model.finding import Severity
from .kinds import KINDS
from .run import MutantResult


@dataclass(frozen=True, slots=True)
class KindScore:
    """Numbers of the mutants of a kind that were noticed; ``equivalent`` ones don't count."""

    kind: str
    noticed: int
    survived: int
    equivalent: int

    @property
    def percent(self) -> float:
        """The share of noticed ones among those that can be, 100 where there are none."""
        return _percent(self.noticed, self.noticed + self.survived)


def scores(results: Sequence[MutantResult]) -> list[KindScore]:
    """Return the scores of all kinds that were tried, in the order of the kinds."""
    return [
        _score(kind, of_kind)
        for kind in KINDS
        if (of_kind := [result for result in results if result.mutant.kind == kind])
    ]


def _score(kind: str, results: Sequence[MutantResult]) -> KindScore:
    noticed = sum(result.is_noticed for result in results)
    equivalent = sum(result.is_equivalent for result in results)
    return KindScore(kind, noticed, len(results) - noticed - equivalent, equivalent)


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def score_lines(results: Sequence[MutantResult]) -> Iterator[str]:
    """Yield a line for each kind, one for all, how they were noticed, and one for each survivor and why it is one."""
    by_kind = scores(results)
    width = max((len(score.kind) for score in by_kind), default=0)
    for score in by_kind:
        share = f"{score.noticed:4} of {score.noticed + score.survived:4} noticed {score.percent:4.0f} %"
        yield f"{score.kind:{width}} {share}" + (f"   {score.equivalent} equivalent" if score.equivalent else "")
    noticed, counted = sum(score.noticed for score in by_kind), sum(score.noticed + score.survived for score in by_kind)
    yield f"{'all':{width}} {noticed:4} of {counted:4} noticed {_percent(noticed, counted):4.0f} %"
    levels = ", ".join(f"{count} as {level}" for level, count in severities(results).items() if count)
    yield f"noticed {levels or 'none'}; by {_checks(results)}"
    yield from (
        f"survived: {_survivor(result)}" for result in results if not result.is_noticed and not result.is_equivalent
    )
    yield from (f"equivalent: {result.mutant.id}" for result in results if result.is_equivalent)


def _survivor(result: MutantResult) -> str:
    mutant = result.mutant
    if not result.asked:
        reason = "no call was sent that shows it"
    elif KINDS[mutant.kind].in_chains and not result.in_chain:
        reason = "no chain of calls leads through this operation"
    else:
        reason = f"{result.wrong_replies} of {result.calls} calls were answered wrongly"
    return f"{mutant.id} ({mutant.about}; {reason})"


def _checks(results: Sequence[MutantResult]) -> str:
    """Return which checks noticed how many, those that noticed most first."""
    count = Counter(check for result in results for check in {finding.check for finding in result.findings})
    return ", ".join(f"{check} {number}" for check, number in count.most_common()) or "none"


def severities(results: Sequence[MutantResult]) -> dict[Severity, int]:
    """Return the number of mutants that were noticed at each severity, by their worst finding."""
    worst = [
        min((finding.severity for finding in result.findings), key=lambda level: level.rank)
        for result in results
        if result.findings
    ]
    return {level: worst.count(level) for level in Severity}
