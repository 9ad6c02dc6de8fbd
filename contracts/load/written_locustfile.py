"""Locustfile of a load, as text that people read and change: ``docdouble load --write``."""

import json
import re
from keyword import iskeyword

from docdouble.schemas import Contract

from .load_options import LoadOptions
from .task_plan import LoadTask, TaskKind, TaskPlan

_HEAD = '''"""Load on {title}, with its replies judged: locust -f {name} --host {url}

Findings stand below Locust's figures; the exit code is 1 where there are some, or a threshold is broken. Credentials,
values and what may be written are those of [verify] in docdouble.toml.
"""

from locust import between, task

from docdouble.contracts.load.contract_user import ContractUser, contract_api

API = contract_api({arguments})


class User(ContractUser):
    """Lists and reads, and changes and deletes what it has created; what it sends by self.client is judged, too."""

    api = API
    wait_time = between({least:g}, {most:g})
'''

_TASK = '''
    @task({weight})
    def {function}(self) -> None:
        """{what}."""
        self.{method}({operation})
'''


def locustfile_text(contract: Contract, plan: TaskPlan, options: LoadOptions, name: str = "locustfile.py") -> str:
    """Return the text of a locustfile with the tasks of a plan."""
    least, most = options.think_time
    head = _HEAD.format(
        title=_inside(contract.title or "an API"),
        name=name,
        url=options.url,
        arguments=", ".join(_arguments(options)),
        least=least,
        most=most,
    )
    taken: set[str] = set()
    return head + "".join(_task(task, taken) for task in plan.tasks)


def _arguments(options: LoadOptions) -> list[str]:
    arguments = [*map(_quoted, options.sources), f"url={_quoted(options.url)}"]
    if options.fail_if:
        arguments.append(f"fail_if=[{', '.join(map(_quoted, options.fail_if))}]")
    if options.reports:
        reports = ", ".join(f"{_quoted(kind)}: {_quoted(file)}" for kind, file in options.reports)
        arguments.append(f"reports={{{reports}}}")
    return arguments


def _task(task: LoadTask, taken: set[str]) -> str:
    is_chain = task.kind is TaskKind.CHAIN
    label = _inside(task.operation.label)
    return _TASK.format(
        weight=task.weight,
        function=_function(task.operation.id, taken),
        what=f"{label}, then read, change and delete it" if is_chain else label,
        method="chain" if is_chain else "call",
        operation=_quoted(task.operation.id),
    )


def _function(name: str, taken: set[str]) -> str:
    """Return a name for a function that no other one has: ``list_guests`` of ``listGuests``."""
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    usual = re.sub(r"\W+|_+", "_", spelled, flags=re.ASCII).strip("_").lower() or "task"
    usual = f"do_{usual}" if iskeyword(usual) or usual[0].isdecimal() or usual in _OF_USERS else usual
    free, number = usual, 2
    while free in taken:
        free, number = f"{usual}_{number}", number + 1
    taken.add(free)
    return free


_OF_USERS = frozenset(
    [
        "api",
        "call",
        "chain",
        "client",
        "context",
        "environment",
        "host",
        "on_start",
        "on_stop",
        "replay",
        "send",
        "tasks",
        "wait",
        "wait_time",
        "weight",
    ]
)
"""Names that users have already."""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _inside(text: str) -> str:
    """Return a text as it may stand in a docstring."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())
