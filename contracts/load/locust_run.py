"""Wiring of a load into Locust's events: what users of one process share, and the part that the process has."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import gevent
from locust import events
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from docdouble.schemas import Call, Contract, DocdoubleError, Operation, Reply
from docdouble.schemas.http import Headers
from docdouble.schemas.sources.har_entries import WIRE_ONLY

from ..client.network import tls_context
from ..client.rate_limit import Pace
from ..model.case import Case
from ..output.echo import remark
from .contract_load import ContractLoad
from .judge_share import JudgeShare
from .load_judge import LoadJudge
from .load_leader import ENTITY, LoadLeader
from .load_messages import call_message
from .load_options import LoadOptions
from .load_worker import LoadWorker

_WRONG_USE = 2
"""Exit code of a command that can't be carried out as given."""

_STOP_TIMEOUT = 10.0
"""Seconds in which users end what they are at, so that it is known what they have created."""


class LocustRun:
    """One run in one process of Locust: a worker, a master, or both at once."""

    def __init__(self, contract: Contract, options: LoadOptions) -> None:
        self.served = contract
        self.options = options
        self._never = Event()
        self._has_pace = gevent.event.Event()
        events.init.add_listener(self._on_init)

    @cached_property
    def load(self) -> ContractLoad:
        """The load that is sent and judged; made in each worker, also where those are forks of one process."""
        return ContractLoad.of(self.served, self.options)

    @cached_property
    def share(self) -> JudgeShare:
        """Share of the replies that are judged."""
        return JudgeShare(self.options.judge_every)

    @cached_property
    def tls(self) -> Any:
        """Context of encrypted connections."""
        return tls_context(self.load.network)

    @property
    def name(self) -> str:
        """Name of this worker, which no other has."""
        return str(getattr(self.runner, "client_id", "local"))

    def operation(self, name: str) -> Operation:
        """Return an operation by its id, or by what else names one alone; raises ``ConfigError``."""
        operation = self.load.operations.get(name)
        return operation or self.load.operations[self.served.operation(name).id]

    def share_rate(self, workers: int) -> None:
        """Send at the rate of the run divided by the number of its workers."""
        self._pace = Pace(self.load.rate / max(1, workers))
        self._has_pace.set()

    def wait_for_turn(self) -> None:
        """Wait until a call may be sent."""
        if self.load.rate:
            self._has_pace.wait()
            self._pace.wait(self._never)

    def no_reply(self, reason: str) -> None:
        """Count a call without a reply."""
        self.load.judge.judgements.unanswered[reason or "no reply"] += 1

    def created(self, remove: Case, key: object) -> None:
        """Tell the master what a chain has created, and the case that removes it."""
        call = self.load.dressing.dressed(remove).call
        self.load.guard.created(call, key)
        self._tell(call, key, is_there=True)

    def removed(self, remove: Case, key: object) -> None:
        """Tell the master that it is gone."""
        call = self.load.dressing.dressed(remove).call
        self.load.guard.removed(call, key)
        self._tell(call, key, is_there=False)

    def _tell(self, call: Call, key: object, *, is_there: bool) -> None:
        data = {"key": str(key), "call": call_message(call), "is_there": is_there}
        self.runner.send_message(ENTITY, data)

    def _on_init(self, environment: Environment, **_: Any) -> None:
        self.runner = environment.runner
        gevent.get_hub().loop.update_now()  # reading took a while, by which the run would be shorter
        if environment.host:
            self.options = replace(self.options, url=environment.host.rstrip("/"))
        environment.stop_timeout = environment.stop_timeout or _STOP_TIMEOUT
        with ending_on_errors():
            if isinstance(self.runner, WorkerRunner):
                LoadWorker(environment, self.load, self.share_rate)
            else:
                LoadLeader(environment, self.load)
        if not isinstance(self.runner, MasterRunner):
            environment.events.request.add_listener(self._on_request)
        if not isinstance(self.runner, WorkerRunner):
            self.share_rate(1)
        gc.collect()
        gc.freeze()  # what is there now stays to the end: no need to look at it again and again

    def _on_request(self, context: dict[str, Any], response: Any = None, **meta: Any) -> None:
        """Judge a call that a task of somebody's own has made."""
        if response is None or "docdouble" in context:
            return
        if judge := _judge_of_response(self.load.judge, response, meta):
            self.share.add(judge)


@contextmanager
def ending_on_errors() -> Iterator[None]:
    """Turn our own errors into one line and the exit code of a wrong use: Locust would print a traceback."""
    try:
        yield
    except DocdoubleError as error:
        remark(str(error))
        sys.exit(_WRONG_USE)


def _judge_of_response(judge: LoadJudge, response: Any, meta: dict[str, Any]) -> Callable[[], None] | None:
    """Return what judges a response of Locust's clients, ``None`` for nothing to judge."""
    request, status = response.request, response.status_code
    if request is None or not status:
        return None
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else body
    url = urlsplit(str(request.url))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    call = Call(_headers(request.headers), body, meta["request_type"], target)
    reply = Reply(_headers(response.headers), response.content or b"", int(status))
    return judge.foreign(str(request.url), call, reply, meta["response_time"] / 1000)


def _headers(headers: Any) -> Headers:
    return tuple((str(name), str(value)) for name, value in (headers or {}).items() if name.lower() not in WIRE_ONLY)
