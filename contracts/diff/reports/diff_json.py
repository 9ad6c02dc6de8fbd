"""Changes between two contracts as one JSON document, which ``changes.schema.json`` beside describes."""

import json
from importlib.metadata import version
from typing import Any

from docdouble.schemas import Evidence
from docdouble.schemas.diff.change import NO_VALUE
from docdouble.schemas.diff.diff_rules import RULES

from ..comparison import ChangeGroup, Comparison, ReportedChange
from ..side import Side

VERSION = 1
"""Version of the document; it rises when a reader of an older one would misread it."""


def diff_json(comparison: Comparison) -> str:
    """Return the changes as a JSON document."""
    return json.dumps(_document(comparison), indent=1, ensure_ascii=True, default=str)


def _document(comparison: Comparison) -> dict[str, Any]:
    rules = sorted({entry.first.rule for entry in comparison.entries})
    return {
        "docdouble": "diff",
        "version": VERSION,
        "tool": {"name": "docdouble", "version": version("docdouble")},
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "fail_on": comparison.fail_on.value if comparison.fail_on else "never",
        "failed": comparison.failed,
        "used": comparison.used,
        "totals": {judgement.value: count for judgement, count in comparison.totals.items()},
        "untouched": comparison.untouched,
        "not_compared": list(comparison.not_compared),
        "rules": {name: RULES[name].finds for name in rules},
        "changes": [_entry(entry, comparison) for entry in comparison.entries],
    }


def _side(side: Side) -> dict[str, Any]:
    contract = side.contract
    return {"source": side.name, "title": contract.title, "operations": len(contract.operations)}


def _entry(entry: ChangeGroup, comparison: Comparison) -> dict[str, Any]:
    first = entry.first
    return {
        "judgement": first.judgement.value,
        "rule": first.rule,
        "what": entry.what,
        "type": first.type_name,
        "place": first.place,
        "operations": len(entry.operations),
        "tests": list(entry.tests),
        "in": [_kept(change, comparison) for change in entry.kept],
    }


def _kept(reported: ReportedChange, comparison: Comparison) -> dict[str, Any]:
    change = reported.change
    written: dict[str, Any] = {
        "operation": change.fact.operation,
        "label": comparison.labels.get(change.fact.operation, change.fact.operation),
        "part": change.fact.part.value,
        "name": change.fact.name,
        "concerned": {"part": change.concerned.part.value, "name": change.concerned.name},
        "message": change.message,
        "old": _line(comparison.old, change.old),
        "new": _line(comparison.new, change.new),
    }
    if change.example is not NO_VALUE:
        written["example"] = change.example
    if reported.touched:
        written |= {"how": reported.touched.how, "tests": list(reported.touched.tests)}
    return written


def _line(side: Side, evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {**evidence.as_dict(), "file": side.file(evidence), "text": side.quote(evidence)}
