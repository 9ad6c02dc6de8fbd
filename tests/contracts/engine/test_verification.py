"""Verification of a contract from a script."""

from collections.abc import Iterator

import pytest
from werkzeug import Request
from werkzeug import Response as BaseResponse

from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.engine.verification import Verification, VerifyOptions, verify
from docdouble.contracts.model.budget import Budget
from docdouble.fakeserver import running
from docdouble.schemas import ConfigError, Contract, Operation, Response, TargetError
from docdouble.schemas.contract.model import Server


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


def _harbour(url: str, *paths: str) -> Contract:
    operations = tuple(
        Operation(f"op{number}", "GET", path, responses=(Response("200"),)) for number, path in enumerate(paths)
    )
    return Contract("harbour", "1", operations, servers=(Server(url),))


@pytest.fixture
def quay() -> Iterator[str]:
    """A server that has something at ``/v1/boats`` alone."""

    @Request.application
    def app(request: Request) -> BaseResponse:
        return BaseResponse(status=200 if request.path == "/v1/boats" else 404)

    with running(app) as url:
        yield url


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("documented", "paths", "reason"),
    [
        ("https://prod.example/v1", ["/boats", "/sails"], "the document says /v1, which the URL leaves out"),
        ("https://prod.example", ["/boats/{id}", "/sails"], "404 to every valid call"),
    ],
)
def test_a_server_that_has_nothing_is_not_verified(quay: str, documented: str, paths: list[str], reason: str) -> None:
    run = verify(_harbour(documented, *paths), quay, max_examples=1)
    assert run.failed
    assert run.shortfall.startswith("nothing was verified; 404 to every valid call")
    assert reason in run.shortfall


@pytest.mark.sockets
@pytest.mark.parametrize(("path", "base"), [("/boats", "/v1"), ("/boats/{id}", "/v1")])
def test_a_server_that_may_lack_one_feature_is_verified(quay: str, path: str, base: str) -> None:
    run = verify(_harbour("https://prod.example/v1", path), quay + base, max_examples=1)
    assert (run.calls > 0, run.done.stopped) == (True, "")


@pytest.mark.sockets
@pytest.mark.parametrize(("base", "remarks"), [("", 1), ("/v1", 0), ("/other", 0)])
def test_a_url_without_the_documented_base_path_is_remarked_before(quay: str, base: str, remarks: int) -> None:
    options = VerifyOptions(quay + base, Budget(max_examples=1), VerifyConfig())
    shown = Verification.of(_harbour("https://prod.example/v1", "/boats"), options).remarks
    assert len(shown) == remarks
    assert all(f"is {quay}/v1 meant?" in remark for remark in shown)
