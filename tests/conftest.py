"""What all tests share: Hypothesis without deadlines, and the folder of reference pages beside the checkout."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("docdouble", deadline=None)
settings.load_profile("docdouble")


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the reference pages are not beside this checkout (../shared)")
    return folder
