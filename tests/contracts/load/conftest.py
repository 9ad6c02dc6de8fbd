from pathlib import Path

import pytest

from docdouble.schemas import Contract, extract


@pytest.fixture(scope="session")
def hotel_of_docs() -> Contract:
    """The contract of the document by which the manual is run."""
    return extract(str(Path(__file__).parents[2] / "docs" / "openapi.yaml")).contract
