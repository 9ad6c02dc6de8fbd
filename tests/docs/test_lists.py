"""docs/lists.md has every name of a parameter and of a member of a page that is recognised."""

import re
from collections.abc import Mapping

from docdouble.schemas.resources.list_parameters import LIST_PARAMETER_RULES
from docdouble.schemas.resources.page_members import CURSORS, FLAGS, NUMBERS

from .blocks import ROOT

ROW = re.compile(r"^\| ([a-z ]+) \| ((?:`\w+`(?:, )?)*) \|(?: ((?:`\w+`(?:, )?)*) \|)?$", re.MULTILINE)


def tables() -> tuple[Mapping[str, tuple[frozenset[str], frozenset[str]]], Mapping[str, frozenset[str]]]:
    page = (ROOT / "docs" / "lists.md").read_text("utf-8").partition("## What is recognised")[2]
    parameters, members = page.split("And of an answer:")
    return (
        {row[1]: (names(row[2]), names(row[3] or "")) for row in ROW.finditer(parameters)},
        {row[1]: names(row[2]) for row in ROW.finditer(members)},
    )


def names(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"`(\w+)`", cell))


def test_the_table_of_parameters_is_that_of_the_code() -> None:
    assert tables()[0] == {rule.role: (rule.names, rule.weak) for rule in LIST_PARAMETER_RULES}


def test_the_table_of_members_is_that_of_the_code() -> None:
    cursors = {f"cursor of the {direction} page": named for direction, named in CURSORS}
    assert tables()[1] == {**dict(NUMBERS), **dict(FLAGS), **cursors}
