"""Contradictions of documentation → text, JSON, or SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from docdouble.schemas.lint import RULES
from docdouble.schemas.merge import Contradiction

from ..words import counted


def text(found: tuple[Contradiction, ...]) -> Iterator[str]:
    """Yield a line per contradiction, with the edit that would mend it, then the counts."""
    for one in found:
        mend = f"; {one.mend}" if one.mend else ""
        place = f"{one.page}:{one.line}" if one.line else one.page
        yield f"{place}: {RULES[one.rule].level}: {one.message}{mend} [{one.rule}]"
    counts = Counter(RULES[one.rule].level for one in found)
    yield ", ".join(counted(counts[level], level) for level in ("error", "warning", "note"))


def as_json(found: tuple[Contradiction, ...]) -> str:
    """Return an array of objects: rule, level, page, line, message, mend."""
    return json.dumps([_fields(one) for one in found], indent=2)


def _fields(one: Contradiction) -> dict[str, Any]:
    level = RULES[one.rule].level
    return {
        "rule": one.rule,
        "level": level,
        "page": one.page,
        "line": one.line,
        "message": one.message,
        "mend": one.mend,
    }


def sarif(found: tuple[Contradiction, ...]) -> str:
    """Return a SARIF log whose locations are lines of the documentation."""
    from importlib.metadata import version  # here because it takes 50 ms to import

    rules = sorted({one.rule for one in found})
    driver = {
        "name": "docdouble",
        "semanticVersion": version("docdouble"),
        "rules": [
            {
                "id": rule,
                "shortDescription": {"text": RULES[rule].finds},
                "defaultConfiguration": {"level": RULES[rule].level},
            }
            for rule in rules
        ],
    }
    results = [_result(one, rules.index(one.rule)) for one in found]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, indent=2)


def _result(one: Contradiction, index: int) -> dict[str, Any]:
    message = f"{one.message}; {one.mend}" if one.mend else one.message
    file = one.page.partition("#/")[0]  # a document's pages are places in it, and an artifact is a file
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file)}}
    if one.line:
        place["region"] = {"startLine": one.line}
    return {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": RULES[one.rule].level,
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }
