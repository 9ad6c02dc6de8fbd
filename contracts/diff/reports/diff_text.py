"""Changes between two contracts as lines for a person; the words are those of the other reports as well."""

import json
from collections.abc import Iterator

import click

from docdouble.schemas import Evidence
from docdouble.schemas.contract.facts import FactKind
from docdouble.schemas.diff.change import NO_VALUE, Change, Judgement

from ...model.text import counted, cut, listed, one_line
from ...output.echo import printed
from ...reports.finding_text import where
from ..comparison import ChangeGroup, Comparison
from ..side import Side

MOST_NAMED = 5
"""Operations, and tests, of an entry that are named."""

NO_TEST = "the consumer, outside of tests"

_MOST_SHOWN = 400
"""Characters of an example or a documentation line."""

_COLOURS = {Judgement.BREAKING: "red", Judgement.RISKY: "yellow", Judgement.SAFE: "cyan"}
_RESPONSE = frozenset({FactKind.RESPONSE, FactKind.RESPONSE_MEDIA_TYPE, FactKind.STATUS})
_HOW = {"read": "read by", "sent": "sent by", "called": "called by", "came": "seen by"}


def diff_text(comparison: Comparison, *, safe: bool = False, quiet: bool = False) -> Iterator[str]:
    """Yield the lines, in colours: entries with the worst first, the counts and the verdict.

    Entries that are safe are counted only, unless asked for. When ``quiet``, only what fails is printed.
    """
    for entry in comparison.entries:
        if comparison.fails(entry) or (not quiet and (safe or entry.first.judgement is not Judgement.SAFE)):
            first, *lines = entry_lines(entry, comparison)
            yield click.style(printed(first), fg=_COLOURS[entry.first.judgement])
            yield from map(printed, lines)
    if quiet and not comparison.failed:
        return
    yield from map(printed, diff_summary(comparison, hidden_safe=not safe and not quiet))
    yield click.style(printed(diff_verdict(comparison)), bold=True, fg="red" if comparison.failed else None)


def entry_lines(entry: ChangeGroup, comparison: Comparison) -> Iterator[str]:
    """Yield the lines of an entry, the first flush left."""
    first, named = comparison.shown(entry), comparison.named(entry)
    place = named[0] if len(named) == 1 else counted(len(named), "operation")
    yield one_line(f"{first.judgement.value}: {first.rule}, {place}")
    yield one_line(f"  what      {entry.what}")
    if len(named) > 1:
        yield one_line(f"  in        {listed(named, MOST_NAMED)}")
    for side, evidence, name in ((comparison.old, first.old, "old"), (comparison.new, first.new, "new")):
        if evidence:
            yield one_line(f"  {name:9} {where(evidence)}{quoted(side, evidence)}")
    if shown := example(first):
        yield f"  example   {shown}"
    if consumers := who(entry):
        yield one_line(f"  {consumers[0]:9} {consumers[1]}")


def quoted(side: Side, evidence: Evidence) -> str:
    """Return a documentation line after a colon, empty where it can't be read."""
    line = side.quote(evidence)
    return f": {cut(line, _MOST_SHOWN)}" if line else ""


def example(change: Change) -> str:
    """Return the example as JSON with what it is one of, on a line; empty where there is none."""
    if change.example is NO_VALUE:
        return ""
    value = cut(json.dumps(change.example, default=str), _MOST_SHOWN)
    meaning = "may come now" if change.concerned.part in _RESPONSE else "was allowed"
    return f"{value} {meaning}"


def who(entry: ChangeGroup) -> tuple[str, str] | None:
    """Return how the consumer touches it, and the tests that do; ``None`` where nobody asked."""
    if not entry.how:
        return None
    return _HOW[entry.how[0]], (listed(entry.tests, MOST_NAMED) or NO_TEST) + unread(entry)


def unread(entry: ChangeGroup) -> str:
    """Return what to add where nobody knows whether the consumer reads what it was sent."""
    return " (nothing of these responses was seen being read)" if entry.how == ("came",) else ""


def diff_summary(comparison: Comparison, *, hidden_safe: bool = False) -> Iterator[str]:
    """Yield what was not compared or not reported, then the counts."""
    if missed := comparison.not_compared:
        count = counted(len(missed), "operation")
        yield f"not compared: {count} whose page can't be read: {listed(missed, MOST_NAMED)}"
    if comparison.untouched:
        yield f"left out: {counted(comparison.untouched, 'change')} of what {comparison.used} doesn't touch"
    sides = f"from {comparison.old.name} to {comparison.new.name}"
    note = "; --all shows the safe ones" if hidden_safe and comparison.totals[Judgement.SAFE] else ""
    yield f"{judgement_counts(comparison)} {sides}{note}"


def judgement_counts(comparison: Comparison) -> str:
    """Return the counts of each judgement, or that nothing changed."""
    of_what = f" of what {comparison.used} touches" if comparison.used else ""
    if not comparison.entries:
        return f"no changes{of_what}"
    *others, last = (f"{count} {judgement.value}" for judgement, count in comparison.totals.items())
    return f"{', '.join(others)}, {last} {'change' if last == '1 safe' else 'changes'}{of_what}"


def diff_verdict(comparison: Comparison) -> str:
    """Return whether the comparison failed, and why, on one line."""
    if comparison.fail_on is None:
        return "passed: no change fails (--fail-on never)"
    judgements = list(Judgement)
    worst = judgements[: judgements.index(comparison.fail_on) + 1]
    kind = "" if comparison.fail_on is judgements[-1] else " or ".join(judgement.value for judgement in worst) + " "
    failing = sum(map(comparison.fails, comparison.entries))
    return f"failed: {counted(failing, f'{kind}change')}" if failing else f"passed: no {kind}change"
