"""Data that must exist is found on servers of many habits, and so are the bugs that only such data shows."""

import json
from pathlib import Path

import pytest

from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.schemas import extract

from .test_planted_bugs import findings_of
from .varied_harbour import Harbour, Variant

VARIANTS = [
    Variant(),
    Variant(key="number", create="wrapped", envelope="deep"),
    Variant(key="text", create="key in an object", envelope="edges"),
    Variant(create="key in an object", nested=False),
    Variant(key="number", create="key", envelope="keys"),
    Variant(create="key", envelope="dictionary"),
    Variant(key="text", create="link"),
    Variant(create="link", envelope="keys", nested=False),
    Variant(key="number", create="location", envelope="dictionary"),
    Variant(create="status"),
    Variant(create="status", envelope="edges", nested=False),
    Variant(key="text", key_name="slip"),
    Variant(key="number", key_name="slip", create="wrapped"),
]
BUGS = {
    "PUT is not stored": "written-read",
    "PATCH is not stored": "written-read",
    "loses a text": "written-read",
    "DELETE does nothing": "deleted-gone",
    "null in a read": "null",
}
PAIRS = [(variant, [*BUGS][(place + step) % len(BUGS)]) for place, variant in enumerate(VARIANTS) for step in (0, 2)]
"""Each variant with two bugs."""

SMALL = Budget(max_examples=0, boundaries=2)


def verified(variant: Variant, folder: Path, bug: str = "") -> tuple[Harbour, list[Finding]]:
    (folder / "harbour.json").write_text(json.dumps(variant.document))
    harbour = Harbour(variant, bug)
    return harbour, findings_of(harbour, extract(str(folder / "harbour.json")).contract, SMALL)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_operation_of_a_right_server_is_answered_and_nothing_is_found(variant: Variant, tmp_path: Path) -> None:
    harbour, findings = verified(variant, tmp_path)
    assert [finding for finding in findings if finding.severity is not Severity.NOTE] == []
    methods = {"GET", "PUT", "PATCH", "DELETE"}
    assert harbour.answered == {
        (method, path)
        for kind in ("harbours", "berths")
        for path, used in ((kind, ("GET", "POST")), (f"{kind}/{{}}", methods))
        for method in used
    }


@pytest.mark.parametrize(("variant", "bug"), PAIRS, ids=str)
def test_a_bug_is_an_error_whatever_the_habits(variant: Variant, bug: str, tmp_path: Path) -> None:
    _, findings = verified(variant, tmp_path, bug)
    assert BUGS[bug] in {finding.check for finding in findings if finding.severity is Severity.ERROR}


def test_a_list_of_nothing_but_keys_is_no_list_without_what_was_created(tmp_path: Path) -> None:
    """Where a create tells no key, only its text could be looked for."""
    _, findings = verified(Variant(create="status", envelope="keys"), tmp_path)
    assert [finding for finding in findings if finding.check == "created-listed"] == []
