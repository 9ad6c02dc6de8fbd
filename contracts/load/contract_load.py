"""Load by a contract in one process: what may be sent, how it is made and signed, and how replies are judged."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from secrets import token_hex

from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.jsonschema.directions import directed

from ..cases import Maker
from ..cases.known_values import KnownValues
from ..cases.purpose import Purposes
from ..chains import Chains
from ..checks import Check
from ..client.credential_sources import read_header_sources
from ..client.network import Network
from ..client.rate_limit import CAREFUL_RATE
from ..client.signer import Signer
from ..engine.case_dressing import CaseDressing
from ..engine.verification import VerifyOptions, configured_network, plan, require_credentials, wanted_checks
from ..generation.schemathesis import CallStrategies
from ..model.budget import Budget
from ..safety.guard import Guard
from ..safety.run_plan import Profile, RunPlan
from ..safety.selection import matching_ids
from .load_cases import LoadCases
from .load_judge import LoadJudge
from .load_options import LoadOptions
from .task_plan import TaskPlan, task_plan


@dataclass
class ContractLoad:
    """The load of one process; the ``contract`` is that of one direction, ``served`` the one that was read.

    ``refused`` counts calls that were not sent, by the reason.
    """

    served: Contract
    contract: Contract
    options: LoadOptions
    planned: RunPlan
    tasks: TaskPlan
    checks: tuple[Check, ...]
    network: Network
    signer: Signer
    guard: Guard
    judge: LoadJudge
    purposes: Purposes
    chains: Chains
    cases: LoadCases
    dressing: CaseDressing
    refused: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, served: Contract, options: LoadOptions) -> "ContractLoad":
        """Prepare a load; raises ``ConfigError`` for what can't be sent as asked."""
        contract = directed(served)
        planned, tasks = planned_tasks(contract, options)
        network = configured_network(options.settings)
        signer = Signer(read_header_sources(options.settings.headers, "header", Path()), network)
        signer.resolve()
        checks = wanted_checks(options.settings.skip_checks)
        budget = Budget(seed=options.seed)
        values = KnownValues(contract, options.settings.values)
        values.ask(planned.operations)
        purposes = Purposes(contract, are_strict=True)
        maker = Maker(contract, budget, CallStrategies(contract, budget.seed), purposes, values, run=token_hex(4))
        return cls(
            served,
            contract,
            options,
            planned,
            tasks,
            checks,
            network,
            signer,
            Guard(planned, served),
            LoadJudge(contract, checks, options.limits, options.url),
            purposes,
            Chains(maker),
            LoadCases(maker, Random(f"{options.seed} {os.getpid()}")),
            CaseDressing(contract, has_credentials=bool(signer.names)),
        )

    @property
    def is_careful(self) -> bool:
        """Whether others use the server, too."""
        return self.planned.profile is Profile.CAREFUL

    @property
    def rate(self) -> float:
        """Calls a second of all workers together, 0 without a limit."""
        rate = self.options.settings.rate
        return rate if rate is not None else CAREFUL_RATE if self.is_careful else 0.0

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations by id."""
        return {operation.id: operation for operation in self.contract.operations}


def planned_tasks(contract: Contract, options: LoadOptions) -> tuple[RunPlan, TaskPlan]:
    """Return the plan of the run, and the tasks of users; raises ``ConfigError`` where nothing can be sent as asked."""
    as_verified = VerifyOptions(options.url, settings=options.settings)
    planned = plan(contract, as_verified)
    require_credentials(planned.operations, as_verified)
    chosen = {name: weight for selector, weight in options.weights.items() for name in matching_ids(contract, selector)}
    tasks = task_plan(contract, planned, chosen)
    if not tasks.tasks and not options.har:
        expected = "a server that any operation would be sent to; docdouble verify --plan says why"
        raise ConfigError("url", options.url, expected=expected)
    return planned, tasks
