"""Every check has a page for users, and every page a check."""

from pathlib import Path

import pytest

from docdouble.contracts import checks
from docdouble.contracts.checks import CHECKS
from docdouble.contracts.checks.pages import page

FOLDER = Path(checks.__file__).parent / "pages"


def test_checks_and_pages_are_in_step() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(check.id for check in CHECKS)


def test_ids_are_reported_once() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_a_page_says_what_a_user_asks(check: checks.Check) -> None:
    title, *lines = page(check.id).splitlines()
    headings = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    assert title == f"# {check.id}"
    assert headings == ["When it fires", "Example", "What to do", "Switch it off"]
    assert f": {check.id}, " in page(check.id), "the example is a finding of this check"
    assert 15 <= len(lines) <= 32
    assert max(map(len, lines)) <= 130


def test_a_check_from_elsewhere_has_no_page() -> None:
    with pytest.raises(FileNotFoundError):
        page("polite")


def test_a_page_is_no_way_into_other_folders() -> None:
    with pytest.raises(FileNotFoundError):
        page("../../../README")
