"""Page of faults and prepared answers: what is set, and forms that add more."""

from collections.abc import Mapping
from typing import Any

from ..control.violations import RULES
from .journal_page import pretty
from .served import Served


def answers_context(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the faults and the answers of all worlds."""
    controls = served.control.controls
    return {
        "faults": [_fault(fault) for fault in controls.faults.all()],
        "answers": [_answer(answer) for answer in controls.prepared.all()],
        "operations": [operation.id for operation in served.contract.operations],
        "rules": list(RULES),
    }


def _fault(fault: Mapping[str, Any]) -> dict[str, Any]:
    of_board = ("id", "hits", "option", "world")
    what = ", ".join(f"{key} {value}" for key, value in fault.items() if key not in of_board)
    return {"what": what, "world": fault.get("world", ""), **{key: fault[key] for key in ("id", "hits", "option")}}


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    which = answer.get("operation") or f"{answer.get('method')} {answer.get('path')}"
    times = answer["times"]
    shown = {key: value for key, value in answer.items() if key not in ("id", "world")}
    return {
        "id": answer["id"],
        "which": which,
        "status": answer["status"],
        "times": "always" if times is None else times,
        "world": answer.get("world", ""),
        "json": pretty(shown),
    }
