import pytest

from docdouble.schemas import Contract, Operation, extract


@pytest.fixture(scope="session")
def contract() -> Contract:
    return extract("superoffice").contract


@pytest.fixture(scope="session")
def operation(contract: Contract) -> Operation:
    return contract.operations[0]
