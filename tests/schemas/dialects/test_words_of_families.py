"""The words of a documentation family stand in its dialect, and nowhere else in the code."""

import re
from pathlib import Path

import pytest

from docdouble.schemas.dialects.base import Dialect
from docdouble.schemas.dialects.dialect_registry import dialects
from docdouble.schemas.source import DEFAULT_SOURCE

ROOT = Path(__file__).parents[3]
DIALECTS = ROOT / "schemas" / "dialects"
MODULES = [
    path
    for folder in ("schemas", "fakeserver", "contracts")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not path.is_relative_to(DIALECTS)
]
STANDARD = {"Basic", "Bearer", "accept-language", "oneOf"}
"""Words that other families, or JSON Schema, have, too."""
OF_PATTERNS = {"superoffice": ("mr ?mrs", "stripped value", "associate", "postit")}
"""What stands in regular expressions."""


def words(dialect: Dialect) -> set[str]:
    """The words that only this family has, as far as a name tells."""
    security = (*dialect.security_words, *dialect.security_headers.values())
    of_filter = dialect.filter_words
    filter_words = (*of_filter.operators, *of_filter.periods, *of_filter.functions)
    own_words = {
        dialect.name,
        dialect.row_key,
        dialect.row_entity,
        *(word for word in filter_words if not word.islower()),
        *dialect.seldom_flags,
        *(word.name for word in security),
        *dialect.security_headers,
        *(name for name in dialect.parameter_behaviours if not name.startswith("$")),
        *OF_PATTERNS[dialect.name],
    }
    return own_words - STANDARD - {""}


@pytest.mark.parametrize(
    "dialect", [dialect for dialect in dialects() if dialect.name in OF_PATTERNS], ids=lambda dialect: dialect.name
)
def test_no_other_module_holds_a_word_of_a_family(dialect: Dialect) -> None:
    holders = [
        (path.relative_to(ROOT).as_posix(), word)
        for path in MODULES
        for text in [path.read_text(encoding="utf-8").lower()]
        for word in words(dialect)
        if re.search(rf"(?<![a-z]){re.escape(word.lower())}(?![a-z])", text)
    ]
    assert holders == [("schemas/source.py", DEFAULT_SOURCE)]


def test_words_are_found() -> None:
    """The test above looks for something."""
    (superoffice,) = (dialect for dialect in dialects() if dialect.name == "superoffice")
    assert {"primarykey", "currentAssociate", "SoTicket", "so-language", "xstop", "x-xsrf-token"} <= words(superoffice)
