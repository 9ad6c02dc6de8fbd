"""Verdicts on operations and on whole runs: what was verified, what was not, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .text import counted

NOT_VERIFIED = "not-verified"
"""The check whose findings are operations that are not verified."""

BASE_PATH, CREDENTIALS, FORBIDDEN = "base-path", "credentials", "forbidden"
"""Causes that concern a whole run."""

UNKNOWN_IDS, NOT_FOUND = "ids", "not-found"
"""Causes of 404: ids had to be guessed, or none was asked for."""


class OperationVerdict(StrEnum):
    """Verdict of a run on an operation."""

    VERIFIED = "verified"
    """A valid call succeeded, so that its replies were judged."""
    NOT_VERIFIED = "not verified"
    """Valid calls were sent, and none succeeded."""
    NOT_SENT = "not sent"
    """No valid call was sent, or the run ended before one succeeded."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The likely reason why no valid call of an operation succeeded: a name for it, and a sentence."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class OperationOutcome:
    """An operation as the verdict on its run sees it; ``cause`` is why it is not verified.

    It ``is_unexpected`` where that is a finding, of a severity above a note, which no baseline knows.
    """

    label: str
    verdict: OperationVerdict
    cause: Cause | None = None
    is_secured: bool = False
    may_stay_unverified: bool = False
    is_unexpected: bool = False


def unverified_by_cause(outcomes: Sequence[OperationOutcome]) -> Mapping[Cause, tuple[OperationOutcome, ...]]:
    """Return the operations that are not verified by the cause, the most frequent first."""
    by_cause: dict[Cause, list[OperationOutcome]] = {}
    for outcome in outcomes:
        if outcome.cause:
            by_cause.setdefault(outcome.cause, []).append(outcome)
    return {cause: tuple(of_cause) for cause, of_cause in sorted(by_cause.items(), key=lambda item: -len(item[1]))}


def shortfall_of(outcomes: Sequence[OperationOutcome], fail_under: float = 0.0) -> str:
    """Return why a run has verified too little, empty where it hasn't; ``fail_under`` is in percent."""
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    verified = verdicts[OperationVerdict.VERIFIED]
    if not verified:
        return "; ".join(["nothing was verified", *_cause_of_all([*unverified_by_cause(outcomes)])])
    sent = verified + verdicts[OperationVerdict.NOT_VERIFIED]
    unexpected = [outcome.cause for outcome in outcomes if outcome.cause and outcome.is_unexpected]
    rules = Counter(cause.rule for cause in unexpected).most_common(1)
    if rules and rules[0][1] * 2 > sent:
        text = next(cause.text for cause in unexpected if cause.rule == rules[0][0])
        return f"{rules[0][1]} of {sent} operations are not verified; {text}"
    expected = sum(
        outcome.verdict is OperationVerdict.NOT_VERIFIED and outcome.may_stay_unverified for outcome in outcomes
    )
    percent = 100 * verified / (sent - expected)
    if percent < fail_under:
        return f"{percent:.1f} % of the operations are verified, and fewer than {fail_under:g} % fail"
    return ""


def _cause_of_all(causes: Sequence[Cause]) -> list[str]:
    """Return the text of the most frequent cause; ids say nothing where paths without them aren't found either."""
    are_not_found = {cause.rule for cause in causes} == {UNKNOWN_IDS, NOT_FOUND}
    return [cause.text for cause in causes if not are_not_found or cause.rule == NOT_FOUND][:1]


def refusal_of(outcomes: Sequence[OperationOutcome], *, has_credentials: bool) -> str:
    """Return that the credentials were refused wherever they are asked for, empty where they were not."""
    asking = [
        outcome for outcome in outcomes if outcome.is_secured and outcome.verdict is not OperationVerdict.NOT_SENT
    ]
    causes = {outcome.cause.rule if outcome.cause else "" for outcome in asking}
    if CREDENTIALS not in causes or not causes <= {CREDENTIALS, FORBIDDEN}:
        return ""
    return refused_everywhere(
        f"{counted(len(asking), 'operation')} answered 401 or 403", has_credentials=has_credentials
    )


def refused_everywhere(replies: str, *, has_credentials: bool) -> str:
    """Return the sentence that all credentials are refused, with what is to be done where none were given."""
    credentials = "the credentials" if has_credentials else "made-up credentials"
    advice = "" if has_credentials else "; give yours with --header 'Authorization: ...'"
    return f"{credentials} are refused everywhere: {replies}{advice}"
