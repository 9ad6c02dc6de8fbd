"""Users of Locust whose calls are made, guarded, signed and judged by a contract."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import FastHttpUser, between
from locust.contrib.fasthttp import FastResponse

from docdouble.schemas import Call, Reply, extract
from docdouble.schemas.extraction import Access
from docdouble.schemas.jsonschema.directions import directed

from ..checks.check import Step
from ..client.network import is_loopback, proxy_for, server_url
from ..config.config import as_configured, project_config
from ..config.default_contract import cache_folder
from ..model.case import Case, Origin, Purpose
from ..model.exchange import Exchange
from .contract_load import planned_tasks
from .created_entities import removal_of
from .har_replay import Replay, ReplayStep, read_recording
from .load_options import LoadOptions
from .locust_run import LocustRun, ending_on_errors
from .task_plan import LoadTask, TaskKind

_PAUSE = 0.05
"""Seconds that a user waits where a call can't be made yet, so that it doesn't turn round and round."""


class ContractUser(FastHttpUser):
    """User that calls operations of ``api``, which ``contract_api`` returns; tasks of your own may use ``client``."""

    abstract = True
    host: str | None
    insecure = False
    api: ClassVar[LocustRun]
    _numbers: ClassVar["count[int]"] = count(1)

    def __init__(self, environment: Any) -> None:
        network = self.api.load.network
        self.network_timeout, self.connection_timeout = network.seconds, network.connect_seconds
        self.ssl_context_factory = lambda: self.api.tls
        self.host = self.host or self.api.options.url
        if between := proxy_for(server_url(self.host), network, loopback=is_loopback(self.host)):
            self.proxy_host, self.proxy_port = between.host, between.port
        super().__init__(environment)

    def call(self, operation: str) -> Exchange | None:
        """Call an operation, with values that replies have shown, and return the exchange.

        ``None`` where it may not be sent, or can't be made yet, because nothing is known that it may be about.
        """
        case = self.api.load.cases.case(self.api.operation(operation))
        return self.send(case) if case else None

    def chain(self, operation: str) -> tuple[Step, ...]:
        """Create something by an operation, read, change and delete it, and return the steps."""
        load = self.api.load
        steps = load.chains.steps(
            self.api.operation(operation),
            self._send_chained,
            self.api,
            must_remove=load.is_careful,
            mark=f" {self.api.name} {next(self._numbers)}",
        )
        if steps:
            self.api.share.add(partial(load.judge.judge_chain, steps))
        return steps

    def replay(self, steps: Iterable[ReplayStep]) -> None:
        """Send what was recorded, with the ids of now, and think between two calls."""
        load, replay = self.api.load, Replay()
        for step in steps:
            call = replay.call(step)
            purpose = load.purposes.of(step.operation, call) or Purpose.PROBE
            exchange = self.send(Case(step.operation, call, purpose, Origin.LOAD))
            if exchange is not None:
                replay.note(step, exchange.reply)
                if removal := removal_of(exchange, load.chains):
                    self.api.created(*removal)
            self._think()

    def send(self, case: Case) -> Exchange | None:
        """Send a case, within the plan, at the pace of the run and with its credentials."""
        load = self.api.load
        case = load.dressing.dressed(case)
        why = load.guard.refusal(case.call, signed=case.signed, chained=case.origin is Origin.CHAIN)
        if why:
            load.refused[why] += 1
            return None
        self.api.wait_for_turn()
        call = load.signer.signed(case.call) if case.signed else case.call
        with self._request(call, case) as response:
            reply, seconds = reply_of(response), response.request_meta["response_time"] / 1000
            if not reply.status:
                self.api.no_reply(str(response.error))
                return None
            if _is_success(case, reply):
                response.success()
            else:
                response.failure(f"status {reply.status}")
        exchange = load.judge.exchange(case, reply, seconds)
        load.cases.note(exchange)
        self.api.share.add(partial(load.judge.judge, exchange))
        return exchange

    def _request(self, call: Call, case: Case) -> Any:
        return self.client.request(
            call.method,
            call.target,
            name=case.operation.path,
            data=call.body or None,
            headers={"Accept-Encoding": "identity", "User-Agent": "docdouble", **dict(call.headers)},
            catch_response=True,
            allow_redirects=False,
            context={"docdouble": case},
        )

    def _send_chained(self, case: Case) -> Exchange | None:
        exchange = self.send(case)
        self._think()
        return exchange

    def _think(self) -> None:
        """Wait within a task, unless the user is to stop."""
        if self._state == "running" and (pause := self.wait_time()):
            gevent.sleep(pause)


def reply_of(response: FastResponse) -> Reply:
    """Return the reply of a response of Locust's client; one of status 0 where there is none."""
    if not response.status_code:
        return Reply(status=0)
    headers = tuple((str(name), str(value)) for name, value in (response.headers or {}).items())
    return Reply(headers, response.content or b"", int(response.status_code))


