"""Changes between two contracts as SARIF 2.1.0 and as annotations of GitHub, at the documentation lines."""

from collections.abc import Iterator
from typing import Any

from docdouble.schemas import Evidence
from docdouble.schemas.diff.change import Judgement
from docdouble.schemas.diff.diff_rules import RULES

from ...model.text import listed, plain
from ...reports.finding_parts import fingerprint_text
from ...reports.github import annotation
from ...reports.sarif import log, place, rule
from ..comparison import ChangeGroup, Comparison
from ..side import Side
from .diff_text import MOST_NAMED, diff_verdict, entry_lines, example, judgement_counts, quoted, who

_LEVELS = {Judgement.BREAKING: "error", Judgement.RISKY: "warning", Judgement.SAFE: "note"}

_MOST_SHOWN = 10
"""Annotations of one kind that GitHub shows for a step."""


def diff_sarif(comparison: Comparison) -> str:
    """Return the log: a result for each entry, in the new documentation, or in the old one where it is gone."""
    names = list(dict.fromkeys(entry.first.rule for entry in comparison.entries))
    rules = [rule(name, RULES[name].finds, _LEVELS[RULES[name].worst]) for name in names]
    results = [_result(entry, names.index(entry.first.rule), comparison) for entry in comparison.entries]
    return log(rules, results, automationDetails={"id": "docdouble/diff/"})


def _result(entry: ChangeGroup, index: int, comparison: Comparison) -> dict[str, Any]:
    first = entry.first
    logical = [
        {"name": operation, "fullyQualifiedName": label, "kind": "function"}
        for operation, label in zip(entry.operations, comparison.named(entry), strict=True)
    ]
    location: dict[str, Any] = {"logicalLocations": logical}
    if evidence := _shown_at(entry, comparison):
        location["physicalLocation"] = place(evidence[0].file(evidence[1]), evidence[1].line)
    message = plain("\n".join(_message(entry, comparison)))
    return {
        "ruleId": first.rule,
        "ruleIndex": index,
        "level": _LEVELS[first.judgement],
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"docdouble/v1": _fingerprint(entry)},
        "properties": {"judgement": first.judgement.value, "type": first.type_name, "tests": list(entry.tests)},
    }


def _shown_at(entry: ChangeGroup, comparison: Comparison) -> tuple[Side, Evidence] | None:
    """Return the side and the documentation line where a change is to be seen."""
    first = comparison.shown(entry)
    if first.new:
        return comparison.new, first.new
    return (comparison.old, first.old) if first.old else None


def _message(entry: ChangeGroup, comparison: Comparison) -> Iterator[str]:
    """Yield what a result says: its place stands beside it, the other side's doesn't."""
    first = comparison.shown(entry)
    yield f"{listed(comparison.named(entry), MOST_NAMED)}: {entry.what}"
    if first.old:
        yield f"Before: {first.old}{quoted(comparison.old, first.old)}"
    if shown := example(first):
        yield f"Example: {shown}"
    if consumers := who(entry):
        yield f"{consumers[0].capitalize()} {consumers[1]}"


def _fingerprint(entry: ChangeGroup) -> str:
    """Return 16 hexadecimal digits that stay the same from run to run, wherever the change stands."""
    first = entry.first
    where = (first.type_name, first.place) if first.type_name else (first.fact.operation, first.fact.name)
    return fingerprint_text([first.rule, *where, first.summary or first.message])


def diff_github(comparison: Comparison) -> str:
    """Return workflow commands, a line each: what is breaking or risky, and last of all the verdict."""
    grouped = [comparison.judged(judgement) for judgement in (Judgement.BREAKING, Judgement.RISKY)]
    lines = [_annotation(entry, comparison) for entries in grouped for entry in entries[:_MOST_SHOWN]]
    left = sum(map(len, grouped)) - len(lines)
    more = f"; {left} more are in the other formats" if left else ""
    sides = f"from {comparison.old.name} to {comparison.new.name}"
    message = f"{diff_verdict(comparison)}; {judgement_counts(comparison)} {sides}{more}"
    return "\n".join([*lines, annotation("notice", {"title": "docdouble diff"}, message)])


def _annotation(entry: ChangeGroup, comparison: Comparison) -> str:
    properties = {}
    if shown_at := _shown_at(entry, comparison):
        side, evidence = shown_at
        properties["file"] = side.file(evidence)
        if evidence.line:
            properties["line"] = str(evidence.line)
    properties["title"] = f"{entry.first.rule}: {listed(comparison.named(entry), 1)}"
    return annotation(_LEVELS[entry.first.judgement], properties, "\n".join(entry_lines(entry, comparison)))
