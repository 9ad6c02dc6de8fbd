"""Every representation of every answer of the real reference gives back what it was given."""

from pathlib import Path

import pytest

from docdouble.schemas import extract

from .round_trips import assert_all_come_back

pytestmark = pytest.mark.slow


def test_the_answers_of_the_corpus_come_back(shared: Path) -> None:
    pages = shared / "corpus" / "superoffice" / "pages"
    if not pages.is_dir():
        pytest.skip("the whole reference is not beside this checkout (../shared/corpus/superoffice/pages)")
    assert_all_come_back(extract(str(pages)).contract)
