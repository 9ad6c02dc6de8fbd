"""Processes of pytest-xdist are one run of a contract file."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from docdouble.contracts.cases.known_values import LearnedValues
from docdouble.contracts.plugin.worker_ledger import WorkerLedger, ledger_of, share_ledger
from docdouble.fakeserver import running

pytest_plugins = ["pytester"]

ALONE = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-n", "2")
NAMES = ("Ships", "Quays", "Locks", "Cranes")


class Config:
    """What the ledger needs of the configuration of a session."""

    def __init__(self) -> None:
        self.pluginmanager = pytest.PytestPluginManager()
        self.cleanups: list[Callable[[], None]] = []

    def add_cleanup(self, cleanup: Callable[[], None]) -> None:
        self.cleanups.append(cleanup)


def node(config: Config, *, popen: bool = True) -> Any:
    return SimpleNamespace(config=config, gateway=SimpleNamespace(spec=SimpleNamespace(popen=popen)), workerinput={})


@pytest.fixture
def ledgers() -> Iterator[tuple[WorkerLedger, WorkerLedger]]:
    """The ledgers of two processes of one session."""
    config = Config()
    made = []
    for name in ("gw0", "gw1"):
        shared = node(config)
        share_ledger(shared)
        ledger = ledger_of(
            SimpleNamespace(workerinput={**shared.workerinput, "workerid": name, "workercount": 2}), "api"
        )
        assert ledger
        made.append(ledger)
    yield made[0], made[1]
    for ledger in made:
        ledger.close()
    for cleanup in config.cleanups:
        cleanup()


def test_requests_are_spent_once(ledgers: tuple[WorkerLedger, WorkerLedger]) -> None:
    taken: list[bool] = []

    def spend(ledger: WorkerLedger) -> None:
        ledger.seconds_since_start()
        taken.extend(ledger.spend(30) for _ in range(25))

    threads = [threading.Thread(target=spend, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 30


def test_the_time_counts_from_the_first_process(
    ledgers: tuple[WorkerLedger, WorkerLedger], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.time", lambda: now)
    assert ledgers[0].seconds_since_start() == 0
    now = 1007.5
    assert [ledger.seconds_since_start() for ledger in ledgers] == [7.5, 7.5]


def test_a_cause_is_of_the_first_item(ledgers: tuple[WorkerLedger, WorkerLedger]) -> None:
    first, second = ledgers
    assert (first.first("404", "Ships"), second.first("404", "Quays"), second.first("401", "Quays")) == (
        "Ships",
        "Ships",
        "Quays",
    )


def test_each_learns_from_the_others(ledgers: tuple[WorkerLedger, WorkerLedger]) -> None:
    first, second = ledgers
    assert list(second.others()) == []
    first.tell(LearnedValues({"key ship": (3,)}), {"Ships": False})
    first.tell(LearnedValues({"key ship": (3, 4)}), {"Ships": False})
    assert list(second.others()) == [(LearnedValues({"key ship": (3, 4)}), {"Ships": False})]
    assert list(first.others()) == []


def test_the_file_is_removed_and_other_machines_have_none() -> None:
    config = Config()
    here, there = node(config), node(config, popen=False)
    share_ledger(here)
    share_ledger(there)
    folder = Path(here.workerinput["docdouble_ledger"]).parent
    assert folder.is_dir()
    assert there.workerinput == {}
    for cleanup in config.cleanups:
        cleanup()
    assert not folder.exists()


@pytest.fixture
def harbour() -> Iterator[tuple[str, list[str]]]:
    """The URL of a server that answers 404 to everything, and what it was asked."""
    asked: list[str] = []

    @Request.application
    def answer(request: Request) -> Response:
        asked.append(request.path)
        return Response(status=404)

    with running(answer) as url:
        yield url, asked


def session(pytester: pytest.Pytester, url: str, more: str = "") -> pytest.RunResult:
    pytest.importorskip("xdist")
    content = {"application/json": {"schema": {"type": "object"}}}
    paths = {
        f"/{name.lower()}": {"get": {"operationId": name, "responses": {"200": {"content": content}}}} for name in NAMES
    }
    document = {"openapi": "3.1.0", "info": {"title": "harbour", "version": "1"}, "paths": paths}
    pytester.makefile(".json", harbour=json.dumps(document))
    pytester.makefile(".contract.toml", api=f'source = "harbour.json"\nurl = "{url}"\nmax-examples = 1\n{more}')
    return pytester.runpytest_subprocess(*ALONE)


@pytest.mark.slow
@pytest.mark.sockets
def test_processes_share_one_budget(pytester: pytest.Pytester, harbour: tuple[str, list[str]]) -> None:
    url, asked = harbour
    result = session(pytester, url, "[verify]\nmax-requests = 2\n")
    assert len(asked) == 2
    result.stdout.fnmatch_lines(["*the budget of 2 requests is spent*"])


@pytest.mark.slow
@pytest.mark.sockets
def test_a_cause_is_reported_once_for_all_processes(pytester: pytest.Pytester, harbour: tuple[str, list[str]]) -> None:
    result = session(pytester, harbour[0])
    result.assert_outcomes(failed=len(NAMES))
    cause = "404 to every valid call: the server knows nothing here"
    assert sum(f"  got       {cause}" == line for line in result.outlines) == 1
    assert sum(", as for " in line for line in result.outlines) == len(NAMES) - 1
