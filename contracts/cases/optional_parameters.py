"""Requests that use what is documented of an operation beside its body: each optional parameter once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docdouble.schemas import Operation, Parameter
from docdouble.schemas.contract.behaviour_names import BehaviourName

from ..checks.time_zone import ASKED_ZONE
from .draft import Draft

_ASKED: dict[str, Any] = {
    BehaviourName.LANGUAGE: "en-US",
    BehaviourName.LANGUAGE_OVERRIDE: "en-US",
    BehaviourName.CULTURE: "en-US",
    BehaviourName.TIME_ZONE: ASKED_ZONE,
    BehaviourName.LIST_TOP: 1,
    BehaviourName.LIST_SKIP: 0,
}
"""Behaviour → what is asked for: something that any server knows that has the behaviour."""

_SELECTING: dict[str, str] = {BehaviourName.SELECT_PROJECTION: "id", BehaviourName.LIST_SELECT: ""}
"""Behaviour that selects by name → what is selected where no name is documented."""

MOST = 12
"""Parameters of an operation that are asked for one by one."""


def asking(base: Draft, names: list[str], drawn: dict[str, Any]) -> Iterator[tuple[str, Draft]]:
    """Yield what is asked for and the request with it; ``names`` can be selected, others have a ``drawn`` value."""
    given = {(where, name) for where, parts in base.parameters.items() for name in parts}
    optional = [
        parameter
        for parameter in base.operation.parameters
        if not parameter.required and parameter.location in ("query", "header")
    ]
    for parameter in [parameter for parameter in optional if (parameter.location, parameter.name) not in given][:MOST]:
        for value in _values(base.operation, parameter, names, drawn):
            parts = {**base.parameters.get(parameter.location, {}), parameter.name: value}
            yield (
                f"{parameter.name} {value!r}".strip(),
                replace(base, parameters={**base.parameters, parameter.location: parts}),
            )


def _values(operation: Operation, parameter: Parameter, names: list[str], drawn: dict[str, Any]) -> Iterator[Any]:
    behaviour = next((each.name for each in operation.behaviours if each.parameter == parameter.name), "")
    if behaviour in _SELECTING:
        yield from dict.fromkeys((names[0] if names else _SELECTING[behaviour], ""))
    elif behaviour in _ASKED:
        yield _ASKED[behaviour]
    elif parameter.name in drawn:
        yield drawn[parameter.name]
