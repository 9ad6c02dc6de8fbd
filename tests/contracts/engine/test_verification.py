"""Verification of a contract from a script."""

import pytest

from docdouble.contracts.engine.verification import verify
from docdouble.schemas import ConfigError, Contract, TargetError


def test_without_a_url_the_fake_is_verified(contract: Contract, capsys: pytest.CaptureFixture[str]) -> None:
    run = verify(contract, max_examples=1)
    assert not run.failed
    assert run.started.target == "the fake, in process"
    assert [result.operation for result in run.results] == list(contract.operations)
    assert run.calls == sum(run.results[0].statuses.values()) > 0
    assert capsys.readouterr() == ("", "")


def test_the_seed_chooses_the_calls(contract: Contract) -> None:
    runs = [verify(contract, max_examples=2, seed=seed) for seed in (1, 1, 2)]
    assert [run.started.seed for run in runs] == [1, 1, 2]
    assert runs[0].results[0].statuses == runs[1].results[0].statuses


def test_a_server_that_is_not_there_is_an_error(contract: Contract) -> None:
    with pytest.raises(TargetError):
        verify(contract, "http://127.0.0.1:9", headers={"Authorization": "Bearer x"}, max_examples=1)


def test_a_selector_of_nothing_is_an_error(contract: Contract) -> None:
    with pytest.raises(ConfigError, match="NoSuchOperation"):
        verify(contract, only=("NoSuchOperation",))
