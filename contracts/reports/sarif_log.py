"""The parts of a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/) that name documentation lines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote


def log(rules: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], **run: Any) -> str:
    """Return a log of one run; ``run`` holds further members of it."""
    from importlib.metadata import version  # here because it takes 50 ms to import

    driver = {"name": "docdouble", "semanticVersion": version("docdouble"), "rules": rules}
    told = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", **run, "results": results}
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [told]}
    return json.dumps(whole, indent=2)


def rule(name: str, finds: str, level: str) -> dict[str, Any]:
    """Return what a log says of a rule; the level is that of SARIF, and of our severities."""
    return {"id": name, "shortDescription": {"text": finds}, "defaultConfiguration": {"level": level}}


def place(page: str, line: int) -> dict[str, Any]:
    """Return a physical location: a page, and a line of it, 0 for the page as a whole."""
    file = page.partition("#/")[0]  # a document's pages are places in it, and an artifact is a file
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(file, errors="replace")}}
    if line:
        where["region"] = {"startLine": line}
    return where
