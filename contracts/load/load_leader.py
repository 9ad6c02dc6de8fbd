"""Leader of a load, in a process of Locust: it joins the judgements of the workers, cleans up, and reports."""

import time
from functools import cached_property
from typing import Any

import gevent
from locust.env import Environment
from locust.runners import MasterRunner

from docdouble.schemas import Call

from ..client.rate_limit import Pace
from ..client.target import HttpTarget
from ..client.transport import Transport
from ..model.budget import Budget
from ..output.echo import remark
from ..reports.html import html
from .contract_load import ContractLoad
from .judgements import Judgements
from .load_messages import read_call, read_judgements
from .load_result import LoadOutcome, LoadResult, Row
from .load_web import extend_web_page

ENTITY, FINISH, DONE, WORKERS = (f"docdouble-{name}" for name in ("entity", "finish", "done", "workers"))
"""Messages: something was created or removed; workers are to finish; one has; how many there are."""

REPORT = "docdouble"
"""Key of judgements in reports of workers, of which Locust has others."""

_FINISHING = 15.0
"""Seconds beside the stop timeout in which workers must say that they have finished."""

_LOOK = 1.0
"""Seconds between two looks at which workers are there."""


class LoadLeader:
    """Leader of a load: it listens to workers of one environment, or judges alone; at the end it makes the verdict."""

    def __init__(self, environment: Environment, load: ContractLoad) -> None:
        self._environment = environment
        self._runner = environment.runner
        self._load = load
        self._result = LoadResult(load)
        self._total = Judgements()
        self._done: set[str] = set()
        self._lost: list[str] = []
        self._left: tuple[Call, ...] = ()
        self._began = self._ended = 0.0
        self._runner.register_message(ENTITY, self._on_entity)
        hooks = environment.events
        hooks.test_start.add_listener(self._on_test_start)
        hooks.test_stop.add_listener(self._on_test_stop)
        hooks.quitting.add_listener(self._on_quitting)
        hooks.quit.add_listener(self._on_quit)
        if isinstance(self._runner, MasterRunner):
            self._runner.register_message(DONE, self._on_done)
            hooks.worker_report.add_listener(self._on_worker_report)
            gevent.spawn(self._watch_workers)
        if environment.web_ui:
            extend_web_page(environment.web_ui, self._rows, self._report)

    @property
    def _outcome(self) -> LoadOutcome:
        """The outcome of the run until now."""
        self._total.merge(self._load.judge.judgements.take())
        seconds = (self._ended or time.monotonic()) - self._began if self._began else 0.0
        refused = dict(self._load.refused)
        return LoadOutcome(self._total, self._environment.stats, seconds, self._left, tuple(self._lost), refused)

    def _rows(self) -> list[Row]:
        return self._result.rows(self._outcome)

    def _report(self) -> bytes:
        return html(self._result.run(self._outcome))

    def _on_test_start(self, **_: Any) -> None:
        self._began, self._ended = time.monotonic(), 0.0
        self._load.judge.judgements.take()
        self._total = Judgements()
        self._done.clear()
        if isinstance(self._runner, MasterRunner):
            self._tell_workers()

    def _on_entity(self, msg: Any, **_: Any) -> None:
        call = read_call(msg.data["call"])
        if msg.data["is_there"]:
            self._transport.created(call, msg.data["key"])
        else:
            self._transport.removed(msg.data["key"], call)

    def _on_worker_report(self, data: dict[str, Any], **_: Any) -> None:
        if REPORT in data:
            self._merge(data[REPORT])

    def _on_done(self, msg: Any, **_: Any) -> None:
        self._merge(msg.data[REPORT])
        self._load.refused.update(msg.data["refused"])
        self._done.add(msg.node_id)

    def _merge(self, message: bytes) -> None:
        try:
            self._total.merge(read_judgements(message, self._load.operations))
        except ValueError as error:
            remark(str(error))

    def _on_test_stop(self, **_: Any) -> None:
        if isinstance(self._runner, MasterRunner):
            self._finish_workers()
        self._ended = time.monotonic()
        self._left = self._transport.tear_down()

    def _finish_workers(self) -> None:
        """Let the workers finish, and wait for those that are there."""
        self._runner.send_message(FINISH)
        deadline = time.monotonic() + self._environment.stop_timeout + _FINISHING
        while self._awaited() and time.monotonic() < deadline:
            gevent.sleep(0.05)
        for name in self._awaited():
            self._take_for_lost(name)

    def _awaited(self) -> set[str]:
        return {client.id for client in self._runner.clients.all if client.state != "missing"} - self._done

    def _watch_workers(self) -> None:
        """Watch the workers: report those that are lost, and send the others their number."""
        count = 0
        while True:
            for client in self._runner.clients.missing:
                self._take_for_lost(client.id)
            if count != (count := self._worker_count):
                self._tell_workers()
            gevent.sleep(_LOOK)

    def _take_for_lost(self, name: str) -> None:
        if name not in self._lost:
            self._lost.append(name)
            remark(f"worker {name} is lost; the run goes on without it")

    @property
    def _worker_count(self) -> int:
        return len(self._runner.clients.all) - len(self._runner.clients.missing)

    def _tell_workers(self) -> None:
        self._runner.send_message(WORKERS, {"count": self._worker_count})

    @cached_property
    def _transport(self) -> Transport:
        """The transport that removes what the workers have created."""
        load = self._load
        target = HttpTarget(self._environment.host or load.options.url, network=load.network)
        return Transport(target, load.guard, Budget(), load.signer, Pace(load.rate))

    def _on_quitting(self, **_: Any) -> None:
        self._runner.quit()
        options = self._environment.parsed_options
        failed = self._result.finish(self._outcome, (options and options.csv_prefix) or "")
        self._environment.process_exit_code = int(failed)

    def _on_quit(self, **_: Any) -> None:
        self._result.show()
