"""Contradictions of documentation as text, JSON, or SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.lint.lint_rules import RULES

from ..model.text import counted
from ..reports.sarif import log, place, rule


def lint_text(contradictions: tuple[Contradiction, ...]) -> Iterator[str]:
    """Yield a line per contradiction, with the edit that would mend it, then the counts."""
    for contradiction in contradictions:
        mend = f"; {contradiction.mend}" if contradiction.mend else ""
        place = f"{contradiction.page}:{contradiction.line}" if contradiction.line else contradiction.page
        yield f"{place}: {RULES[contradiction.rule].level}: {contradiction.message}{mend} [{contradiction.rule}]"
    counts = Counter(RULES[contradiction.rule].level for contradiction in contradictions)
    yield ", ".join(counted(counts[level], level) for level in ("error", "warning", "note"))


def lint_json(contradictions: tuple[Contradiction, ...]) -> str:
    """Return an array of objects: rule, level, page, line, message, mend."""
    return json.dumps([_fields(contradiction) for contradiction in contradictions], indent=2)


def _fields(contradiction: Contradiction) -> dict[str, Any]:
    level = RULES[contradiction.rule].level
    return {
        "rule": contradiction.rule,
        "level": level,
        "page": contradiction.page,
        "line": contradiction.line,
        "message": contradiction.message,
        "mend": contradiction.mend,
    }


def lint_sarif(contradictions: tuple[Contradiction, ...]) -> str:
    """Return a SARIF log whose locations are lines of the documentation."""
    rules = sorted({contradiction.rule for contradiction in contradictions})
    described = [rule(name, RULES[name].finds, RULES[name].level) for name in rules]
    return log(described, [_result(contradiction, rules.index(contradiction.rule)) for contradiction in contradictions])


def _result(contradiction: Contradiction, index: int) -> dict[str, Any]:
    message = f"{contradiction.message}; {contradiction.mend}" if contradiction.mend else contradiction.message
    return {
        "ruleId": contradiction.rule,
        "ruleIndex": index,
        "level": RULES[contradiction.rule].level,
        "message": {"text": message},
        "locations": [{"physicalLocation": place(contradiction.page, contradiction.line)}],
    }
