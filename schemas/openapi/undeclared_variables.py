"""Path parameters that an OpenAPI document leaves out: a text for each variable that no parameter declares."""

from dataclasses import replace

from ..contract.evidence import as_assumed
from ..contract.model import Contract, Operation, Parameter
from ..contract.paths import path_variables


def with_undeclared_variables(contract: Contract) -> Contract:
    """Return a contract whose operations have a parameter for each variable of their path; added ones are assumed."""
    return replace(contract, operations=tuple(map(_with_variables, contract.operations)))


def _with_variables(operation: Operation) -> Operation:
    declared = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
    evidence = as_assumed(operation.evidence)
    assumed = tuple(
        Parameter(name, "path", {"type": "string"}, True, evidence=evidence)
        for name in dict.fromkeys(path_variables(operation.path))
        if name not in declared
    )
    return replace(operation, parameters=(*operation.parameters, *assumed)) if assumed else operation