def _is_success(case: Case, reply: Reply) -> bool:
    """Tell whether a reply counts as a success: not where what it is about may be gone, or a refusal was asked for."""
    if reply.status < 400:
        return True
    may_be_gone = reply.status in (404, 410) and not case.existing
    return reply.status < 500 and (may_be_gone or case.purpose is not Purpose.VALID)


def contract_api(
    *sources: str, url: str = "", fail_if: Iterable[str] = (), reports: Mapping[str, str] | None = None
) -> LocustRun:
    """Return the run that users of a locustfile are part of; Locust's ``--host`` overrules the ``url``.

    ``fail_if`` are thresholds, ``reports`` files by their kinds. Else it is as ``docdouble.toml`` says.
    """
    with ending_on_errors():
        config = project_config(Path.cwd())
        options = LoadOptions(
            sources or ((config.source,) if config.source else ()),
            url or config.url,
            seed=config.budget.seed,
            settings=config.verify,
            fail_on=config.fail_on,
            reports=tuple((reports or {}).items()),
            fail_if=tuple(fail_if) or config.load.fail_if,
            judge_every=config.load.judge_every,
        )
        return contract_run(options)


def contract_run(options: LoadOptions) -> LocustRun:
    """Read the sources of a load, and return the run of its options; Locust's events start and end it."""
    with ending_on_errors():
        config = project_config(Path.cwd(), ("source", "dialect", "resources"))
        access = Access(True, options.references, config.dialect_of(options.sources))
        cached = cache_folder(options.sources, options.no_cache)
        extraction = extract(options.sources, None, cached, access=access)
        return LocustRun(as_configured(extraction.contract, config), options)


def user_class(run: LocustRun) -> type[ContractUser]:
    """Return the users that the contract makes: a task for each operation that may be called."""
    with ending_on_errors():
        contract = directed(run.served)
        _, plan = planned_tasks(contract, run.options)
        recorded = read_recording(run.options.har, contract).steps if run.options.har else ()
    tasks = {_replay(recorded): 1} if recorded else {_task(task): task.weight for task in plan.tasks}
    least, most = run.options.think_time
    members = {"api": run, "tasks": tasks, "wait_time": between(least, most), "abstract": False}
    return type("ContractUser", (ContractUser,), members)


def _replay(steps: tuple[ReplayStep, ...]) -> Callable[[ContractUser], None]:
    def replay(user: ContractUser) -> None:
        user.replay(steps)

    return replay


def _task(task: LoadTask) -> Callable[[ContractUser], None]:
    def send(user: ContractUser) -> None:
        if task.kind is TaskKind.CHAIN:
            is_sent = bool(user.chain(task.operation.id))
        else:
            is_sent = user.call(task.operation.id) is not None
        if not is_sent:
            gevent.sleep(_PAUSE)

    send.__name__ = task.operation.id
    return send
