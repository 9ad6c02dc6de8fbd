"""The part of a worker of Locust in a load: it judges, and sends its judgements to the master."""

from collections.abc import Callable
from typing import Any

from locust.env import Environment

from .contract_load import ContractLoad
from .load_leader import DONE, FINISH, REPORT, WORKERS
from .load_messages import judgements_message


class LoadWorker:
    """Worker of one environment, which listens to its master; ``share_rate`` is called with the number of workers."""

    def __init__(self, environment: Environment, load: ContractLoad, share_rate: Callable[[int], None]) -> None:
        self._runner = environment.runner
        self._load = load
        self._share_rate = share_rate
        self._is_running = False
        self._runner.register_message(FINISH, self._on_finish, concurrent=True)
        self._runner.register_message(WORKERS, self._on_workers)
        hooks = environment.events
        hooks.test_start.add_listener(self._on_test_start)
        hooks.report_to_master.add_listener(self._on_report)
        hooks.quitting.add_listener(self._on_quitting)

    def _on_test_start(self, **_: Any) -> None:
        self._is_running = True

    def _on_workers(self, msg: Any, **_: Any) -> None:
        self._share_rate(int(msg.data["count"]))

    def _on_report(self, data: dict[str, Any], **_: Any) -> None:
        data[REPORT] = judgements_message(self._load.judge.judgements.take())

    def _on_finish(self, **_: Any) -> None:
        """Stop the users, and tell the master what there is left to tell."""
        self._runner.stop()
        self._send_rest()

    def _on_quitting(self, **_: Any) -> None:
        if self._is_running:  # somebody has ended this worker alone
            self._send_rest()

    def _send_rest(self) -> None:
        self._is_running = False
        data = {REPORT: judgements_message(self._load.judge.judgements.take()), "refused": dict(self._load.refused)}
        self._load.refused.clear()
        self._runner.send_message(DONE, data)
