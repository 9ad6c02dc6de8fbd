"""A load on a fake in process, for tests: what users of Locust would send, without Locust."""

from collections.abc import Callable

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.load.contract_load import ContractLoad
from docdouble.contracts.load.load_options import LoadOptions
from docdouble.contracts.model.case import Case
from docdouble.contracts.model.exchange import Exchange
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract, Reply

URL = "http://127.0.0.1:4010"
Broken = Callable[[Case, Reply], Reply]


class LoadedFake:
    """A fake with a load on it; ``broken`` changes its replies."""

    def __init__(self, contract: Contract, broken: Broken = lambda case, reply: reply) -> None:
        options = LoadOptions(url=URL)
        self.load = ContractLoad.of(contract, options)
        self.sent: list[Case] = []
        self._broken = broken
        self._target = WsgiTarget(FakeServer(contract, Settings()))

    def call(self, operation: str) -> Exchange | None:
        """Do what a task of a user does that calls an operation."""
        case = self.load.cases.case(self.load.operations[operation])
        return self.send(case) if case else None

    def chain(self, operation: str, mark: str = "") -> None:
        """Do what a task of a user does that creates, reads, changes and deletes."""
        steps = self.load.chains.steps(self.load.operations[operation], self.send, mark=mark)
        self.load.judge.judge_chain(steps)

    def send(self, case: Case) -> Exchange | None:
        case = self.load.dressing.dressed(case)
        self.sent.append(case)
        reply = self._broken(case, self._target.send(case.call))
        exchange = self.load.judge.exchange(case, reply, 0.01)
        self.load.cases.note(exchange)
        self.load.judge.judge(exchange)
        return exchange
